"""The data of a page as its reader sees them."""
from __future__ import annotations

import base64
import gzip
import re

_DATA = re.compile(r'(?<= id="data">)[^<]*')


def unpacked(page: str) -> str:
    """The page with its data as JSON in place of the packed ones: to search for what it holds."""
    (data,) = _DATA.findall(page)
    text = gzip.decompress(base64.b64decode(data)).decode("ascii")
    return _DATA.sub(lambda _match: text, page)
