"""How often verdicts on symmetries are wrong, and how small a breaking term they see.

python benchmarks/verdicts.py [drawn-KdV drawn-reaction KdV reaction Hopf] [--seeds 200] [--first 0] [--out FILE]

Of each equation two kinds of generators: those that hold whatever ε is, and those that the term with ε breaks. `drawn-…`:
coefficients drawn from their own covariance, so that the verdicts alone are measured. Others: solutions with noise, identified first.
A run that was stopped goes on where it was. Numbers were chosen on seeds from 1000 on.
"""
import math
import time
import warnings
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from common import cells_and_seeds

from symnb.core.checks import SymnbError, header, machine, read_json, seeded, write_json
from symnb.data.equations import Equation
from symnb.data.simulate import simulate
from symnb.discovery.identify import Coefficient, Evidence, Identified, identify
from symnb.discovery.nearest import verdicts
from symnb.discovery.symmetries import REFUTED
from symnb.geometry.fields import Field, symbols

RESULTS = Path(__file__).parent.parent/"nbs/experiments/results/verdicts.json"
RATE, NOISE = .05, .05  # promised; standard deviation of the noise over that of the field
EPS = {"drawn-KdV": (0., .001, .002, .003, .005, .01), "drawn-reaction": (0., .001, .002, .003, .005, .01),
       "KdV": (0., .00003, .0001, .0003, .001, .003), "reaction": (0., .001, .003, .01, .03),
       "Hopf": (0., .001, .003, .01, .03, .1)}
# hold always; broken by ε
GENERATORS = {"KdV": (["dt", "dx"], ["t*dx + du", "3*t*dt + x*dx - 2*u*du"]), "reaction": (["x*dy - y*dx"], ["u*dv - v*du"]),
              "Hopf": (["dt"], ["u*dv - v*du"])}
BREAKS = {"KdV": ("u_t", "u"), "reaction": ("u_t", "u**2"), "Hopf": ("u_t", "u**2")}
TERMS = {"KdV": {"u_t": {"u_xxx": -1., "(u**2)_x": -.5, "u": 0., "u_xx": 0.}},
         "reaction": {"u_t": {"u_xx": .1, "u_yy": .1, "u": 1., "u**3": -1., "u*v**2": -1., "u**2*v": 1., "v**3": 1., "u**2": 0.},
                      "v_t": {"v_xx": .1, "v_yy": .1, "v": 1., "u**2*v": -1., "v**3": -1., "u**3": -1., "u*v**2": -1.}}}


def drawn(name, eps, seed, error=1e-3):
    "An equation whose coefficients are off by errors of their own covariance, neighbours correlated."
    true = [(lhs, t, eps if (lhs, t) == BREAKS[name] else v) for lhs, terms in TERMS[name].items() for t, v in terms.items()]
    k, rng = np.arange(len(true)), np.random.default_rng(seed)
    covariance = error**2*.5**abs(k[:, None] - k)
    values = np.linalg.cholesky(covariance)@rng.standard_normal(len(true)) + [v for *_, v in true]
    coefficients = {t if len(TERMS[name]) == 1 else f"{lhs}: {t}": Coefficient(float(v), error, .95, 1000)
                    for (lhs, t, _), v in zip(true, values)}
    fields, axes = (("u",), ("t", "x")) if name == "KdV" else (("u", "v"), ("t", "x", "y"))
    settings = dict(dependent=fields, independent=axes, length=12. if name == "KdV" else [12., 12.], duration=6.)
    sides = {lhs: list(terms) for lhs, terms in TERMS[name].items()}
    return Identified(sides, coefficients, covariance, Evidence({}, {}, 1000, {}, {}, {}, {}, {lhs: {} for lhs in sides}, {}), **settings)


@lru_cache(maxsize=1)
def solution(name, eps):
    if name == "KdV":
        return simulate(Equation(f"u_t = -u*u_x - u_xxx + {eps}*u", length=40., duration=20., nx=128, nt=200), seed=5)
    if name == "Hopf": # its normal form, eight orbits from outside and inside the cycle
        text = [f"u_t = u - v - u*(u**2 + v**2) + {eps}*u**2", "v_t = u + v - v*(u**2 + v**2)"]
        rng = np.random.default_rng(5)
        size, phase = rng.uniform(.1, 2, 8), rng.uniform(0, 2*math.pi, 8)
        return simulate(Equation(text, duration=6., nt=241), initial={"u": size*np.cos(phase), "v": size*np.sin(phase)})
    text = [f"u_t = .1*lap(u) + (1 - u**2 - v**2)*u + (u**2 + v**2)*v + {eps}*u**2",
            "v_t = .1*lap(v) + (1 - u**2 - v**2)*v - (u**2 + v**2)*u"]
    return simulate(Equation(text, length=12., duration=6., nx=32, nt=40), seed=5)


def found_in(name, eps, seed):
    data, g = solution(name, eps), seeded(seed)
    fields = {k: a.double() for k, a in data.fields.items()}
    noise = {k: NOISE*a.std()*torch.randn(a.shape, generator=g, dtype=a.dtype) for k, a in fields.items()}
    return identify(data.with_fields({k: fields[k] + noise[k] for k in fields}))


def shape(field):
    "The terms of a field without their numbers."
    letters = [*symbols(field.names).values()]
    return {(i, m) for i, e in enumerate(field.exprs[0]) if e != 0 for m in e.as_poly(*letters).monoms()}


def measure(name, eps, seed):
    "One data set: which generators stand, what was found, how large ε may be by the interval."
    start, kind = time.process_time(), name.removeprefix("drawn-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try: found = drawn(kind, eps, seed) if name != kind else found_in(kind, eps, seed)
        except SymnbError as e: return {"refused": str(e)[:200]}
        told, said = time.process_time(), verdicts(found, RATE)
    every = [(shape(Field(v.field, (*found.independent, *found.dependent))), v) for v in said]

    def standing(text): # a generator, or one with more terms beside, is not refuted
        wanted = shape(Field(text, (*found.independent, *found.dependent)))
        return next((v.status for s, v in every if wanted <= s and v.status != REFUTED), None)
    always, broken = GENERATORS[kind]
    lhs, term = BREAKS[kind]
    here = found.coefficients.get(term) or found.coefficients.get(f"{lhs}: {term}")
    interval = (here or found.evidence.nearly[lhs][term]).interval
    return {"always": {t: standing(t) for t in always}, "broken by ε": {t: standing(t) for t in broken},
            "terms": sorted(found.coefficients), "ε in the equation": here is not None, "ε": interval,
            "identify s": told - start, "verdicts s": time.process_time() - told}


def share(k, n):
    "A share beside the rate that was promised plus two of its standard deviations."
    return {"count": k, "of": n, "share": k/n, "allowed": RATE + 2*math.sqrt(RATE*(1 - RATE)/n)}


def summary(eps, runs):
    rows = [r for r in runs if "always" in r]
    true = [{**r["always"], **({} if eps else r["broken by ε"])} for r in rows]
    n, out = len(rows), {"not identified": len(runs) - len(rows)}
    if not rows: return out
    out["something true refuted"] = share(sum(None in t.values() for t in true), n)
    if eps: out["ε seen"] = {t: sum(r["broken by ε"][t] is None for r in rows)/n for t in rows[0]["broken by ε"]}
    missed = [r for r in rows if not r["ε in the equation"]]
    out["ε inside its interval"] = int(sum(r["ε"][0] <= eps <= r["ε"][1] for r in rows))/n
    out["not in the equation"] = {"of": len(missed), "ε below its bound": sum(abs(eps) <= max(map(abs, r["ε"])) for r in missed)}
    return out | {"median verdicts s": float(np.median([r["verdicts s"] for r in rows]))}


if __name__ == "__main__":
    args = cells_and_seeds(__doc__, EPS, 200, RESULTS).parse_args()
    command = f"python benchmarks/verdicts.py {' '.join(args.cells)} --seeds {args.seeds} --first {args.first}"
    cells = read_json(args.out)["cells"] if args.out.exists() else {}
    for name in args.cells or EPS:
        for eps in EPS[name]:
            entry = cells.setdefault(name, {}).setdefault(str(eps), {"runs": {}})
            for seed in range(args.first, args.first + args.seeds):
                if str(seed) in entry["runs"]: continue
                entry["runs"][str(seed)] = measure(name, eps, seed)
                if seed % 10 == 9:
                    write_json(args.out, header("benchmark", command=command, machine=machine(), rate=RATE, noise=NOISE, cells=cells))
            entry |= summary(eps, [*entry["runs"].values()])
            write_json(args.out, header("benchmark", command=command, machine=machine(), rate=RATE, noise=NOISE, cells=cells))
            print(name, eps, {k: v for k, v in entry.items() if k != "runs"}, flush=True)
