"""Which edition of the review a file is from: stated in every export, so that a copy found years later can be placed."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import __version__

TITLE = "Instruction Tuning for LLMs, a living review"
DESCRIPTION = (
    "A review of works on instruction tuning for large language models whose facts (base models, instruction data, releases, licences) are data with evidence, "
    "and whose comparison tables are generated from them."
)
KEYWORDS = ("instruction tuning", "large language models", "licences", "living review")
CREATORS = f"The contributors to {TITLE}"  # no person is named for the whole; pages name the authors of works
LICENSE = "CC-BY-4.0"  # of text and data; the code is under MIT
LICENSE_URL = "https://creativecommons.org/licenses/by/4.0/"
CODE_LICENSE = "MIT"

FORMAT_VERSION = "1.0"
PROMISE = {
    "unchanged": "The same pages, code and commit give the same bytes.",
    "second number": "Something was added: a file, a field, a column, a word of a vocabulary. What read the files before still reads them.",
    "first number": "Something was renamed, removed or means something else; the change log says what, and what to use instead.",
}

# What the exports are made from: a commit is only named where none of this differs from it.
_MADE_FROM = ("papers", "models", "licenses", "sources", "CHANGELOG.md", "_ext", "conf.py")


@dataclass(frozen=True)
class Edition:
    """The release, and the commit where the files are exactly that commit's; empty where they are not, or outside git."""

    release: str = __version__
    commit: str = ""
    site: str = ""  # the site's address, with a slash at its end, where it is known

    @property
    def stated(self) -> dict[str, str]:
        """Return what every export says of itself, under the names that all of them use."""
        commit = {"commit": self.commit} if self.commit else {}
        return {"format_version": FORMAT_VERSION, "release": self.release, **commit, "license": LICENSE}

    @property
    def line(self) -> str:
        """Return the same as one line of text, for formats without fields of their own."""
        commit = f", commit {self.commit}" if self.commit else ""
        return f"{TITLE}; release {self.release}{commit}; format {FORMAT_VERSION}; {LICENSE}"


def edition_of(root: Path, site: str = "") -> Edition:
    """Return the edition of a review in its folder; without git, or with changes not yet committed, it names no commit."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}  # only look, never write to the index

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(root), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=30).stdout.strip()

    try:
        top, commit = git("rev-parse", "--show-toplevel", "HEAD").split("\n")
        if Path(top).resolve() != root.resolve() or git("status", "--porcelain", "--", *_MADE_FROM):
            commit = ""
    except (OSError, ValueError, subprocess.SubprocessError):
        commit = ""
    return Edition(commit=commit, site=site)
