"""The site in a real browser: Debian's Chromium. Without it these tests say how to get it; in CI they may not be skipped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from browsing import CHROMIUM, MISSING, REQUIRED
from conftest import ROOTS, Result, build
from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Result:
    source = tmp_path_factory.mktemp("browser") / "herd"
    shutil.copytree(ROOTS / "herd", source)
    static = source / "_static"
    shutil.copytree(ROOTS.parent.parent / "_static", static)
    with (source / "conf.py").open("a") as conf:
        conf.write('html_static_path = ["_static"]\nhtml_css_files = ["review.css"]\n')
    page = (source / "papers/llama-calf.md").read_text()
    for number in range(30):  # enough rows and text to scroll both ways
        copy = page.replace("title: Calf", f"title: Kid {number}").replace("short: Calf", f"short: Kid {number}")
        (source / f"papers/kid-{number:02}.md").write_text(copy)
    return build(source)


def _open(browser: Browser, site: Result, name: str, *, width: int = 1366, scripts: bool = True) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"file://{site.outdir / name}")
    return page


@pytest.mark.parametrize("width", [1366, 820, 390])
@pytest.mark.parametrize("name", ["index.html", "papers/camel.html", "review/tables.html", "models/wooly.html"])
def test_no_page_is_wider_than_the_window(browser: Browser, site: Result, name: str, width: int) -> None:
    page = _open(browser, site, name, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_header_caption_and_first_column_stay_visible(browser: Browser, site: Result) -> None:
    page = _open(browser, site, "index.html", width=390)
    region = page.locator(".comparison").first
    assert region.evaluate("e => e.scrollWidth > e.clientWidth && e.scrollHeight > e.clientHeight"), "the table must need scrolling both ways"
    region.evaluate("e => e.scrollTo(300, 500)")
    box = region.bounding_box()
    assert box is not None
    for selector in ("caption span", "thead th:first-child", "tbody tr:nth-child(20) th"):
        shown = region.locator(selector).first.bounding_box()
        assert shown is not None
        assert box["x"] - 1 <= shown["x"] <= box["x"] + box["width"], selector
    head = region.locator("thead th").first.bounding_box()
    assert head is not None
    assert box["y"] - 1 <= head["y"] <= box["y"] + 80
    page.context.close()


def test_tables_scroll_by_keyboard(browser: Browser, site: Result) -> None:
    page = _open(browser, site, "index.html", width=390)
    region = page.locator(".comparison").first
    region.focus()
    assert region.evaluate("e => document.activeElement === e")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.comparison').scrollTop > 0")
    page.context.close()


def test_evidence_opens_without_scripts(browser: Browser, site: Result) -> None:
    page = _open(browser, site, "papers/camel.html", scripts=False)
    row = page.locator("#fact-base_models")
    note = row.locator("li").first
    assert not note.is_visible()
    row.locator("summary").click()
    assert note.is_visible()
    assert "we tune Wooly 7B" in note.inner_text()
    page.context.close()


def test_evidence_opens_by_keyboard(browser: Browser, site: Result) -> None:
    page = _open(browser, site, "papers/camel.html")
    row = page.locator("#fact-base_models")
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    assert row.locator("li").first.is_visible()
    page.context.close()


def test_print_keeps_every_column_and_shows_the_evidence(browser: Browser, site: Result) -> None:
    page = _open(browser, site, "papers/camel.html")
    page.emulate_media(media="print")
    assert page.locator("#fact-base_models li").first.is_visible()
    page.goto(f"file://{site.outdir / 'index.html'}")
    page.set_viewport_size({"width": 1050, "height": 800})  # A4 landscape less its margins
    page.emulate_media(media="print")
    table = page.locator(".comparison table").first
    assert page.evaluate("getComputedStyle(document.body).page") == "wide", "the whole page: its first sheet sets the width of the others"
    assert table.evaluate("e => e.getBoundingClientRect().right <= innerWidth + 1")
    assert table.evaluate("e => e.getBoundingClientRect().width > 0.9 * innerWidth")
    assert table.evaluate("e => [...e.querySelectorAll('td, th')].every(c => c.scrollWidth <= c.clientWidth + 1)")
    page.context.close()


@pytest.mark.parametrize("width", [1366, 820, 390])
def test_a_tables_caption_is_read_whole_and_hides_nothing(browser: Browser, site: Result, width: int) -> None:
    page = _open(browser, site, "index.html", width=width)
    long = "Papers: how the data were made, training, evaluation and headline results"
    page.locator(".comparison caption span").first.evaluate("(caption, text) => { caption.textContent = text }", long)
    region, caption, head = (page.locator(selector).first.bounding_box() for selector in (".comparison", ".comparison caption span", ".comparison thead th"))
    assert region is not None
    assert caption is not None
    assert head is not None
    assert caption["x"] + caption["width"] <= region["x"] + region["width"]
    assert caption["y"] + caption["height"] <= head["y"] + 1
    page.context.close()


def test_no_request_leaves_the_site(browser: Browser, site: Result) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("index.html", "papers/camel.html", "models/wooly.html", "licenses/mit.html", "sources/wool.html", "search.html"):
        page.goto(f"file://{site.outdir / name}")
    assert asked
    assert [url for url in asked if not url.startswith(("file://", "data:"))] == []
    context.close()


def test_dark_and_light_marks_can_be_read(browser: Browser, site: Result) -> None:
    """The word of each mark has enough contrast in both schemes (WCAG 2.2: 4.5 to 1)."""
    contrast = """() => {
      const parse = c => c.match(/[\\d.]+/g).slice(0, 3).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 })
      const light = c => { const [r, g, b] = parse(c); return .2126 * r + .7152 * g + .0722 * b }
      const back = e => {
        for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/, 0\\)$/.test(c)) return c }
        return 'rgb(255,255,255)'
      }
      return [...document.querySelectorAll('b[class]')].map(e => {
        const a = light(getComputedStyle(e).color), b = light(back(e)); return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) })
    }"""
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"file://{site.outdir / 'index.html'}")
        found = page.evaluate(contrast)
        assert found
        assert min(found) >= 4.5, scheme
        context.close()


def test_chromium_is_there_where_it_is_required() -> None:
    if REQUIRED:
        assert CHROMIUM is not None, MISSING
        assert Path(CHROMIUM).exists()
    assert "apt-get install chromium" in MISSING
