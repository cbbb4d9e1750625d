"""How long the sliders of `explore` take to answer: from a state to the picture's bytes, for the five equations and for pictures.

python benchmarks/explore.py [--states 20] [--out nbs/experiments/results/explore.json]
"""
import argparse
import time
from pathlib import Path

import numpy as np

from symnb.core.checks import header, machine, write_json
from symnb.data.equations import EQUATIONS
from symnb.data.invariants import blobs, rotation_moments
from symnb.data.simulate import simulate
from symnb.discovery.solve import solve
from symnb.display.widgets import State, explorer_of
from symnb.geometry.fields import Basis
from symnb.tasks.image import ImageTask
from symnb.tasks.pde import PDETask

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/explore.json"


def cases():
    "Name and explorer: all that is printed of a result, and for KdV the scaling, which needs the neighbouring periods."
    for name, eq in EQUATIONS.items():
        data = simulate(eq, n=2, seed=0)
        sym = solve(PDETask(eq, data))
        yield name, explorer_of(sym, data)
        if name == "KdV":
            yield "KdV with its scaling", explorer_of(sym, data, generators=["dt", "dx", "t*dx + du", "3*t*dt + x*dx - 2*u*du"])
    task = ImageTask(rotation_moments(), blobs(24, 32, seed=2))
    sym = solve(task, Basis.polynomial(("x", "y"), 2))
    yield "pictures, 32 × 32", explorer_of(sym, task.images, task, range(4) if len(sym.printed) > 3 else None)


def measure(explorer, states):
    "Milliseconds from a state to its picture and score: wall and processor, median and slowest of states that were not asked for before."
    k, rng, wall, work = len(explorer.generators), np.random.default_rng(0), [], []
    for _ in range(states + 1):
        state = State(tuple(rng.uniform(-1, 1, k).round(3).tolist()), float(rng.uniform(-.3, .3)))
        begun, busy = time.perf_counter(), time.process_time()
        explorer(state)
        wall.append(1e3*(time.perf_counter() - begun))
        work.append(1e3*(time.process_time() - busy))
    return {"median": float(np.median(wall[1:])), "slowest": max(wall[1:]), "processor": float(np.median(work[1:])), "first": wall[0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--states", type=int, default=20)
    parser.add_argument("--out", type=Path, default=RESULTS)
    a = parser.parse_args()
    rows = []
    for name, explorer in cases():
        row = measure(explorer, a.states)
        rows.append({"data": name, "generators": len(explorer.generators), **row})
        print(f"{name:22} {len(explorer.generators)} generators: median {row['median']:4.0f} ms, slowest {row['slowest']:4.0f} ms, "
              f"processor {row['processor']:4.0f} ms, first {row['first']:4.0f} ms", flush=True)
    write_json(a.out, header("explore", machine=machine(), states=a.states, rows=rows))


if __name__ == "__main__": main()
