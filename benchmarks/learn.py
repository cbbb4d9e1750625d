"""What `learn` finds, in what time: cosines with the known generators while it trains, and at the end.

python benchmarks/learn.py closed    [--only KdV …] [--seeds 0-4]               default arguments, `solve` on the same data beside it
python benchmarks/learn.py gradient  [--only KdV …] [--seeds 0-2] [--frozen 0]  heads by gradient; with --frozen also with a frozen trunk
python benchmarks/learn.py flow      [--only KdV] [--seeds 0] [--steps 1500 …]  flow of patches alone, random start (jets: flow.py)
python benchmarks/learn.py refine    [--only KdV] [--seeds 0] [--steps 2000 …]  fields disturbed to cosine .95, brought back by the flow
python benchmarks/learn.py ablations [--only tau sigma …] [--seeds 0]           on KS, at a small size

Every kind writes nbs/experiments/results/learn_KIND.json, whole and anew after every run (--out: elsewhere). A run that is there with
the same settings is skipped, so a command that was stopped goes on when it is given again; `flow` goes on from its last checkpoint.
"""
import argparse
import hashlib
import inspect
import itertools
import json
import os
import sys
import time
from dataclasses import asdict, is_dataclass, replace
from functools import partial
from math import isfinite
from pathlib import Path
from statistics import median

import torch

from symnb.core.checks import fail, header, machine, read_json, seeded, write_json
from symnb.data.equations import TABLE, get_equation
from symnb.data.simulate import simulate
from symnb.discovery.learn import WAYS, Flows, Penalties, learn, network
from symnb.discovery.solve import solve
from symnb.geometry.fields import Basis, Chebyshev, Field, Fourier, Monomial, inner, orthonormalise, principal_cosines
from symnb.geometry.neural import NeuralField
from symnb.tasks.certificate import certificate, residual_score
from symnb.tasks.core import norm_rows, triangle
from symnb.tasks.pde import BORDER, FLOOR, PDETask

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT/"nbs/experiments/results"
CHECKPOINTS = ROOT/"results/learn_flow" # ignored by git
FOUND = .95 # principal cosine of the first slots, as many as generators are known, with the known ones, from which on one counts as found
TAU, SIGMA, WEIGHTS = (1, 2, 4, 8, 16, 32), (.1, .2, .4, .6, .8), (1, 3, 10)


# ---------------------------------------------------------------- the file


def plain(a):
    "As JSON gives it back: lists for tuples and tensors, None for NaN and inf."
    if isinstance(a, dict): return {str(k): plain(v) for k, v in a.items()}
    if hasattr(a, "tolist"): a = a.tolist()
    if isinstance(a, (list, tuple)): return [plain(v) for v in a]
    return None if isinstance(a, float) and not isfinite(a) else a


class Results:
    "A file of runs that grows by one at a time; `replaces`: whether a run with other settings takes the place of an old one."
    def __init__(self, a, replaces=False):
        self.path, self.kind, self.replaces, self.command = a.out or FOLDER/f"learn_{a.kind}.json", a.kind, replaces, a.command
        self.runs = read_json(self.path)["runs"] if self.path.is_file() else []
        about = {"command": a.command, "machine": machine(), "device": a.device, "threads": torch.get_num_threads()}
        self.about, self.load = header("benchmark", **about), os.getloadavg()
    def find(self, key, settings): # the run of this key and these settings, or None
        key, settings = plain(key), plain(settings)
        return next((r for r in self.runs if (r["key"], r["settings"]) == (key, settings)), None)
    def todo(self, key, settings):
        there = self.find(key, settings)
        done = there is not None and there.get("done", True)
        say(f"{self.kind} {name_of(key)}: {'there already' if done else '…'}")
        self.load = os.getloadavg()
        return not done
    def add(self, key, settings, **result): # in place of an older one
        about = self.about | {"load before": self.load, "load after": os.getloadavg(), "created": header("benchmark")["created"]}
        run = plain({"key": key, "settings": settings, "about": about} | result)
        def other(r): return r["key"] != run["key"] or not self.replaces and r["settings"] != run["settings"]
        self.runs = [*filter(other, self.runs), run]
        about = {"what": f"learn {self.kind}", "command": self.command, "machine": machine(), "found": FOUND}
        write_json(self.path, header("benchmark", **about, runs=self.runs))
        return run


def say(text): print(text, file=sys.stderr, flush=True)


def name_of(key): return " ".join(f"{k} {v}" for k, v in key.items())


def settings_of(way, n, **changes):
    "All that a run depends on besides equation and seed, defaults of `learn` included."
    skip = ("task", "seed", "field", "objective", "heads", "device", "watch", "often", "loop", "refine", "scheme")
    default = {k: p.default for k, p in inspect.signature(learn).parameters.items() if k not in skip}
    out = default | WAYS[way] | {k: v for k, v in changes.items() if v is not None} | {"trajectories": n}
    unused = {"closed": ("head", "penalties", "start", "flows"), "gradient": ("features", "flows"), "flow": ("features", "start")}[way]
    out = {k: asdict(v) if is_dataclass(v) else v for k, v in out.items() if k not in unused}
    json.dumps(out) # what a file cannot hold is seen before a run, not after it
    return plain(out)


# ---------------------------------------------------------------- what is measured


class Looks:
    "Cosines of the first slots, as many as generators are known, with the known ones; seen during training."
    def __init__(self, task, known, then=None):
        self.task, self.known, self.rows, self.then, self.start = task, Field.stack(list(known.values())), [], then, time.perf_counter()
    def __call__(self, step, field):
        self.rows.append({"step": step, "wall": time.perf_counter() - self.start} | self.cosines(field))
        if self.then: self.then(self.rows)
    def cosines(self, field, slots=None):
        first, args = field[:min(slots or self.known.k, field.k)], (self.task.points, self.task.weights, self.task.scales)
        c = principal_cosines(first, self.known, *args).tolist()
        G, M, N = (inner(V, W, *args) for V, W in ((first, first), (first, self.known), (self.known, self.known)))
        each = (M*torch.linalg.solve(G, M)).sum(0).div(N.diagonal()).clamp(0, 1).sqrt()
        return {"cosines": c + [0.]*(self.known.k - len(c)), "each": each.tolist()}


def clocks(rows, often):
    "Seconds from the start to the end of every step, those with a look counted at the median of the others; what the looks took."
    took = [b["seconds"] - a["seconds"] for a, b in zip([{"seconds": 0}, *rows], rows)]
    free = [s for i, s in enumerate(took) if i % often] or took
    usual = median(free)
    clean = [min(s, usual) if often and i % often == 0 else s for i, s in enumerate(took)]
    return list(itertools.accumulate(clean)), sum(took) - sum(clean), usual


def curve(rows, log, often):
    "The looks with the seconds of training before them."
    at, _, _ = clocks(log.rows, often)
    return [r | {"seconds": at[r["step"] - 1] if 0 < r["step"] <= len(at) else 0.} for r in rows]


def losses(rows, most=60):
    "Loss and slots' scores over the steps: the first ten, the last ten, and some in between, to six digits."
    between = rows[10:-10][::max(1, len(rows)//(most - 20))]
    def rounded(v): return float(f"{v:.6g}") if isinstance(v, float) else v
    def shown(k): return k in ("step", "loss", "rk4") or k.startswith("slot")
    return [{k: rounded(v) for k, v in r.items() if shown(k)} for r in [*rows[:10], *between, *rows[10:][-10:]]]


def written(f):
    p = f.proof
    return {"text": f.text, "status": f.status, "defect": f.defect, "proof": p and p.status, "remainder": p and str(p.remainder)}


def answer(sym, eq, looks):
    "Cosines, statuses, formulas with proofs, inner products with the known generators, the approximate ones last."
    sym.prove()
    numbers = {k: sym.numbers[k] for k in ("defect", "geometric mean", "T·defect/change", "±") if k in sym.numbers}
    table = sym.compare(eq.known | eq.approximate, slots=min(len(sym), len(eq.known | eq.approximate)))
    formulas = {"formulas": [written(f) for f in sym.formulas], "approximate": [written(f) for f in sym.approximate]}
    found = {"status": sym.status, "dim": sym.dim, "numbers": numbers, "table": table.table, "labels": table.labels}
    return looks.cosines(sym.field) | formulas | found


def trained(sym, looks, often, wall):
    "The end of a training run and its curve."
    _, spent, usual = clocks(sym.log.rows, often)
    return {"steps done": sym.log.step, "stopped": sym.log.stopped, "wall": wall, "seconds": wall - spent, "seconds a step": usual,
            "curve": curve(looks.rows, sym.log, often), "losses": losses(sym.log.rows)}


def kept(sym):
    "The result, unless it was interrupted from the keyboard: half a run is not written down as a whole one."
    if sym.log.stopped == "interrupted": raise KeyboardInterrupt
    return sym


def told(run): # in one line
    c = "/".join(f"{v:.6f}" for v in run["cosines"])
    say(f"   cosines {c}, {run['seconds']:.1f} s, {run['steps done']} steps, {run['stopped']}, {run['status']}")


class Data:
    "Equations with data, simulated once for each seed."
    def __init__(self, n): self.n, self.there = n, {}
    def __call__(self, name, seed):
        if (name, seed) not in self.there: self.there = {(name, seed): (get_equation(name), simulate(name, n=self.n, seed=seed))}
        return self.there[name, seed]


def warm():
    "What is imported and compiled at first use."
    eq = get_equation("KdV")
    task = PDETask(eq, simulate(eq, n=2, seed=0))
    for heads in ("closed", "gradient"): learn(task, heads=heads, steps=2, hidden=(16,), progress=False).prove()
    solve(task).prove()


# ---------------------------------------------------------------- closed heads


def solved(eq, data, seed):
    task, clock = PDETask(eq, data, seed=seed), time.perf_counter()
    sym = solve(task)
    clock = time.perf_counter() - clock
    return answer(sym, eq, Looks(task, eq.known)) | {"seconds": clock}


def closed(a):
    "Defaults, timed without a look; the same once more, looked at."
    results, data = Results(a, replaces=True), Data(a.n)
    warm()
    for name, seed in itertools.product(a.only, a.seeds):
        key, settings = {"equation": name, "seed": seed}, settings_of("closed", a.n, often=a.often)
        if not results.todo(key, settings): continue
        eq, d = data(name, seed)
        clock = time.perf_counter()
        task = PDETask(eq, d, seed=seed, device=a.device)
        built = time.perf_counter() - clock
        clock = time.perf_counter()
        sym = kept(learn(task, seed=seed, progress=False))
        wall = time.perf_counter() - clock
        looks = Looks(task, eq.known)
        again = kept(learn(task, seed=seed, progress=False, watch=looks, often=a.often))
        run = answer(sym, eq, looks) | trained(again, looks, a.often, wall) | {"seconds": wall, "task s": built}
        run["log s"] = sym.log.rows[-1]["seconds"]
        run["looking changes"] = max(abs(x - y) for x, y in zip(run["cosines"], looks.cosines(again.field)["cosines"]))
        told(results.add(key, settings, **run, solve=solved(eq, d, seed)))


# ---------------------------------------------------------------- heads by gradient


def frozen(task, settings, seed):
    "The network that `learn` starts from, its shared layers not trained."
    field = network(task, NeuralField, k=settings["slots"], hidden=settings["hidden"], head=settings["head"], seed=seed)
    for p in field.module.trunk.parameters(): p.requires_grad_(False)
    return field


def gradient(a):
    "Defaults of heads=\"gradient\"; for the seeds of --frozen also with a frozen trunk."
    results, data = Results(a, replaces=True), Data(a.n)
    warm()
    jobs = [(name, seed, trunk) for trunk in ("trained", "frozen") for name in a.only for seed in a.seeds]
    for name, seed, trunk in jobs:
        if trunk == "frozen" and seed not in a.frozen: continue
        key, settings = {"equation": name, "seed": seed, "trunk": trunk}, settings_of("gradient", a.n, often=a.often)
        if not results.todo(key, settings): continue
        eq, d = data(name, seed)
        task = PDETask(eq, d, seed=seed, device=a.device)
        looks, clock = Looks(task, eq.known), time.perf_counter()
        field = frozen(task, settings, seed) if trunk == "frozen" else None
        sym = kept(learn(task, seed=seed, heads="gradient", field=field, watch=looks, often=a.often, progress=a.progress))
        wall = time.perf_counter() - clock
        told(results.add(key, settings, **answer(sym, eq, looks) | trained(sym, looks, a.often, wall)))


# ---------------------------------------------------------------- the flow


def sizes(a):
    "Options of the command as arguments of `learn`."
    flows = Flows(sigma=a.sigma, patch=tuple(a.patch), scheme="jacobian")
    network = {n: tuple(getattr(a, n)) for n in ("hidden", "head") if hasattr(a, n)}
    return network | {"steps": a.steps, "lr": a.lr, "batch": a.batch, "flows": flows, "schedule": a.schedule}


def flow(a):
    "The flow objective alone, from a random network; goes on from a checkpoint."
    results, data = Results(a), Data(a.n)
    for name, seed in itertools.product(a.only, a.seeds):
        eq, d = data(name, seed)
        task = PDETask(eq, d, seed=seed, device=a.device)
        key, settings = {"equation": name, "seed": seed}, settings_of("flow", a.n, **sizes(a)) | {"clip": a.clip, "often": a.often}
        if not results.todo(key, settings): continue
        folder = a.folder/f"{name}-{seed}-{abs(hash_of(settings)):x}"
        before = (results.find(key, settings) or {}).get("curve", [])
        resume = (folder/"checkpoint.safetensors").is_file()
        looks = Looks(task, eq.known, then=partial(note, results, key, settings, before))
        clock = time.perf_counter()
        loop = {"clip": a.clip, "progress": a.progress, "folder": folder, "resume": resume, "every": 20}
        sym = kept(learn(task, seed=seed, objective="flow", watch=looks, often=a.often, early=False, **loop, **sizes(a)))
        wall = time.perf_counter() - clock
        if sym.log.rows: wall = max(wall, sym.log.rows[-1]["seconds"]) # the part before an interruption included
        looks.rows = joined(before, looks.rows)
        run = results.add(key, settings, done=True, resumed=resume, **answer(sym, eq, looks) | trained(sym, looks, a.often, wall))
        told(run)


def note(results, key, settings, before, rows):
    "The curve so far, into the file."
    all_rows = joined(before, rows)
    results.add(key, settings, done=False, curve=all_rows)
    say(f"   step {rows[-1]['step']}: {rows[-1]['wall']:.0f} s, cosines " + " ".join(f"{c:.4f}" for c in rows[-1]["cosines"]))


def joined(before, rows): # a curve that was begun earlier, without what was done twice
    return [{k: v for k, v in r.items() if k != "seconds"} for r in before if r["step"] < rows[0]["step"]] + rows if rows else before


def hash_of(settings): # the same in every process
    return int(hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:10], 16)


# ---------------------------------------------------------------- from cosine .95 back


def small_basis(task):
    "Chebyshev of degree 2 in t times one Fourier mode in x times 1, u: holds the generators of KdV."
    t, (mean, spread) = task.data.t, task.data.moments
    families = {"t": Chebyshev(2, t[0].item(), t[-1].item()), "x": Fourier(1, task.data.length), "u": Monomial(1, mean, spread)}
    return Basis.product(families, scales=task.scales)


def disturbed(task, known, cosine, seed):
    "As many orthonormal fields as known ones, every principal cosine between the two spans being `cosine`: (field, known part)."
    basis, args = small_basis(task), (task.points, task.weights, task.scales)
    R = triangle(norm_rows(basis, p, w, task.scales) for p, w in zip(task.points.split(1000), task.weights.split(1000)))
    truth = orthonormalise(Field.stack(list(known.values())), *args)[0]
    rows = torch.cat([norm_rows(basis, *args[:2], task.scales)]), torch.cat([norm_rows(truth, *args[:2], task.scales)])
    K = torch.linalg.lstsq(rows[0], rows[1], driver="gelsd").solution # known in the basis
    off = float((rows[0]@K - rows[1]).norm()/rows[1].norm())
    if off > 1e-8: fail(f"the basis misses the known generators by {off:.1e}", "an equation with polynomial generators", "--only KdV")
    Q = torch.linalg.qr(R@K)[0]
    Z = torch.randn(R.shape[1], truth.k, generator=seeded(seed), dtype=torch.float64)
    Z = R@Z
    Z = torch.linalg.qr(Z - Q@(Q.T@Z))[0]
    turn = torch.linalg.qr(torch.randn(truth.k, truth.k, generator=seeded(seed + 1), dtype=torch.float64))[0]
    both = cosine*Q@turn + (1 - cosine**2)**.5*Z
    return basis.combine(torch.linalg.lstsq(R, both, driver="gelsd").solution)


def certified(sym, eq, data):
    "Re-simulation certificates of the formulas read off."
    out = []
    for f in [*sym.formulas, *sym.approximate]:
        c = certificate(eq, f.field, data)
        say(f"   {c}")
        told = {k: getattr(c, k) for k in ("s", "score", "floor", "reason", "passed")}
        out.append({"text": f.text, "status": f.status, "said": repr(c)} | told)
    return out


def scores(eq, field, data, s):
    "The paper's residual score of each slot, moved beside untouched; None where the grid folds."
    out = []
    for a in range(field.k):
        try: r = residual_score(eq, field[[a]], data, s=s)
        except ValueError as e: out.append({"error": str(e)})
        else: out.append({"moved": r.value, "untouched": r.untouched, "factor": r.factor})
    return out


def refine(a):
    "Known generators disturbed inside a small basis, then the flow objective alone, on the coefficients."
    results, data = Results(a), Data(a.n)
    for name, seed in itertools.product(a.only, a.seeds):
        eq, d = data(name, seed)
        task = PDETask(eq, d, seed=seed, device=a.device)
        how = sizes(a) | {"slots": len(eq.known)}
        key, settings = {"equation": name, "seed": seed}, settings_of("flow", a.n, **how)
        settings |= {"clip": a.clip, "cosine": a.cosine, "often": a.often, "hidden": None, "head": None} # no network
        if not results.todo(key, settings): continue
        field = disturbed(task, eq.known, a.cosine, seed)
        looks, clock = Looks(task, eq.known), time.perf_counter()
        loop = {"clip": a.clip, "progress": a.progress, "early": False}
        sym = kept(learn(task, seed=seed, objective="flow", field=field, watch=looks, often=a.often, **loop, **how))
        wall = time.perf_counter() - clock
        run = answer(sym, eq, looks) | trained(sym, looks, a.often, wall) | {"basis fields": field.base.k, "before": looks.cosines(field)}
        run |= {f"scores {w}": scores(eq, V, d, .05) for w, V in (("before", field), ("after", sym.field))}
        run["certificates"] = certified(sym, eq, d)
        told(results.add(key, settings, **run))


# ---------------------------------------------------------------- ablations on KS


def splat(Q, grid):
    "Values of a moved cloud on a regular grid: each point gives to its four neighbours, bilinearly; (u, support), [..., nt, nx]."
    nt, nx = Q.shape[-3:-1]
    t0, x0, dt, dx = grid
    a, b = (Q[..., 0] - t0)/dt, (Q[..., 1] - x0)/dx
    low = [v.detach().floor() for v in (a, b)]
    u, w = (torch.zeros(*Q.shape[:-3], nt*nx, dtype=Q.dtype, device=Q.device) for _ in range(2))
    for i, j in itertools.product((0, 1), (0, 1)):
        share = (1 - (a - low[0] - i).abs())*(1 - (b - low[1] - j).abs())
        row, column = (low[0] + i).long(), (low[1] + j).long()
        inside = (row >= 0) & (row < nt) & (column >= 0) & (column < nx)
        at, share = (row.clamp(0, nt - 1)*nx + column.clamp(0, nx - 1)).flatten(-2), (share*inside).flatten(-2)
        u, w = u.scatter_add(-1, at, share*Q[..., 2].flatten(-2)), w.scatter_add(-1, at, share)
    return (u/w.clamp_min(1e-6)).unflatten(-1, (nt, nx)), w.detach().unflatten(-1, (nt, nx))


CENTRAL = {1: (-.5, 0, .5), 2: (1, -2, 1), 3: (-.5, 1, 0, -1, .5), 4: (1, -4, 6, -4, 1)} # second-order central differences


def central(u, order, h, axis):
    "∂^order along an axis of a regular grid; the ends wrap around and are not scored."
    half = len(CENTRAL[order])//2
    return sum(c*u.roll(half - i, axis) for i, c in enumerate(CENTRAL[order]) if c)/h**order


class BilinearTask(PDETask):
    "The same task, scored the way the paper's ablation does: bilinear resampling to a regular grid, then central differences."
    def score(self, Q, derivatives=None):
        d, (nt, nx) = self.data, Q.shape[-3:-1]
        middle = Q.detach()[..., :2].mean((-3, -2))[..., None, None, :] # the regular grid goes along with the cloud
        t0, x0 = middle[..., 0] - d.dt*(nt - 1)/2, middle[..., 1] - d.dx*(nx - 1)/2
        u, support = splat(Q, (t0, x0, d.dt, d.dx))
        t, x = t0 + d.dt*torch.arange(nt).to(Q)[:, None], x0 + d.dx*torch.arange(nx).to(Q)
        D = [u, *(central(u, m, d.dx, -1) for m in range(1, self.eq.order + 1))]
        F = central(u, 1, d.dt, -2) - self.eq.rhs_function()(t, x, D)
        held = support > .1
        for shift, axis in [(s, -2) for s in (-1, 1)] + [(s, -1) for s in (-2, -1, 1, 2)]: held = held & held.roll(shift, axis)
        held[..., :BORDER[0], :] = held[..., -BORDER[0]:, :] = held[..., :BORDER[1]] = held[..., -BORDER[1]:] = False
        logs = torch.where(held, F/self.unit, torch.ones_like(F)).abs().clamp_min(FLOOR).log()
        return logs.sum((-2, -1))/held.sum((-2, -1)).clamp_min(1)


def variants(part, a):
    "(what is changed, arguments of `learn`, task class) of one ablation."
    first = {"heads": "gradient", "steps": a.steps, "batch": a.batch, "lr": a.lr}
    flowed = {"objective": "flow", "steps": a.flow_steps, "batch": a.flow_batch, "lr": a.flow_lr, "clip": 1.}
    usual = Flows(patch=tuple(a.patch), scheme="jacobian")
    if part == "tau": return [({"tau": v}, first | {"penalties": Penalties(tau=float(v))}, PDETask) for v in TAU]
    if part == "sigma": return [({"sigma": v}, flowed | {"flows": replace(usual, sigma=v)}, PDETask) for v in SIGMA]
    if part == "weights":
        return [({"sym": s, "ortho": o, "lip": w}, first | {"penalties": Penalties(sym=float(s), ortho=float(o), lip=float(w))}, PDETask)
                for s, o, w in itertools.product(WEIGHTS, repeat=3)]
    return [({"derivatives": n}, flowed | {"flows": usual}, kind) for n, kind in (("moved grid", PDETask), ("bilinear", BilinearTask))]


def ablations(a):
    "KS, the hardest of the five: one setting changed at a time, heads by gradient (τ, weights) or the flow (σ, derivatives)."
    results, data = Results(a), Data(a.n)
    jobs = [(part, *v, seed) for part in a.only for seed in a.seeds for v in variants(part, a)]
    for part, change, how, kind, seed in jobs:
        how = how | {"hidden": tuple(a.hidden), "head": tuple(a.head), "early": False}
        way = how.get("objective", "gradient")
        key, settings = {"part": part, "equation": "KS", "seed": seed} | change, settings_of(way, a.n, **how) | {"way": way}
        if not results.todo(key, settings): continue
        eq, d = data("KS", seed)
        task = kind(eq, d, seed=seed, device=a.device)
        often = max(1, how["steps"]//8)
        looks, clock = Looks(task, eq.known), time.perf_counter()
        try: sym = kept(learn(task, seed=seed, watch=looks, often=often, progress=a.progress, **how))
        except ValueError as e: # training that diverges is a result, too
            say(f"   {e}")
            results.add(key, settings, error=str(e), count=0, curve=looks.rows)
            continue
        run = answer(sym, eq, looks) | trained(sym, looks, often, time.perf_counter() - clock)
        four = looks.cosines(sym.field, sym.field.k)
        run |= {"labels known": list(eq.known), "all slots": four}
        run |= {k: sum(c >= FOUND for c in r["cosines"]) for k, r in (("count", run), ("count in all slots", four))}
        told(results.add(key, settings, **run))
        say(f"   {run['count']} of {len(eq.known)} found in the first {len(eq.known)} slots, {run['count in all slots']} in all of them")


# ---------------------------------------------------------------- the command line


def numbers(text):
    "0-4 or 0,3 as a list."
    return [i for part in text.split(",") for a, _, b in [part.partition("-")] for i in range(int(a), int(b or a) + 1)]


def common(sub, name, only, seeds, run, often):
    p = sub.add_parser(name, help=run.__doc__, description=run.__doc__)
    p.add_argument("--only", nargs="+", choices=only[1], default=only[0], help="which")
    p.add_argument("--seeds", type=numbers, default=numbers(seeds), help="0-4 or 0,3")
    p.add_argument("--n", type=int, default=8, help="trajectories (8)")
    p.add_argument("--out", type=Path, help="where, if not nbs/experiments/results/learn_KIND.json")
    p.add_argument("--device", default="cpu", help='"cpu" or "cuda"')
    p.add_argument("--progress", action="store_true", help="a bar for every run")
    if often: p.add_argument("--often", type=int, default=often, help=f"steps between two looks ({often})")
    p.set_defaults(run=run)
    return p


def with_sizes(p, **d):
    for name, value in d.items():
        many = isinstance(value, tuple)
        kind = type(value[0] if many else value)
        nargs = 2 if name == "patch" else "+" if many else None
        p.add_argument(f"--{name.replace('_', '-')}", type=kind, default=value, nargs=nargs, help=f"({value})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub, every = parser.add_subparsers(dest="kind", required=True), list(TABLE)
    common(sub, "closed", (every, every), "0-4", closed, 10)
    p = common(sub, "gradient", (["KdV", "Burgers", "KS"], every), "0-2", gradient, 500)
    p.add_argument("--frozen", type=numbers, default=[], help="seeds that are also run with a frozen trunk (none)")
    p = common(sub, "flow", (["KdV"], every), "0", flow, 25)
    small = {"hidden": (64, 64), "head": (16,)}
    with_sizes(p, steps=1500, batch=2, patch=(32, 48), sigma=.1, lr=3e-3, clip=1., schedule="one-cycle", **small)
    p.add_argument("--folder", type=Path, default=CHECKPOINTS, help="checkpoints")
    p = common(sub, "refine", (["KdV"], ["KdV", "KS", "Burgers"]), "0", refine, 100)
    with_sizes(p, steps=2000, batch=2, patch=(32, 48), sigma=.1, lr=5e-3, clip=1., schedule="one-cycle", cosine=.95)
    parts = ["tau", "sigma", "weights", "derivatives"]
    p = common(sub, "ablations", (parts, parts), "0", ablations, None)
    with_sizes(p, steps=800, batch=600, lr=2e-3, flow_steps=500, flow_batch=1, flow_lr=3e-3, patch=(32, 48), **small)
    args = parser.parse_args()
    args.command = " ".join(["python", *sys.argv])
    try: args.run(args)
    except KeyboardInterrupt:
        say("stopped; give the command again to go on")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
