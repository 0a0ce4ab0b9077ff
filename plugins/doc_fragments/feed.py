# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a module reads the employees from (module_utils/_hris/sources/files.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  src:
    description:
      - A file with one employee in each line (JSON Lines), or with a JSON array of employees.
      - M(hris.ad.elmo_employee_info) and the other modules that read HR write such files.
    type: path
  employees:
    description:
      - The employees as the HR system returns them, instead of O(src).
      - Ansible is slow with large lists. Use O(src) for more than a few hundred employees.
    type: list
    elements: dict
"""
