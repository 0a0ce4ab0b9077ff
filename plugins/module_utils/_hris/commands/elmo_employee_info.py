# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module elmo_employee_info: all employees of ELMO."""

from __future__ import annotations

from ..progress import telling
from ..sources import files
from ..sources.elmo import source


def run(params: dict, _check_mode: bool, warn) -> dict:
    """The work of module hris.ad.elmo_employee_info, whose RETURN describes the result."""
    with telling(params["progress_file"], warn) as tell:
        return files.deliver(source.fetch(params, warn, tell=tell), params["dest"])
