"""Charts: the same numbers drawn, in the table beside, and in the records; the same bytes each time; nothing a page must not hold."""

from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from conftest import ROOT, Result
from litreview.cells import plain, text_cell
from litreview.charts import CHARTS, Chart, _timeline, draw
from litreview.corpus import Corpus, load
from litreview.display import words
from minimal import PAGES, corpus_of


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(ROOT)


@pytest.fixture(scope="module", params=CHARTS)
def chart(request: pytest.FixtureRequest, corpus: Corpus) -> Chart:
    return draw(corpus, request.param)


def _texts(chart: Chart) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(chart.svg).iter() if element.tag.endswith("}text")]


def test_a_chart_is_static_and_follows_the_pages_colour(chart: Chart) -> None:
    tree = ElementTree.fromstring(chart.svg)
    assert not [element for element in tree.iter() if element.tag.endswith(("script", "foreignObject", "image", "style"))]
    assert "currentColor" in chart.svg
    assert 'fill="black"' not in chart.svg
    assert "http" not in chart.svg.replace("http://www.w3.org/", "")
    assert _texts(chart), "text is text, so that it can be searched and read out"


def test_a_chart_has_a_name_and_says_what_it_shows(chart: Chart) -> None:
    named = re.search(r'aria-labelledby="(\S+) (\S+)"', chart.svg)
    assert named is not None
    for name in named.groups():
        assert f'id="{name}">' in chart.svg


def test_ids_of_all_charts_differ(corpus: Corpus) -> None:
    ids = [found for name in CHARTS for found in re.findall(r'\bid="([^"]+)"', draw(corpus, name).svg)]
    assert len(ids) == len(set(ids)) > 20
    used = {found for name in CHARTS for found in re.findall(r"url\(#([^)]+)\)", draw(corpus, name).svg)}
    assert used <= set(ids)


def test_the_same_records_give_the_same_bytes(corpus: Corpus) -> None:
    program = "import sys; from pathlib import Path; from litreview.corpus import load; from litreview.charts import *\n"
    program += f"c = load(Path({str(ROOT)!r})); sys.stdout.write(''.join(draw(c, name).svg for name in CHARTS))"
    again = subprocess.run([sys.executable, "-c", program], cwd=ROOT / "_ext", env={"PYTHONHASHSEED": "7"}, check=True, capture_output=True, text=True).stdout
    assert again == "".join(draw(corpus, name).svg for name in CHARTS)


@pytest.mark.parametrize(("name", "field"), [("works-by-method", "method"), ("works-by-year", "published")])
def test_counts_are_those_of_the_records(corpus: Corpus, name: str, field: str) -> None:
    rows = {plain(row.cells[0]): int(plain(row.cells[1])) for group in draw(corpus, name).table.groups for row in group.rows}
    values = [page.record[field] for page in corpus.of_kind("paper")]
    told = [value[:4] for value in values] if field == "published" else [words(one) for value in values for one in value]
    assert rows == {value: told.count(value) for value in set(told)}


def test_every_work_is_in_the_table_and_those_with_an_amount_are_drawn(corpus: Corpus) -> None:
    chart = draw(corpus, "amounts-by-method")
    assert len(chart.table.groups[0].rows) == len(corpus.of_kind("paper"))
    said = re.search(r"<desc[^>]*>(\d+) of (\d+) works", chart.svg)
    assert said is not None
    assert int(said[2]) == len(corpus.of_kind("paper"))
    drawn = _texts(chart)
    assert {"LIMA", "FLAN", "1 million", "2022", "distillation"} <= set(drawn)


def test_ten_series_differ_in_shape_and_each_mark_stands_on_its_point(corpus: Corpus) -> None:
    order = [page.id for page in corpus.of_kind("paper")]
    chart = _timeline(corpus, "ten", "Ten", lambda corpus, page: (f"series {order.index(page.id) % 10}", text_cell("")), (), "Series")
    found = {}
    for marker in ElementTree.fromstring(chart.svg).iter("{http://www.w3.org/2000/svg}marker"):
        (shape,) = marker
        found[marker.attrib["fill"]] = (marker.attrib["viewBox"], tuple(sorted(shape.attrib.items())))
        left, _, width, _ = map(float, marker.attrib["viewBox"].split())
        assert float(marker.attrib["refX"]) == left + width / 2
    assert len(found) == len(set(found.values())) == 10


def test_the_grid_is_faint_on_any_ground(chart: Chart) -> None:
    assert "lightgray" not in chart.svg
    assert not re.search(r'<path(?![^>]*stroke-opacity)[^>]*stroke-dasharray="3 4"', chart.svg)


def test_labels_do_not_lie_on_each_other(corpus: Corpus) -> None:
    labels = []
    shorts = {page.short for page in corpus.of_kind("paper")}
    for element in ElementTree.fromstring(draw(corpus, "amounts-by-verdict").svg).iter():
        if element.tag.endswith("}text") and element.text in shorts:
            labels.append((float(element.attrib["x"]), float(element.attrib["y"]), len(element.text)))
    assert len(labels) > 8
    for number, (x, y, _) in enumerate(labels):
        for other_x, other_y, length in labels[:number]:
            assert abs(y - other_y) > 8 or not other_x - 2 <= x < other_x + 5 * length, (x, y)


@pytest.mark.parametrize("name", CHARTS)
def test_a_review_with_little_or_nothing_still_draws(name: str) -> None:
    assert "<svg" in draw(Corpus([]), name).svg
    assert "Alpha" not in draw(Corpus([]), name).svg
    assert "<svg" in draw(corpus_of(PAGES), name).svg


def test_hostile_names_arrive_as_text() -> None:
    pages = {path: text.replace("short: Beta", 'short: "</svg><script>x&y"') for path, text in PAGES.items()}
    svg = draw(corpus_of(pages), "works-by-base-model").svg
    ElementTree.fromstring(svg)
    assert "<script" not in svg


def test_the_charts_stand_on_their_page_with_their_numbers(review_site: Result) -> None:
    page = review_site.text("review/charts.html")
    assert page.count('<svg class="chart"') == page.count("<summary>The numbers</summary>") == len(CHARTS)
