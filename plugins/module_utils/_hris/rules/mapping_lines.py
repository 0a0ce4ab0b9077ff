# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lines of the mapping, compiled: one attribute each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from ..data_class import frozen
from .expressions import Expression


@frozen
class ExpressionLine:
    """A line whose values come from an expression over the record."""

    name: str  # the attribute
    place: str  # the line, for messages
    source: Expression
    table: dict[str, tuple[str, ...]] | None = None  # {value of HR: values of AD}
    empty: str = "keep"  # without a value: keep, clear or fail
    unmapped: str = "report"  # a value that the table does not have: report, fail or pass
    apply: str = "always"  # always, on_create or report
    merge: bool = False  # the other values of the account stay
    domains: frozenset[str] = frozenset()  # only addresses of these, in lower case, are removed

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that reads the record."""
        return (self.source,)


@frozen
class ConstantLine:
    """A line whose values are the same for everybody."""

    name: str
    place: str
    values: list[str]
    apply: str = "always"
    merge: bool = False
    domains: frozenset[str] = frozenset()

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that reads the record: nothing."""
        return ()


@frozen
class ReferenceLine:
    """A line whose value is the account of another person, such as the manager."""

    name: str
    place: str
    source: Expression  # what the record says about the other person
    other: Expression  # the field of the other person's record that has this value
    account: str | None = None  # the attribute by which an account is found without a person
    empty: str = "keep"
    leaver: str = "keep"  # when the other person left: keep, report, next or clear
    apply: str = "always"
    merge: bool = False
    # what the record of a leaver says about who is written instead
    successor: Expression | None = None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that reads a record."""
        found: tuple[Expression, ...] = (self.source, self.other)
        return found if self.successor is None else (*found, self.successor)

    @property
    def replaces_leavers(self) -> bool:
        """Whether something else is written instead of somebody who has left."""
        return self.leaver in ("next", "clear") or self.successor is not None


ValueLine: TypeAlias = "ExpressionLine | ConstantLine"
MappingLine: TypeAlias = "ExpressionLine | ConstantLine | ReferenceLine"


def merging(lines: Iterable[MappingLine]) -> dict[str, frozenset[str]]:
    """The attributes of which other values of the account stay, each with the mail domains of those
    that do not.
    """
    found = {}
    for line in lines:
        domains = frozenset() if isinstance(line, ReferenceLine) else line.domains
        if line.merge or domains:
            found[line.name] = domains
    return found
