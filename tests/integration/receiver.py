"""A plain HTTP server that takes webhooks: it remembers what came and answers as a test tells it to."""
from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

DROP = "drop"  # an answer: close the connection without a word


def said(value=None, status=200, content_type="application/json", **headers):
    """An answer: (status, headers, body)."""
    body = b"" if value is None else value if isinstance(value, bytes) else value.encode() if isinstance(value, str) else json.dumps(value).encode()
    return status, {"Content-Type": content_type, **{name.replace("_", "-"): text for name, text in headers.items()}}, body


@contextmanager
def receiving(respond=lambda request: said({"ok": True}), tls=None):
    """An object with ``url`` and ``seen``: [{"method", "path", "query", "headers", "body", "json"}]; ``most`` is how many were served at once."""
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def serve(self):
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = {"method": self.command, "path": parts.path, "query": parse_qs(parts.query),
                       "headers": {name.lower(): value for name, value in self.headers.items()}, "body": body}
            try:
                request["json"] = json.loads(body)
            except ValueError:
                request["json"] = None
            with server.lock:
                server.seen.append(request)
                server.now += 1
                server.most = max(server.most, server.now)
            try:
                answer = server.respond(request)
            finally:
                with server.lock:
                    server.now -= 1
            if answer == DROP:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request, client_address):
            """A client that turns away from our certificate is part of the test."""

    server = Server(("127.0.0.1", 0), Handler)
    server.seen, server.now, server.most, server.lock, server.respond = [], 0, 0, threading.Lock(), respond
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
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


def slowly(seconds):
    """A responder that takes its time."""
    def respond(request):
        time.sleep(seconds)
        return said({"ok": True})
    return respond
