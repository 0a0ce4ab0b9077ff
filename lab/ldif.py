"""Reads the LDIF that `ldapsearch -LLL -o ldif-wrap=no` prints."""

from __future__ import annotations

import base64


def parse(text: str) -> list[dict]:
    """[{"dn": text, "attributes": {name: [value]}}]; a value that is not UTF-8 stays base64
    text.
    """
    entries: list[dict] = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, _colon, rest = line.partition(":")
        if rest.startswith(":"):
            raw = rest[1:].strip()
            try:
                value = base64.b64decode(raw).decode("utf-8")
            except UnicodeDecodeError:
                value = raw
        else:
            value = rest.strip()
        if name == "dn":
            entries.append({"dn": value, "attributes": {}})
        # before the first dn stand only the references that the server appends to a domain-wide
        # search
        elif entries:
            entries[-1]["attributes"].setdefault(name, []).append(value)
    for entry in entries:
        entry["attributes"].pop("ref", None)
    return entries
