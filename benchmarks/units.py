"""Equations in awkward units, and hidden conditions: the same algebra as that of the twin of order one, or a plain refusal.

python benchmarks/units.py [--out nbs/experiments/results/units.json]

A twin is the same equation in other units, and has as many generators. Hidden conditions follow from the equations by differentiation;
their counts are those of the system to which they are added, superpositions and fields that move nothing included.
"""

import re
import sys
import time

from common import arguments, write

from symnb import Equation, solve
from symnb.core.checks import SymnbError
from symnb.data.equations import get_equation

TWINS = [  # name, text, settings, text of the twin, degree
    ("heat, k = 1e-6", "u_t = k*u_xx", {"k": 1e-6}, "u_t = u_xx", 3),
    ("heat of radiation at 300 K, k = 1e-6", "u_t = k*u_xx - a*(u**4 - 300**4)", {"k": 1e-6, "a": 1e-12}, "u_t = u_xx - u**4 + 1", 2),
    ("heat about 300, k = 1e-6", "u_t = k*diff((1 + (u - 300)/50)*u_x, x)", {"k": 1e-6}, "u_t = diff((1 + u)*u_x, x)", 2),
    ("Burgers on 300, waves of 0.1", "u_t = -(u - 300)*u_x + nu*u_xx", {"nu": 1e-3}, "u_t = -u*u_x + u_xx", 2),
    ("Burgers of 300", "u_t = -u*u_x + nu*u_xx", {"nu": 1e5}, "u_t = -u*u_x + u_xx", 2),
    ("KdV, km and seconds", "u_t = -1e-3*u*u_x - 0.1*u_x - 1e-7*u_xxx", {}, "u_t = -u*u_x - u_x - u_xxx", 2),
    ("KdV, long canal in metres", "u_t + sqrt(g*h)*(u_x + 3*u*u_x/(2*h) + h**2*u_xxx/6) = 0", {"g": 9.81, "h": 4000},
     "u_t + u_x + u*u_x + u_xxx = 0", 2),
    ("heat, 1e20", "u_t = 1e20*u_xx", {}, "u_t = u_xx", 3),
    ("heat, 1e-20", "u_t = 1e-20*u_xx", {}, "u_t = u_xx", 3),
    ("Burgers, 1e20 and 1e-20", "u_t = -1e20*u*u_x + 1e-20*u_xx", {}, "u_t = -u*u_x + u_xx", 2),
    ("relativity, c = 299792458", "u_tt = c**2*u_xx - u**3", {"c": 299792458}, "u_tt = u_xx - u**3", 2),
    ("Korteweg, c**4", "u_t = u_xx + c**4*u*u_x", {"c": 299792458}, "u_t = u_xx + u*u_x", 2),
    ("air in Pa and kg/m3", "r_t + u*r_x + r*u_x = 0; u_t + u*u_x + p_x/r = 0; p_t + u*p_x + 7/5*p*u_x = 0",
     {"positive": ("r", "p")}, "gas, 7/5", 2),
    ("shallow water, g = 9.81", "h_t + diff(h*u, x) + diff(h*v, y) = 0; u_t + u*u_x + v*u_y + g*h_x = 0; v_t + u*v_x + v*v_y + g*h_y = 0",
     {"g": 9.81}, "shallow water", 2),
    ("Gray-Scott, 2e-5", "u_t = 2e-5*lap(u) - u*v**2 + 0.04*(1 - u); v_t = 1e-5*lap(v) + u*v**2 - 0.1*v", {}, "Gray-Scott", 2),
    ("Kepler, the Sun in km and days", "x_tt = -m*x/(x**2 + y**2)**1.5; y_tt = -m*y/(x**2 + y**2)**1.5", {"m": 9.9e20}, "Kepler", 2),
]
HIDDEN = [  # name, text, settings, degree, how many; None: it should be said that there is nothing but constants
    ("u_xx = 0, u_yy = x² u_x", "u_xx = 0; u_yy = x**2*u_x", {}, 2, 18),
    ("u_t = u_xx, u_xx = 0", "u_t = u_xx; u_xx = 0", {}, 1, 10),
    ("u_xx = 0, u_yy = x² u", "u_xx = 0; u_yy = x**2*u", {}, 2, None),
    ("pendulum with a constraint", "x_tt = -l*x; y_tt = -l*y - 1; x**2 + y**2 = 1",
     {"independent": ("t",), "dependent": ("x", "y", "l")}, 1, 2),  # ∂_t, and l + 3 y, which is constant, times it
]


def generators(text, settings, degree):
    "How many, proved, moved, seconds; or why not."
    clock = time.process_time()
    try:
        sym = solve(Equation(text, **settings) if "=" in text else get_equation(text), degree=degree)
        proved = sum(p.status == "proved" for p in sym.prove())
        tests = [c for c in sym.certify() if not c.reason]
    except SymnbError as e: return {"refused": str(e), "seconds": time.process_time() - clock}
    said = re.findall(r"(\d+) more of the fields found|(\d+) of them are such", " ".join(sym.notes))
    apart = [int(n) for pair in said for n in pair if n]
    return {"found": sym.dim, "all": sym.dim + sum(apart), "proved": proved, "passed": sum(c.passed for c in tests), "moved": len(tests),
            "formulas": [f.text for f in sym.formulas], "notes": sym.notes, "seconds": time.process_time() - clock}


def main():
    a, twins, hidden = arguments(__doc__, "units"), [], []
    for name, text, settings, twin, degree in TWINS:
        r = {"name": name, "text": text, "twin": twin, "degree": degree, **generators(text, settings, degree)}
        r["expected"] = generators(twin, {}, degree)["found"]
        twins.append(r)
        words = "{found} of {expected}, proved {proved}, passed {passed} of {moved}"
        print(f"{name:40s} {r.get('refused') or words.format(**r)}", flush=True)
    for name, text, settings, degree, count in HIDDEN:
        r = {"name": name, "text": text, "degree": degree, "expected": count, **generators(text, settings, degree)}
        hidden.append(r)
        print(f"{name:40s} {r.get('refused') or '{all} of {expected}, {found} of them printed, proved {proved}'.format(**r)}", flush=True)
    write(a, twins=twins, hidden=hidden)
    wrong = [r["name"] for r in twins if "refused" not in r and r["found"] != r["expected"]]
    wrong += [r["name"] for r in hidden if r.get("all") != r["expected"]]
    print("all as expected" if not wrong else f"wrong counts: {', '.join(wrong)}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
