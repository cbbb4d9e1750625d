"""Time, memory and error of `derivatives`: 4 trajectories × 4 slots × 4 times of 64 × 64 points, u_t, u_x, u_xxx, there and back.

python benchmarks/weno.py [--threads 2] [--repeats 9] [--no-growth] [--out nbs/experiments/results/weno.json]
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import torch

from symnb.core.checks import header, machine, seeded, write_json
from symnb.numerics.weno import border, crop, derivatives

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/weno.json"
NAMES, BASE, ORDERS = ("trajectories", "slots", "times", "nt", "nx"), (4, 4, 4, 64, 64), ("t", "x", "xxx")
SECONDS, GIGABYTES = 2., 2.


def case(sizes, seed):
    """Moved patches t, x, u [trajectories, slots, times, nt, nx] of sin(3x + φ - 2t), time mixed with space; exact derivatives."""
    *lead, nt, nx = sizes
    phase = torch.rand(lead[0], 1, 1, 1, 1, generator=seeded(seed), dtype=torch.float64)
    mix = .3*torch.rand(1, lead[1], 1, 1, 1, generator=seeded(seed + 1), dtype=torch.float64)
    s = torch.linspace(.25, 1, lead[2], dtype=torch.float64).view(-1, 1, 1)
    a, b = torch.meshgrid(torch.arange(nt, dtype=torch.float64)/32, torch.arange(nx, dtype=torch.float64)/32, indexing="ij")
    t, x = a + mix*s*torch.sin(a + 2*b) + 0*phase, b + mix*s*torch.cos(2*a - b) + 0*phase
    angle = 3*x + 6.28*phase - 2*t
    return t, x, torch.sin(angle), {"t": -2*torch.cos(angle), "x": 3*torch.cos(angle), "xxx": -27*torch.cos(angle)}


def measure(sizes, scheme, repeats, seed):
    """Median and least seconds forward and in all, peak memory of this process, relative rms errors; one warm-up."""
    t, x, u, exact = case(sizes, seed)
    peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss/2**20
    at_rest, forward, whole = peak(), [], []
    for _ in range(repeats + (repeats > 1)):
        inputs = [v.clone().requires_grad_() for v in (t, x, u)]
        clock = time.perf_counter()
        found = derivatives(*inputs, ORDERS, scheme=scheme)
        forward.append(time.perf_counter() - clock)
        sum(d.square().mean() for d in found.values()).backward()
        whole.append(time.perf_counter() - clock)
    by, median = border(ORDERS, scheme), lambda a: sorted(a[repeats > 1:])[repeats//2]
    errors = {w: float((d.detach() - crop(exact[w], by)).square().mean().sqrt()/exact[w].square().mean().sqrt()) for w, d in found.items()}
    return {"scheme": scheme, "sizes": list(sizes), "forward s": median(forward), "forward and backward s": median(whole),
            "fastest s": min(whole), "slowest s": max(whole[repeats > 1:]), "load": os.getloadavg()[0],
            "peak GB": peak(), "at rest GB": at_rest, "relative errors": errors}


def apart(sizes, scheme, repeats, args):
    """`measure` in a process of its own, so that its peak of memory is its own."""
    task = json.dumps([sizes, scheme, repeats, args.seed, args.threads])
    done = subprocess.run([sys.executable, __file__, "--one", task], capture_output=True, text=True, check=True)
    r = json.loads(done.stdout)
    errors = "  ".join(f"{w} {e:.0e}" for w, e in r["relative errors"].items())
    size = " × ".join(map(str, sizes))
    figures = "  ".join(f"{r[k]:7.2f}" for k in ("forward s", "forward and backward s", "fastest s", "peak GB"))
    print(f"{scheme:8}  {size:30}  {figures}  {errors}", flush=True)
    return r


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-growth", action="store_true")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        sizes, scheme, repeats, seed, threads = json.loads(args.one)
        torch.set_num_threads(threads)
        print(json.dumps(measure(sizes, scheme, repeats, seed)))
        return
    print(f"{'scheme':8}  {' × '.join(NAMES):30}  forward   + back  fastest  peak GB  relative rms errors")
    found = {scheme: apart(BASE, scheme, args.repeats if scheme == "jacobian" else 1, args) for scheme in ("jacobian", "paper")}
    growth = {}
    for i, name in enumerate(NAMES if not args.no_growth else ()):
        grown = [tuple(int(n*f) if j == i else n for j, n in enumerate(BASE)) for f in (.5, 2, 4)]
        growth[name] = [apart(sizes, "jacobian", args.repeats, args) for sizes in grown]
        growth[name].append(apart(grown[0], "paper", 1, args))
    r = found["jacobian"]
    kept = r["forward and backward s"] <= SECONDS and r["peak GB"] <= GIGABYTES
    ratio = found["paper"]["forward and backward s"]/r["forward and backward s"]
    verdict = "within" if kept else "NOT within"
    print(f"default {verdict} {SECONDS:g} s and {GIGABYTES:g} GB; the paper's scheme takes {ratio:.0f} times as long")
    command = " ".join(["python", *sys.argv])
    settings = {"command": command, "seed": args.seed, "threads": args.threads, "repeats": args.repeats, "orders": ORDERS,
                "names": NAMES, "limits": {"s": SECONDS, "GB": GIGABYTES}}
    write_json(args.out, header("benchmark", **settings, machine=machine(), load=os.getloadavg(), within_limits=kept,
                                results=found, growth=growth))


if __name__ == "__main__":
    main()
