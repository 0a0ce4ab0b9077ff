# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as the bytes of the directory and as the texts of snapshots, plans and options.

Strings and DNs are texts as they are, numbers and FILETIME decimal texts, booleans TRUE and FALSE,
binary values base64. objectGUID and SIDs have their usual written forms.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Callable, Mapping
from functools import lru_cache

from ..ad_values.binary_ids import guid_bytes, guid_text, sid_bytes, sid_text
from ..ad_values.dn import for_server
from ..ad_values.syntaxes import GUIDS
from ..errors import HrisError
from ..model.directory import AttributeDefinition, AttributeValues


def plain_text(value: bytes) -> str:
    """A string, number, time or DN."""
    return value.decode("utf-8", "replace")


@lru_cache(1 << 16)
def name_text(value: bytes) -> str:
    """The DN of an object that many others refer to, such as a group: one text for all of them."""
    return plain_text(value)


def base64_text(value: bytes) -> str:
    """Binary as base64."""
    return base64.b64encode(value).decode("ascii")


def decoder(name: str, syntax: str) -> Callable[[bytes], str]:
    """The function from bytes to text for an attribute of a syntax (AttributeDefinition)."""
    if name.lower() in GUIDS:
        return guid_text
    return _DECODERS.get(syntax, plain_text)


_DECODERS: dict[str, Callable[[bytes], str]] = {
    "binary": base64_text,
    "sid": sid_text,
    "dn": name_text,
}


def encoder(name: str, syntax: str) -> Callable[[str], bytes]:
    """The function from text to bytes for an attribute of a syntax (AttributeDefinition).

    It raises HrisError for a text that does not have the form of the syntax.
    """
    if syntax == "dn":
        return _dn_bytes
    if syntax not in ("binary", "sid"):
        return str.encode
    form, function = "base64", _base64_bytes
    if syntax == "sid":
        form, function = "a SID", sid_bytes
    elif name.lower() in GUIDS:
        form, function = "a GUID", guid_bytes

    def encode(text: str) -> bytes:
        try:
            return function(text)
        except (ValueError, binascii.Error, struct.error) as error:
            raise HrisError(f"the value is not {form}", place=name) from error

    return encode


def _dn_bytes(text: str) -> bytes:
    return for_server(text).encode()


def _base64_bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def single_or_list(
    attributes: AttributeValues, definitions: Mapping[str, AttributeDefinition]
) -> dict[str, str | list[str]]:
    """Attributes as results show them: one text where the schema has one value, else a list.

    definitions: {attribute in lower case: definition} of all of them.
    """
    shown: dict[str, str | list[str]] = {}
    for name, texts in attributes.items():
        shown[name] = texts
        if definitions[name.lower()].single:
            shown[name] = texts[0]
    return shown
