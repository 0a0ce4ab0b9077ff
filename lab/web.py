"""The HTTP of the HR servers: one request in, one answer out, keep-alive, faults, and a list of the
requests.
"""

from __future__ import annotations

import json
import socket
import ssl
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from . import faults

LAB_PREFIX = "/_lab/"


@dataclass
class Request:
    method: str
    path: str  # decoded, without the query
    query: dict[str, str]
    headers: dict[str, str]  # lower-case names
    body: bytes = b""

    def json(self):
        """The body as JSON; ValueError when it is not."""
        return json.loads(self.body.decode("utf-8"))

    def number(self, name: str, default: int) -> int:
        """A whole number of the query, at least 1; the default for anything else."""
        text = self.query.get(name, "")
        return int(text) if text.isdigit() and int(text) > 0 else default


@dataclass
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


def json_answer(status: int, value) -> Answer:
    return Answer(status, json.dumps(value, ensure_ascii=False).encode())


class Dropped(Exception):  # noqa: N818 - an outcome that was asked for
    """The connection is closed without (the rest of) an answer. sent: what is sent first."""

    def __init__(self, sent: bytes = b""):
        super().__init__()
        self.sent = sent


def _spoil(found: dict | None, answer: Answer) -> Answer:
    if found is None:
        return answer
    half = answer.body[: len(answer.body) // 2]
    if found["kind"] == "truncate":
        return Answer(answer.status, half, answer.headers)
    if found["kind"] == "html":
        return Answer(
            200,
            b"<!DOCTYPE html><html><body><h1>Down for maintenance</h1></body></html>",
            {"Content-Type": "text/html"},
        )
    raise Dropped(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        % len(answer.body)
        + half
    )


def _own(app, request: Request) -> Answer:
    """The lab's own routes: faults (GET, POST one, DELETE all) and requests (GET)."""
    what = request.path.removeprefix(LAB_PREFIX)
    if what == "requests":
        return json_answer(200, app.requests)
    if what != "faults":
        return json_answer(404, {"error": "There are /_lab/faults and /_lab/requests."})
    if request.method == "POST":
        try:
            app.faults.append(faults.fault(**request.json()))
        except (faults.LabError, TypeError, ValueError) as error:
            return json_answer(400, {"error": str(error)})
    elif request.method == "DELETE":
        app.faults.clear()
    return json_answer(200, app.faults)


def _note(app, request: Request, status: int | None) -> None:
    app.requests.append(
        {"method": request.method, "path": request.path, "query": request.query, "status": status}
    )


def _fail(app, request: Request, found: dict) -> Answer | None:
    """The answer of a fault that comes before the answer of the server; None: the request goes
    on.
    """
    if found["kind"] == "drop":
        _note(app, request, None)
        raise Dropped
    if found["kind"] == "rate_limit":
        said = json_answer(429, {"title": "Too Many Requests", "detail": "Rate limit exceeded"})
        said.headers["Retry-After"] = str(found.get("retry_after", 1))
        return said
    return app.on_fault(found)


def answer(app, request: Request) -> Answer:
    """The answer of `app` to a request, faults included."""
    if request.path.startswith(LAB_PREFIX):
        return _own(app, request)
    page = request.number("page", 1) if app.is_list(request) else None
    with app.lock:
        found = faults.take(app.faults, faults.BEFORE, request.path, page, app.people)
    if found and found["kind"] == "slow":
        time.sleep(
            float(found.get("seconds", 1))
        )  # not while holding the lock: others are served meanwhile
        found = None
    with app.lock:
        said = _fail(app, request, found) if found else None
        said = said or app.handle(request)
        _note(app, request, said.status)
        spoiled = (
            faults.take(app.faults, faults.AFTER, request.path, page, app.people)
            if said.status == 200
            else None
        )
    return _spoil(spoiled, said)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = (
        True  # else a body that follows its headers waits 40 ms on a kept connection
    )
    wbufsize = -1  # headers and body leave in one piece
    timeout = 60

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            self.command,
            unquote(parts.path),
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
        )
        try:
            said = answer(self.server.app, request)
        except Dropped as dropped:
            self.wfile.write(dropped.sent)
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(said.body)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _serve  # noqa: N815

    def log_message(self, format, *arguments):
        """Write nothing: requests are kept in `requests`, and a line for each would hide everything
        else.
        """


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], app):
        super().__init__(address, Handler)
        self.app = app

    def server_bind(self):
        # as in socketserver: http.server's own would look the host's name up, which may take long
        # or fail
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]

    def handle_error(self, request, client_address):
        if isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError, ssl.SSLError)):
            return  # the client went away, or did not like the certificate
        super().handle_error(request, client_address)


def in_background(listener: Listener) -> threading.Thread:
    thread = threading.Thread(
        target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    return thread
