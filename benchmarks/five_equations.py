"""The five equations from nothing, as `symnb_discover NAME --seed N` does it: wall times, cosines, formulas, proofs, residuals, memory.

python benchmarks/five_equations.py [--seeds 0-9] [--out nbs/experiments/results/five_equations.json]

Every seed runs in a fresh process, so that nothing is warm; imports are timed apart.
Exit code 1 if a result (not a time) misses its target.
"""
import argparse
import ctypes
import gc
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import torch

from symnb.cli import discover, load_everything, make_parser
from symnb.core.checks import fail, header, machine, write_json
from symnb.data.equations import TABLE, get_equation
from symnb.data.simulate import pointwise_residual, residual, simulate
from symnb.data.trajectories import Trajectories
from symnb.discovery.solve import solve
from symnb.geometry.fields import Field
from symnb.tasks.core import norm_rows
from symnb.tasks.determining import defect
from symnb.tasks.pde import PDETask
from symnb.tasks.proof import prove

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT/"nbs/experiments/results/five_equations.json"
DIM = {"KdV": 3, "KS": 3, "Burgers": 3, "nKdV": 3, "cKdV": 2}
STAGES = ("simulate", "solve", "prove")
TARGETS = {"s, all five": 8.0, "s, KdV": 2.0, "1 - cosine": 1e-5, "GB": 1.5, "GB of 800 over 8": 1.1}
PUBLISHED = {"hours an equation": 10, "device": "RTX 2080 Ti", "source": "Ko, Kim, Lee, NeurIPS 2024: under 10 hours, by training"}
GIVE_BACK = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "0"}  # glibc: what is freed is not kept
MEMORY = [("KdV", 8), ("KdV", 800), ("KS", 8), ("KS", 800)]  # KS is of order 4: the longest jets


# ---------------------------------------------------------------- one seed


def outside(fields, known, points, scales):
    "Part of the known field that no combination of the fields gives, relative, at the points."
    F, K = (scales.velocity(V(points)).flatten(0, 1) for V in (fields, known))
    return float((K - F@torch.linalg.lstsq(F, K, driver="gelsd").solution).norm()/K.norm())


def written(formula):
    p = formula.proof
    return {"text": formula.text, "latex": formula.latex, "defect": formula.defect, "note": formula.note,
            "proof": p.status, "remainder": str(p.remainder)}


def near(eq, sym, text, field):
    "A generator that holds approximately: its proof, and the slot beyond the exact ones that comes nearest."
    p, column = prove(eq, field), sym.compare({text: field}).table[:, 0].abs()
    slot = sym.dim + int(column[sym.dim:].argmax())
    return {"text": text, "proof": p.status, "remainder": str(p.remainder),
            "slot": slot + 1, "cosine": float(column[slot]), "status": sym.status[slot],
            "T·defect/change": float(sym.numbers["T·defect/change"][slot]), "printed": text in [f.text for f in sym.approximate]}


def measure(name, seed):
    "One equation with the command's defaults, and what was found against what is known."
    cpu = time.process_time()
    found = discover(make_parser().parse_args([name, "--seed", str(seed)]), name)
    cpu = time.process_time() - cpu
    eq, sym, data = found.eq, found.sym, found.data
    c, step = sym.compare(eq.known), residual(eq, data, rows=4*data.n)
    printed = Field.stack([f.field for f in sym.formulas])
    ratio = sym.numbers["T·defect/change"]
    return {"seconds": found.seconds, "cpu": cpu, "n": data.n, "grid": [data.nt, data.nx], "duration": data.duration,
            "dim": sym.dim, "status": sym.status,
            "T·defect/change": [float(r) for r in ratio], "spectrum": [s/sym.about["sigma_max"] for s in sym.about["spectrum"][:10]],
            "degree in t": sym.about["degrees_in_t"][-1],
            "cosines": c.cosines.tolist(), "inner products": c.table.tolist(), "known": c.labels,
            "known outside the formulas": {k: outside(printed, V, sym.points, sym.scales) for k, V in eq.known.items()},
            "formulas": [written(f) for f in sym.formulas], "approximate": [written(f) for f in sym.approximate],
            "known approximate": [near(eq, sym, k, V) for k, V in eq.approximate.items()],
            "one-step residual": float(step.value.max()), "explained": float(step.floor.max()), "flagged": step.flag,
            "pointwise residual": float(pointwise_residual(eq, data, order=12).max()), "warnings": found.warnings}


def plain(name, seed, n=16):
    "The same rows without triangles: all at once into a dense SVD, and through the normal matrix DᵀD."
    eq = get_equation(name)
    task = PDETask(eq, simulate(eq, n=n, seed=seed), seed=seed)
    basis, clock, out = task.basis(), time.perf_counter(), {}
    D = torch.cat([defect(basis, j, L) for j, L in ((task.jets, task.functionals), (task.mixed, task.mixed_functionals))])
    D = D/D.norm(dim=1, keepdim=True)
    B = torch.cat([norm_rows(basis, j.points, torch.ones_like(j.x[:, 0]), task.scales) for j in (task.jets, task.mixed)])
    setup, clock = time.perf_counter() - clock, time.perf_counter()
    _, s, Vh = torch.linalg.svd(B, full_matrices=False)
    sigma = torch.linalg.svdvals(D@(Vh.T/s)).flip(0)
    out["dense SVD"] = {"seconds": setup + time.perf_counter() - clock, "sigma": (sigma[:10]/sigma[-1]).tolist()}
    clock = time.perf_counter()
    L = torch.linalg.cholesky(B.T@B)
    half = torch.linalg.solve_triangular(L, D.T@D, upper=False)
    sigma = torch.linalg.eigvalsh(torch.linalg.solve_triangular(L, half.T, upper=False)).abs().sqrt().sort().values
    out["normal matrix"] = {"seconds": setup + time.perf_counter() - clock, "sigma": (sigma[:10]/sigma[-1]).tolist()}
    return out


def seed_job(seed, first, started):
    "All five in a fresh process, then, for the first seed, the plain reference."
    load_everything()
    out = {"seed": seed, "import": time.time() - started, "threads": torch.get_num_threads()}
    out["equations"] = {name: measure(name, seed) for name in TABLE}
    return out | ({"plain": {name: plain(name, seed) for name in TABLE}} if first else {})


# ---------------------------------------------------------------- memory


def peak(reset=False):
    "High-water mark of this process in GB; on Linux it can be set back to what is resident now."
    clear = Path("/proc/self/clear_refs")
    if reset and clear.exists():
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)  # what is free goes back, or the next allocations would hide in it
        clear.write_text("5")
    status = Path("/proc/self/status")  # ru_maxrss would remember the parent's size from before exec
    if status.exists(): return int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1])/2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/2**30


def memory_job(file, name, n):
    "Peak of task and solve over what is resident with the data: those of the file, and copies of them shifted by whole grid points in x."
    load_everything()
    few = Trajectories.load(file)
    u = few.u.new_empty(n, few.nt, few.nx)
    for i in range(n): u[i] = few.u[i % few.n].roll(i//few.n, -1)
    data = Trajectories(few.t, few.x, u, few.length)
    del u, few
    before, clock = peak(reset=True), time.perf_counter()
    sym = solve(PDETask(get_equation(name), data))
    return {"equation": name, "n": n, "data GB": data.u.nbytes/2**30, "before GB": before, "own GB": peak() - before,
            "seconds": time.perf_counter() - clock, "dim": sym.dim}


# ---------------------------------------------------------------- all of it


def child(*words, **settings):
    "This file in a fresh process; what it prints is JSON."
    done = subprocess.run([sys.executable, __file__, *map(str, words)], stdout=subprocess.PIPE, text=True, env=os.environ | settings)
    if done.returncode: fail(f"{' '.join(map(str, words))} ended with exit code {done.returncode}", fix="its message above")
    return json.loads(done.stdout)


def numbers(text):
    "0-9 or 0,3,7 as a list."
    return [i for part in text.split(",") for a, _, b in [part.partition("-")] for i in range(int(a), int(b or a) + 1)]


def total(r): return sum(r["seconds"][s] for s in STAGES)


def missed(name, r):
    "Sentences on results of one run that miss their target."
    wrong = [f"dim {r['dim']}"]*(r["dim"] != DIM[name]) + ["flagged data"]*r["flagged"]
    wrong += [f"1 - cosine {1 - min(r['cosines']):.0e}"]*(1 - min(r["cosines"]) > TARGETS["1 - cosine"])
    wrong += [f"{f['text']} {f['proof']}" for f in r["formulas"] if f["proof"] != "proved"]
    wrong += [f"{k} is not printed" for k, v in r["known outside the formulas"].items() if v > 1e-9]
    wrong += [f"{f['text']} {f['proof']}" for f in r["approximate"] + r["known approximate"] if f["proof"] != "disproved"]
    if name == "cKdV": wrong += [f"third slot: {k}" for k in r["known approximate"] if (k["slot"], k["status"]) != (3, "approximate")]
    return wrong


def summary(name, runs):
    "One equation over the seeds."
    seconds = {s: median(r["seconds"][s] for r in runs) for s in STAGES}
    walls = [total(r) for r in runs]
    return {"seconds": seconds, "total": median(walls), "largest": max(walls), "cpu": median(r["cpu"] for r in runs),
            "dims": [r["dim"] for r in runs], "1 - smallest cosine": max(1 - min(r["cosines"]) for r in runs),
            "one-step residual": max(r["one-step residual"] for r in runs),
            "pointwise residual": max(r["pointwise residual"] for r in runs),
            "formulas": sorted({f["text"] for r in runs for f in r["formulas"]}),
            "proofs": dict(Counter(f["proof"] for r in runs for f in r["formulas"])),
            "exact σ/σ_max": max(r["spectrum"][r["dim"] - 1] for r in runs), "next σ/σ_max": min(r["spectrum"][r["dim"]] for r in runs),
            "missed": [f"seed {r['seed']}: {w}" for r in runs for w in missed(name, r)]}


def report_runs(jobs):
    "Print and return the summary of all equations."
    out = {}
    print(f"\n{'':8} simulate  solve  prove  total (largest) s   cpu s  dim  1 - cosine  one-step  pointwise  exact σ   next σ  proofs")
    for name in TABLE:
        s = out[name] = summary(name, [j["equations"][name] | {"seed": j["seed"]} for j in jobs])
        a, b, c = s["seconds"].values()
        dims, proofs = "/".join(map(str, sorted(set(s["dims"])))), ", ".join(f"{v} {k}" for k, v in s["proofs"].items())
        errors = f"{s['1 - smallest cosine']:10.0e}  {s['one-step residual']:8.0e} {s['pointwise residual']:10.0e}"
        print(f"{name:8} {a:8.2f} {b:6.2f} {c:6.2f} {s['total']:6.2f} ({s['largest']:.2f}){'':4} {s['cpu']:6.2f}  {dims:>3}  {errors}"
              f" {s['exact σ/σ_max']:8.0e} {s['next σ/σ_max']:8.0e}  {proofs}")
    print("pointwise: differences of order 12 in t on the stored rows, too far apart for nKdV late in its run"
          " (benchmarks/simulate.py has it on more rows)")
    for name, s in out.items(): print(f"{name:8} " + "   ".join(s["formulas"]))
    for name in TABLE: report_approximate(name, [j["equations"][name] for j in jobs])
    return out


def report_approximate(name, runs):
    "Print what is printed as approximate, of the first seed, and where the known approximate generators are, over all."
    for f in runs[0]["approximate"]:
        print(f"{name:8} printed as approximate: {f['text']} ({f['note']}); {f['proof']}, remainder {f['remainder']}")
    for every in zip(*(r["known approximate"] for r in runs)):
        low, high, worst = min(e["cosine"] for e in every), max(e["cosine"] for e in every), max(e["T·defect/change"] for e in every)
        where = ", ".join(sorted({f"slot {e['slot']} ({e['status']})" for e in every}))
        print(f"{name:8} {every[0]['text']}: {every[0]['proof']}, remainder {every[0]['remainder']};"
              f" cosine {low:.5f}…{high:.5f} with {where}; T·defect/change of the slot ≤ {worst:.2g}")


def report_totals(jobs):
    "Print and return the wall times of all five together."
    walls = [sum(total(r) for r in j["equations"].values()) for j in jobs]
    kdv = [total(j["equations"]["KdV"]) for j in jobs]
    cpu = [sum(r["cpu"] for r in j["equations"].values()) for j in jobs]
    for what, found, target in (("all five", walls, "s, all five"), ("KdV", kdv, "s, KdV")):
        print(f"{what}: median {median(found):.2f} s, smallest {min(found):.2f}, largest {max(found):.2f} (target {TARGETS[target]:g})")
    print(f"imports {median(j['import'] for j in jobs):.2f} s apart; processor time of all five {median(cpu):.2f} s;"
          f" {jobs[0]['threads']} torch threads, load average {os.getloadavg()[0]:.1f}")
    print(f"published: under {PUBLISHED['hours an equation']} hours an equation on an {PUBLISHED['device']},"
          " by training another kind of model: cited, not run here")
    return {"all five": walls, "median": median(walls), "cpu": cpu, "KdV": kdv, "import": [j["import"] for j in jobs]}


def report_plain(jobs):
    "Print the plain reference beside solve."
    print("\nsame rows, seed " + str(jobs[0]["seed"]) + f"{'':14} s    last exact σ   next σ   exact by the rule σ ≤ 100 ε σ_max")
    for name, r in jobs[0]["equations"].items():
        rows = {"solve, all of it": {"seconds": r["seconds"]["solve"], "sigma": r["spectrum"]}} | jobs[0]["plain"][name]
        for what, p in rows.items():
            p["exact"] = sum(s <= 100*torch.finfo(torch.float64).eps for s in p["sigma"])
            ratio, last, following = p["seconds"]/r["seconds"]["solve"], *p["sigma"][DIM[name] - 1:DIM[name] + 1]
            print(f"{name:8} {what:17} {p['seconds']:6.2f} ({ratio:4.1f}) {last:10.0e} {following:8.0e}   {p['exact']}")


def report_memory():
    "Measure, print and return solve's own memory, each number in a fresh process."
    print("\nsolve's own peak memory, data apart (8 simulated trajectories; 800: these and copies shifted in x)")
    out, first = [], {}
    with TemporaryDirectory() as folder:
        for name, n in MEMORY:
            file = Path(folder)/f"{name}.h5"
            if not file.exists(): simulate(name, n=8, seed=0).save(file)
            m = child("--memory", file, name, n, **GIVE_BACK)
            m["over 8"] = m["own GB"]/first.setdefault(name, m["own GB"])
            out.append(m)
            print(f"{name:8} n = {n:3}: {m['own GB']:.4f} GB (target {TARGETS['GB']:g}), {m['over 8']:.3f} of n = 8;"
                  f" data {m['data GB']:.3f} GB, {m['seconds']:.2f} s, dim {m['dim']}", flush=True)
    return out


def run(args):
    jobs = []
    for i, seed in enumerate(args.seeds):
        jobs.append(child("--seed", seed, "--started", time.time(), *(["--first"]*(i == 0))))
        print(f"seed {seed}: " + ", ".join(f"{k} {total(r):.2f} s" for k, r in jobs[-1]["equations"].items()), flush=True)
    found, totals = report_runs(jobs), report_totals(jobs)
    report_plain(jobs)
    memory = report_memory()
    wrong = [f"{name}, {w}" for name, s in found.items() for w in s["missed"]]
    wrong += [f"{m['equation']}, n = {m['n']}: {m['own GB']:.2f} GB, {m['over 8']:.2f} of n = 8" for m in memory
              if m["own GB"] > TARGETS["GB"] or abs(m["over 8"] - 1) > TARGETS["GB of 800 over 8"] - 1]
    print("\nresults that miss their target: " + ("; ".join(wrong) or "none"))
    about = dict(command=" ".join(["python", *sys.argv]), seeds=args.seeds, machine=machine(), load=os.getloadavg())
    found = dict(threads=jobs[0]["threads"], targets=TARGETS,
                 published=PUBLISHED, totals=totals, summary=found, memory=memory, missed=wrong, runs=jobs)
    write_json(args.out, header("benchmark", **about, **found))
    return int(bool(wrong))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=numbers, default=numbers("0-9"), help="0-9, or 100,103")
    parser.add_argument("--out", type=Path, default=RESULTS)
    inner = {"--seed": {"type": int}, "--first": {"action": "store_true"}, "--started": {"type": float}, "--memory": {"nargs": 3}}
    for word, how in inner.items():
        parser.add_argument(word, help=argparse.SUPPRESS, **how)
    args = parser.parse_args()
    if args.seed is None and not args.memory: return run(args)
    print(json.dumps(memory_job(*args.memory[:2], int(args.memory[2])) if args.memory else seed_job(args.seed, args.first, args.started)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
