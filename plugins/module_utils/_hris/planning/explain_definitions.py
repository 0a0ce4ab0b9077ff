# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the named expressions give for one person."""

from __future__ import annotations

from ..data_class import mutable
from ..errors import HrisError
from ..model.records import Record
from ..rules.ruleset import Ruleset
from .summary import HIDDEN


@mutable
class ExplainedDefinition:
    """One named expression."""

    definition: str  # its name
    expression: str
    value: object  # plain JSON
    why: str | None = None  # an error of the expression


def explained_definitions(record: Record, rules: Ruleset) -> list[ExplainedDefinition]:
    """Their values. One that reads a field of an attribute whose values are hidden is hidden."""
    hidden = {
        path
        for line in (*rules.mapping, *rules.leaver_mapping)
        if line.name.casefold() in rules.redact
        for expression in line.expressions
        for path in expression.paths
    }
    found = []
    for name, expression in rules.definitions.items():
        entry = ExplainedDefinition(name, expression.source, None)
        try:
            entry.value = expression.evaluate(record)
        except HrisError as error:
            entry.why = str(error)
        if entry.value is not None and not hidden.isdisjoint(expression.paths):
            entry.value = HIDDEN
        found.append(entry)
    return found
