"""Each rule of tools/nb.py beside a planted failure that it has to catch: python -m unittest tools/test_nb.py"""

import base64
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import nb

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
INIT = '_HOMES = {"late": ("late",)}\n'
EARLY = ["#| default_exp early", "1 + 1"]
LATE = ["#| default_exp late", "from symnb.early import a"]


def book(*sources, kinds=None):
    cells = []
    for i, source in enumerate(sources):
        kind = "markdown" if source.startswith("# ") else "code"
        cell = {"cell_type": kind, "id": f"c{i}", "metadata": {}, "source": source.splitlines(keepends=True)}
        cells.append(cell if kind == "markdown" else cell | {"execution_count": None, "outputs": []})
    kernel = {"display_name": "python3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


class House(unittest.TestCase):
    "A small repository with two rooms and an index, in order until a test plants something."

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        (self.root / "nbs").mkdir()
        (self.root / "symnb").mkdir()
        (self.root / "symnb/__init__.py").write_text(INIT)
        self.put("10_early", *EARLY)
        self.put("20_late", *LATE)
        self.put("index", "# A page", "from symnb import late")
        nb.readme(self.root)

    def path(self, stem):
        return self.root / f"nbs/{stem}.ipynb"

    def put(self, stem, *sources, stamped=True):
        self.path(stem).write_text(json.dumps(book(*sources)))
        if stamped:
            made = nb.read(self.path(stem))
            made.metadata[nb.STAMP] = nb.stamps(made)
            nb.store(made, self.path(stem))

    def edit(self, stem, change):
        data = json.loads(self.path(stem).read_text())
        change(data)
        self.path(stem).write_text(json.dumps(data))

    def output(self, stem, out, cell=1):
        self.edit(stem, lambda d: d["cells"][cell]["outputs"].append(out))

    def found(self):
        return [f"{where}: {what}" for where, what in nb.problems(self.root)]

    def assertFound(self, *words):
        found = self.found()
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])


class Away(House):
    "From an empty folder, without what only developers have."

    def run_away(self, source):
        self.put("index", "# A page", source)
        with tempfile.TemporaryDirectory() as folder:
            run = [sys.executable, nb.__file__, "_away", str(self.path("index"))]
            done = subprocess.run(run, cwd=folder, capture_output=True, text=True)
            return done.returncode, sorted(p.name for p in Path(folder).iterdir()), done.stderr

    def test_runs(self):
        write = "Path('mine').write_text('1')"
        code, files, _ = self.run_away(f"import numpy\nfrom pathlib import Path\nassert not list(Path().iterdir())\n{write}")
        self.assertEqual((code, files), (0, ["mine"]))

    def test_planted(self):
        for wrong in ("import xarray", "import nbdev", "from tools import nb", "assert False"):
            code, _, said = self.run_away(wrong)
            self.assertEqual(code, 1, wrong)
            self.assertIn("Error", said)


class Check(House):
    def test_in_order(self):
        self.assertEqual(self.found(), [])
        with contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(nb.check(self.root), 0)
            self.path("10_early").write_text(json.dumps(book(*EARLY)))
            self.assertEqual(nb.check(self.root), 1)

    def test_missing_output(self):
        self.put("10_early", *EARLY, stamped=False)
        self.assertFound("10_early", "missing")

    def test_output_older_than_code(self):
        self.edit("10_early", lambda d: d["cells"][1].update(source=["1 + 2"]))
        self.assertFound("10_early", "older than the code")

    def test_prose_may_change(self):
        self.edit("10_early", lambda d: d["cells"].append(book("# more")["cells"][0]))
        self.assertEqual(self.found(), [])

    def test_slow_output_older_than_code(self):
        self.put("10_early", *EARLY, "#| slow\n2 + 2")
        self.assertEqual(self.found(), [])
        self.edit("10_early", lambda d: d["cells"][2].update(source=["#| slow\n", "2 + 3"]))
        self.assertFound("slow cells are older")

    def test_error_output(self):
        self.output("10_early", {"output_type": "error", "ename": "E", "evalue": "v", "traceback": []})
        self.assertFound("10_early", "error")

    def test_time_stamp(self):
        self.output("10_early", {"output_type": "stream", "name": "stdout", "text": ["made 2026-01-02T03:04"]})
        self.assertFound("time stamp")

    def test_imports_have_cells_of_their_own(self):
        optional = "try: import x\nexcept ImportError: x = None"
        fine = ["import os\nimport re", optional, "def f():\n    import os", "#| export\nimport os\nx = 1", "x = 1"]
        self.put("10_early", *EARLY, *fine)
        self.assertEqual(self.found(), [])
        for source in ("import os\nx = os", "if x:\n    import os\n    os.getcwd()"):
            with self.subTest(source):
                self.put("10_early", *EARLY, source)
                self.assertFound("10_early: cell 2 mixes imports")

    BY_HAND = (
        "try: f()\nexcept SymnbError as e: print(e)",
        "try: f()\nexcept SymnbError as e: print(e)\nelse: raise AssertionError",  # red enough, but says nothing of the words
        "try:\n    f()\n    raise AssertionError\nexcept checks.SymnbError: pass",
        "try: f()\nexcept (KeyError, Usage): x = 1",
        "try: f()\nexcept ValueError as e: said = str(e)",
        "try: f()\nexcept Exception: pass",
        "try: f()\nexcept BaseException as e: print(e)",
        "try: f()\nexcept: pass",
        "try: f()\nexcept OSError as e: print(e)",
        "try: f()\nexcept OSError as e: assert 'disk' in str(e)",
        "try: f()\nexcept OSError as e: print(e)\nelse: print('went through')",
        "try:\n    f()\n    raise AssertionError\nexcept AssertionError: pass",  # catches its own alarm
        "try:\n    f()\n    raise AssertionError\nexcept BaseException: pass",
        "for f in bad:\n    try: f()\n    except KeyError: continue",
        "def g():\n    try: f()\n    except OSError as e: return print(e)",
        "def g():\n    try: f()\n    except OSError: return None",
        "with suppress(SymnbError): f()",
        "with contextlib.suppress(OSError, ValueError): f()",
        "with suppress(BaseException): f()",
        "#| slow\ntry: f()\nexcept SymnbError as e: print(e)",
        "def refused(f): return f()",
        "def _refusal(*words):\n    assert words",
        "async def refuses(f): pass",
        "refused = lambda f: f()",
        "%matplotlib inline\ntry: f()\nexcept SymnbError: pass",
    )
    NO_REFUSAL = (
        "try: import x\nexcept ImportError: x = None",
        "try: import x\nexcept (ImportError, ModuleNotFoundError): pass",
        "try: f()\nfinally: g()",
        "#| eval: false\ntry: f()\nexcept SymnbError as e: print(e)",
        "#| export\ntry: f()\nexcept SymnbError as e: print(e)",
        "try:\n    f()\n    raise AssertionError\nexcept KeyboardInterrupt: pass",
        "try: f()\nexcept KeyboardInterrupt: print('stopped')\nelse: raise AssertionError",
        "try: f()\nexcept KeyboardInterrupt: pass\nelse: assert False",
        "try: f()\nexcept TimeoutExpired: run.kill()",  # does something about it
        "def g():\n    try: f()\n    except OSError: return True",
        "def g():\n    try: return pipe.recv()\n    except EOFError: return None\n    finally: pipe.close()",
        "try: f()\nexcept BaseException as e: pipe.send(e)",
        "def g():\n    try: f()\n    except BaseException as e: return type(e).__name__",
        "with suppress(SystemExit): f()",
        "refused(f, says='n came as 0')\nsays = 'try: f() except SymnbError: pass'",
        "refused = [f for f in calls]\nwell_refused = lambda f: f",
        "def command_refused(*words): pass",
    )

    def test_refusals_are_tested_by_the_helper(self):
        for source in self.BY_HAND:
            with self.subTest(source):
                self.put("10_early", *EARLY, source)
                self.assertFound("10_early: cell 2 tests a refusal by hand; use refused(...) of core.checks")
        for source in self.NO_REFUSAL:
            with self.subTest(source):
                self.put("10_early", *EARLY, source)
                self.assertEqual(self.found(), [])
        self.put("index", "# A page", "from symnb import late", "#| hide\n" + self.BY_HAND[0])  # pages too
        nb.readme(self.root)
        self.assertFound("index: cell 2 tests a refusal by hand")

    def test_size(self):
        long = "#| export\n" + "x = 1\n" * 39
        self.put("10_early", *EARLY, long, *["1"] * 87)
        self.assertEqual(self.found(), [])
        self.put("10_early", *EARLY, long + "x = 1")
        self.assertFound("cell 2 exports 41 lines")
        self.put("10_early", *EARLY, *["1"] * 89)
        self.assertFound("has 91 cells")

    def test_not_python(self):
        self.put("10_early", *EARLY, "x = = 1")
        self.assertFound("10_early: cell 2 is not Python")

    def test_readme_differs(self):
        (self.root / "README.md").write_text("something else")
        self.assertFound("README.md")

    def test_readme_code_stands_alone(self):
        self.put("index", "# A page", "#| hide\nhidden = 1", "def f(a): return a\nseen = [f(b) for b in range(3)]", "seen, hidden")
        nb.readme(self.root)
        self.assertFound("index: cell 3 uses hidden, which no cell that is shown has made")

    def test_readme_picture_differs(self):
        self.output("index", {"output_type": "display_data", "data": {"image/png": PIXEL}, "metadata": {}})
        self.assertFound("README.md")
        nb.readme(self.root)
        self.assertEqual(self.found(), [])
        self.assertIn("![figure](README_files/figure-1.png)", (self.root / "README.md").read_text())
        (self.root / "README_files/figure-1.png").write_bytes(b"x")
        self.assertFound("README.md")


class Light(unittest.TestCase):
    def test_few_colours_that_look_the_same(self):
        from PIL import Image, ImageChops, ImageStat

        shades = Image.linear_gradient("L").resize((2400, 600))
        picture = Image.merge("RGB", (shades, shades.rotate(180), Image.new("L", shades.size, 90)))
        kept = Image.open(io.BytesIO(base64.b64decode(nb.light(self.png(picture)))))
        self.assertEqual((kept.size, kept.mode), ((1200, 300), "P"))
        change = ImageStat.Stat(ImageChops.difference(picture.resize(kept.size, Image.Resampling.LANCZOS), kept.convert("RGB"))).rms
        self.assertLess(max(change), nb.SEEN)
        with unittest.mock.patch.object(nb, "COLOURS", (2,)):  # planted: two colours
            poor = Image.open(io.BytesIO(base64.b64decode(nb.light(self.png(picture)))))
        self.assertGreater(max(ImageStat.Stat(ImageChops.difference(kept.convert("RGB"), poor.convert("RGB"))).rms), 10 * nb.SEEN)

    def test_once_is_enough(self):
        self.assertEqual(nb.light(once := nb.light(PIXEL)), once)

    def png(self, picture):
        out = io.BytesIO()
        picture.save(out, "PNG")
        return base64.b64encode(out.getvalue()).decode()


class Convert(unittest.TestCase):
    def test_silent_code_joins_the_next(self):
        out = {"output_type": "stream", "name": "stdout", "text": "7"}
        cells = [("code", "import a"), ("code", "a.b()", out), ("code", "c = 1"), ("markdown", "words"), ("code", "d", out)]
        cells += [("code", "e = 2"), ("code", "#| echo: false\nshow", out), ("code", "f", out)]
        made, _ = nb.convert(self.book(cells))
        shown = [c.split("\n```")[0] for c in made.split("```python\n")[1:]]
        self.assertEqual(shown, ["import a\na.b()", "c = 1", "d", "e = 2", "f"])

    def book(self, cells):
        ran = {"outputs": [], "execution_count": 1}
        raw = [{"cell_type": k, "source": s, "metadata": {}} | (ran | {"outputs": o} if k == "code" else {}) for k, s, *o in cells]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.ipynb"
            path.write_text(json.dumps({"cells": raw, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
            return nb.read(path)


class Measures(Convert):
    def test_what_is_counted(self):
        out = {"output_type": "display_data", "data": {"image/png": ""}}
        cells = [("markdown", "two words"), ("code", "#| export\na = 1\nb = 2"), ("code", "#| export\nc = 3")]
        cells += [("code", "assert a; test_eq(a, 1)"), ("code", "#| export\nd = 4\n\ne = 5"), ("code", "refused(f); print(a)", out)]
        self.assertEqual(list(nb.measures(self.book(cells)).values()), [6, 3, 2, 3, 2, 3, 2, 1])


class Uphill(House):
    WAYS = (
        "from symnb.late import late",
        "import symnb.late as x",
        "from symnb import late",
        "symnb.late()",
        "symnb.late.late()",
        "def f():\n    from symnb.late import late",
        "importlib.import_module('symnb.late')",
        "%matplotlib inline\nfrom symnb.late import late",
    )

    def test_every_way_of_importing_is_seen(self):
        for source in self.WAYS:
            with self.subTest(source):
                self.put("10_early", *EARLY, source)
                self.assertFound("10_early", "upstairs in 20_late")

    def test_downhill_and_outside_are_fine(self):
        self.put("10_early", *EARLY, "import torch\nfrom json import loads", "x.symnb")
        self.assertEqual(self.found(), [])

    def test_numbers_and_names(self):
        self.put("20_other", "#| default_exp other")
        self.assertIn("20_other: shares its number with 20_late", self.found())
        self.path("20_other").unlink()
        self.put("30_wrong", "#| default_exp other")
        self.assertFound("30_wrong", "exports to symnb.other")
        self.path("30_wrong").unlink()
        self.put("stray", "1")
        self.assertFound("stray", "no number")


class Execute(House):
    def execute(self, *args):
        command = [sys.executable, nb.__file__, "execute", str(self.path("10_early")), *args]
        return subprocess.run(command, capture_output=True, text=True)

    def cells(self, stem):
        return json.loads(self.path(stem).read_text())["cells"]

    def test_flags_outputs_and_clean(self):
        from nbdev.clean import clean_nb

        noisy = "print('\\rhalf\\rwhole')\nprint('bar', file=sys.stderr)\nobject()"
        cells = [noisy, "#| eval: false\n1/0", "#| slow\nprint('slow ran')", "os.path.basename(os.getcwd())"]
        self.put("10_early", EARLY[0] + "\nimport os, sys", *cells, stamped=False)
        self.assertEqual(self.execute().returncode, 0)
        _, first, never, slow, where = self.cells("10_early")
        self.assertEqual([o["output_type"] for o in first["outputs"]], ["stream", "execute_result"])
        self.assertEqual(first["outputs"][0]["text"], ["whole\n"])
        self.assertEqual(first["outputs"][1]["data"]["text/plain"], ["<object>"])
        self.assertEqual((never["outputs"], slow["outputs"]), ([], []))
        self.assertEqual(where["outputs"][0]["data"]["text/plain"], ["'nbs'"])
        self.assertFound("slow cells are missing")

        self.assertEqual(self.execute("--slow").returncode, 0)
        self.assertEqual(self.found(), [])
        self.assertEqual(self.execute().returncode, 0)  # skipped: the slow output stays
        self.assertEqual(self.cells("10_early")[3]["outputs"][0]["text"], ["slow ran\n"])
        self.assertEqual(self.found(), [])

        before = self.path("10_early").read_text()
        cleaned = nb.read(self.path("10_early"))
        clean_nb(cleaned, allowed_metadata_keys=[nb.STAMP])
        nb.store(cleaned, self.path("10_early"))
        self.assertEqual(self.path("10_early").read_text(), before)

    def test_failure_is_named_and_nothing_written(self):
        self.put("10_early", EARLY[0], "x = 1", "assert x == 2, 'planted'", stamped=False)
        before = self.path("10_early").read_text()
        said = self.execute()
        self.assertEqual(said.returncode, 1)
        for word in ("10_early.ipynb: cell 2", "planted", "AssertionError"):
            self.assertIn(word, said.stderr)
        self.assertEqual(self.path("10_early").read_text(), before)
        self.assertEqual([p.name for p in (self.root / "nbs").glob(".*")], [])


if __name__ == "__main__":
    unittest.main()
