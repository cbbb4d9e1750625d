"""Systems without data: seconds to the algebra, its proofs and its certificates, and how many generators, beside the known number.

python benchmarks/systems.py [--out nbs/experiments/results/systems.json]

One torch thread; imports apart. `solve`, `prove` and `certify` are the public calls with their defaults but for the degree, which is
named. Counts leave superpositions of linear equations out.
"""

import argparse
import sys
import time
from pathlib import Path

import torch

from symnb import Equation, solve
from symnb.core.checks import header, machine, write_json

RESULTS = Path(__file__).parent.parent / "nbs/experiments/results/systems.json"
FLUID = "u_t + u*u_x + v*u_y + p_x = 0.1*lap(u); v_t + u*v_x + v*v_y + p_y = 0.1*lap(v); u_x + v_y = 0"
FLUID_3D = "; ".join(f"{a}_t + u*{a}_x + v*{a}_y + w*{a}_z + p_{x} = 0.1*({a}_xx + {a}_yy + {a}_zz)" for a, x in zip("uvw", "xyz"))
SPACE = ("t", "x", "y", "z")
SYSTEMS = {  # name -> text, degree, settings, how many are known at that degree
    "KdV": ("u_t = -u*u_x - u_xxx", 2, {}, 4),
    "modified KdV": ("u_t = u**2*u_x - u_xxx", 2, {}, 3),
    "Burgers": ("u_t = -u*u_x + u_xx", 2, {}, 5),
    "heat": ("u_t = u_xx", 3, {}, 6),
    "Kuramoto-Sivashinsky": ("u_t = -u*u_x - u_xx - u_xxxx", 2, {}, 3),
    "heat in the plane": ("u_t = lap(u)", 3, {}, 9),
    "waves in the plane": ("u_tt = lap(u)", 2, {}, 11),
    "massless phi^4 in the plane": ("u_tt = lap(u) - u**3", 2, {}, 7),
    "massive phi^4 in the plane": ("u_tt = lap(u) - u - u**3", 2, {}, 6),
    "sine-Gordon": ("u_tx = sin(u)", 2, {}, 3),
    "cubic Schroedinger": ("I*psi_t + psi_xx + abs(psi)**2*psi = 0", 2, {"complex_fields": ("psi",)}, 5),
    "cubic Schroedinger in the plane": ("I*psi_t + lap(psi) + abs(psi)**2*psi = 0", 2, {"complex_fields": ("psi",)}, 8),
    "Burgers in the plane": ("u_t + u*u_x + v*u_y = lap(u); v_t + u*v_x + v*v_y = lap(v)", 2, {}, 8),
    "shallow water": ("h_t + diff(h*u, x) + diff(h*v, y) = 0; u_t + u*u_x + v*u_y + h_x = 0; v_t + u*v_x + v*v_y + h_y = 0", 2, {}, 9),
    "gas, 7/5": ("r_t + u*r_x + r*u_x = 0; u_t + u*u_x + p_x/r = 0; p_t + u*p_x + 7/5*p*u_x = 0", 2, {"positive": ("r", "p")}, 6),
    "gas, 3": ("r_t + u*r_x + r*u_x = 0; u_t + u*u_x + p_x/r = 0; p_t + u*p_x + 3*p*u_x = 0", 2, {"positive": ("r", "p")}, 7),
    "Zakharov-Kuznetsov": ("u_t + u*u_x + u_xxx + u_xyy = 0", 2, {}, 5),
    "Camassa-Holm": ("u_t - u_txx + 3*u*u_x = 2*u_x*u_xx + u*u_xxx", 2, {}, 3),
    "minimal surfaces": ("u_xx*(1 + u_y**2) - 2*u_x*u_y*u_xy + u_yy*(1 + u_x**2) = 0", 2, {}, 7),
    "Monge-Ampere": ("u_xx*u_yy = u_xy**2", 2, {}, 15),
    "Harry Dym": ("u_t = u**3*u_xxx", 2, {"positive": ("u",)}, 5),
    "porous medium, -4/3": ("u_t = diff(u**(-4/3)*u_x, x)", 2, {"positive": ("u",)}, 5),
    "y'' = 0": ("y_xx = 0", 2, {}, 8),
    "y'' = 1/y^3": ("y_xx = y**(-3)", 2, {"positive": ("y",)}, 3),
    "Kepler in the plane": ("x_tt = -x/(x**2 + y**2)**1.5; y_tt = -y/(x**2 + y**2)**1.5", 2, {}, 3),
    "Navier-Stokes in the plane": (FLUID, 2, {}, 12),
    "Navier-Stokes in space": (FLUID_3D + "; u_x + v_y + w_z = 0", 2, {"independent": SPACE}, 17),
    "Maxwell": ("a_t = r_y - q_z; b_t = p_z - r_x; c_t = q_x - p_y; p_t = b_z - c_y; q_t = c_x - a_z; r_t = a_y - b_x; "
                "a_x + b_y + c_z = 0; p_x + q_y + r_z = 0", 2, {"independent": SPACE}, 17),
}


def measure(name):
    text, degree, settings, count = SYSTEMS[name]
    clocks = [time.process_time()]
    eq = Equation(text, **settings)
    clocks.append(time.process_time())
    sym = solve(eq, degree=degree)
    clocks.append(time.process_time())
    proofs = [p.status for p in sym.prove()]
    clocks.append(time.process_time())
    tests = sym.certify()
    clocks.append(time.process_time())
    seconds = dict(zip(("read", "solve", "prove", "certify"), (round(b - a, 3) for a, b in zip(clocks, clocks[1:]))))
    moved = [c.score for c in tests if not c.reason]
    return {"name": name, "text": text, "degree": degree, "found": sym.dim, "expected": count, "proved": proofs.count("proved"),
            "moved": len(moved), "largest violation": max(moved, default=0), "seconds": seconds,
            "formulas": [f.text for f in sym.formulas]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    a = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    solve("u_t = u_xx").prove()  # imports
    print(f"{'':34s} degree  found (expected)  proved  moved, largest violation   read  solve  prove  certify, s")
    for name in SYSTEMS:
        r = measure(name)
        rows.append(r)
        s = r["seconds"]
        print(f"{name:34s} {r['degree']:6d}  {r['found']:5d} ({r['expected']})  {r['proved']:6d}"
              f"  {r['moved']:5d}  {r['largest violation']:.0e}"
              f"   {s['read']:6.2f} {s['solve']:6.2f} {s['prove']:6.2f} {s['certify']:6.2f}", flush=True)
        write_json(a.out, header("benchmark", command="python benchmarks/systems.py", machine=machine()) | {"rows": rows})
    wrong = [r["name"] for r in rows if r["found"] != r["expected"] or r["proved"] < r["found"]]
    print("all as expected and proved" if not wrong else f"not as expected: {', '.join(wrong)}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
