"""`identify` and pysindy's weak form on the same data in one run: terms, error, processor seconds.

python benchmarks/pysindy_beside.py --path FOLDER [--seeds 3] [--out nbs/experiments/results/pysindy_beside.json]

FOLDER holds pdefind_kdv.mat and pdefind_burgers.mat. pysindy gets every threshold of a list and is credited with the best of
them; `identify` gets nothing. Both have derivatives up to the fourth and powers up to the third.
"""
import argparse
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pysindy
from identify import PUBLIC, noisy, read

from symnb.core.checks import header, machine, write_json
from symnb.data.trajectories import Trajectories
from symnb.discovery.identify import identify

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/pysindy_beside.json"
NOISE = (0.0, 0.01, 0.05, 0.1, 0.2)  # standard deviation of the noise over that of the field
THRESHOLDS = np.logspace(-3, 0.5, 15)
# terms as pysindy writes them: u u_x is half of (u²)_x
THEIRS = {"KdV": {"u_111": -1.0, "uu_1": -6.0}, "Burgers": {"u_11": 0.1, "uu_1": -1.0}}


def off(found, truth): return max(abs(found[k]/truth[k] - 1) for k in truth)  # largest relative error


def theirs(t, x, u, truth, domains):
    "pysindy's weak form: thresholds with the right terms, the smallest error among them, seconds to set up the domains, and for one fit."
    np.random.seed(0)  # pysindy draws its domains from numpy's global generator
    clock = time.process_time()
    places = np.stack(np.meshgrid(x, t, indexing="ij"), -1)
    products = pysindy.PolynomialLibrary(degree=3, include_bias=False)
    library = pysindy.WeakPDELibrary(products, derivative_order=4, spatiotemporal_grid=places, K=domains, p=6, is_uniform=True)
    built, errors, terms = time.process_time() - clock, [], []
    for threshold in THRESHOLDS:
        model = pysindy.SINDy(feature_library=library, optimizer=pysindy.STLSQ(threshold=threshold, alpha=1e-12, normalize_columns=True))
        model.fit(u.T[..., None], t=t, feature_names=["u"])
        found = {k: c for k, c in zip(model.get_feature_names(), model.coefficients()[0]) if c}
        terms.append(len(found))
        if {*found} == {*truth}: errors.append(off(found, truth))
    return {"thresholds": len(THRESHOLDS), "right": len(errors), "error": min(errors, default=None), "terms": terms,
            "set up s": built, "one fit s": (time.process_time() - clock - built)/len(THRESHOLDS)}


def ours(t, x, u, truth):
    clock = time.process_time()
    found = {k: c.value for k, c in identify(Trajectories(t, x, u, periodic=False)).coefficients.items()}
    right = {*found} == {*truth}
    return {"right": right, "error": off(found, truth) if right else None, "s": time.process_time() - clock}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--path", required=True, type=Path, help="folder with the files")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--domains", type=int, default=500, help="test functions of pysindy")
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    command, out = " ".join(["python", *sys.argv[:1], "--path …", f"--seeds {args.seeds} --domains {args.domains}"]), {}
    for name, truth in THEIRS.items():
        file, _, mine, _ = PUBLIC[name]
        t, x, fields = read(args.path/file)
        for level in NOISE:
            for seed in range(args.seeds if level else 1):
                u = noisy(fields, level, seed)["u"]
                row = {"symnb": ours(t, x, u, mine), "pysindy": theirs(t, x, u, truth, args.domains)}
                out.setdefault(name, {}).setdefault(str(level), {})[str(seed)] = row
                print(name, level, seed, row, flush=True)
                about = {"pysindy": pysindy.__version__, "domains": args.domains}
                write_json(args.out, header("benchmark", command=command, machine=machine(), about=about, data=out))


if __name__ == "__main__":
    main()
