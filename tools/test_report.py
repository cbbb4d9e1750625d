"""A report in headless Chromium, and what it cites: python -m unittest tools/test_report.py"""

import contextlib
import sys
import tempfile
import unittest
from pathlib import Path

import yaml

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
from check_website import CONTRAST, REPO, SEEN, browser

SCREENS = [(1200, 900, "light"), (1200, 900, "dark"), (390, 844, "light"), (390, 844, "dark")]
TYPESET = """() => ({
  flat: [...document.querySelectorAll('math')].filter(e => e.getBoundingClientRect().height < 5).map(e => e.textContent),
  raised: [...document.querySelectorAll('msub')].filter(e => {
    const [base, script] = [...e.children].map(c => c.getBoundingClientRect())
    return script.bottom <= base.bottom || script.left < base.left
  }).map(e => e.textContent),
  formulas: document.querySelectorAll('math').length,
  pictures: [...document.images].filter(i => !i.naturalWidth).map(i => i.alt),
})"""


def faults(chromium, path, screens=SCREENS):
    "What a reader without a network would meet, on wide and narrow screens, light and dark, as (screen, what)."
    for width, height, scheme in screens:
        with contextlib.closing(
            chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, offline=True)
        ) as context:
            tab, asked = context.new_page(), []
            tab.on("request", lambda r, asked=asked: asked.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
            tab.goto(path.as_uri())
            state, seen = tab.evaluate(TYPESET), tab.evaluate(SEEN)
            found = [f"asks for {url}" for url in asked] + [f"is cut off: {what}" for what in seen["wide"]]
            found += [f"is hard to read: {what}" for what in tab.evaluate(CONTRAST)]
            found += [f"has a formula that is not set: {what}" for what in state["flat"] + state["raised"]]
            found += [f"lacks the picture {what}" for what in state["pictures"]] + ["has no formula"] * (not state["formulas"])
        yield from ((f"{width}, {scheme}", what) for what in found)


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from symnb import Equation, PDETask, simulate, solve
        from symnb.display.report import report

        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        eq = Equation("u_t = u_xx - u", name="a <b>name</b>", length=6, duration=1, nx=32, nt=12)
        data = simulate(eq, n=2, seed=0)
        about = {"command": "symnb_discover " + "word " * 60}
        cls.path = report(solve(PDETask(eq, data)), cls.folder / "a.html", data, about)
        cls.text = cls.path.read_text(encoding="utf-8")

    def test_browser(self):
        planted = {
            "asks for": ("</main>", '<img src="http://127.0.0.1:9/a.png" alt="a"></main>'),
            "is cut off": ("</main>", '<p style="width: 200rem">far away</p></main>'),
            "is hard to read": ("</main>", '<p style="color: #888; background: #999">dim</p></main>'),
            "has a formula": ("</main>", '<math><msub><mi>u</mi><mi style="position: relative; top: -1em">x</mi></msub></math></main>'),
            "lacks the picture": ('src="data:image/png;base64,iVBOR', 'src="data:image/png;base64,xVBOR'),
            "has no formula": ("<math", "<span"),
        }
        with browser() as chromium:
            if chromium is None:
                self.skipTest("no Chromium here and no apt-get to install it")
            self.assertEqual(list(faults(chromium, self.path)), [])
            for what, (old, new) in planted.items():
                with self.subTest(what):
                    other = self.folder / "planted.html"
                    other.write_text(self.text.replace(old, new), encoding="utf-8")
                    self.assertNotEqual(other.read_text(encoding="utf-8"), self.text)
                    self.assertTrue(any(said.startswith(what) for _, said in faults(chromium, other, SCREENS[-1:])), what)

    def test_citation(self):
        from symnb.display.report import PAPER, software

        known = yaml.safe_load((REPO / "CITATION.cff").read_text(encoding="utf-8"))

        def differs(paper, ours):
            "What a report and CITATION.cff disagree on."
            there = known["references"][0]
            authors = " and ".join(f"{a['family-names']}, {a['given-names']}" for a in there["authors"])
            asked = {"title": there["title"], "author": authors, "year": str(there["year"]), "booktitle": there["collection-title"]}
            asked |= {"url": there["url"]}
            wrong = [k for k, v in asked.items() if paper[k] != v]
            asked = {"version": str(known["version"]), "author": known["authors"][0]["name"], "url": known["repository-code"]}
            asked["title"] = f"{known['title']}: {known['abstract'].rstrip('.')}"
            return wrong + [k for k, v in asked.items() if ours.get(k, v) != v]

        self.assertEqual(differs(PAPER, software()), [])
        self.assertEqual(differs(PAPER | {"year": "2023"}, software() | {"version": "0"}), ["year", "version"])


if __name__ == "__main__":
    unittest.main()
