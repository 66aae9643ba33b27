"""The main thread's CPU time in Chromium: a page with a table of 1000 rows with the explorer and without, then one filter and one sort."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from browsing import ARGUMENTS, CHROMIUM, MISSING, serve, write_page
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

ROWS = 1000
_SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))))"
_FILTER = """() => { const box = document.querySelector('.explorer input[type=search]'); box.value = 'distillation'; box.dispatchEvent(new Event('input')) }"""
_SORT = "() => document.querySelectorAll('.comparison thead button')[1].click()"


def _spent(session: CDPSession) -> float:
    """Return the thread's CPU seconds in tasks so far: scripts, style, layout and parsing."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def _open(browser: Browser, address: str) -> tuple[Page, CDPSession, float]:
    page = browser.new_context(viewport={"width": 1366, "height": 900}).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    start = _spent(session)
    page.goto(address)
    page.evaluate(_SETTLED)
    return page, session, _spent(session) - start


def _act(page: Page, session: CDPSession, action: str, wait: int) -> float:
    start = _spent(session)
    page.evaluate(action)
    page.wait_for_timeout(wait)
    page.evaluate(_SETTLED)
    return _spent(session) - start


def runs(folder: Path, count: int) -> Iterator[tuple[float, float, float, float]]:
    """Yield for each run the CPU seconds of loading without and with the explorer, of a filter and of a sort; a first run warms up."""
    if CHROMIUM is None:
        raise SystemExit(MISSING)
    write_page(folder, ROWS)
    with serve(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for number in range(count + 1):
            plain, _, static = _open(browser, f"{address}plain.html")
            plain.context.close()
            page, session, loading = _open(browser, f"{address}table.html")
            assert page.locator(".comparison tbody tr").count() == 100
            filtering = _act(page, session, _FILTER, 200)
            assert "1000 rows" in page.locator(".explorer-state").inner_text()
            assert page.locator(".comparison tbody tr").count() < ROWS
            page.get_by_role("button", name="Clear all").click()
            page.evaluate(_SETTLED)
            sorting = _act(page, session, _SORT, 50)
            page.context.close()
            if number:
                yield static, loading, filtering, sorting
        browser.close()
