"""The files around the review: valid, pinned, and saying the same as each other."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from litreview import __version__, changelog
from litreview.corpus import Corpus
from litreview.edition import Edition
from litreview.export import Contents, files


def _validate(schema: str, path: Path) -> None:
    subprocess.run([sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, path], check=True, capture_output=True, text=True)


def test_read_the_docs_configuration_is_valid() -> None:
    _validate("vendor.readthedocs", ROOT / ".readthedocs.yaml")


def test_read_the_docs_fails_on_warnings() -> None:
    assert "fail_on_warning: true" in (ROOT / ".readthedocs.yaml").read_text()


def test_citation_file_is_valid() -> None:
    _validate("vendor.citation-file-format", ROOT / "CITATION.cff")


@pytest.mark.parametrize("name", ["requirements", "requirements-book", "requirements-test"])
def test_requirements_are_pinned_and_hashed(name: str) -> None:
    wanted = {
        re.split(r"[<>=\s]", line, maxsplit=1)[0].lower().replace("_", "-")
        for line in (ROOT / f"{name}.in").read_text().splitlines()
        if line and not line.startswith(("#", "-r", " "))
    }
    text = (ROOT / f"{name}.txt").read_text()
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", text, re.MULTILINE))
    assert wanted <= pinned
    entries = re.split(r"^(?=[a-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)


def test_each_sphinx_has_its_python() -> None:
    text = (ROOT / "requirements.txt").read_text()
    versions = dict(re.findall(r"^sphinx==(\d+\.\d+)[.\d]* ; python_full_version ([^\\]*)\\", text, re.MULTILINE))
    assert versions["9.0"].strip() == "< '3.12'"
    assert set(versions) >= {"9.0", "9.1"}


def test_versions_agree() -> None:
    """The version is declared in one place; the citation files are written from it, and the change log leads with it."""
    log = changelog.read(changelog.load(ROOT))
    contents = Contents(Corpus([]), edition=Edition(), changes=changelog.load(ROOT))
    for name in ("citation", "codemeta"):
        for path, data in files(contents, [name]).items():
            assert (ROOT / path).read_bytes() == data, f"{path} is out of date; say python -m litreview export {name} --output {path}"
    assert log.releases[0].version == __version__


def test_codemeta_is_what_it_says() -> None:
    value = json.loads((ROOT / "codemeta.json").read_text("utf-8"))
    assert (value["@context"], value["@type"], value["version"]) == ("https://w3id.org/codemeta/3.0", "SoftwareSourceCode", __version__)
    assert value["license"].endswith("/MIT")
    assert value["isPartOf"]["license"].endswith("/CC-BY-4.0")


# Stands for the environment's Python: notes what it is asked for, and fails as pip does where no wheel exists.
PYTHON_WITHOUT_A_WHEEL = """#!/bin/sh
echo "$*" >> asked
case "$*" in *"$MISSING"*) echo "ERROR: No matching distribution found for typst" >&2; exit 1 ;; esac
"""


@pytest.mark.parametrize("missing", ["requirements-book.txt", "nothing of the kind"])
def test_make_pdf_says_in_one_line_what_to_do_where_no_wheel_exists(tmp_path: Path, missing: str) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.txt", "requirements-book.txt"):
        (tmp_path / name).touch()
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON_WITHOUT_A_WHEEL)
    python.chmod(0o755)
    done = subprocess.run(["make", "pdf"], cwd=tmp_path, env={**os.environ, "MISSING": missing}, capture_output=True, text=True, check=False)
    asked = (tmp_path / "asked").read_text()
    told = [line for line in done.stderr.splitlines() if not line.startswith(("ERROR: ", "make: ", "make["))]  # pip's own, and that make stops
    if missing == "requirements-book.txt":
        assert done.returncode != 0
        assert len(told) == 1, done.stderr
        assert told[0].startswith("make pdf: the packages of requirements-book.txt cannot be installed here: typst, tylax and pikepdf have wheels for x86-64")
        assert "on another machine make the book elsewhere" in told[0]
        assert "sphinx" not in asked
        assert not (tmp_path / ".venv/.book").exists(), "what failed is tried again"
    else:
        assert (done.returncode, told) == (0, [])
        assert "-m sphinx -W --keep-going -q -j auto -d _build/doctrees -b typst . _build/pdf" in asked


def test_make_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split()  # type: ignore[index]
    shown = subprocess.run(["make", "-s", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert [target for target in targets if not re.search(rf"^  {target}\b", shown, re.MULTILINE)] == []


def test_the_readme_names_only_commands_that_exist() -> None:
    text = (ROOT / "README.md").read_text()
    targets = set(re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split())  # type: ignore[index]
    named = set(re.findall(r"(?:^    |`)make ([a-z]+)", text, re.MULTILINE))
    assert {"html", "test"} <= named <= targets
