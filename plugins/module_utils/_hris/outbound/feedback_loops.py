# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Feedback loops: a value that is written back to HR must not return as a change.

When an attribute is mapped from the same HR field that the attribute is written back to, both
sides overwrite each other for ever, or nobody knows which side owns the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import HrisError
from ..rules.expressions import Expression
from ..rules.mapping import compile_mapping

Path = tuple[str, ...]  # the names that lead to a value in a record


def check_loops(
    mapping: Mapping[str, Any] | None,
    written: Mapping[str, Expression],
    paths: Mapping[str, Path] | None = None,
) -> list[str]:
    """Raise HrisError when an attribute is mapped from a field that it is written back to.

    mapping: the rules' mapping. written: the expression that each HR field is written from, by
    the field's path with dots. paths: the paths of fields that the mapping knows by another one.
    Attributes with apply on_create or report make no loop, because HR's value is not written
    again. Returns warnings about loops over several attributes.
    """
    warnings = []
    for attribute in compile_mapping(dict(mapping or {}), "inbound_mapping"):
        if attribute.apply != "always":
            continue
        read = {path for expression in attribute.expressions for path in expression.paths}
        for field, expression in written.items():
            field_path = (paths or {}).get(field) or tuple(field.split("."))
            if any(_overlap(field_path, path) for path in read):
                warnings.append(_warning(attribute.name, field, expression))
    return warnings


def _warning(attribute: str, field: str, expression: Expression) -> str:
    """The warning about a field that is mapped into the attribute. Raises HrisError for a loop."""
    sources = sorted({path[0] for path in expression.paths})
    if attribute.casefold() in map(str.casefold, sources):
        raise HrisError(
            f"{attribute} is mapped from {field} and written back to {field}",
            expression.place,
            "Only one side can own the value: remove one of the two, "
            f"or give the mapping of {attribute} apply on_create",
        )
    return (
        f"{field} is written back from {', '.join(sources) or 'a constant'} and mapped into "
        f"{attribute}: the next run changes {attribute} once."
    )


def _overlap(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same value, or one into the other.

    As job_title and job_title.display.
    """
    length = min(len(one), len(other))
    return one[:length] == other[:length]
