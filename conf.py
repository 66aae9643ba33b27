"""Sphinx configuration. The source folder is the repository itself, so the pages are listed, not searched for."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from litreview import __version__
from litreview.cells import MARKS
from litreview.edition import DESCRIPTION, TITLE

project = TITLE
author = "the contributors"
copyright = "the contributors, CC BY 4.0"  # no year: a build must not depend on the day
release = version = __version__
language = "en_GB"

extensions = ["myst_parser", "sphinx_design", "notfound.extension", "litreview"]
include_patterns = ["index.md", "papers/*.md", "models/*.md", "licenses/*.md", "sources/*.md", "review/*.md", "contribute/*.md"]
templates_path = ["_templates"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = project
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "")  # where the site will be, where it is known: canonical addresses and the site's map
notfound_urls_prefix = urlsplit(html_baseurl).path or "/"
notfound_context = {
    "title": "Page not found",
    "body": f"""<h1>Page not found</h1>
<p>There is no page at this address; it may have moved. Start from the <a href="{notfound_urls_prefix}index.html">review's first page</a>, look through
<a href="{notfound_urls_prefix}review/papers.html">all papers</a>, or <a href="{notfound_urls_prefix}search.html">search</a>.</p>""",
}
html_static_path = ["_static"]
html_css_files = ["review.css"]
html_copy_source = True
html_use_index = False  # it would be empty: pages are found by the search and the tables
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": False}
html_last_updated_fmt = None  # as copyright: the same sources give the same pages

# The repository's address (https://github.com/<owner>/<name>): with it, a link beside each value opens the form "fix a fact", filled in.
litreview_repository = ""

latex_documents = [("index", "instruction-tuning-review.tex", project, author, "manual")]
latex_engine = "xelatex"

# The e-book: `make epub`.
epub_basename = "instruction-tuning-review"
epub_language = "en-GB"  # the book's, also where the host sets the site's to `en`
epub_description = DESCRIPTION
epub_contributor = epub_publisher = author
epub_uid = "book"
epub_identifier = f"urn:uuid:{uuid5(NAMESPACE_URL, TITLE)}"  # the same in every edition, so that a newer one takes the older one's place
epub_tocscope = "includehidden"  # the pages' own lists of pages are hidden, as the sidebar shows them
epub_use_index = False  # nothing is in it
epub_exclude_files = ["_static/comparison.png"]  # the README's
epub_show_urls = "no"

# `make linkcheck`: some thousand addresses on few hosts, so few at a time, patience where a host asks for it, and no guessing.
user_agent = "Mozilla/5.0 (compatible; litreview-linkcheck; living review, nightly)"
linkcheck_workers = 4
linkcheck_timeout = 30
linkcheck_retries = 2
linkcheck_rate_limit_timeout = 300  # seconds between tries at a busy host; where it says itself how long (Retry-After), Sphinx waits as told
linkcheck_report_timeouts_as_broken = False  # told apart: a slow night is no dead link
linkcheck_anchors_ignore_for_url = [r"https://github\.com/", r"https://huggingface\.co/"]  # made by scripts, so not in the page
linkcheck_ignore = [
    r"https?://(?:[^/]*\.)?example\.(?:org|com)(?:/|$)",  # stands for an address
    r"https?://(?:localhost|127\.0\.0\.1)(?:[:/]|$)",  # the reader's own machine
    r"https://doi\.org/",  # a DOI is checked by its form; resolving it asks the publisher, and publishers refuse programs
    r"https://(?:openai\.com|platform\.openai\.com|chat\.openai\.com|dl\.acm\.org|www\.reddit\.com)/",  # refuse programs with 403
]

# The book: `make pdf`. Fonts come from Python packages, so that every machine makes the same one.
extensions.append("typst_book")
typst_documents = [
    {
        "file": "instruction-tuning-review.pdf",
        "subtitle": "Models, data, releases and licences, each fact with its source",
        "authors": ["The contributors"],
        "without": ["contribute"],  # how to add a page is read on the site, where the form and the commands are
        "opening": "What this review is",
        "description": "A review of works on instruction tuning for large language models, with evidence for each fact and verdicts on licences.",
        "keywords": ["instruction tuning", "large language models", "licences", "living review"],
        "imprint": [
            "Text and data: CC BY 4.0. Code: MIT. Short quotations from other works stand under the terms of those works. Nothing here is legal advice.",
            f"Cite as: “{project}”, by its contributors, version {version}.",
        ],
    }
]
typst_heading_font = ["Source Sans 3"]
typst_fallback_fonts = ["Noto Sans Symbols", "Noto Sans CJK JP", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Emoji", "Noto Sans"]
typst_signs = {name: sign for name, (sign, _) in MARKS.items()}
typst_show_urls = "no"  # addresses that matter in print stand in the lists of evidence
typst_font_packages = ["manimgx_fonts", "manimgx_fonts_cjk", "fontpkg_source_sans_3"]
