"""How often the 95 % intervals of `identify` hold the truth: many noisy data sets of equations that are known.

python benchmarks/coverage.py [--only KdV Burgers KS λ–ω] [--first 0] [--seeds N] [--out nbs/experiments/results/coverage.json]

Every data set has its own initial waves and its own noise, both from its seed. The result is written after each data set, and
what is there is not done again.
"""
import argparse
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import scipy.stats

from symnb.core.checks import SymnbError, header, machine, read_json, write_json
from symnb.data.equations import Equation, Waves
from symnb.data.simulate import random_waves, simulate
from symnb.discovery.identify import identify

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/coverage.json"
NOISE = (0.01, 0.05, 0.1)  # standard deviation of the noise over that of the field
SPIRALS = ["u_t = 1/10*(u_xx + u_yy) + (1 - u**2 - v**2)*u + (u**2 + v**2)*v",
           "v_t = 1/10*(v_xx + v_yy) - (u**2 + v**2)*u + (1 - u**2 - v**2)*v"]
# equation, where it is solved, terms with their coefficients, data sets a noise level
CASES = {
    "KdV": ("u_t = -u*u_x - u_xxx", dict(length=32.0, duration=10.0, nx=128, nt=101, waves=Waves(n=5, modes=(1, 3))),
            {"u_xxx": -1.0, "(u**2)_x": -0.5}, 200),
    "Burgers": ("u_t = -u*u_x + 1/10*u_xx", dict(length=16.0, duration=10.0, nx=128, nt=101, waves=Waves(n=5, modes=(1, 3))),
                {"u_xx": 0.1, "(u**2)_x": -0.5}, 200),
    "KS": ("u_t = -u*u_x - u_xx - u_xxxx", dict(length=48.0, duration=60.0, nx=128, nt=181, keep=121, waves=Waves(n=5, modes=(1, 6))),
           {"u_xx": -1.0, "u_xxxx": -1.0, "(u**2)_x": -0.5}, 200),
    "λ–ω": (SPIRALS, dict(length=10.0, duration=6.0, nx=32, nt=61),
            {"u_t: u_xx": 0.1, "u_t: u_yy": 0.1, "u_t: u": 1.0, "u_t: u**3": -1.0, "u_t: u*v**2": -1.0, "u_t: u**2*v": 1.0,
             "u_t: v**3": 1.0, "v_t: v_xx": 0.1, "v_t: v_yy": 0.1, "v_t: v": 1.0, "v_t: v**3": -1.0, "v_t: u**2*v": -1.0,
             "v_t: u*v**2": -1.0, "v_t: u**3": -1.0}, 60),
}


def clean(name, seed):
    "The solution of one seed, one trajectory."
    text, where, *_ = CASES[name]
    eq = Equation(text, **where)
    if eq.is_scalar: return simulate(eq, n=1, seed=seed)
    waves, sizes = Waves(n=6, modes=(1, 2), amplitude=0.5), tuple(eq.nx.values())
    return simulate(eq, initial={f: random_waves(waves, 1, seed, sizes, which=i) for i, f in enumerate(eq.dependent)})


def noisy(data, share, seed):
    rng = np.random.default_rng([seed, round(1000*share)])
    return data.with_fields({k: a.numpy() + share*float(a.std())*rng.standard_normal(a.shape) for k, a in data.fields.items()})


def measure(data, truth):
    "One data set: whether the terms are right; value, error and interval's answer for each; processor seconds."
    clock = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try: found = identify(data)
        except SymnbError as e: return {"right": False, "refused": str(e), "s": time.process_time() - clock}
    out = {"right": {*found.coefficients} == {*truth}, "s": round(time.process_time() - clock, 2), "coefficients": {}}
    for k, c in found.coefficients.items():
        low, high = c.interval
        out["coefficients"][k] = [c.value, c.error, bool(low <= truth.get(k, 0.0) <= high)]
    if not out["right"]: out["alternatives"] = found.evidence.alternatives
    return out


def summary(runs):
    "Right supports, intervals that hold the truth, and between which shares the true one lies with 95 % (Clopper & Pearson)."
    inside = [c[2] for r in runs for c in r.get("coefficients", {}).values()]
    k, n = sum(inside), len(inside)
    exact = scipy.stats.binomtest(k, n).proportion_ci(0.95) if n else (0.0, 1.0)
    return {"right": sum(r["right"] for r in runs), "of": len(runs), "inside": k, "coefficients": n, "share": k/max(1, n),
            "between": [float(e) for e in exact], "median s": float(np.median([r["s"] for r in runs])),
            "refused": sum("refused" in r for r in runs)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seeds", type=int, help="data sets a noise level; the number in the table by default")
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    cells = read_json(args.out)["cells"] if args.out.exists() else {}
    jobs = [(s, name) for name in args.only for s in range(args.seeds or CASES[name][-1])]
    for s, name in jobs:
        seed, data = str(args.first + s), None
        for share in NOISE:
            cell = cells.setdefault(name, {}).setdefault(str(share), {"runs": {}})
            if seed in cell["runs"]: continue
            data = data or clean(name, int(seed))
            cell["runs"][seed] = measure(noisy(data, share, int(seed)), CASES[name][2])
            cell["summary"] = summary([*cell["runs"].values()])
            print(name, share, seed, cell["runs"][seed]["right"], cell["summary"], flush=True)
            command = " ".join(["python", *sys.argv])
            write_json(args.out, header("benchmark", command=command, machine=machine(), cells=cells))


if __name__ == "__main__":
    main()
