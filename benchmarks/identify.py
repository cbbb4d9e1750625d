"""The equation of data that others published, at several noise levels, against the equation they were made with.

python benchmarks/identify.py public --path FOLDER [--seeds 10] [--first 0] [--out nbs/experiments/results/identify.json]
python benchmarks/identify.py more --path FOLDER [--seeds 10] [--first 0] [--out nbs/experiments/results/identify_more.json]

FOLDER holds pdefind_kdv.mat and pdefind_burgers.mat (kdv.mat and burgers.mat of PDE-FIND), pinns_AC.mat and pinns_NLS.mat
(AC.mat and NLS.mat of PINNs); for `more` wsindy_KS.mat (KS.mat of WSINDy_PDE) and deepxde_Burgers.npz (Burgers.npz of DeepXDE).
Nothing is set for one of them; those after the first two came after the method was fixed.
"""
import argparse
import hashlib
import time
import warnings
from pathlib import Path

import numpy as np
import scipy.io

from symnb.core.checks import SymnbError, header, machine, write_json
from symnb.data.trajectories import Trajectories
from symnb.discovery.identify import identify
from symnb.discovery.solve import solve

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/identify.json"
NOISE = (0.0, 0.01, 0.05, 0.1, 0.2)  # standard deviation of the noise over that of the field
RUDY = "https://github.com/snagcliffs/PDE-FIND, Datasets/{}; Rudy, Brunton, Proctor & Kutz, Sci. Adv. 2017; licence: none found there"
RAISSI = "https://github.com/maziarraissi/PINNs, main/Data/{}; Raissi, Perdikaris & Karniadakis, JCP 2019; licence: MIT"
# file of the folder, source, terms with their coefficients, symmetries that are published (None: not asked)
PUBLIC = {
    "KdV": ("pdefind_kdv.mat", RUDY.format("kdv.mat"), {"u_xxx": -1.0, "(u**2)_x": -3.0}, 4),
    "Burgers": ("pdefind_burgers.mat", RUDY.format("burgers.mat"), {"u_xx": 0.1, "(u**2)_x": -0.5}, 5),
    "Allen–Cahn": ("pinns_AC.mat", RAISSI.format("AC.mat"), {"u_xx": 0.0001, "u": 5.0, "u**3": -5.0}, None),
    "Schrödinger": ("pinns_NLS.mat", RAISSI.format("NLS.mat"),
                    {"u_t: v_xx": -0.5, "u_t: u**2*v": -1.0, "u_t: v**3": -1.0,
                     "v_t: u_xx": 0.5, "v_t: u*v**2": 1.0, "v_t: u**3": 1.0}, None),
}
MORE = {
    "KS": ("wsindy_KS.mat", "https://github.com/MathBioCU/WSINDy_PDE, datasets/KS.mat; Messenger & Bortz, JCP 2021; licence: none found",
           {"u_xx": -1.0, "u_xxxx": -1.0, "(u**2)_x": -0.5}, 3),
    "Burgers, shock": ("deepxde_Burgers.npz", "https://github.com/lululxvi/deepxde, examples/dataset/Burgers.npz; "
                       "Lu et al., SIAM Rev. 2021; licence: LGPL-2.1", {"u_xx": 0.01/np.pi, "(u**2)_x": -0.5}, 5),
}
GOAL = ("KdV", "Burgers")  # pooled


def read(path):
    "t, x, fields [nt, nx]: real part, and imaginary part where there is one"
    arrays = dict(np.load(path)) if path.suffix == ".npz" else scipy.io.loadmat(path)
    t, x, u = (next(arrays[k] for k in names if k in arrays) for names in (("t", "tt"), ("x",), ("usol", "uu", "U_exact")))
    if u.dtype == object: u = u[0, 0] # a cell of MATLAB
    parts = {"u": np.real(u).T, "v": np.imag(u).T}
    if np.abs(parts["v"]).max() < 1e-3*np.abs(parts["u"]).max(): del parts["v"]  # rounding of a solver
    return t.ravel(), x.ravel(), parts


def noisy(fields, noise, seed):
    rng = np.random.default_rng(seed)
    return {k: u + noise*u.std()*rng.standard_normal(u.shape) for k, u in fields.items()}


def measure(t, x, u, truth):
    "One data set: terms found, coefficients with errors, whether the truth lies in the intervals, seconds."
    clock, processor = time.perf_counter(), time.process_time()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = identify(Trajectories(t, x, u, periodic=False))
        except SymnbError as e:
            return {"right": False, "refused": str(e), "s": time.perf_counter() - clock}, None
    row = {"s": time.perf_counter() - clock, "processor s": time.process_time() - processor,
           "right": {*found.coefficients} == {*truth}, "warnings": [str(w.message) for w in said],
           "rows": found.evidence.rows, "misfit": found.evidence.misfit, "noise": found.evidence.noise}
    for name, c in found.coefficients.items():
        low, high = c.interval
        true = truth.get(name, 0.0)
        told = {"value": c.value, "error": c.error, "off": c.value - true, "inside": bool(low <= true <= high)}
        row.setdefault("coefficients", {})[name] = told
    return row, found


def summary(runs):
    "Seeds with the right terms, share of intervals that hold the truth, largest error, seconds; of one noise level."
    inside = [c["inside"] for r in runs for c in r.get("coefficients", {}).values()]
    off = [abs(c["off"]) for r in runs for c in r.get("coefficients", {}).values()]
    seconds, processor = ([r[k] for r in runs if k in r] for k in ("s", "processor s"))
    return {"right": sum(r["right"] for r in runs), "of": len(runs), "inside": sum(inside), "coefficients": len(inside),
            "largest error": max(off, default=None), "largest s": max(seconds), "median s": float(np.median(seconds)),
            "largest processor s": max(processor, default=None)}


def public(folder, seeds, write, sets, noise=NOISE):
    "All of some sets: {name: file, levels, symmetries}, written after each; at no noise one run, since seeds do not matter."
    out = {}
    for name, (file, source, truth, dim) in sets.items():
        path = Path(folder)/file
        t, x, u = read(path)
        entry = out[name] = {"file": file, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "source": source,
                             "grid": [len(t), len(x)], "truth": truth, "levels": {}, "symmetries": {"published": dim}}
        for level in noise:
            runs = {}
            for seed in seeds if level else seeds[:1]:
                runs[seed], found = measure(t, x, noisy(u, level, seed), truth)
                if dim and seed == seeds[0] and found is not None: entry["symmetries"][str(level)] = solve(found).dim
            entry["levels"][str(level)] = summary([*runs.values()]) | {"runs": runs}
            print(name, level, {k: v for k, v in entry["levels"][str(level)].items() if k != "runs"}, flush=True)
        print(name, "symmetries", entry["symmetries"], flush=True)
        write({"data": out, "KdV and Burgers, noisy levels": pooled([out[k] for k in GOAL if k in out])})


def pooled(entries):
    "Sums over all noisy levels"
    levels = [e["levels"][k] for e in entries for k in e["levels"] if float(k)]
    return {k: sum(a[k] for a in levels) for k in ("right", "of", "inside", "coefficients")}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["public", "more"])
    parser.add_argument("--path", required=True, help="folder with the files")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    sets, name = {"public": (PUBLIC, "identify"), "more": (MORE, "identify_more")}[args.what]
    out = args.out or RESULTS.with_name(f"{name}.json")
    command = f"python benchmarks/identify.py {args.what} --path … --seeds {args.seeds} --first {args.first}"

    def write(found):
        print(found["KdV and Burgers, noisy levels"], flush=True)
        write_json(out, header("benchmark", command=command, machine=machine(), public=found))
    public(args.path, list(range(args.first, args.first + args.seeds)), write, sets)
