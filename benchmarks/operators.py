"""Test NMSE of FNOs against the number of training trajectories, with and without symmetries: one line of JSON a training.

python benchmarks/operators.py [--size cpu|paper] [--equations KdV KS nKdV cKdV reaction water] [--arms none known solved learned exact …]
    [--train 8 16 32 64] [--seeds 0 1 2 3 4] [--resampled KS] [--device auto] [--out FILE] [--plan]

Arms: none; known, the generators proved by hand; solved and learned, by `solve` and `learn` from the smallest training set,
with default arguments (exact slots; of `learn` the approximate ones too); where an approximate symmetry is known (cKdV)
also approximate, and both. Two more equations, for those who ask for them, are systems on the plane: reaction (λ–ω) and water
(shallow water), one step at a time, on 32 × 32 points, tested by roll-out. Every arm of a seed sees the same trajectories, the same
initial weights and the same draws.
Trainings that are in FILE already, with the same settings, are not repeated; an interrupted run goes on where it stopped.

--size cpu    width 32, 24 modes (KdV 32), 4 layers, 600 steps of 16 windows, 64 points: 6-8 s a training on one core
--size paper  width 256, 32 modes, 5 layers, 40 epochs, 256 points: for a GPU, not yet run
"""
import argparse
import itertools
import json
import math
import os
import shlex
import sys
import time
from pathlib import Path

import torch

from symnb.applications.augment import augment
from symnb.applications.operators import coarser, get_windows, paper_steps, persistence, score, train_operator
from symnb.core.checks import check_choice, header, machine
from symnb.data.equations import Equation, Waves, get_equation
from symnb.data.simulate import simulate
from symnb.discovery.learn import learn
from symnb.discovery.solve import solve
from symnb.tasks.pde import PDETask

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/operators.jsonl"
TASK = {"KdV": "autoregressive", "KS": "autoregressive", "nKdV": "single-time", "cKdV": "single-time"}
SPIRAL = ("u_t = 0.1*lap(u) + (1 - u**2 - v**2)*u + 2*(u**2 + v**2)*v", "v_t = 0.1*lap(v) + (1 - u**2 - v**2)*v - 2*(u**2 + v**2)*u")
WATER = ("h_t + diff(h*u, x) + diff(h*v, y) = 0", "u_t + u*u_x + v*u_y + h_x = 0", "v_t + u*v_x + v*v_y + h_y = 0")
PLANE = {  # name -> system on the plane, and those of its symmetries that have the period
    "reaction": (Equation(SPIRAL, length=4*math.pi, nx=32, nt=60, duration=6, waves=Waves(modes=(1, 1), amplitude=0.3)),
                 ("dt", "dx", "dy", "u*dv - v*du")),
    "water": (Equation(WATER, length=2*math.pi, nx=32, nt=60, duration=1.5, positive=("h",)), ("dt", "dx", "dy", "t*dx + du", "t*dy + dv")),
}
ARMS = ("none", "known", "solved", "learned", "approximate", "both")
RESAMPLE = ("spectral", "accumulate", "bilinear")
UNSEEN = 9000  # seed of the test set
SIZES = {
    "cpu": dict(net=dict(width=32, modes=24, layers=4, head=64), nx=64, steps=600, lr=3e-3, test=64,
                train=(8, 16, 32, 64), alone=(128, 256), resampled=32),
    "paper": dict(net=dict(width=256, modes=32, layers=5, head=128), nx=256, steps=None, lr=1e-4, test=512,
                  train=(16, 32, 64, 128, 256, 512), alone=(1024,), resampled=512),
}


def equation(name):
    "The equation of this name."
    return PLANE[name][0] if name in PLANE else get_equation(name)


def settings_of(size, name):
    "What `train_operator` is called with for an equation, beside data and seed."
    s = SIZES[size]
    modes = 12 if name in PLANE else 32 if name == "KdV" else s["net"]["modes"]  # KdV's solitons: 6 % of the energy lie above mode 24
    return {**s["net"], "modes": modes, "steps": s["steps"], "lr": s["lr"], "batch": 16, "original": 0.5}


def plan(args):
    "All trainings asked for, as keys: equation, seed, arm, resampling, trajectories."
    for name, seed in itertools.product(args.equations, args.seeds):
        there = dict.fromkeys(("approximate", "both"), name not in PLANE and get_equation(name).approximate)
        arms = [a for a in args.arms if there.get(a, True)]
        runs = [(arm, "spectral", n) for arm in arms for n in args.train] + [("none", "spectral", n) for n in args.alone if "none" in arms]
        if name in args.resampled: runs += [("known", how, SIZES[args.size]["resampled"]) for how in RESAMPLE]
        for arm, how, n in dict.fromkeys(runs): yield dict(size=args.size, equation=name, seed=seed, arm=arm, resample=how, n=n)


def generators(arm, name, eq, data, seed):
    "What `augment` is called with, and the names of the fields."
    if arm == "known" and name in PLANE: return dict(sym=list(PLANE[name][1])), list(PLANE[name][1])
    if arm in ("known", "approximate", "both"):
        known, nearly = list(eq.known.values()), list(eq.approximate.values())
        fields = {"known": known, "approximate": nearly, "both": known + nearly}[arm]
        return dict(sym=fields), [str(f) for f in fields]
    task = PDETask(eq, data, seed=seed)
    sym = solve(task) if arm == "solved" else learn(task, seed=seed, progress=False)
    slots = [a for a, s in enumerate(sym.status) if s == "exact" or (arm == "learned" and s != "none")]
    return dict(sym=sym, slots=slots), [str(f) for f in sym.formulas] or [f"slot {a}" for a in slots]


class Prepared:
    "Data, copies and baselines of one equation and one seed, each made once."

    def __init__(self, name, seed, args):
        self.name, self.eq, self.seed, self.args, self.size = name, equation(name), seed, args, SIZES[args.size]
        self.windows, self.made = get_windows(TASK.get(name, "one-step")), {}
        self.moved = max([*args.train, self.size["resampled"]*(name in args.resampled)])
        many = max([self.moved, *args.alone])
        self.data, self.test = (self.solutions(n, s) for n, s in ((many, seed), (self.size["test"], UNSEEN)))
        self.persistence = score(persistence(self.windows), self.test, self.windows).mean

    def solutions(self, n, seed):
        "So many of them, on the points of this size."
        data = simulate(self.eq, n=n, seed=seed)
        return data if self.name in PLANE else coarser(data, self.size["nx"])

    def copies(self, arm, how, n):
        "16 copies of each of the first n trajectories, taken from those of all; what was done."
        if (arm, how) not in self.made:
            clock = time.perf_counter()
            given, names = generators(arm, self.name, self.eq, self.data[:min(SIZES[self.args.size]["train"])], self.seed)
            moved = augment(trajectories=self.data[:self.moved], copies=4 if self.name in PLANE else 16, scale=0.1, seed=self.seed,
                            resample=how, least=min(60, 2*self.data.nt//3), originals=False, common=False, **given)
            self.made[arm, how] = moved, time.perf_counter() - clock, names
        moved, seconds, names = self.made[arm, how]
        made = moved.meta["augmented"]
        pick = [i for i, source in enumerate(made["source"]) if source < n]
        some = moved[pick]
        some.meta = some.meta | {"augmented": {"originals": 0, "kept": [made["kept"][i] for i in pick]}}
        return some, {"copies": len(pick), "untouched": sum(not made["moved"][i] for i in pick), "augment_s": seconds, "generators": names}

    def run(self, key):
        "One training and its test errors."
        settings, made = settings_of(key["size"], self.name), {"copies": 0}
        data, copies = self.data[:key["n"]], None
        if key["arm"] != "none": copies, made = self.copies(key["arm"], key["resample"], key["n"])
        clock = time.perf_counter()
        op = train_operator(data, self.windows, copies, seed=self.seed, device=self.args.device, progress=sys.stderr.isatty(),
                            title=" ".join(map(str, key.values())), **settings)
        if op.log.stopped != "finished": sys.exit(130)
        seconds = time.perf_counter() - clock
        found = op.score(self.test)
        each = found.each.nan_to_num(math.inf, math.inf)
        error = {"nmse": float(each.mean()), "median": float(each.median()), "standard_error": float(each.std())/len(each)**0.5,
                 "first_window": float(found.nmse[:, :self.windows.outputs].mean()), "persistence": self.persistence}
        return made | {k: v if math.isfinite(v) else None for k, v in error.items()} | {
            "loss": sum(r["loss"] for r in op.log.rows[-20:])/20, "train_s": seconds, "steps": op.about["steps"],
            "parameters": op.net.n_parameters, "test": self.test.n}


def read(path):
    "The whole lines of a file of results; half a line at its end, from a run that was killed, is cut off."
    if not path.exists(): return []
    text = path.read_text(encoding="utf-8")
    if not text.endswith("\n") and text:
        text = text[:text.rfind("\n") + 1]
        os.truncate(path, len(text.encode()))
    return [json.loads(line) for line in text.splitlines()]


def append(path, row):
    "Add one line in one write."
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab", buffering=0) as f: f.write((json.dumps(row, allow_nan=False) + "\n").encode())


def same(key, settings): return json.dumps([key, settings], sort_keys=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="cpu")
    parser.add_argument("--equations", nargs="+", default=list(TASK))
    parser.add_argument("--arms", nargs="+", default=list(ARMS))
    parser.add_argument("--train", nargs="+", type=int, help="numbers of training trajectories")
    parser.add_argument("--alone", nargs="*", type=int, help="more of them for the arm none")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(5)))
    parser.add_argument("--resampled", nargs="*", default=["KS"], help="equations to compare the resampling schemes on")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--plan", action="store_true", help="say what would be run, and stop")
    args = parser.parse_args()
    for name in args.equations: check_choice(name, [*TASK, *PLANE], "equation")
    for arm in args.arms: check_choice(arm, ARMS, "arm")
    if args.train is None: args.train = SIZES[args.size]["train"]
    if args.alone is None: args.alone = SIZES[args.size]["alone"]
    return args


def main():
    args = arguments()
    done = {same({k: row[k] for k in ("size", "equation", "seed", "arm", "resample", "n")}, row["settings"]) for row in read(args.out)}
    left = [key for key in plan(args) if same(key, settings_of(args.size, key["equation"])) not in done]
    steps = [SIZES[args.size]["steps"] or paper_steps(key["n"], get_windows(TASK.get(key["equation"], "one-step"))) for key in left]
    print(f"{len(left)} trainings to do, {sum(steps):,} steps; {len(done)} in {args.out}")
    if args.plan: return
    about = {"command": shlex.join(["python", *sys.argv]), "machine": machine(), "threads": torch.get_num_threads()}
    for (name, seed), keys in itertools.groupby(left, lambda key: (key["equation"], key["seed"])):
        one = Prepared(name, seed, args)
        for key in keys:
            row = key | {"settings": settings_of(args.size, name), "nx": one.data.shape[0]} | one.run(key)
            append(args.out, row | about | header("operators"))
            error = "diverged" if row["nmse"] is None else f"{row['nmse']:.4f}"
            what = f"{row['arm']:11} {row['resample']:10} n = {row['n']:4}"
            print(f"{name:5} seed {seed} {what}  NMSE {error}  {row['train_s']:.1f} s", flush=True)


if __name__ == "__main__": main()
