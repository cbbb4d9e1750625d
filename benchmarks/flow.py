"""Finite flows on jets: what training finds, and `learn` on equations without data. (A step of it is timed by `flow_step.py`.)

python benchmarks/flow.py train    [--seeds 0-2] [--steps …]               KdV's generators by jets alone, from a random start
python benchmarks/flow.py systems  [--only …] [--seeds 0-2]                 closed heads, default arguments, `solve` beside them

Each writes nbs/experiments/results/flow_KIND.json (--out: elsewhere). One torch thread; seconds of the processor and of the clock.
"""
import argparse
import itertools
import os
import sys
import time
from pathlib import Path

import torch

from symnb.core.checks import header, machine, read_json, write_json
from symnb.data.equations import Equation, get_equation
from symnb.data.simulate import simulate
from symnb.discovery.learn import JETS, OF_JETS, REACH, WAYS, learn
from symnb.discovery.solve import solve
from symnb.geometry.fields import Field, principal_cosines
from symnb.tasks.formal import EquationTask
from symnb.tasks.pde import PDETask

FOLDER = Path(__file__).resolve().parent.parent/"nbs/experiments/results"
OMEGA = "u_t = lap(u) + u*(1 - u**2 - v**2) + v*(u**2 + v**2); v_t = lap(v) + v*(1 - u**2 - v**2) - u*(u**2 + v**2)"
SYSTEMS = {"lambda-omega in the plane": (OMEGA, {}, 5),
           "cubic Schroedinger": ("I*psi_t + psi_xx + abs(psi)**2*psi = 0", {"complex_fields": ("psi",)}, 5)}


def say(text): print(text, file=sys.stderr, flush=True)


def about(a):
    return {"command": " ".join(["python", *sys.argv]), "machine": machine(), "load": os.getloadavg(), "threads": torch.get_num_threads()}


def clocks(): return torch.tensor([time.process_time(), time.perf_counter()], dtype=torch.float64)


# ---------------------------------------------------------------- from a random start


def kept(a): return read_json(a.out)["runs"] if a.out.is_file() else []


def record(a, key, run): # in place of an older one
    runs = [r for r in kept(a) if r["key"] != key] + [{"key": key, "about": about(a)} | run]
    write_json(a.out, header("benchmark", **about(a), runs=sorted(runs, key=lambda r: str(r["key"]))))


def train(a):
    "Default arguments but for the steps; cosines of the first three slots with the known generators while it trains."
    eq = get_equation("KdV")
    for seed in a.seeds:
        task = PDETask(eq, simulate(eq, n=8, seed=seed), seed=seed)
        known, measure, curve, began = Field.stack(list(eq.known.values())), (task.points, task.weights, task.scales), [], clocks()
        settings = WAYS["flow"] | OF_JETS | {"steps": a.steps or WAYS["flow"]["steps"], "sigma": REACH["jets"]}
        def look(i, field, seed=seed, known=known, measure=measure, curve=curve, began=began, settings=settings, **found):
            cosines = principal_cosines(field[[0, 1, 2]], known, *measure).tolist()
            last = {"step": i, "seconds": (clocks() - began).tolist(), "cosines": cosines}
            curve.append(last)
            say(f"   seed {seed}, step {i}: {last['seconds'][1]:.0f} s, " + " ".join(f"{c:.5f}" for c in cosines))
            run = {"settings": settings, "curve": curve, "cosines": cosines}
            run |= {"processor": last["seconds"][0], "clock": last["seconds"][1]}
            record(a, {"equation": "KdV", "seed": seed}, run | {"done": bool(found), "formulas": []} | found)
        sym = learn(task, seed=seed, objective="flow", steps=a.steps, watch=look, often=a.often, early=False, progress=False)
        look(sym.log.step, sym.field, status=sym.status, formulas=[f.text for f in sym.formulas])


# ---------------------------------------------------------------- equations without data


def systems(a):
    "Closed heads with as many slots as `solve` finds generators."
    for name, seed in itertools.product(a.only, a.seeds):
        text, settings, count = SYSTEMS[name]
        eq = Equation(text, **settings)
        whole = solve(eq)
        began = clocks()
        sym = learn(eq, slots=count, seed=seed, progress=False)
        took = (clocks() - began).tolist()
        task = EquationTask(eq, jets=JETS, seed=1000 + seed) # other jets than those of training
        cosines = principal_cosines(sym.field, whole.field[:whole.dim], task.points, task.weights, task.scales).tolist()
        say(f"{name}, seed {seed}: {whole.dim} of {count} by solve, {took[0]:.1f} s, cosines " + " ".join(f"{c:.6f}" for c in cosines))
        formulas = {"formulas": [f.text for f in sym.formulas], "by solve": [f.text for f in whole.formulas]}
        run = {"equation": text, "dim": whole.dim, "expected": count, "cosines": cosines, "processor": took[0], "clock": took[1]}
        record(a, {"system": name, "seed": seed}, run | {"status": sym.status} | formulas)


def numbers(text):
    "0-4 or 0,3 as a list."
    return [i for part in text.split(",") for a, _, b in [part.partition("-")] for i in range(int(a), int(b or a) + 1)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = parser.add_subparsers(dest="kind", required=True)
    for run in (train, systems):
        p = sub.add_parser(run.__name__, help=run.__doc__)
        p.add_argument("--out", type=Path, default=FOLDER/f"flow_{run.__name__}.json")
        p.set_defaults(run=run)
        p.add_argument("--seeds", type=numbers, default=numbers("0-2"), help="(0-2)")
        if run is train:
            p.add_argument("--steps", type=int, help="(those of learn)")
            p.add_argument("--often", type=int, default=100, help="steps between two looks (100)")
        if run is systems: p.add_argument("--only", nargs="+", choices=list(SYSTEMS), default=list(SYSTEMS))
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.run(args)
    return 0


if __name__ == "__main__":
    sys.exit(main())
