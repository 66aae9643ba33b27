"""A record page's own contents name its generated sections too, in the order in which they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Result
from litreview.corpus import load
from litreview.extension.contents import with_sections

TITLE_ONLY = '<ul>\n<li><a class="reference internal" href="#">Title</a></li>\n</ul>\n'
ENTRY = '<li><a class="reference internal" href="#own">Own</a></li>\n'
FACTS = '<section class="card" aria-labelledby="facts"><h2 id="facts">Facts &amp; more</h2></section>'
CITE = '<section class="cite" aria-labelledby="cite"><h2 id="cite">Cite</h2></section>'
OWN = '<section id="own">\n<h2>Own<a class="headerlink" href="#own">¶</a></h2></section>'


def _entries(contents: str) -> list[str]:
    return re.findall(r'href="#([^"]*)"', contents)


@pytest.mark.parametrize(
    ("contents", "body", "wanted"),
    [
        (TITLE_ONLY, FACTS + CITE, ["", "facts", "cite"]),
        (
            TITLE_ONLY.replace("</a>", f"</a><ul>\n{ENTRY}</ul>\n"),
            FACTS + OWN + CITE,
            ["", "facts", "own", "cite"],
        ),
        (TITLE_ONLY, "<p>Nothing generated.</p>", [""]),
    ],
)
def test_generated_sections_stand_where_they_stand_on_the_page(contents: str, body: str, wanted: list[str]) -> None:
    found = with_sections(contents, body)
    assert _entries(found) == wanted
    for name in ("ul", "li", "a"):
        assert found.count(f"<{name}") - found.count("<link") == found.count(f"</{name}>"), name


def test_every_entry_of_a_records_contents_leads_to_a_heading(review_site: Result) -> None:
    for page in load(Path(__file__).parent.parent).pages:
        text = review_site.text(f"{page.docname}.html")
        contents = text.partition('<div class="toc-tree">')[2].partition("</div>")[0]
        entries = [entry for entry in _entries(contents) if entry]
        assert "facts" in entries, page.docname
        assert ("cite" in entries) == (page.kind == "paper"), page.docname
        positions = [text.index(f'id="{entry}"') for entry in entries]
        assert positions == sorted(positions), page.docname
