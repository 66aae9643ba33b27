"""A web server on the loopback for the tests: what it answers is scripted, and what it was asked is kept."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What the server says: once, or every time. `drip` sends a byte at a time with that pause; `cut` breaks off early."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: float = 0.0
    cut: bool = False


@dataclass
class Server:
    """A running server: its address, its answers by path without the query, and the requests so far."""

    address: str
    answers: dict[str, list[Answer]]
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextlib.contextmanager
def serving(answers: dict[str, Answer | list[Answer]] | None = None) -> Iterator[Server]:
    """Serve on a free port of the loopback; of several answers each is given once, the last one then stays."""
    server = Server("", {path: given if isinstance(given, list) else [given] for path, given in (answers or {}).items()})
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            known = server.answers.get(self.path.partition("?")[0]) or server.answers.get("*") or [Answer(status=404)]
            answer = known.pop(0) if len(known) > 1 else known[0]
            over.wait(answer.delay)
            with contextlib.suppress(OSError):  # the client may have gone
                self.send_response(answer.status)
                for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command == "HEAD":
                    return
                if answer.drip:
                    for byte in answer.body:
                        self.wfile.write(bytes([byte]))
                        self.wfile.flush()
                        if over.wait(answer.drip):
                            return
                else:
                    self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.address = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        over.set()
        http.shutdown()
        http.server_close()
        thread.join()


def measured(since: float) -> float:
    """Return the seconds since a moment of the monotonic clock."""
    return time.monotonic() - since
