"""The cost of all verdicts of a review with a lineage up to twelve steps deep."""

from __future__ import annotations

import gc
import statistics
import time

from lineages import thousands
from litreview.corpus import Corpus
from litreview.verdicts import ARTEFACTS, QUESTIONS


def seconds(size: int, runs: int) -> float:
    """Return the CPU seconds of all verdicts of a synthetic review: every artefact and question, both readings, with all that goes with an answer."""
    pages = thousands(size)
    took = []
    for _ in range(runs):
        corpus = Corpus(pages)
        gc.collect()
        gc.freeze()  # the pages were there before
        start = time.process_time()
        for page in corpus.pages:
            for artefact in ARTEFACTS.get(page.kind, ()):
                for question in QUESTIONS:
                    for verdict in corpus.verdicts.both(page, artefact, question):
                        _ = verdict.answer, verdict.reason, verdict.requires, verdict.restricts, verdict.scope, verdict.deciding
        took.append(time.process_time() - start)
        gc.unfreeze()
    return statistics.median(took)
