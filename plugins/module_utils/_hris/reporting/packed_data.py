# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of a page, packed: JSON with gzip and base64, a tenth of the text.

Each item of a long list is packed when it is made, so that neither the list nor its text is ever
whole in memory. Browsers unpack it without a library (page_script.py).
"""

from __future__ import annotations

import base64
import zlib

from ..json_pieces import compact
from ..model.plan_json import Json
from .escaping import json_in_html

_GZIP = 16 + zlib.MAX_WBITS  # the format, without a time: equal data make equal pages


def packed(data: Json) -> str:
    """The data in letters that mean nothing to HTML. A list may be an iterator."""
    packing = zlib.compressobj(wbits=_GZIP)
    pieces = compact(data.items(), json_in_html)
    parts = [packing.compress(piece.encode("ascii")) for piece in pieces]
    parts.append(packing.flush())
    return base64.b64encode(b"".join(parts)).decode("ascii")
