# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work with a directory that begins anew with the next server, as long as nothing was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..errors import HrisError, Warn
from .connection import Connection, connect
from .ldap_errors import BUSY, UNAVAILABLE
from .stream_errors import (
    ConnectionLostError,
    SearchRefusedError,
)

Found = TypeVar("Found")


def with_directory(
    params: Mapping[str, Any], work: Callable[[Connection], Found], warn: Warn
) -> Found:
    """Do work with the first of the servers that answers, and keeps answering.

    params: as of connect. A server that is lost before the first write is as good as one that never
    answered: the work begins anew with the next one. After a write it does not, because another
    server may not know of it yet. Raises HrisError, also for the last server that is lost.
    """
    left, lost = params, ""
    while True:
        try:
            connection = connect(left)
        except HrisError as error:
            if lost:
                raise HrisError(f"{lost}. Then {error.message}", error.place, error.hint) from error
            raise
        with connection:
            try:
                return work(connection)
            except HrisError as error:
                rest = left["servers"][connection.position + 1 :]
                if not is_lost(error) or connection.stream.has_written or not rest:
                    raise
                lost = f"{connection.server} was lost before anything was written: {error.message}"
                warn(f"{lost}. The work begins anew with {rest[0]}")
        left = {**params, "servers": rest}


def is_lost(error: HrisError) -> bool:
    """Whether another server may do what this one did not."""
    if isinstance(error, SearchRefusedError):
        return error.code in (BUSY, UNAVAILABLE)
    return isinstance(error, ConnectionLostError)
