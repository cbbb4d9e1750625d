#!/usr/bin/env python
"""What type checkers and editors see of the installed package: stubs with every patched method in its class.

setup.py puts them into the wheel, beside the modules they are made from.

python tools/stubs.py write FOLDER   all of them into FOLDER/symnb
python tools/stubs.py check          basedpyright, basic mode, over the stubs and over the code of the README and the tutorials
"""

import ast
import json
import subprocess
import sys
import tempfile
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
ALIASES = ("tuple", "list", "dict", "Callable", "Sequence")  # what an alias of a type begins with
KEPT = ("dataclass", "property", "classmethod", "staticmethod", "cached_property", "overload", "total_ordering", "abstractmethod")


def named(node):
    "Name of a decorator, with or without arguments."
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def optional(annotation, default):
    "The annotation; with None where that is the default."
    if annotation is None or not (isinstance(default, ast.Constant) and default.value is None): return annotation
    text = ast.unparse(annotation)
    return annotation if "None" in text or text == "Any" else ast.BinOp(annotation, ast.BitOr(), ast.Constant(None))


def short(default):
    "Plain constants stay, everything else is `...`."
    plain = isinstance(default, ast.Constant) and not isinstance(default.value, (bytes, complex))
    return default if plain else ast.Constant(...)


def signature(f, first=None):
    "The function without its body; `first`: and without the annotation of self."
    a = f.args
    places = a.posonlyargs + a.args
    for arg, d in [*zip(places[len(places) - len(a.defaults):], a.defaults), *zip(a.kwonlyargs, a.kw_defaults)]:
        if d is not None: arg.annotation = optional(arg.annotation, d)
    a.defaults, a.kw_defaults = [short(d) for d in a.defaults], [d and short(d) for d in a.kw_defaults]
    if first: places[0].annotation = None
    decorators = [d for d in f.decorator_list if named(d) in KEPT or isinstance(d, ast.Attribute) and d.attr == "setter"]
    if any(named(d) == "contextmanager" for d in f.decorator_list): decorators.append(ast.Name("contextmanager"))
    f.decorator_list, f.body = decorators, [ast.Expr(ast.Constant(...))]
    return f


def attributes(c):
    "Names set on self in the methods of a class."
    out = []
    for f in [n for n in c.body if isinstance(n, ast.FunctionDef)]:
        for node in ast.walk(f):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
            for t in [t for tt in targets for t in ast.walk(tt)]:
                if isinstance(t, ast.Attribute) and isinstance(t.ctx, ast.Store) and isinstance(t.value, ast.Name) and t.value.id == "self":
                    out.append(t.attr)
    return list(dict.fromkeys(out))


def variable(name, value):
    "`name: type`, as far as a constant tells."
    kind = type(value.value).__name__ if isinstance(value, ast.Constant) and value.value is not None else "Any"
    return ast.parse(f"{name}: {kind}").body[0]


def seen(name):
    "A property that tells nothing of its type; unlike a variable it is no field of a dataclass."
    return ast.parse(f"@property\ndef {name}(self) -> Any: ...").body[0]


def members(c):
    "A class without the bodies of its methods, with the attributes that they set."
    taken, body, set_on_self = {n.name for n in c.body if isinstance(n, ast.FunctionDef)}, [], attributes(c)
    dataclass = any(named(d) == "dataclass" for d in c.decorator_list)
    for n in c.body:
        if isinstance(n, ast.FunctionDef): body.append(signature(n))
        elif isinstance(n, ast.AnnAssign):
            if n.value is not None: n.annotation, n.value = optional(n.annotation, n.value), short(n.value) if dataclass else None
            body.append(n)
            taken.add(n.target.id)
        elif isinstance(n, ast.Assign):
            for t in n.targets:
                for name in [x.id for x in ast.walk(t) if isinstance(x, ast.Name)]:
                    body.append(seen(name) if dataclass else variable(name, n.value if isinstance(t, ast.Name) else ast.Constant(None)))
                    taken.add(name)
    c.decorator_list = [d for d in c.decorator_list if named(d) in KEPT]
    found = [seen(k) if dataclass else variable(k, ast.Constant(None)) for k in set_on_self if k not in taken]
    c.body = found + body or [ast.Expr(ast.Constant(...))]
    return c


def patched(f):
    "Classes that a function is patched into: those its first argument is annotated with."
    (first,) = f.args.args[:1] or f.args.posonlyargs[:1]
    return [n.id for n in ast.walk(first.annotation) if isinstance(n, ast.Name)]


def method(f):
    "A patched function as the class has it."
    patch = next(d for d in f.decorator_list if named(d) == "patch")
    how = {k.arg for k in getattr(patch, "keywords", [])}
    f = signature(f, first=True)
    if "as_prop" in how: f.decorator_list.insert(0, ast.Name("property"))
    if "cls_method" in how: f.decorator_list.insert(0, ast.Name("classmethod"))
    return f


def is_patch(n): return isinstance(n, ast.FunctionDef) and any(named(d) == "patch" for d in n.decorator_list)


def is_alias(n): # of a type
    return isinstance(n, ast.Assign) and isinstance(n.value, ast.Subscript) and getattr(n.value.value, "id", "") in ALIASES


def stub(tree):
    "Statements of a stub, and methods for classes that are defined elsewhere."
    body, classes, others = [], {}, []
    for n in tree.body:
        if isinstance(n, (ast.Import, ast.ImportFrom)): body.append(n)
        elif isinstance(n, ast.If): body += [m for m in n.body if isinstance(m, (ast.Import, ast.ImportFrom))]  # TYPE_CHECKING
        elif is_patch(n): pass
        elif isinstance(n, ast.FunctionDef): body.append(signature(n))
        elif isinstance(n, ast.ClassDef):
            classes[n.name] = members(n)
            body.append(n)
        elif isinstance(n, ast.AnnAssign): body.append(ast.AnnAssign(n.target, n.annotation, None, 1))
        elif is_alias(n): body.append(n)
        elif isinstance(n, ast.Assign):
            names = [x.id for t in n.targets for x in ast.walk(t) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store)]
            body += [variable(x, n.value if len(names) == 1 else ast.Constant(None)) for x in names if x != "__all__"]
            if "__all__" in names: body.append(n)
    for n in [n for n in tree.body if isinstance(n, ast.Assign) and isinstance(n.targets[0], ast.Attribute)]:  # Class.name = …
        owner, name = ast.unparse(n.targets[0].value), n.targets[0].attr
        if owner in classes: classes[owner].body.insert(0, variable(name, ast.Constant(None)))
    for n in [n for n in tree.body if is_patch(n)]:
        for name in patched(n):
            if name in classes: place(classes[name], n)
            else: others.append((name, n))
    return body, classes, others


def place(c, f):
    "A patched method into its class; the last of a name holds."
    f = method(ast.parse(ast.unparse(f)).body[0])
    c.body = [b for b in c.body if getattr(b, "name", None) != f.name and getattr(getattr(b, "target", None), "id", None) != f.name]
    c.body.append(f)


def written(package):
    "relative path -> text of every stub of a package."
    trees = {p: stub(ast.parse(p.read_text())) for p in sorted(package.rglob("*.py")) if p.name[0] != "_"}
    homes = {name: (p, c) for p, (_, classes, _) in trees.items() for name, c in classes.items()}
    for p, (_, _, others) in trees.items():
        for name, f in others:
            if name in homes: place(homes[name][1], f)
            else: print(f"{p}: {name} is defined nowhere")
    out = {}
    for p, (body, _, _) in trees.items():
        text = "\n".join(ast.unparse(ast.fix_missing_locations(n)) for n in body)
        out[p.relative_to(package).with_suffix(".pyi")] = f"# made by tools/stubs.py from {p.name}\nfrom typing import Any\n{text}\n"
    return out | {Path("__init__.pyi"): front(package)}


def front(package):
    "The stub of the package itself: public names from where they live."
    homes = next(n.value for n in ast.parse((package/"__init__.py").read_text()).body
                 if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "_HOMES")
    lines = [f"from {package.name}.{m} import {', '.join(f'{n} as {n}' for n in names)}" for m, names in ast.literal_eval(homes).items()]
    return "\n".join(["# made by tools/stubs.py", *lines, "__version__: str", ""])


def write(package, folder):
    "Stubs of a package into a folder of its name."
    for path, text in written(package).items():
        (folder/package.name/path).parent.mkdir(parents=True, exist_ok=True)
        (folder/package.name/path).write_text(text)


def code(path):
    "Code of a notebook, as a script."
    cells = json.loads(path.read_text())["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")


def check():
    "Exit status of basedpyright over users' code, with the stubs for all that it knows of the package."
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write(REPO/"symnb", folder)
        for p in [REPO/"nbs/index.ipynb", *sorted((REPO/"nbs/tutorials").glob("*.ipynb"))]: (folder/f"{p.stem}.py").write_text(code(p))
        rules = {"typeCheckingMode": "basic", "reportUnusedExpression": "none", "reportMissingModuleSource": "none"}
        (folder/"pyrightconfig.json").write_text(json.dumps({"include": ["."], "pythonVersion": "3.10"} | rules))
        return subprocess.run([sys.executable, "-m", "basedpyright", "-p", str(folder), "--pythonpath", sys.executable]).returncode


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]: sys.exit(check())
    if len(sys.argv) != 3 or sys.argv[1] != "write": sys.exit(__doc__)
    write(REPO/"symnb", Path(sys.argv[2]))
