"""Writes LDIF (RFC 2849) for ldbadd, ldapadd and ldapmodify."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping

MEMBERS_AT_ONCE = 500  # values of one modification of a group


def line(name: str, value: bytes | str) -> str:
    """One attribute, in base64 where the value is not safe as it is."""
    raw = value.encode() if isinstance(value, str) else value
    safe = (
        raw.isascii()
        and raw[:1] not in (b" ", b":", b"<")
        and raw[-1:] != b" "
        and not any(code in raw for code in b"\0\r\n")
    )
    return f"{name}: {raw.decode()}\n" if safe else f"{name}:: {base64.b64encode(raw).decode()}\n"


def addition(dn: str, values: Mapping[str, Iterable[bytes | str]]) -> str:
    """A record that adds an entry."""
    lines = [line(name, value) for name, texts in values.items() for value in texts]
    return line("dn", dn) + "".join(lines) + "\n"


def modification(dn: str, parts: Iterable[tuple[str, str, Iterable[bytes | str]]]) -> str:
    """A record that modifies an entry. parts: (add, delete or replace; attribute; values)."""
    text = line("dn", dn) + "changetype: modify\n"
    for kind, name, values in parts:
        text += f"{kind}: {name}\n" + "".join(line(name, value) for value in values) + "-\n"
    return text + "\n"


def member_additions(members: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield the records that add members to groups. members: {DN of a group: DNs of accounts}."""
    for group, dns in members.items():
        for start in range(0, len(dns), MEMBERS_AT_ONCE):
            yield modification(group, [("add", "member", dns[start : start + MEMBERS_AT_ONCE])])
