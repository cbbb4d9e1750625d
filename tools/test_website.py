"""What tools/website.py makes, and each fault tools/check_website.py has to catch: python -m unittest tools/test_website.py"""

import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import check_website
import website
from test_nb import PIXEL, book

GOOD = """<!doctype html><html><head><link rel="stylesheet" href="a.css"></head><body><h1 id="top">A page</h1>
<p>of <span class="math inline">\\(x^2\\)</span>, <code>\\(not a formula\\)</code> and <a href="sub/b.html#there">more</a></p>
<h2>Part</h2><img src="a.png" alt="a dot"><script src="katex.js"></script></body></html>"""
OTHER = '<html><body><h1>Another</h1><p id="there">back to the <a href="../index.html#top">start</a></p></body></html>'
CODE = """def move(
    points, # where, [n, d] | physical
    s:float=1.0, # how far, $s$
)->list: # where to, p_s
    "Moves points by `s`."
    return points
"""
PATCHED = '@patch\ndef latex(self:Field, big:bool=False)->str:\n    "LaTeX of a*b."\n    return ""\n'


class Checked(unittest.TestCase):
    "A small site in order, until a test plants something."

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name)
        (self.out / "sub").mkdir()
        for name, text in {"index.html": GOOD, "sub/b.html": OTHER, "a.css": "a { color: red }", "katex.js": "", "a.png": "."}.items():
            (self.out / name).write_text(text)

    def plant(self, name, old, new):
        path = self.out / name
        self.assertIn(old, path.read_text())
        path.write_text(path.read_text().replace(old, new))

    def faults(self):
        return "\n".join(f"{where}: {what}" for where, what in check_website.faults(self.out))

    def test_order(self):
        self.assertEqual(self.faults(), "")

    def test_links(self):
        self.plant("index.html", "sub/b.html#there", "sub/c.html")
        self.assertIn("index.html: links to sub/c.html, which is not there", self.faults())

    def test_anchors(self):
        self.plant("sub/b.html", 'id="there"', 'id="elsewhere"')
        self.assertIn("index.html: links to sub/b.html#there: no such place on that page", self.faults())

    def test_missing_picture(self):
        (self.out / "a.png").unlink()
        self.assertIn("shows a.png, which is not there", self.faults())

    def test_alternative_text(self):
        self.plant("index.html", 'alt="a dot"', 'alt=" "')
        self.assertIn("has no alternative text", self.faults())

    def test_raw(self):
        for planted in ("where \\(x\\) is", "a \\partial_x", "costs $x_1$", "a &lt;div class='x'&gt; shown", "::: {.arguments}"):
            with self.subTest(planted):
                (self.out / "index.html").write_text(GOOD.replace("<p>of", f"<p>{planted} of"))
                self.assertIn("shows raw", self.faults())

    def test_formulas_need_a_typesetter(self):
        self.plant("index.html", '<script src="katex.js"></script>', "")
        self.assertIn("has formulas and nothing to typeset them", self.faults())

    def test_elsewhere(self):
        self.plant("index.html", "katex.js", "https://cdn.example.org/katex.js")
        self.plant("a.css", "a {", "@import url('https://fonts.example.org/x'); a {")
        self.assertIn("fetches https://cdn.example.org/katex.js from elsewhere", self.faults())
        self.assertIn("a.css: fetches https://fonts.example.org/x from elsewhere", self.faults())

    def test_missing_script(self):
        (self.out / "katex.js").unlink()
        self.assertIn("needs katex.js, which is not there", self.faults())

    def test_headings(self):
        self.plant("index.html", "<h2>Part</h2>", "<h4>Part</h4>")
        self.assertIn("goes from a heading of level 1 to one of level 4", self.faults())
        self.plant("sub/b.html", "<h1>Another</h1>", "")
        self.assertIn("sub/b.html: has 0 main headings", self.faults())

    def test_no_site(self):
        shutil.rmtree(self.out / "sub")
        (self.out / "index.html").unlink()
        self.assertIn("index.html: is missing", self.faults())


class Entries(unittest.TestCase):
    "What the reference says of a definition."

    def entry(self, source):
        name, node = next(website.definitions(source))
        return website.entry(name, node, source, "address", 3)

    def test_arguments(self):
        made = self.entry(CODE)
        self.assertIn("### move {#move .entry}\n\n[source](address)", made)
        self.assertIn("```python\nmove(points, s: float = 1.0) -> list\n```\n\nMoves points by `s`.", made)
        self.assertIn("| `points` |  | where, \\[n, d\\] \\| physical |", made)
        self.assertIn("| `s = 1.0` | `float` | how far, $s$ |", made)
        self.assertIn("| *returns* | `list` | where to, p\\_s |", made)

    def test_patched(self):
        self.assertIn("f(a, *, b=1)", self.entry('def f(a, *, b=1):\n    "x"\n'))
        made = self.entry(PATCHED)
        self.assertIn("### Field.latex {#field.latex .entry}", made)
        self.assertIn("Field.latex(big: bool = False) -> str", made)
        self.assertIn("LaTeX of a\\*b.", made)

    def test_class(self):
        source = 'class Box(Thing):\n    "A box."\n    size: int = 1 # in metres\n    def open(self, far=True):\n        "Opens it."\n'
        made = self.entry(source)
        self.assertIn("class Box(size: int = 1)", made)
        self.assertIn("| `size = 1` | `int` | in metres |", made)
        self.assertIn("| `.open(far=True)` | Opens it. |", made)

    def test_who_gets_one(self):
        nodes = dict(website.definitions('def f():\n    "x"\ndef g(): pass\ndef _h():\n    "x"\n'))
        self.assertEqual([n for n in nodes if website.documented(n, nodes[n])], ["f"])

    def test_prose_for_pictures(self):
        self.assertEqual(
            website.plain("::: {.origin}\nhere\n:::\n# T\nThe [flow](a.ipynb) of `V`, $t\\,\\partial_x$:"), "The flow of V, t ∂_x:"
        )


class Built(unittest.TestCase):
    "A small house becomes a site."

    def setUp(self):
        import json

        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for part in ("nbs/experiments", "symnb"):
            (self.root / part).mkdir(parents=True)
        for name in ("settings.ini", "nbs/_quarto.yml", "nbs/styles.css"):
            shutil.copy(website.REPO / name, self.root / name)
        (self.root / "symnb/__init__.py").write_text('_HOMES = {"early": ("move",)}\n')
        (self.root / "symnb/early.py").write_text("\n\n" + CODE)
        picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": PIXEL, "text/plain": ["<Figure>"]}}
        home = book("# Home\n\n> A line\n\nUse `move` on $x$, see `10_early`.", "draw()")
        home["cells"][1]["outputs"] = [picture]
        early = book("# Early\n\n> First room\n\nWhat you will have.", "#| default_exp early", f"#| export\n{CODE}", "move(1)")
        trial = book("# A trial\n\n> Tried\n\nWith `move`.", "move(2)")
        for name, made in {"index": home, "10_early": early, "experiments/trial": trial}.items():
            (self.root / f"nbs/{name}.ipynb").write_text(json.dumps(made))

    def build(self):
        self.assertEqual(website.build(self.root), 0)
        return self.root / "_docs"

    def test_site(self):
        out = self.build()
        self.assertEqual(list(check_website.faults(out)), [])
        home, early = ((out / f"{name}.html").read_text() for name in ("index", "early"))
        self.assertIn('href="early.html#move"', home)
        self.assertIn('alt="Figure. Use move on x, see 10_early."', home)
        self.assertIn("What you will have.", early)
        self.assertIn("/blob/main/symnb/early.py#L3", early)
        self.assertTrue(list((out / "site_libs/katex/fonts").glob("*.woff2")))
        self.assertTrue((out / "reference.html").exists() and (out / "experiments/index.html").exists())

    def test_stale_link_is_caught(self):
        path = self.root / "nbs/10_early.ipynb"
        path.write_text(path.read_text().replace("What you will have.", "[gone](gone.ipynb)"))
        self.assertEqual(website.build(self.root), 1)

    def test_browser(self):
        out = self.build()
        with check_website.served(out) as address, check_website.browser() as chromium:
            if chromium is None:
                self.skipTest("no Chromium")
            phone = {"width": 390, "height": 844}
            self.assertEqual(list(check_website.rendered(chromium, out, address, phone)), [])
            page = out / "early.html"
            formulas = "".join(f'<span class="math inline">\\({f}\\)</span>' for f in ("\\nosuch{1}", "x^2^3"))
            bad = f'<p>{formulas}</p><img src="gone.png"><div style="width: 700px">wide</div></main>'
            page.write_text(page.read_text().replace("</main>", bad))
            found = "\n".join(what for _, what in check_website.rendered(chromium, out, address, phone))
            for caught in ("does not typeset: \\nosuch", "does not typeset: ParseError", "cut off on a narrow screen", "404"):
                self.assertIn(caught, found)
            (out / "site_libs/katex/katex.min.js").unlink()
            self.assertIn("typesets 0 of", "".join(what for _, what in check_website.rendered(chromium, out, address, phone)))

    def test_package_is_held_to_its_hash(self):
        fake = self.root / "katex.tgz"
        fake.write_bytes(b"something else")
        with self.assertRaises(SystemExit):
            website.held(fake)
        self.assertFalse(fake.exists())


if __name__ == "__main__":
    unittest.main()
