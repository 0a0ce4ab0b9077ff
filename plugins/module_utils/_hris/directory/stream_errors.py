# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong with the connection to a domain controller."""

from __future__ import annotations

from ..errors import HrisError, RefusedError


class ConnectionLostError(HrisError):
    """The server is gone or silent. Whether it did the unanswered operations is not known."""


class LogOnRefusedError(HrisError):
    """A server refused the log-on."""


class SearchRefusedError(RefusedError):
    """The server refused a search. code: the LDAP result code."""

    def __init__(self, message: str, place: str, code: int):
        super().__init__(message, place)
        self.code = code


class NoSuchObjectError(SearchRefusedError):
    """The base of a search does not exist."""
