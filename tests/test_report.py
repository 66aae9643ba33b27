"""How faults are told: one page's only, as JSON, as annotations of a pull request, and what a code means."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import minimal
import pytest
from litreview.__main__ import main
from litreview.diagnostics import CODES, Diagnostic
from litreview.report import PAGE, address, as_annotation, tell
from minimal import MODEL, PAPER, edited

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = edited(PAPER, ("published: 2023-03-13", "published: spring"), ("method: [distillation]", "method: [destillation]"))
    return minimal.write(tmp_path_factory.mktemp("faulty"), edited(MODEL, ("published: 2022-12", "published: winter"), pages=pages))


@pytest.fixture
def run(faulty: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("REVIEW_SITE", raising=False)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, *(["--root", str(faulty)] if arguments[0] != "explain" else [])])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.mark.parametrize("name", [PAPER, "alpha", "./papers/alpha.md", "papers/alpha", "ABSOLUTE"])
def test_one_pages_faults_only(name: str, run: Run, faulty: Path) -> None:
    code, out, err = run("check", "--page", str(faulty / PAPER) if name == "ABSOLUTE" else name)
    assert code == 1
    assert [line.split(":")[0] for line in out.splitlines()] == [PAPER, PAPER]
    assert err.startswith("1 page checked, 2 errors\n")


def test_other_pages_faults_do_not_fail_a_page(run: Run) -> None:
    assert run("check", "--page", "gamma") == (0, "", "1 page checked, no errors\n")


def test_a_page_that_is_not_there(run: Run) -> None:
    code, out, err = run("check", "--page", "papers/alhpa.md")
    assert (code, out) == (2, "")
    assert err == "litreview: there is no page 'papers/alhpa.md'; did you mean papers/alpha.md?\n"
    assert run("check", "--page", "../../etc/passwd")[0] == 2


def test_json_has_everything(run: Run) -> None:
    code, out, _ = run("check", "--format", "json")
    found = json.loads(out)
    assert code == 1
    assert (found["format_version"], found["pages"], len(found["errors"])) == (1, 4, 3)
    error = next(error for error in found["errors"] if error["field"] == "method.0")
    assert error == {
        "path": PAPER, "line": 8, "code": "litreview.word-unknown", "field": "method.0", "message": error["message"], "suggestion": "distillation",
        "remedy": CODES["word-unknown"].remedy, "help": "contribute/diagnostics.html#litreview-word-unknown",
    }  # fmt: skip


def test_json_of_a_clean_page(run: Run) -> None:
    code, out, _ = run("check", "--format", "json", "--page", "gamma")
    assert (code, json.loads(out)) == (0, {"format_version": 1, "pages": 1, "errors": []})


def test_annotations_name_file_and_line(run: Run) -> None:
    code, out, err = run("check", "--format", "github")
    assert code == 1
    lines = out.splitlines()
    assert len(lines) == 3  # one command a line, whatever the message holds
    assert lines[0].startswith("::error file=models/beta.md,line=5,title=litreview.date-bad::published: 'winter' is not a date")
    assert "%0AWrite 2023, 2023-03 or 2023-03-13" in lines[0]
    assert "4 pages checked, 3 errors" in err


def test_an_annotation_cannot_be_broken_by_what_a_page_holds() -> None:
    problem = Diagnostic("papers/a,b:c.md", 3, "yaml-syntax", "", "100%\n::error::injected\r")
    line = as_annotation(problem)
    assert "\n" not in line and "\r" not in line
    assert line.startswith("::error file=papers/a%2Cb%3Ac.md,line=3,")
    assert r"100%25\n::error::injected\r" in line


def test_annotations_link_to_the_public_site(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVIEW_SITE", "https://review.example.org/en/latest/")
    assert "%0Ahttps://review.example.org/en/latest/contribute/diagnostics.html#litreview-date-bad" in run("check", "--format", "github")[1]
    assert json.loads(run("check", "--format", "json")[1])["errors"][0]["help"].startswith("https://review.example.org/en/latest/contribute/")


def test_a_format_that_is_none(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("check", "--format", "xml")
    assert ended.value.code == 2
    assert "invalid choice: 'xml'" in capsys.readouterr().err


def test_in_a_terminal_a_code_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Its text stays what it is everywhere; the link leads to the page that was built here."""
    (tmp_path / "_build/html" / PAGE).parent.mkdir(parents=True)
    (tmp_path / "_build/html" / PAGE).write_text("x", "utf-8")
    monkeypatch.delenv("REVIEW_SITE", raising=False)
    problem = Diagnostic("papers/a.md", 3, "date-bad", "published", "is no date")
    tell([problem], 1, "text", tmp_path)
    assert capsys.readouterr().out == f"{problem}\n"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    tell([problem], 1, "text", tmp_path)
    out = capsys.readouterr().out
    assert f"\x1b]8;;{(tmp_path / '_build/html').resolve().as_uri()}/{PAGE}#litreview-date-bad\x1b\\" in out
    assert re.sub(r"\x1b\]8;;.*?\x1b\\", "", out) == f"{problem}\n"


def test_explain_says_what_to_do(run: Run) -> None:
    code, out, _ = run("explain", "date-bad", "[litreview.license-unknown]")
    assert code == 0
    for name in ("date-bad", "license-unknown"):
        assert f"litreview.{name}\n  {CODES[name].meaning}\n  To mend it: {CODES[name].remedy}\n" in out


def test_explain_without_a_code_tells_all(run: Run) -> None:
    assert run("explain")[1].count("To mend it: ") == len(CODES)


def test_explain_of_no_code(run: Run) -> None:
    assert run("explain", "date-bda") == (2, "", "litreview explain: 'date-bda' is not a code; did you mean date-bad?\n")


def test_addresses_are_below_the_site() -> None:
    assert address("date-bad") == "contribute/diagnostics.html#litreview-date-bad"
    assert address("date-bad", "https://x.org/") == "https://x.org/contribute/diagnostics.html#litreview-date-bad"
