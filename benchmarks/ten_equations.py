"""Published dimensions and generators of text equations that no other code mentions, against what `solve` finds with its defaults.

python benchmarks/ten_equations.py [--seeds 1] [--only Gardner] [--out nbs/experiments/results/ten_equations.json]
"""
import argparse
import sys
import time
import warnings
from pathlib import Path

from symnb.core.checks import SymnbError, header, machine, write_json
from symnb.data.equations import Equation
from symnb.data.simulate import simulate
from symnb.discovery.solve import solve
from symnb.geometry.fields import Field
from symnb.tasks.pde import PDETask
from symnb.tasks.proof import prove

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/ten_equations.json"
DOMAINS = ("periodic", "local")
BOOST, HEAT = "t*dx + du", "2*t*dt + x*dx"
DORODNITSYN, POPOVYCH, HAND = "Dorodnitsyn 1982", "Popovych & Vaneeva 2010", "by hand"

# name: text, generators with a period, generators without, source
CASES = {
    "mKdV": ("u_t = -6*u**2*u_x - u_xxx", ["dt", "dx"], ["3*t*dt + x*dx - u*du"], "Ibragimov 1994"),
    "Gardner": ("u_t = -u*u_x - u**2*u_x - u_xxx", ["dt", "dx"], ["6*t*dt + (2*x - t)*dx - (2*u + 1)*du"], HAND),
    "potential KdV": ("u_t = -u_x**2/2 - u_xxx", ["dt", "dx", "du"], ["t*dx + x*du", "3*t*dt + x*dx - u*du"], HAND),
    "Kawahara": ("u_t = -u*u_x - u_xxx + u_xxxxx", ["dt", "dx", BOOST], [], "Kuriksha, Pošta & Vaneeva 2014"),
    "Burgers–KdV": ("u_t = -u*u_x + u_xx/5 - u_xxx", ["dt", "dx", BOOST], [], HAND),
    "Allen–Cahn": ("u_t = u_xx + u - u**3", ["dt", "dx"], [], DORODNITSYN),
    "Fisher–KPP": ("u_t = u_xx + u*(1 - u)", ["dt", "dx"], [], DORODNITSYN),
    "Swift–Hohenberg": ("u_t = 3*u/10 - u**3 - u - 2*u_xx - u_xxxx", ["dt", "dx"], [], HAND),
    "porous medium": ("u_t = u*u_xx + u_x**2", ["dt", "dx", "t*dt - u*du"], [HEAT], "Ovsiannikov 1959"),
    "curve shortening": ("u_t = u_xx/(1 + u_x**2)", ["dt", "dx", "du"], ["u*dx - x*du", HEAT + " + u*du"], "Chou & Li 2002"),
    "potential Burgers": ("u_t = u_xx + u_x**2", ["dt", "dx", "du"],
                          [HEAT, "2*t*dx - x*du", "4*t**2*dt + 4*t*x*dx - (x**2 + 2*t)*du"], "Olver 1986, ch. 2"),
    "damped KdV": ("u_t = -u*u_x - u_xxx - u/10", ["dt", "dx", "10*(1 - exp(-t/10))*dx + exp(-t/10)*du"], [], POPOVYCH),
    "KdV, u/(3t+5)": ("u_t = -u*u_x - u_xxx - u/(3*t + 5)", ["dx", "(3*t + 5)**(2/3)*dx + 2*(3*t + 5)**(-1/3)*du"],
                      ["(3*t + 5)*dt + x*dx - 2*u*du"], POPOVYCH),
    "KdV, exp(-t²/900)": ("u_t = -exp(-t**2/900)*u*u_x - u_xxx", ["dx", "15*sqrt(pi)*erf(t/30)*dx + du"], [], POPOVYCH),
    "Burgers, tanh t": ("u_t = -tanh(t)*u*u_x + u_xx/10", ["dx", "log(cosh(t))*dx + du"], [], HAND),
    "KdV, damped by tanh t": ("u_t = -u*u_x - u_xxx - tanh(t)*u", ["dx", "2*atan(tanh(t/2))*dx + du/cosh(t)"], [], POPOVYCH),
}


def known(name, domain):
    "Generators that have to be found, as texts."
    _, periodic, more, _ = CASES[name]
    return periodic + (more if domain == "local" else [])


def measure(name, seed, domains=DOMAINS):
    """One equation: for each domain the published and the found dimension, principal cosines with the published generators,
    formulas with their proofs, seconds; and whether the published generators are proved themselves."""
    clock = time.perf_counter()
    eq = Equation(CASES[name][0])
    data = simulate(eq, n=4, seed=seed)
    found = {"text": eq.text, "source": CASES[name][3], "seed": seed, "s to simulate": time.perf_counter() - clock}
    for domain in domains:
        clock, expected = time.perf_counter(), known(name, domain)
        sym = solve(PDETask(eq, data, domain=domain))
        middle = time.perf_counter()
        proofs = [p.status for p in sym.prove()]
        done = time.perf_counter()
        cosines = sym.compare(expected, slots=sym.dim).cosines.tolist() if sym.dim else []
        found[domain] = {
            "published": len(expected), "found": sym.dim, "cosine": min(cosines, default=0.0),
            "formulas": [f.text for f in sym.formulas], "proofs": proofs[:len(sym.formulas)],
            "approximate": [f.text for f in sym.approximate], "superpositions": len(sym.superpositions),
            "s to solve": middle - clock, "s to prove": done - middle, "warnings": [n for n in sym.notes if n.startswith("WARNING")],
            "published proved": all(prove(eq, k).status == "proved" for k in map(Field, expected)),
        }
    return found




def right(entry, domain):
    "Dimension, space and formulas as published?"
    e = entry[domain]
    return e["found"] == e["published"] and e["cosine"] > 1 - 1e-8 and set(e["proofs"]) == {"proved"} and e["published proved"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", choices=list(CASES))
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    found = {}
    for name in [args.only] if args.only else CASES:
        found[name] = []
        for seed in range(args.seeds):
            try: r = measure(name, seed)
            except SymnbError as e: sys.exit(f"{name}, seed {seed}: {e}")
            found[name].append(r)
            line = "  ".join(f"{d} {r[d]['found']}/{r[d]['published']} in {r[d]['s to solve']:.1f} s" + " WRONG"*(not right(r, d))
                             for d in DOMAINS)
            print(f"{name:24} seed {seed}  simulated in {r['s to simulate']:.2f} s  {line}", flush=True)
    write_json(args.out, header("benchmark", command=" ".join(["python", *sys.argv]), seeds=list(range(args.seeds)), n=4,
                                machine=machine(), results=found))


if __name__ == "__main__":
    main()
