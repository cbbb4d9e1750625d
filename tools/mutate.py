#!/usr/bin/env python
"""What the tests would not notice: refusals taken out and signs flipped in the notebooks' own cells, one at a time.

python tools/mutate.py [--notebooks nbs/11_numerics.spectral.ipynb …] [--signs 100] [--seed 0] [--workers 2]   run what is left to run
python tools/mutate.py --table [nbs/experiments/results/mutation.json]                                       write what came out

Every call of `fail` and of a `check_…` in an exported cell is taken out, and a sample of the signs in formulas is flipped. A notebook
tests what it defines itself, so it is run with the changed cell up to the first cell that fails: the mutant is killed. A mutant that
no cell notices survives: a test is missing, or the line is. Results are kept in a file of JSON lines (--out), a line a mutant; a run
that was stopped goes on where it was. A kill counts until the exported code of its notebook changes or the cell that noticed goes; a
survivor is run anew after any change of the notebook's code. The table keeps the rows of notebooks that were not looked at this time and
whose exported code is what it was.
"""

import argparse
import ast
import concurrent.futures
import contextlib
import ctypes
import dataclasses
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import nb

RESULTS = nb.REPO / "nbs/experiments/results/mutation.json"
LINES = nb.REPO / "results/mutation.jsonl"
WHOLE = (  # refusals and signs
    "00_core.checks", "01_core.training", "02_core.parsing", "11_numerics.spectral", "12_numerics.weno", "20_geometry.fields",
    "21_geometry.flows", "22_geometry.neural", "30_data.equations", "33_data.trajectories", "34_data.simulate", "40_tasks.core",
    "41_tasks.jets", "42_tasks.determining", "43_tasks.transport", "44_tasks.proof", "45_tasks.pde", "48_tasks.formal",
    "49_tasks.certificate", "52_discovery.formulas", "53_discovery.symmetries", "57_discovery.solve", "58_discovery.learn",
    "70_applications.augment",
)
SIGNS = ()  # signs only
# (notebook, function, line of code, what it becomes): why no test can tell the two apart
EQUIVALENT = {
    ("02_core.parsing", "_read", 'if grammar.take()[0] != "end": fail(f"{what} {text[:60]!r} cannot be read", "a formula")',
     'if grammar.take()[0] != "end": pass'): "neighbours and parentheses are checked before; no text is left of which a part stays unread",
    ("34_data.simulate", "_cole_hopf", "psi0, M = _modes(log_psi.exp(), (len(k) - 1,)), 4*nx",
     "psi0, M = _modes(log_psi.exp(), (len(k) + 1,)), 4*nx"): "of the two modes more that are kept, the next lines use none",
    ("30_data.equations", "Equation.rhs_function.N", "return evaluate_expr(expr, values) + 0 * jets[0]",
     "return evaluate_expr(expr, values) - 0 * jets[0]"): "the zeros give a constant the shape of u, with either sign",
    ("44_tasks.proof", "_repeats", "change = exact_formula(f.xreplace({x: x + L}) - f)",
     "change = exact_formula(f.xreplace({x: x - L}) - f)"): "f(x + L) = f(x) for every x exactly where f(x - L) = f(x)",
    ("52_discovery.formulas", "channels", "labels, domain = None, (-1., 1.)",
     "labels, domain = None, ((1.), 1.)"): "read where there is no t alone, and there every function of t is a constant",
}
FACTOR = 3  # a cell may take so many times the processor time of the unchanged one, and --grace seconds
OUT_OF_TIME = "out of time"
COLUMNS = ("mutants", "killed", "timeouts", "survived", "equivalent")
MEMORY = 8 * 2**30  # what a changed cell may claim beyond what is in use


# ---------------------------------------------------------------- mutants


@dataclasses.dataclass
class Mutant:
    notebook: str
    kind: str  # fail, check, sign
    function: str
    line: str  # the line of code, and what becomes of it
    becomes: str
    cell: int
    start: int  # what is replaced, in bytes of the cell's text
    end: int
    text: str  # the replacement
    nth: int = 0  # among those of the same notebook, function, line and change
    key: str = ""

    @property
    def name(self):
        return self.notebook, self.function, self.line, self.becomes


def lines_of(source):
    return "\n".join(source.splitlines())


def changed(source, start, end, text):
    raw = lines_of(source).encode()
    return (raw[:start] + text.encode() + raw[end:]).decode()


def descend(node, parents=()):
    "Every node with its parents, outermost first; the inside of an f-string has no reliable place and is left out."
    yield node, parents
    if type(node).__name__ not in ("JoinedStr", "TemplateStr"):
        for child in ast.iter_child_nodes(node):
            yield from descend(child, (*parents, node))


def function(parents):
    "Where a node stands: Class.method, also for a method that is patched into its class."
    names = []
    for node in parents:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if any(ast.unparse(d).startswith("patch") for d in node.decorator_list) and node.args.args:
                names.append(ast.unparse(node.args.args[0].annotation or ast.Name("")).strip("'\""))
            names.append(node.name)
    return ".".join(names)


def called(node):
    "The last name of the function that is called."
    return ast.unparse(node.func).split(".")[-1]


def text_or_list(node):
    "Whether + joins these rather than adding them."
    joined = (ast.JoinedStr, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp)
    if isinstance(node, ast.BinOp):
        return text_or_list(node.left) or text_or_list(node.right)
    if isinstance(node, ast.Call):
        return called(node) in {"str", "repr", "join", "format", "replace", "strip", "list", "tuple", "sorted", "set", "dict"}
    return isinstance(node, joined) or isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))


def position(node, parents):
    "Whether a minus counts from the end, as in a[-1], a.sum(-1) and dim=(-2, -1), instead of standing in a formula."
    whole = isinstance(node.operand, ast.Constant) and isinstance(node.operand.value, int)
    inner = [p for p in parents if not isinstance(p, (ast.Tuple, ast.List))][-1]
    if isinstance(inner, ast.Call):
        return whole and called(inner) not in {"tensor", "new_tensor", "array", "asarray", "Rational", "Fraction"}
    return whole and isinstance(inner, (ast.Subscript, ast.Slice, ast.keyword))


def kind(node, parents):
    "What kind of mutant a node gives, if any."
    if isinstance(node, ast.Call):
        name = called(node)
        return "fail" if re.fullmatch("_*fail", name) else "check" if re.fullmatch(r"_*check_\w+", name) else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return None if position(node, parents) else "sign"
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
        return None if text_or_list(node) else "sign"


def replacement(node, parents):
    "The node that is replaced, the tree that takes its place, and its text (None: the operator alone is replaced)."
    if isinstance(node, ast.BinOp):
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        return node, ast.BinOp(node.left, other, node.right), None
    if isinstance(node, ast.UnaryOp):
        return node, node.operand, node.operand
    if isinstance(parents[-1], ast.Expr):
        return parents[-1], ast.Pass(), "pass"
    given = [*node.args, *(k.value for k in node.keywords if k.arg)]
    if called(node).endswith("fail") or not given or isinstance(given[0], ast.Starred):
        return node, ast.Constant(None), "None"
    return node, given[0], given[0]


def swap(tree, old, new):
    class Swap(ast.NodeTransformer):
        def visit(self, node):
            return new if node is old else self.generic_visit(node)

    return ast.dump(Swap().visit(tree))


def edits(source):
    "(kind, function, start, end, text) of every mutant of a cell; each is read back and compared with the tree it should give."
    raw, starts = lines_of(source).encode(), [0]
    for line in source.splitlines():
        starts.append(starts[-1] + len(line.encode()) + 1)

    def span(node):
        return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset

    for n, (node, parents) in enumerate(descend(nb.parse(source))):
        what = kind(node, parents)
        if not what:
            continue
        old, new, text = replacement(node, parents)
        (start, end), tries = span(old), []
        if text is None:  # between the operands there may be brackets, line ends and comments beside the operator
            sign, other = ("+", "-") if isinstance(node.op, ast.Add) else ("-", "+")
            left, right = span(node.left)[1], span(node.right)[0]
            tries = [(left + m.start(), left + m.end(), other) for m in re.finditer(re.escape(sign.encode()), raw[left:right])]
        elif isinstance(text, str):
            tries = [(start, end, text)]
        else:
            a, b = span(text)
            tries = [(start, end, f"({raw[a:b].decode()})")]
        again = list(descend(tree := nb.parse(source)))
        old, new, _ = replacement(*again[n])
        wanted = swap(tree, old, new)
        for start, end, text in tries:
            with contextlib.suppress(SyntaxError):
                if ast.dump(nb.parse(changed(source, start, end, text))) == wanted:
                    yield what, function(parents), start, end, text
                    break
        else:
            raise RuntimeError(f"cannot replace {ast.unparse(node)} in\n{source}")


def mutants(path, kinds=("fail", "check", "sign")):
    "All mutants of a notebook, in order, each with a key that depends on the exported code of the notebook."
    book, seen = nb.read(path), {}
    code = nb.digest([c for c in nb.code_cells(book) if c.directives_.keys() & nb.EXPORTS])
    for i, cell in enumerate(book.cells):
        if cell.cell_type != "code" or not cell.directives_.keys() & nb.EXPORTS or not nb.runs(cell):
            continue
        for what, where, start, end, text in edits(cell.source):
            row = lines_of(cell.source).encode()[:start].count(b"\n")
            line, becomes = (s.splitlines()[row].strip() for s in (cell.source, changed(cell.source, start, end, text)))
            m = Mutant(Path(path).stem, what, where, line, becomes, i, start, end, text)
            m.nth = seen[m.name] = seen.get(m.name, -1) + 1
            m.key = fingerprint(m.notebook, code, nb.digest([cell]), start, end, text)
            if what in kinds:
                yield m


def fingerprint(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def sampled(found, signs, seed):
    "The mutants to run: all refusals, and of the signs a sample that hardly changes when other lines do."
    rank = {id(m): fingerprint(seed, *m.name, m.nth) for m in found if m.kind == "sign"}
    chosen = set(sorted(rank, key=rank.get)[:signs])
    return [m for m in found if m.kind != "sign" or id(m) in chosen]


def plan(paths, signs, seed):
    "The mutants of some notebooks; those of the house are a part of what a run of the whole list would take."
    house = {stem: nb.REPO / f"nbs/{stem}.ipynb" for stem in (*WHOLE, *SIGNS)}
    mine = {Path(p).stem: Path(p).resolve() for p in paths} or house
    pool = house if mine.items() <= house.items() else mine
    kinds = {stem: ("sign",) if stem in SIGNS and pool is house else ("fail", "check", "sign") for stem in pool}
    found = [m for stem, path in pool.items() for m in mutants(path, kinds[stem])]
    return mine, [m for m in sampled(found, signs, seed) if m.notebook in mine]


# ---------------------------------------------------------------- one notebook, in a process of its own


def tree(folder):
    "relative path -> what tells two states of a file apart; links are not followed."
    found = {}
    for here, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(here, name)
            s = path.lstat()
            state = os.readlink(path) if path.is_symlink() else "folder" if path.is_dir() else (s.st_size, s.st_mtime_ns)
            found[os.path.relpath(path, folder)] = (state, s.st_mode)
    return found


def mirror(source, target):
    "Make a folder equal to another one; what is equal is not touched."
    want, have = tree(source), tree(target)
    for name in sorted(have, reverse=True):  # what is in a folder before the folder
        if want.get(name) != have[name]:
            path = Path(target, name)
            if have[name][0] != "folder":
                path.unlink()
            elif name not in want or want[name][0] != "folder":
                shutil.rmtree(path, ignore_errors=True)
            have[name] = None
    for name in sorted(want):
        if want[name] != have.get(name):
            a, b = Path(source, name), Path(target, name)
            if want[name][0] == "folder":
                b.mkdir(exist_ok=True)
                shutil.copystat(a, b)
            elif a.is_symlink() or a.is_file():  # no pipes, no sockets
                shutil.copy2(a, b, follow_symlinks=False)


def used():
    "Processor time of this process and of those it has waited for."
    return sum(r.ru_utime + r.ru_stime for r in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def limit(what, soft):
    resource.setrlimit(what, (int(soft), resource.getrlimit(what)[1]))


def dies_with_parent():
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def child(shell, cells, allowed):
    "Run cells up to the first that fails: its number and its error, and the processor and clock time of each."
    dies_with_parent()
    os.setsid()
    limit(resource.RLIMIT_CORE, 0)
    if os.path.exists("/proc/self/statm"):
        limit(resource.RLIMIT_AS, int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + MEMORY)
    times = []
    for i, source in cells:
        if allowed:
            own = resource.getrusage(resource.RUSAGE_SELF)
            limit(resource.RLIMIT_CPU, own.ru_utime + own.ru_stime + allowed[i] + 1)
        began = used(), time.perf_counter()
        error = None
        try:
            shell.run(source)
            error = shell.exc
        except BaseException as e:
            error = e
        if error is not None:
            return {"failed": i, "error": f"{type(error).__name__}: {error}".splitlines()[0][:200], "times": times}
        times.append((i, used() - began[0], time.perf_counter() - began[1]))
    return {"times": times}


def attempt(shell, cells, said, allowed=None, wall=None):
    "The same in a fork, which is ended when its time is over; it leaves what it has to say in the file `said`."
    said.unlink(missing_ok=True)
    began = time.perf_counter()
    pid = os.fork()
    if not pid:
        try:
            said.write_text(json.dumps(child(shell, cells, allowed)))
        finally:
            os._exit(0)
    done, ended = os.waitpid(pid, os.WNOHANG)
    while not done and (wall is None or time.perf_counter() - began < wall):
        time.sleep(0.01)
        done, ended = os.waitpid(pid, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)  # with whatever it has started
    if not done:
        os.waitpid(pid, 0)
    if done and said.exists() and ended == 0:
        result = json.loads(said.read_text())
    elif not done or os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGXCPU:
        result = {"error": OUT_OF_TIME}
    else:
        result = {"error": f"the process ended with {os.waitstatus_to_exitcode(ended)}"}
    result["status"] = "timeout" if result.get("error") == OUT_OF_TIME else "killed" if "error" in result else "survived"
    return result | {"seconds": round(time.perf_counter() - began, 2)}


def work(task, tell):
    "Run a notebook up to its last changed cell, and before each changed cell its mutants in forks."
    path, root, folder = Path(task["path"]), Path(task["root"]), Path(task["folder"])
    live, kept, said = folder / "live", folder / "kept", folder / "said"
    here = live / "tree" / path.relative_to(root)
    sys.path.insert(0, str(root))
    os.chdir(here.parent)
    from execnb.shell import CaptureShell
    from IPython.core.pylabtools import select_figure_formats

    shell = CaptureShell(here)
    select_figure_formats(shell, [])  # pictures are made, but not drawn: that fails no cell
    cells = [(i, c.source) for i, c in enumerate(nb.read(path).cells) if c.cell_type == "code" and nb.runs(c)]
    last, allowed = max(m["cell"] for m in task["mutants"]), None
    for n, (i, source) in enumerate(cells):
        mine = [m for m in task["mutants"] if m["cell"] == i]
        if mine:
            mirror(live, kept)
            if allowed is None or i == last:  # the unchanged rest: does a fork pass at all, and in what time?
                clean = attempt(shell, cells[n:], said)
                mirror(kept, live)
                if "error" in clean:
                    return tell({"problem": f"cell {clean.get('failed')} fails unchanged: {clean['error']}"})
                if allowed is None:
                    tell({"unchanged": clean["seconds"]})
                    allowed = {k: FACTOR * cpu + task["grace"] for k, cpu, _ in clean["times"]}
                    clock = {k: wall for k, _, wall in clean["times"]}
            wall = 4 * sum(FACTOR * clock[k] for k, _ in cells[n:]) + 6 * task["grace"]
        for m in mine:
            text = changed(source, m["start"], m["end"], m["text"])
            result = attempt(shell, [(i, text), *cells[n + 1 :]], said, allowed, wall)
            mirror(kept, live)
            tell({"key": m["key"]} | {k: result[k] for k in ("status", "seconds", "failed", "error") if k in result})
        if i == last:
            return
        shell.run(source)
        if shell.exc:
            return tell({"problem": f"cell {i} fails unchanged: {type(shell.exc).__name__}: {shell.exc}"})


def worker():
    "The process of one notebook: the task comes on standard input, results go to standard output, what the cells print goes nowhere."
    dies_with_parent()
    task = json.load(sys.stdin)
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(nowhere, fd)

    def tell(record):
        print(json.dumps(record, ensure_ascii=False), file=report, flush=True)

    try:
        work(task, tell)
    except BaseException:
        tell({"problem": traceback.format_exc()})
    report.close()
    os._exit(0)


# ---------------------------------------------------------------- all notebooks


def witness(book, result):
    "What an outcome rests on: the cell that failed, or else every cell that ran."
    cells = [book.cells[result["failed"]]] if "failed" in result else [c for c in nb.code_cells(book) if nb.runs(c)]
    return nb.digest(cells)


def standing(done, places):
    "Those outcomes that rest on cells that are still in their notebooks."
    books = {stem: nb.read(path) for stem, path in places.items()}
    there = {stem: {nb.digest([c]) for c in book.cells} | {witness(book, {})} for stem, book in books.items()}
    return {key: r for key, r in done.items() if r.get("witness") in there.get(r.get("notebook"), ())}


def known(file):
    "key -> what has come out so far; a line that was cut short counts for nothing."
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        with contextlib.suppress(json.JSONDecodeError):
            record = json.loads(line)
            found[record["key"]] = record
    return found


def keep(file, record):
    "One more line; after a line that was cut short it begins anew."
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+b") as f:
        if f.tell():
            f.seek(-1, os.SEEK_END)
            if f.read(1) != b"\n":
                f.write(b"\n")
        f.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")


def root_of(path):
    return nb.REPO if path.is_relative_to(nb.REPO) else path.parent.parent


def one_notebook(path, todo, grace, record, running):
    "Run the mutants of a notebook in a process and a folder of its own; what went wrong with the notebook itself, or None."
    root, problem = root_of(path), None
    with tempfile.TemporaryDirectory(prefix="symnb-mutate-") as name:
        folder = Path(name)
        top = path.relative_to(root).parts[0]
        for there in ("live/tmp", "live/tree", "kept"):
            (folder / there).mkdir(parents=True)
        shutil.copytree(root / top, folder / "live/tree" / top)  # whatever cells write beside themselves stays here
        for other in root.iterdir():
            if other.name != top and not other.name.startswith("."):
                (folder / "live/tree" / other.name).symlink_to(other)
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")  # threads do not live through a fork
        paths = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
        env = os.environ | one | {"MPLBACKEND": "agg", "CUDA_VISIBLE_DEVICES": "", "TMPDIR": str(folder / "live/tmp"), "PYTHONPATH": paths}
        task = {"path": str(path), "root": str(root), "folder": name, "grace": grace, "mutants": list(map(dataclasses.asdict, todo))}
        command = [sys.executable, str(Path(__file__).resolve()), "--worker"]
        by_key = {m.key: m for m in todo}
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True, encoding="utf-8") as run:
            running.append(run)
            run.stdin.write(json.dumps(task))
            run.stdin.close()
            for line in run.stdout:
                result = json.loads(line)
                problem = result.get("problem", problem)
                if "key" in result:
                    record(by_key[result["key"]], result)
                if "unchanged" in result:
                    print(f"{path.stem}: {len(todo)} to run; unchanged, the rest of it takes {result['unchanged']} s", flush=True)
        if run.returncode:
            problem = problem or f"its process ended with {run.returncode}"
    return problem


def run_all(places, todo, out, workers, grace):
    "Run what is left, notebook by notebook; what went wrong, by notebook."
    lock, count, running = threading.Lock(), 0, []
    books = {stem: nb.read(places[stem]) for stem in {m.notebook for m in todo}}

    def record(m, result):
        nonlocal count
        about = {k: getattr(m, k) for k in ("notebook", "function", "kind", "cell", "line", "becomes")}
        with lock:
            keep(out, result | about | {"witness": witness(books[m.notebook], result)})
            count += 1
            print(f"{count}/{len(todo)} {result['status']:8} {m.notebook} {m.function}: {m.line}  →  {m.becomes}"[:200], flush=True)

    stems = sorted({m.notebook for m in todo}, key=lambda stem: -sum(m.notebook == stem for m in todo))
    with concurrent.futures.ThreadPoolExecutor(max(1, workers)) as pool:
        runs = {s: pool.submit(one_notebook, places[s], [m for m in todo if m.notebook == s], grace, record, running) for s in stems}
        try:
            return {s: run.result() for s, run in runs.items() if run.result()}
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for run in running:
                run.kill()
            raise


# ---------------------------------------------------------------- what came out


def outcome(found, done):
    "Totals, by notebook too; survivors, those that no test can tell from the original, those whose time ran out."
    rows, lists = {}, {"survivors": [], "equivalent": [], "timeouts": []}
    for m in found:
        status, row = done[m.key]["status"], rows.setdefault(m.notebook, dict.fromkeys((*COLUMNS, "seconds"), 0))
        entry = {k: getattr(m, k) for k in ("notebook", "function", "kind", "line", "becomes")}
        if status == "survived" and m.name in EQUIVALENT:
            lists["equivalent"].append(entry | {"why": EQUIVALENT[m.name]})
            row["equivalent"] += 1
        elif status == "survived":
            lists["survivors"].append(entry)
            row["survived"] += 1
        else:
            row["killed"] += 1
            if status == "timeout":
                lists["timeouts"].append(entry)
                row["timeouts"] += 1
        row["mutants"] += 1
        row["seconds"] = round(row["seconds"] + done[m.key]["seconds"], 1)
    totals = {c: round(sum(row[c] for row in rows.values()), 1) for c in (*COLUMNS, "seconds")}
    return {"totals": totals, "notebooks": rows} | lists


def table(rows):
    "Markdown of a list of dicts with the same keys."
    if not rows:
        return ""
    cell = lambda v: str(v).replace("|", "\\|")
    head = [list(rows[0]), ["---"] * len(rows[0])]
    return "\n".join("| " + " | ".join(map(cell, row)) + " |" for row in [*head, *(r.values() for r in rows)]) + "\n"


def show(result):
    for title, rows in (("Survivors", "survivors"), ("No test can tell", "equivalent"), ("Killed by the clock", "timeouts")):
        if result[rows]:
            print(f"\n{title}:\n\n{table(result[rows])}")
    print(table([{"notebook": s} | row for s, row in result["notebooks"].items()] + [{"notebook": "all"} | result["totals"]]))


def unused(found, done):
    "Entries of EQUIVALENT that have outlived their code, or that a test has caught."
    there = {m.name: done[m.key]["status"] for m in found if m.key in done}
    for name, _ in EQUIVALENT.items():
        if name[0] in {m.notebook for m in found} and there.get(name) != "survived":
            yield f"EQUIVALENT names {name}, which {'is killed' if name in there else 'is not there'}"


def code_of(stem):
    "A hash of what a notebook exports; None where there is no such notebook."
    path = nb.REPO / f"nbs/{stem}.ipynb"
    return nb.digest([c for c in nb.code_cells(nb.read(path)) if nb.EXPORTS & c.directives_.keys()]) if path.is_file() else None


def merged(result, before, code=code_of):
    "What came out, beside the notebooks of an earlier table that were not looked at now and export what they did then."
    rows = {stem: row | {"code": code(stem)} for stem, row in result["notebooks"].items()}
    kept = {s: row for s, row in before.get("notebooks", {}).items() if s not in rows and row.get("code") and row["code"] == code(s)}
    lists = {k: [e for e in before.get(k, []) if e["notebook"] in kept] + result[k] for k in ("survivors", "equivalent", "timeouts")}
    rows = dict(sorted((kept | rows).items()))
    totals = {c: round(sum(row[c] for row in rows.values()), 1) for c in (*COLUMNS, "seconds")}
    return {"totals": totals, "notebooks": rows} | lists


def write_table(path, result, signs, seed):
    from symnb.core.checks import header, machine, read_json, write_json

    result = merged(result, read_json(path) if path.is_file() else {})
    command = f"python tools/mutate.py --signs {signs} --seed {seed}; python tools/mutate.py --table"
    write_json(path, header("benchmark", command=command, machine=machine(), signs=signs, seed=seed) | result)


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--notebooks", nargs="*", type=Path, default=[], help="these alone; without it, all whose table is committed")
    parser.add_argument("--signs", type=int, default=100, help="how many signs, over all notebooks")
    parser.add_argument("--seed", type=int, default=0, help="which signs")
    parser.add_argument("--out", type=Path, default=LINES, help="where a line for every mutant is kept")
    parser.add_argument("--workers", type=int, default=2, help="how many notebooks at a time")
    parser.add_argument("--grace", type=float, default=10, help=f"seconds that a cell may take beyond {FACTOR} times what it takes")
    parser.add_argument("--table", nargs="?", type=Path, const=RESULTS, help="run nothing; write the table of what came out")
    args = parser.parse_args(argv)
    for path in args.notebooks:
        if not path.is_file():
            parser.error(f"no notebook {path}")
    places, found = plan(args.notebooks, args.signs, args.seed)
    done, problems = standing(known(args.out), places), {}
    todo = [m for m in found if m.key not in done]
    if args.table and todo:
        print(f"{len(todo)} of {len(found)} mutants have not been run: python tools/mutate.py", file=sys.stderr)
        return 1
    if todo:
        print(f"{len(found)} mutants, {len(todo)} to run", flush=True)
        try:
            problems = run_all(places, todo, args.out, args.workers, args.grace)
        except KeyboardInterrupt:
            print(f"stopped; {args.out} holds what is done, and the same command goes on from there", file=sys.stderr)
            return 130
        done = standing(known(args.out), places)
    result = outcome([m for m in found if m.key in done], done)
    if args.table:
        write_table(args.table, result, args.signs, args.seed)
    show(result)
    for what in [*(f"{stem}: {what}" for stem, what in problems.items()), *unused(found, done)]:
        print(what, file=sys.stderr)
    return int(bool(problems or result["survivors"]))


if __name__ == "__main__":
    if sys.argv[1:] == ["--worker"]:
        worker()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped like by Ctrl-C: the processes and the folders go too
    sys.exit(main())
