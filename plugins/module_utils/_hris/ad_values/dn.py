# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Distinguished names as text: taking apart, putting together and comparing (RFC 4514, as Active Directory writes it).

Pure: no directory is asked. Active Directory has one attribute in an RDN, so an unescaped '+' is an error here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..errors import HrisError

# One RDN and the separator after it. In the value every blank that is followed by something belongs to it, the others do not.
_RDN = re.compile(
    r" *([A-Za-z][A-Za-z0-9-]*|[0-9]+(?:\.[0-9]+)*) *= *"
    r"((?:\\[0-9A-Fa-f]{2}|\\[^0-9A-Fa-f]|[^\\,+\" ]| +(?=[^ ,]))*) *(,|$)",
    re.DOTALL,
)
# What a server writes for nearly every object: no escape and no blank at a separator, so that casefold() is the whole work.
_PLAIN = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9-]*=[^\\\"+;<>#,= ](?:[^\\\"+;<>#,=]*[^\\\"+;<>#,= ])?(?:,(?! )|$))+"
)
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{2})|\\(.)", re.DOTALL)
_SPECIAL = re.compile(r"[\\\",+;<>=#]")


def parse(dn: str) -> list[tuple[str, str]]:
    """[(attribute, value), …] from the object up to the root, values without their escapes; [] for the empty DN.

    Raises HrisError when dn is not a distinguished name.
    """
    return [(match[1], _unescape(match[2])) for match in _split(dn)]


def join(pairs) -> str:
    """The DN of (attribute, value) pairs; values are escaped here."""
    return ",".join(f"{attribute}={escape_value(value)}" for attribute, value in pairs)


@lru_cache(maxsize=1 << 12)  # an OU's name is many people's
def escape_value(text: str) -> str:
    """text as the value of an RDN: special characters, a leading '#' and outer blanks escaped, control characters as hex."""
    if not text:
        raise HrisError("an RDN needs a value, but the text is empty")
    out = []
    last = len(text) - 1
    for position, char in enumerate(text):
        if char < " " or char == "\x7f":
            out.append(f"\\{ord(char):02X}")
        elif (
            char in '\\",+;<>='
            or (position == 0 and char in " #")
            or (position == last and char == " ")
        ):
            out.append("\\" + char)
        else:
            out.append(char)
    return "".join(out)


@lru_cache(maxsize=1 << 18)
def normal(dn: str) -> str:
    """The form in which two names of one object are the same text: casefolded, escapes and blanks made uniform.

    Every special character of a value is in hex, so a ',' in the result always separates two RDNs. A name like <GUID=…> or
    <SID=…> is only casefolded. Raises HrisError when dn is not a distinguished name.
    """
    if _PLAIN.fullmatch(dn) or dn.startswith("<"):
        return dn.casefold()
    return ",".join(
        f"{attribute.casefold()}={_uniform(value.casefold())}" for attribute, value in parse(dn)
    )


def object_of(change: dict) -> str:
    """What is the same for all changes of one object: its objectGUID, or the normal DN of one that has none yet."""
    return change.guid or normal(change.dn)


def rdn(dn: str) -> str:
    """The first RDN as it is written in dn (``CN=Jane Roe``), '' for the empty DN."""
    if _PLAIN.fullmatch(dn):
        return dn.partition(",")[0]
    match = _first(dn)
    return f"{match[1]}={match[2]}" if match else ""


def split(dn: str) -> tuple[str, str]:
    """(the value of the first RDN without its escapes, the DN above as it is written): ``Jane Roe`` and ``OU=Staff,…``."""
    if _PLAIN.fullmatch(dn):
        first, _comma, above = dn.partition(",")
        return first.partition("=")[2], above
    return parse(rdn(dn))[0][1], parent(dn)


def parent(dn: str) -> str:
    """The DN above dn as it is written there; '' when there is none."""
    if _PLAIN.fullmatch(dn):
        return dn.partition(",")[2]
    match = _first(dn)
    return dn[match.end() :].strip(" ") if match else ""


def is_below(dn: str, base: str) -> bool:
    """Whether dn is base itself or anywhere below it, as the subtree scope of a search has it. Everything is below ''."""
    if not base:
        return True
    name, top = normal(dn), normal(base)
    return name == top or name.endswith("," + top)


def _first(dn: str):
    """The match of the first RDN, None for the empty DN."""
    return next(_split(dn), None)


def _split(dn: str):
    """Yield a match of _RDN for each RDN: [1] the attribute, [2] the value as written, end() after the separator."""
    position = 0
    while position < len(dn):
        match = _RDN.match(dn, position)
        if not match or not match[2] or (match[3] and match.end() == len(dn)):
            raise HrisError(
                f"'{dn}' is not a distinguished name",
                hint="Write it like CN=Roe\\, Jane,OU=Staff,DC=corp,DC=example; a comma, plus sign or quote in a "
                "name has a backslash before it",
            )
        yield match
        position = match.end()


def _unescape(raw: str) -> str:
    """The value without its escapes; \\XX pairs are bytes of UTF-8."""
    if "\\" not in raw:
        return raw
    out = bytearray()
    position = 0
    for match in _ESCAPED.finditer(raw):
        out += raw[position : match.start()].encode("utf-8", "surrogateescape")
        out += bytes.fromhex(match[1]) if match[1] else match[2].encode("utf-8", "surrogateescape")
        position = match.end()
    out += raw[position:].encode("utf-8", "surrogateescape")
    return out.decode("utf-8", "surrogateescape")


def _uniform(value: str) -> str:
    """The value with every special character and outer blank in hex."""
    text = _SPECIAL.sub(lambda match: f"\\{ord(match[0]):02x}", value)
    if text.startswith(" "):
        text = "\\20" + text[1:]
    if text.endswith(" "):
        text = text[:-1] + "\\20"
    return text
