"""The command line as a contributor meets it: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import litreview
import minimal
import pytest
from minimal import PAGES, PAPER, edited

ENGINE = Path(litreview.__file__).parents[1]


def run(
    *arguments: str, cwd: Path | None = None, python: tuple[str, ...] = ("-m", "litreview"), encoding: str = "utf-8", seed: str = "random"
) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own; a traceback is never right."""
    environment = {**os.environ, "PYTHONPATH": str(ENGINE), "PYTHONIOENCODING": encoding, "PYTHONHASHSEED": seed}
    done = subprocess.run([sys.executable, *python, *arguments], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a review without faults; tests only read it."""
    more = {
        "papers/delta.md": minimal.page("papers/delta.md", "data: {instances: 9000}"),
        "papers/epsilon.md": minimal.page("papers/epsilon.md", "title: A title\tof\ttabs\nbase_models: [beta/13B]"),
    }
    return minimal.write(tmp_path_factory.mktemp("clean"), {**PAGES, **more})


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pages = edited(PAPER, ("published: 2023-03-13", "published: spring"), ("method: [distillation]", "method: [destillation]"))
    table = "# T\n\n```{comparison-table} papers\n:columns: nmae\n:caption: 'Papers.'\n```\n"
    return minimal.write(tmp_path_factory.mktemp("faulty"), {**pages, "review/tables.md": table})


# --- check -------------------------------------------------------------------------------------------------------------


def test_check_of_a_clean_review(clean: Path) -> None:
    done = run("check", "--root", str(clean))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "6 pages checked, no errors\n"


def test_check_is_about_the_current_folder(clean: Path) -> None:
    assert run("check", cwd=clean).stderr == "6 pages checked, no errors\n"


def test_check_tells_faults_by_place_on_standard_output(faulty: Path) -> None:
    done = run("check", cwd=faulty)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "papers/alpha.md:5: error: published: 'spring' is not a date (2023, 2023-03 or 2023-03-13) [litreview.date-bad]",
        "papers/alpha.md:8: error: method.0: 'destillation' is not one of multitask-tuning, human-demonstrations, self-generation, distillation, "
        "preference-learning, retrieval-augmentation, continual-learning, in-context-training, data-selection, crowdsourcing; "
        "did you mean 'distillation'? [litreview.word-unknown]",
        "review/tables.md:3: error: comparison-table: there is no column 'nmae'; see the field reference; did you mean 'name'? [litreview.column-unknown]",
    ]
    assert done.stderr == "4 pages checked, 3 errors\nWhat a code means and how to mend it: make explain CODE=date-bad\n"


def test_check_uses_the_same_words_on_every_run(tmp_path: Path) -> None:
    """Python orders sets anew in every run, unless told otherwise."""
    more = "".join(f"  {label}: {{url: 'https://example.org', first_hand: yes, checked: 2023}}\n" for label in ("blog", "post", "repo", "talk", "site"))
    minimal.write(tmp_path, edited(PAPER, ("in: card, at: metadata", "in: nowhere, at: metadata"), ("references:\n", f"references:\n{more}")))
    one, other = (run("check", cwd=tmp_path, seed=seed) for seed in ("1", "2"))
    assert "'nowhere' is not a label" in one.stdout
    assert one.stdout == other.stdout


def test_check_counts_one_error_as_one(tmp_path: Path) -> None:
    minimal.write(tmp_path, edited(PAPER, ("published: 2023-03-13", "published: spring")))
    assert run("check", cwd=tmp_path).stderr.startswith("4 pages checked, 1 error\n")


def test_check_of_a_folder_without_pages_is_no_success(tmp_path: Path) -> None:
    done = run("check", "--root", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""
    assert str(tmp_path) in done.stderr
    assert "no pages" in done.stderr


def test_faults_are_told_where_letters_cannot_be_printed(tmp_path: Path) -> None:
    """A console of another encoding costs letters, never the message and never a traceback."""
    minimal.write(tmp_path, edited(PAPER, ("method: [distillation]", "method: [Größe]")))
    done = run("check", cwd=tmp_path, encoding="ascii")
    assert done.returncode == 1
    assert done.stdout.startswith("papers/alpha.md:8: error: method.0: 'Gr")
    assert done.stdout.endswith("[litreview.word-unknown]\n")


NESTED = {"dashes": "- ", "wide": "-  ", "wider": "-   ", "keys": "? - ", "brackets": "[", "braces": "{a: ", "texts": '["]",'}


def test_nothing_nested_too_deeply_is_composed(tmp_path: Path) -> None:
    """The YAML library descends without a limit of its own; too deep a page would end the whole process, not only its own check."""
    venues = {name: sign * (60_000 // len(sign)) for name, sign in NESTED.items()}
    minimal.write(tmp_path, {f"papers/{name}.md": minimal.page(f"papers/{name}.md", f"venue:\n  {venue}x") for name, venue in venues.items()})
    done = run("check", cwd=tmp_path)
    assert done.returncode == 1
    told = {line.split(":")[0] for line in done.stdout.splitlines() if "nested too deeply" in line}
    assert told == {f"papers/{name}.md" for name in NESTED}


CHECKED_WITHOUT_SPHINX = """
import sys
from litreview.__main__ import main
code = main(["check"])
print(code, sorted(name for name in sys.modules if name.partition(".")[0] in ("sphinx", "docutils", "myst_parser", "jinja2")))
"""


def test_check_never_imports_sphinx(faulty: Path) -> None:
    """The faulty review, because telling faults and answering tables must not need Sphinx either."""
    done = run("-c", CHECKED_WITHOUT_SPHINX, cwd=faulty, python=())
    # Of MyST only its reader of directive options, which needs nothing else.
    assert done.stdout.splitlines()[-1] == "1 ['myst_parser', 'myst_parser.parsers', 'myst_parser.parsers.options']"


def test_a_reader_that_leaves_early_is_no_fault(tmp_path: Path) -> None:
    """As in `check | head`; there are more faults than a pipe holds."""
    many = "".join(f"no_field_of_this_name_{number}: x\n" for number in range(1200))
    minimal.write(tmp_path, edited(PAPER, ("venue: not-stated\n", f"venue: not-stated\n{many}")))
    environment = {**os.environ, "PYTHONPATH": str(ENGINE)}
    with subprocess.Popen(
        [sys.executable, "-m", "litreview", "check"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("papers/alpha.md:")
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == -signal.SIGPIPE


def test_check_loads_no_parser_for_what_is_plain(tmp_path: Path) -> None:
    """Loading Markdown's parser, pydantic or the verdicts takes as long as reading dozens of pages."""
    table = (
        "---\nnosearch: true\n---\n\n# T\n\nSome *text*: see [alpha](../papers/alpha.md).\n\n```{comparison-table} papers\n:columns: name\n:caption: All\n```\n"
    )
    minimal.write(tmp_path, {**minimal.PAGES, "review/tables.md": table})
    code = "import sys; from litreview.__main__ import main; main(['check']); print(*sys.modules)"
    loaded = set(run("-c", code, cwd=tmp_path, python=()).stdout.split())
    assert "litreview.tables" in loaded
    assert not loaded & {"markdown_it", "mdit_py_plugins", "myst_parser", "pydantic", "difflib", "litreview.verdicts", "litreview.facets", "litreview.evidence"}


@pytest.mark.parametrize("arguments", [["query", "papers", "--json"], ["export", "json", "--output", "out.json"]])
def test_nor_do_the_other_commands(arguments: list[str], clean: Path, tmp_path: Path) -> None:
    done = run("-X", "importtime", "-m", "litreview", *arguments, "--root", str(clean), cwd=tmp_path, python=())
    assert done.returncode == 0
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "litreview" in imported
    assert not imported & {"sphinx", "docutils", "myst_parser"}


# --- --root and wrong calls --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["check"], ["query", "papers"], ["export", "json"]])
def test_a_root_that_is_no_folder(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    root = "file" if command == ["check"] else "nowhere"
    done = run(*command, "--root", root, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--root: '{root}' is not a folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("arguments", [[], ["chekc"], ["query"], ["check", "--nothing"]])
def test_a_wrong_call(arguments: list[str], clean: Path) -> None:
    done = run(*arguments, cwd=clean)
    assert done.returncode == 2
    assert "usage: litreview" in done.stderr


# --- query -------------------------------------------------------------------------------------------------------------


def test_query_prints_a_line_a_record(clean: Path) -> None:
    done = run("query", "papers", "--columns", "id, data_instances,venue", "--order-by", "data_instances desc", cwd=clean)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "id\tdata_instances\tvenue\n"
        "alpha\tabout 53,000\tnot stated\n"
        "delta\t9,000\tnot looked up\n"
        "epsilon\tnot looked up\tnot looked up\n"
    )  # fmt: skip


def test_query_without_columns_prints_ids(clean: Path) -> None:
    assert run("query", "papers", "--where", "data_instances > 9000", cwd=clean).stdout == "id\nalpha\n"


def test_query_keeps_a_record_on_a_line_and_a_value_in_its_column(clean: Path) -> None:
    done = run("query", "papers", "--columns", "id,title,base_models", "--where", "id = 'epsilon'", cwd=clean)
    assert done.stdout == "id\ttitle\tbase_models\nepsilon\tA title of tabs\tBeta 13B\n"


def test_query_as_json_gives_plain_values(clean: Path) -> None:
    done = run("query", "papers", "--columns", "data_instances,venue,short", "--json", cwd=clean)
    assert done.returncode == 0
    assert json.loads(done.stdout) == [
        {"id": "alpha", "data_instances": 53000, "venue": None, "short": "Alpha"},
        {"id": "delta", "data_instances": 9000, "venue": None, "short": "delta"},
        {"id": "epsilon", "data_instances": None, "venue": None, "short": "epsilon"},
    ]


def test_query_that_finds_nothing_is_no_fault(clean: Path) -> None:
    done = run("query", "models", "--where", "largest > 1e15", cwd=clean)
    assert (done.returncode, done.stdout, done.stderr) == (0, "id\n", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["papers", "--columns", "nmae"], "there is no column 'nmae'; see the field reference; did you mean 'name'? [litreview.column-unknown]"),
        (["papers", "--where", "instances > 1"], "did you mean 'data_instances'? [litreview.column-unknown]"),
        (["papers", "--where", "1; DROP TABLE papers"], "[litreview.query-refused]"),
        (["papers", "--order-by", "load_extension('x')"], "[litreview.query-refused]"),
        (["paper"], "'paper' is not one of papers, models, licenses, sources"),
        (["papers", "--columns", ""], "[litreview.option-bad]"),
        (["corrections", "--columns", "", "--json"], "litreview query: "),
    ],
)
def test_query_that_cannot_be_answered(arguments: list[str], message: str, clean: Path) -> None:
    done = run("query", *arguments, cwd=clean)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


# --- export ------------------------------------------------------------------------------------------------------------


def test_export_writes_the_file_and_says_where(clean: Path, tmp_path: Path) -> None:
    done = run("export", "json", "--root", str(clean), "--output", "out/review.json", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "out/review.json\n", "")
    value = json.loads((tmp_path / "out" / "review.json").read_text("utf-8"))
    assert [paper["id"] for paper in value["papers"]] == ["alpha", "delta", "epsilon"]


def test_export_to_what_nobody_writes(clean: Path) -> None:
    done = run("export", "docx", cwd=clean)
    assert (done.returncode, done.stdout) == (2, "")
    assert "docx" in done.stderr
    assert "json" in done.stderr


def test_export_to_where_nothing_can_be_written(clean: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    done = run("export", "json", "--root", str(clean), "--output", "file/review.json", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "litreview export: file: Not a directory\n"
    assert (tmp_path / "file").read_text("utf-8") == "x"
