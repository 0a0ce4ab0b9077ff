# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The libraries of the expression language (module_utils/_hris/rules)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - jmespath >= 1.0
  - anyascii >= 0.3.2 (only for expressions with ascii())
  - regex >= 2023.12.25 (only for expressions with match(), matches() or replace_re())
  - phonenumbers >= 8.13 (only for expressions with phone() or is_phone())
options: {}
"""
