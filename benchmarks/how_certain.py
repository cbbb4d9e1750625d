"""Where `solve` stops being certain: weak terms, solitons, wrong equations, noise, few points.

python benchmarks/how_certain.py [--seed 0] [--only weak soliton wrong right noise thin] [--out nbs/experiments/results/how_certain.json]
"""
import argparse
import sys
import time
import warnings
from pathlib import Path

import torch

from symnb.core.checks import SymnbError, header, machine, read_json, seeded, write_json
from symnb.data.equations import EQUATIONS, Equation
from symnb.data.simulate import residual, simulate
from symnb.data.trajectories import Trajectories
from symnb.discovery.solve import exact_space, measures, solve
from symnb.numerics.spectral import derivative
from symnb.tasks.pde import PDETask

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/how_certain.json"

# what is broken: equation, domain, how many symmetries are left
WEAK = {
    "boost": ("u_t = -u*u_x - u_xxx - eps*u**3", "periodic", 2),
    "∂x and boost": ("u_t = -u*u_x - u_xxx + eps*sin(pi*x/16)", "periodic", 1),
    "∂t": ("u_t = -u*u_x - (1 + eps*sin(t))*u_xxx", "periodic", 2),
    "scaling": ("u_t = -u*u_x - u_xxx + eps*u_xx", "local", 3),
}
TERMS = ("u", "u**2", "u**3", "u_x", "u*u_x", "u_x**2", "u_xx", "u*u_xx", "-u*u_x**2", "u_xxx",
         "-u_xxxx", "u_xxxxx", "sin(pi*x/64)", "cos(t)")


def weak(case, eps, seed=0):
    "One equation with a symmetry broken by eps: status and numbers of the slot that follows those that are left."
    text, domain, left = WEAK[case]
    eq, clock = Equation(text, eps=eps), time.perf_counter()
    sym = solve(PDETask(eq, simulate(eq, n=4, seed=seed), domain=domain))
    proofs = [p.status for p in sym.prove()][:len(sym.formulas)]
    held = [f for n in sym.notes if ": held by the rows" in n for f in n.split(": held by the rows")[0].split(", ")]  # and disproved
    return {"eps": eps, "held": held, "left": left, "dim": sym.dim,
            "sigma": sym.about["spectrum"][left], "sigma_max": sym.about["sigma_max"],
            "status": sym.status[left], "ratio": float(sym.numbers["T·defect/change"][left]), "formulas": [f.text for f in sym.formulas],
            "proofs": proofs, "approximate": [f.text for f in sym.approximate], "s": time.perf_counter() - clock}


def crest(x, c, start, length):
    "KdV's soliton 3c sech²(√c (x - start)/2), nearest image on the period."
    y = (x - start + length/2) % length - length/2
    return 3*c/torch.cosh(c**0.5/2*y)**2


def solitons(kind, nx=256, nt=140):
    "KdV data of one soliton (as a formula, or simulated) or of two that collide."
    eq = EQUATIONS["KdV"]
    if kind == "one, formula":
        x, t = torch.arange(nx, dtype=torch.float64)*eq.length/nx, torch.arange(nt, dtype=torch.float64)*eq.dt
        return eq, Trajectories(t, x, crest(x - t[:, None]/2, 0.5, 40.0, eq.length)[None], eq.length)
    if kind == "one, simulated": return eq, simulate(eq, initial=lambda x: crest(x, 0.5, 40.0, eq.length), nx=nx)
    return eq, simulate(eq, initial=lambda x: crest(x, 0.8, 30.0, eq.length) + crest(x, 0.3, 65.0, eq.length), nx=nx)


def soliton(kind, domain):
    "What `solve` says, and what it would say from the data's own jets alone."
    eq, data = solitons(kind)
    task = PDETask(eq, data, domain=domain)
    sym = solve(task)
    blind = PDETask(eq, data, domain=domain)
    blind.mixed, blind.mixed_functionals = blind.jets, blind.functionals
    alone = exact_space(blind.form(blind.basis())).spectrum
    return {"kind": kind, "domain": domain, "dim": sym.dim, "formulas": [f.text for f in sym.formulas],
            "trivial": [f.text for f in sym.trivial], "proofs": [p.status for p in sym.prove()][:sym.dim],
            "status": sym.status, "ratio": sym.numbers["T·defect/change"].tolist(),
            "judged without the trivial": task.judge(measures(task, sym.field))[0], "own jets": int((alone < 1e-6).sum()),
            "spectrum": sym.about["spectrum"][:8], "residual": task.residual.overall}


def like_kdv(text, nx=256, keep=140):
    "An equation on KdV's interval, duration and waves."
    e = EQUATIONS["KdV"]
    return Equation(text, length=e.length, duration=e.duration, nx=nx, nt=e.nt, keep=keep, waves=e.waves)


def strength(term, share, n=2, seed=0):
    "Factor that makes the rms of a term so large a share of the rms of u_t on KdV data."
    kdv, both = EQUATIONS["KdV"], like_kdv(f"u_t = -u*u_x - u_xxx + ({term})")
    data = simulate(kdv, n=n, seed=seed)
    J = list(derivative(data.u, data.length, list(range(max(3, both.order) + 1))).movedim(-2, 0))
    N, M = (eq.rhs_function()(data.t[:, None], data.x, J) for eq in (kdv, both))
    return share*float((N.square().mean()/(M - N).square().mean()).sqrt())


def wrong(term, share, seed=0):
    "Residual under KdV of data in which a term is at work that KdV lacks."
    c = strength(term, share, seed=seed)
    data = simulate(like_kdv(f"u_t = -u*u_x - u_xxx + ({c:.6g})*({term})"), n=2, seed=seed)
    r = residual("KdV", data)
    return {"term": term, "share": share, "factor": c, "residual": r.overall, "explained": float(r.floor.max()), "flag": r.flag}


def foreign(name, other, seed=0):
    "Residual of one equation's data under another."
    r = residual(name, simulate(other, n=4, seed=seed))
    return {"equation": name, "data": other, "seed": seed, "residual": r.overall,
            "largest": float(r.value.max()), "explained": float(r.floor.max()), "flag": r.flag}


def noisy(size, seed=0):
    "KdV data with white noise of a size relative to their standard deviation."
    eq = EQUATIONS["KdV"]
    data = simulate(eq, n=4, seed=seed)
    noise = torch.randn(data.u.shape, generator=seeded(seed + 1), dtype=torch.float64)
    task = PDETask(eq, Trajectories(data.t, data.x, data.u + size*data.u.std()*noise, data.length))
    sym = solve(task)
    return {"noise": size, "residual": task.residual.overall, "explained": float(task.residual.floor.max()), "flag": task.residual.flag,
            "dim": sym.dim, "status": sym.status,
            "formulas": [f.text for f in sym.formulas], "next sigma": sym.about["spectrum"][sym.dim],
            "ratio": float(sym.numbers["T·defect/change"][sym.dim])}


def thin(n=1, rows=200, points=4000, nx=256, keep=140, seed=0):
    "Few trajectories, rows, points: the dimensions, or the error."
    found = {"n": n, "rows": rows, "points": points, "nx": nx, "keep": keep}
    try:
        eq = like_kdv(EQUATIONS["KdV"].text, nx, keep)
        data = simulate(eq, n=n, seed=seed)
        for domain in ("periodic", "local"):
            sym = solve(PDETask(eq, data, domain=domain, rows=rows, points=points))
            found[domain] = {"dim": sym.dim, "formulas": [f.text for f in sym.formulas], "status": sym.status,
                             "proofs": [p.status for p in sym.prove()][:sym.dim],
                             "warnings": [s for s in sym.notes if s.startswith("WARNING")]}
    except SymnbError as e: found["error"] = str(e)
    return found


THIN = (dict(), dict(rows=20), dict(rows=5), dict(rows=2), dict(rows=1), dict(points=1000), dict(points=500), dict(points=300),
        dict(nx=64), dict(nx=32), dict(nx=16), dict(keep=20), dict(keep=10), dict(keep=5), dict(keep=2), dict(keep=1))
JOBS = {
    "weak": lambda seed: {k: [weak(k, 10.0**-e, seed) for e in range(1, 15)] for k in WEAK},
    "soliton": lambda seed: [soliton(k, d) for k in ("one, formula", "one, simulated", "two") for d in ("periodic", "local")],
    "wrong": lambda seed: [wrong(term, share, seed) for term in TERMS for share in (0.01, 0.005, 0.002, 0.001)],
    "right": lambda seed: [foreign(k, k, s) for k in EQUATIONS for s in range(seed, seed + 5)]
                          + [foreign("KdV", "KS", seed), foreign("KS", "KdV", seed)],
    "noise": lambda seed: [noisy(10.0**-e, seed) for e in range(8, 0, -1)],
    "thin": lambda seed: [thin(seed=seed, **k) for k in THIN],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=list(JOBS), default=list(JOBS))
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    parts = read_json(args.out)["parts"] if args.out.exists() else {}
    for job in args.only:
        clock = time.perf_counter()
        result = JOBS[job](args.seed)
        clock = time.perf_counter() - clock
        about = header("benchmark", command=" ".join(["python", *sys.argv]), seed=args.seed, machine=machine(), s=clock)
        parts[job] = {"about": about, "results": result}
        print(f"{job}: {clock:.0f} s", flush=True)
        write_json(args.out, header("benchmark", parts=parts))


if __name__ == "__main__":
    main()
