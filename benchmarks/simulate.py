"""Wall time and accuracy of `simulate` on the five equations, seeds 0-9, 16 trajectories each.

python benchmarks/simulate.py [--seeds 10] [--n 16] [--out nbs/experiments/results/simulate.json]
"""
import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
import sympy as sp
import torch
from scipy.integrate import solve_ivp

from symnb.core.checks import header, machine, write_json
from symnb.data.equations import EQUATIONS, T, X, get_equation, u_
from symnb.data.simulate import pointwise_residual, residual, simulate

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/simulate.json"
PUBLISHED = 6.6  # s a KdV trajectory, the published generator on 2 cores


def plain(eq, data, rows=6, tol=1e-6):
    """Method and seconds a trajectory of a plain solver: pseudospectral N on the stored points, scipy's DOP853 or LSODA,
    whichever is faster, over `rows` stored rows in the middle of one trajectory, scaled to all computed rows."""
    orders = [j for j in range(eq.order + 1) if eq.rhs.has(u_(j))]
    N = sp.lambdify([T, X, *map(u_, orders)], eq.rhs, modules="numpy")
    factors = [(2j*np.pi/eq.length*np.arange(eq.nx//2 + 1))**j for j in orders]
    x, i, u, found = data.x.numpy(), data.nt//2, data.u[0].numpy(), []

    def F(t, u):
        v = np.fft.rfft(u)
        return N(t, x, *(np.fft.irfft(v*f, n=eq.nx) for f in factors))

    for method in ("DOP853", "LSODA"):
        clock = time.perf_counter()
        out = solve_ivp(F, (float(data.t[i]), float(data.t[i + rows])), u[i], method=method, rtol=tol, atol=tol)
        clock = (time.perf_counter() - clock)/rows*(eq.nt - 1)
        found.append((clock, method, float(np.abs(out.y[:, -1] - u[i + rows]).max()/np.abs(u[i + rows]).max())))
    return min(found)


def measure(name, seeds, n):
    """One equation: seconds a trajectory (median of the seeds), residuals (largest of all trajectories), Nyquist mode."""
    eq, walls, cpus, steps, points, raw, nyquist, flags = EQUATIONS[name], [], [], [], [], [], [], 0
    simulate(eq, n=1, seed=100)
    for seed in seeds:
        wall, cpu = time.perf_counter(), time.process_time()
        data = simulate(eq, n=n, seed=seed)
        walls.append((time.perf_counter() - wall)/n)
        cpus.append((time.process_time() - cpu)/n)
        found = residual(eq, data, rows=4*n)
        steps.append(float(found.value.max()))
        flags += found.flag
        points.append(float(pointwise_residual(eq, data, order=12).max()))
        raw.append(float(pointwise_residual(eq, data, order=12, padded=False).max()))
        v = torch.fft.rfft(data.u).abs()
        nyquist.append(float((v[..., -1]/v.amax(-1)).max()))
    wall = time.perf_counter()
    simulate(eq, n=4, seed=0)
    wall = time.perf_counter() - wall
    reference, method, off = plain(eq, data)
    ms = 1e3*float(np.median(walls))
    return {"ms a trajectory": ms, "smallest": 1e3*min(walls), "largest": 1e3*max(walls),
            "cpu ms a trajectory": 1e3*float(np.median(cpus)), "s for n=4": wall,
            "plain method": method, "plain ms a trajectory": 1e3*reference, "ratio": 1e3*reference/ms, "plain differs by": off,
            "one-step residual": max(steps), "pointwise residual": max(points), "pointwise, unpadded": max(raw),
            "nyquist": max(nyquist), "flagged": flags}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--n", type=int, default=16)
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    found = {}
    print(f"{'':8} ms/traj (min…max)     cpu   n=4 s         plain ms  ratio  one-step  pointwise  unpadded  Nyquist", file=sys.stdout)
    for name in EQUATIONS:
        r = found[name] = measure(name, range(args.seeds), args.n)
        time_ = f"{r['ms a trajectory']:6.1f} ({r['smallest']:.1f}…{r['largest']:.1f})"
        time_ += f"  {r['cpu ms a trajectory']:6.1f}  {r['s for n=4']:6.2f}"
        plain_ = f"{r['plain method']:>7}{r['plain ms a trajectory']:7.0f} {r['ratio']:6.0f}"
        error_ = "   ".join(f"{r[k]:.1e}" for k in ("one-step residual", "pointwise residual", "pointwise, unpadded", "nyquist"))
        print(f"{name:8} {time_}  {plain_}   {error_}", flush=True)
    fine = get_equation("nKdV", nt=2000, keep=1120)
    found["nKdV"]["pointwise residual, 8 times the rows"] = late = float(pointwise_residual(fine, simulate(fine, n=4), order=12).max())
    print(f"nKdV with 8 times the rows, n=4: pointwise residual {late:.1e} (250 rows do not resolve its time)")
    total, ratio = sum(r["s for n=4"] for r in found.values()), 1e3*PUBLISHED/found["KdV"]["ms a trajectory"]
    print(f"five equations, n=4: {total:.2f} s; published generator, KdV: {1e3*PUBLISHED:.0f} ms a trajectory, {ratio:.0f} times ours")
    write_json(args.out, header("benchmark", command=" ".join(["python", *sys.argv]), seeds=list(range(args.seeds)), n=args.n, tol=3e-5,
                                machine=machine(), load=os.getloadavg(), published_s_a_trajectory=PUBLISHED, results=found))


if __name__ == "__main__":
    main()
