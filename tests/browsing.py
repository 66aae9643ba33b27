"""A built site in a real browser: where Chromium is, a server for a folder, and a page with as many rows as a test wants."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from litreview.corpus import Corpus, load
from litreview.database import Database
from litreview.extension.html import Writer
from litreview.extension.scripts import EXPLORER, OFFLINE, in_one
from litreview.records import Page as Record
from litreview.tables import Request, build

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
REQUIRED = os.environ.get("REVIEW_BROWSER") == "required"
MISSING = "no Chromium: apt-get install chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
ROOT = Path(__file__).parent.parent
TEN = ("name", "published", "method", "base_models", "resources", "amount", "offering", "evaluation_multiple_nlp_tasks", "licenses", "mark")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; yield its address, with a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def many(size: int) -> Corpus:
    """Return the review with as many papers as wanted: its own, over and over under other names."""
    corpus = load(ROOT)
    papers = corpus.of_kind("paper")
    copies = []
    for number in range(size - len(papers)):
        page, turn = papers[number % len(papers)], number // len(papers) + 2
        copies.append(Record(f"papers/{page.id}-{turn}.md", "paper", f"{page.id}-{turn}", page.record | {"short": f"{page.short} {turn}"}))
    return Corpus([*corpus.pages, *copies])


def write_page(folder: Path, size: int) -> None:
    """Write a page with one table of ten columns over many papers, with scripts (`table.html`) and without (`plain.html`)."""
    static = folder / "_static"
    shutil.copytree(ROOT / "_static", static)
    (static / OFFLINE).write_text(f"{{{in_one(static, EXPLORER)}}}", "utf-8")
    corpus = many(size)
    table, faults = build(corpus, Database(corpus), Request("papers", TEN, order_by="published, id", caption="All papers"))
    assert not faults
    written = Writer(corpus, lambda docname: f"{docname}.html").table(table, "table-1")
    start = '<!doctype html><html lang="en" data-content_root="./"><meta charset="utf-8"><title>Many</title><link rel="stylesheet" href="_static/review.css">'
    scripts = f'<script type="module" src="_static/{EXPLORER}"></script>'
    (folder / "table.html").write_text(f"{start}{scripts}<body>{written}", "utf-8")
    (folder / "plain.html").write_text(f"{start}<body>{written}", "utf-8")
