#!/usr/bin/env python
"""The documentation site in _docs/, from the committed notebooks and without Quarto: python tools/website.py

nbdev prepares the pages, entries with signatures and tables of arguments stand where the exported code was, smalldocs
lays them out, and KaTeX is put beside them. tools/check_website.py looks at the result.
"""

import argparse
import ast
import base64
import contextlib
import functools
import hashlib
import io
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tokenize
import unicodedata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import nb as house

REPO = Path(__file__).resolve().parent.parent
KATEX = "0.19.1"  # typesets the formulas; the package is held to the hash
KATEX_SHA512 = "jG8uKntjSEcm2EpQOh0XturpPuuC9r3Sq5HLHdsFdWZT27E672SF19QEi+of0/YeOy15lDgRhKvr5614uRrEfA=="
FLOORS = {"cli": "Command"}  # what a floor is called where its folder's name says too little
FOLDERS = {"tutorials": "From the first five minutes to extensions of your own.", "experiments": "What was measured, and how to repeat it."}
ORDER = {  # in which the notebooks of a folder are read; others come after them
    "tutorials": ("first_five_minutes", "your_own_equation", "your_own_system", "is_this_one_a_symmetry", "your_own_data",
                  "your_own_function", "your_own_images", "reading_the_result", "what_is_conserved",
                  "special_parameters", "from_generators_to_augmentation", "where_do_i_add"),
    "experiments": ("five_equations", "ten_equations", "atlas", "from_data", "how_certain", "higher", "laws", "classification",
                    "learning", "flows", "augmentation", "images", "colors", "cifar10"),
}  # fmt: skip
PAGES = ("comparison", "limits")  # notebooks beside the rooms
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def fail(text):
    print(text, file=sys.stderr)
    raise SystemExit(1)


# ---------------------------------------------------------------- what there is


def room(stem):
    "The name of a page: the notebook's without its floor number."
    return re.sub(r"^\d\d_", "", stem)


def exported(book):
    "The cells that become the module."
    return [c for c in house.code_cells(book) if c.directives_.keys() & {"export", "exporti", "exports"}]


def patched(node):
    "The name under which a definition is known: `Field.latex` for a function patched into `Field`."
    for d in node.decorator_list:
        if getattr(d, "id", getattr(getattr(d, "func", None), "id", "")) == "patch" and node.args.args:
            owner = node.args.args[0].annotation
            while isinstance(owner, ast.BinOp):  # A | B: documented with the first
                owner = owner.left
            return f"{ast.unparse(owner)}.{node.name}"
    return node.name


def definitions(source):
    "(name, node) of what a cell or a module defines on its top level."
    for node in house.parse(source).body:
        if isinstance(node, DEFINITIONS):
            yield patched(node), node


def documented(name, node):
    "Whether a definition gets an entry: public, and with something said about it."
    last = name.split(".")[-1]
    return not re.match(r"_(?!_)", last) and bool(ast.get_docstring(node))


class Site:
    "The notebooks of the house with what the pages say of each other: titles, names, addresses, lines of code."

    def __init__(self, root=REPO):
        from configparser import ConfigParser

        config = ConfigParser(delimiters=["="])
        config.read(root / "settings.ini", encoding="utf-8")
        self.root, self.settings = Path(root), config["DEFAULT"]
        self.code = f"{self.settings['git_url']}/blob/{self.settings['branch']}"
        self.address = f"{self.settings['doc_host']}{self.settings['doc_baseurl']}"
        self.books = {str(p.relative_to(root / "nbs").with_suffix("")): house.read(p) for p in house.notebooks(root / "nbs")}
        self.modules = {stem: house.module(book) for stem, book in self.books.items()}
        self.heads = {stem: head(book) for stem, book in self.books.items()}
        self.names, self.lines = {}, {}
        for stem, name in self.modules.items():
            if name:
                self.lines[stem] = lines_of(root / (name.replace(".", "/") + ".py"))
                self.names[stem] = [n for c in exported(self.books[stem]) for n, d in definitions(c.source) if documented(n, d)]
        self.public = house.public(root)

    def source(self, stem, name):
        "The address of a definition's first line."
        return f"{self.code}/{self.modules[stem].replace('.', '/')}.py#L{self.lines[stem].get(name, 1)}"

    @functools.cache  # noqa: B019, one site a run
    def targets(self, here):
        "What a word in backticks on the page `here` may point to: {word: link}."
        found, owners = {}, {}
        for stem, names in self.names.items():
            for name in names:
                owners.setdefault(name, []).append(stem)
        for name, stems in owners.items():
            shared = [s for s in stems if self.public.get(name.split(".")[0]) == self.modules[s]]
            telling = re.search(r"[._A-Z]", name.strip("_")) and len(stems) == 1
            chosen = here if here in stems else shared[0] if shared else stems[0] if telling else None
            if chosen:
                found[name] = f"/{room(chosen)}.ipynb#{anchor(name)}"
        for stem in self.books:
            found |= {stem: f"/{room(stem)}.ipynb", f"{stem}.ipynb": f"/{room(stem)}.ipynb"} if stem != "index" else {}
            if self.modules[stem]:
                found |= {self.modules[stem]: f"/{room(stem)}.ipynb", room(stem): f"/{room(stem)}.ipynb"}
        return {k: v for k, v in found.items() if not v.startswith(f"/{room(here)}.ipynb") or "#" in v}

    def linked(self, text, here):
        "Markdown in which the names in backticks point to where they are explained, and paths to their files."
        targets = self.targets(here)

        def link(m):
            word = m[1].removesuffix("()").removeprefix("symnb.") if m[1] not in targets else m[1]
            if word in targets:
                return f"[{m[0]}]({targets[word]})"
            path = m[1].removeprefix("nbs/")
            if path in targets:
                return f"[{m[0]}]({targets[path]})"
            if "/" in m[1] and (self.root / m[1]).is_file():
                return f"[{m[0]}]({self.code}/{m[1]})"
            return m[0]

        parts = re.split(r"(^```.*?^```|\[[^\]\n]*\]\([^)\n]*\)|\$\$.*?\$\$)", text, flags=re.M | re.S)
        text = "".join(p if i % 2 else re.sub(r"(?<![`\w])`([^`\n]+)`(?!`)", link, p) for i, p in enumerate(parts))
        return re.sub(r"(\]\((?:\.\./)*)\d\d_([\w.]+\.ipynb)", r"\1\2", text)  # pages have no numbers


def head(book):
    "(title, the line under it, what else the first cell says)."
    source = book.cells[0].source
    title = re.search(r"^# (.+)$", source, re.M)
    line = re.search(r"^> (.+)$", source, re.M)
    rest = re.sub(r"^(# |> ).+$", "", source, flags=re.M).strip()
    return title[1].strip() if title else "", line[1].strip() if line else "", rest


def lines_of(path):
    "Line numbers of the definitions in a module."
    return {name: node.lineno for name, node in definitions(path.read_text(encoding="utf-8"))} if path.is_file() else {}


def anchor(name):
    return name.lower().strip("_").replace("__", "")


# ---------------------------------------------------------------- entries of the reference


def spell(text):
    "A comment or docstring as Markdown: code and formulas stay, commands of LaTeX become code, other marks mean themselves."
    parts = re.split(r"(`[^`]+`|\$[^$]+\$|\\[a-zA-Z]\S*)", " ".join(text.split()))
    kept = (f"`{p}`" if p.startswith("\\") else p for p in parts[1::2])
    plain = (re.sub(r"([\\*_<>|~^\[\]#$@])", r"\\\1", p) for p in parts[::2])
    return "".join(p + k.replace("|", "\\|") for p, k in zip(plain, [*kept, ""], strict=True))


def cell_of(text):
    "Code in a cell of a table."
    return "`" + " ".join(text.split()).replace("|", "\\|") + "`" if text else ""


def comments(source):
    "The comment that ends each line."
    found = {}
    with contextlib.suppress(tokenize.TokenError):
        for t in tokenize.generate_tokens(io.StringIO(source).readline):
            if t.type == tokenize.COMMENT and t.line[: t.start[1]].strip():
                found[t.start[0]] = t.string.lstrip("# ").strip()
    return found


def parameters(node, source):
    "(name with its stars, type, default, comment) of the arguments, the receiver left out; and of what comes back."
    said, a = comments(source), node.args
    text = functools.partial(ast.get_source_segment, source)
    plain = [*a.posonlyargs, *a.args]
    defaults = [None] * (len(plain) - len(a.defaults)) + a.defaults
    rows = [("", p, d) for p, d in zip(plain, defaults, strict=True)]
    rows += [("*", a.vararg or ast.arg(""), None)] if a.vararg or a.kwonlyargs else []  # a bare star: the rest by name alone
    rows += [("", p, d) for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True)]
    rows += [("**", a.kwarg, None)] if a.kwarg else []
    if rows and rows[0][1].arg in ("self", "cls"):
        rows = rows[1:]
    last = {(d or p).end_lineno: p for _, p, d in rows if p.arg}  # a comment speaks of the last argument on its line
    out = []
    for star, p, d in rows:
        end = (d or p).end_lineno if p.arg else None
        comment = said.get(end, "") if last.get(end) is p else ""
        out.append((star + p.arg, text(p.annotation) if p.annotation else "", text(d) if d else "", comment))
    back = (text(node.returns), said.get(node.returns.end_lineno, "")) if node.returns else ("", "")
    return out, back if not (node.returns and last.get(node.returns.end_lineno)) else (back[0], "")


def attribute(node):
    "Whether a function is used without brackets: a property, patched in or not."
    keys = [k for d in node.decorator_list if isinstance(d, ast.Call) for k in d.keywords]
    return any(getattr(d, "id", "") == "property" for d in node.decorator_list) or any(k.arg == "as_prop" for k in keys)


def signature(name, rows, back, prefix=""):
    "One line where it fits, one line an argument where it does not."
    parts = [f"{n}{': ' + t if t else ''}{(' = ' if t else '=') + d if d else ''}" for n, t, d, _ in rows]
    tail = f" -> {back}" if back else ""
    one = f"{prefix}{name}({', '.join(parts)}){tail}"
    return one if len(one) <= 88 and "\n" not in one else f"{prefix}{name}(\n" + "".join(f"    {p},\n" for p in parts) + f"){tail}"


def boxed(kind, lines):
    return "\n".join([f"::: {{.{kind}}}", *lines, ":::"])


def table(rows, back):
    "Arguments as a table, when any of them is explained."
    if not any(r[3] for r in rows) and not back[1]:
        return ""
    lines = ["| argument | type | meaning |", "|---|---|---|"]
    lines += [f"| {cell_of(n + (f' = {d}' if d else ''))} | {cell_of(t)} | {spell(c)} |" for n, t, d, c in rows if n != "*"]
    lines += [f"| *returns* | {cell_of(back[0])} | {spell(back[1])} |"] if any(back) else []
    return boxed("arguments", lines)


def fields(node, source):
    "The fields of a dataclass, like arguments."
    said, text = comments(source), functools.partial(ast.get_source_segment, source)
    named = [n for n in node.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)]
    return [(n.target.id, text(n.annotation), text(n.value) if n.value else "", said.get(n.end_lineno, "")) for n in named]


def members(node, source):
    "What else a class can do: its public methods in a table."
    lines = []
    for f in node.body:
        said = ast.get_docstring(f) if isinstance(f, ast.FunctionDef) else None
        if not said or f.name.startswith("_"):
            continue
        rows, back = parameters(f, source)
        call = f.name if attribute(f) else f"{f.name}({', '.join(n + (f'={d}' if d else '') for n, _, d, _ in rows)})"
        lines.append(f"| {cell_of('.' + call)} | {spell(said.splitlines()[0])} |")
    return boxed("members", ["| member | what it gives |", "|---|---|", *lines]) if lines else ""


def entry(name, node, source, link, level):
    "What the reference says of one definition: heading, link to the code, signature, docstring, tables."
    doc = "\n\n".join(spell(p) for p in re.split(r"\n\s*\n", ast.get_docstring(node)))
    if isinstance(node, ast.ClassDef):
        init = next((f for f in node.body if getattr(f, "name", "") == "__init__"), None)
        rows, back = parameters(init, source)[0] if init else fields(node, source), ("", "")
        bases = f"({', '.join(map(ast.unparse, node.bases))})" if node.bases else ""
        shown = signature(name, rows, "", "class ") if rows else f"class {name}{bases}"
    else:
        rows, back = parameters(node, source)
        shown = f"{name} -> {back[0]}" if attribute(node) else signature(name, rows, back[0])
    title = re.sub(r"([_*])", r"\\\1", name)
    blocks = [
        f"{'#' * level} {title} {{#{anchor(name)} .entry}}",
        f"[source]({link}){{.source-link}}",
        f"```python\n{shown}\n```",
        doc,
        table(rows, back),
        members(node, source) if isinstance(node, ast.ClassDef) else "",
    ]
    return "\n\n".join(b for b in blocks if b)


# ---------------------------------------------------------------- a page


SIGNS = {"partial": "∂", "cdot": "·", "to": "→", "mapsto": "↦", "sqrt": "√", "times": "×", "le": "≤", "ge": "≥", "approx": "≈"}
GREEK = {unicodedata.name(c).split()[-1].lower(): c for c in "αβγδεζηθικλμνξπρστυφχψω"} | {"lambda": "λ"}


def plain(text):
    "Prose without its marks, for the text that stands for a picture."
    text = re.sub(r"```.*?```|^::: .*?^:::$", "", text, flags=re.M | re.S)
    text = re.sub(r"^[|#].*$", "", text, flags=re.M)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\\([a-zA-Z]+)\s*", lambda m: SIGNS.get(m[1], GREEK.get(m[1].removeprefix("var"), m[0])), text)
    text = re.sub(r"\\[td]?frac\s*(?:\{([^{}]*)\}|(\w))\s*(?:\{([^{}]*)\}|(\w))", lambda m: f"{m[1] or m[2]}/{m[3] or m[4]}", text)
    text = re.sub(r"\\[,;:!]", " ", text)
    shapes = "mathrm|text|left|right|frac|operatorname|mathbf|mathfrak|mathbb|big|Big|tfrac"
    text = re.sub(rf"\\(?:{shapes})(?![a-zA-Z])\s*|[`$*{{}}]|\\(?=[a-zA-Z])", "", text)
    return " ".join(text.replace("\\", "").split())


def alternative(book, i, title):
    "What a picture shows, for who cannot see it: the prose that leads to it."
    for cell in reversed(book.cells[:i]):
        if cell.cell_type == "markdown" and (said := plain(cell.source)):
            sentences = re.split(r"(?<=[.:?!])\s", said)
            while len(sentences) > 1 and sum(map(len, sentences)) > 240:
                sentences.pop(0 if sentences[-1].endswith(":") else -1)
            return f"Figure. {' '.join(sentences)}"[:400]
    return f"Figure in {title}."


def page(site, stem):
    "A notebook as the site generator reads it: nbdev's own steps, with entries where the exported code was."
    from execnb.nbio import mk_cell, read_nb
    from nbdev import processors as steps
    from nbdev.frontmatter import FrontmatterProc
    from nbdev.process import NBProcessor

    path = site.root / f"nbs/{stem}.ipynb"
    book, (title, line, rest) = read_nb(path), site.heads[stem]
    book.cells[0].source = f"# {title}\n\n> {line or title}"
    book.cells.insert(1, mk_cell("\n\n".join([origin(site, stem), rest]), "markdown"))
    processor = NBProcessor(nb=book, procs=[])
    cells, level = [], 2
    for i, cell in enumerate(book.cells):
        if cell.cell_type == "markdown":
            if i:
                level = 3 if re.search(r"^## ", cell.source, re.M) else level
                cell.source = site.linked(cell.source, stem)
            cells.append(cell)
        elif cell.directives_.keys() & {"export", "exporti", "exports"} and "hide" not in cell.directives_:
            cells += shown(site, stem, cell.source, level)
        else:
            drawn = any({"image/png", "image/gif"} & o.get("data", {}).keys() for o in cell.get("outputs", []))
            if drawn and not re.search(r"fig-(alt|cap):", cell.source):
                cell.source = f"#| fig-alt: {json.dumps(alternative(book, i, title), ensure_ascii=False)}\n{cell.source}"
            if stem.startswith("experiments/") and cell.cell_type == "code":  # what was measured comes before how it is drawn
                cell.source = f"#| code-fold: true\n#| code-summary: code\n{cell.source}"
                if cells and silent(cells[-1]) and "hide" not in cell.directives_:  # one fold for all that leads to a result
                    cell.source = joined(cells.pop().source, cell.source)
            cells.append(cell)
    book.cells = cells
    for c in book.cells:
        c.directives_ = getattr(c, "directives_", {})
    processor.procs = [
        p(nb=book) if isinstance(p, type) else p
        for p in (FrontmatterProc, steps.strip_ansi, steps.hide_line, steps.filter_stream_, steps.rm_header_dash,
                  steps.rm_export, steps.clean_magics, steps.hide_, steps.strip_hidden_metadata)
    ]  # fmt: skip
    processor.process()
    book.cells[0].source = re.sub(r"^output-file:.*\n", "", book.cells[0].source, flags=re.M)  # pages are named by their files
    return book


def silent(cell):
    "Whether a cell of code shows nothing but itself."
    return cell.cell_type == "code" and not cell.get("outputs") and "hide" not in cell.directives_


def joined(first, second):
    "Two cells of code as one: the directives of the second, the code of both."
    def part(source, marked):
        return [line for line in source.splitlines() if line.startswith("#|") == marked]

    return "\n".join([*part(second, True), *part(first, False), "", *part(second, False)])


def shown(site, stem, source, level):
    "An exported cell on the page: an entry for each public definition, then the code, folded."
    from execnb.nbio import mk_cell

    source = "\n".join(s for s in source.splitlines() if not s.startswith("#|")).strip()
    if all(isinstance(n, (ast.Import, ast.ImportFrom, ast.Expr)) for n in house.parse(source).body):
        return []
    named = [(n, d) for n, d in definitions(source) if documented(n, d)]
    entries = [site.linked(entry(n, d, source, site.source(stem, n), level), stem) for n, d in named]
    folded = f"#| code-fold: true\n#| code-summary: {'code' if entries else 'code behind it'}\n{source}"
    return [*(mk_cell(e, "markdown") for e in entries), mk_cell(folded)]


def origin(site, stem):
    "Where a page comes from."
    if stem == "index":
        return ""
    said = f"[notebook]({site.code}/nbs/{stem}.ipynb)"
    if module := site.modules[stem]:
        path = module.replace(".", "/") + ".py"
        said = f"`{module}`{{.nolink}} · {stem.split('_')[0]} · {said} · [module]({site.code}/{path})"
    if stem.startswith("tutorials/"):
        user, repo, branch = (site.settings[k] for k in ("user", "repo", "branch"))
        colab = f"https://colab.research.google.com/github/{user}/{repo}/blob/{branch}/nbs/{stem}.ipynb"
        said += f" · [open in Colab]({colab}), after `%pip install git+{site.settings['git_url']}`{{.nolink}}"
    return f"::: {{.origin}}\n{said}\n:::"


# ---------------------------------------------------------------- pages that list pages


def front(title, line):
    return f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\ndescription: {json.dumps(line, ensure_ascii=False)}\n---\n\n"


def floors(site):
    "{floor: its notebooks}, in order."
    found = {}
    for stem, module in site.modules.items():
        if module:
            name = room(stem).split(".")[0]
            found.setdefault(FLOORS.get(name, name.capitalize()), []).append(stem)
    return found


def reference(site):
    "All rooms with what is in them."
    text = front("Reference", "Every module, in reading order: a notebook imports only from those before it.")
    names = ", ".join(f"`{n}`" for n in site.public)
    text += f"`from symnb import …` gives {site.linked(names, 'reference')}; everything else is imported from its module.\n\n"
    for floor, stems in floors(site).items():
        rows = ["| | notebook | what it is for |", "|---|---|---|"]
        for stem in stems:
            title, line, _ = site.heads[stem]
            rows.append(f"| {stem.split('_')[0]} | [{title}](/{room(stem)}.ipynb) | {line.replace('|', chr(92) + '|')} |")
        text += f"## {floor}\n\n{boxed('rooms', rows)}\n\n"
    return text


def listing(site, folder, title, line):
    "The notebooks of a folder."
    text = front(title, line)
    for stem in members_of(site, folder):
        text += f"## [{site.heads[stem][0]}](/{stem}.ipynb)\n\n{site.heads[stem][1]}\n\n"
    return text


def atlas(site):
    "Pages of the named equations, {path: Markdown}: all on one, and one for each science; none without results."
    results = site.root / "nbs/experiments/results"
    if not all((results / f"{name}.json").is_file() for name in ("atlas", "algebras")):
        return {}
    from symnb.data.atlas import ATLAS, SOURCES

    rows, algebras = (json.loads((results / f"{n}.json").read_text(encoding="utf-8"))["rows"] for n in ("atlas", "algebras"))
    line = "Named equations with their symmetries, each found, counted and proved; the algebra they make, and where the count stands."
    first = front("Atlas", line) + f"{len(rows)} equations; [the experiment](/experiments/atlas.ipynb) tells how they were tried.\n"
    pages = {"atlas/index.md": first}
    for science, entries in itertools.groupby(ATLAS.values(), lambda e: e.science):
        page, table = f"atlas/{science}.md", ["| equation | | generators | algebra |", "|---|---|---|---|"]
        pages[page] = front(science.capitalize(), "Named equations with their symmetries.")
        for entry in entries:
            row, algebra = next(r for r in rows if r["name"] == entry.name), algebras[entry.name]
            pages[page] += charted(row, algebra, entry, SOURCES)
            link = f"[{entry.name}](/{page}#{slug(entry.name)})"
            table.append(f"| {link} | `{row['text']}` | {row['found']} | {algebra_of(algebra)} |")
        pages["atlas/index.md"] += f"\n## [{science.capitalize()}](/{page})\n\n" + "\n".join(table) + "\n"
    return pages


def algebra_of(algebra):
    "The name of an algebra as Markdown; a dash where the generators do not close."
    return re.sub(r"\w+_\{[^}]*\}(\^\{[^}]*\})?", r"$\g<0>$", algebra["algebra"] or "–")


def slug(name):
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def charted(row, algebra, entry, sources):
    "One equation of the atlas: as it is set and typed, its generators, their algebra, what vouches for them, and the literature."
    said = f"**{row['found']}** generators" if row["found"] != 1 else "**One** generator"
    said += ", members of an infinite family" if row["infinite"] else f", the algebra {algebra_of(algebra)}" if algebra["algebra"] else ""
    said += ": all proved" if row["proved"] == row["found"] else f": {row['proved']} proved"
    if row["moved"]:
        said += f"; solutions moved by them break the equations by {row['largest violation']:.0e} at most"
    if row["moved"] and row["planted"]:
        said += f", by other fields by {min(row['planted'].values()):.0e} at least"
    computed = "Count: by an exact null space over the rationals."
    source = computed if entry.source == "computed" else f"Count: {sources[entry.source]} ({entry.source})."
    call = f"```python\nsolve({json.dumps(row['name'], ensure_ascii=False)}) # {row['text']}\n```"
    listed = boxed("generators", [f"- ${g}$" for g in algebra["generators"]]) if algebra["generators"] else ""
    parts = (f"## {row['name']} {{#{slug(row['name'])}}}", f"$${algebra['equation']}$$", call, said + ".", listed, source)
    return "\n\n".join(p for p in parts if p) + "\n\n"


def members_of(site, folder):
    first = [f"{folder}/{name}" for name in ORDER.get(folder, ())]
    found = [s for s in site.books if s.startswith(f"{folder}/")]
    return sorted(found, key=lambda s: (first.index(s) if s in first else len(first), s))


def configure(site):
    "nbs/_quarto.yml with what follows from the notebooks and settings.ini: names, addresses, menus."
    import yaml

    config = yaml.safe_load((site.root / "nbs/_quarto.yml").read_text(encoding="utf-8"))
    web = config["website"]
    repo = site.settings["git_url"]
    web |= {"title": site.settings["title"], "description": site.settings["description"], "site-url": site.address}
    web |= {"repo-url": repo, "repo-branch": site.settings["branch"]}
    config["project"] |= {"output-dir": "_docs"}
    rooms = [{"text": "Reference", "href": "reference.md"}]
    for floor, stems in floors(site).items():
        pages = [{"text": site.heads[s][0], "href": f"{room(s)}.ipynb"} for s in stems]
        rooms.append({"section": floor, "contents": pages} if len(pages) > 1 else pages[0])
    parts = {"reference": rooms}
    for folder in filter(functools.partial(members_of, site), FOLDERS):
        pages = [f"{s}.ipynb" for s in members_of(site, folder)]
        parts[folder] = [{"section": folder.capitalize(), "href": f"{folder}/index.md", "contents": pages}]
    parts |= {p: [{"text": site.heads[p][0], "href": f"{p}.ipynb"}] for p in PAGES if p in site.books}
    if charts := list(atlas(site)):
        parts["atlas"] = [{"section": "Atlas", "href": charts[0], "contents": charts[1:]}]
    order = sorted(parts, key=["tutorials", "atlas", "reference", "experiments", *PAGES].index)
    contents = [{"text": "Home", "href": "index.ipynb"}, *(item for part in order for item in parts[part])]
    bar = [{"text": part.capitalize(), "href": parts[part][0]["href"]} for part in order]
    web.setdefault("navbar", {})["left"] = bar
    web["navbar"]["tools"] = [{"icon": "github", "href": repo, "text": "Source code"}]
    web.setdefault("sidebar", {})["contents"] = contents
    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True)


# ---------------------------------------------------------------- build


def build(root=REPO):
    "Notebooks to _proc/, _proc/ to _docs/."
    from execnb.nbio import write_nb
    from smalldocs.site import build as render

    site, made, out = Site(root), root / "_proc", root / "_docs"
    shutil.rmtree(made, ignore_errors=True)
    for stem in site.books:
        path = made / f"{room(stem)}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_nb(page(site, stem), path)
    (made / "reference.md").write_text(reference(site), encoding="utf-8")
    for folder, line in FOLDERS.items():
        if members_of(site, folder):
            (made / folder / "index.md").write_text(listing(site, folder, folder.capitalize(), line), encoding="utf-8")
    for path, text in atlas(site).items():
        (made / path).parent.mkdir(exist_ok=True)
        (made / path).write_text(text, encoding="utf-8")
    (made / "_quarto.yml").write_text(configure(site), encoding="utf-8")
    shutil.copy(root / "nbs/styles.css", made)
    done = render(made, quiet=True)
    for warning in done.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    shutil.rmtree(out, ignore_errors=True)
    shutil.move(made / "_docs", out)
    finish(out, site.address)
    pages = list(out.rglob("*.html"))
    size = sum(f.stat().st_size for f in out.rglob("*") if f.is_file())
    print(f"{len(pages)} pages in {out.relative_to(root)}, {size / 2**20:.0f} MiB")
    return int(bool(done.warnings))


def finish(out, address):
    "Make the pages stand alone: formulas from beside them, pictures as files, links relative."
    katex(out / "site_libs/katex")
    (out / "figures").mkdir()
    for path in out.rglob("*.html"):
        up = "../" * (len(path.relative_to(out).parts) - 1)
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"https://[^\"']*/katex@[\d.]+/dist/(contrib/)?", f"{up}site_libs/katex/", text)
        text = re.sub(rf'href="{re.escape(address)}/', f'href="{up}', text)
        text = re.sub(r'<img[^>]*?src="data:image/png;base64,([^"]+)"[^>]*>', functools.partial(figure, out / "figures", up), text)
        path.write_text(text, encoding="utf-8")
    index = out / "search.json"
    index.write_text(re.sub(r'("text": ?")source ', r"\1", index.read_text(encoding="utf-8")), encoding="utf-8")  # the link's own word
    with (out / "site_libs/fuse/fuse.min.js").open("a", encoding="utf-8") as script:
        script.write((Path(__file__).parent / "website_search.js").read_text(encoding="utf-8"))
    for css in out.rglob("site_libs/**/*.css"):  # themes ask for web fonts; the reader's own will do
        text = css.read_text(encoding="utf-8")
        css.write_text(re.sub(r"@import\s*url\([\"']?https?://[^)]*\)\s*;", "", text), encoding="utf-8")


def figure(folder, up, match):
    "An embedded picture as a file, named by what it shows, which opens at full size; its size keeps the page from jumping."
    data = base64.b64decode(match[1])
    name = hashlib.sha256(data).hexdigest()[:12] + ".png"
    (folder / name).write_bytes(data)
    width, height = (int.from_bytes(data[i : i + 4], "big") for i in (16, 20))
    source = f'src="{up}figures/{name}" width="{width}" height="{height}" loading="lazy"'
    image = re.sub(r'src="data:[^"]+"', source, match[0])
    kind = f'class="picture wide" style="--shown: {min(round(0.4 * width), 800)}px"' if width > 1.5 * height else 'class="picture"'
    return f'<a {kind} href="{up}figures/{name}">{image}</a>'


def katex(folder):
    "KaTeX beside the pages: scripts, style and fonts out of its npm package, fetched once and held to its hash."
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / f"symnb/katex-{KATEX}.tgz"
    if not cache.is_file():
        fetch(cache)
    held(cache)
    wanted = re.compile(r"package/(?:dist/)?(?:contrib/)?(katex\.min\.(?:css|js)|auto-render\.min\.js|fonts/[\w-]+\.woff2|LICENSE)")
    with tarfile.open(cache) as package:
        for member in package:
            if part := wanted.fullmatch(member.name):
                (folder / part[1]).parent.mkdir(parents=True, exist_ok=True)
                (folder / part[1]).write_bytes(package.extractfile(member).read())
    style = folder / "katex.min.css"
    style.write_text(re.sub(r",url\([^)]*\.(?:woff|ttf)\) format\([^)]*\)", "", style.read_text()), encoding="utf-8")


def held(package):
    "Refuse a package whose content is not the one this was made with."
    if base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode() != KATEX_SHA512:
        package.unlink()
        fail(f"katex {KATEX}: the package fetched is not the one expected (its SHA-512 differs); it was removed")


def fetch(cache):
    "The npm package, with npm as it is set up."
    if not installed("npm", names=("npm",)):
        fail("formulas are typeset by KaTeX, which is fetched with npm: install npm")
    cache.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache.parent) as folder:
        done = subprocess.run(["npm", "pack", "--silent", f"katex@{KATEX}"], cwd=folder, capture_output=True, text=True)
        made = list(Path(folder).glob("*.tgz"))
        if done.returncode or not made:
            fail(f"npm pack katex@{KATEX} failed: {done.stderr.strip()[-500:]}")
        os.replace(made[0], cache)


def installed(package, names):
    "The first of the programs `names` that is there; if none is, Debian's package is installed first."
    found = next(filter(None, map(shutil.which, names)), None)
    if not found and shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
        print(f"installing {package}", flush=True)
        subprocess.run([*root, "apt-get", "update", "-q"], **quiet)
        subprocess.run([*root, "apt-get", "install", "-y", "-q", "--no-install-recommends", package], **quiet)
        found = next(filter(None, map(shutil.which, names)), None)
    return found


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    sys.exit(build())
