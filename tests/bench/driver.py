"""Build a folder with Sphinx in this process and say what it cost: run by `builds.py` as a process of its own.

The CPU time of our own hooks is taken where Sphinx calls them (handlers, directives, transforms, visitors, the domain), with all that
they call, libraries and the writing of exports among it. It comes from the same run as the build's and costs nothing that could be
seen. Loading our modules, the links that MyST asks us to refuse, and what ends the process are not in it.
"""

from __future__ import annotations

import cProfile
import functools
import inspect
import json
import pstats
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Own:
    """The time spent below our own functions, however they are nested, and where it was spent."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._depth = 0

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function with its time taken."""

        @functools.wraps(function)
        def run(*arguments: Any, **named: Any) -> Any:
            if self._depth:
                return function(*arguments, **named)
            self._depth += 1
            start = time.process_time()
            try:
                return function(*arguments, **named)
            finally:
                self._depth -= 1
                self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - start

        return run


def _ours(function: Any) -> bool:
    return (getattr(function, "__module__", "") or "").startswith("litreview")


def watch(app: Any, own: Own) -> None:
    """Take the time of every function of ours that Sphinx calls."""
    for event, listeners in app.events.listeners.items():
        listeners[:] = [
            listener._replace(handler=own.timed(f"{event}: {listener.handler.__name__}", listener.handler)) if _ours(listener.handler) else listener
            for listener in listeners
        ]
    for handlers in app.registry.translation_handlers.values():
        for node, (visit, depart) in handlers.items():
            if _ours(visit):
                handlers[node] = (own.timed(f"visit: {node}", visit), depart)
    for module in [module for name, module in list(sys.modules.items()) if name.startswith("litreview.extension")]:
        for _, found in inspect.getmembers(module, inspect.isclass):
            if _ours(found) and found.__module__ == module.__name__:
                for name in ("run", "apply", "clear_doc", "merge_domaindata", "resolve_xref", "resolve_any_xref"):
                    if name in vars(found):
                        setattr(found, name, own.timed(f"{found.__name__}.{name}", vars(found)[name]))


def main(source: str, doctrees: str, out: str, report: str, mode: str) -> int:
    """Build and write a report; `mode` is `time`, or `calls` to count function calls."""
    from sphinx.application import Sphinx

    own = Own()
    profile = cProfile.Profile() if mode == "calls" else None
    if profile is not None:
        profile.enable()
    app = Sphinx(source, source, out, doctrees, "html", status=None, warning=sys.stderr)
    if profile is None:
        watch(app, own)
    app.build()
    found: dict[str, Any] = {"own": sum(own.seconds.values()), "where": own.seconds, "total": time.process_time()}
    if profile is not None:
        profile.disable()
        stats = pstats.Stats(profile)
        table: dict[Any, Any] = stats.stats  # type: ignore[attr-defined]
        found["calls"] = stats.total_calls  # type: ignore[attr-defined]
        found["own_calls"] = sum(calls for (path, _, _), (_, calls, *_) in table.items() if "/litreview/" in path)
        stats.dump_stats(report + ".profile")
    Path(report).write_text(json.dumps(found))
    return app.statuscode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
