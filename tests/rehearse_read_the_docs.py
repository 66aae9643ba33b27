"""Do what Read the Docs will do: read `.readthedocs.yaml` and follow it in a clean folder and a new environment.

    python tests/rehearse_read_the_docs.py [--into FOLDER] [--only html pdf] [--plan]

The commands are those that Read the Docs documents for a Sphinx project, where the file does not give its own; what they must
leave behind is what it documents too: `html/index.html`, and exactly one file each of PDF, EPUB and zipped HTML. Only the files
that git knows are copied, so a page somebody forgot to add fails here and not on the first pull request.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
FORMATS = ("html", "htmlzip", "pdf", "epub")
BEFORE = ("post_checkout", "pre_system_dependencies", "post_system_dependencies", "pre_create_environment")
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "http_proxy", "https_proxy", "no_proxy")


class RehearsalError(Exception):
    """Tell why Read the Docs would fail."""


@dataclass
class Step:
    """One command with the name of the job it belongs to."""

    job: str
    command: str


@dataclass
class Plan:
    """What the file asks for."""

    formats: list[str]
    steps: list[Step]
    packages: list[str] = field(default_factory=list)  # of the system
    python: str = ""


def plan(configuration: Mapping[str, Any], folder: Path, only: Sequence[str] = FORMATS) -> Plan:
    """Return the commands for a configuration, in Read the Docs' order."""
    if configuration.get("version") != 2:
        raise RehearsalError("version: Read the Docs reads version 2 only")
    build = configuration.get("build", {})
    asked = configuration.get("formats") or []
    asked = ["htmlzip", "pdf", "epub"] if asked == "all" else list(asked)
    jobs: Mapping[str, Any] = build.get("jobs", {})
    own: Mapping[str, Any] = jobs.get("build", {}) or {}
    formats = [name for name in FORMATS if name in {"html", *asked, *own} and name in only]
    python = str(build.get("tools", {}).get("python", ""))
    packages = list(build.get("apt_packages", []))
    if "commands" in build:
        return Plan(formats, [Step("commands", command) for command in build["commands"]], packages, python)
    steps = [Step(job, command) for job in BEFORE for command in jobs.get(job, [])]
    steps += [Step("create_environment", command) for command in jobs.get("create_environment", ['python -m venv "$READTHEDOCS_VIRTUALENV_PATH"'])]
    steps += [Step(job, command) for job in ("post_create_environment", "pre_install") for command in jobs.get(job, [])]
    steps += [Step("install", command) for command in jobs.get("install", list(_install(configuration)))]
    steps += [Step(job, command) for job in ("post_install", "pre_build") for command in jobs.get(job, [])]
    for name in formats:
        steps += [Step(f"build {name}", command) for command in own.get(name, list(_build(name, configuration)))]
    return Plan(formats, steps + [Step("post_build", command) for command in jobs.get("post_build", [])], packages, python)


def _install(configuration: Mapping[str, Any]) -> Sequence[str]:
    commands = ["python -m pip install --upgrade pip setuptools"]
    for entry in configuration.get("python", {}).get("install", []):
        if "requirements" in entry:
            commands.append(f"python -m pip install --exists-action=w -r {shlex.quote(str(entry['requirements']))}")
        elif "path" in entry:
            extras = ",".join(entry.get("extra_requirements", []))
            commands.append(f"python -m pip install --upgrade {shlex.quote(str(entry['path']) + (f'[{extras}]' if extras else ''))}")
    return commands


def _build(name: str, configuration: Mapping[str, Any]) -> Sequence[str]:
    """Return Read the Docs' own commands for a format."""
    sphinx = configuration.get("sphinx")
    if not sphinx or "configuration" not in sphinx:
        raise RehearsalError("sphinx.configuration is missing: without it nothing is built")
    source = Path(str(sphinx["configuration"])).parent
    strict = "-W --keep-going " if sphinx.get("fail_on_warning") else ""
    builder = {"html": sphinx.get("builder", "html"), "htmlzip": "singlehtml", "pdf": "latex", "epub": "epub"}[name]
    target = {"html": "$READTHEDOCS_OUTPUT/html", "htmlzip": "_build/singlehtml", "pdf": "_build/latex", "epub": "_build/epub"}[name]
    commands = [f'python -m sphinx -T {strict}-b {builder} -d _build/doctrees -D language=en {shlex.quote(str(source))} "{target}"']
    if name == "htmlzip":
        commands.append('mkdir -p "$READTHEDOCS_OUTPUT/htmlzip" && cd _build/singlehtml && python -m zipfile -c "$READTHEDOCS_OUTPUT/htmlzip/review.zip" *')
    if name == "epub":
        commands.append('mkdir -p "$READTHEDOCS_OUTPUT/epub" && cp _build/epub/*.epub "$READTHEDOCS_OUTPUT/epub/"')
    if name == "pdf":
        commands.append("cd _build/latex && latexmk -r latexmkrc -pdf -f -dvi- -ps- -interaction=nonstopmode")
        commands.append('mkdir -p "$READTHEDOCS_OUTPUT/pdf" && cp _build/latex/*.pdf "$READTHEDOCS_OUTPUT/pdf/"')
    return commands


def check_output(output: Path, formats: Sequence[str]) -> list[str]:
    """Return what is missing of what Read the Docs expects."""
    faults = []
    for name in formats:
        files = sorted(path for path in (output / name).rglob("*") if path.is_file())
        if name == "html":
            if not (output / "html" / "index.html").is_file():
                faults.append("html: there is no index.html")
        elif len(files) != 1:
            faults.append(f"{name}: expected one file, found {len(files)}")
        elif files[0].stat().st_size < 1000:
            faults.append(f"{name}: {files[0].name} has {files[0].stat().st_size} bytes only")
    return faults


def copy(target: Path, root: Path = ROOT) -> None:
    """Copy the files that git knows, as they stand."""
    names = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], check=True, capture_output=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (root / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)


def environment(output: Path, virtual: Path) -> dict[str, str]:
    """Return the variables that Read the Docs documents, and of our own only what finds programs and the package index."""
    own = {name: value for name, value in os.environ.items() if name in KEPT or name.startswith("PIP_")}
    own["PATH"] = f"{virtual / 'bin'}{os.pathsep}{own.get('PATH', os.defpath)}"
    return own | {
        "READTHEDOCS": "True",
        "READTHEDOCS_OUTPUT": str(output),
        "READTHEDOCS_VIRTUALENV_PATH": str(virtual),
        "READTHEDOCS_PROJECT": "instruction-tuning-review",
        "READTHEDOCS_LANGUAGE": "en",
        "READTHEDOCS_VERSION": "1",
        "READTHEDOCS_VERSION_NAME": "1",
        "READTHEDOCS_VERSION_TYPE": "external",  # a pull request's preview
        "READTHEDOCS_CANONICAL_URL": "https://instruction-tuning-review--1.org.readthedocs.build/en/1/",
        "READTHEDOCS_GIT_IDENTIFIER": "1",
    }


def interpreter(version: str) -> tuple[str, str]:
    """Return a Python of the version asked for, or this one, and what to say of it."""
    found = shutil.which(f"python{version}") if version else None
    works = found and subprocess.run([found, "-c", "import ensurepip"], capture_output=True, check=False).returncode == 0
    if found and works:
        return found, f"Python {version}"
    return sys.executable, f"Python {sys.version_info.major}.{sys.version_info.minor}, because there is no {version or 'other'} here"


def rehearse(base: Path, only: Sequence[str], root: Path = ROOT) -> list[str]:
    """Follow the file under `base`; return what Read the Docs would complain of. Raises RehearsalError."""
    source, output, virtual = base / "checkout", base / "output", base / "environment"
    copy(source, root)
    asked = plan(yaml.safe_load((source / ".readthedocs.yaml").read_text("utf-8")), source, only)
    missing = [name for name in asked.packages if shutil.which("dpkg") and subprocess.run(["dpkg", "-s", name], capture_output=True, check=False).returncode]
    if missing:
        print(f"not installed here: {', '.join(missing)} (apt-get install {' '.join(missing)})", flush=True)
    python, said = interpreter(asked.python)
    print(f"with {said}, into {output}", flush=True)
    variables = environment(output, virtual)
    first = base / "python"
    first.mkdir()
    (first / "python").symlink_to(python)  # before there is an environment, `python` is the tool that was asked for
    variables["PATH"] = f"{virtual / 'bin'}{os.pathsep}{first}{os.pathsep}{variables['PATH'].partition(os.pathsep)[2]}"
    for step in asked.steps:
        since = time.monotonic()
        print(f"[{step.job}] {step.command}", flush=True)
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", step.command], cwd=source, env=variables, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout[-4000:], done.stderr[-4000:], sep="\n", flush=True)
            raise RehearsalError(f"{step.job} ended with {done.returncode}")
        print(f"    {time.monotonic() - since:.0f} s", flush=True)
    return check_output(output, asked.formats)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 if Read the Docs would be content."""
    parser = argparse.ArgumentParser(description="Do what Read the Docs will do.")
    parser.add_argument("--into", type=Path, help="an empty folder to work in, kept afterwards (default: one that is removed)")
    parser.add_argument("--only", nargs="+", choices=FORMATS, default=list(FORMATS), help="the formats to build (default: those the file asks for)")
    parser.add_argument("--plan", action="store_true", help="only say which commands would run")
    given = parser.parse_args(arguments)
    try:
        if given.plan:
            for step in plan(yaml.safe_load((ROOT / ".readthedocs.yaml").read_text("utf-8")), ROOT, given.only).steps:
                print(f"[{step.job}] {step.command}")
            return 0
        if given.into is not None:
            given.into.mkdir(parents=True, exist_ok=True)
            if any(given.into.iterdir()):
                parser.error(f"{given.into} is not empty")
            faults = rehearse(given.into.resolve(), given.only)
        else:
            with tempfile.TemporaryDirectory() as folder:
                faults = rehearse(Path(folder), given.only)
    except (RehearsalError, yaml.YAMLError) as error:
        faults = [str(error)]
    for fault in faults:
        print(f"Read the Docs would fail: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
