"""The sliders and the page for any equation in a real browser: python -m unittest tools/test_widgets.py

`symnb_explore` serves a small run; in headless Chromium sliders are moved, and the picture and the score of the new state have to appear.
The same is asked of a page whose sliders are cut off from the picture, which has to be noticed. Without a run an equation is typed in, and
its generators have to appear, proved; nothing may be fetched from elsewhere, which is noticed where the page is allowed to.
"""

import contextlib
import hashlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import unittest.mock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from check_website import browser
from website import REPO

CUT = """from symnb.data.trajectories import Trajectories
from symnb.discovery.symmetries import Symmetries
from symnb.display.widgets import explore
box = explore(Symmetries.load("symmetries.safetensors"), Trajectories.load("data.npz"))
for slider in (box.panel.s, box.panel.item, box.panel.menu, *box.panel.weights): slider.unobserve_all()
box"""
MAIN = "import sys; from symnb.cli.explore import main; sys.exit(main())"
DIGEST = """async () => {
  const bytes = await (await fetch(document.querySelector('img').src)).arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, b => b.toString(16).padStart(2, '0')).join('')
}"""
START = 240_000  # ms, for a kernel to import torch on a busy machine


def saved(folder):
    "A run as the command leaves it, with one more formula, which is no symmetry."
    from symnb import EQUATIONS, Field, PDETask, simulate, solve
    from symnb.discovery.formulas import Formula

    data = simulate(EQUATIONS["KdV"], n=1, seed=0)
    sym = solve(PDETask(EQUATIONS["KdV"], data))
    sym.approximate.append(Formula(Field("u*du"), [], True, 1.0, "approximate"))
    folder.mkdir(parents=True)
    sym.save(folder / "symmetries.safetensors")
    return sym, data


@contextlib.contextmanager
def command(*words):
    "The command as a process of its own, and the address that it prints."
    process = subprocess.Popen([sys.executable, "-c", MAIN, *map(str, words)], stdout=subprocess.PIPE, text=True)
    try:
        yield process, re.search(r"http\S*", process.stdout.readline() or "nothing was printed").group()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


@contextlib.contextmanager
def deaf(sym, data):
    "The address of a page whose sliders are cut off from the picture."
    from symnb.cli.explore import start, stop, write_app

    with tempfile.TemporaryDirectory() as home:
        server, port = start(write_app(Path(home), sym, data, "# cut off", CUT))
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            stop(server)


@contextlib.contextmanager
def open_to_all():
    "The address of a page that may fetch things from elsewhere."
    from symnb.cli import explore

    anything = "default-src * 'unsafe-inline' 'unsafe-eval' data: ws: blob:"
    with tempfile.TemporaryDirectory() as home, unittest.mock.patch.object(explore, "HERE", anything):
        server, port = explore.start(explore.write_app(Path(home), None, None, "# open", "1"))
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            explore.stop(server)


def leaks(page):
    "What a page asked of others and was not forbidden by itself; a list that grows."
    out = []
    page.on("requestfinished", lambda r: out.append(r.url) if not local(r.url) else None)
    page.on("requestfailed", lambda r: out.append(r.url) if not local(r.url) and r.failure != "csp" else None)
    return out


def local(address):
    return address.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))


def seen(page):
    "Digest of the picture's bytes, words of the score."
    return page.evaluate(DIGEST), page.locator(".symnb-score").inner_text()


def digest(look):
    "The same of a picture made here."
    return hashlib.sha256(look.picture).hexdigest()


def handle(page, name):
    "The slider with this description."
    named = page.locator(".widget-label", has_text=re.compile(f"^{re.escape(name)}$"))
    return page.locator(".widget-hslider", has=named).locator(".noUi-handle")


def moves(page, name, key, patience):
    "Move a slider by a key; whether the picture's bytes and the score's words change within so many ms."
    before = seen(page)
    handle(page, name).press(key)
    for _ in range(patience // 100):
        page.wait_for_timeout(100)
        now = seen(page)
        if all(a != b for a, b in zip(before, now, strict=True)):
            break
    return [a != b for a, b in zip(before, now, strict=True)]


class Browser(unittest.TestCase):
    "One run, one visitor."

    def setUp(self):
        paths = {"PYTHONPATH": os.pathsep.join(filter(None, (str(REPO), os.environ.get("PYTHONPATH"))))}
        self.enterContext(unittest.mock.patch.dict(os.environ, paths))
        self.home = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.sym, self.data = saved(self.home / "KdV" / "001")
        self.chromium = self.enterContext(browser())
        if self.chromium is None:
            self.skipTest("no Chromium here and no apt-get to install it")

    def enterContext(self, context):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        return stack.enter_context(context)

    def test_sliders(self):
        import psutil

        from symnb.display.widgets import State, explorer_of

        explorer = explorer_of(self.sym, self.data)
        names = [g.text for g in explorer.generators]
        with command(self.home / "KdV", "--no-browser") as (process, address), deaf(self.sym, self.data) as other:
            pages = [self.chromium.new_page(), self.chromium.new_page()]
            faults = []
            pages[0].on("pageerror", lambda e: faults.append(str(e)))
            for page, where in zip(pages, (address, other), strict=True):
                page.goto(where, wait_until="commit", timeout=START)
            for page in pages:
                page.locator(".symnb-score").wait_for(timeout=START)
                handle(page, "s").wait_for(timeout=START)
            page, silent = pages
            with self.subTest("moved"):
                look = explorer(explorer.alone(0))
                self.assertEqual(seen(page)[0], digest(look))
                began = time.monotonic()
                self.assertEqual(moves(page, "s", "End", 20_000), [True, True])
                patience = 2000 + 3000 * (time.monotonic() - began)  # ms
                self.assertEqual(moves(page, names[-1], "End", 20_000), [True, True])
                weights = [1.0] + [0.0] * (len(names) - 2) + [1.0]
                look = explorer(State(tuple(weights), explorer.sigma))
                self.assertEqual(seen(page)[0], digest(look))
                self.assertTrue(seen(page)[1].endswith(look.words))
                self.assertGreater(look.score, look.reference + 1)  # u*du: the residual is e times larger at least
                self.assertEqual(faults, [])
            with self.subTest("planted: observers cut off"):
                self.assertEqual(moves(silent, "s", "End", int(patience)), [False, False])
            started = psutil.Process(process.pid).children(recursive=True)
            self.assertGreater(len(started), 1)  # the server, and a kernel
        self.assertEqual([p for p in started if p.is_running() and p.status() != "zombie"], [])

    def test_equation(self):
        with command("--no-browser") as (_, address), open_to_all() as other:
            page, free = self.chromium.new_page(), self.chromium.new_page()
            asked, asked_freely, faults = leaks(page), leaks(free), []
            page.on("pageerror", lambda e: faults.append(str(e)))
            page.goto(address, wait_until="commit", timeout=START)
            line = page.locator("input[type=text]").first
            page.locator(".symnb-score").wait_for(timeout=START)
            with self.subTest("typed"):
                line.fill("u_tt = u_xx - u**3")
                page.locator("code", has_text="t*dt + x*dx - u*du").first.wait_for(timeout=START)
                self.assertEqual(page.locator("td", has_text=re.compile("^proved$")).count(), 4)
                self.assertEqual(page.locator("td", has_text="passed").count(), 4)
            with self.subTest("its sliders"):
                page.locator(".symnb-score").wait_for(timeout=START)
                self.assertEqual(moves(page, "s", "End", 20_000), [True, True])
            with self.subTest("planted: mistyped"):
                line.fill("u_tt = u_xx - sinn(u)")
                page.locator(".wrong", has_text="try: sin").wait_for(timeout=START)
                self.assertEqual(page.locator("td", has_text="proved").count(), 0)
            with self.subTest("nothing from elsewhere"):
                self.assertEqual((asked, faults), ([], []))
            with self.subTest("planted: a page that may"):
                free.goto(other, wait_until="commit", timeout=START)
                free.wait_for_timeout(5000)
                self.assertNotEqual(asked_freely, [])


if __name__ == "__main__":
    unittest.main()
