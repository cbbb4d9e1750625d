"""How often equations found in noisy orbits, and functions in noisy values, are right, and what is said of their symmetries.

python benchmarks/orbits.py [oscillator damped Hopf predators hat …] [--seeds 200] [--out nbs/experiments/results/orbits.json]

Ordinary equations, from orbits with noise: whether the terms are right, how often the 95 % intervals hold the truth, what `verdicts`
says of generators that hold and of some that do not; and a function of two variables from 400 values. Every data set has its own
starts and its own noise, both from its seed. A run that was stopped goes on where it was. Numbers were chosen on seeds from 1000 on.
"""
import time
import warnings
from pathlib import Path

import numpy as np
import scipy.stats
from common import cells_and_seeds
from scipy.integrate import solve_ivp

from symnb.beyond.samples import fit
from symnb.core.checks import SymnbError, header, machine, read_json, write_json
from symnb.data.trajectories import Trajectories
from symnb.discovery.identify import identify
from symnb.discovery.nearest import verdicts
from symnb.discovery.symmetries import REFUTED
from symnb.geometry.fields import Field, symbols

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/orbits.json"
NOISE = (.02, .05)  # standard deviation of the noise over that of each variable
RATE = .05  # promised: how often something true is refuted at most
HOPF = {"x_t: x": 1., "x_t: y": -1., "x_t: x**3": -1., "x_t: x*y**2": -1., "y_t: x": 1., "y_t: y": 1., "y_t: x**2*y": -1., "y_t: y**3": -1.}
# right sides, duration, rows, terms, generators that hold, generators that do not
CASES = {
    "oscillator": (lambda x, y: (y, -x), 20, 401, {"x_t: y": 1., "y_t: x": -1.}, ["dt", "x*dx + y*dy"], ["dx", "t*dt + x*dx"]),
    "damped": (lambda x, y: (y, -x - y/10), 20, 401, {"x_t: y": 1., "y_t: x": -1., "y_t: y": -.1}, ["dt", "x*dx + y*dy"], ["x*dy - y*dx"]),
    "Hopf": (lambda x, y: (x - y - x*(x*x + y*y), x + y - y*(x*x + y*y)), 8, 401, HOPF, ["dt", "x*dy - y*dx"], ["x*dx + y*dy"]),
    "Hopf, broken": (lambda x, y: (x - y - x*(x*x + y*y) + x*x/5, x + y - y*(x*x + y*y)), 8, 401,
                     HOPF | {"x_t: x**2": .2}, ["dt"], ["x*dy - y*dx"]),
    "predators": (lambda x, y: (x - x*y/2, x*y/2 - y), 20, 401,
                  {"x_t: x": 1., "x_t: x*y": -.5, "y_t: x*y": .5, "y_t: y": -1.}, ["dt"], ["x*dx"]),
}
HAT = {"1": 1., "x**2": -2., "y**2": -2., "x**4": 1., "x**2*y**2": 2., "y**4": 1.}
# coefficients, generators that hold, generators that do not
FUNCTIONS = {"hat": (HAT, ["x*dy - y*dx"], ["dx"]), "hat, bent": (HAT | {"x**3": .3}, [], ["x*dy - y*dx"])}


def hat(name, share, seed):
    "400 values with noise."
    rng = np.random.default_rng([seed, round(1000*share)])
    p = 3*rng.random((400, 2)) - 1.5
    clean = (np.square(p).sum(1) - 1)**2 + (.3*p[:, 0]**3 if "bent" in name else 0)
    return fit(p, clean + share*clean.std()*rng.standard_normal(400))


def orbits(name, share, seed):
    "Four orbits with noise."
    f, duration, rows, *_ = CASES[name]
    rng, t = np.random.default_rng([seed, round(1000*share)]), np.linspace(0, duration, rows)
    angle, r = 2*np.pi*(rng.random() + np.arange(4)/4), np.array([.15, 2., .4, 1.5])
    starts = np.stack([r*np.cos(angle), r*np.sin(angle)], 1) if name != "predators" else 2 + 1.5*(2*rng.random((4, 2)) - 1)
    clean = np.stack([solve_ivp(lambda _, z: f(*z), (0, duration), z, t_eval=t, rtol=1e-10, atol=1e-12).y for z in starts])
    noisy = clean + share*clean.std((0, 2), keepdims=True)*rng.standard_normal(clean.shape)
    return Trajectories(t, {}, {"x": noisy[:, 0], "y": noisy[:, 1]})


def shape(text):
    "The terms of a field without their numbers."
    field = Field(text, ("t", "x", "y"))  # those of functions have no t in them
    return {(i, m) for i, e in enumerate(field.exprs[0]) if e != 0 for m in e.as_poly(*symbols(field.names).values()).monoms()}


def measure(name, share, seed):
    "One data set: terms, errors over standard errors, which generators stand."
    *_, truth, hold, fail = (CASES | FUNCTIONS)[name]
    data, clock = None if name in FUNCTIONS else orbits(name, share, seed), time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try: found = identify(data) if data else hat(name, share, seed)
        except SymnbError as e: return {"refused": str(e)[:200]}
        said = [(shape(v.field), v.status) for v in (verdicts(found, RATE) if data else found.verdicts(RATE))]
    def stands(text): return next((s for own, s in said if own == shape(text) and s != REFUTED), None)
    inside = {t: bool(c.interval[0] <= truth[t] <= c.interval[1]) for t, c in found.coefficients.items() if t in truth}
    off = {t: float((c.value - truth[t])/c.error) for t, c in found.coefficients.items() if t in truth}
    return {"terms": sorted(found.coefficients), "right": {*found.coefficients} == {*truth}, "inside": inside, "off": off,
            "hold": {t: stands(t) for t in hold}, "fail": {t: stands(t) for t in fail}, "s": time.process_time() - clock}


def counted(k, n):
    "How many of how many."
    return {"count": int(k), "of": n, "share": float(k/n) if n else None}


def summary(runs):
    rows = [r for r in runs if "terms" in r]
    good = [r for r in rows if r["right"]]
    inside = [v for r in good for v in r["inside"].values()]
    out = {"runs": len(runs), "refused": len(runs) - len(rows), "right terms": counted(len(good), len(runs)),
           "inside": counted(sum(inside), len(inside))}
    off = np.array([v for r in good for v in r["off"].values()])
    out |= {"rms error over its standard error": float(np.sqrt((off**2).mean())) if len(off) else None}
    out["something true refuted"] = counted(sum(None in r["hold"].values() for r in rows), len(rows))
    out["most allowed"] = int(scipy.stats.binom.ppf(.975, max(1, len(rows)), RATE))
    out["something false stands"] = counted(sum(any(r["fail"].values()) for r in rows), len(rows))
    return out | {"median s": float(np.median([r["s"] for r in rows])) if rows else None}


if __name__ == "__main__":
    parser = cells_and_seeds(__doc__, CASES | FUNCTIONS, 200, RESULTS)
    parser.add_argument("--noise", nargs="*", type=float, default=NOISE, help="standard deviation over that of each variable")
    args = parser.parse_args()
    record = read_json(args.out) if args.out.exists() else {}
    record |= {"command": "python benchmarks/orbits.py", "header": header("orbits"), "machine": machine(), "rate": RATE}
    runs = record.setdefault("runs", {})
    for name in args.cells or CASES | FUNCTIONS:
        for share in args.noise:
            mine = runs.setdefault(f"{name}, {share:g}", {})
            for seed in range(args.first, args.first + args.seeds):
                if str(seed) in mine: continue
                mine[str(seed)] = measure(name, share, seed)
                if seed % 20 == 19: write_json(args.out, record)
            record.setdefault("cells", {})[f"{name}, {share:g}"] = told = summary([*mine.values()])
            write_json(args.out, record)
            print(f"{name} {share:.0%}: {told}", flush=True)
