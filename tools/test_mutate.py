"""The tool that looks for tests that cannot fail, on made notebooks: python -m unittest tools/test_mutate.py"""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent))
import mutate
import nb
from test_nb import book

IMPORTS = "#| export\nimport tempfile\nfrom pathlib import Path"
HELPERS = """#| export
def fail(what): raise ValueError(what)

def check_side(a, name):
    if not a > 0: fail(f"{name} came as {a} - not + a length")  # tested
    return a
"""
CODE = """#| export
def area(a, b):
    a = check_side(a, "a")  # tested
    b = check_side(b, "b")  # untested
    if a > 1e9: fail("a - b")  # untested
    return (a + b)**2 - a**2 - b**2  # tested, each of its signs

def down(n):
    while n > 0: n = n - 1  # endless
    return n

def never(x):
    return -x + 0.5  # untested, both
"""
FOLDER = "folder = Path(tempfile.mkdtemp())"
FILES = """assert list(folder.iterdir()) == [] and not Path("beside").exists(), "something is left of another mutant"
(folder / "mine").write_text("1")
Path("beside").write_text("1")
print("noise")"""
TESTS = """assert area(1., 2.) == 4. and down(3) == 0
def refused(f, *args):
    try: f(*args)
    except ValueError as e: return str(e)
    raise AssertionError
assert "not + a length" in refused(area, 0, 1)"""


class Edits(unittest.TestCase):
    def changes(self, source):
        return [(kind, mutate.changed(source, *edit)) for kind, _, *edit in mutate.edits(source)]

    def test_refusals(self):
        for source, *changes in (
            ("if x: fail('a', f(b))", "if x: pass"),
            ("x = y or fail('a')", "x = y or None"),
            ("self.fail(node,\n  'a')\nx", "pass\nx"),
            ("check_finite(u, 'u')", "pass"),
            ("x = check_positive(x, f'{x - 1}')", "x = (x)"),
            ("x = core.check_choice(value=x, name='x')", "x = (x)"),
            ("return_(_check_all(*x))", "return_(None)"),
            ("x = [self._check_it(a if b else c) for a in y]", "x = [(a if b else c) for a in y]"),
            ("é = 'ü'; x = check_finite(é, 'ä∂')", "é = 'ü'; x = (é)"),
            ("%matplotlib inline\nx = check_finite(x)", "%matplotlib inline\nx = (x)"),
            ("check(x); checked(x); failed(x); 'fail(x)'",),
            ("x = check_a(check_b(x))", "x = (check_b(x))", "x = check_a((x))"),
        ):
            with self.subTest(source):
                self.assertEqual([c for _, c in self.changes(source)], list(changes))

    def test_signs(self):
        for source, *changes in (
            ("x = -a*b", "x = (a)*b"),
            ("x = 2**-a", "x = 2**(a)"),
            ("x = a - b + c", "x = a - b - c", "x = a + b + c"),
            ("x = (a) + (  # a - b + c\n  b)", "x = (a) - (  # a - b + c\n  b)"),
            ("y = '∂ - 1'; x = ξ - 1", "y = '∂ - 1'; x = ξ + 1"),
            ("x = f(a+-b)", "x = f(a--b)", "x = f(a+(b))"),
            ("t = torch.tensor((-1, 8))", "t = torch.tensor(((1), 8))"),
            ("x = 'a' + b; y = f'{a - b}' + c; z = [a] + b; w = str(a) + b + c; v = a + ('b' + c)",),
            ("x = a[-1], a[:-2], a[..., -1], a.sum(-1), a.mean((-2, -1)), f(dim=-1), range(n, 0, -1)",),
            ("x = f'{b - c:{d - e}}'.size - n('-')", "x = f'{b - c:{d - e}}'.size + n('-')"),
        ):
            with self.subTest(source):
                self.assertEqual(self.changes(source), [("sign", c) for c in changes])

    def test_where(self):
        source = "@patch\ndef f(self: Field, x):\n    def g():\n        return -x\nclass A:\n    def h(self): return -self.x\ny = -x"
        self.assertEqual([where for _, where, *_ in mutate.edits(source)], ["Field.f.g", "A.h", ""])

    def test_what_cannot_be_replaced_is_said(self):
        with mock.patch.object(mutate, "swap", lambda *trees: "something else"), self.assertRaisesRegex(RuntimeError, "cannot replace"):
            self.changes("x = -a")


class Sample(unittest.TestCase):
    def made(self, lines):
        return [mutate.Mutant("10_early", "sign", "f", line, "", 0, 0, 0, "") for line in lines]

    def test_signs_are_sampled_by_seed_and_stay_when_others_come_and_go(self):
        names = [f"line {i}" for i in range(100)]
        chosen = {seed: {m.line for m in mutate.sampled(self.made(names), 10, seed)} for seed in (0, 1)}
        self.assertEqual([len(c) for c in chosen.values()], [10, 10])
        self.assertNotEqual(chosen[0], chosen[1])
        fewer = {m.line for m in mutate.sampled(self.made(names[:90]), 10, 0)}
        self.assertLessEqual({line for line in chosen[0] if line in names[:90]}, fewer)

    def test_refusals_are_all_taken(self):
        refusal = mutate.Mutant("10_early", "fail", "f", "", "", 0, 0, 0, "")
        self.assertEqual(mutate.sampled([refusal], 0, 0), [refusal])

    def test_a_part_of_the_house_is_a_part_of_the_whole(self):
        with mock.patch.multiple(mutate, WHOLE=("11_numerics.spectral",), SIGNS=("40_tasks.core",)):
            _, whole = mutate.plan([], 5, 0)
            _, part = mutate.plan([nb.REPO / "nbs/11_numerics.spectral.ipynb"], 5, 0)
        self.assertEqual(sum(m.kind == "sign" for m in whole), 5)
        self.assertEqual({m.kind for m in whole if m.notebook == "40_tasks.core"}, {"sign"})
        self.assertEqual([m.key for m in part], [m.key for m in whole if m.notebook == "11_numerics.spectral"])


class Mirror(unittest.TestCase):
    def test_whatever_was_done_is_undone(self):
        with tempfile.TemporaryDirectory() as name:
            live, kept = Path(name, "live"), Path(name, "kept")
            for path in (live / "a/b", live / "c", kept):
                path.mkdir(parents=True)
            for path in (live / "a/b/x", live / "a/y", live / "z"):
                path.write_text(path.name)
            (live / "link").symlink_to("z")
            before = mutate.tree(live)
            mutate.mirror(live, kept)
            self.assertEqual(mutate.tree(kept), before)
            inode = (live / "a/y").stat().st_ino
            mutate.shutil.rmtree(live / "a/b")
            (live / "a/b").write_text("a file now")
            (live / "c").rmdir()
            (live / "z").write_text("changed")
            (live / "link").unlink()
            (live / "new/deep").mkdir(parents=True)
            (live / "new/deep/w").write_text("w")
            mutate.mirror(kept, live)
            self.assertEqual(mutate.tree(live), before)
            self.assertEqual(((live / "a/b/x").read_text(), (live / "z").read_text()), ("x", "z"))
            self.assertEqual((live / "a/y").stat().st_ino, inode)  # not touched


class Run(unittest.TestCase):
    "One run of a made notebook, looked at from all sides."

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name)
        (cls.root / "nbs").mkdir()
        cls.path, cls.out = cls.root / "nbs/10_early.ipynb", cls.root / "results/out.jsonl"
        cls.cells = [IMPORTS, HELPERS, FOLDER, CODE, "#| slow\nassert False", "#| eval: false\nassert False", FILES, TESTS]
        cls.write(cls.cells)
        cls.code, cls.said = cls.call()
        cls.lines = list(map(json.loads, cls.out.read_text().splitlines()))

    @classmethod
    def write(cls, cells):
        cls.path.write_text(json.dumps(book(*cells)))

    @classmethod
    def call(cls, *args):
        "main(…) on the made notebook: its exit code and what it prints"
        said = io.StringIO()
        command = ["--notebooks", str(cls.path), "--out", str(cls.out), "--grace", "0.5", "--workers", "1", *args]
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            return mutate.main(command), said.getvalue()

    def test_tested_is_killed_and_untested_survives(self):
        found = {}
        for m in self.lines:
            found.setdefault(m["line"].split("  # ")[1], []).append((m["kind"], m["status"]))
        self.assertEqual(found["tested"], [("fail", "killed"), ("check", "killed")])
        self.assertEqual(found["untested"], [("check", "survived"), ("fail", "survived")])
        self.assertEqual(found["tested, each of its signs"], [("sign", "killed")] * 3)
        self.assertEqual(found["untested, both"], [("sign", "survived")] * 2)
        self.assertEqual(len(self.lines), 10)

    def test_endless_is_killed_by_the_clock(self):
        (m,) = [m for m in self.lines if m["line"].endswith("# endless")]
        self.assertEqual((m["status"], m["error"]), ("timeout", mutate.OUT_OF_TIME))
        self.assertLess(m["seconds"], 60)

    def test_what_killed_is_kept(self):
        (m,) = [m for m in self.lines if m["kind"] == "fail" and m["status"] == "killed"]
        self.assertEqual((m["notebook"], m["function"], m["cell"], m["failed"]), ("10_early", "check_side", 1, 7))
        self.assertEqual(m["becomes"], "if not a > 0: pass  # tested")
        self.assertTrue(m["error"].startswith("AssertionError"))

    def test_survivors_are_shown_and_counted(self):
        self.assertEqual(self.code, 1)
        self.assertIn("| 10_early | area | check | b = check_side(b, \"b\")  # untested | b = (b)  # untested |", self.said)
        self.assertIn("| 10_early | 10 | 6 | 1 | 4 | 0 |", self.said)
        self.assertIn("10 mutants, 10 to run", self.said)

    def test_nothing_is_left_beside_the_notebook(self):
        self.assertEqual([p.name for p in (self.root / "nbs").iterdir()], ["10_early.ipynb"])

    def test_what_is_finished_is_not_run_again(self):
        self.addCleanup(self.write, self.cells)
        with mock.patch.object(mutate, "run_all", side_effect=AssertionError("run again")):
            code, said = self.call()
            self.assertEqual(said.split("Survivors")[1], self.said.split("Survivors")[1])
            self.write([*self.cells[:-1], self.cells[-1] + "\nassert True"])
            with self.assertRaisesRegex(AssertionError, "run again"):  # another test may notice more
                self.call()
            self.write([*self.cells, "# only prose"])
            self.assertEqual(self.call()[0], code)

    def test_a_new_law_leaves_what_is_killed(self):
        self.addCleanup(self.write, self.cells)
        ran = []

        def run_all(places, todo, out, workers, grace):
            ran.append(len(todo))
            return {}

        with mock.patch.object(mutate, "run_all", run_all):
            self.write([*self.cells[:-1], "assert 2 > 1", self.cells[-1]])
            self.call()
            self.write([*self.cells[:-1], "assert 2 > 1"])  # the cell that noticed is gone
            self.call()
        self.assertEqual(ran, [5, 10])  # four survivors and the one that the clock ended; all

    def test_a_stopped_run_goes_on(self):
        whole = self.out.read_text()
        self.addCleanup(self.out.write_text, whole)
        self.out.write_text(whole[: whole.rindex('"status"')])  # cut short in its last line
        ran = []

        def run_all(places, todo, out, workers, grace):
            ran.extend(m.key for m in todo)
            for m in todo:
                mutate.keep(out, {"key": m.key, "status": "survived", "seconds": 1})  # nothing it rests on is named
            return {}

        with mock.patch.object(mutate, "run_all", run_all):
            self.call()
        self.assertEqual(ran, [self.lines[-1]["key"]])
        self.assertEqual(mutate.known(self.out).keys(), {m["key"] for m in self.lines})

    def test_equivalent_ones_are_told_apart_with_the_reason(self):
        names = [tuple(m[k] for k in ("notebook", "function", "line", "becomes")) for m in self.lines if m["status"] == "survived"]
        with mock.patch.object(mutate, "EQUIVALENT", dict.fromkeys(names, "the number is not used")):
            code, said = self.call()
        self.assertEqual((code, "Survivors" in said, said.count("the number is not used")), (0, False, 4))
        killed = next(m for m in self.lines if m["status"] == "killed")
        old = {("10_early", "gone", "x", "y"): "why", tuple(killed[k] for k in ("notebook", "function", "line", "becomes")): "why"}
        with mock.patch.object(mutate, "EQUIVALENT", old):
            said = self.call()[1]
        self.assertEqual((said.count("which is not there"), said.count("which is killed")), (1, 1))

    def test_table(self):
        table = self.root / "table.json"
        code, said = self.call("--table", str(table), "--seed", "3")
        written = json.loads(table.read_text())
        self.assertEqual(written["totals"]["survived"], len(written["survivors"]))
        self.assertEqual(written["survivors"][0]["line"], 'b = check_side(b, "b")  # untested')
        self.assertEqual((written["kind"], written["seed"], [t["function"] for t in written["timeouts"]]), ("benchmark", 3, ["down"]))
        self.assertIn("torch", written["versions"])
        with tempfile.TemporaryDirectory() as empty:
            code, said = self.call("--table", str(table), "--out", f"{empty}/none")
        self.assertEqual((code, said.split(":")[0]), (1, "10 of 10 mutants have not been run"))

    def test_a_table_keeps_what_was_not_looked_at(self):
        row = dict.fromkeys((*mutate.COLUMNS, "seconds"), 1)
        old = {"a": row | {"code": "1"}, "b": row | {"code": "2"}, "c": row}
        before = {"notebooks": old, "survivors": [{"notebook": s} for s in "abc"]}
        now = {"notebooks": {"d": row}, "survivors": [{"notebook": "d"}], "equivalent": [], "timeouts": []}
        made = mutate.merged(now, before, {"a": "1", "b": "changed", "c": "3", "d": "4"}.get)
        self.assertEqual((list(made["notebooks"]), made["totals"]["mutants"]), (["a", "d"], 2))
        self.assertEqual(made["survivors"], [{"notebook": "a"}, {"notebook": "d"}])
        self.assertEqual(made["notebooks"]["d"]["code"], "4")

    def test_a_notebook_that_fails_unchanged_kills_nothing(self):
        self.addCleanup(self.write, self.cells)
        self.write([*self.cells, "assert 1 > 2, 'planted'"])
        with tempfile.TemporaryDirectory() as empty:
            code, said = self.call("--out", f"{empty}/out")
            self.assertFalse(Path(empty, "out").exists())
        self.assertEqual(code, 1)
        self.assertIn("10_early: cell 8 fails unchanged: AssertionError: planted", said)


if __name__ == "__main__":
    unittest.main()
