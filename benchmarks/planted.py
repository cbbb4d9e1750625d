"""Systems of two and three fields that have planted symmetries, hidden under a change of variables: are these found, and all others?

python benchmarks/planted.py [--systems 10] [--seed 0] [--out nbs/experiments/results/planted.json]

One to four affine generators are drawn. Right-hand sides of degree two that have them form a linear space, found over the rationals; a
random member of it is the system. A triangular polynomial map, X = x + …(t), U = u + …(t, x), V = v + …(t, x, u), hides it. `solve`, at the
degree of the moved generators, is held against those and against an exact null space; moved fields of the pool that are no symmetries of
the system are certified as well, and must fail.
"""

import random
import sys
import time
from functools import lru_cache
from itertools import combinations_with_replacement, count

import sympy
from common import arguments, write
from sympy import QQ
from sympy.polys.matrices import DomainMatrix

from symnb import Equation, solve
from symnb.geometry.fields import Field
from symnb.numerics.multipliers import exact_symmetries
from symnb.tasks.certificate import certify_on_jets
from symnb.tasks.formal import EquationTask
from symnb.tasks.proof import prove

NAMES = ("u", "v", "w")
POOL = ("dt", "dx", "t*dx + du", "dv", "v*du - u*dv", "u*du + v*dv", "x*dx + u*du", "2*t*dt + x*dx - u*du - v*dv", "t*dt - v*dv")
T, X = sympy.symbols("t x", real=True)
TERMS = 6  # random members of the space that are added up


def jets(q):
    "Symbols u, u_x, u_xx of each of q fields."
    return [[sympy.Symbol(n + ("_" + "x"*k if k else ""), real=True) for k in range(3)] for n in NAMES[:q]]


def along_x(f, fields):
    "Total derivative by x of what depends on t, x and derivatives below the second."
    return sympy.diff(f, X) + sum(sympy.diff(f, j[k])*j[k + 1] for j in fields for k in range(2))


def left_over(generator, F, fields):
    "pr V(u_t − F) with u_t = F put in, for an affine field whose ∂_t depends on t and whose ∂_x depends on t and x alone."
    tau, xi, *phi = Field(generator, ("t", "x", *NAMES[:len(fields)])).exprs[0]
    moved = [[tau*sympy.diff(f, T) + xi*sympy.diff(f, X)] for f in F]
    for a, p in enumerate(phi):
        for k in range(3):
            for b, f in enumerate(F): moved[b].append(p*sympy.diff(f, fields[a][k]))
            if k < 2: p = along_x(p, fields) - fields[a][k + 1]*sympy.diff(xi, X)
    at = [sympy.diff(p, T) + sum(sympy.diff(p, j[0])*f for j, f in zip(fields, F)) for p in phi]
    return [sympy.expand(a - f*sympy.diff(tau, T) - j[1]*sympy.diff(xi, T) - sum(m)) for a, f, j, m in zip(at, F, fields, moved)]


@lru_cache(None)
def conditions(generator, q):
    "Numbers of left_over for every product in every right-hand side, and for none: {(equation, product): number} each."
    fields = jets(q)

    def column(F):
        parts = [e.as_coefficients_dict() for e in left_over(generator, F, fields)]
        return {(b, key): c for b, d in enumerate(parts) for key, c in d.items() if c}
    start = column([sympy.S.Zero]*q)
    columns = []
    for b, p in slots(q):
        c = column([p if a == b else sympy.S.Zero for a in range(q)])
        columns.append({k: c.get(k, 0) - start.get(k, 0) for k in {*c, *start}})
    return [*columns, start]


@lru_cache(None)
def slots(q):
    "What may stand in the right-hand sides: (which one, product), of degree two in the jets, or in t or x and the jets."
    letters = [s for j in jets(q) for s in j]
    products = [sympy.Mul(*c) for n in (0, 1, 2) for c in combinations_with_replacement(letters, n)]
    return [(b, p) for b in range(q) for p in products + [z*p for z in (T, X) for p in (sympy.S.One, *letters)]]


def members(generators, q):
    "Right-hand sides with the generators: one of them, or None, and a basis of what may be added."
    entries, rows = {}, {}
    for g in generators:
        for j, column in enumerate(conditions(g, q)):
            for key, c in column.items():
                if c: entries.setdefault(rows.setdefault((g, key), len(rows)), {})[j] = QQ(int(c.p), int(c.q))
    null = DomainMatrix(entries, (max(1, len(rows)), len(slots(q)) + 1), QQ).nullspace().to_Matrix().tolist()

    def side(v): return [sum(c*p for c, (a, p) in zip(v, slots(q)) if a == b) for b in range(q)]
    first = next((v for v in null if v[-1]), None)
    rest = [[a - b*v[-1]/first[-1] for a, b in zip(v, first)] if v[-1] else v for v in null if v is not first]
    return first and side([a/first[-1] for a in first]), [side(v) for v in rest]


def draw(generators, q, rng):
    "A random system with the generators, or None: every field has an equation, some derivative is of second order, some term is a product."
    first, rest = members(generators, q)
    if first is None: return None
    fields = jets(q)
    for _ in range(50):
        parts = [(rng.choice((-2, -1, 1, 2)), p) for p in rng.sample(rest, min(TERMS, len(rest)))]
        F = [sympy.expand(f + sum(c*p[b] for c, p in parts)) for b, f in enumerate(first)]
        letters = [s for j in fields for s in j]
        if all(F) and any(f.has(j[2]) for f in F for j in fields) and any(sympy.Poly(f, *letters).total_degree() > 1 for f in F): return F
    return None


def hiding(q, rng):
    "A triangular map: new coordinates from the old ones, and old ones from new ones; one or two of its terms are not linear."
    old = [T, X, *sympy.symbols(NAMES[:q], real=True)]
    number = lambda: rng.choice((-2, -1, 1, 2))  # noqa: E731
    new = [T, X + number()*T, *(f + number()*g for f, g in zip(old[2:], [X, *old[2:]]))]
    curved = [(1, T**2), (2, T*X), (2, X**2), (3, T*old[2]), (3, old[2]**2), (3, X*T)]
    for at, term in rng.sample(curved, rng.choice((1, 2))): new[at] += number()*term
    back = {}
    for at in range(1, len(old)): back[old[at]] = sympy.expand((2*old[at] - new[at]).subs(back, simultaneous=True))
    return new, back


def hidden(F, new, back, q):
    "The system in new coordinates, as text."
    fields = jets(q)
    speed, shown = sympy.diff(new[1], T), []
    at_t = {j[0]: sympy.Symbol(f"{n}_t", real=True) for j, n in zip(fields, NAMES)}

    def by_t(f): return sympy.diff(f, T) + sum(sympy.diff(f, s)*d for s, d in at_t.items()) + speed*along_x(f, fields)
    put = {}
    for j in fields:
        value = back[j[0]]
        for s in j: put[s], value = value, along_x(value, fields)
    for j, f in zip(fields, F): shown.append(sympy.expand(by_t(back[j[0]]) - f.subs({**put, X: back[X]}, simultaneous=True)))
    return "; ".join(f"{e} = 0" for e in shown)


def moved_field(generator, new, back, q):
    "A generator in new coordinates."
    names = ("t", "x", *NAMES[:q])
    old = [T, X, *sympy.symbols(NAMES[:q], real=True)]
    V = Field(generator, names).exprs[0]
    return Field(tuple(sympy.expand(sum(sympy.diff(f, s)*v for s, v in zip(old, V)).subs(back, simultaneous=True)) for f in new), names)


def degree_of(field):
    "Total degree."
    return max((sympy.Poly(e, *sympy.symbols(field.names, real=True)).total_degree() for e in field.exprs[0] if e), default=0)


def plant(rng, q, k):
    "Generators, the hidden system, and what the pool becomes there; drawn again where no system has them or their degree is above three."
    for _ in count():
        planted = rng.sample(POOL, k)
        F = draw(planted, q, rng)
        if F is None: continue
        new, back = hiding(q, rng)
        fields = {g: moved_field(g, new, back, q) for g in POOL}
        if max(degree_of(fields[g]) for g in planted) <= 3: return planted, F, hidden(F, new, back, q), fields


def measure(i, seed):
    "One system: what was planted, what was found, what an exact null space holds."
    rng = random.Random(f"{seed} {i}")
    q, k = 2 + i % 2, 1 + i % 4
    planted, F, text, fields = plant(rng, q, k)
    degree = max(1, *(degree_of(fields[g]) for g in planted))
    eq = Equation(text, independent=("t", "x"), dependent=NAMES[:q])
    clock = time.process_time()
    sym = solve(eq, degree=degree)
    proofs = [p.status for p in sym.prove()]
    seconds = time.process_time() - clock
    exact = exact_symmetries(eq, degree)
    tests = [c for c in sym.certify() if not c.reason]
    task = EquationTask(eq, degree=1)
    wrong = {}
    for g, V in fields.items():
        if prove(eq, V).status != "disproved": continue
        c = certify_on_jets(task, V)
        if not c.reason: wrong[g] = c.score
    cosines = sym.compare([str(fields[g]) for g in planted], slots=sym.dim).cosines if sym.dim >= k else [0.0]
    return {"fields": q, "planted": planted, "right-hand sides": [str(f) for f in F], "text": text, "degree": degree,
            "hidden generators": [str(fields[g]) for g in planted], "found": sym.dim, "exact": len(exact), "proved": proofs.count("proved"),
            "cosine": float(min(cosines)), "moved": len(tests), "largest violation": max((c.score for c in tests), default=0.0),
            "not proved": [repr(p)[:300] for p in sym.prove() if p.status != "proved"], "no symmetries": wrong, "seconds": seconds}


def main():
    a, rows = arguments(__doc__, "planted", systems=10, seed=0), []
    for i in range(a.systems):
        rows.append(r := measure(i, a.seed))
        print(f"{r['fields']} fields, degree {r['degree']}: planted {len(r['planted'])}, found {r['found']}, exact {r['exact']}, "
              f"proved {r['proved']}; 1 - cosine {1 - r['cosine']:.0e}; moved {r['moved']}, violation {r['largest violation']:.0e}, "
              f"others from {min(r['no symmetries'].values(), default=0):.0e}; {r['seconds']:.2f} s", flush=True)
    write(a, rows=rows)
    wrong = [i for i, r in enumerate(rows) if r["found"] != r["exact"] or r["cosine"] < 1 - 1e-10]
    unproved = sum(r["found"] - r["proved"] for r in rows)
    print("all found, nothing else" if not wrong else f"not as it should be: {wrong}", f"; {unproved} not proved"*bool(unproved))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
