# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The results of cases, as data of a module and as lines of text."""

from __future__ import annotations

from dataclasses import asdict

from ..data_class import field, frozen, mutable
from ..model.plan_json import Json


@frozen
class Problem:
    """An expectation that is not met. All fields are texts for people."""

    what: str  # the word of the case: attributes.title
    expected: str
    actual: str
    decided: str  # the rule that decided


@mutable
class CaseResult:
    """What became of one case."""

    name: str
    error: str | None = None  # what stopped the rules; None: a plan was made
    problems: list[Problem] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether the case holds."""
        return self.error is None and not self.problems


def result_to_json(result: CaseResult) -> Json:
    """The result as the module returns it."""
    return asdict(result)


def lines_of(result: CaseResult) -> list[str]:
    """The result for reading, its name first."""
    if result.error is not None:
        return [f"ERROR {result.name}", f"  {result.error}"]
    if result.passed:
        return [f"ok {result.name}"]
    lines = [f"FAILED {result.name}"]
    for problem in result.problems:
        lines += [
            f"  {problem.what}: expected {problem.expected}",
            f"    got {problem.actual}",
            f"    decided by {problem.decided}",
        ]
    return lines
