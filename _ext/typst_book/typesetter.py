"""One run of the compiler in a process of its own: told by JSON on standard input, it tells by JSON on standard output.

The compiler keeps whatever it has once computed until its process ends, so each run has its own, which gives all memory back.
This file is run by its path and imports nothing of the package.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Lay the book out and write where its places lie, or make its PDF; print warnings and errors."""
    import typst

    asked: dict[str, Any] = json.load(sys.stdin)
    compiler = typst.Compiler(**asked["compiler"])
    told: dict[str, list[str]] = {"warnings": [], "errors": []}
    try:
        if "survey" in asked:
            try:
                found = compiler.query("<typst-book-survey>", field="value", one=True)
            except RuntimeError:
                compiler.compile(format="pdf")  # says where the fault is, as a query does not
                raise
            Path(asked["survey"]).write_text(found, "utf-8")
        else:
            _, warned = compiler.compile_with_warnings(**asked["compile"])
            told["warnings"] = [str(getattr(warning, "diagnostic", warning)) for warning in warned]
    except typst.TypstError as error:
        told["errors"] = [getattr(error, "diagnostic", "") or f"error: {error}"]
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
