"""`check --fix`: what it mends, what it leaves alone, and that nothing is lost on the way."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import minimal
import pytest
import yaml
from conftest import ROOT
from litreview import frontmatter
from litreview.__main__ import main
from litreview.corpus import Corpus, load
from litreview.diagnostics import CODES
from litreview.fixes import CERTAIN, folded, mended
from litreview.schema import FOLDERS
from litreview.specification import specification
from litreview.values import date_meant
from minimal import MODEL, PAPER, edited

Fix = Callable[..., tuple[int, str, str]]


@pytest.fixture
def fix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Fix:
    """Return `litreview check --fix` over a review in the test's folder: exit code, what is left, what was shown."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["check", "--fix", "--root", str(tmp_path), *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


MENDED: dict[str, tuple[str, str, str]] = {
    "a date with slashes": ("published: 2023-03-13", "published: 2023/3/13", "published: 2023-03-13"),
    "a date in words": ("published: 2023-03-13", "published: March 13, 2023", "published: 2023-03-13"),
    "a period in words": ("generated: 2023-01/2023-02", "generated: January 2023 to February 2023", "generated: 2023-01/2023-02"),
    "a licence in other letters": ("data: {license: CC-BY-NC-4.0,", "data: {license: cc-by-nc-4.0,", "data: {license: CC-BY-NC-4.0,"),
    "a licence's short name": ("data: {license: CC-BY-NC-4.0,", "data: {license: CC BY-NC 4.0,", "data: {license: CC-BY-NC-4.0,"),
    "a quoted licence": ("data: {license: CC-BY-NC-4.0,", "data: {license: 'cc by nc 4.0',", "data: {license: CC-BY-NC-4.0,"),
    "a word in other letters": ("judge: [human]", "judge: [Human]", "judge: [human]"),
    "a word in a line": ("form: delta, license", "form: DELTA, license", "form: delta"),
    "a word alone": ("  judge: [human]", "  judge: Human", "  judge: human"),
    "grouped digits": ("instructions: 52002", "instructions: '52,002'", "instructions: 52002"),
    "not stated": ("venue: not-stated", "venue: not stated", "venue: not-stated"),
    "keys of a line": (
        "small: {base: [beta/7B], form: delta,",
        "small: {form: delta, base: [beta/7B],",
        "small: {license: CC-BY-NC-4.0, base: [beta/7B], form: delta}",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "result"), MENDED.values(), ids=MENDED.keys())
def test_what_has_one_right_answer_is_mended(right: str, wrong: str, result: str, fix: Fix, tmp_path: Path) -> None:
    minimal.write(tmp_path, edited(PAPER, (right, wrong)))
    code, left, shown = fix("--page", PAPER)
    assert (code, left) == (0, "")
    assert result in (tmp_path / PAPER).read_text("utf-8")
    assert "1 page mended" in shown
    assert (
        f"--- {PAPER}\tas it was" in shown and f"\n-{next(line for line in (tmp_path / PAPER).read_text('utf-8').splitlines() if result in line)}" not in shown
    )
    assert any(line.startswith("+") and result.strip() in line for line in shown.splitlines())


LEFT: dict[str, tuple[str, str]] = {
    "a date that can be two": ("published: 2023-03-13", "published: 03/04/2023"),
    "a day that does not exist": ("published: 2023-03-13", "published: 30 February 2023"),
    "a rounded number": ("instructions: 52002", "instructions: 52K"),
    "a word misspelt": ("method: [distillation]", "method: [destillation]"),
    "a licence misspelt": ("data: {license: CC-BY-NC-4.0,", "data: {license: CC-BY-NC-4.1,"),
    "an id misspelt": ("base_models: [beta/7B]", "base_models: [betta/7B]"),
    "yes for true": ("in_context_examples: no", "in_context_examples: false"),
}


@pytest.mark.parametrize(("right", "wrong"), LEFT.values(), ids=LEFT.keys())
def test_what_can_mean_two_things_is_left(right: str, wrong: str, fix: Fix, tmp_path: Path) -> None:
    minimal.write(tmp_path, edited(PAPER, (right, wrong)))
    before = (tmp_path / PAPER).read_bytes()
    code, left, shown = fix()
    assert code == 1 and left
    assert "no pages mended" in shown
    assert (tmp_path / PAPER).read_bytes() == before


def test_a_licence_that_two_pages_could_mean_is_left(fix: Fix, tmp_path: Path) -> None:
    pages = edited(PAPER, ("data: {license: CC-BY-NC-4.0,", "data: {license: CC-NC,"))
    pages["licenses/cc-by-nc-4.0.md"] = pages["licenses/cc-by-nc-4.0.md"].replace("spdx:", "also_known_as: [CC NC]\nspdx:")
    pages["licenses/mit.md"] = minimal.page("licenses/mit.md", "also_known_as: [cc-nc]")
    minimal.write(tmp_path, pages)
    assert fix()[0] == 1
    assert "license: CC-NC," in (tmp_path / PAPER).read_text("utf-8")


COMMENTED = """\
---
# about the whole page
published: 2023/03/13   # from the post
# how it is called
title: "Über: a “test” – 王"
short: Über

# two lines
# on authors
authors:
- First Author # she wrote it
- Second Author
summary: |
  One sentence
  # which is no comment
method: [distillation]
kinds: [method]
data:
  # counted by hand
  instances: 20
  instructions: 10
  sources: none   # none at all
# at the end
---

## Text

Prose   with  spaces  # and a sign

"""


def test_keys_move_with_their_comments(fix: Fix, tmp_path: Path) -> None:
    minimal.write(tmp_path, {**minimal.PAGES, "papers/uber.md": COMMENTED})
    code, left, _ = fix("--page", "uber")
    assert (code, left) == (0, "")
    assert (
        (tmp_path / "papers/uber.md").read_text("utf-8")
        == """\
---
# how it is called
title: "Über: a “test” – 王"
short: Über

# two lines
# on authors
authors:
- First Author # she wrote it
- Second Author
# about the whole page
published: 2023-03-13   # from the post
kinds: [method]
method: [distillation]
summary: |
  One sentence
  # which is no comment
data:
  sources: none   # none at all
  instructions: 10
  # counted by hand
  instances: 20
# at the end
---

## Text

Prose   with  spaces  # and a sign

"""
    )


def test_mending_twice_changes_nothing_more(fix: Fix, tmp_path: Path) -> None:
    minimal.write(tmp_path, {**minimal.PAGES, "papers/uber.md": COMMENTED})
    fix("--page", "uber")
    assert "no pages mended" in fix("--page", "uber")[2]


def test_pages_without_faults_are_left_alone(fix: Fix, tmp_path: Path) -> None:
    """A newcomer's run must not touch other people's pages; the order of keys is mended where a page is named."""
    out_of_order = minimal.PAGES[MODEL].replace("developer: Beta Lab\npublished: 2022-12\n", "published: 2022-12\ndeveloper: Beta Lab\n")
    minimal.write(tmp_path, edited(PAPER, ("published: 2023-03-13", "published: 2023/03/13")) | {MODEL: out_of_order})
    assert fix()[0] == 0
    assert (tmp_path / MODEL).read_text("utf-8") == out_of_order
    assert fix("--page", MODEL)[0] == 0
    assert (tmp_path / MODEL).read_text("utf-8") == minimal.PAGES[MODEL]


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
def test_line_ends_and_byte_order_marks_stay(ending: str, mark: bytes, fix: Fix, tmp_path: Path) -> None:
    pages = edited(PAPER, ("published: 2023-03-13", "published: 2023/03/13"))
    minimal.write(tmp_path, {**pages, PAPER: mark + pages[PAPER].replace("\n", ending).encode()})
    fix()
    assert (tmp_path / PAPER).read_bytes() == mark + minimal.PAGES[PAPER].replace("\n", ending).encode()


@pytest.mark.parametrize("broken", ["title: [", "a: &x 1\nb: *x", "title: a\ntitle: b", "\ttitle: x"])
def test_a_page_that_cannot_be_read_is_left_alone(broken: str, fix: Fix, tmp_path: Path) -> None:
    text = f"---\npublished: 2023/03/13\n{broken}\n---\n\n## Text\n"
    minimal.write(tmp_path, {**minimal.PAGES, "papers/broken.md": text})
    assert fix()[0] == 1
    assert (tmp_path / "papers/broken.md").read_text("utf-8") == text


def test_a_linked_page_is_neither_shown_nor_mended(fix: Fix, tmp_path: Path) -> None:
    minimal.write(tmp_path)
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("---\npublished: 2023-03-13\ntitle: Secret\n---\n")
    (tmp_path / PAPER).unlink()
    (tmp_path / PAPER).symlink_to(elsewhere)
    code, _, shown = fix("--page", PAPER)
    assert code == 1
    assert "Secret" not in shown
    assert (tmp_path / PAPER).is_symlink()


def test_keys_stay_where_they_are_without_a_named_page(fix: Fix, tmp_path: Path) -> None:
    minimal.write(tmp_path, {**minimal.PAGES, "papers/uber.md": COMMENTED})
    assert fix()[0] == 0
    assert (tmp_path / "papers/uber.md").read_text("utf-8") == COMMENTED.replace("2023/03/13", "2023-03-13")


def test_what_is_left_is_told_with_its_new_lines(fix: Fix, tmp_path: Path) -> None:
    minimal.write(tmp_path, edited(PAPER, ("published: 2023-03-13", "published: spring"), ("title:", "venue: x\ntitle:"), ("venue: not-stated\n", "")))
    code, left, _ = fix("--page", PAPER)
    lines = (tmp_path / PAPER).read_text("utf-8").splitlines()
    assert code == 1
    assert left.startswith(f"{PAPER}:{lines.index('published: spring') + 1}: error: published")


def shuffled(node: yaml.Node, rng: random.Random) -> None:
    """Put the keys of all mappings into another order."""
    if isinstance(node, yaml.MappingNode):
        rng.shuffle(node.value)
        for _, value in node.value:
            shuffled(value, rng)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            shuffled(item, rng)


@pytest.fixture(scope="module")
def real() -> Corpus:
    return load(ROOT)


@pytest.mark.parametrize("name", [path.relative_to(ROOT).as_posix() for folder in FOLDERS for path in sorted((ROOT / folder).glob("*.md"))[1:4]])
@pytest.mark.parametrize("flow", [False, None], ids=["block", "flow inside"])
def test_real_pages_shuffled_come_back_into_order(name: str, flow: bool | None, real: Corpus) -> None:
    """The values are the same, the body too, and every mapping that can be ordered is."""
    text = (ROOT / name).read_text("utf-8")
    page = frontmatter.read(text)
    node = yaml.compose(page.block, Loader=yaml.BaseLoader)
    shuffled(node, random.Random(name))
    block = (
        yaml.serialize(node, allow_unicode=True, width=10_000)
        if flow is None
        else yaml.dump(yaml.load(yaml.serialize(node), Loader=yaml.BaseLoader), allow_unicode=True, sort_keys=False, default_flow_style=flow, width=10_000)
    )
    mixed = f"---\n{block.strip()}\n---\n{page.body}"
    result = mended(real, name, mixed, [])
    read = frontmatter.read(result)
    assert read.values == frontmatter.read(mixed).values == page.values
    assert read.body == page.body
    names = list(specification(FOLDERS[name.split("/")[0]]).fields)
    assert list(read.values) == sorted(read.values, key=names.index)


def test_real_pages_lose_nothing(real: Corpus) -> None:
    for page in real.pages:
        text = (ROOT / page.path).read_text("utf-8")
        result = mended(real, page.path, text, [])
        assert frontmatter.read(result).values == frontmatter.read(text).values
        assert sorted(result) == sorted(text), f"{page.path} has other letters than before"


def test_mendable_codes_are_declared() -> None:
    assert CERTAIN.keys() <= CODES.keys()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2023/03/13", "2023-03-13"),
        ("2023.3.5", "2023-03-05"),
        ("20230313", "2023-03-13"),
        ("13 March 2023", "2023-03-13"),
        ("Mar 13, 2023", "2023-03-13"),
        ("1st Sept. 2023", "2023-09-01"),
        ("May 2023", "2023-05"),
        ("2023/03", "2023-03"),
        ("03/04/2023", ""),
        ("31 June 2023", ""),
        ("Ma 2023", ""),
        ("spring 2023", ""),
        ("Ju 2023", ""),
        ("2023-13", ""),
        ("", ""),
        ("1e999", ""),
    ],
)
def test_dates_as_people_write_them(text: str, meant: str) -> None:
    assert date_meant(text) == meant


def test_names_are_compared_without_what_people_vary() -> None:
    assert folded("CC BY-NC_4.0") == folded("cc-by-nc-4.0") != folded("cc-by-4.0")
