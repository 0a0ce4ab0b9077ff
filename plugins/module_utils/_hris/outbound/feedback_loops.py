# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop guard: a value that is written back must not come round as a change.

An attribute that HR gives and the same HR field that the attribute gives would push each other for ever, or hide who owns the value.
"""

from __future__ import annotations

from ..errors import HrisError
from ..rules.expressions import Expression
from ..rules.mapping import compile_mapping


def check_loops(
    mapping: dict | None, written: dict[str, Expression], names: dict[str, tuple] | None = None
) -> list[str]:
    """Raise HrisError when a field is read into the attribute that it is written from. Returns warnings about longer ways round.

    mapping: the rules' mapping, or None. written: {HR field, a.path with dots: the expression that it is written from}.
    names: HR fields that the mapping knows under another path, as {field: path}.
    A line with apply on_create or report is no loop: HR's value is not written again.
    """
    warnings = []
    for line in compile_mapping(mapping or {}, "inbound_mapping"):
        if line.apply != "always":
            continue
        read = {path for expression in line.expressions for path in expression.paths}
        for field, expression in written.items():
            path = (names or {}).get(field) or tuple(field.split("."))
            if not any(_meet(path, other) for other in read):
                continue
            if any(used[0].casefold() == line.name.casefold() for used in expression.paths):
                raise HrisError(
                    f"{line.name} is mapped from {field} and written back to {field}",
                    expression.place,
                    f"Let one side own the value: leave one of the two out, or give the mapping of {line.name} apply on_create",
                )
            sources = ", ".join(sorted({used[0] for used in expression.paths})) or "a constant"
            warnings.append(
                f"{field} is written back from {sources} and mapped into {line.name}: "
                f"the next run will change {line.name} once."
            )
    return warnings


def _meet(one: tuple, other: tuple) -> bool:
    """Whether two paths lead to the same value, or one into the other (job_title and job_title.display)."""
    least = min(len(one), len(other))
    return one[:least] == other[:least]
