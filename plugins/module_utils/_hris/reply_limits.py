# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long and how much a server may answer, where a library waits for each byte anew.

These are mail servers, and domain controllers until the log-on. The time-out of a socket is for one
read: a server that sends a byte a second, or lines without end, never meets it.
"""

from __future__ import annotations

import io
import socket
import time
from typing import Any


class ReplyLimitError(Exception):
    """An answer does not end. It is no OSError, which libraries take for a broken connection.

    message: what it did, as a sentence without its full stop.
    """

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


class Allowance:
    """What is left of the time and of the bytes for one answer."""

    def __init__(self, seconds: float, size: int):
        self.seconds, self.size = seconds, size
        self._deadline = time.monotonic() + seconds
        self._left = size

    def recv_into(self, sock: socket.socket, buffer: Any) -> int:
        """As socket.recv_into, within what is left. Raises ReplyLimitError, OSError."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise self._too_long()
        sock.settimeout(left)
        try:
            size = sock.recv_into(buffer)
        except TimeoutError:
            raise self._too_long() from None
        self._left -= size
        if self._left < 0:
            raise ReplyLimitError(f"the answer is larger than {self.size // 1024} KiB")
        return size

    def _too_long(self) -> ReplyLimitError:
        return ReplyLimitError(f"the answer did not end within {self.seconds:g} seconds")


class AllowedReader(io.RawIOBase):
    """What a socket sends, within an allowance that can be replaced for the next answer."""

    def __init__(self, sock: socket.socket, allowance: Allowance):
        super().__init__()
        self._socket = sock
        self.allowance = allowance

    def readable(self) -> bool:
        """As of io.RawIOBase."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As of io.RawIOBase. Raises ReplyLimitError, OSError."""
        return self.allowance.recv_into(self._socket, buffer)


class AllowedSocket:
    """A socket for a library that calls recv, within an allowance. All else is the socket's."""

    def __init__(self, sock: socket.socket, allowance: Allowance):
        self.socket = sock
        self._allowance = allowance

    def recv(self, size: int) -> bytes:
        """As socket.recv. Raises ReplyLimitError, OSError."""
        buffer = bytearray(size)
        return bytes(buffer[: self._allowance.recv_into(self.socket, buffer)])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.socket, name)
