"""Writes LDIF (RFC 2849) for ldbadd, ldapadd and their kin."""

from __future__ import annotations

import base64
from collections.abc import Iterable


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


def addition(dn: str, values: dict[str, Iterable]) -> str:
    """A record that adds an entry."""
    return (
        line("dn", dn)
        + "".join(line(name, value) for name, found in values.items() for value in found)
        + "\n"
    )


def modification(dn: str, parts: Iterable[tuple[str, str, Iterable]]) -> str:
    """A record that modifies an entry. parts: (add, delete or replace; attribute; values)."""
    text = line("dn", dn) + "changetype: modify\n"
    for kind, name, values in parts:
        text += f"{kind}: {name}\n" + "".join(line(name, value) for value in values) + "-\n"
    return text + "\n"
