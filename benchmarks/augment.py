"""Time of moving one 256 × 140 trajectory by formulas, bases and networks, and its share of a training step of the paper's FNO.

python benchmarks/augment.py [--threads 2] [--repeats 5] [--seed 0] [--no-training] [--json nbs/experiments/results/augment.json]
"""
import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch

from symnb.applications.augment import Mover
from symnb.applications.operators import FNO
from symnb.core.checks import header, machine, write_json
from symnb.data.equations import EQUATIONS
from symnb.data.simulate import simulate
from symnb.discovery.solve import solve
from symnb.geometry.neural import NeuralField
from symnb.tasks.pde import PDETask

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/augment.json"
LIMITS = {"formulas": 30., "formulas holding u": 30., "bases": 30., "bases, 405 terms": 30., "networks": 500.}  # ms a trajectory
BATCH = 16  # of the training step


def timed(f, repeats):
    """Wall and processor seconds of f: medians and the fastest, after one warm-up."""
    f()
    wall, cpu = [], []
    for _ in range(repeats):
        a, b = time.perf_counter(), time.process_time()
        f()
        wall.append(time.perf_counter() - a)
        cpu.append(time.process_time() - b)
    return {"ms": 1e3*float(np.median(wall)), "fastest ms": 1e3*min(wall), "cpu ms": 1e3*float(np.median(cpu))}


def cases(seed):
    """Name, kind, fields, data, settings and how many trajectories at once."""
    data = {name: simulate(EQUATIONS[name], n=16, seed=seed) for name in ("KdV", "nKdV", "cKdV")}
    found = {name: solve(PDETask(EQUATIONS[name], d)) for name, d in data.items()}
    kdv = data["KdV"]
    network = NeuralField(k=4, units=kdv.scales, scales=kdv.scales, periods={"x": kdv.length}, seed=seed)
    for name, d in data.items():
        yield f"{name}, known generators", "formulas", EQUATIONS[name].known, d, {}, 16
        yield f"{name}, exact slots", "bases", found[name], d, {}, 16
    yield "KdV, sin(2πx/L) ∂x", "formulas", "sin(2*pi*x/128)*dx", kdv, {}, 16
    yield "KdV, cos(2πx/L) ∂t", "formulas", "cos(2*pi*x/128)*dt", kdv, {}, 16
    yield "KdV, u cos(2πx/L) ∂t + u ∂u", "formulas holding u", "u*cos(2*pi*x/128)*dt + u*du", kdv, {}, 8
    yield "cKdV, exact and approximate slots", "bases, 405 terms", found["cKdV"], data["cKdV"], {"slots": "approximate"}, 14
    yield "KdV, slots 0-3, the last no symmetry", "bases, 405 terms", found["KdV"], kdv, {"slots": [0, 1, 2, 3]}, 14
    yield "network 4 → 256 → 256 → 4 × 32 → 4 × 3", "networks", network, kdv, {}, 8
    yield "KdV, known, accumulate", "the paper's", EQUATIONS["KdV"].known, kdv, {"resample": "accumulate"}, 2
    yield "KdV, known, bilinear", "the paper's", EQUATIONS["KdV"].known, kdv, {"resample": "bilinear"}, 2


def training_step(seed):
    """One step of Adam on a batch of 16 windows, 20 rows in and 20 out, of the FNO of neuraloperator at the paper's size."""
    torch.manual_seed(seed)
    net = FNO()
    optimizer = torch.optim.AdamW(net.parameters(), 1e-4)
    u, v = torch.randn(2, BATCH, 20, 256)

    def step():
        optimizer.zero_grad()
        (net(u) - v).square().mean().backward()
        optimizer.step()
    return step, f"{net.n_parameters:,} parameters"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-training", action="store_true")
    parser.add_argument("--json", type=Path, default=RESULTS)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    results, within = [], True
    print(f"{'':42} {'ms a trajectory':>16} {'fastest':>8} {'cpu':>7}   limit  rows kept")
    for name, kind, sym, data, settings, m in cases(args.seed):
        mover = Mover(sym, data, seed=args.seed, **settings)
        c = [mover.draw(0, i) for i in range(m)]
        row = {k: v/m for k, v in timed(lambda: mover(range(m), c), args.repeats).items()}  # noqa: B023
        found, limit = mover(range(m), c), LIMITS.get(kind)
        row |= {"case": name, "kind": kind, "batch": m, "limit ms": limit, "load": os.getloadavg()[0], "moved": int(found.moved.sum()),
                "rows kept": float((found.stop - found.first).double().mean()),
                "table": mover.motion.table if mover.motion.parts is None else None}
        within &= limit is None or row["fastest ms"] <= limit
        results.append(row)
        print(f"{name:42} {row['ms']:16.1f} {row['fastest ms']:8.1f} {row['cpu ms']:7.1f}  {limit or '–':>6}  {row['rows kept']:9.1f}"
              f"  {row['moved']:2} of {m:2} moved  {row['table'] or ''}", flush=True)
    training, verdict = None, "within" if within else "NOT within"
    if not args.no_training:
        step, size = training_step(args.seed)
        training = timed(step, min(3, args.repeats))
        training |= {"network": f"FNO of neuraloperator, width 256, 32 modes, 5 layers, {size}", "batch": BATCH}
        print(f"training step, {training['network']}, batch {BATCH}: {training['ms']:.0f} ms (fastest {training['fastest ms']:.0f})")
        for row in results:  # half of a batch is moved, each window from a trajectory of its own
            extra = BATCH/2*row["fastest ms"]
            row["share of a training step"] = extra/(extra + training["fastest ms"])
            print(f"  {row['case']:42} {100*row['share of a training step']:5.1f} % of a step, if every copy is made for one window")
    print(f"{verdict} the limits (fastest of {args.repeats}, {args.threads} threads, load {os.getloadavg()[0]:.1f})")
    write_json(args.json, header("benchmark", command=" ".join(["python", *sys.argv]), seed=args.seed, threads=args.threads,
                                 repeats=args.repeats, machine=machine(), load=os.getloadavg(), limits=LIMITS, within_limits=within,
                                 results=results, training=training))


if __name__ == "__main__":
    main()
