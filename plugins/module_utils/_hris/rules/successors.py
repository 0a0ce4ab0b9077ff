# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is written instead of somebody who has left: the successor that the record of the leaver
names, or the next person above.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from ..data_class import field, mutable
from ..errors import HrisError
from ..model.findings import INFO, WARNING, Finding, Mention, mentioning, separated
from ..model.people import LEAVER, AccountReference, Person, Reference
from .mapping import successor_value
from .mapping_lines import ReferenceLine

REPORTS = "reports"  # the kind of finding
MOST_REPORTS = 10  # keys in a message
UNCHANGED = "is left as it is"
_ENTER = "Enter the new one in HR."


@mutable
class Target:
    """Who is meant by a person's reference."""

    person: Person | None = None  # None for nobody
    account: AccountReference | None = None  # where no person has the value
    # The parts of a message: why nobody is meant, or why it is somebody else
    problem: Sequence[str | Mention] | None = None
    # The references of those who refer to this person and to nobody else: they share them, because
    # there are many
    alone: dict[str, Reference] | None = None


NOBODY = Target()
Targets = dict[int, Target]  # {id() of a person: who is meant}
# What finds the people who have a value, as seen by a person
Find = Callable[[str, Person], Sequence[Person]]


@mutable
class Successors:
    """Who gets the reports of leavers, by the rules of one line."""

    line: ReferenceLine
    targets: Targets
    find: Find
    reports: dict[int, list[Person]] = field(default_factory=lambda: defaultdict(list))
    leavers: dict[int, Person] = field(default_factory=dict)

    @property
    def keeps(self) -> bool:
        """Whether a leaver stays whatever happens."""
        return self.line.leaver == "keep" and self.line.successor is None

    def note(self, leaver: Person, report: Person) -> None:
        """Note that HR names a leaver for somebody who works here."""
        self.leavers[id(leaver)] = leaver
        self.reports[id(leaver)].append(report)

    def of(self, leaver: Person) -> Person | None:
        """The first person after a leaver who has not left; None where there is none, or the chain
        is a ring.
        """
        seen: set[int] = set()
        person: Person | None = leaver
        while person and id(person) not in seen:
            if person.state != LEAVER:
                return person
            seen.add(id(person))
            person = self._next(person)
        return None

    def _next(self, leaver: Person) -> Person | None:
        named = self._named(leaver)
        if named is None and self.line.leaver == "next":
            return self.targets.get(id(leaver), NOBODY).person
        return named

    def _named(self, leaver: Person) -> Person | None:
        """The successor that the record of a leaver names, where it is exactly one person."""
        try:
            value = successor_value(self.line, leaver.record)
        except HrisError:
            return None
        found = self.find(value, leaver) if value else ()
        return found[0] if len(found) == 1 and found[0] is not leaver else None

    def target(self, leaver: Person, report: Person | None = None) -> Target:
        """Who is written instead of a leaver, and what is reported.

        report: for whom. Where it is the successor, the next person above the leaver is written.
        """
        heir, name = self.of(leaver), self.line.name
        who = "the successor" if self._named(leaver) else "the next person above"
        if heir is not None and heir is report:
            above = self.targets.get(id(leaver), NOBODY).person
            heir, who = self.of(above) if above else None, "the next person above"
        if heir and heir is not report:
            end = f", {who}, is written to {name}. {_ENTER}"
            return Target(heir, problem=[_mention(leaver), " has left: ", _mention(heir), end])
        if self.line.leaver == "keep":
            return Target(leaver)
        result = "is cleared" if self.line.leaver == "clear" else UNCHANGED
        return Target(problem=[_mention(leaver), f" has left: {name} {result}. {_ENTER}"])

    def findings(self) -> list[Finding]:
        """A finding for each leaver whom HR still names for people who work here."""
        return [self._finding(self.leavers[one], people) for one, people in self.reports.items()]

    def _finding(self, leaver: Person, reports: Sequence[Person]) -> Finding:
        shown = reports[:MOST_REPORTS]
        more = f" and {len(reports) - len(shown)} more" if len(reports) > len(shown) else ""
        verb = "employee refers" if len(reports) == 1 else "employees refer"
        target = Target(leaver) if self.keeps else self.target(leaver)
        name, heir = self.line.name, target.person
        severity = WARNING
        what: list[str | Mention] = [f"{name} is written as HR has it"]
        if heir and heir is not leaver:
            severity, what = INFO, [f"{name} is written as ", _mention(heir)]
        elif not heir:
            what = [f"{name} {'is cleared' if self.line.leaver == 'clear' else UNCHANGED}"]
        parts = [
            f"{len(reports)} {verb} to this leaver: ",
            *separated(map(_mention, shown), ", "),
            f"{more}. ",
            *what,
            f". {_ENTER}",
        ]
        return mentioning(REPORTS, parts, leaver.key, self.line.place, severity)


def _mention(person: Person) -> Mention:
    return Mention(person.source, person.key)
