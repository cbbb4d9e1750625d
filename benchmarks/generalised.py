"""Generalised symmetries against the literature, the same equations with one term bent, flows re-simulated, and all equations of the atlas.

python benchmarks/generalised.py [--part literature bent flows atlas] [--out nbs/experiments/results/generalised.json]

One equation after another, exactly, no seeds but those of the waves in `flows`. Parts and rows that are in the file are not done again:
delete it to start afresh. Seconds are processor time.
"""

import argparse
import time
from pathlib import Path

from symnb import ATLAS, Equation
from symnb.beyond.generalised import KINDS, certify_flow, higher
from symnb.core.checks import SymnbError, header, machine, one_thread, read_json, write_json
from symnb.data.equations import get_equation

RESULTS = Path(__file__).parent.parent / "nbs/experiments/results/generalised.json"
SHOWN = ("flows", "right", "s", "refused", "point", "atlas", "certificates")  # printed while it runs
NONE = "Mikhailov, Shabat & Sokolov 1991: none"
# equation, order, degree, coordinates -> orders of the flows that the literature has, how many are no point symmetries, where
LITERATURE = {
    ("KdV", 11, None, 1): ([1, 3, 5, 7, 9, 11], 4, "Gardner, Greene, Kruskal & Miura 1974; Olver 1977"),
    ("modified KdV", 9, None, 1): ([1, 3, 5, 7, 9], 3, "Olver 1977"),
    ("potential KdV", 7, None, 1): ([0, 1, 3, 5, 7], 2, "Olver 1986"),
    ("Gardner", 5, 5, 1): ([1, 3, 5], 1, "Miura, Gardner & Kruskal 1968"),
    ("Burgers", 3, None, 1): ([1, 2, 3], 1, "Olver 1977"),
    ("Burgers", 5, None, 1): ([1, 2, 3, 4, 5], 3, "Olver 1977"),
    ("potential Burgers", 4, None, 1): ([0, 1, 2, 3, 4], 2, "Olver 1986"),
    ("sine-Gordon", 3, None, 1): ([1, 1, 3, 3], 2, "Olver 1977"),
    ("sine-Gordon", 5, None, 1): ([1, 1, 3, 3, 5, 5], 4, "Olver 1977"),
    ("sinh-Gordon", 5, None, 1): ([1, 1, 3, 3, 5, 5], 4, "Zhiber & Shabat 1979"),
    ("Tzitzeica", 5, None, 1): ([1, 1, 5, 5], 2, "Zhiber & Shabat 1979"),
    ("Sawada-Kotera", 11, None, 1): ([1, 5, 7, 11], 2, "Sawada & Kotera 1974; Fuchssteiner & Oevel 1982"),
    ("Kaup-Kupershmidt", 11, None, 1): ([1, 5, 7, 11], 2, "Fuchssteiner & Oevel 1982"),
    ("fifth-order KdV", 7, None, 1): ([1, 3, 5, 7], 2, "Olver 1977: a flow of KdV"),
    ("cubic Schroedinger", 5, None, 1): ([0, 1, 2, 3, 4, 5], 3, "Zakharov & Shabat 1972; Magri 1978"),
    ("derivative Schroedinger", 4, None, 1): ([0, 1, 2, 3, 4], 2, "Kaup & Newell 1978"),
    ("Hirota-Satsuma", 7, None, 1): ([1, 3, 5, 7], 2, "Hirota & Satsuma 1981"),
    ("Kepler", 1, 3, 0): ([0, 1, 1, 1], 2, "Lévy-Leblond 1971"),
    ("y_xxx = 0", 1, 2, 2): ([0, 1, 1], 1, "Lie & Scheffers 1896: ten contact symmetries, of them seven point"),
    ("Burgers-KdV", 7, None, 1): ([1, 3], 0, NONE),
    ("Burgers-KdV", 5, 3, 1): ([1, 3], 0, NONE),
    ("Kuramoto-Sivashinsky", 7, None, 1): ([1, 4], 0, NONE),
    ("Kuramoto-Sivashinsky", 5, 3, 1): ([1, 4], 0, NONE),
    ("Kawahara", 7, None, 1): ([1, 5], 0, NONE),
}
BENT = [("u_t = u**3*u_x - u_xxx", 7), ("u_t = -u**2*u_x + u_xx", 5), ("u_tx = sin(u) + sin(2*u)", 5),
        ("u_tx = exp(u) - exp(-3*u)", 5),
        ("u_t + 5*u**2*u_x + 5*u_x*u_xx + 4*u*u_xxx + u_xxxxx = 0", 11), ("quintic Schroedinger", 4), ("Benjamin-Bona-Mahony", 5),
        ("u_t + 20*u**2*u_x + 24*u_x*u_xx + 10*u*u_xxx + u_xxxxx = 0", 11),
        ("u_t = u_xxx/2 + 3*u*u_x - 6*v*v_x; v_t = -v_xxx - 2*u*v_x", 7)]
FLOWS = [("KdV", 7), ("modified KdV", 7), ("u_t = -u*u_x + u_xx", 4), ("cubic Schroedinger", 4), ("Sawada-Kotera", 7),
         ("Hirota-Satsuma", 5)]


def summary(found):
    "What is kept of a result."
    kinds = {k: len(found.of(k)) for k in KINDS if found.of(k)}
    return {"flows": sorted(g.order for g in found.flows), "new flows": [g.text for g in found.new if g.is_flow],
            "with coordinates": [g.text for g in found.new if not g.is_flow], "kinds": kinds, "symmetries": len(found),
            "proved": sum(g.proof.status == "proved" for g in found), "note": found.notes[0]}


def measured(work):
    "A row with its seconds, or what was refused."
    start = time.process_time()
    try: row = work()
    except SymnbError as e: row = {"refused": str(e).split("; ")[0][:200]}
    return row | {"s": time.process_time() - start}


def literature(name, order, degree, coordinates):
    flows, new, source = LITERATURE[name, order, degree, coordinates]
    row = summary(higher(name, order, degree, coordinates)) | {"source": source, "expected": [flows, new]}
    right = row["flows"] == flows and len(row["new flows"]) == new and row["proved"] == row["symmetries"]
    return row | {"right": right, "equation": get_equation(name).formula}


def flow(name, order):
    eq, out = get_equation(name), []
    for g in higher(name, order).new:
        if not g.is_flow: continue
        c = certify_flow(eq, g, size=.05)
        numbers = {} if c.reason else {"s": c.s, "score": c.score, "planted": c.planted_score}
        out.append({"formula": c.formula, "order": g.order, "reason": c.reason, "passed": c.passed} | numbers)
    return {"certificates": out}


def entry(name):
    "An equation of the atlas: are its point symmetries those of the atlas, and what is there beside?"
    e = ATLAS[name]
    found = higher(Equation(e.text, name=name, **e.settings), 2, coordinates=max(1, e.degree - 1))
    said = {"atlas": e.dim, "degree": e.degree, "factors": len(e.factors), "infinite": e.infinite}
    return summary(found) | {"point": len(found.of("point"))} | said


PARTS = {
    "literature": lambda: {f"{a[0]}, order {a[1]}" + f", degree {a[2]}"*bool(a[2]): lambda a=a: literature(*a) for a in LITERATURE},
    "bent": lambda: {f"{text}, order {order}": lambda a=(text, order): summary(higher(*a)) for text, order in BENT},
    "flows": lambda: {f"{name}, order {order}": lambda a=(name, order): flow(*a) for name, order in FLOWS},
    "atlas": lambda: {name: lambda n=name: entry(n) for name in ATLAS},
}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", nargs="*", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--out", default=RESULTS, type=Path)
    args = parser.parse_args()
    done = read_json(args.out)["parts"] if args.out.exists() else {}
    with one_thread():
        for part in args.part:
            for name, work in PARTS[part]().items():
                if name in done.setdefault(part, {}): continue
                done[part][name] = row = measured(work)
                print(part, name, {k: v for k, v in row.items() if k in SHOWN}, flush=True)
                write_json(args.out, header("benchmark", command="python benchmarks/generalised.py", machine=machine(), parts=done))
