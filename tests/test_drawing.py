"""The lineage drawing: what is drawn, that it is the same as the words, that it is sound SVG, and that nothing overlaps."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from functools import partial
from itertools import combinations, pairwise
from math import inf
from pathlib import Path
from xml.etree import ElementTree as ET

import minimal
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from litreview import outlines
from litreview.cells import Line, RecordLink, Words, plain_line
from litreview.corpus import Corpus, load
from litreview.drawing import SIGNS, legend, scrolling, svg
from litreview.labels import text_width, wrapped
from litreview.lineage import RELATIONS
from litreview.lineage_graph import KINDS, MOST, Graph, in_words, neighbourhood, whole
from litreview.placing import clearance, layout
from litreview.records import Page

ROOT = Path(__file__).parent.parent
SVG = "{http://www.w3.org/2000/svg}"

few = partial(settings, derandomize=True, deadline=None, database=None)


def uri(record_id: str) -> str:
    return f"{record_id}.html"


def no_answer(record_id: str) -> str:
    return ""


def draw(graph: Graph, key: str = "drawing") -> ET.Element:
    return ET.fromstring(svg(graph, uri=uri, answer=lambda record_id: "no", title="Lineage", key=key))


def model(record_id: str, *bases: str, **fields: object) -> Page:
    return Page(f"models/{record_id}.md", "model", record_id, {"base_models": list(bases), **fields})


def chain_of(size: int) -> Corpus:
    """Return n00 ← n01 ← n02 …, each tuned from the one before."""
    return Corpus([model(f"n{number:02}", *[f"n{number - 1:02}"] * (number > 0)) for number in range(size)])


@pytest.fixture(scope="module")
def review() -> Corpus:
    return load(ROOT)


@pytest.fixture(scope="module")
def graphs(review: Corpus) -> dict[str, Graph]:
    """Return the whole review's graph, and the neighbourhood of every record."""
    return {"": whole(review), **{page.id: neighbourhood(review, page.id) for page in review.pages if page.kind in KINDS}}


# --- What is drawn -----------------------------------------------------------------------------------------------------


def test_the_drawing_needs_no_sphinx() -> None:
    code = "import sys, litreview.drawing; sys.exit(any(name.partition('.')[0] in ('sphinx', 'docutils') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT / "_ext", check=False).returncode == 0


def test_a_neighbourhood_is_what_a_record_was_made_from_and_what_was_made_from_it() -> None:
    corpus = Corpus([
        model("root"), model("base", "root"), model("sister", "root"), model("me", "base", "root"),
        model("child", "me", "sister"), model("grandchild", "child", "base"), model("stranger"),
    ])  # fmt: skip
    graph = neighbourhood(corpus, "me")
    assert [node.id for node in graph.nodes] == ["base", "child", "grandchild", "me", "root"]
    assert [(arrow.child, arrow.parent) for arrow in graph.arrows] == [
        ("base", "root"), ("child", "me"), ("grandchild", "base"), ("grandchild", "child"), ("me", "base"), ("me", "root"),
    ]  # fmt: skip
    assert (graph.centre, graph.left_out) == ("me", 0)


def test_the_whole_has_every_record_with_an_arrow_and_no_other() -> None:
    corpus = minimal.corpus_of({**minimal.PAGES, "sources/alone.md": minimal.page("sources/alone.md")})
    graph = whole(corpus)
    assert [(node.id, node.kind, node.short) for node in graph.nodes] == [("alpha", "paper", "Alpha"), ("beta", "model", "Beta"), ("gamma", "source", "Gamma")]
    assert {(arrow.child, arrow.parent): arrow.relations for arrow in graph.arrows} == {
        ("alpha", "beta"): ("tuned-from", "generated-by"),
        ("alpha", "gamma"): ("built-from",),
    }
    assert neighbourhood(corpus, "alone").nodes[0].id == "alone"
    assert neighbourhood(corpus, "cc-by-nc-4.0") == Graph((), ())
    assert neighbourhood(corpus, "nobody") == Graph((), ())


def test_of_many_records_the_nearest_are_kept_and_the_others_counted() -> None:
    direct = [model(f"direct-{number:02}", "me") for number in range(20)]
    indirect = [model(f"a-second-{number:02}", f"direct-{number:02}") for number in range(20)]
    corpus = Corpus([model("old"), model("me", "old"), *direct, *indirect])
    graph = neighbourhood(corpus, "me")
    kept = {node.id for node in graph.nodes}
    assert len(kept) == MOST == 25
    assert {"me", "old", *(page.id for page in direct)} <= kept
    assert sorted(kept - {"me", "old"} - {page.id for page in direct}) == ["a-second-00", "a-second-01", "a-second-02"]
    assert graph.left_out == 17
    assert "17 more distant records left out" in svg(graph, uri=uri, answer=no_answer, title="", key="k")
    assert neighbourhood(corpus, "me", most=42).left_out == 0


def test_distance_counts_steps() -> None:
    graph = neighbourhood(chain_of(60), "n30", most=7)
    assert [node.id for node in graph.nodes] == ["n27", "n28", "n29", "n30", "n31", "n32", "n33"]
    assert graph.left_out == 53


def test_circles_and_records_made_from_themselves_are_drawn_without_fuss() -> None:
    corpus = Corpus([model("a", "b", "a"), model("b", "c"), model("c", "a"), model("self", "self")])
    graph = neighbourhood(corpus, "a")
    assert [(arrow.child, arrow.parent) for arrow in graph.arrows] == [("a", "b"), ("b", "c"), ("c", "a")]
    assert len(draw(graph).findall(f".//{SVG}a")) == 3
    assert [node.id for node in whole(corpus).nodes] == ["a", "b", "c"]
    assert [node.id for node in neighbourhood(corpus, "self").nodes] == ["self"]
    assert len(in_words(corpus, graph)) == 3


def test_no_records_make_an_empty_drawing() -> None:
    assert draw(Graph((), ())).findall(f".//{SVG}a") == []
    assert in_words(Corpus([]), Graph((), ())) == ()


# --- In words ----------------------------------------------------------------------------------------------------------


def test_words_of_the_minimal_review() -> None:
    corpus = minimal.corpus_of(minimal.PAGES)
    (line,) = in_words(corpus, whole(corpus))
    assert plain_line(line) == "Alpha: tuned from Beta 7B; built from Gamma (seeds); generated by Beta 7B (responses)"
    assert [inline for inline in line if isinstance(inline, RecordLink)] == [
        RecordLink("alpha", "Alpha"), RecordLink("beta", "Beta 7B"), RecordLink("gamma", "Gamma"), RecordLink("beta", "Beta 7B"),
    ]  # fmt: skip


def test_words_name_each_record_once_with_its_variants_and_roles() -> None:
    sources = {
        "one": {"kind": "existing-dataset", "from": ["data"], "role": "seeds"},
        "two": {"kind": "existing-dataset", "from": ["data"], "role": "pretraining-mix"},
        "three": {"kind": "existing-dataset", "from": ["data"], "role": "pairs"},
    }
    corpus = Corpus([
        model("base", variants=[{"id": "7B", "aka": ["6.7B"]}, {"id": "13B"}], short="Base"),
        Page("sources/data.md", "source", "data", {"short": "data"}),
        Page("papers/p.md", "paper", "p", {"short": "P", "base_models": ["base/7B", "base/6.7B", "base/13B"], "data": {"sources": sources}}),
        model("b", "base", short="b"),
        model("a", "base/7B", short="A"),
    ])  # fmt: skip
    assert [plain_line(line) for line in in_words(corpus, whole(corpus))] == [
        "A: tuned from Base 7B",
        "b: tuned from Base",
        "P: tuned from Base (7B, 13B); built from data (seeds, pretraining mix)",
    ]


def told(lines: tuple[Line, ...]) -> set[tuple[str, str, str]]:
    """Return the arrows that lines tell of: child, parent, relation."""
    relations = {forward: relation for relation, (forward, _) in RELATIONS.items()}
    found = set()
    for line in lines:
        child, relation = line[0], ""
        assert isinstance(child, RecordLink)
        for inline in line[1:]:
            if isinstance(inline, Words):
                relation = relations.get(inline.text.strip(), relation)
            else:
                assert isinstance(inline, RecordLink)
                found.add((child.id, inline.id, relation))
    return found


def test_the_drawing_and_the_words_say_the_same(review: Corpus, graphs: dict[str, Graph]) -> None:
    for name, graph in graphs.items():
        lines = in_words(review, graph)
        assert told(lines) == {(arrow.child, arrow.parent, relation) for arrow in graph.arrows for relation in arrow.relations}, name
        assert len(draw(graph).findall(f".//{SVG}path[@marker-end]")) == len(graph.arrows), name
        names = [plain_line(line[:1]).casefold() for line in lines]
        assert names == sorted(names), name


def test_every_arrow_of_the_review_is_in_the_whole(review: Corpus, graphs: dict[str, Graph]) -> None:
    stated = {(edge.child, edge.parent, edge.relation) for edges in review.lineage.parents.values() for edge in edges}
    assert told(in_words(review, graphs[""])) == stated
    for record_id, graph in graphs.items():
        if record_id:
            reach = {found for found, _ in (*review.lineage.ancestors(record_id), *review.lineage.descendants(record_id))}
            assert len(graph.nodes) + graph.left_out == len(reach) + 1


# --- The drawing -------------------------------------------------------------------------------------------------------


def test_boxes_are_links_with_names_kinds_and_verdicts() -> None:
    corpus = minimal.corpus_of(minimal.PAGES)
    answers = {"alpha": "no", "beta": "not-released", "gamma": "perhaps"}
    drawing = ET.fromstring(svg(neighbourhood(corpus, "alpha"), uri=uri, answer=answers.__getitem__, title="T", key="k", question="May it?"))
    assert (drawing.get("role"), drawing.get("aria-labelledby")) == ("group", "k-title k-desc")
    assert drawing.findtext(f"{SVG}title") == "T"
    assert "3 records, 2 arrows" in (drawing.findtext(f"{SVG}desc") or "")
    boxes = {box.get("href"): box for box in drawing.findall(f"{SVG}a")}
    assert {href: box.get("class") for href, box in boxes.items()} == {
        "alpha.html": "lineage-node paper centre answer-no",
        "beta.html": "lineage-node model answer-not-released",
        "gamma.html": "lineage-node source",
    }
    assert boxes["alpha.html"].findtext(f"{SVG}title") == "Alpha: Instructions for Little Money (paper; May it? no)"
    assert boxes["gamma.html"].findtext(f"{SVG}title") == "Gamma, a site of questions (upstream source)"
    letters = {href: "".join(text.itertext()) for href, box in boxes.items() if (text := box.find(f"{SVG}text")) is not None}
    assert letters == {"alpha.html": "Alpha ✗", "beta.html": "Beta ∅", "gamma.html": "Gamma"}
    assert [href for href, box in boxes.items() if box.get("aria-current")] == ["alpha.html"]
    shapes = {href: (box[1].tag.removeprefix(SVG), box[1].get("rx")) for href, box in boxes.items()}
    assert shapes == {"alpha.html": ("rect", "10"), "beta.html": ("rect", None), "gamma.html": ("path", None)}


def test_each_relation_has_its_own_dashes() -> None:
    sources = {"made": {"kind": "model-generated", "from": ["c"]}, "found": {"kind": "web", "from": ["d"]}}
    corpus = Corpus([
        model("b"), model("c"), Page("sources/d.md", "source", "d", {}),
        Page("papers/a.md", "paper", "a", {"base_models": ["b"], "data": {"sources": sources}}),
    ])  # fmt: skip
    arrows = draw(whole(corpus)).findall(f".//{SVG}path[@marker-end]")
    assert [arrow.get("class") for arrow in arrows] == ["lineage-arrow tuned-from", "lineage-arrow generated-by", "lineage-arrow built-from"]
    assert len({arrow.get("stroke-dasharray") for arrow in arrows}) == 3
    assert [arrow.findtext(f"{SVG}title") for arrow in arrows] == ["a: tuned from b", "a: generated by c", "a: built from d"]


def test_the_legend_explains_what_occurs_and_nothing_else() -> None:
    corpus = minimal.corpus_of(minimal.PAGES)
    found = ET.fromstring(legend(whole(corpus), answer={"alpha": "yes", "beta": "unclear", "gamma": ""}.__getitem__, question="May <it>?"))
    assert [" ".join("".join(item.itertext()).split()) for item in found] == [
        "paper", "model", "upstream source", "towards what was tuned from it", "towards what was built from it", "May <it>? ✓ yes, ? unclear",
    ]  # fmt: skip
    alone = ET.fromstring(legend(neighbourhood(corpus, "beta", most=1), answer=no_answer))
    assert ["".join(item.itertext()).strip() for item in alone] == ["model"]


def test_a_drawing_that_scrolls_begins_near_the_record_itself() -> None:
    corpus = chain_of(9)

    def marks(record_id: str) -> list[str]:
        graph, words = neighbourhood(corpus, record_id), {"title": "T", "key": "k"}
        written = scrolling(graph, uri=uri, answer=no_answer, **words)
        box = ET.fromstring(written)
        assert (box.get("class"), box.get("role"), box.get("tabindex"), box.get("aria-labelledby")) == ("lineage-drawing", "region", "0", "k-title")
        assert svg(graph, uri=uri, answer=no_answer, **words) in written
        return [mark.get("style", "") for mark in box.findall("span[@class='lineage-sight']")]

    assert marks("n00") == []
    (middle,), (last,) = marks("n04"), marks("n08")
    assert all(re.fullmatch(r"left: \d+(\.\d)?px", style) for style in (middle, last))
    assert 0 < float(middle[6:-2]) < float(last[6:-2])
    assert "lineage-sight" not in scrolling(whole(corpus), uri=uri, answer=no_answer, title="T", key="k")


HOSTILE = [
    "</title></svg><script>alert(1)</script>",
    '" onload="alert(1)',
    "' onmouseover='alert(1)",
    "<![CDATA[x]]>",
    "&amp; &lt;b&gt; &#x41;",
    "{{ 7 * 7 }} {a} %s",
    "nul\x00bell\x07escape\x1blone\ud800end\uffff",
    "\u202ereversed\u2066",
    "a" * 5000,
    "b-" * 5000,
    "\u0301" * 300,
    "漢字" * 40,
    "👩‍👩‍👧 family",
    "\n\t ",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_text(text: str) -> None:
    corpus = Corpus([model("a", "b", short=text, title=text), model("b", short=text + "2", title=text)])
    graph = whole(corpus)
    written = svg(graph, uri=lambda record_id: f"x?{text}&a={record_id}", answer=no_answer, title=text, key="k", question=text)
    written.encode("utf-8")
    drawing = ET.fromstring(written)
    tags = {"svg", "title", "desc", "defs", "marker", "path", "g", "a", "rect", "text", "tspan"}
    assert {element.tag.removeprefix(SVG) for element in drawing.iter()} == tags
    assert not [name for element in drawing.iter() for name in element.attrib if name.startswith("on")]
    cleaned = re.sub("[\x00\x07\x1b\ud800\uffff\u202e\u2066]", "\ufffd", text).strip()
    assert drawing.findtext(f"{SVG}title") == cleaned
    assert len(drawing.findall(f"{SVG}a")) == 2
    assert _sound(drawing)
    for line in in_words(corpus, graph):
        assert [inline.id for inline in line if isinstance(inline, RecordLink)] == ["a", "b"]
    ET.fromstring(legend(graph, answer=lambda record_id: text, question=text))


def test_nothing_is_fixed_loaded_or_run(graphs: dict[str, Graph]) -> None:
    written = svg(graphs[""], uri=uri, answer=lambda record_id: "no", title="T", key="k") + legend(graphs[""], answer=lambda record_id: "no")
    assert not re.search(r"style=|<script|<image|<use|@import|xlink|\son\w+=", written)
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', written)) == {"none", "currentColor"}
    assert set(re.findall(r"url\(([^)]*)\)", written)) == {"#k-head"}
    assert set(re.findall(r'\S+="https?:[^"]*"', written)) == {'xmlns="http://www.w3.org/2000/svg"'}


def test_ids_are_unique_when_several_drawings_stand_on_a_page(graphs: dict[str, Graph]) -> None:
    drawings = [draw(graphs[""], "lineage-whole"), draw(graphs["alpaca"], "lineage-alpaca"), draw(graphs["t5"], "lineage-t5")]
    ids = [found for drawing in drawings for element in drawing.iter() if (found := element.get("id"))]
    assert len(ids) == len(set(ids)) == 9
    for drawing in drawings:
        own = {element.get("id") for element in drawing.iter()}
        assert set((drawing.get("aria-labelledby") or "").split()) <= own
        ends = {arrow.get("marker-end") for arrow in drawing.findall(f".//{SVG}path[@marker-end]")}
        assert ends <= {f"url(#{found})" for found in own}


@pytest.mark.parametrize("key", ["", "1a", "a b", 'a"', "a)", "ä"])
def test_a_key_that_cannot_start_an_id_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="not the start of an id"):
        svg(Graph((), ()), uri=uri, answer=no_answer, title="", key=key)


def test_the_same_records_make_the_same_bytes_in_whatever_order(review: Corpus) -> None:
    def everything(corpus: Corpus) -> list[object]:
        graphs = [whole(corpus), neighbourhood(corpus, "alpaca"), neighbourhood(corpus, "lamini-lm")]
        return [(svg(graph, uri=uri, answer=no_answer, title="T", key="k"), legend(graph, answer=no_answer), in_words(corpus, graph)) for graph in graphs]

    shuffled = random.Random(1).sample(review.pages, len(review.pages))
    assert everything(review) == everything(review) == everything(Corpus(shuffled)) == everything(Corpus(reversed(review.pages)))


# --- Labels ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Alpaca", ["Alpaca"]),
        ("text-davinci-003", ["text-davinci-003"]),
        ("Super-NaturalInstructions", ["Super-", "NaturalInstructions"]),
        ("Flan-PaLM  and\nFlan-T5", ["Flan-PaLM", "and Flan-T5"]),
        ("Alongnamewithoutanybreakwhatsoever", ["Alongnamewithoutanyb…"]),
        ("", [""]),
    ],
)
def test_labels_are_wrapped_or_shortened(name: str, lines: list[str]) -> None:
    assert wrapped(name) == lines


@few(max_examples=200)
@given(st.text(max_size=80))
def test_labels_stay_narrow(name: str) -> None:
    lines = wrapped(name)
    assert 1 <= len(lines) <= 2
    assert all(text_width(line) <= 190 for line in lines)
    assert "".join(lines).replace("…", "").replace(" ", "") in "".join(name.split()).replace("…", "") or "…" in lines[0]


# --- Places ------------------------------------------------------------------------------------------------------------

Box = tuple[float, float, float, float]  # left, top, right, bottom


def _box(element: ET.Element) -> Box:
    if element.tag == f"{SVG}rect":
        x, y, width, height = (float(element.get(name, "")) for name in ("x", "y", "width", "height"))
        return x, y, x + width, y + height
    numbers = re.fullmatch(r"M(\S+) (\S+)H\S+L(\S+) \S+V(\S+)H\S+z", element.get("d", ""))
    assert numbers is not None
    left, top, right, bottom = map(float, numbers.groups())
    return left, top, right, bottom


def _points(arrow: ET.Element) -> list[tuple[float, float]]:
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", arrow.get("d", ""))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _apart(one: Box, other: Box) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def _sound(drawing: ET.Element) -> bool:
    """Tell whether all is inside the drawing and no two boxes overlap."""
    width, height = (float(drawing.get(name, "")) for name in ("width", "height"))
    assert drawing.get("viewBox") == f"0 0 {drawing.get('width')} {drawing.get('height')}"
    boxes = [_box(box[1]) for box in drawing.findall(f"{SVG}a")]
    points = [point for arrow in drawing.findall(f".//{SVG}path[@marker-end]") for point in _points(arrow)]
    inside = all(0 <= left < right <= width and 0 <= top < bottom <= height for left, top, right, bottom in boxes)
    return inside and all(0 <= x <= width and 0 <= y <= height for x, y in points) and all(_apart(*two) for two in combinations(boxes, 2))


def test_in_every_drawing_of_the_review_all_is_inside_and_no_boxes_overlap(graphs: dict[str, Graph]) -> None:
    for name, graph in graphs.items():
        assert _sound(draw(graph)), name


def test_arrows_run_from_the_parent_on_the_left_to_the_child_on_the_right(graphs: dict[str, Graph]) -> None:
    for graph in graphs.values():
        drawing = draw(graph)
        boxes = {box.get("href"): _box(box[1]) for box in drawing.findall(f"{SVG}a")}
        for arrow, line in zip(graph.arrows, drawing.findall(f".//{SVG}path[@marker-end]"), strict=True):
            parent, child, points = boxes[uri(arrow.parent)], boxes[uri(arrow.child)], _points(line)
            assert parent[2] < child[0]
            assert parent[2] - 10 <= points[0][0] <= parent[2] + 0.1
            assert parent[1] - 0.5 <= points[0][1] <= parent[3] + 0.5
            assert child[0] - 6 <= points[-1][0] <= child[0] + 5
            assert child[1] - 0.5 <= points[-1][1] <= child[3] + 0.5


def test_the_review_is_drawn_in_time(review: Corpus) -> None:
    review.lineage.cycles()
    start = time.process_time()
    svg(whole(review), uri=uri, answer=no_answer, title="T", key="k")
    assert time.process_time() - start < 1.5


layouts = st.integers(1, 14).flatmap(
    lambda size: st.tuples(
        st.lists(st.tuples(st.integers(20, 190), st.integers(26, 70)), min_size=size, max_size=size),
        st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)).filter(lambda pair: pair[0] != pair[1]), max_size=3 * size),
    )
)


@few(max_examples=150)
@given(layouts, st.randoms(use_true_random=False))
def test_any_graph_is_laid_out_without_overlap(drawn: tuple[list[tuple[int, int]], list[tuple[int, int]]], chance: random.Random) -> None:
    sizes, pairs = drawn
    nodes = {f"n{number}": (float(width), float(height)) for number, (width, height) in enumerate(sizes)}
    edges = [(f"n{start}", f"n{end}") for start, end in pairs]
    found = layout(nodes, edges)
    assert set(found.positions) == set(nodes)
    assert set(found.paths) == set(edges)
    boxes = {name: (x, y, x + nodes[name][0], y + nodes[name][1]) for name, (x, y) in found.positions.items()}
    slack = 0.02
    assert all(-slack <= x <= found.size[0] + slack and -slack <= y <= found.size[1] + slack for box in boxes.values() for x, y in (box[:2], box[2:]))
    assert all(-slack <= x <= found.size[0] + slack and -slack <= y <= found.size[1] + slack for path in found.paths.values() for x, y in path)
    assert all(_apart(*two) for two in combinations(boxes.values(), 2))
    steps = [step for path in found.paths.values() for step in pairwise(path)]
    assert all(min(abs(x - to_x), abs(y - to_y)) <= 1 for (x, y), (to_x, to_y) in steps)  # level or upright
    if all(start < end for start, end in pairs):  # no circle
        assert all(boxes[start][2] < boxes[end][0] for start, end in edges)
    other = layout({name: nodes[name] for name in chance.sample(list(nodes), len(nodes))}, chance.sample(edges, len(edges)))
    assert other == found


def test_drawings_of_one_shape_are_placed_once_whatever_their_records_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eleven records, so that their places have one digit or two."""
    asked: list[object] = []
    monkeypatch.setattr(outlines, "layout", lambda nodes, edges: asked.append(nodes) or layout(nodes, edges))
    outlines.shape.cache_clear()

    def family(names: str) -> Corpus:
        return Corpus([model(name * 2, *[older * 2 for older in names[max(0, place - 3) : place]]) for place, name in enumerate(names)])

    drawn = [draw(whole(family(names))) for names in ("abcdeghknop", "bcdeghknopq")]
    paths = [[path.get("d") for path in drawing.findall(f".//{SVG}path[@marker-end]")] for drawing in drawn]
    assert paths[0] == paths[1]
    assert len(paths[0]) == 27
    assert len(asked) == 1


def test_arrows_keep_away_from_the_boxes_they_pass(graphs: dict[str, Graph]) -> None:
    assert clearance({"a": (10, 10)}, layout({"a": (10, 10)}, [])) == inf
    for name, graph in graphs.items():
        drawing = draw(graph)
        boxes = [(box.get("href"), _box(box[1])) for box in drawing.findall(f"{SVG}a")]
        for arrow, line in zip(graph.arrows, drawing.findall(f".//{SVG}path[@marker-end]"), strict=True):
            for (x, y), (to_x, to_y) in pairwise(_points(line)):
                stroke = min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)
                assert all(href in (uri(arrow.parent), uri(arrow.child)) or _apart(stroke, box) for href, box in boxes), name


def test_every_sign_has_words() -> None:
    assert set(SIGNS) == {"yes", "no", "conditional", "unclear", "not-released"}
    assert all(sign and says for sign, says in SIGNS.values())
