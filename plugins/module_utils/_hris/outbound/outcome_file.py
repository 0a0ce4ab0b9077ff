# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Outcome files: the accounts of a run, one a line, as the module sync writes them.

With a key, each line has its seal, and one more line says that the file is whole: a file that lacks
some accounts is refused as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from typing import Any

from ..data_class import mutable
from ..errors import HrisError
from ..json_files import iterate_lines, read_lines
from ..model.outcomes import AccountOutcome
from ..model.records import Record
from ..model.shapes import check_field
from ..private_file import write_private
from ..seals import LineSeals

WHAT = "the outcome file"
_END = "complete"  # the field of the last line of a signed file


@mutable
class OutcomeLine(AccountOutcome):
    """A line of an outcome file, or of a file of due accounts that step_accounts has written."""

    check_mode: bool  # whether a run in check mode predicted it
    occurrences: list[str]  # by what a step is due for the account (steps.py)


@mutable
class _Accepted(OutcomeLine):
    """What a line may have: one value of an attribute may stand there without its list."""

    attributes: dict[str, Any]
    before: dict[str, Any]


# What a line stands for that does not have it
_DEFAULTS: Record = {
    **{field.name: None for field in fields(OutcomeLine)},
    "type": "user",
    "check_mode": False,
    **{name: [] for name in ("events", "groups_added", "groups_removed", "occurrences")},
    **{name: {} for name in ("attributes", "before", "employee", "manager_account")},
}


def parse(line: Record, place: str) -> OutcomeLine:
    """The account of a line; what the line does not have gets the value for nothing. place: the
    file and line. Raises HrisError for a value of another type.
    """
    known = {name: line[name] for name in _DEFAULTS if line.get(name) is not None}
    for name, value in known.items():
        check_field(_Accepted, name, value, place)
    return OutcomeLine(**(_DEFAULTS | known))


def read(path: str, accept_check_mode: bool, key: str | None) -> list[OutcomeLine]:
    """The accounts of an outcome file, as of iterate()."""
    return list(iterate(path, accept_check_mode, key))


def iterate(path: str, accept_check_mode: bool, key: str | None) -> Iterator[OutcomeLine]:
    """Yield the accounts of an outcome file. Raises HrisError that names the file and line.

    accept_check_mode: whether the file may come from a run in check mode. Nothing is sent and
    nothing is recorded about changes that have not happened. key: the secret that the file was
    signed with.
    """
    for number, line in enumerate(_lines(path, key), start=1):
        account = parse(line, f"{path}, line {number}")
        if not account.key and not account.guid:
            raise HrisError(
                "the object has neither key nor guid",
                f"{path}, line {number}",
                "Give a file that the module sync has written to outcome_dest",
            )
        if account.check_mode and not accept_check_mode:
            raise HrisError(
                "this is the outcome of a run in check mode, so none of it has happened",
                path,
                "Run sync without check mode first",
            )
        yield account


def _lines(path: str, key: str | None) -> Iterator[Record]:
    """Yield the lines of accounts; with a key, only when the whole file is what was written."""
    check = _seals(key).checker(WHAT, path)
    if not key:
        yield from iterate_lines(path, trusted=True, check=check)
        return
    lines = read_lines(path, trusted=True, check=check)
    if not lines or set(lines[-1]) != {_END, "seal"}:
        hint = "Run sync again, or take the file that it wrote"
        raise HrisError("the outcome file is signed, but its end is missing", path, hint)
    yield from lines[:-1]


def write(path: str, accounts: Iterable[OutcomeLine], key: str | None) -> None:
    """Write accounts as a file of mode 0600. key: with it, the file is signed. Raises HrisError."""
    write_lines(path, map(asdict, accounts), key)


def write_lines(path: str, lines: Iterable[Record], key: str | None) -> None:
    """The same for accounts as plain data."""
    write_private(path, _texts(lines, _seals(key), bool(key)))


def _texts(lines: Iterable[Record], seals: LineSeals, has_end: bool) -> Iterator[str]:
    for line in lines:
        yield seals.sealed(json.dumps(line, separators=(",", ":")) + "\n")
    if has_end:
        yield seals.sealed(json.dumps({_END: True}) + "\n")


def _seals(key: str | None) -> LineSeals:
    return LineSeals("hris.ad outcome 1", key)
