"""The translator: all its parts together, and the nodes that cannot occur."""

from __future__ import annotations

from .blocks import Blocks
from .components import Components
from .descriptions import Descriptions
from .figures import Figures
from .formulas import Formulas
from .inline import Inline
from .references import References

# Nodes of docutils and Sphinx that have no visitor of their own, with the reason.
NEVER_VISITED: dict[str, str] = {
    **dict.fromkeys(
        ("address", "author", "authors", "contact", "copyright", "date", "organization", "revision", "status", "version"),
        "stands in `docinfo` only, which prints its parts; Sphinx takes it out of the tree before",
    ),
    **dict.fromkeys(("field", "field_name", "field_body"), "stands in `field_list` or `docinfo`, which print their parts"),
    **dict.fromkeys(
        ("option", "option_argument", "option_group", "option_list_item", "option_string", "description"), "stands in `option_list`, which prints its parts"
    ),
    **dict.fromkeys(("tgroup", "thead", "tbody", "row", "entry"), "stands in `table`, which prints its parts"),
    **dict.fromkeys(("definition_list_item", "term", "classifier"), "stands in `definition_list`, which prints its parts"),
    "list_item": "stands in a list, which prints its items",
    "line": "stands in `line_block`, which prints its lines",
    "attribution": "stands in `block_quote`, which prints it",
    "label": "stands in footnotes and citations, which print it",
    "hlistcol": "stands in `hlist`, which prints its columns",
    "substitution_reference": "docutils replaces it while reading",
    "translatable": "a class that others derive from",
    "_desc_classes_injector": "a class that others derive from",
}


class Translator(Inline, Blocks, References, Descriptions, Formulas, Components, Figures):
    """Write one page of the sources as Typst markup."""
