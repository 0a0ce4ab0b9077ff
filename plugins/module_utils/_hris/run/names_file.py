# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of the names ledger: a first line that says what it is, with the seal, and a line for
each owner.

The seal covers the digest of the lines, so that the file is checked without being taken apart: most
runs give no name.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ..data_class import frozen
from ..errors import HrisError
from ..json_files import read_text
from ..model.names_ledger import GivenName, Hashes, NamesLedger, Owners
from ..option_names import with_options
from ..private_file import write_private
from ..seals import check_seal, seal_of

FORMAT = "hris.ad names 1"
_HEAD = ("domain", "salt", "check", "seen", "lines")  # fields of the first line, which are texts
_LAST, _RESERVED = "=", "~"  # before the last day of a name, and the day of its reservation
_FAULT = "the names ledger is damaged"
_COPY = (
    "Restore it from a copy. Only where there is none, remove it, and accept a new one with "
    "{kept_state.accept_new} for one run"
)


@frozen
class StoredNames:
    """The file as it was read."""

    domain: str  # DN
    salt: str
    hashes: Hashes
    seen: str  # the fingerprint of the directory whose names are in it
    lines: str  # of the owners

    def is_like(self, other: StoredNames) -> bool:
        """Whether the same names are in it."""
        return (self.salt, self.lines) == (other.salt, other.lines)

    def ledger(self) -> NamesLedger:
        """The ledger."""
        names: dict[str, GivenName] = {}
        held: dict[str, str] = {"": ""}
        for line in self.lines.splitlines():
            owners_text, _space, rest = line.partition(" ")
            owners: Owners = frozenset(owners_text.split(","))
            plain = GivenName(owners)
            for text in rest.split(","):
                if text.isalnum():
                    names[text] = plain
                    continue
                is_reserved = _RESERVED in text
                name, _sign, day = text.partition(_RESERVED if is_reserved else _LAST)
                names[name] = GivenName(owners, held.setdefault(day, day), is_reserved)
        return NamesLedger(self.hashes, names, self.seen)


def new_names(domain: str, key: str) -> StoredNames:
    """The file before anything is in it."""
    salt = secrets.token_hex(16)
    return StoredNames(domain, salt, Hashes(key, salt), "", "")


def read_names(path: str, key: str) -> StoredNames | None:
    """The file; None where there is none. Raises HrisError for one that cannot be believed."""
    if not os.path.lexists(path):
        return None
    head_text, _end, lines = read_text(path, trusted=True).partition("\n")
    head = _head(head_text, path)
    hashes = Hashes(key, head["salt"])
    if hashes.check != head["check"]:
        raise HrisError(
            "the names ledger was made with another key",
            path,
            "Set names.key (lifecycle_names.key) to the key that it was made with: nobody can "
            "read it without",
        )
    check_seal(head, key, "the names ledger", path, with_options(_COPY))
    if _digest(lines) != head["lines"]:
        raise HrisError(_FAULT, path, with_options(_COPY))
    return StoredNames(head["domain"], head["salt"], hashes, head["seen"], lines)


def _head(text: str, path: str) -> dict[str, Any]:
    try:
        head = json.loads(text)
    except ValueError:
        head = None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise HrisError(f"{_FAULT}: it has not the format '{FORMAT}'", path, with_options(_COPY))
    if not all(isinstance(head.get(name), str) for name in _HEAD):
        raise HrisError(f"{_FAULT}: its first line is not complete", path, with_options(_COPY))
    return head


def write_names(path: str, key: str, stored: StoredNames, ledger: NamesLedger) -> None:
    """Write the ledger. stored: what was read before, or new_names. Raises HrisError."""
    lines = "".join(_lines(ledger))
    head: dict[str, Any] = {
        "format": FORMAT,
        "domain": stored.domain,
        "salt": stored.salt,
        "check": stored.hashes.check,
        "seen": ledger.seen,
        "lines": _digest(lines),
    }
    head["seal"] = seal_of(head, key)
    write_private(path, [json.dumps(head), "\n", lines])


def _lines(ledger: NamesLedger) -> Iterator[str]:
    of_owner: dict[Owners, list[str]] = defaultdict(list)
    for name, (owners, day, is_reserved) in ledger.names.items():
        sign = _RESERVED if is_reserved else _LAST
        of_owner[owners].append(f"{name}{sign}{day}" if day else name)
    return (
        f"{','.join(sorted(owners))} {','.join(sorted(names))}\n"
        for owners, names in of_owner.items()
    )


def _digest(lines: str) -> str:
    return hashlib.sha256(lines.encode()).hexdigest()
