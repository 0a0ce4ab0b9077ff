# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Distinguished names as text: parsing, joining and comparing (RFC 4514, with AD's spelling).

No directory is asked. Active Directory has one attribute in an RDN, so an unescaped '+' is an error
here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..errors import HrisError, shortened
from ..model.plan import Change

# One RDN and the separator after it. A space belongs to the value if something other than a space
# follows it in the value.
_RDN = re.compile(
    r" *([A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*) *= *"
    r"((?:\\[0-9A-Fa-f]{2}|\\[^0-9A-Fa-f]|[^\\,+\" ]| +(?=[^ ,]))*) *(,|$)",
    re.DOTALL,
)
# What a server writes for nearly every object: no escape and no space at a separator. Then only the
# case can differ.
_PLAIN = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9-]*=[^\\\"+;<>#,= ](?:[^\\\"+;<>#,=]*[^\\\"+;<>#,= ])?(?:,(?=[^ ])|$))+"
)
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{2})|\\(.)", re.DOTALL)
_SPECIAL = re.compile(r"[\\\",+;<>=#]")


def parse(dn: str) -> list[tuple[str, str]]:
    """[(attribute, value), …] from the object up to the root; [] for the empty DN.

    The values have no escapes. Raises HrisError for text that is not a distinguished name.
    """
    if _PLAIN.fullmatch(dn):
        pairs = (part.partition("=") for part in dn.split(","))
        return [(attribute, value) for attribute, _equals, value in pairs]
    return [(match[1], _unescape(match[2])) for match in _split(dn)]


def join(pairs: Iterable[tuple[str, str]]) -> str:
    """The DN of (attribute, value) pairs; the values are not escaped yet."""
    return ",".join(f"{attribute}={escape_value(value)}" for attribute, value in pairs)


@lru_cache(maxsize=1 << 12)  # many people share the name of an OU
def escape_value(text: str) -> str:
    """The text as the value of an RDN.

    Special characters, a '#' at the start and spaces at both ends are escaped, control characters
    are written in hexadecimal. Raises HrisError for empty text.
    """
    if not text:
        raise HrisError("an RDN needs a value, but the text is empty")
    escaped = []
    last = len(text) - 1
    for position, character in enumerate(text):
        if character < " " or character == "\x7f":
            character = f"\\{ord(character):02X}"
        elif (
            character in '\\",+;<>='
            or (position == 0 and character in " #")
            or (position == last and character == " ")
        ):
            character = "\\" + character
        escaped.append(character)
    return "".join(escaped)


@lru_cache(maxsize=1 << 18)
def normal(dn: str) -> str:
    """The normal form of a DN: two DNs of one object have the same one.

    It is casefolded, and escapes and spaces are uniform. Every special character of a value is in
    hexadecimal, so a ',' always separates two RDNs. A name like <GUID=…> or <SID=…> is only
    casefolded. Raises HrisError for text that is not a distinguished name.
    """
    return normal_once(dn)


def normal_once(dn: str) -> str:
    """As normal, for the many DNs that are asked about once: to remember them takes memory only."""
    if _PLAIN.fullmatch(dn) or dn.startswith("<"):
        return dn.casefold()
    return ",".join(
        f"{attribute.casefold()}={_uniform(value.casefold())}" for attribute, value in parse(dn)
    )


def for_server(dn: str) -> str:
    """The DN as it is sent: a comma in a value in hexadecimal.

    Samba takes ``CN=Vela \\,`` for ``CN=Vel`` and even names a new object so (measured), but reads
    ``CN=Vela \\2C`` as it is meant.
    """
    if "\\," not in dn:
        return dn
    return _ESCAPED.sub(lambda match: "\\2C" if match[2] == "," else match[0], dn)


def object_of(change: Change) -> str:
    """What all changes of one object share: its objectGUID, or its normal DN if it has none yet."""
    return change.guid or normal(change.dn)


def rdn(dn: str) -> str:
    """The first RDN as it is written in the DN (``CN=Jane Roe``); '' for the empty DN."""
    if _PLAIN.fullmatch(dn):
        return dn.partition(",")[0]
    match = _first(dn)
    if match is None:
        return ""
    return f"{match[1]}={match[2]}"


def split(dn: str) -> tuple[str, str]:
    """(value of the first RDN without escapes, parent): ``Jane Roe``, ``OU=Staff,…``."""
    if _PLAIN.fullmatch(dn):
        first, _comma, above = dn.partition(",")
        return first.partition("=")[2], above
    return parse(rdn(dn))[0][1], parent(dn)


def split_written(dn: str) -> tuple[str, str]:
    """As split, for a DN as a directory writes it: no space is around its separators, and an
    escape is the only other thing before the first comma that separates two RDNs.
    """
    first, _comma, above = dn.partition(",")
    if "\\" in first:
        return split(dn)
    return first.partition("=")[2], above


def parent(dn: str) -> str:
    """The parent of a DN as it is written in the DN; '' when there is none."""
    if _PLAIN.fullmatch(dn):
        return dn.partition(",")[2]
    match = _first(dn)
    if match is None:
        return ""
    return dn[match.end() :].strip(" ")


def domain_of(dn: str) -> str:
    """The domain of a DN: its end, from the first DC on."""
    while dn and not dn.upper().startswith("DC="):
        dn = parent(dn)
    return dn


def is_below(dn: str, base: str) -> bool:
    """Whether a DN is the base or anywhere below it (the subtree scope). Everything is below ''."""
    if not base:
        return True
    name, top = normal(dn), normal(base)
    return name == top or name.endswith("," + top)


def _first(dn: str) -> re.Match[str] | None:
    """The match of the first RDN, None for the empty DN."""
    return next(_split(dn), None)


def _split(dn: str) -> Iterator[re.Match[str]]:
    """Yield a match of _RDN for each RDN: group 1 the attribute, group 2 the value as written."""
    position = 0
    while position < len(dn):
        match = _RDN.match(dn, position)
        if not match or not match[2] or (match[3] and match.end() == len(dn)):
            raise HrisError(
                f"{shortened(dn)} is not a distinguished name",
                hint="Write it like CN=Roe\\, Jane,OU=Staff,DC=corp,DC=example, with a "
                "backslash before each comma, plus sign or quote of a name",
            )
        yield match
        position = match.end()


def _unescape(raw: str) -> str:
    """The value without its escapes; each \\XX is one byte of UTF-8."""
    if "\\" not in raw:
        return raw
    out = bytearray()
    position = 0
    for match in _ESCAPED.finditer(raw):
        out += raw[position : match.start()].encode("utf-8", "surrogateescape")
        if match[1]:
            out += bytes.fromhex(match[1])
        else:
            out += match[2].encode("utf-8", "surrogateescape")
        position = match.end()
    out += raw[position:].encode("utf-8", "surrogateescape")
    return out.decode("utf-8", "surrogateescape")


def _uniform(value: str) -> str:
    """The value with every special character, and a space at its ends, in hexadecimal."""
    text = _SPECIAL.sub(lambda match: f"\\{ord(match[0]):02x}", value)
    if text.startswith(" "):
        text = "\\20" + text[1:]
    if text.endswith(" "):
        text = text[:-1] + "\\20"
    return text
