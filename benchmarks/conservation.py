"""Conservation laws of the atlas at the default library, and of chosen equations further up: how many, how long.

python benchmarks/conservation.py [--out nbs/experiments/results/laws.json] [--seconds 60]

Goes on where it was stopped: equations that stand in the result file are not done again.
"""
import argparse
import time
from pathlib import Path

from symnb.beyond.conservation import conservation
from symnb.core.checks import SymnbError, header, machine, read_json, write_json
from symnb.data.atlas import ATLAS
from symnb.numerics.polynomials import TooBig, limited

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/laws.json"
# equation, order, degree, laws that the literature has, source
FURTHER = [
    ("KdV", 6, None, 6, "Miura, Gardner & Kruskal 1968: one more at every second order"),
    ("KdV", 8, None, 7, "the same"), ("KdV", 10, None, 8, "the same"), ("KdV", 12, None, 9, "the same"),
    ("modified KdV", 6, None, 6, "Miura, Gardner & Kruskal 1968, and the dilation"),
    ("Sawada-Kotera", 10, None, 6, "Sawada & Kotera 1974: every third is missing"),
    ("sine-Gordon", 5, None, 7, "Dodd & Bullough 1977: one more in x and in t at every second order"),
    ("cubic Schroedinger", 4, None, 6, "Zakharov & Shabat 1972: one more at every order"),
    ("cubic Schroedinger in the plane", 2, None, 9, "Ginibre & Velo 1979: critical, with dilation and projective law"),
    ("Benjamin-Bona-Mahony", 4, 4, 3, "Olver 1979: these three and no more"),
    ("Kuramoto-Sivashinsky", 6, None, 1, "mass"), ("Burgers-KdV", 6, None, 1, "mass"),
    ("Burgers", 6, None, 1, "Popovych & Ivanova 2005"),
    ("waves in the plane", 1, 3, 10, "Bessel-Hagen 1921, conformal group"),
    ("shallow water", 0, 4, 9, "with dilation and projective law"), ("shallow water", 0, 6, 9, "no more with the degree"),
    ("gas in the plane, 2", 0, 4, 9, "Ibragimov 1994"), ("gas, 3", 0, 4, 6, "Ibragimov 1994"),
    ("Kepler in space", 1, 2, 7, "Laplace, Runge, Lenz"), ("Maxwell", 0, 2, 11, "Bessel-Hagen 1921"),
    ("Maxwell", 0, 3, 15, "Bessel-Hagen 1921, the conformal group"),
]


def measure(name, order, degree, seconds):
    "One equation: laws with their formulas, seconds of the processor."
    start = time.process_time()
    try:
        with limited(10**10, seconds):
            laws = conservation(name, order, degree)
    except (SymnbError, TooBig) as e:
        return {"refused": str(e), "s": time.process_time() - start}
    told = laws.as_dict()
    trivial = len(told.pop("trivial"))
    found = sum(law["density"] is not None for law in told["laws"])
    return told | {"count": len(laws), "trivial": trivial, "with density": found, "proved": sum(law["proved"] for law in told["laws"]),
                   "s": time.process_time() - start}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default=RESULTS, type=Path)
    parser.add_argument("--seconds", default=60, type=int, help="processor time allowed for one equation")
    args = parser.parse_args()
    command = f"python benchmarks/conservation.py --seconds {args.seconds}"
    before = read_json(args.out) if args.out.exists() else {}
    atlas, further = before.get("atlas", {}), before.get("further", {})

    def write():
        write_json(args.out, header("benchmark", command=command, seed=None, machine=machine(), atlas=atlas, further=further))
    for name, order, degree, count, source in FURTHER:
        key = f"{name}, order {order}" + (f", degree {degree}" if degree else "")
        if key in further: continue
        further[key] = {"name": name, "literature": count, "source": source} | measure(name, order, degree, args.seconds)
        print(key, further[key].get("count", further[key].get("refused")), "of", count, f"{further[key]['s']:.1f} s", flush=True)
        write()
    for name in ATLAS:
        if name in atlas: continue
        atlas[name] = measure(name, None, None, args.seconds)
        print(name, atlas[name].get("count", atlas[name].get("refused")), f"{atlas[name]['s']:.1f} s", flush=True)
        write()
