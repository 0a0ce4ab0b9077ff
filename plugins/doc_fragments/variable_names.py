# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of options in messages (module_utils/_hris/variable_names.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  variable_prefix:
    description:
      - What the names of the variables begin with that the options are taken from, such as
        V(elmo_). Messages then name these variables in place of the options.
      - The roles of this collection set it.
    type: str
"""
