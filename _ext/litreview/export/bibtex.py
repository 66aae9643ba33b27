"""BibTeX: one entry a work, in UTF-8 with TeX's special characters escaped.

Accents stay as they are: LaTeX reads UTF-8 since 2018, biber and BibTeX pass it through, and scripts that no TeX command can
spell (王小明) could not be written otherwise. `url`, `doi` and `eprint` are verbatim fields and take no escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .citation import Work, work_of

if TYPE_CHECKING:
    from ..names import Name
    from ..records import Page

_TYPES = {"article": "article", "proceedings": "inproceedings", "report": "techreport"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ESCAPES = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
})  # fmt: skip


FIELDS = {
    "author": "All authors in their order, as `von Family, Jr., Given`; a group's whole name in braces.",
    "title": "The full title; braces keep styles from lowering names.",
    "journal": "The journal, of an article.",
    "booktitle": "The proceedings, of a paper at a meeting.",
    "series": "The series of the proceedings.",
    "volume": "The volume.",
    "number": "The number of the journal.",
    "pages": "First and last page.",
    "institution": "Who published a report.",
    "howpublished": "Where anything else appeared.",
    "publisher": "Who published a journal or proceedings.",
    "year": "The year that the venue names, else that of the first publication.",
    "month": "The month of the first publication, where the venue names no year and it is known.",
    "day": "The day, likewise.",
    "origdate": "When the work first became public, where the venue names a year of its own.",
    "doi": "The DOI.",
    "eprint": "The arXiv id.",
    "archiveprefix": "arXiv, where there is an id.",
    "url": "Where the work is read.",
}


def escape(text: str) -> str:
    """Return text as TeX prints it; straight quotation marks become opening and closing ones.

    Braces are spelled out, because BibTeX counts escaped ones too, and one alone would end the field, or would let it never end;
    hyphens in a row are kept apart, because TeX would make a dash of them.
    """
    kept = re.sub("-(?=-)", "-{}", text.translate(_ESCAPES))
    return re.sub(r'(?<![^\s(\[{])"(?=\S)', "``", kept).replace('"', "''")


def title(work: Work) -> str:
    """Return the title with braces around what styles must not put into lower case: `{LLaMA}`, `{T0}`, the work's own name."""
    own = set(re.findall(r"\w+", work.short))

    def keep(match: re.Match[str]) -> str:
        word = match[0]
        bare = re.sub(r"^\W+|\W+$", "", word)
        special = any(letter.isupper() for letter in bare[1:]) or any(letter.isdigit() for letter in bare) or (own & set(re.findall(r"\w+", bare)))
        return word.replace(bare, f"\ue000{bare}\ue001", 1) if bare and special and any(letter.isupper() for letter in bare) else word

    return escape(re.sub(r"\S+", keep, work.title)).replace("\ue000", "{").replace("\ue001", "}")


def _name(name: Name) -> str:
    if name.literal:
        return f"{{{escape(name.literal)}}}"
    family = escape(name.family)
    if any(word.islower() for word in name.family.split()[:-1]):
        family = f"{{{family}}}"  # BibTeX would take the small word for a particle
    surname = f"{name.particle} {family}" if name.particle else family
    return ", ".join(filter(None, (surname, escape(name.suffix), escape(name.given))))


def _verbatim(text: str) -> str:
    return text.replace("{", "%7B").replace("}", "%7D")  # a brace would end the field


def entry(work: Work) -> str:
    """Return one entry, ending with a line break."""
    year, month, day = (*work.issued.split("-"), "", "")[:3]
    container = {"article": "journal", "proceedings": "booktitle"}.get(work.kind, "")
    publisher = {"report": "institution", "article": "publisher", "proceedings": "publisher"}.get(work.kind, "howpublished")
    values = {
        "author": " and ".join(map(_name, work.names)),
        "title": title(work),
        container: escape(work.container),
        "series": escape(work.series),
        "volume": work.volume,
        "number": work.number,
        "pages": work.pages.replace("-", "--"),
        publisher: escape(work.publisher),
        "year": year,
        "month": _MONTHS[int(month) - 1] if month else "",
        "day": day.lstrip("0"),
        "origdate": work.first_public,
        "doi": _verbatim(work.doi),
        "eprint": work.arxiv,
        "archiveprefix": "arXiv" if work.arxiv else "",
        "url": _verbatim(work.url),
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name in FIELDS if (value := values.get(name))]
    return f"@{_TYPES.get(work.kind, 'misc')}{{{work.id},\n{''.join(lines)}}}\n"


def bibtex(page: Page) -> str:
    """Return a record as one BibTeX entry."""
    return entry(work_of(page))


# An entry of a file: all of it, and whose it is
ENTRY = re.compile(r"^(@\w+\{([^,\n]+),\n(?:  .*\n)*\}\n)", re.MULTILINE)


def library(works: Iterable[Work | str], note: str = "") -> str:
    """Return a whole `.bib` file of works or entries; `note` stands at its head, where BibTeX reads over it."""
    head = f"@comment{{{_verbatim(note)}}}\n\n" if note else ""
    return head + "\n".join(work if isinstance(work, str) else entry(work) for work in works)
