"""Terms that changed: which versions were in force in a period. Days are ISO dates and compare as text."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from .values import is_absent

_LAST_DAY = "9999-12-31"


@cache
def span(period: str) -> tuple[str, str]:
    """Return the first and last day of a date (a year, month or day) or of a period from one to another."""
    start, _, end = period.partition("/")
    last = end or start
    if len(last) == 4:
        last = f"{last}-12-31"
    elif len(last) == 7:
        last = f"{last}-{calendar.monthrange(int(last[:4]), int(last[5:]))[1]:02}"
    return start + "-01-01"[len(start) - 4 :] if len(start) < 10 else start, last


def overlap(start: str, end: str, period: str) -> bool:
    """Tell whether what held from one date to another held on a day of a period; a date that is not known sets no bound."""
    first, last = span(period)
    begins = span(start)[0] if start and not is_absent(start) else ""
    ends = span(end)[1] if end and not is_absent(end) else _LAST_DAY
    return begins <= last and first <= ends


def _in_force(version: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the first and last day on which a version is known to have been in force; None where no first day is known."""
    start, end = version.get("from", ""), version.get("to", "")
    start = version.get("seen", "") if not start or is_absent(start) else start
    if not start:
        return None
    return span(start)[0], span(end)[1] if end and not is_absent(end) else _LAST_DAY


def versions_in(versions: Iterable[Mapping[str, Any]], period: str, service: str = "") -> list[Mapping[str, Any]]:
    """Return the versions of a service's terms, or of all services', in force in a period."""
    if not period:
        return []
    first, last = span(period)
    return [
        version
        for version in versions
        if (not service or version.get("service", "all") in (service, "all")) and (days := _in_force(version)) and days[0] <= last and first <= days[1]
    ]


def may_hold(version: Mapping[str, Any], period: str, service: str) -> bool:
    """Tell whether a version of which no first day is known may have been in force in a period."""
    if _in_force(version) is not None or version.get("service", "all") not in (service, "all"):
        return False
    end = version.get("to", "")
    return not period or not end or is_absent(end) or span(end)[1] >= span(period)[0]


def covers(versions: Iterable[Mapping[str, Any]], period: str) -> bool:
    """Tell whether versions of terms were in force on every day of a period."""
    if not period:
        return False
    first, last = span(period)
    for start, end in sorted(days for version in versions if (days := _in_force(version))):
        if start <= first <= end:
            first = _next_day(end)
    return first > last


def _next_day(day: str) -> str:
    return "9999-99-99" if day.startswith("9999") else (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()
