# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changes of an employee, as a diff."""

from __future__ import annotations

from ...sources.icehrm import record_format
from ..comparison import Difference
from ..redaction import HIDDEN, shown_value
from .fields import Field
from .writing import Differences


def diff(label: str, differences: Differences) -> dict[str, str]:
    """The diff as Ansible shows it. label: the employee."""
    before, after = "", ""
    for written, difference in differences.items():
        shown = _shown(written, difference)
        if shown.before is not None:
            before += f"{written.label}: {shown_value(shown.before)}\n"
        after += f"{written.label}: {shown_value(shown.after)}\n"
    return {"before_header": label, "after_header": label, "before": before, "after": after}


def _shown(field: Field, difference: Difference) -> Difference:
    """The difference without values that are sensitive."""
    if field.custom or field.name not in record_format.SENSITIVE:
        return difference
    return Difference(*(None if value is None else HIDDEN for value in difference))
