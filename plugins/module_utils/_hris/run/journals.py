# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journals that runs have left: model/journal.py has their format."""

from __future__ import annotations

from ..errors import HrisError
from ..model.journal import Application, application_of


def read_journal(path: str) -> Application:
    """What a journal tells. Raises HrisError that names the file and line."""
    try:
        with open(path, encoding="utf-8", newline="\n", errors="replace") as file:
            return application_of(file, path)
    except OSError as error:
        raise HrisError(f"the journal cannot be read: {error.strerror}", path) from None
