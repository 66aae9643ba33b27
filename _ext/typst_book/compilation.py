"""The compiler: from a Typst source to a PDF, and its messages traced back to the pages of the project."""

from __future__ import annotations

import json
import platform
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from .cutting import MARK
from .destinations import lead_to_places
from .writing import ORIGIN

_PLACE = re.compile(r"┌─ (?P<file>.+?):(?P<line>\d+):\d+")
_MESSAGE = re.compile(r"^error: (?P<message>.*?)$", re.MULTILINE)
_CHARACTER = re.compile(r"\\u\{([0-9a-f]+)\}")


class Fault(NamedTuple):
    """What is wrong, with the page and line it came from, as far as they are known."""

    docname: str
    line: int | None
    message: str


class BookError(Exception):
    """A book that could not be made, with every fault."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


def check_compiler() -> None:
    """Raise BookError with what to do where the compiler is missing or too old."""
    machine = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    try:
        import typst
    except ImportError:
        raise _unable(
            f"the Typst compiler is not installed: install the package typst, 0.15 or later, with pip. If pip finds none for {machine}, "
            "no wheel exists for it: use another Python, or a machine for which there is one (x86-64 or aarch64 Linux, macOS, Windows)"
        ) from None
    if find_spec("pikepdf") is None:
        raise _unable("the package pikepdf is not installed, which gives the links their places: install it with pip")
    if not hasattr(typst, "Compiler") or not hasattr(typst.Compiler, "compile_with_warnings"):
        raise _unable("the Typst compiler is too old: 0.15 or later is needed, because it knows variable fonts; upgrade the package typst with pip")


def compile_book(source: Path, target: Path, fonts: Sequence[Path], *, standards: Sequence[str], system_fonts: bool, timestamp: int) -> list[Fault]:
    """Make a PDF of a source; return the compiler's warnings, each with page and line.

    Raises BookError; a letter that no font has is a fault where the standard asks so.
    """
    from .pieces import set_in_pieces

    nowhere = str(source.parent / "no-packages")  # no package is ever fetched: this folder is not there
    compiler = {
        "root": str(source.parent), "font_paths": [str(path) for path in fonts], "ignore_system_fonts": not system_fonts,
        "package_path": nowhere, "package_cache_path": nowhere,
    }  # fmt: skip
    typesetter = Typesetter(compiler, {"format": "pdf", "pdf_standards": list(standards), "timestamp": timestamp})
    if MARK in source.read_text("utf-8"):
        return set_in_pieces(source, target, typesetter)
    done = typesetter.make(source)
    if done.errors:
        raise BookError(*done.errors)
    assert done.survey is not None
    source.with_name("survey.json").write_text(json.dumps(done.survey), "utf-8")
    made = source.with_suffix(".pdf")
    lead_to_places(made, target, done.survey)
    made.unlink()
    return list(done.warnings)


class Made(NamedTuple):
    """What the compiler told of a source, and what it surveyed."""

    warnings: Sequence[Fault] = ()
    errors: Sequence[Fault] = ()
    survey: Any = None


class Typesetter(NamedTuple):
    """The compiler with what it is told of fonts and standards."""

    compiler: Mapping[str, Any]
    compile: Mapping[str, Any]

    def make(self, source: Path, inputs: Mapping[str, str] = MappingProxyType({}), *, surveyed: bool = True) -> Made:
        """Make a PDF beside a source, in a process that gives back all its memory."""
        asked = {
            "compiler": {**self.compiler, "input": str(source), "sys_inputs": dict(inputs)}, "survey": surveyed,
            "compile": {**self.compile, "output": str(source.with_suffix(".pdf"))},
        }  # fmt: skip
        answer = run([str(Path(__file__).with_name("typesetter.py"))], asked, "the Typst compiler")
        text = source.read_text("utf-8").split("\n")
        warnings, errors = (
            list(dict.fromkeys(fault for message in answer[kind] for fault in told_from(message, source.name, text))) for kind in ("warnings", "errors")
        )
        return Made(warnings, errors, answer["survey"])


def run(program: Sequence[str], asked: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Run a Python program in a process of its own: what it is asked and what it answers is JSON."""
    done = subprocess.run([sys.executable, *program], input=json.dumps(asked), capture_output=True, text=True, check=False)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        killed = " (the machine may have too little memory)" if done.returncode == -signal.SIGKILL else ""
        raise _unable(f"{name} broke off{killed}: {done.stderr.strip()[-300:] or f'exit status {done.returncode}'}") from None
    return answer


def _unable(message: str) -> BookError:
    return BookError(Fault("", None, message))


def told_from(diagnostic: str, file: str, source: Sequence[str]) -> list[Fault]:
    """Return each thing that the compiler says once, with the page and line it came from."""
    found: dict[Fault, None] = {}
    for part in re.split(r"^(?=(?:error|warning): )", diagnostic, flags=re.MULTILINE):
        if not part.strip():
            continue
        message = part.strip().split("\n")[0].split(": ", 1)[-1]
        message = _CHARACTER.sub(lambda code: f"{chr(int(code[1], 16))} (U+{int(code[1], 16):04X})" if int(code[1], 16) > 31 else f"U+{code[1]:0>4}", message)
        place = next((place for place in _PLACE.finditer(part) if place["file"].endswith(file)), None)
        docname, _, line = (_origin(source, int(place["line"])) if place else "").partition(":")
        found[Fault(docname, int(line) if line else None, message)] = None
    return list(found)


def _origin(source: Sequence[str], line: int) -> str:
    """Return the page and line that a line of the source came from: the comment before it says so."""
    for text in reversed(source[: line - 1]):
        if text.startswith(ORIGIN):
            return text.removeprefix(ORIGIN)
    return ""
