"""The rehearsal of Read the Docs: it follows the file it is given, and sees what Read the Docs would refuse."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from rehearse_read_the_docs import FORMATS, RehearsalError, Step, check_output, copy, environment, plan, rehearse

REAL: dict[str, Any] = yaml.safe_load((ROOT / ".readthedocs.yaml").read_text("utf-8"))
SPHINX = {"version": 2, "sphinx": {"configuration": "conf.py", "fail_on_warning": True}}


def commands(configuration: dict[str, Any], only: tuple[str, ...] = FORMATS) -> list[str]:
    return [step.command for step in plan(configuration, ROOT, only).steps]


def test_the_reviews_own_file_is_followed() -> None:
    told = plan(REAL, ROOT)
    assert told.steps[0] == Step("create_environment", 'python -m venv "$READTHEDOCS_VIRTUALENV_PATH"')
    text = "\n".join(step.command for step in told.steps)
    for entry in REAL["python"]["install"]:
        assert f"-r {entry['requirements']}" in text
    assert "-W --keep-going -b html" in text
    assert set(REAL.get("formats", [])) <= set(told.formats)
    for job, given in REAL.get("build", {}).get("jobs", {}).items():
        for command in given if isinstance(given, list) else [line for lines in given.values() for line in lines]:
            assert command in text, f"{job} is not followed"


def test_jobs_run_in_their_order() -> None:
    jobs = {"post_build": ["last"], "pre_build": ["third"], "post_checkout": ["first"], "create_environment": ["true"], "install": ["second"]}
    told = plan({**SPHINX, "build": {"jobs": jobs}}, ROOT, ("html",))
    assert [step.job for step in told.steps] == ["post_checkout", "create_environment", "install", "pre_build", "build html", "post_build"]


def test_a_format_with_a_job_of_its_own() -> None:
    told = plan({**SPHINX, "formats": ["pdf"], "build": {"jobs": {"build": {"pdf": ["make-it"]}}}}, ROOT)
    assert told.formats == ["html", "pdf"]
    assert told.steps[-1] == Step("build pdf", "make-it")


def test_all_formats() -> None:
    assert plan({**SPHINX, "formats": "all"}, ROOT).formats == list(FORMATS)


def test_commands_of_ones_own_replace_everything() -> None:
    assert commands({"version": 2, "build": {"commands": ["a", "b"]}}) == ["a", "b"]


@pytest.mark.parametrize(("configuration", "message"), [({"version": 1}, "version"), ({"version": 2}, "sphinx.configuration is missing")])
def test_a_file_that_read_the_docs_refuses(configuration: dict[str, Any], message: str) -> None:
    with pytest.raises(RehearsalError, match=message):
        plan(configuration, ROOT)


def test_what_must_be_left_behind(tmp_path: Path) -> None:
    assert check_output(tmp_path, ["html", "pdf"]) == ["html: there is no index.html", "pdf: expected one file, found 0"]
    for name in ("html/index.html", "pdf/a.pdf", "epub/a.epub"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * 2000)
    assert check_output(tmp_path, ["html", "pdf", "epub"]) == []
    (tmp_path / "pdf/b.pdf").write_bytes(b"")
    (tmp_path / "epub/a.epub").write_bytes(b"x")
    assert check_output(tmp_path, ["pdf", "epub"]) == ["pdf: expected one file, found 2", "epub: a.epub has 1 bytes only"]


def test_the_environment_is_clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    told = environment(tmp_path / "out", tmp_path / "env")
    assert "PYTHONPATH" not in told
    assert told["READTHEDOCS_OUTPUT"] == str(tmp_path / "out")
    assert told["PATH"].startswith(str(tmp_path / "env" / "bin"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project under git, whose environment borrows what this one has instead of downloading it."""
    borrow = f"""python -c "import sysconfig, pathlib; pathlib.Path(sysconfig.get_path('purelib'), 'x.pth').write_text('{sysconfig.get_path("purelib")}')" """
    root = tmp_path / "project"
    root.mkdir()
    # Borrowed packages are built for this Python, so no version is asked for.
    build = {"os": "ubuntu-24.04", "jobs": {"install": [borrow]}}
    (root / ".readthedocs.yaml").write_text(yaml.safe_dump({**SPHINX, "formats": ["htmlzip", "epub"], "build": build}))
    (root / "conf.py").write_text("project = 'P'\nauthor = copyright = 'A'\nversion = release = '1'\nextensions = ['myst_parser']\n")
    (root / "index.md").write_text("# Index\n\n" + "Text. " * 300 + "\n")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    return root


def test_a_small_project_is_built_from_nothing(project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "base").mkdir()
    assert rehearse(tmp_path / "base", FORMATS, project) == []
    assert (tmp_path / "base/output/html/index.html").is_file()
    assert "[build epub]" in capfd.readouterr().out


def test_a_page_that_git_does_not_know_is_missed(project: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "index.md").write_text("# Index\n\n```{toctree}\nforgotten\n```\n")
    (project / "forgotten.md").write_text("# Forgotten\n")
    (tmp_path / "base").mkdir()
    with pytest.raises(RehearsalError, match="build html ended with 1"):
        rehearse(tmp_path / "base", ("html",), project)
    assert "forgotten" in capfd.readouterr().out


def test_only_what_git_knows_is_copied(project: Path, tmp_path: Path) -> None:
    (project / "untracked").write_text("x")
    copy(tmp_path / "copy", project)
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == [".readthedocs.yaml", "conf.py", "index.md"]
