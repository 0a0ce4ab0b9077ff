# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ELMO's webhooks: bounded, authenticated, each of them once.

Whoever is refused learns nothing but the status.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Self

from ..bounded_json import decode
from ..data_class import frozen
from ..errors import HrisError, foreseen
from ..rules.expressions import Expression, compile_answer_rule
from ..rules.values import to_text
from ..web.options import check_minimum
from . import signatures
from .refusals import Refusals
from .seen_before import SeenBefore

with contextlib.suppress(ImportError):  # the event source reports the missing library
    from aiohttp import web

_PATH = re.compile(r"/[A-Za-z0-9._~/-]*")  # anything else has a meaning in aiohttp's routes
_CHUNK = 65_536  # bytes


@frozen
class Options:
    """Options of the event source elmo_webhook, which documents them."""

    path: str
    token: str | None
    key: Expression | None
    identifier: Expression | None
    max_body_kb: int
    body_seconds: float
    max_concurrent: int
    replay_seconds: float

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Raises HrisError for values that cannot work."""
        values = {name: params[name] for name in cls.__dataclass_fields__}
        for name in ("key", "identifier"):
            if values[name]:
                values[name] = compile_answer_rule(values[name], name)
        options = cls(**values)
        if not _PATH.fullmatch(options.path):
            hint = "It begins with / and has letters, digits and -._~/ only"
            raise HrisError(f"{options.path!r} is no path that can be served", "path", hint)
        if options.token is not None and (
            not options.token.isascii() or not options.token.isprintable() or " " in options.token
        ):
            raise HrisError("it holds characters that no token may have", "token")
        check_minimum("max_body_kb", options.max_body_kb, 1)
        check_minimum("body_seconds", options.body_seconds, 0.1)
        check_minimum("max_concurrent", options.max_concurrent, 1)
        check_minimum("replay_seconds", options.replay_seconds, 0)
        return options


class Receiver:
    """Receives webhooks, and calls changed(key or None) for each that is accepted."""

    def __init__(
        self,
        options: Options,
        keys: Sequence[Any],
        changed: Callable[[str | None], None],
        tell: Callable[[str], None],
    ):
        """keys: of signatures.public_keys(). tell: shows a warning in the log."""
        self._options, self._keys, self._changed, self._tell = options, keys, changed, tell
        self.refused = Refusals(tell).add
        self._seen = SeenBefore(options.replay_seconds)
        self._active = 0

    def application(self) -> web.Application:
        """What aiohttp serves."""
        app = web.Application(middlewares=[self._refusing()])
        app.router.add_post(self._options.path, self._handle)
        return app

    def _refusing(self) -> Any:
        @web.middleware
        async def refusing(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            try:
                return await handler(request)
            except web.HTTPException as error:
                self.refused(f"{error.status} {error.reason}")
                headers = {name: text for name, text in error.headers.items() if name != "Location"}
                headers.pop("Content-Type", None)
                refused = web.Response(status=error.status, headers=headers)
                refused.force_close()
                return refused

        return refusing

    async def _handle(self, request: web.Request) -> web.Response:
        if self._active >= self._options.max_concurrent:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"})
        self._active += 1
        try:
            self._check_token(request)
            body = await self._body(request)
        finally:
            self._active -= 1
        self._accept(body, request.headers.getall(signatures.HEADER, []))
        return web.Response(text="accepted\n")

    def _check_token(self, request: web.Request) -> None:
        if self._options.token is None:
            return
        given = request.headers.get("Authorization", "")
        wanted = f"Bearer {self._options.token}"
        if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})

    async def _body(self, request: web.Request) -> bytes:
        most = self._options.max_body_kb * 1024
        if (request.content_length or 0) > most:
            raise _too_large(most)
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._options.body_seconds):
                async for part in request.content.iter_chunked(_CHUNK):
                    parts.append(part)
                    size += len(part)
                    if size > most:
                        raise _too_large(most)
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        except (web.RequestPayloadError, ConnectionError):  # cut off, or not what was announced
            raise web.HTTPBadRequest from None
        return b"".join(parts)

    def _accept(self, body: bytes, given: Sequence[str]) -> None:
        signature = given[0].strip() if len(given) == 1 else None
        if not signatures.is_signed(body, signature, self._keys):
            raise web.HTTPForbidden
        content = self._content(body)
        identity = _text(self._options.identifier, content)
        if not self._seen.is_new(body if identity is None else b"id\n" + identity.encode()):
            raise web.HTTPConflict
        key = _text(self._options.key, content)
        if key is None and self._options.key is not None:
            self._tell("A webhook has no value for the option key: everybody is synchronised.")
        self._changed(key)

    def _content(self, body: bytes) -> Any:
        """The body as JSON; None where it is none, or where no option reads it."""
        if self._options.key is None and self._options.identifier is None:
            return None
        try:
            return decode(body.decode("utf-8"), self._options.max_body_kb * 1024)
        except ValueError:
            return None


def _text(expression: Expression | None, content: Any) -> str | None:
    """What an expression finds in a body, as text."""
    if expression is None or content is None:
        return None
    try:
        return to_text(foreseen(expression.evaluate, content)) or None
    except HrisError:
        return None


def _too_large(most: int) -> web.HTTPRequestEntityTooLarge:
    return web.HTTPRequestEntityTooLarge(max_size=most, actual_size=most + 1)
