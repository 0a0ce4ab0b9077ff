# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON and JSON Lines files that we wrote ourselves: plans, journals, reports, ledgers."""

from __future__ import annotations

import json

from .errors import HrisError


def read_json(path: str):
    """The JSON of a file. Raises HrisError naming it."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error
    except ValueError as error:
        raise HrisError(f"this is no JSON: {error}", path) from error


def read_lines(path: str, torn: bool = False) -> list[dict]:
    """The objects of a file of JSON Lines. torn: the last line may be cut off, as a run that was
    killed leaves it.
    """
    found = []
    try:
        with open(path, encoding="utf-8", newline="\n", errors="replace") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    entry = json.loads(line)
                except ValueError as error:
                    if torn and not line.endswith("\n"):
                        break
                    raise HrisError(
                        f"this is no JSON: {error}", f"{path}, line {number}"
                    ) from error
                if not isinstance(entry, dict):
                    raise HrisError("this is no JSON object", f"{path}, line {number}")
                found.append(entry)
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", path) from error
    return found
