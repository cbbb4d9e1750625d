"""The atlas solved, proved and certified: seconds, dimensions beside the known ones, how far certificates tell symmetries from others.

python benchmarks/atlas.py [--only KdV heat] [--out nbs/experiments/results/atlas.json]

One torch thread, a process for each equation, imports apart; seed 0 everywhere. `solve`, `prove` and `certify` are the public calls
with all their defaults. The null space, and a count beside it, are those of polynomials of the degree that the atlas names. Planted:
translations, scalings and random fields (seed 100) that are disproved are moved as well.
"""

import multiprocessing
import random
import resource
import sys
import time
from itertools import combinations_with_replacement

import torch
from common import OutOfTime, arguments, limited, write

from symnb import ATLAS, solve
from symnb.core.checks import SymnbError
from symnb.data.equations import get_equation
from symnb.discovery.solve import exact_space
from symnb.geometry.fields import Field
from symnb.tasks.certificate import certify_on_jets
from symnb.tasks.formal import EquationTask
from symnb.tasks.proof import prove

PLANTED, RANDOM, SEED = 2, 5, 100  # fields that are no symmetries, for each equation: simple ones, and drawn ones
LIMIT = 8  # seconds of processor time for all certificates of an equation


def drawn(names, rng):
    "A field of one, two or five random terms of degree two, as text."
    monomials = ["1", *names, *(f"{a}*{b}" for a, b in combinations_with_replacement(names, 2))]
    return " + ".join(f"({rng.choice((-1, 1, 2))})*{rng.choice(monomials)}*d{rng.choice(names)}" for _ in range(rng.choice((1, 2, 5))))


def planted(eq, task):
    "Scores of fields that are disproved, moved like symmetries: translations and scalings, then random ones."
    rng = random.Random(f"{SEED} {eq.formula}")
    simple = [f.format(c) for f in ("d{0}", "{0}*d{0}", "{0}**3*d{0}") for c in reversed(task.names)]
    found, kinds = {}, ((simple, PLANTED), ((drawn(task.names, rng) for _ in range(60)), PLANTED + RANDOM))
    for texts, most in kinds:
        for text in texts:
            if len(found) == most: break
            try: field = Field(text, task.names)
            except SymnbError: continue  # terms that cancel
            if prove(eq, field).status != "disproved": continue
            c = certify_on_jets(task, field)
            if not c.reason: found[str(field)] = c.score
    return found


def told_by(sym):
    "What a result says about the number of symmetries."
    return next((n for n in sym.notes if "about a generic point" in n or "infinitely many" in n), "")


def measure(name):
    "One equation: what was found and what it took."
    entry, seconds = ATLAS[name], {}
    clock = time.process_time()

    def lap(stage):
        nonlocal clock
        seconds[stage], clock = round(time.process_time() - clock, 4), time.process_time()
    eq = get_equation(entry)
    lap("read")
    task = EquationTask(eq, entry.degree)
    basis = next(iter(task.library()))
    space = exact_space(task.form(basis))
    lap("null space")
    polynomials = solve(get_equation(entry), degree=entry.degree).dim
    lap("solve at a degree")
    sym = solve(get_equation(entry))
    lap("solve")
    proofs = [p.status for p in sym.prove()]
    lap("prove")
    try:
        with limited(LIMIT): sym.certify()
    except OutOfTime: pass
    tests = [f.certificate for f in sym.formulas]
    lap("certify")
    wrong = planted(eq, task)
    lap("planted")
    moved = [c.score for c in tests if c and not c.reason]
    return {
        "name": name, "science": entry.science, "text": entry.text, "degree": entry.degree, "source": entry.source,
        "expected": entry.dim if entry.infinite else entry.whole, "found": sym.dim, "infinite": entry.infinite, "told": told_by(sym),
        "at degree": polynomials, "expected at degree": None if entry.factors else entry.dim,
        "null space": len(space.sigma), "columns": basis.k,
        "sigma": float(space.sigma.max()) if len(space.sigma) else 0.0, "proved": proofs.count("proved"),
        "moved": len(moved), "not moved": [c.reason if c else f"not done in {LIMIT} s" for c in tests if not c or c.reason],
        "largest violation": max(moved, default=0.0), "left out": sum(c.lost for c in tests if c),
        "planted": wrong, "seconds": seconds, "formulas": [f.text for f in sym.formulas],
        "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def told(name):
    "`measure`, or why it could not be done, in one line."
    torch.set_num_threads(1)
    try: return measure(name)
    except SymnbError as e: return {"name": name, "science": ATLAS[name].science, "text": ATLAS[name].text, "refused": str(e)}


def short(row):
    "What fell short, in words; empty where nothing did."
    if "refused" in row: return row["refused"]
    words = [f"{row['found']} of {row['expected']} generators"] if row["found"] != row["expected"] else []
    if row["at degree"] != row["expected at degree"] is not None: words.append(f"{row['at degree']} of degree {row['degree']}")
    if row["infinite"] and "infinitely many" not in row["told"]: words.append("infinite, not told")
    if row["proved"] < row["found"]: words.append(f"{row['found'] - row['proved']} not proved")
    if row["not moved"]: words.append(f"{len(row['not moved'])} not moved")
    if row["largest violation"] > 1e-8: words.append(f"violation {row['largest violation']:.0e}")
    if min(row["planted"].values(), default=1) < 1e-3: words.append(f"planted {min(row['planted'].values()):.0e}")
    return ", ".join(words)


def main():
    a = arguments(__doc__, "atlas", only=list(ATLAS))
    solve("u_t = u_xx").certify()  # imports
    print(f"{'':32s} {'found':>5s} {'known':>5s}  violation  planted   null  solve  prove  certify, s    MB")
    rows = []
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        for r in pool.imap(told, [ATLAS[name].name for name in a.only], chunksize=1):
            rows.append(r)
            if "refused" in r: print(f"{r['name']:32s} {r['refused']}", flush=True)
            else:
                times = "  ".join(f"{r['seconds'][k]:5.2f}" for k in ("null space", "solve", "prove", "certify"))
                least = min(r["planted"].values(), default=0)
                print(f"{r['name']:32s} {r['found']:5d} {r['expected']:5d}  {r['largest violation']:9.0e}  {least:7.0e}"
                      f"  {times}  {r['peak memory, MB']:11d}  {short(r)}", flush=True)
            write(a, seed=0, rows=rows)
    wrong = [r["name"] for r in rows if short(r)]
    print("all as expected, proved and moved" if not wrong else f"fell short: {', '.join(wrong)}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
