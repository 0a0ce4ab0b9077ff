# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses whose whole reading ends: in time and in size, from the status line to the last byte.

The time-out of a socket begins anew with each byte. A server that sends one from time to time, or
"100 Continue" again and again, which http.client passes over without an end, keeps a request open
for ever. So each read from the connection is counted here, below http.client and urllib3.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any

from ..option_names import option_name
from .options import HttpOptions

try:
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
except ImportError:  # the module reports the missing library before anything here is called
    pass

MIB = 1024 * 1024
MOST_HEAD = 256 * 1024  # bytes of interim responses, status and headers: none is as long


class ResponseLimitError(Exception):
    """A response exceeds a limit. No library takes it for a broken connection, to be tried again.

    message: what it did. hint: what to do about it, None where no option helps.
    """

    def __init__(self, message: str, hint: str | None = None):
        super().__init__(message)
        self.message = message
        self.hint = hint


def too_large(options: HttpOptions) -> ResponseLimitError:
    """The error for a response with more bytes than are accepted."""
    return ResponseLimitError(
        f"the answer is larger than {options.max_response_mb} MiB",
        f"Raise {option_name('max_response_mb')} if that is right",
    )


def bounded_adapter(options: HttpOptions, retry: urllib3.Retry) -> HTTPAdapter:
    """An adapter of requests whose responses are limited by the options."""
    response_class = _response_class(options)

    class PlainConnection(HTTPConnection):
        pass

    class SecureConnection(HTTPSConnection):
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    # http.client makes its responses with this attribute
    PlainConnection.response_class = response_class
    SecureConnection.response_class = response_class
    pools = {"http": PlainPool, "https": SecurePool}

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = pools

        def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
            manager = super().proxy_manager_for(proxy, **kwargs)
            manager.pool_classes_by_scheme = pools
            return manager

    return Adapter(max_retries=retry)


def _response_class(options: HttpOptions) -> type[http.client.HTTPResponse]:
    class BoundedResponse(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any):
            super().__init__(sock, *args, **kwargs)
            self._bounded = _BoundedReader(self.fp.detach(), sock, options)
            self.fp = io.BufferedReader(self._bounded)

        def begin(self) -> None:
            super().begin()
            self._bounded.head_has_ended()

    return BoundedResponse


class _BoundedReader(io.RawIOBase):
    """What a socket sends, for as long and as much as the options allow."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, options: HttpOptions):
        super().__init__()
        self._raw = raw
        self._socket = sock
        self._options = options
        self._silence = sock.gettimeout()  # seconds without a byte
        self._deadline = time.monotonic() + options.max_response_seconds
        self._left = MOST_HEAD  # bytes
        self._in_head = True

    def head_has_ended(self) -> None:
        """From here on the body comes, whose coding (chunks) takes bytes, too."""
        self._in_head = False
        self._left = 2 * self._options.max_response_mb * MIB

    def readable(self) -> bool:
        """As of io.RawIOBase."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """As of io.RawIOBase. Raises ResponseLimitError."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise self._too_long()
        if self._silence is None or left < self._silence:
            self._socket.settimeout(left)
        try:
            size = self._raw.readinto(buffer)
        except TimeoutError:
            if time.monotonic() >= self._deadline:
                raise self._too_long() from None
            raise
        self._left -= size or 0
        if self._left < 0:
            raise self._too_much()
        return size

    def fileno(self) -> int:
        """As of io.RawIOBase."""
        return self._raw.fileno()

    def close(self) -> None:
        """As of io.RawIOBase."""
        if not self.closed:
            self._raw.close()
        super().close()

    def _too_long(self) -> ResponseLimitError:
        seconds = self._options.max_response_seconds
        return ResponseLimitError(
            f"the answer did not end within {seconds:g} seconds",
            f"Raise {option_name('max_response_seconds')} if the server is that slow",
        )

    def _too_much(self) -> ResponseLimitError:
        if self._in_head:
            kib = MOST_HEAD // 1024
            return ResponseLimitError(f"the answer has no body within its first {kib} KiB")
        return too_large(self._options)
