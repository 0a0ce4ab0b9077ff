# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of a search, from their bytes (SearchResultEntry, RFC 4511, 4.5.2). Pure: no socket.

Every account of a directory comes through here, and most of its attributes are those of many
others, such as a department, a country or groups. So an attribute is looked up by its encoding as a
whole, name and values together, and decoded only where that is not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar

from .ldap_messages import head

Value = TypeVar("Value")
Entry = tuple[str, dict[str, list[Value]]]  # (DN, {attribute as the server spells it: values})
RawAttributes = dict[str, list[bytes]]
SearchEntry = tuple[str, RawAttributes]
Texts = dict[str, list[str]]
Decoders = Mapping[str, Callable[[bytes], str]]  # {attribute: from one of its values to its text}

# What is remembered: so many encodings of each attribute, and none that is longer (bytes)
REMEMBERED, _LONGEST = 1024, 4096
_LEFT_OUT = ""  # in place of the name of an attribute


def entry_decoder(decoders: Decoders) -> Callable[[bytes], Entry[str]]:
    """The function from the bytes of an entry to its DN and texts; attributes without a decoder are
    left out, and so are those without values.

    Entries share lists of the same values, which are never changed. The function raises IndexError
    or ValueError for bytes that are no entry.
    """
    decode = _decoder(_KnownAttributes(decoders).__getitem__)

    def with_texts(body: bytes) -> Entry[str]:
        entry = decode(body)
        entry[1].pop(_LEFT_OUT, None)
        return entry

    return with_texts


def _decoder(
    attribute_of: Callable[[bytes], tuple[str, list[Value]]],
) -> Callable[[bytes], Entry[Value]]:
    def decode(body: bytes) -> Entry[Value]:
        """Elements are read without a call for each. Samba writes short lengths in one byte,
        Windows writes those of all sequences in five.
        """
        _tag, at, _end = head(body, 0)
        _tag, start, end = head(body, at)
        dn = body[start:end].decode("utf-8")
        _tag, at, stop = head(body, end)
        encoded = []
        while at < stop:
            size = body[at + 1]
            if size < 0x80:
                end = at + 2 + size
            elif size == 0x84:
                end = at + 6 + int.from_bytes(body[at + 2 : at + 6], "big")
            else:
                end = head(body, at)[2]
            encoded.append(body[at:end])
            at = end
        return dn, dict(map(attribute_of, encoded))

    return decode


def _raw_attribute(encoded: bytes) -> tuple[str, list[bytes]]:
    """(name, values) of a PartialAttribute."""
    _tag, at, _end = head(encoded, 0)
    _tag, start, at = head(encoded, at)
    name = _name(encoded[start:at])
    _tag, at, end = head(encoded, at)
    values = []
    while at < end:
        _tag, start, at = head(encoded, at)
        values.append(encoded[start:at])
    return name, values


decode_entry = _decoder(_raw_attribute)


class _KnownAttributes(dict[bytes, tuple[str, list[str]]]):
    """{encoding of an attribute: (its name, its texts)}; what is not known is decoded when it is
    looked up.
    """

    def __init__(self, decoders: Decoders):
        super().__init__()
        self._decoders = decoders
        self._remembered: Counter[str] = Counter()
        # {name: (name, decoder)} of the attributes of which no more values are remembered
        self._various: dict[bytes, tuple[str, Callable[[bytes], str]]] = {}

    def __missing__(self, encoded: bytes) -> tuple[str, list[str]]:
        size = encoded[1]
        start = 4 if size < 0x80 else 4 + (size & 0x7F)
        at = start + encoded[start - 1]
        various = self._various.get(encoded[start:at])
        if various:
            size = encoded[at + 1]
            at += 4 if size < 0x80 else 4 + (size & 0x7F)
            size = len(encoded) - at
            if 0 <= size < 0x80 and encoded[at - 1] == size:  # one value, and a short one
                name, decode = various
                return name, [decode(encoded[at:])]
        return self._other(encoded)

    def _other(self, encoded: bytes) -> tuple[str, list[str]]:
        name, values = _raw_attribute(encoded)
        plain_name = name.partition(";")[0]  # without options, such as a range
        decode = self._decoders.get(plain_name)
        if decode is None or not values:
            return _LEFT_OUT, []
        attribute = name, list(map(decode, values))
        if self._remembered[plain_name] < REMEMBERED and len(encoded) <= _LONGEST:
            self._remembered[plain_name] += 1
            self[encoded] = attribute
            if self._remembered[plain_name] == REMEMBERED:
                self._various[plain_name.encode()] = plain_name, decode
        return attribute


@lru_cache(1 << 12)  # every entry has the same few
def _name(value: bytes) -> str:
    return value.decode("ascii")
