# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes with more values than a server gives at once (range retrieval, [MS-ADTS] 3.1.1.3.1.3.3).

Windows answers `member;range=0-1499` when there are more than 1,500 values and expects to be asked for the rest; the last part is
called `member;range=1500-*`.
"""

from __future__ import annotations

import re

from . import ldap_messages

_RANGE = re.compile(r"([^;]+);range=(\d+)-(\d+|\*)$", re.I)


def search(wire, base: str, scope: str, search_filter: str, attributes, page: int = 1000):
    """wire.search whose entries carry every value of every attribute, under the attribute's own name.

    An attribute may be asked for in parts of one's own size, as `member;range=0-99`: the parts that follow have the same size.
    """
    for dn, found in wire.search(base, scope, search_filter, attributes, page):
        for name in [name for name in found if ";" in name]:
            match = _RANGE.match(name)
            if match:
                values = found.pop(name)
                found[match[1]] = values + _rest(wire, dn, match)
        yield dn, found


def _rest(wire, dn: str, match) -> list:
    """The values after the part that match (_RANGE on the attribute's name in the answer) stands for."""
    attribute, low, high = match.groups()
    width = 0 if high == "*" else int(high) - int(low) + 1
    values: list = []
    while high != "*":
        low = int(high) + 1
        part = f"{attribute};range={low}-{low + width - 1}"
        high = "*"
        for _dn, found in wire.search(dn, ldap_messages.BASE, "(objectClass=*)", [part]):
            for name, more in found.items():
                answer = _RANGE.match(name)
                if answer and more:
                    values += more
                    high = answer[3]
    return values
