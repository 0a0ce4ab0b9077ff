# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What HR had last: a digest of each record by its key, in a file, and what differs from it.

A digest says nothing about a record, and the file holds no value of HR but the keys.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from ..errors import HrisError
from ..json_files import read_json
from ..model.records import Record
from ..private_file import write_private
from ..rules.expressions import compile_rule
from ..rules.mapping_lines import ExpressionLine
from ..rules.records import keys_of
from ..seals import canonical

# {key: digest}. "" stands for all records without a key
Digests: TypeAlias = Mapping[str, str]
WITHOUT_KEY = ""
_FORMAT = "hris.ad feed digests 1"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def digests_of(records: list[Record], line: ExpressionLine) -> dict[str, str]:
    """The digests of a feed; several records with one key have one, whatever their order.

    line: what reads the key of a record. Active Directory ignores the case of a key.
    """
    spelling: dict[str, str] = {}
    found: dict[str, list[str]] = defaultdict(list)
    for record, key in zip(records, keys_of(records, line), strict=True):
        name = spelling.setdefault(key.casefold(), key) if key else WITHOUT_KEY
        found[name].append(hashlib.sha256(canonical(record)).hexdigest())
    return {
        name: hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()
        for name, digests in found.items()
    }


def differences(before: Digests, now: Digests) -> dict[str | None, str]:
    """{key: kind} of what differs; None is for records without a key."""
    found: dict[str | None, str] = {}
    for name in before.keys() | now.keys():
        if before.get(name) == now.get(name):
            continue
        if name == WITHOUT_KEY:
            found[None] = "unknown"
        elif name not in before:
            found[name] = "created"
        else:
            found[name] = "changed" if name in now else "gone"
    return found


def read_digests(path: str) -> dict[str, str] | None:
    """The digests of a file; None where there is no file. Raises HrisError for a damaged one."""
    if not os.path.lexists(path):
        return None
    data = read_json(path, trusted=True)
    digests = data.get("digests") if isinstance(data, dict) else None
    if (
        not isinstance(digests, dict)
        or data.get("format") != _FORMAT
        or not all(_is_digest(value) for value in digests.values())
    ):
        raise HrisError("there are no digests of a feed in it", path)
    return digests


def write_digests(path: str, digests: Digests) -> None:
    """Write them in one step, mode 0600. Raises HrisError."""
    data = {"format": _FORMAT, "digests": digests}
    write_private(path, _chunks(data))


def _chunks(data: dict[str, Any]) -> Iterable[str]:
    return json.JSONEncoder(sort_keys=True, separators=(",", ":")).iterencode(data)


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and bool(_DIGEST.fullmatch(value))


def key_line(rule: str) -> ExpressionLine:
    """What reads the key of a record. Raises HrisError for what is no expression."""
    return ExpressionLine("key", "key", compile_rule(rule, "key"))
