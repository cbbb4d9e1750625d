"""Time and memory of `solve` as the data grow, each size in a process of its own.

python benchmarks/sizes.py [--only "KdV, 2000 × 40 × 64"] [--out nbs/experiments/results/sizes.json]

Solutions on grids of any size, simulated where that is quick and given by formulas elsewhere, in memory and in an HDF5 file. For each:
bytes of the values as float64, processor seconds of the task and of `solve` by its defaults, symmetries found, and by how much the
largest resident memory grew beyond what the process held before the task was made. A size that is in the file already is not run again.
"""
import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

import torch

from symnb.core.checks import header, machine, write_json
from symnb.data.equations import Equation, get_equation
from symnb.data.simulate import simulate
from symnb.data.trajectories import Trajectories, open_trajectories
from symnb.discovery.solve import solve
from symnb.tasks.pde import PDETask

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/sizes.json"
SPIRALS = "lambda-omega"
HEAT = "u_t = u_xx + u_yy + u_zz; v_t = v_xx + v_yy + v_zz + u**2; w_t = w_xx + w_yy + w_zz + u*v"
LENGTH = 2*torch.pi


def kdv(n, nt, nx, seed=0): # waves of KdV, one after the other as often as it takes
    eq = Equation("u_t = -u*u_x - u_xxx", length=32., duration=4., nt=nt)
    some = simulate(eq, n=min(n, 50), seed=seed, nx=nx)
    return eq, some.with_fields({"u": some.u.repeat(-(-n//some.n), 1, 1)[:n]})


def spirals(n, nx, nt=8, seed=0): # a coarse solution of the λ–ω system, its modes on a finer grid
    eq = get_equation(SPIRALS)
    data = simulate(eq, n=min(n, 2), seed=seed, nx=min(nx, 64))
    late = slice(data.nt//2, data.nt//2 + nt)
    def fine(u): # more points for the same modes
        modes = torch.fft.rfft2(u[:, late], norm="forward")
        m, out = u.shape[-1], torch.zeros(*modes.shape[:2], nx, nx//2 + 1, dtype=modes.dtype)
        for some in (slice(m//2), slice(-(m//2) + 1, None)): out[..., some, :m//2] = modes[..., some, :m//2]
        return torch.fft.irfft2(out, s=(nx, nx), norm="forward").repeat(-(-n//len(u)), 1, 1, 1)[:n]
    axes = {k: float(x[0]) + torch.arange(nx, dtype=x.dtype)*(data.lengths[k]/nx) for k, x in data.axes.items()}
    return eq, Trajectories(data.t[late], axes, {b: fine(u) for b, u in data.fields.items()})


def heat(nt, nx, seed=0): # three fields in a cube: u is given by its modes, v and w are driven by it
    eq = Equation(HEAT, independent=("t", "x", "y", "z"), length=(LENGTH,)*3, duration=.5, nt=nt)
    some = simulate(eq, n=1, seed=seed, nx=(nx,)*3)
    return eq, some


SIZES = {  # name -> how it is made
    "KdV, 20 × 40 × 64": (kdv, 20, 40, 64), "KdV, 200 × 40 × 64": (kdv, 200, 40, 64), "KdV, 2000 × 40 × 64": (kdv, 2000, 40, 64),
    "λ–ω, 8 × 8 × 64²": (spirals, 8, 64), "λ–ω, 8 × 8 × 256²": (spirals, 8, 256), "λ–ω, 8 × 8 × 512²": (spirals, 8, 512),
    "three fields, 1 × 50 × 16³": (heat, 50, 16), "three fields, 1 × 50 × 32³": (heat, 50, 32),
    "three fields, 1 × 50 × 64³": (heat, 50, 64),
}


def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss*(1 if sys.platform == "darwin" else 1024)/1e6  # MB


def make(name, path):
    make, *sizes = SIZES[name]
    eq, data = make(*sizes)
    data.save(path)
    return eq.text


def measure(name, path, text, in_memory):
    torch.set_num_threads(1)
    eq = get_equation(text) if text in ("lambda-omega",) else Equation(text, independent=("t", *open_trajectories(path).axes))
    data = Trajectories.load(path) if in_memory else open_trajectories(path)
    before, clock = peak(), time.process_time()
    task = PDETask(eq, data, domain="local")
    made, clock = time.process_time() - clock, time.process_time()
    sym = solve(task)
    values = 8*len(data.dependent)*data.n*data.nt*torch.tensor(data.shape).prod().item()
    return {"values_mb": round(values/1e6, 2), "task_s": round(made, 2), "solve_s": round(time.process_time() - clock, 2), "dim": sym.dim,
            "more_mb": round(peak() - before, 1), "rows_read": data.rows_read, "residual": sym.about["data"]["residual"]}


def apart(function, *args): # in a process of its own, whose memory is its own
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool: return pool.apply(function, args)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=list(SIZES))
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    rows = json.loads(args.out.read_text())["rows"] if args.out.exists() else {}
    for name in [args.only] if args.only else SIZES:
        if name in rows: continue
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder)/"data.h5"
            text = apart(make, name, path)
            found = {where: apart(measure, name, path, text, where == "memory") for where in ("memory", "file")}
        rows[name] = found
        print(name, found, flush=True)
        write_json(args.out, header("sizes", command="python benchmarks/sizes.py", seed=0, machine=machine()) | {"rows": rows})


if __name__ == "__main__":
    main()
