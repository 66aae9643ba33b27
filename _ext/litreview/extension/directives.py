"""The directives: each leaves a placeholder and notes in the domain what the page asks for (reading phase)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from ..charts import CHARTS
from ..export.questions import QUESTIONS
from ..tables import DIRECTIVE, Request
from .domain import ReviewDomain
from .nodes import comparison_table, data_files, lineage_tree, recipe_form, review_chart, review_state, worked_answer
from .reference import with_code

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class ComparisonTable(SphinxDirective):
    """Ask for a table over records of one kind; how it is asked for is read where `check` reads it too."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        domain = ReviewDomain.of(self.env)
        request = Request.read(" ".join(self.arguments), "\n".join(self.content), self.lineno)
        number = domain.note_request(self.env.docname, request)
        return [comparison_table(docname=self.env.docname, number=number)]


class ReviewState(SphinxDirective):
    """Ask for the review's state in numbers."""

    def run(self) -> list[nodes.Node]:
        ReviewDomain.of(self.env).note_state(self.env.docname)
        return [review_state(docname=self.env.docname)]


class DataFiles(SphinxDirective):
    """Ask for the list of files that the build writes for programs."""

    def run(self) -> list[nodes.Node]:
        return [data_files(docname=self.env.docname)]


class WorkedQuestions(SphinxDirective):
    """Ask for the worked questions: each with the ways to ask it, and its answer."""

    def run(self) -> list[nodes.Node]:
        ReviewDomain.of(self.env).note_questions(self.env.docname)
        found: list[nodes.Node] = []
        for number, question in enumerate(QUESTIONS):
            found.append(nodes.rubric("", f"{number + 1}. {question.asks}"))
            for language, code in (("sql", question.sql), ("python", question.pandas), ("text", question.jq)):
                if code:
                    found.append(nodes.literal_block(code, code, language=language))
            if question.note:
                found.append(nodes.paragraph("", "", *with_code(question.note)))
            found.append(worked_answer(docname=self.env.docname, number=number))
        return found


class ReviewChart(SphinxDirective):
    """Ask for one of the review's charts."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in CHARTS:
            raise self.error(f"'{name}' is not one of {', '.join(CHARTS)}")
        ReviewDomain.of(self.env).note_chart(self.env.docname, name)
        return [review_chart(docname=self.env.docname, name=name)]


class RecipeForm(SphinxDirective):
    """Ask for the form that combines a base model with data sets."""

    def run(self) -> list[nodes.Node]:
        ReviewDomain.of(self.env).note_recipe(self.env.docname)
        return [recipe_form(docname=self.env.docname)]


class LineageTree(SphinxDirective):
    """Ask for the drawing of all records and what they were made from."""

    def run(self) -> list[nodes.Node]:
        ReviewDomain.of(self.env).note_tree(self.env.docname)
        return [lineage_tree(docname=self.env.docname)]


def register(app: Sphinx) -> None:
    """Register the directives under their plain names: `comparison-table`, `review-state`."""
    app.add_directive(DIRECTIVE, ComparisonTable)
    app.add_directive("review-state", ReviewState)
    app.add_directive("data-files", DataFiles)
    app.add_directive("worked-questions", WorkedQuestions)
    app.add_directive("lineage-tree", LineageTree)
    app.add_directive("recipe-form", RecipeForm)
    app.add_directive("review-chart", ReviewChart)
