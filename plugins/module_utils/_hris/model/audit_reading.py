# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one reader of the audit log (model/audit.py)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..errors import HrisError
from ..seals import seal_at_end
from .audit import WHAT, seals_of
from .plan_json import Json


class AuditEntry(NamedTuple):
    """One line, or what is wrong with it."""

    number: int  # of the line in the file, from 1
    line: Json | None  # None: it cannot be believed
    problem: str = ""  # why
    seal: str = ""


def entries_of(lines: Iterable[bytes], key: str | None) -> Iterator[AuditEntry]:
    """Yield the lines. key: the secret that they were signed with.

    After a line that is wrong, the following ones are compared with the seal that it has, so that
    each change of the file is told once.
    """
    seals = seals_of(key)
    for number, text in enumerate(lines, 1):
        seal = seal_at_end(text)
        problem = ""
        try:
            seals.check(text, WHAT, "")
        except HrisError as error:
            problem = error.message
            if not seal and not text.rstrip().endswith(b"}"):
                problem = "the line has no end: its run was killed while it was written"
        line = _object(text)
        if line is None and not problem:
            problem = "the line is not an object of JSON"
        if problem and seal:
            seals = seals_of(key, seal)
        yield AuditEntry(number, None if problem else line, problem, seal)


def _object(text: bytes) -> Json | None:
    try:
        line = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return line if isinstance(line, dict) else None
