# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module record_feed: saves a feed with pseudonyms, for tests of rules and for bug reports."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..errors import HrisError, Warn
from ..option_names import option_name
from ..private_file import write_private
from ..pseudonyms.feed import CHANGED, DATE, KEPT, SHIFTED, FieldTreatment, with_pseudonyms
from ..pseudonyms.pseudonyms import Pseudonyms
from ..run.given_feed import warn_of_left_out
from ..sources.files import FeedFile, feed_lines, given_feed
from ..user_files import check_replaceable, open_to_read

SHORTEST_KEY = 16  # characters
# Rounds of PBKDF2 with SHA-256 (OWASP's number): a key that a person chose is slow to guess
STRETCH = 600_000
MOST_FIELDS = 400
FEW_RECORDS = 10  # with fewer of them every field identifies people
_BIRTH = re.compile(r"birth|\bdob\b", re.IGNORECASE)
_WORDS = {KEPT: "stays", DATE: "stays, as a date", SHIFTED: "another day of the year"}


def run(params: Mapping[str, Any], check_mode: bool, warn: Warn) -> dict[str, Any]:
    """The work of module hris.ad.record_feed, whose RETURN describes the result.

    Raises HrisError.
    """
    key, dest = params["key"] or "", params["dest"]
    _check_key(key)
    feed = given_feed(params)
    employees = feed.employees
    warn_of_left_out(feed, warn)
    pseudonyms = Pseudonyms(_derived(key))
    replaced, treatments = with_pseudonyms(employees, pseudonyms, params["keep"], params["shift"])
    for text in _doubts(treatments, len(employees)):
        warn(text)
    text = "".join(feed_lines(replaced, FeedFile([], feed.left_out).about))
    changed = _differs(dest, text)
    if changed and not check_mode:
        write_private(dest, [text])
    kept = [field for field in treatments if field.treatment not in (CHANGED, SHIFTED)]
    others = [field for field in treatments if field.treatment in (CHANGED, SHIFTED)]
    return {
        "changed": changed,
        "dest": dest,
        "records": len(employees),
        "stable": bool(key),
        "kept": list(map(asdict, kept[:MOST_FIELDS])),
        "kept_total": len(kept),
        "changed_fields": list(map(asdict, others[:MOST_FIELDS])),
        "report": _report(treatments, len(employees), bool(key)),
    }


def _check_key(key: str) -> None:
    if key and len(key) < SHORTEST_KEY:
        raise HrisError(
            f"it has {len(key)} characters",
            option_name("key"),
            f"Whoever guesses it undoes the pseudonyms: use at least {SHORTEST_KEY} characters, "
            "such as openssl rand -hex 16 gives",
        )


def _derived(key: str) -> bytes:
    """The key of the pseudonyms: derived slowly from the option, or random without it."""
    if not key:
        return secrets.token_bytes(32)
    return hashlib.pbkdf2_hmac(
        "sha256", key.encode("utf-8", "surrogatepass"), b"hris.ad record 1", STRETCH
    )


def _differs(path: str, text: str) -> bool:
    """Whether the file does not have this content yet, or others may read it."""
    check_replaceable(path)
    if not os.path.exists(path):
        return True
    with open_to_read(path) as file:
        return bool(os.fstat(file.fileno()).st_mode & 0o077) or file.read() != text.encode()


def _doubts(treatments: Sequence[FieldTreatment], records: int) -> Iterator[str]:
    """Yield what a person should look at before the file is passed on."""
    for field in treatments:
        if field.treatment == DATE and _BIRTH.search(field.path):
            yield (
                f"{field.path} stays as it is, because it is a date. "
                f"Name it in {option_name('shift')}."
            )
        number = field.different_values
        if field.treatment == KEPT and records >= FEW_RECORDS and number > records / 2:
            yield (
                f"{field.path} is kept, and has {number} different values for {records}"
                " employees: it may identify people."
            )


def _report(treatments: Sequence[FieldTreatment], records: int, stable: bool) -> list[str]:
    """The same as text: what stays first."""
    report = [f"{records} employees are saved with pseudonyms."]
    if not stable:
        report = [
            f"{records} employees are saved with pseudonyms. Without a key the next run"
            " gives other pseudonyms."
        ]
    in_order = sorted(treatments, key=lambda field: field.treatment == CHANGED)
    for field in in_order[:MOST_FIELDS]:
        words = _WORDS.get(field.treatment, field.treatment)
        report.append(f"{field.path}: {words}, different values: {field.different_values}")
    if len(treatments) > MOST_FIELDS:
        report.append(f"and {len(treatments) - MOST_FIELDS} more fields")
    return report
