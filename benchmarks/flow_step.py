"""One step of the flow objective at the paper's size, on jets and on patches: time, parts, memory, growth, and the same written plainly.

python benchmarks/flow_step.py [--parts base jets plain growth] [--threads 2 1] [--repeats 3] [--json] [--out …/flow_step.json]

KdV, batch 4, patches of 64 × 64, 4 slots, 4 scored times, network 256, 256 and 32 a slot: the step that `learn` takes, with its backward
pass and the update of Adam. Beside it 250 jets, in one thread, both moved equally far. Every case runs in a process of its own, so that
its peak of memory is its own. Parts that are not asked for stay in the file.
"""
import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import torch

from symnb.core.checks import fail, header, machine, read_json, write_json
from symnb.core.training import Share, step_generator
from symnb.data.equations import get_equation
from symnb.data.simulate import simulate
from symnb.discovery.learn import OF_JETS, REACH, START, Flows, Penalties, _way
from symnb.tasks.pde import PDETask

RESULTS = Path(__file__).resolve().parent.parent/"nbs/experiments/results/flow_step.json"
BASE = {"slots": 4, "patch": 64, "batch": 4, "times": 4, "hidden": [256, 256], "head": [32], "sigma": .4, "late": False,
        "scheme": "jacobian"}
ON_JETS = {"scheme": "jets", "batch": OF_JETS["batch"], "sigma": REACH["jets"]}
GROWTH = {"slots": (1, 2, 4, 8), "patch": (32, 64, 128), "batch": (1, 2, 4, 8)}
LIMITS = {"s": 6., "GB": 3., "s on jets": 1.}
PUBLISHED = {"s": [70, 165], "source": "published code of Ko, Kim & Lee 2024, one step of this size on a machine of this kind"}
PARTS = ("flow forward", "score forward", "backward", "penalties", "update", "step size and rest")
PARTS_OF_FILE = ("base", "jets", "plain", "growth")
STEPS = 1000 # of a run, for the phase in which the Sobolev term is on


def peak(): # high-water mark of this process in GB; ru_maxrss would remember the parent's from before exec
    status = Path("/proc/self/status")
    if status.exists(): return int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1])/2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/2**20


# ---------------------------------------------------------------- the step of `learn`, its parts timed


class Clock:
    "Seconds by part."
    def __init__(self): self.parts = {}
    def __call__(self, name, fn, *args, **kwargs):
        start = time.perf_counter()
        out = fn(*args, **kwargs)
        self.parts[name] = self.parts.get(name, 0.) + time.perf_counter() - start
        return out


class TimedTask(PDETask):
    "The task, with the time that its violation and the score in it take."
    clock = Clock()
    def violation(self, *args, **kwargs): return self.clock("violation", super().violation, *args, **kwargs)
    def score(self, *args, **kwargs): return self.clock("score forward", super().score, *args, **kwargs)


class TimedShare(Share):
    "One process, with the time that backward passes take."
    def backward(self, loss): return TimedTask.clock("backward", super().backward, loss)


class TimedPenalties(Penalties):
    "The losses besides validity, with their time."
    def __call__(self, *args): return TimedTask.clock("penalties", super().__call__, *args)


def moving(size, penalties=Penalties):
    "What `learn` would train, on KdV."
    eq = get_equation("KdV")
    task = TimedTask(eq, simulate(eq, n=8, seed=0), seed=0)
    flows = Flows(sigma=size["sigma"], patch=(size["patch"], size["patch"]), times=size["times"], scheme=size["scheme"])
    sizes = {"way": "flow", "seed": 0, "steps": STEPS} | {n: size[n] for n in ("slots", "batch", "hidden", "head")}
    return _way(task, sizes, penalties(), START, flows, None)


def one(size, repeats, seed):
    "Median seconds of a step and of its parts; one step to warm up; memory beyond imports and in all."
    at_import = peak()
    way, share = moving(size, TimedPenalties), TimedShare()
    params = [p for m in way.modules.values() for p in m.parameters()]
    optimizer = torch.optim.Adam(params, lr=1e-4)
    at_rest, found = peak(), []
    for i in range(repeats + 1):
        TimedTask.clock.parts = clock = {}
        start, busy = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        out = way.step(STEPS - 1 - i if size["late"] else i, step_generator(seed, i), share)
        if out["loss"].requires_grad: TimedTask.clock("backward", out["loss"].backward)
        TimedTask.clock("update", optimizer.step)
        parts = {"violation": 0., "score forward": 0., "penalties": 0.} | clock
        parts |= {"whole": time.perf_counter() - start, "processor": time.process_time() - busy}
        parts |= {"rk4": float(out.get("rk4", 0)), "flow forward": parts["violation"] - parts["score forward"]}
        del parts["violation"]
        parts["step size and rest"] = parts["whole"] - sum(parts[k] for k in PARTS[:-1])
        found.append(parts | {"loss": float(out["loss"].detach())})
    kept = found[1:]
    return {k: median(f[k] for f in kept) for k in kept[0]} | {"first": found[0]["whole"], "all": [f["whole"] for f in kept],
            "peak GB": peak(), "own GB": peak() - at_import, "at import GB": at_import, "at rest GB": at_rest, "load": os.getloadavg()[0]}


# ---------------------------------------------------------------- the same, written plainly


def plain_flow(field, points, s, times, steps):
    "RK4 with equal steps; every slot's copy is put through all heads, of whose outputs one is kept."
    def velocity(P): return torch.stack([field(P[..., a])[..., a] for a in range(field.k)], -1)
    P, out, h = points[..., None].expand(*points.shape, field.k), [], s/steps
    for i in range(1, steps + 1):
        k1 = velocity(P)
        k2 = velocity(P + h/2*k1)
        k3 = velocity(P + h/2*k2)
        k4 = velocity(P + h*k3)
        P = P + h/6*(k1 + 2*k2 + 2*k3 + k4)
        if i % (steps//times) == 0: out.append(P)
    return torch.stack(out)


def plain(size, repeats, seed):
    "The same objective with the paper's RK4 step σ/10, all patches at once, nothing shared and nothing computed again: seconds, memory."
    at_import, way, found = peak(), moving(size), []
    task, field, share = way.task, way.now(), Share()
    optimizer = torch.optim.Adam([p for m in way.modules.values() for p in m.parameters()], lr=1e-4)
    steps = size["times"]*-(-10//size["times"]) # at least 10, the scored times among them
    for i in range(repeats + 1):
        g, start = step_generator(seed, i), time.perf_counter()
        optimizer.zero_grad()
        patches = task.patches(size["batch"], way.patch, g)
        s = way.sigma*(2*torch.rand(size["batch"], field.k, generator=g, dtype=torch.float64) - 1)
        _, norms, penalty, _ = way.penalties(task, field, g, size["late"])
        Q = plain_flow(field, patches, (s/norms)[:, None, None, None], size["times"], steps)
        S = task.score(Q.movedim(-1, 2)).mean((0, 1))
        share.backward(way.penalties.sym*S.mean() + penalty)
        optimizer.step()
        found.append(time.perf_counter() - start)
    return {"whole": median(found[1:] or found), "all": found[1:] or found, "rk4": steps, "peak GB": peak(), "own GB": peak() - at_import,
            "load": os.getloadavg()[0]}


# ---------------------------------------------------------------- all cases


def apart(kind, size, repeats, threads, seed):
    "A case in a process of its own."
    words = json.dumps([kind, size, repeats, threads, seed])
    done = subprocess.run([sys.executable, __file__, "--one", words], stdout=subprocess.PIPE, text=True)
    if done.returncode: fail(f"{kind} {size} ended with exit code {done.returncode}", fix="its message above, or more memory")
    r = json.loads(done.stdout) | {"kind": kind, "size": size, "threads": threads}
    moved = f"batch {size['batch']}, patch {size['patch']}" if size["scheme"] == "jacobian" else f"{size['batch']} {size['scheme']}"
    what = f"{size['slots']} slots, {moved}{', Sobolev' if size['late'] else ''}, {threads} threads"
    parts = ", ".join(f"{k} {r[k]:.2f}" for k in PARTS if k in r)
    memory = f"{r['own GB']:.2f} GB beyond imports, {r['peak GB']:.2f} in all"
    print(f"{kind:5} {what}: {r['whole']:.2f} s ({parts}), {memory}, {r['rk4']:.0f} RK4 steps", file=sys.stderr, flush=True)
    return r


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1], help="torch threads; growth at the first (2 1)")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plain-batch", type=int, default=1, help="trajectories of the plain reference and of the step beside it (1)")
    parser.add_argument("--patch", type=int, default=BASE["patch"], help="(64)")
    parser.add_argument("--parts", nargs="+", choices=PARTS_OF_FILE, default=PARTS_OF_FILE)
    parser.add_argument("--json", action="store_true", help="print the file, too")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        kind, size, repeats, threads, seed = json.loads(args.one)
        torch.set_num_threads(threads)
        print(json.dumps({"one": one, "plain": plain}[kind](size, repeats, seed)))
        return 0
    return run(args)


def run(args):
    base, first, load = BASE | {"patch": args.patch}, args.threads[0], os.getloadavg()
    now = {"command": " ".join(["python", *sys.argv]), "repeats": args.repeats, "machine": machine(), "load": load}
    about = {"seed": args.seed, "size": base, "paper's size": base == BASE, "parts": PARTS, "limits": LIMITS, "published": PUBLISHED}
    found = read_json(args.out) if args.out.is_file() else {}
    found = {k: found[k] for k in (*PARTS_OF_FILE, "ratio", "created", *now) if k in found}
    def case(kind, repeats=args.repeats, threads=first, **size): return apart(kind, base | size, repeats, threads, args.seed)
    def keep(**new):
        found.update(new)
        write_json(args.out, header("benchmark", **now | found | about))
    if "base" in args.parts:
        found.pop("created", None)
        keep(base=[*(case("one", threads=n) for n in args.threads), case("one", late=True)], **now)
    if "jets" in args.parts:
        runs = [case("one", threads=1, **size) for size in (ON_JETS, {"sigma": ON_JETS["sigma"]})]
        keep(jets={"about": now, "runs": runs, "ratio": {k: runs[1][k]/runs[0][k] for k in ("processor", "whole")}})
    if "plain" in args.parts:
        plain = [case("one", batch=args.plain_batch), case("plain", repeats=1, batch=args.plain_batch)]
        keep(plain=plain, ratio=plain[1]["whole"]/plain[0]["whole"])
    if "growth" in args.parts:
        fewer = max(1, args.repeats - 1)
        keep(growth={name: [case("one", fewer, **{name: v}) for v in values] for name, values in GROWTH.items()})
    if "base" in args.parts: judge(found["base"][0], base)
    if args.json: print(args.out.read_text(encoding="utf-8"))
    return 0


def judge(r, base):
    "In one line: within the limits or not."
    verdict = "within" if r["whole"] <= LIMITS["s"] and r["peak GB"] <= LIMITS["GB"] else "NOT within"
    low, high = (p/r["whole"] for p in PUBLISHED["s"])
    text = f"{verdict} {LIMITS['s']:g} s and {LIMITS['GB']:g} GB; published code {low:.0f} to {high:.0f} times as long"
    if base != BASE: text = "not the paper's size, so no verdict"
    print(f"a step: {r['whole']:.2f} s, {r['peak GB']:.2f} GB: {text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
