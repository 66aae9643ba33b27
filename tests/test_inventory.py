"""Links to the review from another Sphinx project, through intersphinx, as a reader of `contribute/data.md` would set it up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOTS, Result, build

CONF = """\
project = "Another project"
extensions = ["myst_parser", "sphinx.ext.intersphinx"]
intersphinx_mapping = {"review": ("https://review.example.org/", r"%s")}
"""
PAGE = """\
# Another project

- [](inv:review:review:paper#camel)
- [that paper](inv:review:review:paper#llama-calf)
- [](inv:review:review:model#bleat)
- [](inv:review:review:license#cc-by-4.0)
- [](inv:review:review:source#wool)
- [](inv:#dromedary)
- [the other model](inv:review#wooly)
- <inv:review:*:*#camel>
"""


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return another project, built with links to the review's inventory."""
    folder = tmp_path_factory.mktemp("inventory")
    inventory = build(ROOTS / "herd", out=folder / "review", doctrees=folder / "doctrees").outdir / "objects.inv"
    project = folder / "project"
    project.mkdir()
    (project / "conf.py").write_text(CONF % inventory, "utf-8")
    (project / "index.md").write_text(PAGE, "utf-8")
    return build(project)


def test_links_from_another_project_resolve_without_a_warning(other: Result) -> None:
    assert (other.code, other.warnings) == (0, "")


def test_each_kind_of_record_is_found_by_its_id(other: Result) -> None:
    links = re.findall(r'<a class="reference external" href="https://review\.example\.org/([^"]*)"[^>]*>(.*?)</a>', other.text("index.html"))
    shown = [(address, re.sub("<[^>]*>", "", text)) for address, text in links]
    assert [address.partition("#")[0] for address, _ in shown] == [
        "papers/camel.html", "papers/llama-calf.html", "models/bleat.html", "licenses/cc-by-4.0.html", "sources/wool.html", "papers/dromedary.html",
        "models/wooly.html", "papers/camel.html",
    ]  # fmt: skip
    assert shown[1][1] == "that paper"
    assert shown[6][1] == "the other model"
    assert all(text for _, text in shown)


def test_nobody_is_linked_to_what_is_not_there(tmp_path: Path, other: Result) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "conf.py").write_text((other.outdir.parents[1] / "project/conf.py").read_text("utf-8"), "utf-8")
    (project / "index.md").write_text("# Page\n\n[](inv:review:review:paper#nobody)\n", "utf-8")
    assert "nobody" in build(project).warnings


def test_roles_of_another_project_do_not_know_the_review_s_domain(tmp_path: Path, other: Result) -> None:
    """Sphinx looks an external role up among the domains of the linking project; the page on data says to use `inv:` links."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "conf.py").write_text((other.outdir.parents[1] / "project/conf.py").read_text("utf-8"), "utf-8")
    (project / "index.md").write_text("# Page\n\n{external+review:review:paper}`camel`\n", "utf-8")
    assert "not found" in build(project).warnings
