"""The compiler in a process of its own: told by JSON on standard input, it tells by JSON on standard output.

The compiler keeps whatever it has once computed until its process ends: so the survey, asked for after the PDF, costs next to nothing,
and all memory is given back. This file is run by its path and imports nothing of the package.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def main() -> None:
    """Make the PDF; print warnings, errors, and what was surveyed."""
    import typst

    asked: dict[str, Any] = json.load(sys.stdin)
    compiler = typst.Compiler(**asked["compiler"])
    told: dict[str, Any] = {"warnings": [], "errors": [], "survey": None}
    try:
        _, warned = compiler.compile_with_warnings(**asked["compile"])
        told["warnings"] = [str(getattr(warning, "diagnostic", warning)) for warning in warned]
        if asked["survey"]:
            told["survey"] = json.loads(compiler.query("<typst-book-survey>", field="value", one=True))
    except typst.TypstError as error:
        told["errors"] = [getattr(error, "diagnostic", "") or f"error: {error}"]
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
