"""The walk-through is followed to the letter: its commands are run with make, its edits made, and it must be told what it says.

A clone is played by a copy of the review whose environment is this one, so that make installs nothing.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from litreview.corpus import load
from loopback import Answer, serving

PAGE = ROOT / "contribute" / "add-a-paper.md"
BLOCK = re.compile(r"^```\{code-block\} (?P<language>\w+)\n(?P<options>(?::[^\n]*\n)*)(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = ("mv ", "make paper", "make check", "make tidy", "make explain")
SEEN_ELSEWHERE = ("make live", "git ")  # `make live` has a test of its own, and git is git
TARGETS = set(re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[1].split())  # type: ignore[index]


def blocks() -> Iterator[tuple[str, str, str]]:
    """Yield the page's code blocks: language, caption, text."""
    for match in BLOCK.finditer(PAGE.read_text("utf-8")):
        caption = re.search(r":caption: (.*)", match["options"])
        yield match["language"], caption[1] if caption else "", match["text"]


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a console block with the lines it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *lines = part.rstrip("\n").split("\n")
        yield command, lines


def put(path: Path, text: str) -> None:
    """Write top-level fields of a block into a page, each in place of what stands or waits there."""
    for chunk in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]:
        name = chunk.partition(":")[0]
        page = path.read_text("utf-8")
        changed, count = re.subn(rf"^(?:# )?{name}:[^\n]*\n(?:[ ]+[^\n#][^\n]*\n)*", lambda _, new=chunk: new, page, count=1, flags=re.MULTILINE)
        assert count == 1, f"the page has no place for {name}"
        path.write_text(changed, "utf-8")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    root = tmp_path / "clone"
    root.mkdir()
    for name in ("papers", "models", "licenses", "sources", "review", "contribute"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("Makefile", "index.md", *(path.name for path in ROOT.glob("requirements*"))):
        shutil.copy(ROOT / name, root / name)
    (root / "_ext").symlink_to(ROOT / "_ext")
    (root / ".venv/bin").mkdir(parents=True)
    python = root / ".venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', "utf-8")  # a link would be an environment of its own
    python.chmod(0o755)
    for stamp in (".runtime", ".dev", ".test"):
        (root / ".venv" / stamp).touch()
    return root


def follow(clone: Path, environment: dict[str, str]) -> list[str]:
    """Follow the page; return the commands that were run."""
    done = []
    for language, caption, text in blocks():
        if language == "yaml":
            put(clone / caption, text)
            continue
        assert language == "console", f"what is a reader to do with a block of {language}?"
        for command, expected in commands(text):
            if command.startswith(SEEN_ELSEWHERE):
                continue
            assert command.startswith(RUN), f"nobody tests `{command}`"
            ran = subprocess.run(command, shell=True, cwd=clone, env=environment, capture_output=True, text=True, timeout=120, check=False)
            told = [line for line in (ran.stdout + ran.stderr).splitlines() if not line.startswith("make: ")]
            for line in expected:
                pattern = ".*".join(map(re.escape, line.split("…")))
                assert any(re.fullmatch(pattern, one) for one in told), f"`{command}` did not say\n  {line}\nbut\n  " + "\n  ".join(told)
            done.append(command)
    return done


def test_the_walk_through_is_true(clone: Path) -> None:
    with serving({"/api/query": Answer((ROOT / "tests/answers/arxiv-2305.11206.xml").read_bytes())}) as server:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "_ext"), "LITREVIEW_ARXIV": f"{server.address}/api/query", "COLUMNS": "200"}
        for name in ("http_proxy", "HTTP_PROXY", "REVIEW_SITE", "MAKEFLAGS"):
            environment.pop(name, None)
        done = follow(clone, environment)
    assert len([command for command in done if command.startswith("make check")]) >= 5
    corpus = load(clone)
    lima, real = corpus.get("lima"), load(ROOT).get("lima")
    assert lima is not None and real is not None
    assert not corpus.check()
    # What the walk-through writes is what the review says, as far as it goes.
    for field in ("title", "authors", "published", "kinds", "method"):
        assert lima.record[field] == real.record[field], field
    assert set(lima.record["base_models"]) <= set(real.record["base_models"])
    assert "##" not in (clone / "papers/lima.md").read_text("utf-8").partition("\n---\n")[0]


def test_commands_that_are_only_shown_exist() -> None:
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "contribute").glob("*.md"))
    named = set(re.findall(r"(?:^\$ |^    |`)make ([a-z]+)", text, re.MULTILINE))
    assert {"paper", "check", "live", "stale", "tidy", "explain"} <= named <= TARGETS


def test_every_quotation_on_the_page_is_on_the_papers_page() -> None:
    """A walk-through with a made-up quotation would teach the wrong thing."""
    real = load(ROOT).get("lima")
    assert real is not None
    known = {entry.get("quote", "") for entry in real.record["evidence"]}
    quoted = re.findall(r'quote: "([^"]+)"', "\n".join(text for language, _, text in blocks() if language == "yaml"))
    assert quoted
    for quote in quoted:
        assert any(quote in other or other in quote for other in known if other), quote
