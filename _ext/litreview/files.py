"""Write files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: nothing tells there whether somebody else is still writing, so what a kill left is not removed
    fcntl = None  # type: ignore[assignment]

STAGING = ".litreview-writing-"


def write_together(folder: Path, files: Mapping[str, bytes]) -> int:
    """Write several files below a folder, all of them or none; return how many changed.

    All are written under temporary names first, and take their own when the last one is there, so that a full disk or a
    folder without permission leaves everything as it was. Files that already have their content are left alone, so their dates
    tell when they last changed. What an earlier writing left that was killed is removed. Raises OSError.
    """
    _sweep(folder)
    changed = {folder / name: data for name, data in files.items() if not _holds(folder / name, data)}
    if not changed:
        return 0
    made: list[Path] = []
    staged: list[tuple[Path, Path]] = []
    try:
        for target in changed:
            with _about(target):
                _make_folder(target.parent, made)
        with _about(folder), _staging(folder) as staging:
            for target, data in changed.items():
                with _about(target):
                    staged.append((_stage(staging, len(staged), target, data), target))
            for _, target in staged:
                if target.is_dir():
                    raise IsADirectoryError(21, "Is a directory", str(target))
            for temporary, target in staged:
                temporary.replace(target)
    except BaseException:
        for temporary, _ in staged:
            with contextlib.suppress(OSError):
                temporary.unlink()
        for parent in reversed(made):
            with contextlib.suppress(OSError):  # something else was put there meanwhile
                parent.rmdir()
        raise
    return len(changed)


def write_atomically(path: Path, data: bytes) -> bool:
    """Write one file as `write_together` does; return whether its content changed. Raises OSError."""
    return write_together(path.parent, {path.name: data}) == 1


@contextlib.contextmanager
def _about(target: Path) -> Iterator[None]:
    """Let errors name the file that is to be written, not a temporary one."""
    try:
        yield
    except OSError as error:
        if error.filename is None or STAGING in str(error.filename):
            error.filename = str(target)
        raise


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


def _sweep(folder: Path) -> None:
    """Remove what writings left that were killed; those that still write hold a lock, and then nothing is removed."""
    left = [path for path in folder.glob(f"{STAGING}*") if path.is_dir()]
    if not left or fcntl is None:
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for path in left:
                shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder inside a folder, which is locked so that nobody takes it for one that was left."""
    handle = os.open(folder, os.O_RDONLY) if fcntl is not None else -1
    try:
        if fcntl is not None:
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(handle, fcntl.LOCK_SH)
        staging = Path(tempfile.mkdtemp(dir=folder, prefix=STAGING))
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    finally:
        if fcntl is not None:
            os.close(handle)


def _stage(staging: Path, number: int, target: Path, data: bytes) -> Path:
    """Write a file under a temporary name, which is returned. It is no private file: exports are served."""
    temporary = staging / str(number)
    if target.parent.stat().st_dev != staging.stat().st_dev:  # renaming does not lead to another disk
        temporary = target.parent / f".{target.name}{staging.name}"
    temporary.write_bytes(data)
    return temporary
