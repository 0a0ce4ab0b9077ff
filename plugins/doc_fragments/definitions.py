# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Named expressions in what follows a run (module_utils/_hris/outbound/definitions.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  definitions:
    description:
      - Named expressions, as in O(hris.ad.sync#module:sources[].definitions). Conditions and
        templates call them, such as C(is_new()) or C({known_as()}). They read the employee of an
        account.
    type: dict
    default: {}
"""
