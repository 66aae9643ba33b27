"""Every kind of page for every reader: axe-core's rules of WCAG 2.2 A and AA, the keyboard alone, sizes, motion, and nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, Request

# axe-core, and colours are read once: each element asks for those of all around it, which took a third of the time.
AXE = f"""{(Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")};
{{
  const colour = axe.commons.color.Color.prototype, parse = colour.parseString, known = new Map();
  colour.parseString = function (text) {{
    if (known.has(text)) return Object.assign(this, known.get(text));
    const read = parse.call(this, text), {{red, green, blue, alpha}} = this;
    known.set(text, {{red, green, blue, alpha}});
    return read;
  }};
}}
null"""  # else Playwright would call the function
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]  # the other scheme changes no more than colours
RUN = """async ([type, values]) => {
  const found = await axe.run(document, {runOnly: {type, values}, resultTypes: ["violations"]});
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 160)}: ${node.failureSummary}`));
}"""

BACKGROUND = "getComputedStyle(document.body).backgroundColor"

PAGES = {
    "index": "index.html",
    "big table": "review/papers.html",
    "paper": "papers/alpaca.html",
    "model": "models/llama.html",
    "licence": "licenses/cc-by-nc-4.0.html",
    "recipe": "review/recipe.html#base=llama%2F7B&data=alpaca",  # a size, as the command takes it, chooses the model
    "lineage": "review/lineage.html",
}
OTHER_PAGES = {
    "terms that changed": "licenses/licenseref-openai-terms.html",
    "source": "sources/stack-exchange.html",
    "grouped table": "review/by-method.html",
    "corrections": "review/corrections.html",
    "search": "search.html?q=alpaca",
    "index of papers": "papers/index.html",
    "charts": "review/charts.html",
    "how to add a paper": "contribute/add-a-paper.html",
    "not found": "404.html",
}
ADDRESSES = PAGES | OTHER_PAGES
MADE_OF_THE_SAME = [f"review/{name}.html" for name in ("licenses", "marks")] + [f"contribute/{name}.html" for name in ("index", "fields", "data", "wanted")]
NARROWED = "?q=a&method=distillation&published=2020..2023&lineage_data_commercial_use=no&sort=-amount&hide=mark&compare=alpaca,lamini-lm"
WIDTHS = (1366, 390)
CASES = [(width, state) for width in WIDTHS for state in [*PAGES, "narrowed"]] + [(WIDTHS[number % 2], state) for number, state in enumerate(OTHER_PAGES)]


def _open(window: Page, *, width: int = 1366, height: int = 900) -> Page:
    """Return the window in a size, and without motion, so that nothing is looked at on its way."""
    window.set_viewport_size({"width": width, "height": height})
    window.emulate_media(color_scheme="light", reduced_motion="reduce")
    return window


@pytest.mark.parametrize(("width", "state"), CASES)
def test_axe_finds_nothing_in_either_scheme(window: Page, served: str, width: int, state: str) -> None:
    page = _open(window, width=width)
    page.goto(served + (PAGES["big table"] + NARROWED if state == "narrowed" else ADDRESSES[state]))
    if state == "narrowed":
        page.locator(".explorer-compare table").first.wait_for()
        assert "Filters (3)" in page.locator(".explorer summary").first.inner_text()
    opened = ".explorer:first-of-type details, .card details, .why" if state == "narrowed" else ".card details:nth-of-type(-n+8), .why"
    page.evaluate("selector => document.querySelectorAll(selector).forEach(one => { one.open = true })", opened)
    page.wait_for_timeout(50)
    if state == "recipe":
        assert page.get_by_label("Base model").input_value() == "llama"
    page.evaluate(AXE)
    assert page.evaluate(RUN, ["tag", RULES]) == []
    light = page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert page.evaluate(BACKGROUND) != light
    assert page.evaluate(RUN, ["rule", COLOURS]) == []


def test_axe_would_find_something(window: Page) -> None:
    page = _open(window)
    bad = '<button style="width:9px;height:9px;padding:0;border:0"></button><img src="x"><p style="color:#aaa;background:#fff">faint</p>'
    page.set_content(f'<html lang="en"><title>x</title><main>{bad}</main>')
    page.evaluate(AXE)
    assert {found.partition(":")[0] for found in page.evaluate(RUN, ["tag", RULES])} >= {"button-name", "image-alt", "color-contrast"}
    assert {found.partition(":")[0] for found in page.evaluate(RUN, ["rule", COLOURS])} == {"color-contrast"}


# --- The keyboard alone --------------------------------------------------------------------------------------------------

FOCUSED = "() => { const e = document.activeElement; return (e.ariaLabel || e.labels?.[0]?.textContent || e.textContent).trim().replace(/\\s+/g, ' ') }"


FROM_EVIDENCE = """() => {
  const where = document.querySelector('.evidence').compareDocumentPosition(document.activeElement);
  return where & Node.DOCUMENT_POSITION_FOLLOWING ? 'following' : where & Node.DOCUMENT_POSITION_PRECEDING ? 'preceding' : '';
}"""


def _tab_to(page: Page, name: str, *, limit: int = 120, key: str = "Tab") -> None:
    for _ in range(limit):
        page.keyboard.press(key)
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"{name} was not reached by keyboard")


def test_the_table_is_read_by_keyboard_alone(window: Page, served: str) -> None:
    """Reach, search, filter, sort, open a page and its evidence, and leave."""
    page = window
    page.goto(f"{served}review/papers.html")
    page.locator("h1").click()  # begin in the text, as after the skip link
    _tab_to(page, "Search")
    page.keyboard.type("distillation")
    page.wait_for_function("location.search.includes('distillation')")
    _tab_to(page, "Filters")
    page.keyboard.press("Enter")
    page.locator(".explorer-filters fieldset").first.wait_for()
    _tab_to(page, "distillation (3)")
    page.keyboard.press("Space")
    assert "3 of" in page.locator(".explorer-state").first.inner_text()
    _tab_to(page, "Name")
    page.keyboard.press("Enter")
    assert page.locator("[aria-sort=ascending]").count() == 1
    assert page.evaluate(FOCUSED) == "Name", "focus stays on the header"
    _tab_to(page, "Alpaca")
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/alpaca.html")
    page.locator("h1").click()
    _tab_to(page, page.locator(".evidence summary").first.get_attribute("aria-label") or "")
    page.keyboard.press("Enter")
    assert page.locator(".evidence li").first.is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.evidence') !== null"), "the evidence's links come next"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert not page.locator(".evidence li").first.is_visible()
    for key, place in (("Tab", "following"), ("Shift+Tab", "preceding")):  # and neither way leads round in a circle
        page.locator(".evidence summary").first.focus()
        page.keyboard.press(key)
        assert page.evaluate(FROM_EVIDENCE) == place


HIDDEN = """() => {
  const e = document.activeElement;
  if (!e.closest('.comparison') || e.matches('.comparison')) return null;
  const points = [...e.getClientRects()].flatMap(box => [1, 3, 5, 7, 9].map(part => [box.x + box.width * part / 10, box.y + box.height / 2]));
  const seen = points.filter(([x, y]) => { const at = document.elementFromPoint(x, y); return at && (e.contains(at) || at.contains(e)) });
  return seen.length * 3 >= points.length ? '' : `of ${e.textContent} ${seen.length} of ${points.length} points are in sight`;
}"""


@pytest.mark.parametrize("width", [1366, 390])
def test_focus_is_never_hidden_under_sticky_cells(window: Page, served: str, width: int) -> None:
    page = _open(window, width=width, height=700)
    page.goto(f"{served}review/papers.html")
    page.locator(".comparison").first.focus()
    visited = 0
    for key, steps in (("Tab", 90), ("Shift+Tab", 70)):
        for _ in range(steps):
            page.keyboard.press(key)
            hidden = page.evaluate(HIDDEN)
            assert not hidden, hidden
            visited += hidden == ""
    assert visited > 100


@pytest.mark.parametrize("width", [1366, 820, 390])
@pytest.mark.parametrize("name", ["papers/alpaca.html", "review/charts.html"])
def test_what_has_focus_is_never_out_of_the_window(window: Page, served: str, name: str, width: int) -> None:
    """In narrow windows the site's and the page's contents wait outside; whoever tabs into them brings them in."""
    page = _open(window, width=width)
    page.goto(served + name)
    page.locator(".related-pages a").first.focus()  # the page's own contents come after it
    places = """() => { const e = document.activeElement, box = e.getBoundingClientRect();
      return [e.tagName, e.closest('.toc-drawer, .sidebar-drawer, .content')?.classList[0] ?? '', box.left, box.right, innerWidth] }"""
    seen = set()
    for key, steps in (("Tab", 14), ("Shift+Tab", 3)):
        for _ in range(steps):
            page.keyboard.press(key)
            tag, where, left, right, edge = page.evaluate(places)
            if tag == "A":
                assert right > left >= -1, (where, left)
                assert right <= edge + 1, (where, right)
                seen.add(where)
    page.goto(served + name)
    for _ in range(8):
        page.keyboard.press("Tab")
        tag, where, left, right, edge = page.evaluate(places)
        if where == "sidebar-drawer":
            assert left >= -1, left
            seen.add(where)
    assert {"toc-drawer", "sidebar-drawer"} <= seen


def test_targets_are_24_pixels_high(window: Page, served: str) -> None:
    """Our own controls themselves, not only with the space around them; links in running text and tables are exempt."""
    page = window
    page.set_viewport_size({"width": 390, "height": 900})
    small = """(selector) => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility())
      .map(e => [(e.closest('label') ?? e).getBoundingClientRect(), e]).filter(([box]) => box.width < 24 || box.height < 24)
      .map(([box, e]) => `${e.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""
    seen = 0
    for name in (f"review/papers.html{NARROWED}", "papers/alpaca.html", "review/recipe.html"):
        page.goto(served + name)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        page.wait_for_timeout(100)
        selector = "article :is(button, select, input, summary)"
        assert page.evaluate(small, selector) == [], name
        seen += page.locator(selector).count()
    assert seen > 150


def test_nothing_moves_for_those_who_want_no_motion(window: Page, served: str) -> None:
    page = _open(window)
    page.goto(f"{served}review/papers.html")
    moving = """() => [...document.querySelectorAll('*')].filter(e => {
      const s = getComputedStyle(e);
      const long = times => times.split(',').some(time => parseFloat(time) > 0);
      return long(s.transitionDuration) || s.scrollBehavior === 'smooth' || (s.animationName !== 'none' && long(s.animationDuration));
    }).map(e => e.outerHTML.slice(0, 80))"""
    assert page.evaluate(moving) == []


# --- Alone ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*ADDRESSES.values(), *MADE_OF_THE_SAME])
def test_no_request_leaves_the_site(window: Page, served: str, address: str) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    window.on("request", note)
    window.goto(served + address, wait_until="networkidle")
    window.remove_listener("request", note)
    assert any(url.partition("?")[0].endswith(".css") for url in asked)
    assert [url for url in asked if not url.startswith((served, "data:", "blob:"))] == []
