# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journals that runs have left: model/journal.py has their format."""

from __future__ import annotations

from ..model.journal import NAME_IT, NO_JOURNAL, Application, application_of
from ..planning.plan_checks import check_content
from ..user_files import open_trusted


def read_journal(path: str, key: str | None) -> Application:
    """What a journal tells. key: the secret that it was signed with. Raises HrisError that names
    the file and line.
    """
    with open_trusted(path) as file:
        application = application_of(file, path, key)
    check_content(application.plan, NO_JOURNAL, f"{path}, line 1", NAME_IT)
    return application
