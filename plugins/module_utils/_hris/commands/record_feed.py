# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module record_feed: a feed is saved with pseudonyms, for tests of rules and for reports of faults."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets

from ..errors import HrisError
from ..private_file import write_private
from ..pseudonyms.pseudonyms import Pseudonyms
from ..pseudonyms.recording import CHANGED, DATE, KEEP, SHIFTED, recorded
from ..sources.files import given_employees

SHORTEST_KEY = 16  # characters
STRETCH = 600_000  # rounds (OWASP's figure for PBKDF2 with SHA-256): a key that a person made up is slow to guess
MOST_FIELDS = 400
TELLING = 10  # records; in fewer of them every field tells people apart
_BIRTH = re.compile(r"birth|\bdob\b", re.IGNORECASE)
_WORDS = {KEEP: "stays", DATE: "stays, as a date", SHIFTED: "another day of the year"}


def run(params: dict, check_mode: bool, warn) -> dict:
    """The work of module record_feed, whose RETURN describes the result. params: its options. Raises HrisError."""
    key = params["key"] or ""
    if key and len(key) < SHORTEST_KEY:
        raise HrisError(
            f"it has {len(key)} characters",
            "key",
            f"Whoever guesses it undoes the pseudonyms: take at least {SHORTEST_KEY}, "
            "such as openssl rand -hex 16 gives",
        )
    employees = given_employees(params)
    made, lines = recorded(employees, Pseudonyms(_derived(key)), params["keep"], params["shift"])
    for text in _doubts(lines, len(employees)):
        warn(text)
    text = "".join(json.dumps(employee, separators=(",", ":")) + "\n" for employee in made)
    changed = _differs(params["dest"], text)
    if changed and not check_mode:
        write_private(params["dest"], [text])
    kept = [line for line in lines if line["treatment"] not in (CHANGED, SHIFTED)]
    return {
        "changed": changed,
        "dest": params["dest"],
        "records": len(employees),
        "stable": bool(key),
        "kept": kept[:MOST_FIELDS],
        "kept_total": len(kept),
        "changed_fields": [line for line in lines if line not in kept][:MOST_FIELDS],
        "report": _report(lines, len(employees), bool(key)),
    }


def _derived(key: str) -> bytes:
    """The key for the pseudonyms: of the option, slowly, or random where there is none."""
    if not key:
        return secrets.token_bytes(32)
    return hashlib.pbkdf2_hmac(
        "sha256", key.encode("utf-8", "surrogatepass"), b"hris.ad record 1", STRETCH
    )


def _differs(path: str, text: str) -> bool:
    """Whether the file is not yet as it is to be, or others may read it."""
    try:
        with open(path, "rb") as file:
            return bool(os.fstat(file.fileno()).st_mode & 0o077) or file.read() != text.encode()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error


def _doubts(lines: list[dict], records: int):
    """What a person should look at before the file is handed on."""
    for line in lines:
        if line["treatment"] == DATE and _BIRTH.search(line["path"]):
            yield f"{line['path']} stays as it is, because it is a date. Name it in shift."
        if line["treatment"] == KEEP and records >= TELLING and line["values"] > records / 2:
            yield f"{line['path']} is kept, and has {line['values']} different values for {records} employees: it may tell who is who."


def _report(lines: list[dict], records: int, stable: bool) -> list[str]:
    """The account for reading: what stays first."""
    first = f"{records} employees are recorded with pseudonyms" + (
        "." if stable else "; without a key the next record has others."
    )
    shown = sorted(lines, key=lambda line: line["treatment"] == CHANGED)[:MOST_FIELDS]
    rest = [f"and {len(lines) - MOST_FIELDS} more fields"] if len(lines) > MOST_FIELDS else []
    return [
        first,
        *(
            f"{line['path']}: {_WORDS.get(line['treatment'], line['treatment'])}, different values: {line['values']}"
            for line in shown
        ),
        *rest,
    ]
