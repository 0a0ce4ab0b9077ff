# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where webhooks are received: address, TLS, and bounds of every connection."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Self

from ..data_class import frozen
from ..errors import HrisError
from ..user_files import check_trusted
from ..web.options import check_minimum

with contextlib.suppress(ImportError):  # the event source reports the missing library
    from aiohttp import web
    from aiohttp.http import HttpProcessingError

HANDSHAKE_SECONDS = 10


@frozen
class Listening:
    """Options of the event source elmo_webhook, which documents them."""

    host: str
    port: int
    certfile: str | None
    keyfile: str | None
    password: str | None
    cafile: str | None
    allow_http: bool
    max_connections: int
    request_seconds: float

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Raises HrisError for options that do not fit together."""
        options = cls(**{name: params[name] for name in cls.__dataclass_fields__})
        check_minimum("max_connections", options.max_connections, 1)
        check_minimum("request_seconds", options.request_seconds, 0.1)
        if not 0 <= options.port <= 65535:
            raise HrisError(f"{options.port} is no port", "port", "It is at most 65535")
        for name in ("keyfile", "password", "cafile"):
            if getattr(options, name) and not options.certfile:
                raise HrisError("without certfile there is no TLS", name, "Set certfile")
        if not (options.certfile or options.allow_http or _is_loopback(options.host)):
            raise HrisError(
                "others can reach this address, and without TLS they can read what HR sends",
                "host",
                "Set certfile and keyfile. Where a proxy on this machine ends TLS, set host to"
                " 127.0.0.1; where one on another machine does, set allow_http",
            )
        return options


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def tls_context(options: Listening) -> ssl.SSLContext | None:
    """The context of the server, None without TLS. Raises HrisError naming the file."""
    if not options.certfile:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # Without a password OpenSSL would ask for it on the terminal, and wait
    password = options.password or ""
    _load("certfile", options.certfile, options.keyfile)
    try:
        context.load_cert_chain(options.certfile, options.keyfile, lambda: password)
    except (ssl.SSLError, OSError, ValueError) as error:
        raise HrisError(
            "certificate and private key cannot be used",
            f"certfile {options.certfile}",
            "They are PEM files and belong together; a key that is encrypted needs password",
        ) from error
    if options.cafile:
        _load("cafile", options.cafile)
        try:
            context.load_verify_locations(options.cafile)
        except (ssl.SSLError, OSError) as error:
            place = f"cafile {options.cafile}"
            raise HrisError("the file holds no certificate", place, "It is a PEM file") from error
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _load(option: str, *paths: str | None) -> None:
    """Raise HrisError for files that are missing, or that others may write."""
    for path in filter(None, paths):
        try:
            check_trusted(path)
        except HrisError as error:
            raise error.at(f"{option} {path}") from None


class _TooMany(asyncio.Protocol):
    """A connection that is closed at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


class _Unreadable(logging.Filter):
    """Takes requests that are no HTTP out of aiohttp's log, which shows parts of them, with a
    traceback each.
    """

    def __init__(self, refused: Callable[[str], None]):
        super().__init__()
        self._refused = refused

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            self._refused("400 Bad Request")
            return False
        return True


async def _server(
    connection: Callable[[], asyncio.BaseProtocol],
    options: Listening,
    context: ssl.SSLContext | None,
) -> asyncio.Server:
    """Listen at the address. Raises HrisError when it is not free."""
    try:
        return await asyncio.get_running_loop().create_server(
            connection,
            options.host,
            options.port,
            ssl=context,
            ssl_handshake_timeout=HANDSHAKE_SECONDS if context else None,
        )
    except OSError as error:
        raise HrisError(
            f"the address cannot be used: {error.strerror}",
            f"host {options.host}, port {options.port}",
            "Is another program using it",
        ) from error


@contextlib.asynccontextmanager
async def listening(
    app: web.Application, options: Listening, refused: Callable[[str], None]
) -> AsyncIterator[int]:
    """Serve the application; yields the port. Raises HrisError for an address that is not free.

    refused: is told of requests that cannot be read.

    A connection lasts request_seconds, whatever it does: a webhook is one request, and whoever
    sends its headers byte by byte takes no place from others for longer.
    """
    context = tls_context(options)
    logger, unreadable = logging.getLogger(__name__), _Unreadable(refused)
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=logger,
        auto_decompress=False,  # what is signed is what was sent; and 1 KB could become 1 GB
        keepalive_timeout=options.request_seconds,
        lingering_time=min(2.0, options.request_seconds),
    )
    await runner.setup()
    loop = asyncio.get_running_loop()

    def connection() -> asyncio.BaseProtocol:
        server = runner.server
        if server is None or len(server.connections) >= options.max_connections:
            return _TooMany()
        made = server()
        loop.call_later(options.request_seconds, made.force_close)
        return made

    try:
        with contextlib.ExitStack() as stack:
            logger.addFilter(unreadable)
            stack.callback(logger.removeFilter, unreadable)
            server = await _server(connection, options, context)
            stack.callback(server.close)
            yield server.sockets[0].getsockname()[1]
    finally:
        await runner.cleanup()
