# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the employees come from that a module looks at (module_utils/sources/files.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  src:
    description:
      - A file with one employee a line (JSON Lines), as P(hris.ad.elmo_employee_info#module) and the other modules that read HR
        write it, or with a JSON array.
    type: path
  employees:
    description:
      - The employees, as the HR source gives them, instead of O(src). Large lists are slow to hand on. For more than a few hundred use
        O(src).
    type: list
    elements: dict
"""
