#!/usr/bin/env python
"""What can be wrong with the site in _docs/.

python tools/check_website.py            links, pictures, formulas, headings; nothing fetched from elsewhere
python tools/check_website.py browser    the same, then in headless Chromium: search, links, formulas, a phone, light and dark
"""

import argparse
import contextlib
import functools
import http.server
import re
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
from website import REPO, installed

# ---------------------------------------------------------------- in the files


class Page(HTMLParser):
    "What a page holds that can be wrong: ids, links, pictures, headings, and its prose outside code and formulas."

    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
    QUIET = {"script", "style", "pre", "code", "title", "svg"}

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.assets, self.pictures, self.headings, self.prose = set(), [], [], [], [], []
        self.math, self.stack = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.ids |= {a["id"]} if a.get("id") else set()
        if tag == "a" and "href" in a:
            self.links.append(a["href"] or "")
        if tag == "link" and "stylesheet" in a.get("rel", "") or tag in ("script", "iframe", "source", "video") and a.get("src"):
            self.assets.append(a.get("href") or a.get("src"))
        if tag == "img":
            self.pictures.append((a.get("src", ""), a.get("alt")))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in self.VOID:
            kind = "math" if "math" in (a.get("class") or "").split() else "quiet" if tag in self.QUIET else ""
            self.stack.append((tag, kind))

    def handle_endtag(self, tag):
        while any(t == tag for t, _ in self.stack):
            if self.stack.pop()[0] == tag:
                break

    def handle_data(self, data):
        kinds = {k for _, k in self.stack}
        if "math" in kinds:
            self.math.append(data)
        elif "quiet" not in kinds and data.strip():
            self.prose.append(data)


RAW = {
    "LaTeX": re.compile(
        r"\\[()\[\]]|\\(?:frac|partial|sqrt|xi|tau|varphi|cdot|mathrm|begin|end|sum|int|left|right)(?![a-zA-Z])|\$[^$\s][^$\n]*\$"
    ),
    "HTML": re.compile(r"</?(?:div|span|table|tr|td|p|br|img|details|summary|a|b|i|em|sub|sup)\b[^>]*>"),
    "Markdown": re.compile(r"^(?:#{1,6} |:::|\|[ -]*\|)|\]\(\S+\)|\{[.#][\w-]+\}", re.M),
}


def faults(out):
    "Everything wrong in a built site, as (page, what)."
    pages = {p.relative_to(out).as_posix(): Page(p.read_text(encoding="utf-8")) for p in sorted(out.rglob("*.html"))}
    if "index.html" not in pages:
        yield "index.html", "is missing"
    for name, page in pages.items():
        for link in page.links:
            yield from ((name, what) for what in broken(out, pages, name, link))
        for asset in page.assets:
            if urlsplit(asset).netloc:
                yield name, f"fetches {asset} from elsewhere"
            elif not (out / urljoin(name, unquote(asset))).is_file():
                yield name, f"needs {asset}, which is not there"
        for source, alt in page.pictures:
            if urlsplit(source).netloc:
                yield name, f"shows {source} from elsewhere"
            elif not source.startswith("data:") and not (out / urljoin(name, unquote(source))).is_file():
                yield name, f"shows {source}, which is not there"
            if not (alt or "").strip():
                yield name, f"has no alternative text for {source[:60]}"
        if page.headings.count(1) != 1:
            yield name, f"has {page.headings.count(1)} main headings"
        for a, b in zip(page.headings, page.headings[1:], strict=False):
            if b > a + 1:
                yield name, f"goes from a heading of level {a} to one of level {b}"
        for kind, pattern in RAW.items():
            for piece in page.prose:
                if m := pattern.search(piece):
                    yield name, f"shows raw {kind}: {piece[max(0, m.start() - 30) : m.end() + 30].strip()!r}"
        if page.math and not any("katex" in a for a in page.assets):
            yield name, "has formulas and nothing to typeset them"
    for path in sorted(out.rglob("*.css")):
        for found in re.findall(r"(?:@import|url\()\s*[\"']?(https?://[^\"')]+)", path.read_text(encoding="utf-8")):
            yield path.relative_to(out).as_posix(), f"fetches {found} from elsewhere"


def broken(out, pages, name, link):
    "What is wrong with a link of a page; addresses elsewhere are not followed."
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or not link:
        return
    target = urljoin(name, unquote(parts.path)) if parts.path else name
    target = "index.html" if target in ("", ".", "./") else target + "index.html" if target.endswith("/") else target
    if target not in pages and not (out / target).is_file():
        yield f"links to {link}, which is not there"
    elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
        yield f"links to {link}: no such place on that page"


# ---------------------------------------------------------------- in a browser


@contextlib.contextmanager
def served(folder):
    "The site on this computer, as a web server shows it."

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def browser():
    "Headless Chromium, installed from Debian's packages where it is absent; None where it cannot be had."
    from playwright.sync_api import sync_playwright

    program = installed("chromium", ("chromium", "chromium-browser", "google-chrome"))
    if not program:
        yield None
        return
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield chromium
        finally:
            chromium.close()


SEEN = """() => {
  const scrolls = e => e && e.tagName != 'MAIN' && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement))
  const wide = [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  return {
    math: document.querySelectorAll('.math').length,
    set: document.querySelectorAll('.math .katex').length,
    bad: [...document.querySelectorAll('.katex-error, .katex [mathcolor="#cc0000"]')].map(e => e.title || e.textContent),
    wide: wide.filter(e => !e.closest('.katex-mathml') && !scrolls(e)).map(e => `${e.tagName} ${e.textContent.trim().slice(0, 40)}`),
  }
}"""
CONTRAST = (Path(__file__).parent / "website_contrast.js").read_text(encoding="utf-8")


def visits(chromium, out, address):
    "Search, links, formulas, narrow pages, colours."
    with contextlib.closing(chromium.new_context()) as wide:
        tab = wide.new_page()
        yield from searched(tab, address, "WENO", "numerics.weno.html")
        yield from followed(tab, out, address)
    yield from rendered(chromium, out, address, {"width": 390, "height": 844})
    pages = sorted(p.relative_to(out).as_posix() for p in out.rglob("*.html"))
    kinds = {re.sub(r"[^/]*$", "", p) + re.sub(r"\..*", "", p.split("/")[-1]): p for p in pages}  # one page of every floor and folder
    for scheme in ("light", "dark"):
        with contextlib.closing(chromium.new_context(color_scheme=scheme)) as context:
            tab = context.new_page()
            for name in kinds.values():
                tab.goto(address + name)
                tab.wait_for_timeout(200)  # colours fade in
                yield from ((name, f"is hard to read ({scheme}): {what}") for what in tab.evaluate(CONTRAST))


def searched(tab, address, word, expected):
    "The home page finds a word and leads to its page."
    tab.goto(address)
    tab.fill(".smalldocs-search input", word)
    first = tab.locator(".search-result").first
    first.wait_for(timeout=15000)
    first.click()
    tab.wait_for_url("**/*.html*")
    if expected not in tab.url:
        yield "index.html", f"searching for {word} leads to {urlsplit(tab.url).path}, not to {expected}"


def followed(tab, out, address):
    "A tutorial, or an experiment, leads into the reference, where formulas are typeset."
    starts = [p.relative_to(out).as_posix() for folder in ("tutorials", "experiments") for p in sorted(out.glob(f"{folder}/*.html"))]
    for start in starts:
        tab.goto(address + start)
        links = tab.eval_on_selector_all("main section a[href^='../']", "all => all.map(a => a.getAttribute('href'))")
        for link in filter(re.compile(r"\.html#").search, links):
            tab.goto(address + start)
            tab.locator(f"main section a[href='{link}']").first.evaluate("a => a.click()")
            tab.wait_for_url("**/" + link.removeprefix("../"))
            if not tab.locator("h1").count():
                yield start, f"leads nowhere: {link}"
            if tab.locator("main .katex-html").count():
                return
    yield starts[0] if starts else "index.html", "no link leads to a formula in the reference"


def rendered(chromium, out, address, size):
    "Every page on a phone: formulas typeset, nothing missing, nothing cut off at the edge."
    with contextlib.closing(chromium.new_context(viewport=size)) as context:
        tab, lost = context.new_page(), []
        tab.on("response", lambda r: lost.append(f"{r.status} {r.url}") if r.status >= 400 and "favicon" not in r.url else None)
        tab.on("pageerror", lambda e: lost.append(str(e)))
        for path in sorted(out.rglob("*.html")):
            name = path.relative_to(out).as_posix()
            tab.goto(address + name)
            state = tab.evaluate(SEEN)
            if state["set"] < state["math"]:
                yield name, f"typesets {state['set']} of {state['math']} formulas"
            yield from ((name, f"has a formula that does not typeset: {what}") for what in state["bad"])
            yield from ((name, f"is cut off on a narrow screen: {what}") for what in state["wide"])
            yield from ((name, f"in the browser: {what}") for what in lost)
            lost.clear()


def browse(out):
    "What a reader with a browser would meet, as (page, what)."
    with served(out) as address, browser() as chromium:
        if chromium is None:
            print("no Chromium here and no apt-get to install it: the site was not looked at")
            return []
        return list(visits(chromium, out, address))


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("how", nargs="?", choices=["browser"])
    out = REPO / "_docs"
    found = list(faults(out))
    if parser.parse_args(argv).how and not found:
        found = browse(out)
    for where, what in found:
        print(f"{where}: {what}")
    print(f"{len(found)} faults" if found else "the site is in order")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
