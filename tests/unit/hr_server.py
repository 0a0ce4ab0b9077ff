"""A small HTTP server in this process that answers as a test tells it to, and remembers what it was asked."""
from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qsl, urlsplit

from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import DEFAULTS

# Quick to give up, so that a test of retries takes milliseconds.
OPTIONS = {**DEFAULTS, "retries": 2, "retry_backoff": 0.001, "connect_timeout": 2.0, "timeout": 2.0, "retry_after_max": 1.0}
DROP = "drop"  # an answer: close the connection without a word


def answer(value, status=200, **headers):
    """(status, headers, body) of a JSON value; bytes and text go out as they are."""
    body = value if isinstance(value, bytes) else value.encode() if isinstance(value, str) else json.dumps(value).encode()
    return status, {"Content-Type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}, body


@contextmanager
def serving(respond, tls=None):
    """An address at which ``respond`` answers: callable(request) -> answer(…) or DROP.

    request: {"method", "path", "query": dict, "headers": dict in lower case, "body": bytes}. Yields an object with ``url`` and
    ``seen``, the requests so far. tls: an ssl.SSLContext.
    """
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else a body that follows its headers waits 40 ms
        wbufsize = -1

        def serve(self):
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = {"method": self.command, "path": parts.path, "query": dict(parse_qsl(parts.query)),
                       "headers": {name.lower(): value for name, value in self.headers.items()}, "body": body}
            server.seen.append(request)
            said = respond(request)
            if said == DROP:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            status, headers, content = said
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()
            if int(headers.get("Content-Length", len(content))) > len(content):
                self.close_connection = True

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            """A client that turns away from our certificate is part of the test."""

    server = Server(("127.0.0.1", 0), Handler)
    server.seen = []
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def in_turn(*answers):
    """A responder that gives these answers in turn, and the last one for ever."""
    left = list(answers)

    def respond(request):
        return left.pop(0) if len(left) > 1 else left[0]
    return respond


@contextmanager
def speaking(chunks, pause=0.0, times=1):
    """An address at which these bytes come, whatever was asked: for what no HTTP server would send.

    chunks: bytes that are sent one after the other, ``times`` over (0: without an end), with pauses in seconds between them.
    """
    stop = threading.Event()

    def speak(connection):
        with connection, suppress(OSError):
            connection.recv(65536)
            rounds = count() if times == 0 else range(times)
            for _round in rounds:
                for chunk in chunks:
                    connection.sendall(chunk)
                    if stop.wait(pause):
                        return

    def listen():
        with suppress(OSError):
            while True:
                threading.Thread(target=speak, args=(listener.accept()[0],), daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            stop.set()
            listener.shutdown(socket.SHUT_RDWR)
