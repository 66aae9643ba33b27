"""Write files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_together(folder: Path, files: Mapping[str, bytes]) -> int:
    """Write several files below a folder, all of them or none; return how many changed.

    All are written under temporary names first, and take their own when the last one is there, so that a full disk or a
    folder without permission leaves everything as it was. Files that already have their content are left alone. Raises OSError.
    """
    staged: list[tuple[Path, Path]] = []
    made: list[Path] = []
    try:
        for name, data in files.items():
            target = folder / name
            if _holds(target, data):
                continue
            try:
                _make_folder(target.parent, made)
                staged.append((_stage(target, data), target))
            except OSError as error:
                error.filename = str(target)  # not the temporary name
                raise
        for _, target in staged:
            if target.is_dir():
                raise IsADirectoryError(21, "Is a directory", str(target))
        for temporary, target in staged:
            temporary.replace(target)
    except BaseException:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
        for parent in reversed(made):
            with contextlib.suppress(OSError):  # something else was put there meanwhile
                parent.rmdir()
        raise
    return len(staged)


def _make_folder(folder: Path, made: list[Path]) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for parent in reversed(missing):
        parent.mkdir(exist_ok=True)
        made.append(parent)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _stage(path: Path, data: bytes) -> Path:
    """Write a file beside its place under a temporary name, which is returned."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)  # mkstemp makes private files; exports are served
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Path(temporary)


def write_atomically(path: Path, data: bytes) -> bool:
    """Write a file under a temporary name and rename it; return whether its content changed.

    A file that already has this content is left alone, so its date tells when it last changed. Raises OSError.
    """
    if _holds(path, data):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _stage(path, data)
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return True
