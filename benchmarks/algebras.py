"""The algebras of the atlas by name, from the generators that `benchmarks/atlas.py` has found and proved.

python benchmarks/algebras.py [--out nbs/experiments/results/algebras.json]

Names come from the structure constants of the fields as printed (`structure`). Members of an infinite family need not close.
"""

from common import RESULTS, arguments, write

from symnb import ATLAS, Field, structure
from symnb.core.checks import SymnbError, read_json
from symnb.data.equations import get_equation

def named(entry, formulas):
    "The algebra's name, None where the fields do not close; equation and generators as they are set."
    eq = get_equation(entry.name)
    fields = Field(formulas, (*entry.system.independent, *entry.system.dependent)) if formulas else None
    try: name = structure(fields).name if formulas else "no point symmetries"
    except SymnbError as e:
        if "does not close" not in str(e): raise
        name = None
    return {"algebra": name, "equation": eq.latex(), "generators": fields.latex() if formulas else []}


def main():
    a = arguments(__doc__, "algebras")
    rows = read_json(RESULTS / "atlas.json")["rows"]
    found = {}
    for r in rows:
        found[r["name"]] = named(ATLAS[r["name"]], r["formulas"])
        print(r["name"], "|", found[r["name"]]["algebra"], flush=True)
    write(a, rows=found)


if __name__ == "__main__":
    main()
