"""For which values of a parameter has an equation more symmetries? Classifications of the literature, found and checked by numbers.

python benchmarks/classify.py [--names "gas, 1-D; gas, 2-D"] [--between 6] [--out nbs/experiments/results/classify.json]

Each answer is compared with what is known, and each case with `local_algebras`, which counts about a point by numbers, without a basis
and without the elimination: at every special value, and at `between` values drawn in the range, where the general count must come out. An
equation that is in the result file is left alone; delete its entry, or name it, to measure it again.
"""

import argparse
import random
import sys
import time
from pathlib import Path

import sympy

from symnb.beyond.classify import _relation, classify, count_at_point
from symnb.core.checks import SymnbError, header, machine, read_json, write_json
from symnb.data.equations import Equation

RESULTS = Path(__file__).parent.parent / "nbs/experiments/results/classify.json"
PSI = {"complex_fields": ("psi",)}
GAS1 = "rho_t + u*rho_x + rho*u_x = 0; u_t + u*u_x + p_x/rho = 0; p_t + u*p_x + g*p*u_x = 0"
GAS2 = ("rho_t + u*rho_x + v*rho_y + rho*(u_x + v_y) = 0; u_t + u*u_x + v*u_y + p_x/rho = 0; "
        "v_t + u*v_x + v*v_y + p_y/rho = 0; p_t + u*p_x + v*p_y + g*p*(u_x + v_y) = 0")
TABLE = {  # name -> text, ranges and settings, {case: dimension, None for infinite}, source
    "porous medium": ("u_t = (u**m*u_x)_x", {"m": (-3, 3)}, {"": 4, "m = -4/3": 5, "m = 0": 6}, "Ovsiannikov 1959"),
    "gas, 1-D": (GAS1, {"g": (-4, 4)}, {"": 6, "g = 3": 7, "g = 0": None}, "Ovsiannikov 1962"),
    "gas, 2-D": (GAS2, {"g": (-4, 4)}, {"": 9, "g = 2": 10, "g = 0": None}, "Ovsiannikov 1962"),
    "reaction and diffusion": ("u_t = u_xx + a*u**n", {"n": (-6, 6), "a": 1}, {"": 3, "n = 0": 6, "n = 1": 6}, "Dorodnitsyn 1982"),
    "generalised KdV": ("u_t + u**p*u_x + u_xxx = 0", {"p": (-3, 3)}, {"": 3, "p = 0": 4, "p = 1": 4}, "KdV: Olver 1986"),
    "Emden-Fowler": ("y_xx = x**k*y**n", {"k": (-6, 3), "n": (-4, 4)},
                     {"": 1, "n = 0": 8, "n = 1": 8, "k = 0": 2, "k = -n - 3": 2, "k = 0, n = -3": 3, "k = -15/7, n = 2": 2,
                      "k = -20/7, n = 2": 2}, "Leach 1981, Mellin, Mahomed & Leach 1994"),
    "nonlinear wave": ("u_tt = (u**m*u_x)_x", {"m": (-6, 3)}, {"": 4, "m = -4": 5, "m = -4/3": 5, "m = 0": None},
                       "Ames, Lohner & Adams 1981"),
    "porous medium with source": ("u_t = (u**m*u_x)_x + u**n", {"m": (-3, 3), "n": (-4, 4)},
                                  {"": 3, "n = 1": 4, "m = -4/3, n = -1/3": 5, "m = -4/3, n = 1": 5, "m = 0, n = 0": 6, "m = 0, n = 1": 6},
                                  "Dorodnitsyn 1982"),
    "porous medium, 2-D": ("u_t = (u**m*u_x)_x + (u**m*u_y)_y", {"m": (-3, 3)}, {"": 6, "m = -1": None, "m = 0": 9},
                           "Dorodnitsyn, Knyazeva & Svirshchevskii 1983"),
    "Schroedinger, 1-D": ("I*psi_t + psi_xx + abs(psi)**p*psi = 0", {"p": (-1, 6), **PSI}, {"": 5, "p = 4": 6, "p = 0": 7},
                          "critical power 4/d"),
    "Schroedinger, 2-D": ("I*psi_t + psi_xx + psi_yy + abs(psi)**p*psi = 0", {"p": (-1, 6), **PSI}, {"": 8, "p = 2": 9, "p = 0": 10},
                          "critical power 4/d"),
    "wave with power, 2-D": ("u_tt = u_xx + u_yy + u**p", {"p": (-2, 6)}, {"": 7, "p = 5": 10, "p = 0": 11, "p = 1": 7},
                             "conformal power (d + 3)/(d - 1)"),
    "wave with power, 3-D": ("u_tt = u_xx + u_yy + u_zz + u**p", {"p": (-2, 6)}, {"": 11, "p = 3": 15, "p = 0": 16, "p = 1": 11},
                             "conformal power (d + 3)/(d - 1)"),
    "Lane-Emden": ("y_xx = -k/x*y_x - y**n", {"k": (-3, 4), "n": (-6, 6)},
                   {"": 1, "n = 0": 8, "n = 1": 8, "k = 0": 2, "k = (n + 3)/(n + 1)": 2, "k = 0, n = -3": 3, "k = 10/3, n = 2": 2},
                   "Emden-Fowler by a change of x"),
    "central force": ("x_tt = x*(x**2 + y**2)**(a/2); y_tt = y*(x**2 + y**2)**(a/2)", {"a": (-6, 3)}, {"": 3, "a = -4": 4, "a = 0": 15},
                      "inverse cube; oscillator"),
    "thin film": ("u_t = -(u**n*u_xxx)_x", {"n": (-4, 4)}, {"": 4, "n = 0": 4}, "none: counted by numbers"),
    "radial heat": ("u_t = u_xx + k/x*u_x", {"k": (-3, 4)}, {"": 4, "k = 0": 6, "k = 2": 6}, "k = 2: the heat equation for x*u"),
    "Burgers, Korteweg-de Vries": ("u_t = a*u_xx - b*u_xxx - u*u_x", {"a": (0, 1), "b": (0, 1)},
                                   {"": 3, "a = 0": 4, "b = 0": 5, "a = 0, b = 0": None}, "the two limits"),
}
POSITIVE = {"y_xx": ("x", "y"), "x_tt": (), "I*ps": (), "rho_": ("rho", "p")}  # where powers are formed, by the start of the text


def between(text, settings, answer, count, seed):
    "Values drawn in the ranges, with the count by numbers at each of them."
    rng, found = random.Random(seed), []
    fields = POSITIVE.get(text[:4], ("u",))
    for _ in range(count):
        at = {str(p): sympy.Rational(rng.randint(1, 96), 97)*(hi - lo) + lo for p, (lo, hi) in answer.ranges.items()}
        others = {k: v for k, v in settings.items() if k not in at}
        eq = Equation(text, **others, **{k: str(v) for k, v in at.items()}, positive=fields)
        try: found.append([{k: str(v) for k, v in at.items()}, count_at_point(eq)])
        except SymnbError as e: found.append([{k: str(v) for k, v in at.items()}, str(e)])
    return found


def measure(name, draws):
    text, settings, expected, source = TABLE[name]
    start = time.process_time()
    answer = classify(text, **settings)
    took = time.process_time() - start
    cases = {_relation(c.where): c.count for c in answer.cases}
    special = []
    for c in answer.cases[1:]:
        if c.count is None: continue
        here = answer.search.equation(c.at)
        special.append([_relation(c.at), count_at_point(here), c.count])
    drawn = between(text, settings, answer, draws, seed=0)
    ranges = {str(p): [str(v) for v in ends] for p, ends in answer.ranges.items()}
    return {"text": text, "ranges": ranges, "cases": cases, "expected": expected, "right": cases == expected, "source": source,
            "linear": [_relation(c.where) for c in answer.cases if c.linear], "rows": answer.rows()[1], "divisors": answer.divisors,
            "looked_at": len(answer.looked_at), "undecided": answer.undecided, "special": special, "between": drawn,
            "cpu_s": took, "all_cpu_s": time.process_time() - start}


def by_numbers(result):
    "Counts by numbers: how many agree, differ, and were not settled."
    pairs = [(a, b) for _, a, b in result["special"]] + [(c, result["cases"][""]) for _, c in result["between"]]
    settled = [(a, b) for a, b in pairs if isinstance(a, int)]
    agree = sum(a == b for a, b in settled)
    return agree, len(settled) - agree, len(pairs) - len(settled)


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--names", default="", help="equations to measure again, separated by semicolons")
    args.add_argument("--between", type=int, default=6, help="values drawn in the range of each")
    args.add_argument("--out", type=Path, default=RESULTS)
    args = args.parse_args()
    again = [n.strip() for n in args.names.split(";") if n.strip()]
    wrong = [n for n in again if n not in TABLE]
    if wrong: sys.exit(f"no equation {wrong[0]!r}; there are {', '.join(TABLE)}")
    results = read_json(args.out)["results"] if args.out.exists() else {}
    for name in TABLE:
        if name in results and name not in again: continue
        results[name] = measure(name, args.between)
        r = results[name]
        counted = "by numbers the same at {}, another at {}, not settled at {}".format(*by_numbers(r))
        print(f"{name}: {'as expected' if r['right'] else r['cases']}; {counted}; {r['cpu_s']:.1f} s", flush=True)
        about = {"command": "python benchmarks/classify.py", "seed": 0, "between": args.between, "machine": machine()}
        write_json(args.out, header("classify", **about) | {"results": results})


if __name__ == "__main__": main()
