"""What a build leaves is what a clean build gives, whatever was done before: pages, exports, warnings, exit code."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import build, build_clean, replace
from litreview.__main__ import main

Copy = Callable[[str], Path]


def edit_field(source: Path) -> None:
    replace(source / "papers/camel.md", "instances: 1000", "instances: 1001")


def edit_title(source: Path) -> None:
    replace(source / "papers/camel.md", "short: Camel", "short: Bactrian")


def edit_full_title(source: Path) -> None:
    replace(source / "papers/dromedary.md", "title: Dromedary", "title: The Dromedary")


def edit_body(source: Path) -> None:
    replace(source / "papers/camel.md", "It came first.", "It came before all others.")


def edit_model(source: Path) -> None:
    replace(source / "models/wooly.md", "id: 7B", "id: 7b")


def edit_license(source: Path) -> None:
    replace(source / "licenses/mit.md", "short: MIT", "short: The MIT licence")


def edit_evidence(source: Path) -> None:
    replace(source / "papers/camel.md", "quote: we tune Wooly 7B", "quote: we tuned Wooly 7B")


def edit_chapter_title(source: Path) -> None:
    replace(source / "review/tables.md", "# Tables", "# All tables")


def edit_table(source: Path) -> None:
    replace(source / "review/tables.md", "data_instances > 100", "data_instances > 500")


def add(source: Path) -> None:
    text = (source / "papers/llama-calf.md").read_text().replace("Calf", "Guanaco")
    (source / "papers/guanaco.md").write_text(text)


def delete(source: Path) -> None:
    (source / "papers/llama-calf.md").unlink()


def delete_a_page_that_is_linked(source: Path) -> None:
    (source / "papers/dromedary.md").unlink()


def rename(source: Path) -> None:
    (source / "papers/llama-calf.md").rename(source / "papers/calf.md")


def break_a_field(source: Path) -> None:
    replace(source / "papers/camel.md", "license: CC-BY-4.0", "license: CC-BY-4")


def break_front_matter(source: Path) -> None:
    replace(source / "papers/camel.md", "short: Camel", "short: [Camel")


def break_a_link(source: Path) -> None:
    replace(source / "papers/camel.md", "(dromedary.md)", "(dromedar.md)")


CHANGES = [
    edit_field, edit_title, edit_full_title, edit_body, edit_model, edit_license, edit_evidence, edit_chapter_title, edit_table,
    add, delete, delete_a_page_that_is_linked, rename, break_a_field, break_front_matter, break_a_link,
]  # fmt: skip


def assert_as_clean(source: Path, builder: str = "html") -> None:
    again, clean = build(source, builder), build_clean(source, builder)
    assert again.code == clean.code
    assert sorted(set(again.warnings.splitlines())) == sorted(set(clean.warnings.splitlines()))
    left, right = again.files(), clean.files()
    assert sorted(left) == sorted(right)
    assert [name for name in left if left[name] != right[name]] == []


def pages_written(source: Path) -> set[str]:
    """Return the names of pages that one more build writes."""
    times = {path: path.stat().st_mtime_ns for path in (source.parent / "herd-built/html").rglob("*.html")}
    assert times
    build(source)
    return {path.name for path, time in times.items() if path.stat().st_mtime_ns != time}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_a_change_the_output_is_a_clean_build(review: Copy, change: Callable[[Path], None]) -> None:
    source = review("herd")
    before = build(source)
    assert before.code == 0
    old = before.files()
    change(source)
    assert_as_clean(source)
    assert build(source).files() != old, "the change changed nothing, so this test shows nothing"


@pytest.mark.parametrize("change", [edit_field, edit_title, delete, break_a_field], ids=lambda change: change.__name__)
def test_another_builder_in_between_leaves_nothing_stale(review: Copy, change: Callable[[Path], None]) -> None:
    source = review("herd")
    build(source)
    change(source)
    build(source, "latex")
    build(source, "text")
    assert_as_clean(source)
    assert_as_clean(source, "text")


@pytest.mark.parametrize("builder", ["dirhtml", "epub"])
def test_other_html_builders_are_as_fresh(review: Copy, builder: str) -> None:
    source = review("herd")
    build(source, builder)
    edit_title(source)
    again, clean = build(source, builder), build_clean(source, builder)
    pages = [name for name in clean.files() if name.endswith("html")]
    assert pages
    assert [name for name in pages if again.files()[name] != clean.files()[name]] == []


def styled(source: Path) -> None:
    """Give a review a style and a template of its own."""
    settings = 'html_theme = "basic"\nhtml_static_path = ["_static", "more.css"]\nhtml_css_files = ["herd.css", "more.css"]\ntemplates_path = ["_templates"]\n'
    (source / "conf.py").write_text((source / "conf.py").read_text() + settings)
    for name, text in {"_static/herd.css": "p { color: red }\n", "_templates/sourcelink.html": "<p>Herd</p>\n"}.items():
        (source / name).parent.mkdir()
        (source / name).write_text(text)
    (source / "more.css").write_text("p { order: 1 }\n")


def edit_a_setting_of_all_builders(source: Path) -> None:
    replace(source / "conf.py", 'version = "1"', 'version = "2"')


def edit_a_setting_of_html(source: Path) -> None:
    replace(source / "conf.py", "html_show_sphinx = False", "html_show_sphinx = True")


def edit_a_style(source: Path) -> None:
    """Pages name a style with a checksum, so that no browser takes an old one."""
    replace(source / "_static/herd.css", "red", "blue")


def edit_a_style_that_lies_alone(source: Path) -> None:
    """Sphinx takes single files as well as folders."""
    replace(source / "more.css", "1", "2")


def drop_a_style(source: Path) -> None:
    replace(source / "conf.py", '"herd.css", ', "")
    (source / "_static/herd.css").unlink()


def take_an_older_template(source: Path) -> None:
    replace(source / "_templates/sourcelink.html", "Herd", "Flock")
    os.utime(source / "_templates/sourcelink.html", (1_600_000_000, 1_600_000_000))


SETTINGS = [edit_a_setting_of_all_builders, edit_a_setting_of_html, edit_a_style, edit_a_style_that_lies_alone, drop_a_style, take_an_older_template]


@pytest.mark.parametrize("change", SETTINGS, ids=lambda change: change.__name__)
def test_what_is_beside_the_sources_is_never_stale(review: Copy, change: Callable[[Path], None]) -> None:
    source = review("herd")
    styled(source)
    old = build(source).files()
    change(source)
    build(source, "text")  # reads all that is read anew, and the pages of the site are still to be written
    assert_as_clean(source)
    assert build(source).files() != old
    assert pages_written(source) <= {"genindex.html", "search.html"}, "settings that stand have pages written"


def test_an_e_book_holds_no_notes_of_other_settings(review: Copy) -> None:
    source = review("herd")
    build(source, "epub")
    replace(source / "conf.py", 'project = "Herd"', 'project = "Flock"')
    again = {name for name in build(source, "epub").files() if not name.startswith(".doctrees")}
    assert again == {name for name in build_clean(source, "epub").files() if not name.startswith(".doctrees")}


def test_break_and_mend(review: Copy) -> None:
    source = review("herd")
    original = build(source).files()
    saved = (source / "papers/camel.md").read_bytes()
    break_front_matter(source)
    broken = build(source)
    assert broken.code == 1
    (source / "papers/camel.md").write_bytes(saved)
    mended = build(source)
    assert (mended.code, mended.warnings) == (0, "")
    assert mended.files() == original


def test_nothing_changed_writes_no_page(review: Copy) -> None:
    source = review("herd")
    build(source)
    assert pages_written(source) <= {"genindex.html", "search.html"}


def test_a_field_edit_writes_only_pages_that_show_it(review: Copy) -> None:
    source = review("herd")
    result = build(source)
    times = {path: path.stat().st_mtime_ns for path in result.outdir.rglob("*.html")}
    replace(source / "papers/camel.md", "summary: The first of the herd.", "summary: The very first of the herd.")
    build(source)
    written = {path.relative_to(result.outdir).as_posix() for path, time in times.items() if path.stat().st_mtime_ns != time}
    # the page, its toctree's parent (Sphinx's own rule), and Sphinx's own
    assert written <= {"papers/camel.html", "papers/index.html", "genindex.html", "search.html"}
    assert "papers/camel.html" in written


def test_later_edits_write_as_little(review: Copy) -> None:
    """What one build left alone must not be taken for unknown by the next."""
    source = review("herd")
    result = build(source)
    for number in range(4):
        times = {path: path.stat().st_mtime_ns for path in result.outdir.rglob("*.html")}
        replace(source / "papers/camel.md", "summary: ", f"summary: {number} ")
        build(source)
        written = {path.relative_to(result.outdir).as_posix() for path, time in times.items() if path.stat().st_mtime_ns != time}
        assert "papers/camel.html" in written
        assert written <= {"papers/camel.html", "papers/index.html", "genindex.html", "search.html"}, f"edit {number}"


@pytest.mark.parametrize("change", [break_a_field, break_front_matter, break_a_link], ids=lambda change: change.__name__)
def test_warnings_come_again_until_mended(review: Copy, change: Callable[[Path], None]) -> None:
    source = review("herd")
    change(source)
    first = build(source)
    assert first.code == 1
    assert first.warnings
    for builder in ("html", "text", "html"):
        again = build(source, builder)
        assert again.code == 1, builder
        assert set(again.warnings.splitlines()) == set(first.warnings.splitlines())


def test_a_diagnostic_has_file_line_and_code(review: Copy) -> None:
    source = review("herd")
    break_a_field(source)
    line = (source / "papers/camel.md").read_text().split("license: CC-BY-4,")[0].count("\n") + 1
    assert (
        f"papers/camel.md:{line}: WARNING: releases.data.license: unknown licence 'CC-BY-4'; did you mean 'CC-BY-4.0'? [litreview.license-unknown]"
        in build(source).warnings
    )


def test_check_and_build_tell_the_same(review: Copy) -> None:
    source = review("herd")
    break_a_field(source)
    replace(source / "papers/dromedary.md", "method: [distillation]", "method: [destillation]")
    replace(source / "models/wooly.md", "published: 2022", "published: 2022-13")
    replace(source / "review/tables.md", ":columns: name, data_instances", ":columns: name, data_instance")
    (source / "sources/wool.md").write_text("no facts here\n")
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
        assert main(["check", "--root", str(source)]) == 1
    checked = {line.replace(": error: ", ": ") for line in output.getvalue().splitlines()}
    built = {re.sub(r"^.*?/herd/", "", line).replace(": WARNING: ", ": ") for line in build(source).warnings.splitlines() if "[litreview." in line}
    assert len(checked) >= 5
    assert checked == built


def test_parallel_builds_are_the_same(review: Copy) -> None:
    source = review("herd")
    page = (source / "papers/llama-calf.md").read_text()
    for number in range(20):  # enough pages for Sphinx to divide them among workers
        (source / f"papers/kid-{number}.md").write_text(page.replace("Calf", f"Kid {number}"))
    break_a_field(source)
    one, four = build_clean(source), None
    left, warned = one.files(), one.warnings
    four = build_clean(source, parallel=4)
    assert set(four.warnings.splitlines()) == set(warned.splitlines())
    right = four.files()
    assert sorted(left) == sorted(right)
    assert [name for name in left if left[name] != right[name]] == []


def test_a_lost_output_folder_is_made_again(review: Copy) -> None:
    source = review("herd")
    result = build(source)
    files = result.files()
    shutil.rmtree(result.outdir)
    assert build(source).files() == files


def test_other_bad_input_never_ends_a_build(review: Copy) -> None:
    """Whatever a page holds, the build ends with diagnostics, and the other pages are built."""
    for text in ("", "---\n", "---\n---\n", "---\n[1, 2\n---\n", "---\na: &x 1\nb: *x\n---\n", "\x00\x01", "---\ntitle: 1\n---\n# One\n", "---\n- a\n---\n"):
        source = review("herd")
        (source / "papers/bad.md").write_text(text)
        result = build(source)
        assert result.code == 1
        assert "papers/bad.md" in result.warnings
        assert "Traceback" not in result.warnings
        assert "Ada Lovelace" in result.text("papers/camel.html")
        assert (result.outdir / "papers/bad.html").exists()
        shutil.rmtree(source)
        shutil.rmtree(source.parent / "herd-built")


def test_a_page_that_is_not_utf8_is_told(review: Copy) -> None:
    source = review("herd")
    data = (source / "papers/camel.md").read_bytes().replace(b"It came first", b"It came f\xefrst")
    (source / "papers/camel.md").write_bytes(data)
    result = build(source)
    assert result.code == 1
    assert "[litreview.text-encoding]" in result.warnings


def test_an_edit_leaves_every_page_known(review: Copy) -> None:
    """Pages that a build has no need to write stay known, or the next one would write them all."""
    source = review("herd")
    for path in source.rglob("*.md"):
        os.utime(path, (1e9, 1e9))
    for path in build(source).outdir.rglob("*.html"):
        os.utime(path, (path.stat().st_mtime - 60,) * 2)  # written after the pages and the theme, and before the next build
    replace(source / "papers/camel.md", "## ", "Some more.\n\n## ")
    pages = json.loads(build(source).text(".litreview-stamp.json"))["pages"]
    assert pages
    assert all(pages.values())
