"""Check my recipe: on the command line, in the browser, and the same in both."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, ROOTS, build
from litreview.__main__ import main
from litreview.corpus import Corpus, load
from litreview.extension.html import Writer
from litreview.recipe import RecipeError, bases, cook, data_sets
from litreview.verdicts import ORDER, QUESTIONS
from litreview.vocabularies import SCOPE
from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load(ROOT)


def test_a_permissive_base_with_alpaca_is_no(corpus: Corpus) -> None:
    """Alpaca's licensor says that its terms reach trained models."""
    found = cook(corpus, "pythia/12B", ["alpaca"], "commercial-use")
    assert found["answer"] == "no"
    reasons = {part["ingredient"]: part for part in found["because"]}
    assert reasons["Pythia"]["answer"] == "yes"
    assert any("CC-BY-NC-4.0" in reason for reason in reasons["Alpaca"]["reasons"])


def test_the_base_decides_where_it_is_worse(corpus: Corpus) -> None:
    assert cook(corpus, "llama/7B", [], "commercial-use")["answer"] == "no"
    assert cook(corpus, "llama-2/7B", [], "commercial-use")["answer"] == "conditional"
    assert cook(corpus, "pythia/12B", [], "commercial-use")["answer"] == "yes"


def test_an_alias_of_a_size_is_understood(corpus: Corpus) -> None:
    assert cook(corpus, "llama/30B", [], "commercial-use")["answer"] == "no"


def test_share_alike_licences_that_exclude_each_other_are_refused_only_when_merged(corpus: Corpus) -> None:
    side_by_side = cook(corpus, None, ["lima", "continual-t0"], "redistribution")
    merged = cook(corpus, None, ["lima", "continual-t0"], "redistribution", merge=True)
    assert side_by_side["excluded"] == []
    assert side_by_side["answer"] != "no"
    assert merged["answer"] == "no"
    assert ["CC-BY-NC-SA-3.0", "CC-BY-SA-3.0"] in merged["excluded"]
    assert ["CC-BY-SA-3.0", "CC-BY-SA-4.0"] not in merged["excluded"], "3.0 lets adaptations be put under 4.0"


def test_one_data_set_is_never_merged_with_itself(corpus: Corpus) -> None:
    assert cook(corpus, None, ["lima", "lima"], "redistribution", merge=True)["excluded"] == []


@pytest.mark.parametrize(
    ("base", "data", "question", "meant"),
    [
        ("lama/7B", [], "commercial-use", "llama"),
        ("gpt-2/125M", [], "commercial-use", "gpt-2/124M"),
        ("llama-2/8B", [], "commercial-use", "llama-2/7B"),
        (None, ["alpca"], "commercial-use", "alpaca"),
        (None, ["alpaca"], "comercial-use", "commercial-use"),
        ("alpaca", [], "commercial-use", ""),
        (None, ["llama"], "commercial-use", ""),
    ],
)
def test_what_there_is_not_is_refused_with_a_suggestion(corpus: Corpus, base: str | None, data: list[str], question: str, meant: str) -> None:
    with pytest.raises(RecipeError) as caught:
        cook(corpus, base, data, question)
    assert caught.value.suggestion.startswith(meant)


@pytest.mark.parametrize(("base", "data"), [("gpt-4", []), ("palm/540B", ["alpaca"]), (None, ["instructgpt"])])
def test_what_was_never_handed_out_can_be_no_ingredient(corpus: Corpus, base: str | None, data: list[str]) -> None:
    """Else the answer would be that of the other ingredients alone."""
    with pytest.raises(RecipeError, match="never"):
        cook(corpus, base, data, "commercial-use")


def test_a_recipe_says_which_other_models_are_meant(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    assert cook(corpus, "llama-2/7B", ["alpaca"], "train-another-model")["scope"] == ["competing", "own-family-only"]
    assert cook(corpus, "llama-2/7B", ["alpaca"], "commercial-use")["scope"] == []
    assert main(["verdict", "--root", str(ROOT), "--data", "alpaca", "--question", "train-another-model"]) == 0
    assert "other models that are meant: competing" in capsys.readouterr().out


def test_the_command_prints_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdict", "--root", str(ROOT), "--base", "llama-2/7B", "--data", "alpaca", "--data", "lima", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["answer"] == "no"
    assert found["data"] == ["alpaca", "lima"]


@pytest.mark.parametrize("arguments", [["--base", "nothing"], ["--data", "nothing"], ["--data", "alpaca", "--question", "nothing"], []])
def test_a_wrong_call_is_one_clear_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verdict", "--root", str(ROOT), *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("litreview verdict: ")
    assert told.err.count("\n") == 1


CHOOSE = """choices => {
  const form = document.querySelector("form.recipe"), output = form.querySelector(".recipe-answer");
  return choices.map(choice => {
    form.elements.base.value = choice.base;
    form.querySelectorAll('[name="data"]').forEach(box => { box.checked = choice.data.includes(box.value) });
    form.elements.question.value = choice.question;
    form.elements.merge.checked = choice.merge;
    form.dispatchEvent(new Event("change"));
    const said = [...output.querySelectorAll(":scope > p")].map(p => p.textContent);
    return {answer: output.querySelector("b[class]").className, said, address: location.hash.slice(1), link: output.querySelector("a").hash.slice(1)};
  });
}"""


def test_the_browser_gives_the_same_answers(corpus: Corpus, tmp_path: Path, browser: Browser) -> None:
    """Some hundred random recipes through the page's form and through the command's code; refused merges among them."""
    chance = random.Random(7)
    base_ids = ["", *(page.id for page in bases(corpus))]
    data_ids = [page.id for page in data_sets(corpus)]
    choices = [
        {
            "base": chance.choice(base_ids),
            "data": chance.sample(data_ids, chance.randint(0, 5)),
            "question": chance.choice([*QUESTIONS]),
            "merge": chance.random() < 0.5,
        }
        for _ in range(400)
    ]
    choices += [{"base": chance.choice(base_ids), "data": chance.sample(data_ids, 6), "question": "redistribution", "merge": True} for _ in range(60)]
    choices = [choice for choice in choices if choice["base"] or choice["data"]]
    page_file = tmp_path / "page.html"
    script = (ROOT / "_static/recipe.js").read_text("utf-8")
    form = Writer(corpus, lambda docname: docname).recipe_form()
    page_file.write_text(f"<!doctype html><meta charset='utf-8'><title>recipe</title>{form}<script>{script}</script>", "utf-8")
    page = browser.new_page()
    page.goto(f"file://{page_file}")
    answers = page.evaluate(CHOOSE, choices)
    page.close()
    seen, refused = set(), 0
    for choice, answer in zip(choices, answers, strict=True):
        expected = cook(corpus, choice["base"] or None, choice["data"], choice["question"], merge=choice["merge"])
        assert answer["answer"] == expected["answer"], choice
        said = [f"{one} and {other} are share-alike licences that exclude each other: one work cannot be made of both." for one, other in expected["excluded"]]
        if expected["scope"]:
            said.append(f"Other models that are meant: {' '.join(SCOPE.words[word] for word in expected['scope'])}")
        said += [
            f"{label}: {', '.join(word.replace('-', ' ') for word in expected[name])}"
            for name, label in (("restricts", "Limits"), ("requires", "Duties"))
            if expected[name]
        ]
        assert answer["said"][1:] == said, choice
        assert answer["address"] == answer["link"], "the link keeps the choice"
        seen.add(answer["answer"])
        refused += bool(expected["excluded"])
        assert not expected["excluded"] or expected["answer"] == "no"
    assert {"no", "unclear"} <= seen <= {*ORDER, "not-released"}
    assert refused >= 10, "share-alike licences that exclude each other were drawn often enough"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Page]:
    """Open the form of a small review."""
    source = tmp_path_factory.mktemp("recipe") / "herd"
    shutil.copytree(ROOTS / "herd", source)
    shutil.copytree(ROOT / "_static", source / "_static")
    with (source / "conf.py").open("a") as conf:
        conf.write('html_static_path = ["_static"]\nhtml_css_files = ["review.css"]\n')
    with (source / "review/tables.md").open("a") as chapter:
        chapter.write("\n```{recipe-form}\n```\n")
    result = build(source)
    assert (result.code, result.warnings) == (0, "")
    assert "recipe.js" in result.text("review/tables.html")
    assert "recipe.js" not in result.text("papers/camel.html")
    page = browser.new_page()
    page.goto(f"file://{result.outdir / 'review/tables.html'}")
    yield page
    page.close()


def test_a_choice_is_answered_and_kept_in_the_address(form: Page) -> None:
    form.get_by_label("Base model", exact=True).select_option("wooly")
    form.get_by_label("Camel").check()
    assert "Wooly: yes" in form.locator(".recipe-answer").inner_text()
    assert "base=wooly&data=camel" in form.url
    form.reload()
    assert form.get_by_label("Camel").is_checked()
    assert "Camel:" in form.locator(".recipe-answer").inner_text()


def test_the_form_is_used_by_keyboard(form: Page) -> None:
    form.get_by_label("Dromedary").focus()
    form.keyboard.press("Space")
    assert form.get_by_label("Dromedary").is_checked()
    assert "Dromedary" in form.locator(".recipe-answer").inner_text()
