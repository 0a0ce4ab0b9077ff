# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The body of a response, whole and bounded in its size. bounded_responses.py bounds its time."""

from __future__ import annotations

from collections.abc import Iterator

from .bounded_responses import MIB, ResponseLimitError, too_large
from .options import HttpOptions

try:
    import requests
    from urllib3 import exceptions as urllib3_errors
except ImportError:  # the module reports the missing library before anything here is called
    pass

CHUNK = 65536  # bytes


def read_body(response: requests.Response, options: HttpOptions) -> bytes:
    """All bytes of the response.

    Raises ResponseLimitError for one that is too large or takes too long, and a
    requests.RequestException for a connection that breaks.
    """
    if "," in response.headers.get("Content-Encoding", ""):
        # A few bytes that were compressed several times unfold to more than any memory holds
        raise ResponseLimitError("the answer is compressed more than once")
    response.raw.enforce_content_length = True  # urllib3 1 takes a body that is cut for whole
    parts: list[bytes] = []
    size = 0
    for part in _parts(response):
        size += len(part)
        if size > options.max_response_mb * MIB:
            raise too_large(options)
        parts.append(part)
    return b"".join(parts)


def _parts(response: requests.Response) -> Iterator[bytes]:
    """Yield what has arrived, as it arrives.

    iter_content waits for a whole chunk, which a server that sends single bytes never fills.
    """
    read = getattr(response.raw, "read1", None)  # urllib3 2
    try:
        if read is None:
            yield from response.iter_content(CHUNK)
            return
        while part := read(CHUNK, decode_content=True):
            yield part
    except urllib3_errors.ReadTimeoutError as error:
        raise requests.exceptions.ReadTimeout(error) from error
    except urllib3_errors.DecodeError as error:
        raise requests.exceptions.ContentDecodingError(error) from error
    except urllib3_errors.HTTPError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from error
    except requests.RequestException:
        raise
    except ValueError as error:  # of urllib3 1, for a chunk of a negative size
        raise requests.exceptions.ChunkedEncodingError(error) from error
