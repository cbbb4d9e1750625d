"""Time and memory of `solve` as the data grow, each size in a process of its own.

python benchmarks/sizes.py [--only "KdV, 2000 × 40 × 64"] [--out nbs/experiments/results/sizes.json]

Trajectories × times × places; simulated, saved to HDF5, and solved from memory and from the file. For each: bytes of the values as
float64, processor seconds of the task and of `solve` by its defaults, symmetries found, rows read, and the
largest resident memory of the process, with its imports and the data in it before the task is made, and at the end. What is in the
file already is not run again.
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
from symnb.data.equations import Equation
from symnb.data.simulate import simulate
from symnb.data.trajectories import Trajectories, open_trajectories
from symnb.discovery.solve import solve
from symnb.tasks.pde import PDETask

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/sizes.json"
MIXED = "u_t = lap(u) + v*w; v_t = lap(v) + w*u; w_t = lap(w) + u*v"
LENGTH = 2*torch.pi


def kdv(n, nt, nx, seed=0): # waves of KdV, one after the other as often as it takes
    eq = Equation("u_t = -u*u_x - u_xxx", length=32., duration=4., nt=nt)
    some = simulate(eq, n=min(n, 50), seed=seed, nx=nx)
    return eq, some.with_fields({"u": some.u.repeat(-(-n//some.n), 1, 1)[:n]})


def mixed(nt, nx, seed=0): # three fields in a cube
    eq = Equation(MIXED, independent=("t", "x", "y", "z"), length=(LENGTH,)*3, duration=.5, nt=nt)
    return eq, simulate(eq, n=1, seed=seed, nx=nx)


SIZES = {  # name -> how it is made
    "KdV, 20 × 40 × 64": (kdv, 20, 40, 64), "KdV, 200 × 40 × 64": (kdv, 200, 40, 64), "KdV, 2000 × 40 × 64": (kdv, 2000, 40, 64),
    "KdV, 8 × 64 × 64": (kdv, 8, 64, 64), "KdV, 8 × 256 × 256": (kdv, 8, 256, 256), "KdV, 8 × 512 × 512": (kdv, 8, 512, 512),
    "three fields, 1 × 50 × 16³": (mixed, 50, 16), "three fields, 1 × 50 × 64³": (mixed, 50, 64),
}


def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss*(1 if sys.platform == "darwin" else 1024)/1e6  # MB


def make(name, path):
    make, *sizes = SIZES[name]
    eq, data = make(*sizes)
    data.save(path)
    return eq.text


def measure(name, path, text, in_memory):
    torch.set_num_threads(1)
    eq = Equation(text, independent=("t", *open_trajectories(path).axes))
    data = Trajectories.load(path) if in_memory else open_trajectories(path)
    before, clock = peak(), time.process_time()
    task = PDETask(eq, data, domain="local")
    made, clock = time.process_time() - clock, time.process_time()
    sym = solve(task)
    values = 8*len(data.dependent)*data.n*data.nt*torch.tensor(data.shape).prod().item()
    return {"values_mb": round(values/1e6, 2), "task_s": round(made, 2), "solve_s": round(time.process_time() - clock, 2), "dim": sym.dim,
            "before_mb": round(before), "peak_mb": round(peak()), "rows_read": data.rows_read, "residual": sym.about["data"]["residual"]}


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
