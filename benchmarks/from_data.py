"""From data alone: which equation, how sure, which symmetries; fifteen systems, five noise levels, whole and cropped, two sizes.

python benchmarks/from_data.py [KdV heat λ–ω …] [--sizes small large] [--first 0] [--seeds N] [--out nbs/experiments/results/from_data.json]

A seed has its own waves and its own noise. Cropped: three fifths of each axis and three quarters of the time, no longer periodic.
Equations whose coefficients vary are found by `varying`, the others by `identify`; Kepler's orbits are no polynomials, and the
answer that counts as right is that the library does not describe them. The result is written after each data set, and what is there
is not done again.
"""
import argparse
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from lienlsd import algebra, angle, noisy, span
from scipy.integrate import solve_ivp

from symnb.core.checks import SymnbError, header, machine, read_json, write_json
from symnb.data.equations import EQUATIONS, Equation, Waves
from symnb.data.simulate import random_waves, simulate
from symnb.data.trajectories import Trajectories
from symnb.discovery.identify import identify
from symnb.discovery.relations import varying
from symnb.discovery.solve import solve

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/from_data.json"
NOISE = (0., .01, .05, .1, .2)  # standard deviation of the noise over that of the field
LINE, PLANE = dict(length=20., duration=2., nt=101), dict(length=[10., 10.], duration=3., nt=61)
ROTATE = ["u_t = 1/10*lap(u) + (1 - u**2 - v**2)*u + (u**2 + v**2)*v", "v_t = 1/10*lap(v) - (u**2 + v**2)*u + (1 - u**2 - v**2)*v"]
NLS = ["u_t = -1/2*lap(v) + u**2*v + v**3", "v_t = 1/2*lap(u) - u*v**2 - u**3"]
WATER = ["h_t = -(h*u)_x - (h*v)_y", "u_t = -u*u_x - v*u_y - h_x", "v_t = -u*v_x - v*v_y - h_y"]
SPIN = {"u_t: u": 1., "u_t: u**3": -1., "u_t: u*v**2": -1., "u_t: u**2*v": 1., "u_t: v**3": 1.,
        "v_t: v": 1., "v_t: v**3": -1., "v_t: u**2*v": -1., "v_t: u*v**2": -1., "v_t: u**3": -1.}
# equation, where it is solved, terms with their coefficients (names of functions where they vary)
CASES = {
    "KdV": ("KdV", {}, {"u_xxx": -1., "(u**2)_x": -.5}),
    "KS": ("KS", {}, {"u_xx": -1., "u_xxxx": -1., "(u**2)_x": -.5}),
    "Burgers": ("Burgers", {}, {"u_xx": .01, "(u**2)_x": -.5}),
    "nKdV": ("nKdV", {}, {"u_xxx": "exponential", "(u**2)_x": "exponential"}),
    "cKdV": ("cKdV", {}, {"u": "inverse", "u_xxx": "constant", "(u**2)_x": "constant"}),
    "heat": ("u_t = u_xx", LINE, {"u_xx": 1.}),
    "gradient": ("u_t = u_xx + u_x**2", LINE, {"u_xx": 1., "u_x**2": 1.}),
    "wave": ("u_tt = lap(u)", PLANE, {"u_xx": 1., "u_yy": 1.}),
    "Schrödinger": (NLS, PLANE | {"duration": 1.}, {f"{a}_t: {k}": s*c for a, b, s in (("u", "v", 1.), ("v", "u", -1.))
                    for k, c in ((f"{b}_xx", -.5), (f"{b}_yy", -.5), (f"{b}**3", 1.), (f"u**2*{b}" if b == "v" else "u*v**2", 1.))}),
    "λ–ω": (ROTATE, PLANE | {"duration": 6.}, SPIN | {f"{f}_t: {f}_{x}{x}": .1 for f in "uv" for x in "xy"}),
    "shallow water": (WATER, PLANE | {"duration": 1.5},
                      {"h_t: (h*u)_x": -1., "h_t: (h*v)_y": -1.} | {f"{f}_t: {k}_{x}": c for f, x in (("u", "x"), ("v", "y"))
                       for k, c in (("h", -1.), ("(u**2)", -.5), ("(v**2)", -.5))}),
    "Kepler": (None, {}, {}),
}
SIZES = {"small": {1: 128, 2: 32}, "large": {1: 256, 2: 48}}  # places along each axis


def water(n, seed): # depth 1 and a little, and a flow with a potential: v u_y = v v_x
    s, rng, out = np.arange(n)*10/n, np.random.default_rng(seed), np.zeros((3, n, n))
    X, Y = np.meshgrid(s, s, indexing="ij")
    for j in range(-2, 3):
        for k in range(3):
            a, b, p, q = *rng.normal(size=2), *rng.uniform(0, 7, 2)
            wave = .06*a*np.cos(2*np.pi*(j*X + k*Y)/10 + p)
            out += np.stack([.02*b*np.sin(2*np.pi*(j*X + k*Y)/10 + q), j*wave, k*wave])
    return {k: v[None] for k, v in zip("huv", out + np.array([1., 0, 0])[:, None, None])}


def kepler(seed): # eight orbits, [8, 401]
    rng, t, out = np.random.default_rng(seed), np.linspace(0, 20, 401), []
    for _ in range(8):
        r, a = rng.uniform(.8, 1.5), rng.uniform(0, 7)
        v = rng.uniform(.8, 1.15)/np.sqrt(r)*rng.choice([-1, 1])
        start = r*np.cos(a), r*np.sin(a), -v*np.sin(a), v*np.cos(a)
        out.append(solve_ivp(lambda _, z: [*z[2:], *(-z[:2]/np.hypot(*z[:2])**3)], (0, 20), start, t_eval=t, rtol=1e-10, atol=1e-12).y)
    return Trajectories(t, {}, dict(zip("xypq", np.stack(out, 1))))


def equation(name, size):
    text, where, _ = CASES[name]
    if text in EQUATIONS: return EQUATIONS[text]
    return Equation(text, **where, nx=SIZES[size][2 if isinstance(where["length"], list) else 1])


def clean(name, size, seed):
    if name == "Kepler": return kepler(seed)
    eq, text = equation(name, size), CASES[name][0]
    if text in EQUATIONS: return simulate(eq, n=1, seed=seed, nx=SIZES[size][1])
    if name == "shallow water": return simulate(eq, initial=water(SIZES[size][2], seed))
    sizes = tuple(eq.nx.values()) if isinstance(eq.nx, dict) else (eq.nx,)
    waves = Waves(n=6, modes=(1, 6 if len(sizes) == 1 else 2), amplitude=.5)
    fields = ("u", "u_t") if name == "wave" else eq.dependent
    data = simulate(eq, initial={f: random_waves(waves, 1, seed, sizes, which=i) for i, f in enumerate(fields)})
    return Trajectories(data.t, data.axes, {f: data.fields[f] for f in eq.dependent}, periodic=True)


def cropped(data):
    "Three fifths of each axis, three quarters of the time."
    cuts = [slice(0, 3*len(data.t)//4), *(slice(len(a)//5, 4*len(a)//5) for a in data.axes.values())]
    axes = {k: a[c] for (k, a), c in zip(data.axes.items(), cuts[1:])}
    return Trajectories(data.t[cuts[0]], axes, {k: a[(slice(None), *cuts)].numpy() for k, a in data.fields.items()}, periodic=False)


def functions(data, truth): # coefficients that vary
    found = varying(data).functions
    as_good = {k: f.family == truth.get(k) or truth.get(k) in f.others for k, f in found.items()}
    return {"right": {*found} == {*truth} and all(as_good.values()), "functions": {k: [f.family, f.text] for k, f in found.items()}}


def measure(name, data, true):
    "One data set: terms, intervals, dimension of what is not refuted and its angle to the true span."
    clock, truth = time.process_time(), CASES[name][2]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if "inverse" in truth.values() or "exponential" in truth.values():
                return functions(data, truth) | {"s": time.process_time() - clock}
            eq = identify(data)
        except SymnbError as e: return {"right": not truth, "refused": str(e)[:200], "s": time.process_time() - clock}
        c, e = eq.coefficients, eq.evidence
        row = {"right": {*c} == {*truth}, "warned": bool(e.notes), "terms": sorted(c), "undecided": e.undecided, "hidden": e.hidden,
               "inside": [bool(v.interval[0] <= truth.get(k, 0.) <= v.interval[1]) for k, v in c.items()], "s": time.process_time() - clock}
        if true is None or not row["right"]: return row
        try: found, names = algebra(eq), (*eq.independent, *eq.dependent)
        except SymnbError as e: return row | {"verdicts refused": str(e)[:200]}
    dims, off = angle(span(found, names), span(true, names))
    return row | {"dimension": dims, "angle": off, "all s": time.process_time() - clock}


def summary(runs):
    inside = [i for r in runs for i in r.get("inside", ())]
    told = [r["dimension"] for r in runs if "dimension" in r]
    return {"right": sum(r["right"] for r in runs), "of": len(runs), "inside": sum(inside), "coefficients": len(inside),
            "wrong and said nothing": sum(not r["right"] and "refused" not in r and not r.get("warned") for r in runs),
            "dimension right": sum(a == b for a, b in told), "dimensions": len(told), "median s": float(np.median([r["s"] for r in runs]))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", choices=[*CASES, []], help="all by default")
    parser.add_argument("--sizes", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seeds", type=int, help="10 in one dimension and for orbits, 5 in two, by default")
    parser.add_argument("--out", type=Path, default=RESULTS)
    a = parser.parse_args()
    cells, command, spans = read_json(a.out)["cells"] if a.out.exists() else {}, " ".join(["python", *sys.argv]), {}
    todo = [(s, size, name) for s in range(10) for size in a.sizes for name in a.cases or CASES]
    for s, size, name in todo:
        plane = isinstance(CASES[name][1].get("length"), list)
        if s >= (a.seeds or (5 if plane else 10)) or (name == "Kepler" and size != a.sizes[0]): continue
        seed, whole = a.first + s, None
        for cut in ("whole", "cropped") if name != "Kepler" else ("whole",):
            for share in NOISE:
                cell = cells.setdefault(f"{name}, {size}, {cut}", {}).setdefault(str(share), {"runs": {}})
                if str(seed) in cell["runs"]: continue
                whole = whole or clean(name, size, seed)
                if name not in spans and name not in ("Kepler", "nKdV", "cKdV"):
                    spans[name] = [f.field for f in solve(equation(name, size), degree=2).formulas]
                data = noisy(whole if cut == "whole" else cropped(whole), share, seed)
                cell["runs"][str(seed)] = measure(name, data, spans.get(name))
                cell["summary"] = summary([*cell["runs"].values()])
                print(name, size, cut, share, seed, {k: v for k, v in cell["runs"][str(seed)].items() if k != "hidden"}, flush=True)
                write_json(a.out, header("benchmark", command=command, machine=machine(), cells=cells))


if __name__ == "__main__":
    main()
