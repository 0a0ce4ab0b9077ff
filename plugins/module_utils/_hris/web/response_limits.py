# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of a response, whole and bounded: in its size, and in the time that it may take."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ..errors import HrisError
from .options import HttpOptions

try:
    import requests
    from urllib3 import exceptions as urllib3_errors
except ImportError:  # the module reports the missing library before anything here is called
    pass

CHUNK = 65536  # bytes
MIB = 1024 * 1024


def read_body(response: requests.Response, options: HttpOptions, place: str) -> bytes:
    """All bytes of the response.

    Raises HrisError for one that is too large or takes too long, and a
    requests.RequestException for a connection that breaks.
    """
    parts: list[bytes] = []
    size = 0
    deadline = time.monotonic() + options.max_response_seconds
    for part in _parts(response):
        size += len(part)
        if size > options.max_response_mb * MIB:
            raise HrisError(
                f"the answer is larger than {options.max_response_mb} MiB",
                place,
                "Raise max_response_mb if that is right",
            )
        if time.monotonic() > deadline:
            raise HrisError(
                f"the answer did not end within {options.max_response_seconds:g} seconds",
                place,
                "Raise max_response_seconds if the server is that slow",
            )
        parts.append(part)
    return b"".join(parts)


def _parts(response: requests.Response) -> Iterator[bytes]:
    """Yield what has arrived, as it arrives.

    iter_content waits for a whole chunk, which a server that sends single bytes never fills.
    """
    read = getattr(response.raw, "read1", None)  # urllib3 2
    if read is None:
        yield from response.iter_content(CHUNK)
        return
    try:
        while part := read(CHUNK, decode_content=True):
            yield part
    except urllib3_errors.ReadTimeoutError as error:
        raise requests.exceptions.ReadTimeout(error) from error
    except urllib3_errors.DecodeError as error:
        raise requests.exceptions.ContentDecodingError(error) from error
    except urllib3_errors.HTTPError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from error
