"""Prepare and pack a release: set the version wherever it stands, write the citation files, pack source, site and data.

Committing and tagging are left to a person, who looks first. Nothing is changed unless everything can be.
"""

from __future__ import annotations

import datetime
import gzip
import hashlib
import io
import os
import re
import subprocess
import tarfile
from pathlib import Path

from . import changelog
from .edition import Edition
from .export import software
from .files import write_atomically, write_together

NAME = "instruction-tuning-review"
VERSION_FILE = "_ext/litreview/__init__.py"
WRITTEN = (VERSION_FILE, changelog.FILE, "CITATION.cff", "codemeta.json")
_DECLARED = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


class ReleaseError(Exception):
    """Say in one line why there can be no release."""


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        raise ReleaseError(f"{root}: a release is made in a git repository, and git does not answer there") from None
    return done.stdout


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def prepare(root: Path, version: str, day: str) -> list[str]:
    """Set the version and the day of its release; return the files that changed. Raises ReleaseError and OSError.

    A version that is prepared already, and committed or not, is left as it is, so this can be run again.
    """
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ReleaseError(f"'{version}' is not a version such as 1.2.3; say make release VERSION=1.2.3")
    changed = [line[3:] for line in _git(root, "status", "--porcelain").splitlines()]
    others = sorted(set(changed) - set(WRITTEN))
    if others:
        raise ReleaseError(f"commit or stash first: {', '.join(others[:5])}{' …' if len(others) > 5 else ''}")
    if _git(root, "tag", "--list", f"v{version}").strip():
        raise ReleaseError(f"the tag v{version} exists already")
    try:
        code = (root / VERSION_FILE).read_text("utf-8")
    except OSError as error:
        raise ReleaseError(f"{VERSION_FILE}: {error.strerror or error}") from None
    declared = _DECLARED.search(code)
    if declared is None:
        raise ReleaseError(f'{VERSION_FILE}: no line `__version__ = "…"`')
    if _numbers(version) < _numbers(declared[1]):
        raise ReleaseError(f"{version} is older than {declared[1]}, which {VERSION_FILE} declares")
    text = changelog.load(root)
    log = changelog.read(text)
    if log.problems:
        raise ReleaseError(str(log.problems[0]))
    if not log.releases:
        raise ReleaseError(f"{changelog.FILE}: no version `## {version} ({changelog.UNRELEASED})` to release")
    newest = log.releases[0]
    if newest.date and newest.version != version:
        raise ReleaseError(f"{changelog.FILE}: nothing to release: the newest version is {newest.version} of {newest.date}")
    if not newest.date:
        newest.date = day
        late = next((change for change in newest.changes if change.date > day), None)
        if late is not None:
            raise ReleaseError(f"{changelog.FILE}:{late.line}: a change of {late.date}, after the release on {day}")
        text = text.replace(f"## {newest.version} ({changelog.UNRELEASED})", f"## {version} ({day})", 1)
    edition = Edition(version)
    files = {
        VERSION_FILE: _DECLARED.sub(f'__version__ = "{version}"', code).encode(),
        changelog.FILE: text.encode(),
        "CITATION.cff": software.citation(edition, newest.date),
        "codemeta.json": software.codemeta(edition, newest.date),
    }
    different = [name for name, data in files.items() if not (root / name).is_file() or (root / name).read_bytes() != data]
    write_together(root, files)
    return different


def pack(root: Path, version: str, site: Path, folder: Path) -> tuple[Path, Path]:
    """Pack the tracked files and the built site into one archive; return it and the file with its sum. Raises ReleaseError and OSError.

    The same files give the same bytes: entries are sorted, belong to nobody, and carry the day of the release.
    """
    log = changelog.read(changelog.load(root))
    release = next((release for release in log.releases if release.version == version and release.date), None)
    if release is None:
        raise ReleaseError(f"{changelog.FILE}: the version {version} has no day yet")
    if not (site / "data/review.json").is_file():
        raise ReleaseError(f"{site}: there is no built site; say make html")
    if f'"release": "{version}"' not in (site / "data/review.json").read_text("utf-8")[:300]:
        raise ReleaseError(f"{site}: the site was built from another version; say make html")
    files: dict[str, bytes] = {name: (root / name).read_bytes() for name in _git(root, "ls-files", "-z", "-co", "--exclude-standard").split("\0") if name}
    for built in sorted(site.rglob("*")):
        inside = built.relative_to(site)
        if built.is_file() and not any(part.startswith(".") for part in inside.parts):
            files[f"site/{inside.as_posix()}"] = built.read_bytes()
    files["SHA256SUMS"] = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()
    when = int(datetime.datetime.fromisoformat(f"{release.date}T00:00:00+00:00").timestamp())
    stream = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=stream, mode="wb", mtime=when, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(f"{NAME}-{version}/{name}")
            entry.size, entry.mtime = len(data), when
            entry.mode = 0o755 if os.access(root / name, os.X_OK) and (root / name).is_file() else 0o644
            archive.addfile(entry, io.BytesIO(data))
    target = folder / f"{NAME}-{version}.tar.gz"
    sums = folder / "SHA256SUMS"
    write_atomically(target, stream.getvalue())
    write_atomically(sums, f"{hashlib.sha256(stream.getvalue()).hexdigest()}  {target.name}\n".encode())
    return target, sums


def steps_left(version: str, committed: bool) -> str:
    """Return what a person does after the archive is written."""
    commit = "" if committed else f"  git commit -am 'Release {version}'   (then make release again: the data name the commit only then)\n"
    return (
        "Left to you: look at the site and at the changes, see that the tests passed on this commit, then\n"
        f"{commit}  git tag -a v{version} -m 'Release {version}' && git push --follow-tags\nand attach the archive with its sum.\n"
    )


def is_committed(root: Path) -> bool:
    """Tell whether the working tree has no change."""
    return not _git(root, "status", "--porcelain").strip()
