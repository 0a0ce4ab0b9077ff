"""A mail server on loopback with STARTTLS and AUTH (aiosmtpd): it keeps what it was given."""
from __future__ import annotations

import asyncio
import ssl
import subprocess
import threading
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import SimpleNamespace

from aiosmtpd.smtp import SMTP, AuthResult

USER, PASSWORD = "hris", "m41l-p4ssw0rd-0815"
REFUSED = "nobody@example.com"


def certificate(folder: Path) -> Path:
    """cert.pem and key.pem for 127.0.0.1, signed by nobody but itself; the certificate's path."""
    cert = folder / "cert.pem"
    if not cert.exists():
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=mail",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "key.pem"), "-out", str(cert)], check=True, capture_output=True)
    return cert


class _Handler:
    def __init__(self):
        self.seen: list[dict] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  (aiosmtpd's name)
        if address == REFUSED:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.seen.append({"to": list(envelope.rcpt_tos), "from": envelope.mail_from, "tls": server.transport.get_extra_info("ssl_object") is not None,
                          "user": session.auth_data, "message": message_from_bytes(envelope.content, policy=default)})
        return "250 OK"


def _known(server, session, envelope, mechanism, data) -> AuthResult:
    good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False, auth_data=data.login.decode() if good else None)


@contextmanager
def mailing(folder: Path, tls_mode: str = "start_tls", auth: bool = True):
    """An object with ``port`` and ``seen``: [{"to", "from", "tls", "user", "message"}]. folder: of its certificate."""
    context = None
    if tls_mode != "none":
        cert = certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, folder / "key.pem")
    options = {"tls_context": context, "require_starttls": True} if tls_mode == "start_tls" else {}
    if auth:
        options |= {"authenticator": _known, "auth_required": True, "auth_require_tls": tls_mode == "start_tls"}
    handler, loop = _Handler(), asyncio.new_event_loop()
    loop.set_exception_handler(lambda _loop, _context: None)  # a client that turns away from our certificate is part of the test
    server = loop.run_until_complete(loop.create_server(
        lambda: SMTP(handler, hostname="mail", loop=loop, **options), "127.0.0.1", 0, ssl=context if tls_mode == "tls" else None))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield SimpleNamespace(port=server.sockets[0].getsockname()[1], seen=handler.seen)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
