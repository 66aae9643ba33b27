"""`CITATION.cff` and `codemeta.json`: how to cite the review, and what its code is; generated, and kept at the repository's root."""

from __future__ import annotations

import json
import textwrap

from ..edition import CODE_LICENSE, CREATORS, DESCRIPTION, KEYWORDS, LICENSE, TITLE, Edition

CODEMETA = "https://w3id.org/codemeta/3.0"


def license_address(spdx: str) -> str:
    """Return the address under which CodeMeta names a licence."""
    return f"https://spdx.org/licenses/{spdx}"


def citation(edition: Edition, released: str = "") -> bytes:
    """Return CITATION.cff; `released` is the day of the release, empty before it."""
    abstract = textwrap.indent(textwrap.fill(DESCRIPTION, 158, break_on_hyphens=False), "  ")
    keywords = "".join(f"  - {word}\n" for word in KEYWORDS)
    return (
        "# Written by `make release` and `python -m litreview export citation`; what it says is in _ext/litreview/edition.py.\n"
        "cff-version: 1.2.0\nmessage: If you use this review or its data, please cite it as below.\ntype: dataset\n"
        f"title: {TITLE}\nauthors:\n  - name: {CREATORS}\nabstract: >-\n{abstract}\nkeywords:\n{keywords}license: {LICENSE}\nversion: {edition.release}\n"
        + (f"date-released: {released}\n" if released else "")
    ).encode()


def codemeta(edition: Edition, released: str = "") -> bytes:
    """Return codemeta.json; `released` is the day of the release, empty before it."""
    value = {
        "@context": CODEMETA,
        "@type": "SoftwareSourceCode",
        "name": TITLE,
        "description": DESCRIPTION,
        "author": {"@type": "Organization", "name": CREATORS},
        "keywords": list(KEYWORDS),
        "license": license_address(CODE_LICENSE),
        "version": edition.release,
        **({"datePublished": released} if released else {}),
        "programmingLanguage": "Python",
        "runtimePlatform": "Python 3.11 or later",
        "softwareRequirements": "Sphinx",
        "developmentStatus": "active",
        "isPartOf": {"@type": "Dataset", "name": TITLE, "license": license_address(LICENSE)},
    }
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
