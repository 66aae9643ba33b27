"""Let Atheris look for a file that reading cannot take: it follows which lines of our code each input reaches, and bends inputs to reach others.

    python tests/fuzz_pages.py [seconds]

`make soak` runs it where Atheris has a wheel (Linux, x86-64). It begins with the review's own pages. An input that raises, breaks what
holds for every page, or takes longer than five seconds ends it, and is kept in `_build/fuzz`.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

try:
    import atheris
except ImportError:
    print("Atheris is not installed: no page is fuzzed with it")
    sys.exit()

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "_ext"), str(ROOT / "tests")]

with atheris.instrument_imports(include=["litreview"]):
    from litreview.page_files import page_files
    from test_frontmatter_fuzz import PATHS, read

    for name in page_files(ROOT):  # modules that are loaded only where a page needs them are loaded here, where they are watched
        read(name, (ROOT / name).read_bytes())


def look(data: bytes) -> None:
    """Read what the fuzzer made as a page of each kind in turn."""
    read(PATHS[data[0] % len(PATHS)] if data else PATHS[0], data[1:])


def main() -> None:
    """Begin with the review's own pages, the first byte of each its kind."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    folder = ROOT / "_build/fuzz"
    seeds = folder / "seeds"
    shutil.rmtree(folder, ignore_errors=True)
    seeds.mkdir(parents=True)
    for name in page_files(ROOT):
        kind = [path.partition("/")[0] for path in PATHS].index(name.partition("/")[0])
        (seeds / name.replace("/", "-")).write_bytes(bytes([kind]) + (ROOT / name).read_bytes())
    options = [
        f"-artifact_prefix={folder}/",
        f"-max_total_time={seconds}",
        "-timeout=5",
        "-max_len=60000",
        "-rss_limit_mb=2000",
        "-verbosity=0",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], str(seeds), *options], look)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
