"""A new page: what catalogues and BibTeX give, what is left to look up, and what happens when they answer badly.

No test leaves the machine: catalogues answer from the loopback, with what their manuals document.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import minimal
import pytest
from conftest import ROOT
from litreview.__main__ import main
from litreview.corpus import load
from litreview.records import read_page
from litreview.scaffold import asking, catalogues
from litreview.scaffold.found import Found, arxiv_id, clean, doi_of, links_of_doi
from litreview.scaffold.page import HEADINGS, tidy, write
from litreview.schema import FOLDER_OF, KINDS
from litreview.specification import specification
from loopback import Answer, Server, measured, serving

ANSWERS = Path(__file__).parent / "answers"
SELF_INSTRUCT = (ANSWERS / "arxiv-2212.10560.xml").read_bytes()
CROSSREF = (ANSWERS / "crossref-10.18653-v1-2023.acl-long.754.json").read_bytes()
DOI = "10.18653/v1/2023.acl-long.754"
DOI_PATH = "/works/10.18653%2Fv1%2F2023.acl-long.754"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serve both catalogues from the loopback, by the variables that a mirror is set with."""
    with serving() as running:
        monkeypatch.setenv("LITREVIEW_ARXIV", f"{running.address}/api/query")
        monkeypatch.setenv("LITREVIEW_CROSSREF", f"{running.address}/works")
        monkeypatch.delenv("LITREVIEW_CONTACT", raising=False)
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
        yield running


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note waits instead of waiting."""
    noted: list[float] = []
    monkeypatch.setattr(asking.time, "sleep", noted.append)
    return noted


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return minimal.write(tmp_path / "review")


New = Callable[..., tuple[int, str, str]]


@pytest.fixture
def new(root: Path, capsys: pytest.CaptureFixture[str], waits: list[float]) -> New:
    """Return `litreview new` in this process: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["new", *arguments, "--root", str(root)])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return code, told.out, told.err

    return run


def faults(root: Path, path: str) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in load(root).check() if problem.path == path]


def listed(message: str) -> list[str]:
    """Return the fields that a run says are still to be looked up."""
    found = re.search(r"passes: (.*)\.$", message, re.MULTILINE)
    return found[1].split(", ") if found else []


# --- What a source gives ------------------------------------------------------------------------------------------------


def test_arxiv_fills_what_it_knows(new: New, root: Path, server: Server) -> None:
    server.answers["/api/query"] = [Answer(SELF_INSTRUCT)]
    code, out, err = new("paper", "--id", "self-instruct", "--arxiv", "2212.10560")
    assert (code, out) == (0, f"{root}/papers/self-instruct.md\n")
    page = read_page("papers/self-instruct.md", (root / "papers/self-instruct.md").read_bytes())
    record = page.record
    assert record["title"] == "Self-Instruct: Aligning Language Models with Self-Generated Instructions"
    assert record["short"] == "Self-Instruct"
    assert record["authors"][0] == "Yizhong Wang" and len(record["authors"]) == 7
    assert record["published"] == "2022-12-20"
    assert record["links"] == {"paper": "https://arxiv.org/abs/2212.10560", "arxiv": "2212.10560"}
    assert listed(err) == ["kinds", "method", "summary"]
    text = (root / "papers/self-instruct.md").read_text("utf-8")
    assert "ACL 2023 camera ready" in text and "the newest version is of 2023-05-25" in text


def test_what_arxiv_proves_is_evidence(new: New, root: Path, server: Server) -> None:
    """The record is a document that was read; the paper is not."""
    server.answers["/api/query"] = [Answer(SELF_INSTRUCT)]
    new("paper", "--id", "self-instruct", "--arxiv", "2212.10560")
    record = read_page("papers/self-instruct.md", (root / "papers/self-instruct.md").read_bytes()).record
    assert record["references"]["arxiv"]["note"] == "The record only, not the paper itself."
    assert [(entry["for"], entry["in"]) for entry in record["evidence"]] == [(["authors", "published"], "arxiv")]


def test_crossref_fills_what_it_knows(new: New, root: Path, server: Server) -> None:
    server.answers[DOI_PATH] = [Answer(CROSSREF)]
    code, _, err = new("paper", "--id", "self-instruct", "--doi", f"https://doi.org/{DOI}")
    assert code == 0
    record = read_page("papers/self-instruct.md", (root / "papers/self-instruct.md").read_bytes()).record
    assert record["authors"][4] == "Noah A. Smith"
    assert record["published"] == "2023"
    assert record["venue"].startswith("Proceedings of the 61st Annual Meeting")
    assert record["links"] == {"paper": f"https://doi.org/{DOI}", "doi": DOI, "anthology": "2023.acl-long.754"}
    assert listed(err) == ["kinds", "method", "summary"]
    assert "if a preprint came earlier" in (root / "papers/self-instruct.md").read_text("utf-8")


def test_a_doi_of_arxivs_is_asked_of_arxiv(new: New, server: Server) -> None:
    server.answers["/api/query"] = [Answer(SELF_INSTRUCT)]
    assert new("paper", "--id", "self-instruct", "--doi", "10.48550/arXiv.2212.10560")[0] == 0
    assert [path.partition("?")[0] for path, _ in server.requests] == ["/api/query"]


BIBTEX = r"""@inproceedings{wang-etal-2023-self,
  title = "{S}elf-{I}nstruct: Aligning Language Models with Self-Generated Instructions",
  author = {Wang, Yizhong and Kordi, Yeganeh and Dvo{\v{r}}{\'a}k, Ji{\v{r}}{\'\i} and de la Cruz, Ana and Hajishirzi, Hannaneh and others},
  booktitle = "Proceedings of the 61st Annual Meeting of the Association for Computational Linguistics",
  month = jul, year = "2023", url = "https://aclanthology.org/2023.acl-long.754", doi = "10.18653/v1/2023.acl-long.754",
}
"""


def test_bibtex_fills_what_it_knows(new: New, root: Path, tmp_path: Path) -> None:
    """Names as BibTeX writes them, with a second author made up for the accents."""
    (tmp_path / "one.bib").write_text(BIBTEX, "utf-8")
    code, _, err = new("paper", "--bibtex", str(tmp_path / "one.bib"))
    assert code == 0
    record = read_page("papers/self-instruct.md", (root / "papers/self-instruct.md").read_bytes()).record
    assert record["authors"] == ["Yizhong Wang", "Yeganeh Kordi", "Jiří Dvořák", "Ana de la Cruz", "Hannaneh Hajishirzi"]
    assert record["published"] == "2023-07"
    assert record["links"]["anthology"] == "2023.acl-long.754"
    assert "references" not in record  # an entry in a file proves nothing
    assert "more authors are to be added" in (root / "papers/self-instruct.md").read_text("utf-8")
    assert listed(err) == ["kinds", "method", "summary"]


def test_bibtex_of_a_preprint(new: New, root: Path, tmp_path: Path) -> None:
    (tmp_path / "one.bib").write_text(
        "@article{x, title={LIMA: Less}, author={Zhou, Chunting}, journal={arXiv preprint arXiv:2305.11206}, year={2023}}", "utf-8"
    )
    assert new("paper", "--bibtex", str(tmp_path / "one.bib"))[0] == 0
    record = read_page("papers/lima.md", (root / "papers/lima.md").read_bytes()).record
    assert record["links"] == {"paper": "https://arxiv.org/abs/2305.11206", "arxiv": "2305.11206"}
    assert "venue" not in record


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no entry"),
        ("@article{a, title={A}} @article{b, title={B}}", "has 2 entries (a, b); say which one with KEY="),
        ("@article{a, title={A", "is not BibTeX that pybtex can read"),
        ("\x00\xff" * 50, "has no entry"),
    ],
)
def test_bibtex_that_gives_no_work(text: str, message: str, new: New, root: Path, tmp_path: Path) -> None:
    (tmp_path / "one.bib").write_text(text, "utf-8")
    code, out, err = new("paper", "--id", "one", "--bibtex", str(tmp_path / "one.bib"))
    assert (code, out) == (2, "")
    assert message in err and "nothing was written" in err
    assert not (root / "papers/one.md").exists()


def test_an_entry_is_taken_by_its_key(new: New, root: Path, tmp_path: Path) -> None:
    (tmp_path / "two.bib").write_text("@article{a, title={First}} @article{b, title={Second}}", "utf-8")
    assert new("paper", "--id", "second", "--bibtex", str(tmp_path / "two.bib"), "--key", "b")[0] == 0
    assert "title: Second\n" in (root / "papers/second.md").read_text("utf-8")
    assert "did you mean" not in new("paper", "--id", "third", "--bibtex", str(tmp_path / "two.bib"), "--key", "zzz")[2]


def test_spdx_fills_a_licence(new: New, root: Path) -> None:
    code, _, err = new("license", "--spdx", "mit-0")
    assert code == 0
    record = read_page("licenses/mit-0.md", (root / "licenses/mit-0.md").read_bytes()).record
    assert (record["title"], record["spdx"], record["short"]) == ("MIT No Attribution", "MIT-0", "MIT-0")
    assert listed(err) == ["summary", "family"]


def test_a_licence_that_spdx_does_not_know(new: New, root: Path) -> None:
    code, _, err = new("license", "--spdx", "MIT-00")
    assert code == 2
    assert "'MIT-00' is not on the SPDX list; did you mean MIT-0?" in err
    assert new("license", "--spdx", "LicenseRef-My-Terms")[0] == 0
    assert (root / "licenses/licenseref-my-terms.md").exists()


# --- What is left to look up --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_page_has_no_fault_but_those_it_tells(kind: str, new: New, root: Path) -> None:
    code, _, err = new(kind, "--id", "blank")
    path = f"{FOLDER_OF[kind]}/blank.md"
    assert code == 0
    told = listed(err)
    assert told == [name for name in specification(kind).required if name != "short"]
    assert faults(root, path) == [("field-empty", name) for name in told]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_names_every_field_in_the_schemas_order(kind: str, new: New, root: Path) -> None:
    new(kind, "--id", "blank")
    text = (root / FOLDER_OF[kind] / "blank.md").read_text("utf-8")
    named = re.findall(r"^(?:# )?([a-z_]+):", text, re.MULTILINE)
    assert named == list(specification(kind).fields)
    for name, field in (entry for entry in specification(kind).fields.items() if entry[0] != "short"):
        assert f"{field.about.help.split('.')[0][:40]}" in text.replace("\n## ", " "), name


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_filled_by_taking_signs_away_is_read(kind: str) -> None:
    """Every waiting line, with its sign taken away, is a line of YAML at the right depth."""
    text, _ = write(kind, "blank", Found(), "2026-11-22")
    filled = re.sub(r"^( *)# ", r"\1", text, flags=re.MULTILINE)
    problems = read_page(f"{FOLDER_OF[kind]}/blank.md", filled).problems
    assert not [problem for problem in problems if problem.code.startswith("yaml") or problem.code in ("field-unknown", "key-duplicate")]


def test_a_page_that_is_filled_checks_clean(new: New, root: Path, server: Server) -> None:
    server.answers["/api/query"] = [Answer(SELF_INSTRUCT)]
    new("paper", "--id", "self-instruct", "--arxiv", "2212.10560")
    path = root / "papers/self-instruct.md"
    filled = path.read_text("utf-8").replace("\nkinds:\n", "\nkinds: method\n").replace("\nmethod:\n", "\nmethod: self-generation\n")
    path.write_text(filled.replace("\nsummary:\n", "\nsummary: One sentence.\n"), "utf-8")
    assert faults(root, "papers/self-instruct.md") == []
    before = read_page("papers/self-instruct.md", path.read_bytes()).record
    assert main(["tidy", "self-instruct", "--root", str(root)]) == 0
    text = path.read_text("utf-8")
    assert "#" not in text.partition("---\n\n")[0].removeprefix("---\n")
    assert read_page("papers/self-instruct.md", text).record == before
    assert re.findall("^## (.*)$", text, re.MULTILINE) == list(HEADINGS["paper"])


def test_tidying_keeps_what_somebody_wrote() -> None:
    text, _ = write("paper", "blank", Found({"title": "T"}), "2026-11-22")
    own = text.replace("summary:\n", "# ask the authors about this\nsummary: |\n  ## not a comment\n  text # here\n").replace("# venue:", "# venue: NeurIPS?")
    own = own.replace("## What it did\n", "## What it did\n\nProse with\n\n## A heading\n")
    left = tidy(own)
    for kept in ("# ask the authors about this\n", "  ## not a comment\n", "# venue: NeurIPS?\n", "Prose with\n", "## A heading\n", "## What it did\n"):
        assert kept in left
    assert "also_known_as" not in left and "% " not in left
    assert tidy(left) == left


def test_the_short_name_is_nobody_elses(new: New, root: Path) -> None:
    new("paper", "--id", "alpha-two", "--title", "Alpha: another paper")
    assert "\nshort: alpha-two\n" in (root / "papers/alpha-two.md").read_text("utf-8")


# --- Never overwriting, and wrong calls ---------------------------------------------------------------------------------


def test_a_page_is_never_overwritten(new: New, root: Path) -> None:
    before = (root / "papers/alpha.md").read_bytes()
    code, out, err = new("paper", "--id", "alpha", "--title", "Mine")
    assert (code, out) == (2, "")
    assert err == "litreview new: papers/alpha.md is already there; nothing was written\n"
    assert (root / "papers/alpha.md").read_bytes() == before


def test_an_id_of_another_kind_is_taken_too(new: New, root: Path) -> None:
    code, _, err = new("paper", "--id", "beta")
    assert (code, "the id 'beta' is already used by models/beta.md" in err) == (2, True)
    assert not (root / "papers/beta.md").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["paper"], "say what the page is about"),
        (["paper", "--id", "Big Paper"], "'Big Paper' is not an id (lower-case letters, digits, dots, hyphens); did you mean 'big-paper'?"),
        (["paper", "--id", "../etc/passwd"], "'../etc/passwd' is not an id"),
        (["paper", "--id", "x", "--arxiv", "23.1"], "'23.1' is no arXiv id such as 2305.11206"),
        (["paper", "--id", "x", "--doi", "11.5/x"], "'11.5/x' is no DOI"),
        (["paper", "--id", "x", "--arxiv", "2305.11206", "--doi", DOI], "give one of --arxiv, --doi and --bibtex, not arxiv and doi"),
        (["license", "--arxiv", "2305.11206"], "a licence is looked up by its SPDX id"),
        (["paper", "--id", "x", "--spdx", "MIT"], "--spdx is for licences"),
        (["paper", "--id", "x", "--key", "k"], "--key names an entry"),
        (["license", "--id", "other", "--spdx", "MIT-0"], "a licence's page is named after its spelling: mit-0"),
        (["paper", "--id", "x", "--bibtex", "/nowhere.bib"], "No such file"),
    ],
)
def test_a_wrong_call_writes_nothing(arguments: list[str], message: str, new: New, root: Path) -> None:
    before = sorted(root.rglob("*.md"))
    code, out, err = new(*arguments)
    assert (code, out) == (2, "")
    assert message in err and err.endswith("nothing was written\n")
    assert sorted(root.rglob("*.md")) == before


# --- Catalogues that answer badly ---------------------------------------------------------------------------------------

EMPTY = b"""<?xml version='1.0'?><feed xmlns="http://www.w3.org/2005/Atom"><title>q</title></feed>"""
ERROR = b"""<?xml version='1.0'?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_2212.10560</id>
<title>Error</title><summary>incorrect id format for 2212.10560</summary></entry></feed>"""
BOMB = b"""<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2212.10560v1</id><title>&c;</title></entry></feed>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed xmlns="http://www.w3.org/2005/Atom"><entry>
<id>http://arxiv.org/abs/2212.10560v1</id><title>&x;</title></entry></feed>"""


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer(b"Rate exceeded."), "arXiv asks to slow down"),
        (Answer(b"<feed><entry>"), "arXiv's answer is not the feed it should be"),
        (Answer(b""), "arXiv's answer is not the feed it should be"),
        (Answer(b"\xff\xfe\x00<" * 10), "arXiv's answer is not the feed it should be"),
        (Answer(b"<a>" * 100_000), "arXiv's answer is not the feed it should be"),
        (Answer(BOMB), "declares a document type"),
        (Answer(BOMB.decode().encode("utf-16")), "declares a document type"),
        (Answer(EXTERNAL), "declares a document type"),
        (Answer(SELF_INSTRUCT.replace(b"2212.10560v2</id>", b"2212.99999v1</id>")), "answered with another paper"),
        (Answer(SELF_INSTRUCT.replace(b"<title>Self", b"<x>Self").replace(b"Instructions</title>", b"Instructions</x>")), "has no title"),
        (Answer(b"x" * 3_000_000), "larger than 2 MB"),
        (Answer(b"x" * 3_000_000, headers={"Transfer-Encoding": "identity"}), "larger than 2 MB"),
        (Answer(SELF_INSTRUCT, cut=True), "broke off its answer (IncompleteRead)"),
        (Answer(b"oh no", 500), "arXiv answered 500"),
        (Answer(b"", 429), "asks to slow down (429)"),
        (Answer(b"", 503), "arXiv answered 503"),
        (Answer(b"", 301, {"Location": "file:///etc/passwd"}), "arXiv answered 301"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_answer_leaves_the_blank_page(answer: Answer, message: str, new: New, root: Path, server: Server) -> None:
    server.answers["/api/query"] = [answer]
    code, out, err = new("paper", "--id", "self-instruct", "--arxiv", "2212.10560")
    assert (code, out) == (1, f"{root}/papers/self-instruct.md\n")
    assert message in err and "was written without it" in err
    text = (root / "papers/self-instruct.md").read_text("utf-8")
    assert "root:" not in text and len(text) < 20_000
    assert 'links: {paper: "https://arxiv.org/abs/2212.10560", arxiv: 2212.10560}\n' in text
    assert faults(root, "papers/self-instruct.md") == [("field-empty", name) for name in listed(err)]


@pytest.mark.parametrize(
    "answer",
    [
        b"{",
        b"[]",
        b"null",
        b'{"message": []}',
        b'{"message": {"title": []}}',
        b'{"message": {"title": 3, "DOI": "10.18653/v1/2023.acl-long.754"}}',
        b'{"message": {"title": ["T"], "DOI": "10.1/other"}}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_a_bad_answer_of_crossrefs(answer: bytes, new: New, root: Path, server: Server) -> None:
    server.answers[DOI_PATH] = [Answer(answer)]
    code, _, err = new("paper", "--id", "self-instruct", "--doi", DOI)
    assert (code, "Crossref" in err) == (1, True)
    assert f"doi: {DOI}" in (root / "papers/self-instruct.md").read_text("utf-8").replace('"', "")


def test_parts_of_the_wrong_type_cost_themselves_only(new: New, root: Path, server: Server) -> None:
    work: dict[str, Any] = {
        "title": ["A <i>title</i> &amp; more"],
        "subtitle": ["how it\u200b ends"],
        "author": [None, {"family": 3}, {"name": "The Group"}, {"given": "A", "family": "B"}],
        "container-title": {"a": 1},
        "event": [],
        "published": {"date-parts": [[2023, 13, 45]]},
        "issued": {"date-parts": [[None]]},
        "posted": {"date-parts": [["2023"]]},
    }
    server.answers["/works/10.5555%2Fx"] = [Answer(json.dumps({"message": work}).encode())]
    code, _, err = new("paper", "--id", "x", "--doi", "10.5555/x")
    assert code == 0
    record = read_page("papers/x.md", (root / "papers/x.md").read_bytes()).record
    assert (record["title"], record["authors"]) == ("A title & more: how it ends", ["The Group", "A B"])
    assert "published" in listed(err)


def test_the_earliest_date_counts() -> None:
    parts = {"published-print": [2024, 5], "published-online": [2023, 11, 30], "issued": [2023]}
    work = {"title": "T"} | {name: {"date-parts": [value]} for name, value in parts.items()}
    assert catalogues.read_crossref(json.dumps({"message": work}).encode(), "10.5555/x").values["published"] == "2023-11-30"


def test_what_the_schema_refuses_stays_a_remark(new: New, root: Path, server: Server) -> None:
    server.answers["/api/query"] = [Answer(SELF_INSTRUCT.replace(b"Yizhong Wang", b"Wang, Yizhong and Kordi; others"))]
    code, _, err = new("paper", "--id", "self-instruct", "--arxiv", "2212.10560")
    assert code == 0
    assert "authors" in listed(err)
    assert "## arXiv's record says: " in (root / "papers/self-instruct.md").read_text("utf-8")
    assert faults(root, "papers/self-instruct.md") == [("field-empty", name) for name in listed(err)]


@pytest.mark.parametrize(
    "title", ["a: b # c", "- x", "[x]", "{x}", "'x", '"x"', "x\\n", "& x", "* y", "? z", "%d", "@at", "`b`", "yes", "1.10", "~", "null", "x:", "é – 王"]
)
def test_any_title_survives_as_it_is(title: str, new: New, root: Path, server: Server) -> None:
    escaped = title.replace("&", "&amp;").encode()
    feed = re.sub(rb"<title>Self.*?</title>", lambda _: b"<title>" + escaped + b"</title>", SELF_INSTRUCT, flags=re.DOTALL)
    server.answers["/api/query"] = [Answer(feed)]
    assert new("paper", "--id", "x", "--arxiv", "2212.10560")[0] == 0
    assert read_page("papers/x.md", (root / "papers/x.md").read_bytes()).record["title"] == title


@pytest.mark.parametrize(
    ("answers", "arguments"),
    [
        ({"/api/query": Answer(EMPTY)}, ["--arxiv", "2212.10560"]),
        ({"/api/query": Answer(ERROR)}, ["--arxiv", "2212.10560"]),
        ({}, ["--doi", DOI]),
    ],
)
def test_a_work_that_nobody_knows_writes_nothing(answers: dict[str, Answer], arguments: list[str], new: New, root: Path, server: Server) -> None:
    """The identifier is wrong, so a page with it would be wrong too."""
    server.answers.update({path: [answer] for path, answer in answers.items()})
    code, out, err = new("paper", "--id", "x", *arguments)
    assert (code, out) == (2, "")
    assert "nothing was written" in err
    assert not (root / "papers/x.md").exists()


def test_without_a_network_the_blank_page_is_written(new: New, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as gone:
        pass
    monkeypatch.setenv("LITREVIEW_ARXIV", gone.address)
    code, out, err = new("paper", "--id", "x", "--arxiv", "2212.10560")
    assert (code, out) == (1, f"{root}/papers/x.md\n")
    assert "arXiv could not be reached" in err and "papers/x.md was written without it: fill it by hand, or delete it and try again." in err


def test_an_address_that_is_none(new: New, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITREVIEW_ARXIV", "file:///etc/passwd")
    code, _, err = new("paper", "--id", "x", "--arxiv", "2212.10560")
    assert (code, "LITREVIEW_ARXIV is 'file:///etc/passwd', which is no http(s) address" in err) == (1, True)


@pytest.mark.parametrize("answer", [Answer(b"x", delay=5), Answer(b"x" * 500, drip=0.05)], ids=["silent", "dripping"])
def test_a_slow_answer_is_given_up(answer: Answer, root: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.4)
    server.answers["/api/query"] = [answer]
    since = time.monotonic()
    assert main(["new", "paper", "--id", "x", "--arxiv", "2212.10560", "--root", str(root)]) == 1
    assert "did not answer within" in capsys.readouterr().err
    assert measured(since) < 4


# --- Politeness ---------------------------------------------------------------------------------------------------------


def test_we_say_who_asks(new: New, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers["/api/query"] = [Answer(SELF_INSTRUCT)]
    new("paper", "--id", "a", "--arxiv", "2212.10560")
    monkeypatch.setenv("LITREVIEW_CONTACT", "me@example.org\r\nX-Injected: 1")
    new("paper", "--id", "b", "--arxiv", "2212.10560")
    agents = [headers["user-agent"] for _, headers in server.requests]
    assert re.fullmatch(r"litreview/[\d.]+ \(living review; one record at a time\)", agents[0])
    assert "; mailto:me@example.org" in agents[1]
    assert all("x-injected" not in headers for _, headers in server.requests)


def test_two_runs_keep_arxivs_pause(new: New, server: Server, waits: list[float]) -> None:
    server.answers["/api/query"] = [Answer(SELF_INSTRUCT)]
    new("paper", "--id", "a", "--arxiv", "2212.10560")
    assert waits == []
    new("paper", "--id", "b", "--arxiv", "2212.10560")
    assert len(waits) == 1 and 2 < waits[0] <= 3


def test_one_retry_when_the_catalogue_says_when(new: New, server: Server, waits: list[float]) -> None:
    server.answers["/api/query"] = [Answer(b"", 503, {"Retry-After": "7"}), Answer(SELF_INSTRUCT)]
    assert new("paper", "--id", "a", "--arxiv", "2212.10560")[0] == 0
    assert 7 in waits and len(server.requests) == 2


def test_no_retry_when_it_asks_for_too_long(new: New, server: Server, waits: list[float]) -> None:
    server.answers["/api/query"] = [Answer(b"", 429, {"Retry-After": "3600"})]
    code, _, err = new("paper", "--id", "a", "--arxiv", "2212.10560")
    assert (code, len(server.requests)) == (1, 1)
    assert "try again in 3600 seconds" in err


# --- Identifiers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2305.11206", "2305.11206"),
        ("2305.11206v2", "2305.11206"),
        ("arXiv:2305.11206", "2305.11206"),
        ("https://arxiv.org/abs/2305.11206v1", "2305.11206"),
        ("https://arxiv.org/pdf/2305.11206v1.pdf", "2305.11206"),
        ("http://export.arxiv.org/abs/cs/0112017", "cs/0112017"),
        ("10.48550/arXiv.2305.11206", "2305.11206"),
        ("https://doi.org/10.48550/ARXIV.2305.11206", "2305.11206"),
        (" 2305.11206 ", "2305.11206"),
        ("2305", ""),
        ("", ""),
        ("https://example.org/abs/2305.11206", ""),
    ],
)
def test_arxiv_ids_as_people_paste_them(given: str, meant: str) -> None:
    assert arxiv_id(given) == meant


def test_dois_as_people_paste_them() -> None:
    assert {doi_of(text) for text in (DOI, f"doi:{DOI}", f"https://doi.org/{DOI}", f"http://dx.doi.org/{DOI}", f" {DOI} ")} == {DOI}
    assert doi_of("acl-long.754") == ""
    assert links_of_doi("10.18653/v1/P19-1001") == {"doi": "10.18653/v1/P19-1001", "anthology": "P19-1001"}
    assert links_of_doi("10.1145/3292500") == {"doi": "10.1145/3292500"}


def test_texts_are_cleaned() -> None:
    assert clean("a\u202eb\n c\x00d") == "a b c d"
    assert clean(None) == "" and clean(["x"]) == ""
    assert len(clean("x" * 10_000)) == 2000


def test_recorded_answers_are_what_the_review_says() -> None:
    """The hand-written answers hold the facts of pages that have their evidence."""
    for path in sorted(ANSWERS.glob("arxiv-*.xml")):
        identifier = path.stem.removeprefix("arxiv-")
        found = catalogues.read_atom(path.read_bytes(), identifier)
        page = next(page for page in load(ROOT).of_kind("paper") if page.record["links"].get("arxiv") == identifier)
        assert found.values["title"] == page.record["title"]
        assert (found.values["authors"], found.values["published"]) == (page.record["authors"], page.record["published"])
