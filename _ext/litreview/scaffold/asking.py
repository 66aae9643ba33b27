"""Ask a public catalogue over HTTP: politely, with limits, and with an error that a contributor understands.

Politeness: a user agent that says who asks, a pause between two requests of one review (also of two runs), one retry where the
catalogue says when, and no other. Limits: seconds in all, bytes in all; nothing a catalogue answers can hang or fill the machine.
"""

from __future__ import annotations

import http.client
import os
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from .. import __version__

SECONDS = 20.0  # for the whole answer, and for each wait on the network
BYTES = 2_000_000  # a record has some kilobytes; with thousands of authors some hundred
LONGEST_WAIT = 30.0  # seconds; a catalogue that asks for more is asked again by the contributor, another day
ASKED = "_build/asked"  # a file for each catalogue, dated when it was last asked
CONTACT = "LITREVIEW_CONTACT"


class NoAnswerError(Exception):
    """Tell why a catalogue gave no usable answer; the page is then written without it."""


class UnknownWorkError(Exception):
    """Tell that a catalogue knows no such work; nothing is written, because the identifier is wrong."""


@dataclass(frozen=True)
class Catalogue:
    """One catalogue: its name, its address, the variable that gives another one, and its pause in seconds."""

    name: str
    address: str
    variable: str
    pause: float

    @property
    def base(self) -> str:
        """Return the address to ask, without a slash at its end."""
        return os.environ.get(self.variable, "").rstrip("/") or self.address


def agent() -> str:
    """Return how we introduce ourselves; catalogues ask for an address to write to, and only the contributor has one."""
    contact = re.sub(r"[^\x21-\x7e]+", "", os.environ.get(CONTACT, ""))
    return f"litreview/{__version__} (living review; one record at a time{f'; mailto:{contact}' if contact else ''})"


def ask(catalogue: Catalogue, path: str, accept: str, root: Path) -> bytes:
    """Return what a catalogue answers to a request of `path`; raises NoAnswerError or UnknownWorkError."""
    url = catalogue.base + path
    if not re.match(r"https?://", url):
        raise NoAnswerError(f"{catalogue.variable} is '{catalogue.base}', which is no http(s) address")
    for last in (False, True):
        _wait_turn(catalogue, root)
        try:
            return _read(url, accept)
        except urllib.error.HTTPError as error:
            with error:
                if error.code in (404, 410):
                    raise UnknownWorkError(f"{catalogue.name} does not know it") from None
                wait = _seconds(error.headers.get("Retry-After"))
            if error.code in (429, 503) and not last and wait <= LONGEST_WAIT:
                time.sleep(wait)
                continue
            if error.code == 429:
                raise NoAnswerError(f"{catalogue.name} asks to slow down (429); try again in {max(wait, 60):.0f} seconds") from None
            raise NoAnswerError(f"{catalogue.name} answered {error.code} {error.reason}".rstrip()) from None
        except TimeoutError:
            raise NoAnswerError(f"{catalogue.name} did not answer within {SECONDS:.0f} seconds") from None
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise NoAnswerError(f"{catalogue.name} did not answer within {SECONDS:.0f} seconds") from None
            raise NoAnswerError(f"{catalogue.name} could not be reached ({error.reason})") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswerError(f"{catalogue.name} broke off its answer ({type(error).__name__})") from None
    raise AssertionError("the second try returns or raises")


def _read(url: str, accept: str) -> bytes:
    request = urllib.request.Request(url, headers={"User-Agent": agent(), "Accept": accept})
    until = time.monotonic() + SECONDS
    parts: list[bytes] = []
    with urllib.request.urlopen(request, timeout=SECONDS) as response:
        while part := response.read1(65536):  # what is there, so that an answer that drips in is noticed
            parts.append(part)
            if sum(map(len, parts)) > BYTES:
                raise NoAnswerError(f"the answer is larger than {BYTES // 1_000_000} MB; a record never is")
            if time.monotonic() > until:
                raise TimeoutError
        promised = response.headers.get("Content-Length", "")
    data = b"".join(parts)
    if promised.isdecimal() and len(data) < int(promised):
        raise http.client.IncompleteRead(data)  # `read1` ends quietly where the connection does
    return data


def _seconds(header: str | None) -> float:
    return float(header) if header and header.isdecimal() else 5.0


def _wait_turn(catalogue: Catalogue, root: Path) -> None:
    """Wait until the catalogue's pause since the last request is over; two runs in a row count as one visitor."""
    mark = root / ASKED / catalogue.name.lower()
    try:
        waited = time.time() - mark.stat().st_mtime
        if 0 <= waited < catalogue.pause:
            time.sleep(catalogue.pause - waited)
    except OSError:
        pass
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError:
        pass  # a folder that cannot be written must not stop a look-up
