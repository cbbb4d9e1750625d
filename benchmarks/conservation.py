"""Conservation laws of the atlas at the default library, of chosen equations further up, and how far their integrals drift along
simulated data: how many, how long, how far.

python benchmarks/conservation.py [--out nbs/experiments/results/laws.json] [--seconds 60]

Goes on where it was stopped: equations that stand in the result file are not done again.
"""
import argparse
import time
from pathlib import Path

from scipy.integrate import solve_ivp

from symnb.beyond.conservation import _prover, _values, conservation, exact_formula, on_solutions
from symnb.core.checks import SymnbError, header, machine, read_json, write_json
from symnb.data.atlas import ATLAS
from symnb.data.equations import get_equation
from symnb.data.simulate import simulate
from symnb.data.trajectories import Trajectories
from symnb.numerics.polynomials import TooBig, limited

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/laws.json"
# equation, order, degree, laws that the literature has, source
FURTHER = [
    ("KdV", 6, None, 6, "Miura, Gardner & Kruskal 1968: one more at every second order"),
    ("KdV", 8, None, 7, "the same"), ("KdV", 10, None, 8, "the same"), ("KdV", 12, None, 9, "the same"),
    ("modified KdV", 6, None, 6, "Miura, Gardner & Kruskal 1968, and the dilation"),
    ("Sawada-Kotera", 10, None, 6, "Sawada & Kotera 1974: every third is missing"),
    ("sine-Gordon", 5, None, 7, "Dodd & Bullough 1977: one more in x and in t at every second order"),
    ("cubic Schroedinger", 4, None, 6, "Zakharov & Shabat 1972: one more at every order"),
    ("cubic Schroedinger in the plane", 2, None, 9, "Ginibre & Velo 1979: critical, with dilation and projective law"),
    ("Benjamin-Bona-Mahony", 4, 4, 3, "Olver 1979: these three and no more"),
    ("Kuramoto-Sivashinsky", 6, None, 1, "mass"), ("Burgers-KdV", 6, None, 1, "mass"),
    ("Burgers", 6, None, 1, "Popovych & Ivanova 2005"),
    ("waves in the plane", 1, 3, 10, "Bessel-Hagen 1921, conformal group"),
    ("shallow water", 0, 4, 9, "with dilation and projective law"), ("shallow water", 0, 6, 9, "no more with the degree"),
    ("gas in the plane, 2", 0, 4, 9, "Ibragimov 1994"), ("gas, 3", 0, 4, 6, "Ibragimov 1994"),
    ("Kepler in space", 1, 2, 7, "Laplace, Runge, Lenz"), ("Maxwell", 0, 2, 11, "Bessel-Hagen 1921"),
    ("Maxwell", 0, 3, 15, "Bessel-Hagen 1921, the conformal group"),
]
# equation, degree, grid, how it is simulated; the dilation of modified KdV needs many rows, since much passes the ends between two
DRIFTS = [
    ("KdV", None, {}, {}), ("modified KdV", None, {"nt": 560}, {}), ("Burgers", None, {}, {}), ("cubic Schroedinger", None, {}, {}),
    ("u_tt = u_xx - sin(u)", None, {}, {"velocities": True}),
    ("Kepler", 3, {}, {"velocities": True, "initial": {"x": 1.0, "y": 0.0, "x_t": 0.1, "y_t": 0.8}}),
    ("shallow water", 4, {"nx": 32, "nt": 40, "duration": 1.0}, {}),
    ("waves in the plane", 3, {"nx": 32, "nt": 40, "duration": 2.0}, {"velocities": True}),
]
TOL = 1e-8  # of the simulations, a step


def orbit(data):
    "Kepler's orbit with the same start, by a Runge-Kutta method of order 8."
    start = [float(data.fields[k][0, 0]) for k in ("x", "y", "x_t", "y_t")]

    def rates(t, z): return [z[2], z[3], *(-z[:2]/(z[0]**2 + z[1]**2)**1.5)]
    found = solve_ivp(rates, (0, float(data.t[-1])), start, "DOP853", data.t.numpy(), rtol=1e-13, atol=1e-15).y
    return Trajectories(data.t, {}, {k: found[i][None] for i, k in enumerate(("x", "y", "x_t", "y_t"))})


def drifted(name, degree, grid, how):
    """Drift of each law's integral along two trajectories of seed 0, and the simulation's own error in its density.

    That error is the largest distance from the densities of a simulation on twice as many points at a hundredth of the tolerance; both are
    relative to the mean of the density's modulus. For an orbit, whose densities are to stay constant, it is that of place and velocity from
    another method's, relative to their mean modulus. `between` is what rows may have missed of the
    flux through the ends of the box.
    """
    start, eq = time.process_time(), get_equation(name, **grid)
    laws, how = conservation(name, None, degree), how if "initial" in how else how | {"n": 2, "seed": 0}
    data = simulate(eq, tol=TOL, **how)
    finer = orbit(data) if name == "Kepler" else simulate(eq, nx={a: 2*len(x) for a, x in data.axes.items()}, tol=TOL/100, **how)
    drift, prover, own = laws.drift(data), _prover(eq), []
    for law in laws:
        T = prover.ring.write(on_solutions(prover, prover.ring.read(exact_formula(law.density))))
        here, there = _values(eq, data, T), _values(eq, finer, T)
        there = there[(slice(None), slice(None)) + (slice(None, None, 2),)*len(data.axes)]
        if not data.axes:
            own.append(max(float((z - finer.fields[k]).abs().max()/z.abs().mean()) for k, z in data.fields.items()))
            continue
        own.append(float((here - there).abs().max()/here.abs().mean().clamp_min(1e-300)))
    values = [float(v.abs().max()) for v in drift.values.values()]
    rows = [{"law": n, "drift": v, "error": e, "between": drift.between[n]} for n, v, e in zip(drift.values, values, own)]
    assert not drift.left_out, "laws and errors must stand side by side"
    return {"laws": rows, "left out": drift.left_out, "planted": [drift.planted[0], float(drift.planted[1].abs().max())],
            "ratio": drift.ratio, "tol": TOL, "s": time.process_time() - start}


def measure(name, order, degree, seconds):
    "One equation: laws with their formulas, seconds of the processor."
    start = time.process_time()
    try:
        with limited(10**10, seconds):
            laws = conservation(name, order, degree)
    except (SymnbError, TooBig) as e:
        return {"refused": str(e), "s": time.process_time() - start}
    told = laws.as_dict()
    trivial = len(told.pop("trivial"))
    found = sum(law["density"] is not None for law in told["laws"])
    return told | {"count": len(laws), "trivial": trivial, "with density": found, "proved": sum(law["proved"] for law in told["laws"]),
                   "s": time.process_time() - start}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=RESULTS, type=Path)
    parser.add_argument("--seconds", default=60, type=int, help="processor time allowed for one equation")
    args = parser.parse_args()
    command = f"python benchmarks/conservation.py --seconds {args.seconds}"
    before = read_json(args.out) if args.out.exists() else {}
    atlas, further, drifts = (before.get(part, {}) for part in ("atlas", "further", "drifts"))

    def write():
        parts = {"atlas": atlas, "further": further, "drifts": drifts}
        write_json(args.out, header("benchmark", command=command, seed=0, machine=machine(), **parts))
    for name, order, degree, count, source in FURTHER:
        key = f"{name}, order {order}" + (f", degree {degree}" if degree else "")
        if key in further: continue
        further[key] = {"name": name, "literature": count, "source": source} | measure(name, order, degree, args.seconds)
        print(key, further[key].get("count", further[key].get("refused")), "of", count, f"{further[key]['s']:.1f} s", flush=True)
        write()
    for name in ATLAS:
        if name in atlas: continue
        atlas[name] = measure(name, None, None, args.seconds)
        print(name, atlas[name].get("count", atlas[name].get("refused")), f"{atlas[name]['s']:.1f} s", flush=True)
        write()
    for name, degree, grid, how in DRIFTS:
        if name in drifts: continue
        try: drifts[name] = drifted(name, degree, grid, how)
        except SymnbError as e: drifts[name] = {"refused": str(e)}
        print(name, drifts[name].get("ratio", drifts[name].get("refused")), f"{drifts[name].get('s', 0):.1f} s", flush=True)
        write()
