# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of people in messages: E1001 (Ann Lee).

The name is the attribute of the rule ``label``, where it is not one to redact. It is looked up only
for the people who have a change or a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace

from ..errors import HrisError
from ..model.directory import Account
from ..model.findings import Finding, Mention, MentioningFinding
from ..model.people import Person
from ..model.plan import Change
from ..rules.mapping import UnmappedError, wanted_values
from ..rules.mapping_lines import ExpressionLine
from ..rules.ruleset import Ruleset
from ..visible_text import bounded_message, visible

LONGEST = 60  # characters of a name in a message


def set_names(
    changes: Iterable[Change],
    findings: Iterable[Finding],
    people: Iterable[Person],
    absent: Iterable[Account],
    rules: Ruleset,
) -> None:
    """Set the name of the person in each change and finding of one source, where there is one.

    changes and findings: of all sources; people and absent: of this one.
    """
    changes = [change for change in changes if change.source == rules.source]
    mentioning = [finding for finding in findings if isinstance(finding, MentioningFinding)]
    findings = [finding for finding in findings if finding.source == rules.source]
    line = _label_line(rules)
    if line is None:
        return
    mentioned = {
        other.key for one in mentioning for other in one.mentions() if other.source == rules.source
    }
    keys = mentioned | {one.key for one in changes} | {one.key for one in findings}
    names: dict[str, str | None] = {
        person.key: _name_of(person, line) for person in people if person.key in keys
    }
    for account in absent:
        for key in account.attributes.get(rules.key, ()):
            for text in account.attributes.get(line.name, ())[:1]:
                names.setdefault(key, _one_line(text))
    for change in changes:
        change.name = names.get(change.key or "")
    for finding in findings:
        finding.name = names.get(finding.key or "")
    for finding in mentioning:
        _set_mentioned(finding, names, rules.source)


def own_findings(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with messages of their own to write names into. The people, whose findings they
    are, may be planned again.
    """
    return [replace(one) if isinstance(one, MentioningFinding) else one for one in findings]


def as_plain(finding: Finding) -> Finding:
    """The finding as a plan has it, after all names are set."""
    if isinstance(finding, MentioningFinding):
        return Finding(**{field.name: getattr(finding, field.name) for field in fields(Finding)})
    return finding


def _set_mentioned(
    finding: MentioningFinding, names: Mapping[str, str | None], source: str
) -> None:
    """Set the names of the people of a source in a message."""
    finding.parts = [
        part._replace(name=names.get(part.key))
        if isinstance(part, Mention) and part.source == source
        else part
        for part in finding.parts
    ]
    finding.message = bounded_message(
        "".join(
            labelled(part.key, part.name) if isinstance(part, Mention) else part
            for part in finding.parts
        )
    )


def namer(rules: Ruleset) -> Callable[[Person], str | None]:
    """The function from a person of a source to the name for messages."""
    line = _label_line(rules)
    return lambda person: _name_of(person, line) if line else None


def _label_line(rules: Ruleset) -> ExpressionLine | None:
    if rules.label is None:
        return None
    for line in rules.mapping:
        if line.name.casefold() == rules.label.casefold() and isinstance(line, ExpressionLine):
            return line
    return None


def _name_of(person: Person, line: ExpressionLine) -> str | None:
    try:
        values = wanted_values(line, person.record)
    except (HrisError, UnmappedError):
        return None
    if not values:
        return None
    return _one_line(values[0])


def _one_line(text: str) -> str:
    """A name of a length that a message can have."""
    name = " ".join(visible(text[: LONGEST + 1]).split())
    if len(name) > LONGEST:
        return f"{name[:LONGEST]}…"
    return name


def who(one: Change | Finding, sources: Sequence[str]) -> str:
    """The person of a change or finding in a message; of several sources, with the source."""
    return from_source(labelled(one.key, one.name), one.source, sources)


def from_source(person: str, source: str | None, sources: Sequence[str]) -> str:
    """A person in a message. sources: those of the run; where there are several, with the own."""
    return f"{source}: {person}" if len(sources) > 1 and source else person


def labelled(key: str | None, name: str | None) -> str:
    """A person in a message: the key, with the name where it is known."""
    if not key:
        return "-"
    return visible(f"{key} ({name})" if name else key)
