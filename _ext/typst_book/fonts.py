"""Where fonts lie: in Python packages and folders that the project names, so that every machine makes the same book."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

if TYPE_CHECKING:
    from sphinx.config import Config

_KINDS = {".ttf", ".otf", ".ttc", ".otc"}


def folders(config: Config, root: Path) -> list[Path]:
    """Return all folders with font files.

    Raises ConfigError, which names what is missing and what to do.
    """
    found = [_package(name) for name in config.typst_font_packages]
    for name in config.typst_font_paths:
        path = root / name
        if not path.is_dir():
            raise ConfigError(f"typst_font_paths: there is no folder {path}")
        found.append(path)
    return found


def _package(name: str) -> Path:
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError(f"typst_font_packages: the package {name} is not installed; install what the project's book requires, with pip")
    folder = Path(spec.submodule_search_locations[0])
    if not any(path.suffix.lower() in _KINDS for path in folder.rglob("*")):
        raise ConfigError(f"typst_font_packages: the package {name} holds no font files")
    return folder


def stacks(config: Config) -> dict[str, list[str]]:
    """Return the families for each use, the fallbacks after them.

    Raises ConfigError for a setting that is no list of names.
    """
    for name in ("typst_text_font", "typst_heading_font", "typst_code_font", "typst_math_font", "typst_fallback_fonts"):
        given = getattr(config, name)
        if not isinstance(given, (list, tuple)) or not all(isinstance(family, str) for family in given):
            raise ConfigError(f"{name}: expected a list of families, not {given!r}")
    text, code, fallback = list(config.typst_text_font), list(config.typst_code_font), list(config.typst_fallback_fonts)
    heading = list(config.typst_heading_font) or text
    chosen = {"text": text, "heading": heading, "code": code, "math": [*config.typst_math_font, *text]}
    return {use: list(dict.fromkeys([*families, *code, *fallback])) for use, families in chosen.items()}
