"""Six systems that LieNLSD was shown on: dimension of the algebra found in data, and the largest angle between its span and the true one.

python benchmarks/lienlsd.py [heat gradient KdV wave Schrödinger λ–ω] [--seeds 3] [--first 0] [--out nbs/experiments/results/lienlsd.json]

Waves, period, places and duration as in https://github.com/hulx2002/LieNLSD, data_utils (ICML 2025), every tenth row stored. In the
plane one trajectory in place of ten, and for the last two, whose waves turn and fall fast, every fifth row of the first 250 and 500
steps. `accurate`: solved by `simulate`. `made`: their way, central differences with the step L/(n + 1) on places L/n apart, and the rule
of Runge and Kutta; what such data solve has coefficients times ((n + 1)/n)^order.
A run that was stopped goes on where it was. Tried out on seeds from 100 on.
"""
import resource
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import scipy.linalg
from common import cells_and_seeds

from symnb.core.checks import SymnbError, header, machine, read_json, write_json
from symnb.data.equations import Equation
from symnb.data.simulate import simulate
from symnb.data.trajectories import Trajectories
from symnb.discovery.identify import identify
from symnb.discovery.nearest import verdicts
from symnb.discovery.solve import solve
from symnb.discovery.symmetries import REFUTED
from symnb.geometry.fields import Field, symbols

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/lienlsd.json"
NOISE = (0., .05)  # standard deviation of the noise over that of the field
L, N, DT = 20., 100, .002
WHEN = {"Schrödinger": (250, 5), "λ–ω": (500, 5)}  # steps, and every so many are stored; 1000 and 10 otherwise
PUBLISHED = {"heat": ".46 … .74", "gradient": ".72 … 1.15", "KdV": ".37 … .62", "wave": ".60 … .88",
             "Schrödinger": "6 of 8", "λ–ω": "6.8 … 10.1"}
RD = ["u_t = 1/10*lap(u) + (1 - u**2 - v**2)*u + (u**2 + v**2)*v", "v_t = 1/10*lap(v) - (u**2 + v**2)*u + (1 - u**2 - v**2)*v"]
NLS = ["u_t = -1/2*lap(v) + u**2*v + v**3", "v_t = 1/2*lap(u) - u*v**2 - u**3"]
# equation, waves along an axis, trajectories, dimension without superpositions of solutions
CASES = {
    "heat": ("u_t = u_xx", 10, 10, 5),
    "gradient": ("u_t = u_xx + u_x**2", 10, 10, 6),
    "KdV": ("u_t = -u*u_x - u_xxx", 5, 10, 4),
    "wave": ("u_tt = lap(u)", 3, 1, 11),
    "Schrödinger": (NLS, 2, 1, 8),
    "λ–ω": (RD, 2, 1, 5),
}
PLANE = {"wave", "Schrödinger", "λ–ω"}


def when(name): return WHEN.get(name, (1000, 10))


def fields_of(name): return ("u", "v") if name in ("Schrödinger", "λ–ω") else ("u",)


def true_equation(name):
    plane = name in PLANE
    steps, every = when(name)
    return Equation(CASES[name][0], length=[L, L] if plane else L, duration=DT*steps, nx=N, nt=steps//every)


def start(name, seed):
    "Their random waves, drawn in their order: [fields, n, nx, …]; the wave equation has u_t beside u."
    _, top, n, _ = CASES[name]
    rng, x = np.random.RandomState(seed), np.linspace(-L/2, L/2, N + 1)[:N]
    waves = [(np.cos(2*k*np.pi*x/L), np.sin(2*k*np.pi*x/L)) for k in range(1, top + 1)]
    if name not in PLANE:
        def one():
            c = rng.standard_normal(1 + 2*top)
            return c[0]/2 + sum(a*w for a, w in zip(c[1:], (w for pair in waves for w in pair)))
        return np.stack([one() for _ in range(n)])[None]
    def one():
        c = rng.standard_normal(1 + 4*top**2)
        basis = (np.outer(fy, fx) for px in waves for py in waves for fx in px for fy in py)
        return (c[0]/4 + sum(a*w for a, w in zip(c[1:], basis))).T  # first axis x
    return np.stack([[one() for _ in range(n)] for _ in range(2)])


def rate(name):
    "u_t by central differences, [fields, n, nx, …] to the same."
    h = L/(N + 1)
    def d1(u): return (np.roll(u, -1, -1) - np.roll(u, 1, -1))/(2*h)
    def d2(u, axis=-1): return (np.roll(u, -1, axis) - 2*u + np.roll(u, 1, axis))/h**2
    def d3(u): return (np.roll(u, -2, -1) - 2*np.roll(u, -1, -1) + 2*np.roll(u, 1, -1) - np.roll(u, 2, -1))/(2*h**3)
    def lap(u): return d2(u) + d2(u, -2)
    def rd(s):
        u, v = s
        r = u*u + v*v
        return .1*lap(s) + np.stack([(1 - r)*u + r*v, (1 - r)*v - r*u])
    def nls(s):
        u, v = s
        r = u*u + v*v
        return np.stack([-.5*lap(v) + r*v, .5*lap(u) - r*u])
    return {"heat": d2, "gradient": lambda u: d2(u) + d1(u)**2, "KdV": lambda u: -d3(u) - u*d1(u),
            "wave": lambda s: np.stack([s[1], lap(s[0])]), "Schrödinger": nls, "λ–ω": rd}[name]


def made(name, seed):
    "Their solver: [fields, n, nt, nx, …], every few rows."
    f, s, rows, (steps, every) = rate(name), start(name, seed), [], when(name)
    for i in range(steps):
        if i % every == 0: rows.append(s.copy())
        k1 = DT*f(s)
        k2 = DT*f(s + k1/2)
        k3 = DT*f(s + k2/2)
        s = s + (k1 + 2*k2 + 2*k3 + DT*f(s + k3))/6
    return np.stack(rows, 2)


def data_of(name, way, seed):
    "One data set without noise."
    names, x = fields_of(name), np.arange(N)*L/N - L/2
    axes = {"x": x, "y": x} if name in PLANE else {"x": x}
    if way == "made":
        return Trajectories(np.arange(*(0, *when(name)))*DT, axes, dict(zip(names, made(name, seed))))
    fields = ("u", "u_t") if name == "wave" else names
    data = simulate(true_equation(name), initial=dict(zip(fields, start(name, seed))), tol=1e-6)
    return Trajectories(data.t, axes, {k: data.fields[k] for k in names})


def noisy(data, share, seed):
    if not share: return data
    rng = np.random.default_rng([seed, round(1000*share)])
    return data.with_fields({k: a.numpy() + share*float(a.std())*rng.standard_normal(a.shape) for k, a in data.fields.items()})


def span(fields, names, shorter=1.):
    "Numbers of polynomial fields over (component, monomial), one dictionary each; of places that are shorter by a factor."
    letters, rows, steps = [*symbols(names).values()], [], [n in ("x", "y") for n in names]
    for f in fields:
        terms = [(i, m, float(c)) for i, e in enumerate(f.exprs[0]) if e != 0 for m, c in e.as_poly(*letters).terms()]
        rows.append({(i, m): c*shorter**(sum(k for k, s in zip(m, steps) if s) - steps[i]) for i, m, c in terms})
    return rows


def angle(found, true):
    "Dimensions, and the largest principal angle in degrees, of as many directions as the smaller one has."
    places = sorted({k for r in (*found, *true) for k in r})
    A, B = (np.array([[r.get(k, 0.) for k in places] for r in rows]).reshape(len(rows), len(places)) for rows in (found, true))
    A, B = (M/np.linalg.norm(M, axis=1, keepdims=True) for M in (A, B))
    dims = [int(np.linalg.matrix_rank(M, tol=1e-6)) if len(M) else 0 for M in (A, B)]
    if not all(dims): return dims, None
    A, B = (np.linalg.svd(M, full_matrices=False)[2][:d] for M, d in zip((A, B), dims))
    return dims, float(np.degrees(scipy.linalg.subspace_angles(A.T, B.T).max()))


def algebra(found, degree=1):
    "Generators that data do not refute, polynomials up to a degree."
    return [Field(v.field, (*found.independent, *found.dependent)) for v in verdicts(found, degree=degree) if v.status != REFUTED]


def measure(name, way, share, seed, data):
    clock = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try: eq = identify(noisy(data, share, seed))
        except SymnbError as e: return {"refused": str(e)[:300], "s": time.process_time() - clock}
        row = {"identify s": time.process_time() - clock, "misfit": eq.evidence.misfit,
               "coefficients": {k: [c.value, c.error] for k, c in eq.coefficients.items()}, "notes": eq.evidence.notes}
        try: found = algebra(eq)
        except SymnbError as e: return row | {"refused": str(e)[:300]}
        true = [f.field for f in solve(true_equation(name), degree=2).formulas]
    names = (*eq.independent, *eq.dependent)
    dims, off = angle(span(found, names), span(true, names, N/(N + 1) if way == "made" else 1.))
    return row | {"dimension": dims[0], "true dimension": dims[1], "angle": off, "generators": [str(f) for f in found],
                  "s": time.process_time() - clock, "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024}


def main():
    args = cells_and_seeds(__doc__, CASES, 3, RESULTS).parse_args()
    cells, command = read_json(args.out)["cells"] if args.out.exists() else {}, " ".join(["python", *sys.argv])
    for seed in range(args.first, args.first + args.seeds):
        for name in args.cells or CASES:
            for way in ("accurate", "made"):
                data = None
                for share in NOISE:
                    runs = cells.setdefault(name, {}).setdefault(way, {}).setdefault(str(share), {})
                    if str(seed) in runs: continue
                    data = data or data_of(name, way, seed)
                    row = runs[str(seed)] = measure(name, way, share, seed, data)
                    print(name, way, share, seed, {k: v for k, v in row.items() if k not in ("generators", "formula")}, flush=True)
                    write_json(args.out, header("benchmark", command=command, machine=machine(), published=PUBLISHED, cells=cells))


if __name__ == "__main__":
    main()
