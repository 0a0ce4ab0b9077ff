# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries of access control lists as text ([MS-DTYP] 2.5.1), as the schema has them and
`samba-tool dsacl set` takes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .security_descriptor import (
    ALLOWED,
    ALLOWED_OBJECT,
    CONTAINER_INHERIT,
    DENIED,
    DENIED_OBJECT,
    INHERIT_ONLY,
    INHERITED,
    NO_PROPAGATE,
    OBJECT_INHERIT,
    Ace,
    specific,
)

_ACE = re.compile(r"\(([^()]*)\)")
_KINDS = {"A": ALLOWED, "D": DENIED, "OA": ALLOWED_OBJECT, "OD": DENIED_OBJECT}
_FLAGS = {
    "OI": OBJECT_INHERIT,
    "CI": CONTAINER_INHERIT,
    "NP": NO_PROPAGATE,
    "IO": INHERIT_ONLY,
    "ID": INHERITED,
}
RIGHTS = {
    "CC": 0x1,
    "DC": 0x2,
    "LC": 0x4,
    "SW": 0x8,
    "RP": 0x10,
    "WP": 0x20,
    "DT": 0x40,
    "LO": 0x80,
    "CR": 0x100,
    "SD": 0x10000,
    "RC": 0x20000,
    "WD": 0x40000,
    "WO": 0x80000,
    "GA": 0x10000000,
    "GX": 0x20000000,
    "GW": 0x40000000,
    "GR": 0x80000000,
}
_SIDS = {
    "WD": "S-1-1-0",
    "CO": "S-1-3-0",
    "OW": "S-1-3-4",
    "ED": "S-1-5-9",
    "PS": "S-1-5-10",
    "AU": "S-1-5-11",
    "SY": "S-1-5-18",
    "BA": "S-1-5-32-544",
    "BU": "S-1-5-32-545",
    "AO": "S-1-5-32-548",
    "SO": "S-1-5-32-549",
    "PO": "S-1-5-32-550",
    "RU": "S-1-5-32-554",
}
_OF_DOMAIN = {"DA": 512, "DU": 513, "DG": 514, "DC": 515, "DD": 516, "CA": 517, "PA": 520}
_OF_DOMAIN |= {"RS": 553, "CN": 522}
_OF_ROOT_DOMAIN = {"SA": 518, "EA": 519}


def parse_aces(text: str, domain_sid: str, root_sid: str | None = None) -> Iterator[Ace]:
    """Yield the entries of the DACL in a text; those that are not known are passed over.

    root_sid: of the first domain of the forest; None: the same domain.
    """
    for match in _ACE.finditer(text.partition("D:")[2].partition("S:")[0]):
        parts = match[1].split(";")
        if len(parts) != 6 or parts[0] not in _KINDS:
            continue
        kind, flags, rights, object_type, inherited_type, sid = parts
        yield Ace(
            _KINDS[kind],
            sum(value for name, value in _FLAGS.items() if name in _pairs(flags)),
            specific(_mask(rights)),
            object_type.lower(),
            inherited_type.lower(),
            _sid(sid, domain_sid, root_sid or domain_sid),
            b"",
        )


def _mask(text: str) -> int:
    if text.lower().startswith("0x"):
        return int(text, 16)
    return sum(RIGHTS.get(name, 0) for name in set(_pairs(text)))


def _pairs(text: str) -> list[str]:
    return [text[start : start + 2] for start in range(0, len(text), 2)]


def _sid(text: str, domain_sid: str, root_sid: str) -> str:
    if text in _OF_DOMAIN:
        return f"{domain_sid}-{_OF_DOMAIN[text]}"
    if text in _OF_ROOT_DOMAIN:
        return f"{root_sid}-{_OF_ROOT_DOMAIN[text]}"
    return _SIDS.get(text, text)
