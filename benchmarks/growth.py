"""How the work grows with fields, dimensions, order and degree: seconds of the null space, of `solve`, `prove` and `certify`, and memory.

python benchmarks/growth.py [--out nbs/experiments/results/growth.json]

One torch thread, a process for each row, imports apart.
"""

import multiprocessing
import resource
import sys
import time

import torch
from common import arguments, write

from symnb import Equation, solve
from symnb.core.checks import SymnbError
from symnb.discovery.solve import exact_space
from symnb.tasks.formal import EquationTask

LETTERS = ("x", "y", "z")
NAMES = ("u", "v", "w", "p", "q", "r", "s", "h")


def heat(dimensions): return "u_t = " + " + ".join(f"u_{c*2}" for c in LETTERS[:dimensions]) + " + u**2"
def chain(fields): return "; ".join(f"{a}_t = {a}_xx + {a}*{b}_x" for a, b in zip(NAMES, (*NAMES[1:fields], NAMES[0])))
def high(order): return f"u_t = u*u_x + u_{'x'*order}"


SPACE = {d: ("t", *LETTERS[:d]) for d in (1, 2, 3)}
ROWS = [  # what grows, how far, text, coordinates, degree
    *(("degree, KdV", k, "u_t = u*u_x + u_xxx", SPACE[1], k) for k in (1, 2, 3, 4, 6, 8, 10)),
    *(("degree, shallow water", k, "h_t + diff(h*u, x) + diff(h*v, y) = 0; u_t + u*u_x + v*u_y + h_x = 0; v_t + u*v_x + v*v_y + h_y = 0",
       SPACE[2], k) for k in (1, 2, 3, 4)),
    *(("fields", n, chain(n), SPACE[1], 2) for n in (1, 2, 3, 4, 6, 8)),
    *(("dimensions of space", d, heat(d), SPACE[d], 2) for d in (1, 2, 3)),
    *(("order", m, high(m), SPACE[1], 2) for m in (2, 3, 4, 5, 6, 7, 8)),
]


def measure(row):
    "Seconds and memory of one row."
    what, size, text, coordinates, degree = row
    torch.set_num_threads(1)
    eq, seconds, clock = Equation(text, independent=coordinates), {}, time.process_time()

    def lap(stage):
        nonlocal clock
        seconds[stage], clock = round(time.process_time() - clock, 4), time.process_time()
    out = {"what": what, "size": size, "text": text, "degree": degree}
    try:
        task = EquationTask(eq, degree)
        basis = next(iter(task.library()))
        exact_space(task.form(basis))
        lap("null space")
        sym = solve(eq, degree=degree)
        lap("solve")
        proved = sum(p.status == "proved" for p in sym.prove())
        lap("prove")
        tests = sym.certify()
        lap("certify")
    except SymnbError as e: return out | {"refused": str(e)}
    return out | {"columns": basis.k, "found": sym.dim, "proved": proved, "passed": sum(c.passed for c in tests), "seconds": seconds,
                  "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def main():
    a, rows = arguments(__doc__, "growth"), []
    solve("u_t = u_xx").certify()  # imports
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        for r in pool.imap(measure, ROWS, chunksize=1):
            rows.append(r)
            told = r.get("refused") or f"{r['columns']:5d} columns, {r['found']:3d} found, {r['seconds']}, {r['peak memory, MB']} MB"
            print(f"{r['what']:24s} {r['size']:3d}  {told}", flush=True)
    write(a, rows=rows)


if __name__ == "__main__":
    sys.exit(main())
