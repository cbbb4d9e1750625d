"""Each main call alone, and beside programs that spin on every core: what a busy machine costs.

python benchmarks/threads.py [--repeats 3] [--spinners 2] [--calls solve learn] [--out nbs/experiments/results/threads.json]

Every call is prepared once and then timed in turns, quiet and busy, with the threads that torch takes by itself; commands run in
fresh processes. `ratio` is busy wall time over quiet wall time. Beside as many spinning programs as there are cores a single thread
gets about half a core's time more slowly; several threads that wait for each other lose much more.
"""

import argparse
import contextlib
import io
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import torch

from symnb.core.checks import header, machine, write_json

RESULTS = Path(__file__).parent.parent / "nbs/experiments/results/threads.json"


def spin():
    while True:
        pass


@contextlib.contextmanager
def spinning(n):
    "n processes that do nothing but keep a core busy."
    busy = [multiprocessing.get_context("spawn").Process(target=spin, daemon=True) for _ in range(n)]
    for p in busy:
        p.start()
    time.sleep(1.0)
    try:
        yield
    finally:
        for p in busy:
            p.kill()
            p.join()


def command(module, *words):
    "A command in a fresh process and an empty folder."

    def run():
        with tempfile.TemporaryDirectory() as folder:
            code = f"from symnb.cli.{module} import main; raise SystemExit(main())"
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            subprocess.run([sys.executable, "-c", code, *words], cwd=folder, check=True, **quiet)

    return run


def calls():
    "name -> what is timed."
    from symnb import EQUATIONS, PDETask, animate, augment, certificate, check, learn, plot, report, simulate, solve
    from symnb.tasks.certificate import residual_score

    kdv = EQUATIONS["KdV"]
    data = simulate(kdv, n=4, seed=0, progress=False)
    task, sym = PDETask(kdv, data), solve(PDETask(kdv, data))
    boost, folder = sym.formulas[-1].field, Path(tempfile.mkdtemp())
    return {
        "simulate": lambda: simulate(kdv, n=4, seed=0, progress=False),
        "PDETask": lambda: PDETask(kdv, data),
        "solve": lambda: solve(task),
        "learn": lambda: learn(task, seed=0, steps=60, progress=False),
        "learn along the flow": lambda: learn(task, seed=0, steps=2, objective="flow", progress=False),
        "prove": lambda: solve(task).prove(),
        "check": lambda: check("KdV", "x*dx + 3*t*dt - 2*u*du"),
        "certificate": lambda: certificate(kdv, boost, data),
        "residual_score": lambda: residual_score(kdv, boost, data),
        "augment": lambda: augment(sym, data, copies=2, seed=0),
        "plot": lambda: plot(sym, data),
        "animate": lambda: animate(sym, data, folder / "kdv.gif"),
        "report": lambda: report(sym, folder / "report.html", data),
        "symnb_discover KdV": command("discover", "KdV"),
        "symnb_discover KdV --method learn": command("discover", "KdV", "--method", "learn"),
    }


def clock(call):
    "Wall and processor seconds of one run, children included."
    before, start = os.times(), time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        call()
    wall, after = time.perf_counter() - start, os.times()
    return wall, sum(after[:4]) - sum(before[:4])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--spinners", type=int, default=os.cpu_count())
    parser.add_argument("--calls", nargs="+")
    parser.add_argument("--out", type=Path, default=RESULTS)
    a = parser.parse_args()
    rows = []
    print(f"{'call':36s} quiet s   busy s   ratio   (processor s, quiet)   {torch.get_num_threads()} threads", flush=True)
    for name, call in calls().items():
        if a.calls and name not in a.calls:
            continue
        clock(call)
        quiet = [clock(call) for _ in range(a.repeats)]
        with spinning(a.spinners):
            busy = [clock(call) for _ in range(a.repeats)]
        still, loaded, cpu = median(q[0] for q in quiet), median(b[0] for b in busy), median(q[1] for q in quiet)
        numbers = {"quiet": still, "busy": loaded, "ratio": loaded / still, "processor": cpu}
        rows.append({"call": name} | {k: round(v, 4) for k, v in numbers.items()})
        print(f"{name:36s} {still:7.2f}  {loaded:7.2f}  {loaded / still:6.2f}   {cpu:7.2f}", flush=True)
        if a.out:
            head = header("benchmark", command="python benchmarks/threads.py", machine=machine())
            write_json(a.out, head | {"spinners": a.spinners, "threads": torch.get_num_threads(), "repeats": a.repeats, "rows": rows})
    worst = max(rows, key=lambda r: r["ratio"])
    print(f"largest ratio: {worst['ratio']:.2f} for {worst['call']}")


if __name__ == "__main__":
    main()
