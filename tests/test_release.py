"""`make release`: what it sets, what it refuses, what it packs; committing and tagging stay with a person."""

from __future__ import annotations

import hashlib
import subprocess
import tarfile
from pathlib import Path

import minimal
import pytest
import yaml
from litreview import release
from minimal import PAGES

LOG = """\
# Changelog

## 0.2.0 (not yet released)

- Wheels.

### New works

- 2026-11-22: [Alpha](papers/alpha.md).

## 0.1.0 (2026-11-01)
"""
DAY = "2026-12-01"


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a review in a repository, with everything committed."""
    found = tmp_path / "review"
    minimal.write(
        found, {**PAGES, "CHANGELOG.md": LOG, "_ext/litreview/__init__.py": '"""The engine."""\n\n__version__ = "0.1.0"\n', ".gitignore": "/_build/\n"}
    )
    git(found, "init", "-q")
    git(found, "add", ".")
    git(found, "commit", "-qm", "all")
    return found


def build(root: Path, version: str = "0.2.0") -> Path:
    """Write the site's files that packing looks at."""
    site = root / "_build/html"
    minimal.write(site, {"index.html": "<p>", "data/review.json": f'{{"format_version": "1.0", "release": "{version}",\n', ".buildinfo": "x"})
    return site


def test_the_version_is_set_wherever_it_stands(root: Path) -> None:
    assert sorted(release.prepare(root, "0.2.0", DAY)) == sorted(release.WRITTEN)
    assert '__version__ = "0.2.0"\n' in (root / release.VERSION_FILE).read_text("utf-8")
    assert f"## 0.2.0 ({DAY})\n" in (root / "CHANGELOG.md").read_text("utf-8")
    citation = yaml.load((root / "CITATION.cff").read_text("utf-8"), yaml.BaseLoader)
    assert (citation["type"], citation["version"], citation["date-released"]) == ("dataset", "0.2.0", DAY)
    assert f'"datePublished": "{DAY}"' in (root / "codemeta.json").read_text("utf-8")
    assert git(root, "tag") == ""
    assert git(root, "log", "--format=%s") == "all"


def test_preparing_again_changes_nothing(root: Path) -> None:
    release.prepare(root, "0.2.0", DAY)
    assert release.prepare(root, "0.2.0", "2026-12-24") == []
    git(root, "add", ".")
    git(root, "commit", "-qm", "release")
    assert release.prepare(root, "0.2.0", "2026-12-24") == []
    assert release.is_committed(root)


def test_another_version_than_the_log_announced_may_be_released(root: Path) -> None:
    release.prepare(root, "1.0.0", DAY)
    assert f"## 1.0.0 ({DAY})\n" in (root / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("version", "day", "change", "message"),
    [
        ("two", DAY, "", "'two' is not a version such as 1.2.3"),
        ("", DAY, "", "'' is not a version"),
        ("0.0.9", DAY, "", "0.0.9 is older than 0.1.0"),
        ("0.2.0", "2026-11-21", "", "CHANGELOG.md:9: a change of 2026-11-22, after the release on 2026-11-21"),
        ("0.2.0", DAY, "papers/alpha.md", "commit or stash first: papers/alpha.md"),
        ("0.3.0", DAY, "tag", "the tag v0.3.0 exists already"),
        ("0.2.0", DAY, "log", "CHANGELOG.md:1: error:"),
    ],
)
def test_what_is_no_release_is_refused_and_nothing_changes(version: str, day: str, change: str, message: str, root: Path) -> None:
    if change == "papers/alpha.md":
        (root / change).write_text("changed", "utf-8")
    elif change == "tag":
        git(root, "tag", "v0.3.0")
    elif change == "log":
        (root / "CHANGELOG.md").write_text("## soon\n", "utf-8")
    before = {path: path.read_bytes() for path in root.glob("*") if path.is_file()}
    with pytest.raises(release.ReleaseError) as error:
        release.prepare(root, version, day)
    assert message in str(error.value)
    assert {path: path.read_bytes() for path in root.glob("*") if path.is_file()} == before


def test_outside_a_repository_there_is_no_release(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = minimal.write(tmp_path / "review")
    assert minimal.main(["release", "0.2.0", "--root", str(root)]) == 2
    told = capsys.readouterr().err
    assert "a release is made in a git repository" in told
    assert told.count("\n") == 1


def test_the_archive_has_source_site_and_sums_and_is_the_same_every_time(root: Path) -> None:
    release.prepare(root, "0.2.0", DAY)
    site = build(root)
    target, sums = release.pack(root, "0.2.0", site, root / "_build/release")
    data = target.read_bytes()
    assert sums.read_text("utf-8") == f"{hashlib.sha256(data).hexdigest()}  instruction-tuning-review-0.2.0.tar.gz\n"
    top = "instruction-tuning-review-0.2.0"
    with tarfile.open(target) as archive:
        names = archive.getnames()
        assert {f"{top}/{name}" for name in ("papers/alpha.md", "CITATION.cff", "site/index.html", "site/data/review.json", "SHA256SUMS")} <= set(names)
        assert not [name for name in names if "_build" in name or ".git/" in name or ".buildinfo" in name]
        member = archive.extractfile(f"{top}/SHA256SUMS")
        assert member is not None
        for line in member.read().decode().splitlines():
            sum, _, name = line.partition("  ")
            content = archive.extractfile(f"{top}/{name}")
            assert content is not None
            assert hashlib.sha256(content.read()).hexdigest() == sum
        assert {entry.mtime for entry in archive} == {1796083200}  # the day of the release
    target.unlink()
    release.pack(root, "0.2.0", site, root / "_build/release")
    assert target.read_bytes() == data


def test_a_site_of_another_version_is_not_packed(root: Path) -> None:
    release.prepare(root, "0.2.0", DAY)
    with pytest.raises(release.ReleaseError, match="there is no built site"):
        release.pack(root, "0.2.0", root / "_build/html", root / "_build/release")
    with pytest.raises(release.ReleaseError, match="built from another version"):
        release.pack(root, "0.2.0", build(root, "0.1.0"), root / "_build/release")


def test_it_says_what_is_left_to_a_person() -> None:
    assert "git tag -a v0.2.0" in release.steps_left("0.2.0", committed=True)
    assert "git commit" not in release.steps_left("0.2.0", committed=True)
    assert "git commit" in release.steps_left("0.2.0", committed=False)
