"""Write files whole or not at all. Names are mostly texts here: making paths of thousands of them took longer than writing."""

from __future__ import annotations

import contextlib
import filecmp
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: nothing tells there whether somebody else is still writing, so what a kill left is not removed
    fcntl = None  # type: ignore[assignment]

STAGING = ".litreview-writing-"


def write_together(folder: Path, files: Mapping[str, bytes] | Iterable[tuple[str, bytes | Path]]) -> int:
    """Write several files below a folder, all of them or none; return how many changed.

    All are written under temporary names first, and take their own when the last one is there, so that a full disk or a
    folder without permission leaves everything as it was. Files that already have their content are left alone, so their dates
    tell when they last changed. Files that are given one by one need not all be held at once, and a large one can be given as
    another file. What an earlier writing left that was killed is removed. Raises OSError.
    """
    _sweep(folder)
    made: list[Path] = []
    staged: list[tuple[str, str]] = []
    staging: Path | None = None
    parents: set[str] = set()
    devices: dict[str, bool] = {}
    target = str(folder)
    try:
        try:
            with contextlib.ExitStack() as stack:
                for name, data in files.items() if isinstance(files, Mapping) else files:
                    path = os.path.join(folder, name)
                    if _holds(path, data):
                        continue
                    target = path
                    if (parent := os.path.dirname(path)) not in parents:
                        _make_folder(Path(parent), made)
                        parents.add(parent)
                    if staging is None:
                        target = str(folder)
                        staging = stack.enter_context(_staging(folder))
                        target = path
                    staged.append((_stage(staging, devices, len(staged), path, data), path))
                for _, target in staged:
                    if os.path.isdir(target):
                        raise IsADirectoryError(21, "Is a directory", target)
                for temporary, target in staged:
                    os.replace(temporary, target)
        except OSError as error:  # it is about the file that is to be written, not about a temporary one
            if error.filename is None or STAGING in str(error.filename):
                error.filename = target
            elif isinstance(error.filename, str):  # of a file that could not be made, its name below the folder
                error.filename = os.path.join(folder, error.filename)
            raise
    except BaseException:
        for temporary, _ in staged:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        for parent_made in reversed(made):
            with contextlib.suppress(OSError):  # something else was put there meanwhile
                parent_made.rmdir()
        raise
    return len(staged)


def write_atomically(path: Path, data: bytes) -> bool:
    """Write one file as `write_together` does; return whether its content changed. Raises OSError."""
    return write_together(path.parent, {path.name: data}) == 1


def _make_folder(folder: Path, made: list[Path]) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for parent in reversed(missing):
        parent.mkdir(exist_ok=True)
        made.append(parent)


def _holds(path: str, data: bytes | Path) -> bool:
    try:
        if isinstance(data, Path):
            return filecmp.cmp(path, data, shallow=False)
        if os.stat(path).st_size != len(data):
            return False
        with open(path, "rb", buffering=0) as file:
            return file.readall() == data
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


def _stage(staging: Path, near: dict[str, bool], number: int, target: str, data: bytes | Path) -> str:
    """Write a file under a temporary name, which is returned. It is no private file: exports are served.

    `near` remembers of folders whether they lie on the same disk: renaming does not lead to another.
    """
    parent, name = os.path.split(target)
    if parent not in near:
        near[parent] = os.stat(parent).st_dev == os.stat(staging).st_dev
    temporary = os.path.join(staging, str(number)) if near[parent] else os.path.join(parent, f".{name}{staging.name}")
    if isinstance(data, Path):
        shutil.copyfile(data, temporary)
        return temporary
    with open(temporary, "wb") as file:
        file.write(data)
    return temporary
