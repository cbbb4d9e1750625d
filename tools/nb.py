#!/usr/bin/env python
"""Notebooks and the README: run, convert, check.

python tools/nb.py execute [nbs/20_geometry.fields.ipynb …] [--slow]   run top to bottom, store the outputs
python tools/nb.py away nbs/tutorials/first_five_minutes.ipynb …      run from an empty folder, with the installed package alone
python tools/nb.py readme                                             README.md from nbs/index.ipynb, without Quarto
python tools/nb.py check [--table]                                    outputs there and fresh, imports downhill, README in step
"""

import argparse
import ast
import base64
import builtins
import configparser
import contextlib
import hashlib
import io
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
STAMP = "symnb"  # the key in the notebook's metadata that says which code its outputs belong to
FREE = ("index", "comparison", "limits", "experiments", "tutorials")  # may import everything, and are imported by nothing
DEVELOPERS = ("nbdev", "xarray", "finufft", "neuralop", "smalldocs", "playwright", "build", "ruff")  # not there after `pip install symnb`
EXPORTS = {"export", "exports", "exporti"}  # the flags of cells that go into the package
REFUSALS = {"SymnbError", "Usage", "ValueError", "Exception"}  # what a refusal arrives as, and what would catch it
MISSING = {"ImportError", "ModuleNotFoundError"}  # asking what is installed is no test
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
WIDE, COLOURS, SEEN = 1200, (32, 64, 128, 256), 2.5  # pictures: pixels across, colours tried in turn, rms change let pass


def notebooks(nbs):
    "All notebooks under `nbs` that belong to the house, in order."
    found = sorted(Path(nbs).rglob("*.ipynb"))
    return [p for p in found if not any(part.startswith(("_", ".")) for part in p.relative_to(nbs).parts)]


def read(path):
    from execnb.nbio import read_nb
    from nbdev.process import extract_directives

    nb = read_nb(path)
    for cell in nb.cells:
        cell.directives_ = extract_directives(cell, remove=False) if cell.cell_type == "code" else {}
    return nb


def code_cells(nb):
    return [c for c in nb.cells if c.cell_type == "code" and c.source.strip()]


def runs(cell, slow=False):
    "Whether a run executes this cell: the rule of nbdev_test with the flag `slow`."
    flags = cell.directives_
    never = flags.get("eval:", [""])[0].lower() == "false" or "nbdev_export(" in cell.source
    return not never and (slow or "slow" not in flags)


def digest(cells):
    return hashlib.sha256("\0".join(c.source for c in cells).encode()).hexdigest()[:16]


def stamps(nb):
    "A hash of the code that every run executes and, where there is any, of the code that only a slow run does."
    every = [c for c in code_cells(nb) if runs(c)]
    slow = [c for c in code_cells(nb) if runs(c, slow=True) and not runs(c)]
    return {"code": digest(every)} | ({"slow": digest(slow)} if slow else {})


# ---------------------------------------------------------------- execute


def tidy(outputs):
    "What is worth keeping: progress bars and warnings on stderr are not, carriage returns are played through."
    kept = [o for o in outputs if not (o["output_type"] == "stream" and o["name"] == "stderr")]
    for o in kept:
        if o["output_type"] == "stream":
            o["text"] = re.sub(r"[^\n]*\r(?!\n)", "", "".join(o["text"])).splitlines(True)
    return kept


def light(data):
    "A picture (PNG, base64) at most WIDE pixels across, in the fewest COLOURS that change it by less than SEEN; one in a palette stays."
    from PIL import Image, ImageChops, ImageStat

    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    if picture.mode == "P":
        return data
    picture = picture.convert("RGB")
    if picture.width > WIDE:
        picture = picture.resize((WIDE, round(picture.height * WIDE / picture.width)), Image.Resampling.LANCZOS)
    for n in COLOURS:
        fewer = picture.quantize(n, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        if max(ImageStat.Stat(ImageChops.difference(picture, fewer.convert("RGB"))).rms) < SEEN:
            break
    out = io.BytesIO()
    fewer.save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode() + "\n"


def lighten(nb):
    "All pictures of a notebook."
    for out in (o for c in nb.cells if c.cell_type == "code" for o in c.get("outputs", [])):
        if "image/png" in out.get("data", {}):
            out["data"]["image/png"] = light("".join(out["data"]["image/png"]))


def run_cells(nb, path, slow=False):
    "Run the cells here and keep their outputs; False if one fails, which is named."
    from execnb.shell import CaptureShell

    shell = CaptureShell(path)
    for i, cell in enumerate(nb.cells):
        if cell.cell_type != "code" or not runs(cell, slow):
            continue
        cell.outputs = shell.run(cell.source)
        noise = "".join("".join(o["text"]) for o in cell.outputs if o.get("name") == "stderr")
        if noise.strip():
            print(noise.rstrip(), file=sys.stderr)
        if shell.exc:
            fence, e = "-" * 80, shell.exc
            trace = "".join(traceback.format_exception(type(e), e, e.__traceback__))
            print(f"{path.name}: cell {i} (id {cell.get('id')}) failed\n{fence}\n{cell.source}\n{fence}\n{trace}", file=sys.stderr)
            return False
        cell.outputs = tidy(cell.outputs)
    return True


def run_notebook(path, slow=False):
    "Run one notebook in this process and store its outputs; a failing cell is named and nothing is written."
    from nbdev.clean import clean_nb

    path = Path(path).resolve()
    sys.path.insert(0, str(REPO))
    os.chdir(path.parent)
    before, nb = path.read_bytes(), read(path)
    if not run_cells(nb, path, slow):
        return 1
    new = stamps(nb)
    if "slow" in new and not slow:  # outputs of skipped cells stay, and so does what is known of their age
        new["slow"] = nb.metadata.get(STAMP, {}).get("slow", "never")
    nb.metadata[STAMP] = new
    lighten(nb)
    clean_nb(nb, allowed_metadata_keys=[STAMP])
    if path.read_bytes() != before:
        print(f"{path.name}: was edited during the run; outputs not stored", file=sys.stderr)
        return 1
    store(nb, path)
    return 0


def store(nb, path):
    "Write in nbdev's own form (so that nbdev_clean finds nothing to do), in one step."
    from execnb.nbio import nb2str

    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as f:
            f.write(nb2str(nb))
        os.chmod(temporary, path.stat().st_mode)
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def execute(paths, slow=False):
    "Each notebook in a fresh process; all are tried, the failed ones are named at the end."
    failed = []
    for path in paths or notebooks(REPO / "nbs"):
        print(f"running {path}", flush=True)
        command = [sys.executable, __file__, "_run", str(path), *(["--slow"] if slow else [])]
        if subprocess.run(command, env=os.environ | {"MPLBACKEND": "agg"}).returncode:
            failed.append(str(path))
    if failed:
        print("failed: " + ", ".join(failed), file=sys.stderr)
    return int(bool(failed))


def run_away(path):
    "Run one notebook in this process as a user would: the folder is empty, developers' packages are not there. Nothing is stored."
    nb, here = read(path), Path.cwd()
    for name in [n for n in sys.modules if n.split(".")[0] in DEVELOPERS]:
        del sys.modules[name]
    sys.modules |= dict.fromkeys(DEVELOPERS)  # importing None is an ImportError
    sys.path[:] = [p for p in sys.path if Path(p or here).resolve() not in (REPO, REPO / "tools")]
    return int(not run_cells(nb, path))


def away(paths):
    "Each notebook from an empty folder of its own; the package must be an installed one, not the one beside this file."
    failed = []
    for path in map(Path.resolve, paths):
        with tempfile.TemporaryDirectory() as folder:
            print(f"running {path.name} from an empty folder", flush=True)
            where = "import symnb, sys; sys.exit('site-packages' not in symnb.__file__)"
            if subprocess.run([sys.executable, "-I", "-c", where], cwd=folder).returncode:
                print("symnb is not installed apart from its source: pip install a wheel", file=sys.stderr)
                return 1
            command = [sys.executable, __file__, "_away", str(path)]
            if subprocess.run(command, cwd=folder, env=os.environ | {"MPLBACKEND": "agg"}).returncode:
                failed.append(path.name)
    if failed:
        print("failed: " + ", ".join(failed), file=sys.stderr)
    return int(bool(failed) or not paths)


# ---------------------------------------------------------------- readme


def convert(nb, folder="README_files"):
    "Markdown of a notebook, its pictures {path: bytes}; honours hide, echo: false, output: false. Silent code joins the next."
    parts, pictures, silent = [], {}, ""

    def picture(data, suffix, title):
        name = f"{folder}/figure-{len(pictures) + 1}.{suffix}"
        pictures[name] = data.encode() if suffix == "svg" else base64.b64decode(data)
        return f"![{title}]({name})"

    def show(out, title):
        if out["output_type"] == "stream":
            return f"```text\n{''.join(out['text']).rstrip()}\n```"
        data = {k: "".join(v) for k, v in out.get("data", {}).items()}
        for kind, suffix in (("image/png", "png"), ("image/svg+xml", "svg")):
            if kind in data:
                return picture(data[kind], suffix, title)
        for kind in ("text/markdown", "text/html"):
            if kind in data:
                return data[kind].strip()
        return f"```text\n{data.get('text/plain', '').rstrip()}\n```"

    def off(cell, flag):
        return cell.directives_.get(flag, [""])[0].lower() == "false"

    for cell in nb.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source.strip())
            silent = ""
        if cell.cell_type != "code" or "hide" in cell.directives_:
            continue
        source = "\n".join(s for s in cell.source.splitlines() if not s.startswith("#|")).strip()
        outputs = not off(cell, "output:") and cell.get("outputs", [])
        if source and not off(cell, "echo:"):
            parts[len(parts) - bool(silent) :] = [f"```python\n{silent}{source}\n```"]
            silent += f"{source}\n"
        if outputs:
            silent = ""
            title = " ".join(cell.directives_.get("fig-alt:", ["figure"])).strip('"')
            parts += [show(o, title) for o in outputs]
    head = "<!-- made by `python tools/nb.py readme` from nbs/index.ipynb: edit that -->"
    return "\n\n".join([head, *parts]) + "\n", pictures


def badges(root):
    "What is known of the repository, and leads to it; the address stands in settings.ini."
    config = configparser.ConfigParser(delimiters=["="])
    config.read(root / "settings.ini", encoding="utf-8")
    if "git_url" not in config["DEFAULT"]:
        return ""
    get = config["DEFAULT"].get
    test = f"{get('git_url')}/actions/workflows/test.yml"
    site = get("doc_host") + get("doc_baseurl")
    badge = f"[![test]({test}/badge.svg?branch={get('branch')})]({test})"
    return f"{badge} [documentation]({site}) · Python {get('min_python')} or newer · [Apache-2.0](LICENSE)\n\n"


def front_page(root):
    "README.md and its pictures."
    text, pictures = convert(read(root / "nbs/index.ipynb"))
    text = re.sub(r"\]\((?=[\w/.]+\.ipynb\))", "](nbs/", text)  # beside the notebook, but not beside README.md
    return re.sub(r"^# .*\n\n", lambda m: m[0] + badges(root), text, count=1, flags=re.M), pictures


def readme(root=REPO):
    text, pictures = front_page(root)
    shutil.rmtree(root / "README_files", ignore_errors=True)
    for name, data in pictures.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(data)
    (root / "README.md").write_text(text, encoding="utf-8")
    return 0


# ---------------------------------------------------------------- check


def stale(nb):
    "What is wrong with the outputs of a notebook."
    if not code_cells(nb):
        return
    have, need = nb.metadata.get(STAMP, {}), stamps(nb)
    for part, how in (("code", ""), ("slow", " --slow")):
        if part in need and have.get(part, "never") != need[part]:
            what = "missing" if have.get(part, "never") == "never" else "older than the code"
            yield f"outputs of its {'slow ' if how else ''}cells are {what} (python tools/nb.py execute{how})"
    for i, cell in enumerate(nb.cells):
        for out in cell.get("outputs", []):
            text = "".join(out.get("text", "")) + "".join(out.get("data", {}).get("text/plain", ""))
            if out["output_type"] == "error":
                yield f"cell {i} holds an error: {out['ename']}: {out['evalue']}"
            elif TIME.search(text):
                yield f"cell {i} shows a time stamp: {TIME.search(text)[0]}"


def large(nb):
    "What has outgrown the house: over 40 lines in an exported cell, over 90 cells."
    if len(nb.cells) > 90:
        yield f"has {len(nb.cells)} cells; over 90 make two rooms"
    for i, cell in enumerate(nb.cells):
        lines = len(cell.source.splitlines())
        if "export" in cell.directives_ and lines > 40:
            yield f"cell {i} exports {lines} lines; over 40 make two functions"


def prepares(node):
    "Whether a statement only imports or defines, also as `try: import x` with `except ImportError: x = None`."
    if isinstance(node, (ast.Try, ast.If)):
        inner = [*node.body, *node.orelse, *(n for h in getattr(node, "handlers", []) for n in h.body)]
        return all(prepares(n) for n in inner)
    constant = isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    return constant or isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Pass))


def mixed(nb):
    "Cells that import and do something: building the docs runs them alone, without what came before."
    for i, cell in enumerate(nb.cells):
        flags = cell.directives_
        if cell.cell_type != "code" or flags.keys() & EXPORTS or not runs(cell, slow=True):
            continue
        with contextlib.suppress(SyntaxError):  # reported with the imports
            tree = parse(cell.source)
            imports_here = any(isinstance(n, (ast.Import, ast.ImportFrom)) for n in ast.walk(tree))
            if imports_here and not all(map(prepares, tree.body)):
                yield f"cell {i} mixes imports with other code; give the imports a cell of their own"


def caught(handler):
    "The last names of the exceptions an `except` clause catches; a bare one catches everything."
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {"BaseException" if kind is None else ast.unparse(kind).split(".")[-1] for kind in kinds}


def quiet(statement):
    "Whether a statement of an `except` clause lets the cell go on as if nothing were the matter: it prints, passes or asserts."
    value = getattr(statement, "value", None)
    printed = isinstance(value, ast.Call) and ast.unparse(value.func) == "print"
    if isinstance(statement, ast.Return):  # a value that is returned can be tested
        return printed or value is None or ast.unparse(value) == "None"
    if isinstance(statement, ast.Expr):
        return printed or isinstance(value, ast.Constant)
    return isinstance(statement, (ast.Pass, ast.Continue, ast.Assert))


def by_hand(node):
    """Whether a `try` does the work of `refused`: it catches a refusal, or stays green when the exception does not come. One that catches
    everything and does something with it is none: it hands an error on to another process, say."""
    catches = [caught(handler) for handler in node.handlers]
    names = set().union(*catches)
    if not names - MISSING:  # nothing but a package that is absent, or nothing at all: try … finally
        return False
    raised = node.body[-1].exc if isinstance(node.body[-1], ast.Raise) else None
    raised = ast.unparse(getattr(raised, "func", raised)).split(".")[-1] if raised else None
    red = raised and not names & {raised, "BaseException"} or any(isinstance(n, (ast.Raise, ast.Assert)) for n in node.orelse)
    told = isinstance(node.body[-1], ast.Return)  # the caller sees which way it went
    return bool(names & REFUSALS) or not (red or told) and all(quiet(s) for handler in node.handlers for s in handler.body)


def unrefused(nb):
    "Cells that test a refusal in their own way; most such ways stay green when nothing is refused."
    for i, cell in enumerate(nb.cells):
        if cell.cell_type != "code" or cell.directives_.keys() & EXPORTS or not runs(cell, slow=True):
            continue
        with contextlib.suppress(SyntaxError):  # reported with the imports
            for node in ast.walk(parse(cell.source)):
                hand = type(node).__name__ in ("Try", "TryStar") and by_hand(node)
                if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "suppress":
                    hand = any(ast.unparse(a).split(".")[-1] in REFUSALS | {"BaseException"} for a in node.args)
                names = [getattr(node, "name", "")] if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else []
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
                    names = map(ast.unparse, node.targets)
                if hand or any(re.fullmatch("_*refus(e|es|ed|al|als)", name) for name in names):
                    yield f"cell {i} tests a refusal by hand; use refused(...) of core.checks"
                    break


def module(nb):
    "The module a notebook exports to, e.g. symnb.core.checks, or None."
    named = [c.directives_["default_exp"][0] for c in code_cells(nb) if "default_exp" in c.directives_]
    return f"symnb.{named[0]}" if named else None


def public(root):
    "public name -> module, read from the lazy table in symnb/__init__.py."
    tree = ast.parse((root / "symnb/__init__.py").read_text(encoding="utf-8"))
    tables = [n.value for n in tree.body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "_HOMES"]
    homes = ast.literal_eval(tables[0]) if tables else {}
    return {name: f"symnb.{home}" for home, names in homes.items() for name in names}


def parse(source):
    "The syntax tree of a cell; lines of IPython magic count as nothing."
    return ast.parse("\n".join(re.sub(r"^(\s*)[%!?].*", r"\1pass", line) for line in source.splitlines()))


def imports(source, names):
    "The module of symnb in every import of a cell."
    tree = parse(source)
    for node in ast.walk(tree):
        found = []
        if isinstance(node, ast.Import):
            found = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = [names.get(a.name, f"{node.module}.{a.name}") for a in node.names]
            found = whole if node.module == "symnb" else [node.module, *(f"{node.module}.{a.name}" for a in node.names)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            found = [a.value for a in node.args if isinstance(a, ast.Constant)]
        elif isinstance(node, ast.Attribute):
            found = [names.get(node.attr, "")] if ast.unparse(node.value) == "symnb" else [ast.unparse(node)]
        yield from (name for name in found if str(name).startswith("symnb."))


def uphill(books, names):
    "Imports of a higher-numbered notebook, for {stem: notebook}; numbers must differ."
    number = {stem: int(stem.split("_")[0]) for stem in books if re.match(r"\d+_", stem)}
    home = {module(nb): stem for stem, nb in books.items() if stem in number}
    for stem, nb in books.items():
        if stem.split("/")[0] in FREE:
            continue
        if stem not in number:
            yield stem, "has no number; rooms are called NN_module.ipynb"
            continue
        if module(nb) != "symnb." + stem.split("_", 1)[1]:
            yield stem, f"exports to {module(nb)}, its name says symnb.{stem.split('_', 1)[1]}"
        if same := [s for s in number if s != stem and number[s] == number[stem]]:
            yield stem, f"shares its number with {same[0]}"
        for i, cell in enumerate(nb.cells):
            if cell.cell_type != "code" or cell.source.startswith("%%"):
                continue
            try:
                found = list(imports(cell.source, names))
            except SyntaxError as e:
                yield stem, f"cell {i} is not Python: {e.msg}"
                continue
            for name in found:
                target = home.get(name)
                if target and number[target] > number[stem]:
                    yield stem, f"cell {i} imports {name}, which lives upstairs in {target}"


def unshown(nb):
    "Names in the README's code that no code shown before has made: who types it in would get a NameError."
    made = set(dir(builtins))
    for i, cell in enumerate(nb.cells):
        shown = cell.cell_type == "code" and "hide" not in cell.directives_ and cell.directives_.get("echo:", [""])[0].lower() != "false"
        nodes = _nodes(cell.source) if shown else []
        made |= {a.asname or a.name.split(".")[0] for n in nodes if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names}
        made |= {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)} | {n.arg for n in nodes if isinstance(n, ast.arg)}
        made |= {n.name for n in nodes if isinstance(n, ast.ExceptHandler) and n.name}
        names = [n for n in nodes if isinstance(n, ast.Name)]
        made |= {n.id for n in names if isinstance(n.ctx, ast.Store)}
        for name in sorted({n.id for n in names} - made):
            yield f"cell {i} uses {name}, which no cell that is shown has made"


def problems(root=REPO):
    "Everything that is wrong, as (where, what)."
    nbs = root / "nbs"
    books = {str(p.relative_to(nbs).with_suffix("")): read(p) for p in notebooks(nbs)}
    for stem, nb in books.items():
        yield from ((stem, what) for rule in (stale, mixed, unrefused, large) for what in rule(nb))
    yield from uphill(books, public(root))
    if "index" in books:
        yield from (("index", what) for what in unshown(books["index"]))
        text, pictures = front_page(root)
        there = {str(p.relative_to(root)): p.read_bytes() for p in (root / "README_files").glob("*")}
        made = root / "README.md"
        if not made.exists() or made.read_text(encoding="utf-8") != text or there != pictures:
            yield "README.md", "differs from what nbs/index.ipynb makes (python tools/nb.py readme)"


MEASURES = ("cells", "exported", "lines", "longest", "in a row", "laws", "words", "pictures")


def measures(nb):
    "What can be counted of a notebook: lines of exported cells (median, longest), such cells in a row, assertions, words, pictures."
    exports = [bool(EXPORTS & c.directives_.keys()) for c in nb.cells if c.cell_type != "raw"]
    lines = sorted(len(c.source.strip().splitlines()) - 1 for c in code_cells(nb) if EXPORTS & c.directives_.keys())
    runs_of = [len(list(g)) for on, g in itertools.groupby(exports) if on]
    tests = [n for c in code_cells(nb) if not EXPORTS & c.directives_.keys() for n in _nodes(c.source)]
    laws = sum(isinstance(n, ast.Assert) or isinstance(n, ast.Call) and _named(n.func).startswith(("test_", "refused")) for n in tests)
    words = sum(len(c.source.split()) for c in nb.cells if c.cell_type == "markdown")
    pictures = sum(any(k.startswith("image/") for k in o.get("data", {})) for c in code_cells(nb) for o in c.get("outputs", []))
    median = lines[len(lines) // 2] if lines else 0
    return dict(zip(MEASURES, (len(nb.cells), len(lines), median, max(lines, default=0), max(runs_of, default=0), laws, words, pictures)))


def _nodes(source):
    with contextlib.suppress(SyntaxError):
        return list(ast.walk(ast.parse(source)))
    return []


def _named(f):
    return f.id if isinstance(f, ast.Name) else f.attr if isinstance(f, ast.Attribute) else ""


def table(root=REPO):
    "A line of measures for each notebook."
    rows = [(str(p.relative_to(root / "nbs").with_suffix("")), measures(read(p))) for p in notebooks(root / "nbs")]
    wide = max(len(name) for name, _ in rows)
    print(" ".join([" " * wide, *MEASURES]))
    for name, m in rows:
        print(" ".join([name.ljust(wide), *(str(m[k]).rjust(len(k)) for k in MEASURES)]))


def check(root=REPO, measured=False):
    if measured:
        table(root)
    found = list(problems(root))
    for where, what in found:
        print(f"{where}: {what}")
    print(f"{len(found)} problem{'s' * (len(found) != 1)}" if found else "notebooks and README are in order")
    return int(bool(found))


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = parser.add_subparsers(dest="command", required=True)
    for name in ("execute", "_run"):
        p = sub.add_parser(name)
        p.add_argument("paths", nargs="*", type=Path)
        p.add_argument("--slow", action="store_true", help="run the cells flagged slow too")
    for name in ("away", "_away"):
        sub.add_parser(name).add_argument("paths", nargs="*", type=Path)
    sub.add_parser("readme")
    sub.add_parser("check").add_argument("--table", action="store_true", help="what can be counted of each notebook, first")
    args = parser.parse_args(argv)
    if args.command == "execute":
        return execute(args.paths, args.slow)
    if args.command == "_run":
        return run_notebook(args.paths[0], args.slow)
    if args.command == "away":
        return away(args.paths)
    if args.command == "_away":
        return run_away(args.paths[0])
    return check(measured=args.table) if args.command == "check" else readme()


if __name__ == "__main__":
    sys.exit(main())
