# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scalars of JSON as text, as addresses, headers, forms and templates contain them."""

from __future__ import annotations


def scalar_text(value: object) -> str | None:
    """true and false, numbers as decimals (7.0 as 7), texts as they are.

    None for null, objects and lists. The text of an attribute in Active Directory differs, see
    rules/values.py.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (int, float)):
        return str(value)
    return None
