# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journals that runs have left: model/journal.py has their format."""

from __future__ import annotations

import io

from ..model.journal import Application, application_of
from ..user_files import open_trusted


def read_journal(path: str) -> Application:
    """What a journal tells. Raises HrisError that names the file and line."""
    with open_trusted(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="\n", errors="replace")
        return application_of(text, path)
