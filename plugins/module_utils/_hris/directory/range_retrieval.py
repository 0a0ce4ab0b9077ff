# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes with more values than a server gives at once ([MS-ADTS] 3.1.1.3.1.3.3).

Windows answers `member;range=0-1499` when there are more than 1,500 values, and expects a request
for the rest. The name of the last part is `member;range=1500-*`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from . import ldap_messages
from .ldap_stream import LdapStream
from .search_entries import Entry, SearchEntry, Value, decode_entry

_RANGE = re.compile(r"([^;]+);range=(\d+)-(\d+|\*)$", re.I)


def search(
    stream: LdapStream,
    base: str,
    scope: str,
    search_filter: str,
    attributes: Iterable[str],
    page: int = 1000,
) -> Iterator[SearchEntry]:
    """LdapStream.search whose entries hold every value of every attribute, under its own name.

    An attribute may be requested in parts of a size, as `member;range=0-99`. The following parts
    have the same size.
    """
    return entries(stream, decode_entry, base, scope, search_filter, attributes, page)


def entries(
    stream: LdapStream,
    decode: Callable[[bytes], Entry[Value]],
    base: str,
    scope: str,
    search_filter: str,
    attributes: Iterable[str],
    page: int = 1000,
) -> Iterator[Entry[Value]]:
    """The same with the values as another decoder gives them, see search_entries.py."""
    for entry in stream.entries(decode, base, scope, search_filter, attributes, page):
        dn, values_of = entry
        for name in [name for name in values_of if ";" in name]:
            match = _RANGE.match(name)
            if match:
                values = values_of.pop(name)
                values_of[match[1]] = values + _further_values(stream, decode, dn, match)
        yield entry


def _further_values(
    stream: LdapStream, decode: Callable[[bytes], Entry[Value]], dn: str, match: re.Match[str]
) -> list[Value]:
    """The values after the part that match (_RANGE on the attribute's name) stands for."""
    attribute, low, high = match.groups()
    if high == "*":
        return []
    width = int(high) - int(low) + 1
    values: list[Value] = []
    while high != "*":
        start = int(high) + 1
        name = f"{attribute};range={start}-{start + width - 1}"
        high, part = _part(stream, decode, dn, name)
        values += part
    return values


def _part(
    stream: LdapStream, decode: Callable[[bytes], Entry[Value]], dn: str, name: str
) -> tuple[str, list[Value]]:
    """(last position or "*", values) of one part; ("*", []) when the server has no more."""
    last = "*"
    values: list[Value] = []
    search_filter = "(objectClass=*)"
    for _dn, found in stream.entries(decode, dn, ldap_messages.BASE, search_filter, [name]):
        for answered, part in found.items():
            match = _RANGE.match(answered)
            if match and part:
                last = match[3]
                values += part
    return last, values
