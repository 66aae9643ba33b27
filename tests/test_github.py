"""Issue forms, workflows and hooks: valid without a network, and naming only what exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT

GITHUB = ROOT / ".github"
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
TARGETS = set(re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[1].split())  # type: ignore[index]


def load(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("vendor.github-issue-forms", FORMS),
        ("vendor.github-issue-config", [GITHUB / "ISSUE_TEMPLATE" / "config.yml"]),
        ("vendor.github-workflows", WORKFLOWS),
        ("custom.github-workflows-require-timeout", WORKFLOWS),
        ("vendor.dependabot", [GITHUB / "dependabot.yml"]),
    ],
)
def test_files_are_valid(schema: str, paths: list[Path]) -> None:
    assert paths
    subprocess.run([sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, paths)], check=True, capture_output=True, text=True)


def test_hooks_are_valid() -> None:
    """pre-commit knows its own form best."""
    subprocess.run([sys.executable, "-m", "pre_commit", "validate-config", str(ROOT / ".pre-commit-config.yaml")], check=True, capture_output=True, text=True)


def test_hooks_run_our_own_commands_only() -> None:
    hooks = [hook for repository in load(ROOT / ".pre-commit-config.yaml")["repos"] for hook in repository["hooks"]]
    assert {"make check", "make lint"} == {hook["entry"] for hook in hooks}


def test_the_form_for_facts_has_the_ids_that_links_fill_in() -> None:
    """Pages link to it with these in the address; GitHub ignores what the form does not have."""
    ids = [entry.get("id") for entry in load(GITHUB / "ISSUE_TEMPLATE" / "fix-a-fact.yml")["body"]]
    assert ids[:3] == ["page", "field", "value"]


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_forms_ask_for_the_source(form: Path) -> None:
    required = [entry for entry in load(form)["body"] if entry.get("validations", {}).get("required") == "true"]
    assert any(re.search(r"read|stands", entry["attributes"]["label"]) for entry in required)
    ids = [entry["id"] for entry in load(form)["body"] if "id" in entry]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_are_careful(workflow: Path) -> None:
    """They may only read, use actions pinned by commit, and run the commands that people run."""
    told = load(workflow)
    assert told["permissions"] == {"contents": "read"}
    for job in told["jobs"].values():
        assert int(job["timeout-minutes"]) <= 120
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])
            for target in re.findall(r"\bmake ([a-z]+)", step.get("run", "")):
                assert target in TARGETS


def test_pull_requests_get_annotations_and_two_pythons() -> None:
    check, test = load(GITHUB / "workflows/check.yml"), load(GITHUB / "workflows/test.yml")
    assert "pull_request" in check["on"] and "pull_request" in test["on"]
    assert {"run": "make check FORMAT=github"} in check["jobs"]["check"]["steps"]
    assert test["jobs"]["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.x"]


def test_links_are_checked_at_night_and_nothing_is_opened() -> None:
    links = load(GITHUB / "workflows/links.yml")
    assert set(links["on"]) == {"schedule", "workflow_dispatch"}
    text = (GITHUB / "workflows/links.yml").read_text("utf-8")
    assert "continue-on-error" not in text and "issues: write" not in text


def test_the_pull_request_template_names_only_commands_that_exist() -> None:
    named = set(re.findall(r"`make ([a-z]+)", (GITHUB / "pull_request_template.md").read_text("utf-8")))
    assert {"check", "test"} <= named <= TARGETS
