"""`make linkcheck` with the settings of conf.py, against addresses on the loopback that are good, moved, dead, slow or busy."""

from __future__ import annotations

import json
import re
import runpy
from typing import Any

import minimal
import pytest
from conftest import ROOT
from loopback import Answer, serving
from sphinx.cmd.build import main as sphinx_build

SETTINGS = {name: value for name, value in runpy.run_path(str(ROOT / "conf.py")).items() if name.startswith("linkcheck_") or name == "user_agent"}


def ignored(address: str) -> bool:
    return any(re.match(pattern, address) for pattern in SETTINGS["linkcheck_ignore"])


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, dict[str, Any]], dict[str, int], set[str]]:
    """Return the exit code, the findings by the last part of their address, how often each was asked, and who asked."""
    root = tmp_path_factory.mktemp("links")
    answers = {
        "/good": Answer(b"<html><body>fine</body></html>", headers={"Content-Type": "text/html"}),
        "/moved": Answer(status=301, headers={"Location": "/good"}),
        "/elsewhere": Answer(status=302, headers={"Location": "/good"}),
        "/dead": Answer(status=404),
        "/broken": Answer(status=500),
        "/slow": Answer(b"late", delay=4),
        "/busy": [Answer(status=429, headers={"Retry-After": "1"}), Answer(b"fine")],
        "/always-busy": Answer(status=429),
    }
    with serving(answers) as server:  # type: ignore[arg-type]
        names = [*answers, "/good#nowhere"]
        page = minimal.page(
            "papers/alpha.md", body="## Text\n\n" + "\n".join(f"- <{server.address}{name}>" for name in names) + "\n- <https://example.org/never>\n"
        )
        settings = SETTINGS | {
            "linkcheck_ignore": [pattern for pattern in SETTINGS["linkcheck_ignore"] if "127" not in pattern],
            "linkcheck_timeout": 1,
            "linkcheck_rate_limit_timeout": 3,
        }
        conf = 'extensions = ["myst_parser", "litreview"]\ninclude_patterns = ["index.md", "papers/*.md"]\n'
        conf += "".join(f"{name} = {value!r}\n" for name, value in settings.items())
        index = "# Index\n\n```{toctree}\n:glob:\n\npapers/*\n```\n"
        minimal.write(root / "src", {"conf.py": conf, "index.md": index, "papers/alpha.md": page})
        code = sphinx_build(["-q", "-b", "linkcheck", str(root / "src"), str(root / "out")])
        asked: dict[str, int] = {}
        for path, _ in server.requests:
            asked[path] = asked.get(path, 0) + 1
        agents = {headers["user-agent"] for _, headers in server.requests}
    found = [json.loads(line) for line in (root / "out/output.json").read_text("utf-8").splitlines()]
    return code, {entry["uri"].rpartition("/")[2]: entry for entry in found}, asked, agents


def test_a_dead_address_fails_the_run(checked: Any) -> None:
    assert checked[0] == 1


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("good", "working"),
        ("good#nowhere", "broken"),
        ("moved", "redirected"),
        ("elsewhere", "redirected"),
        ("dead", "broken"),
        ("broken", "broken"),
        ("slow", "timeout"),
        ("busy", "working"),
        ("always-busy", "broken"),
        ("never", "ignored"),
    ],
)
def test_what_is_found(name: str, status: str, checked: Any) -> None:
    entry = checked[1][name]
    assert entry["status"] == status, entry


def test_a_move_for_good_is_told_apart(checked: Any) -> None:
    """Only such an address should be changed on its page."""
    assert (checked[1]["moved"]["code"], checked[1]["elsewhere"]["code"]) == (301, 302)


def test_findings_name_page_and_line(checked: Any) -> None:
    entry = checked[1]["dead"]
    assert entry["filename"] == "papers/alpha.md"
    assert entry["lineno"] > 1


def test_a_busy_host_is_given_up_after_a_while(checked: Any) -> None:
    assert 1 <= checked[2]["/always-busy"] <= 10


def test_it_says_who_asks(checked: Any) -> None:
    assert checked[3] == {SETTINGS["user_agent"]}


@pytest.mark.parametrize("address", ["https://example.org/x", "https://www.example.com", "http://localhost:8000/", "https://doi.org/10.1/x"])
def test_addresses_that_are_not_asked(address: str) -> None:
    assert ignored(address)


@pytest.mark.parametrize(
    "address", ["https://arxiv.org/abs/2305.11206", "https://notexample.org/", "https://example.organic/", "https://github.com/x/y#readme"]
)
def test_addresses_that_are_asked(address: str) -> None:
    assert not ignored(address)
