# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of reports: the plan and the outcomes that are read, and the texts that are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from ..errors import HrisError
from ..json_files import read_lines
from ..model.outcomes import AccountOutcome
from ..model.plan import Plan
from ..model.records import Record
from ..planning import plan_file
from ..private_file import write_private

ENDINGS = {"html": ".html", "markdown": ".md", "csv": ".csv", "json": ".json"}
_OUTCOME_FIELDS = [field.name for field in fields(AccountOutcome)]


def write_texts(dest: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Write texts, and return {format: path}. texts: {format: text}.

    One text is written to dest itself; several get the endings of their formats.
    """
    paths = {name: dest + ENDINGS[name] for name in texts}
    if len(texts) == 1:
        paths = dict.fromkeys(texts, dest)
    for name, text in texts.items():
        write_private(paths[name], [text])
    return paths


def read_plan(path: str, key: str | None) -> Plan:
    """The plan of a file, if nobody changed it: people trust what a report shows.

    key: the secret that the plan was signed with. A plan that has expired is read as well. Raises
    HrisError, which quotes nothing of the plan.
    """
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from None
    except UnicodeDecodeError as error:
        raise HrisError(f"the file is not UTF-8 text (byte {error.start})", path) from None
    return plan_file.read_plan(text, path, key)


def read_outcomes(path: str) -> list[AccountOutcome]:
    """The account outcomes of a file that sync has written to outcome_dest. Raises HrisError."""
    return [
        _outcome(line, f"{path}, line {number}")
        for number, line in enumerate(read_lines(path), start=1)
    ]


def _outcome(line: Record, place: str) -> AccountOutcome:
    try:
        return AccountOutcome(**{name: line[name] for name in _OUTCOME_FIELDS})
    except KeyError as error:
        raise HrisError(
            f"the account outcome has no field {error}",
            place,
            "Name a file that hris.ad.sync has written to outcome_dest",
        ) from None
