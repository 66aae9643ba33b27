"""Whatever is done to a review, and in whatever order: the next build gives what a clean build gives.

Sequences of random steps, each from a seed, so that a failure can be had again: its message names the seed and the steps. After
every step, pages and exports are byte for byte the clean build's, nothing of deleted pages is left, and the diagnostics and the
exit code are the same.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT, ROOTS, Result, build
from soak import seeds

STEPS = 20  # of one sequence, each of one or two changes
BOOKS = """
extensions += ["typst_book"]
typst_documents = [{"start": "index", "file": "herd.pdf", "title": "Herd", "authors": [author]}]
typst_pdf = False  # the book is made of its source alone, and that is compared
myst_enable_extensions = ["colon_fence", "deflist"]
html_static_path = ["_static"]
html_css_files = ["herd.css"]
"""


Outcome = tuple[int, list[str], dict[str, bytes]]  # exit code, warnings, files


class Review:
    """A review that changes, with what was done to it, and what clean builds of it gave: megabytes each, so no longer than one sequence."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.clean: dict[tuple[str, str], Outcome] = {}
        self.folder = folder
        self.source = folder / "herd"
        self.done: list[str] = []
        self.saved: dict[str, bytes] = {}  # pages as they were before they were broken
        self.count = 0
        shutil.copytree(ROOTS / "herd", self.source)
        conf = self.source / "conf.py"
        conf.write_text(conf.read_text().replace('"furo"', '"basic"') + BOOKS)
        (self.source / "_static").mkdir()
        (self.source / "_static/herd.css").write_text("p { color: red }\n")
        (folder / "elsewhere.txt").write_text("elsewhere\n")
        (self.source / "papers/picture.png").write_bytes((ROOT / "_static/comparison.png").read_bytes()[:2000])
        (self.source / "papers/drawing.png").write_bytes((ROOT / "_static/comparison.png").read_bytes()[:3000])

    def pages(self, *folders: str) -> list[str]:
        """Return the record pages, or those in some folders."""
        wanted = folders or ("papers", "models", "licenses", "sources")
        return sorted(f"{folder}/{path.name}" for folder in wanted for path in (self.source / folder).glob("*.md") if path.name != "index.md")

    def pick(self, *folders: str) -> Path:
        return self.source / self.random.choice(self.pages(*folders))

    def number(self) -> int:
        self.count += 1
        return self.count

    def swap(self, path: Path, *choices: tuple[str, str]) -> None:
        """Replace the first text that the page has; a page that has none gets a sentence."""
        text = path.read_text("utf-8", errors="replace")
        old, new = next(((old, new) for old, new in choices if old in text), ("", ""))
        path.write_text(text.replace(old, new, 1) if old else f"{text}\nMore ({self.number()}).\n", "utf-8")


# --- The steps ---------------------------------------------------------------------------------------------------------


def edit_body(review: Review) -> None:
    path = review.pick()
    other = review.random.choice(review.pages())
    more = review.random.choice(
        [f"Word {review.number()}.", f"See [](../{other}).", f"See [{path.stem}](#{Path(other).stem}).", f"## Part {review.number()}", "See [](../index.md)."]
    )
    path.write_bytes(path.read_bytes() + f"\n{more}\n".encode())


def edit_field(review: Review) -> None:
    number = review.number()
    path = review.pick("papers", "models")
    choices = [
        ("instances: 1000", f"instances: {1000 + number}"), ("instances: 50", f"instances: 50{number}"),
        ("published: 2023-02", f"published: 2023-0{number % 9 + 1}"), ("summary: The", f"summary: Number {number}: the"), ("quote: we", f"quote: {number} we"),
        ("base_models: wooly/7B", "base_models: wooly/13B"), ("base_models: wooly/13B", "base_models: wooly/7B"),
        ("availability: [api]", "availability: [open-weights]"), ("from: [dromedary]", "from: [camel]"), ("from: camel", "from: wool"),
        ("license: MIT", "license: CC-BY-4.0"), ("license: CC-BY-4.0", "license: MIT"),
    ]  # fmt: skip
    review.random.shuffle(choices)
    review.swap(path, *choices)


def edit_title(review: Review) -> None:
    review.swap(review.pick(), *review.random.sample([("\nshort: ", f"\nshort: N{review.number()} "), ("\ntitle: ", f"\ntitle: N{review.number()} ")], 2))


def add(review: Review) -> None:
    name = f"kid-{review.number()}"
    page = (ROOTS / "herd/papers/llama-calf.md").read_text().replace("Calf", name)
    parents = [Path(path).stem for path in review.pages("papers")]
    (review.source / f"papers/{name}.md").write_text(page.replace("[dromedary]", f"[{review.random.choice(parents)}]" if parents else "[wool]"))


def delete(review: Review) -> None:
    if len(review.pages("papers")) > 1:
        review.pick("papers", "sources" if len(review.pages("sources")) > 1 else "papers").unlink()


def rename(review: Review) -> None:
    path = review.pick()
    path.rename(path.with_name(f"renamed-{review.number()}.md"))


def change_a_licence(review: Review) -> None:
    answers = ["{answer: yes, requires: [notice]}", "{answer: no, restricts: [non-commercial]}", "{answer: conditional, restricts: [use-based]}"]
    old, new = review.random.sample(answers, 2)
    review.swap(review.pick("licenses"), (old, new), (new, old))


def break_a_page(review: Review) -> None:
    path = review.pick()
    review.saved[str(path)] = path.read_bytes()
    how = review.random.randrange(8)
    if how == 0:
        review.swap(path, ("\nshort: ", "\nshort: ["))
    elif how == 1:
        review.swap(path, ("\nsummary: ", "\nsumary: "))
    elif how == 2:
        path.write_bytes(path.read_bytes().replace(b"It ", b"\xff\xfe "))
    elif how == 3:
        path.write_bytes(path.read_bytes() + b"\n```{include} ../conf.py\n```\n")
    elif how == 4:
        path.write_bytes(path.read_bytes() + b"\n[x](nowhere.md) and [y](#nothing)\n")
    elif how == 5:
        path.write_bytes(b"")
    elif how == 6:
        path.unlink()
        path.symlink_to(review.folder / "elsewhere.txt")
    else:
        path.write_bytes(path.read_bytes() + b"\n# One\n\n### Three\n")


def mend(review: Review) -> None:
    if review.saved:
        name, data = review.saved.popitem()
        Path(name).unlink(missing_ok=True)
        Path(name).write_bytes(data)
    else:
        edit_body(review)


def replace_by_an_older_file(review: Review) -> None:
    path = review.pick()
    if path.is_symlink():
        return
    edited = path.with_suffix(".tmp")
    edited.write_bytes(path.read_bytes() + f"\nOlder ({review.number()}).\n".encode())
    os.utime(edited, (1_600_000_000, 1_600_000_000))
    edited.replace(path)


def touch(review: Review) -> None:
    os.utime(review.pick())


def edit_a_chapter(review: Review) -> None:
    path = review.source / review.random.choice(["review/tables.md", "index.md", "papers/index.md"])
    number = review.number()
    choices = [
        ("data_instances > 100", "data_instances > 500"), ("data_instances > 500", "data_instances > 100"), ("caption: Models", f"caption: Models {number}"),
        (":group-by: base_models", ":group-by: method"), (":group-by: method", ":group-by: base_models"), ("# Tables", f"# Tables {number}"),
        (":columns: name, published", ":columns: name, nothing"), (":columns: name, nothing", ":columns: name, published"), ("# Herd", f"# Herd {number}"),
        ("models/index\nlicenses/index", "licenses/index\nmodels/index"), ("# Papers", f"# Papers {number}"), ("{review-state}", "{lineage-tree}"),
    ]  # fmt: skip
    review.random.shuffle(choices)
    review.swap(path, *choices)


def add_a_chapter(review: Review) -> None:
    name = f"chapter-{review.number()}"
    (review.source / f"review/{name}.md").write_text(f"# {name}\n\nText. [](#wooly)\n\n```{{comparison-table}} papers\n:columns: name\n:caption: {name}\n```\n")
    index = review.source / "index.md"
    index.write_text(index.read_text().replace("review/tables\n", f"review/tables\nreview/{name}\n"))


def delete_a_chapter(review: Review) -> None:
    chapters = sorted((review.source / "review").glob("chapter-*.md"))
    if chapters:
        chapter = review.random.choice(chapters)
        chapter.unlink()
        index = review.source / "index.md"
        if review.random.random() < 0.7:  # else the toctree leads nowhere, and that is told
            index.write_text(index.read_text().replace(f"review/{chapter.stem}\n", ""))


def show_an_image(review: Review) -> None:
    review.swap(review.pick("papers"), ("![P](picture.png)", "![P](drawing.png)"), ("![P](drawing.png)", ""), ("\n## What", "\n![P](picture.png)\n\n## What"))


def change_a_setting(review: Review) -> None:
    number = review.number()
    choices = [
        ('project = "Herd', f'project = "Herd {number}'), ('version = "1', f'version = "1.{number}'), ("myst_heading_anchors = 3", "myst_heading_anchors = 2"),
        ("myst_heading_anchors = 2", "myst_heading_anchors = 3"), ("show_sphinx = False", "show_sphinx = True"), ("show_sphinx = True", "show_sphinx = False"),
        ('language = "en"', 'language = "en_GB"'), ('language = "en_GB"', 'language = "en"'), ("latex_doc", f'html_title = "Title {number}"\nlatex_doc'),
        ("latex_doc", f'html_baseurl = "https://herd-{number}.example/"\nlatex_doc'),
    ]  # fmt: skip
    review.random.shuffle(choices)
    review.swap(review.source / "conf.py", *choices)


def change_a_style(review: Review) -> None:
    path = review.source / "_static/herd.css"
    path.write_text(f"{path.read_text()}p {{ order: {review.number()} }}\n")


CHANGES: list[Callable[[Review], None]] = [
    edit_body, edit_body, edit_field, edit_field, edit_field, edit_title, add, delete, rename, change_a_licence, break_a_page, break_a_page, mend, mend, mend,
    replace_by_an_older_file, touch, edit_a_chapter, edit_a_chapter, add_a_chapter, delete_a_chapter, show_an_image, change_a_setting, change_a_style,
]  # fmt: skip
BUILDERS = ["html"] * 6 + ["dirhtml"] * 2 + ["latex", "typst", "epub", "text"]


@pytest.fixture(scope="module", autouse=True)
def _dated() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        yield


def outcome(result: Result) -> Outcome:
    # An EPUB is its folder, packed with the files' times.
    files = {name: data for name, data in result.files().items() if ".doctrees" not in name and not name.endswith(".epub")}
    return result.code, sorted(set(result.warnings.splitlines())), files


def clean_build(review: Review, builder: str) -> Outcome:
    """Return what a clean build gives; one that was made already of the same files is not made again."""
    files = sorted(path for path in review.source.rglob("*") if path.is_file())
    state = hashlib.sha256(repr([(str(path), path.is_symlink(), path.read_bytes()) for path in files]).encode()).hexdigest()
    if (state, builder) not in review.clean:
        target = review.folder / "clean"
        shutil.rmtree(target, ignore_errors=True)
        review.clean[state, builder] = outcome(build(review.source, builder, out=target / builder, doctrees=target / "doctrees"))
    return review.clean[state, builder]


@pytest.mark.parametrize("seed", seeds(8))
def test_after_any_steps_the_output_is_a_clean_build(tmp_path: Path, seed: int) -> None:
    review = Review(tmp_path, seed)
    for _ in range(STEPS):
        for change in review.random.choices(CHANGES, k=review.random.choice([1, 1, 1, 2])):
            change(review)
            review.done.append(change.__name__)
        builder, parallel = review.random.choice(BUILDERS), review.random.choice([0, 0, 0, 2])
        review.done.append(f"{builder} -j {parallel or 1}")
        code, warnings, files = outcome(build(review.source, builder, parallel=parallel))
        clean_code, clean_warnings, clean_files = clean_build(review, builder)
        story = f"seed {seed}: {', '.join(review.done)}"
        assert warnings == clean_warnings, story
        assert code == clean_code, story
        assert sorted(files) == sorted(clean_files), story
        assert [name for name in files if files[name] != clean_files[name]] == [], story
        if builder in ("html", "dirhtml"):
            assert "data/review.json" in files


def test_the_workers_of_a_soak_share_its_seeds(tmp_path: Path) -> None:
    """Each worker collects the tests; where they differ, none is run."""
    (tmp_path / "test_seeds.py").write_text(
        "import pytest\nfrom soak import seeds\n\n@pytest.mark.parametrize('seed', seeds(3))\ndef test_it(seed):\n    pass\n"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment |= {"REVIEW_SOAK": "2", "PYTHONPATH": str(ROOT / "tests"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # others take seconds to load
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "-n", "2", "-vp", "no:cacheprovider", tmp_path]
    told = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert "6 passed" in told, told
    assert set(map(int, re.findall(r"test_it\[(\d+)\]", told))) != set(range(6))
