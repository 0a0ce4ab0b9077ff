# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run for some people only: all is planned as ever, and the plan has only their changes.

Names, references and the limits of the feed are those of all people, so that such a run decides
nothing that the next full run would decide otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from ..data_class import field, frozen
from ..errors import HrisError
from ..model import actions
from ..model.findings import WARNING, Finding, MentioningFinding
from ..model.people import Person
from ..model.plan import Change
from ..option_names import option_name
from .correlation import Correlation
from .dependencies import containers_of, independent_of

# Findings without a key that are about the whole run; those about records are for the full run
_OF_THE_RUN = ("left_out", "no_recycle_bin", "new_value")
_FULL_RUN = "The next run for everybody makes it."
_Id = tuple["str | None", str]  # (source, key in lower case)


@frozen
class Selection:
    """Who a run is for."""

    people: Collection[_Id]  # with all keys of each of them
    names: Sequence[str]  # source:key of each person, and what nobody has, as a plan has them
    unknown: Sequence[str]  # entries that nobody has

    def has(self, source: str | None, key: str | None) -> bool:
        """Whether the person, or the account, with this key of a source is selected."""
        return key is not None and (source, key.casefold()) in self.people


class Selected(NamedTuple):
    """The changes that a selection makes, and what is said about the rest."""

    changes: list[Change]
    findings: list[Finding]


@frozen
class _Entries:
    """The entries of the option, in lower case."""

    given: dict[str, str]  # {in lower case: as it was given}
    found: set[str] = field(default_factory=set)

    def match(self, source: str, key: str) -> bool:
        """Whether one of them is about this key of a source: ``key``, or ``source:key``."""
        folded = key.casefold()
        names = [name for name in (folded, f"{source.casefold()}:{folded}") if name in self.given]
        self.found.update(names)
        return bool(names)


def check_only(only: Sequence[str] | None, shard: object) -> list[str] | None:
    """The entries of the option, each once; None: the run is for everybody. Raises HrisError."""
    if only is None:
        return None
    if shard:
        option, shard_option = option_name("only"), option_name("shard")
        hint = f"A run for some people is small: leave {shard_option} out"
        message = f"{option} and {shard_option} cannot be used together"
        raise HrisError(message, option, hint)
    entries = list(dict.fromkeys(entry.strip() for entry in only))
    if not all(entries):
        hint = "Give the keys, such as [E1001]. For everybody leave the option out"
        raise HrisError("one of the keys is empty", option_name("only"), hint)
    return entries


def selection_of(
    only: Sequence[str],
    sources: Iterable[tuple[str, Sequence[Person], Correlation]],
    findings: Iterable[Finding],
) -> Selection:
    """Who is meant by the entries of the option. sources: (name, people, accounts) of each.

    An entry is a key, which stands for everybody who has it in any source, or ``source:key``. A
    person is selected by each of their keys, an account that no employee has by its own.
    """
    entries = _Entries({entry.casefold(): entry for entry in only})
    ids: set[_Id] = set()
    names: dict[str, None] = {}
    for source, people, correlation in sources:
        for person in people:
            # Not any(): each entry that names the person is found
            if sum(entries.match(one.source, one.key) for one in person.ids):
                ids.update((one.source, one.key.casefold()) for one in person.ids)
                names[f"{person.source}:{person.key}"] = None
        for key in correlation.keys.values():
            if key and entries.match(source, key):
                ids.add((source, key.casefold()))
                names[f"{source}:{key}"] = None
    for finding in findings:  # such as a record that cannot be read, or a protected account
        if finding.key and finding.source and entries.match(finding.source, finding.key):
            ids.add((finding.source, finding.key.casefold()))
    unknown = [text for folded, text in entries.given.items() if folded not in entries.found]
    return Selection(frozenset(ids), sorted({*names, *unknown}), unknown)


def select(
    changes: Sequence[Change], selection: Selection, left_out: Collection[str] = ()
) -> Selected:
    """The changes of the people of a selection, with the OUs that they need.

    left_out: sources whose people are not known.
    """
    mine: list[Change] = []
    others: list[Change] = []
    for change in changes:
        if selection.has(change.source, change.key):
            mine.append(change)
        elif change.action != actions.CREATE_OU:
            others.append(change)
    # Nobody moves the others meanwhile: where they are now is right
    kept = independent_of(mine, others, lambda change: change.dn).changes
    findings = [*_waiting(mine, kept), *_left_open(others), *_unknown(selection, left_out)]
    return Selected([*containers_of(changes, kept), *kept], findings)


def findings_for(findings: Iterable[Finding], selection: Selection) -> list[Finding]:
    """The findings about the people of a selection, and those about the whole run."""
    return [one for one in findings if one.kind in _OF_THE_RUN or _is_about(one, selection)]


def _is_about(finding: Finding, selection: Selection) -> bool:
    if selection.has(finding.source, finding.key):
        return True
    mentions = finding.mentions() if isinstance(finding, MentioningFinding) else ()
    return any(selection.has(one.source, one.key) for one in mentions)


def _waiting(before: Iterable[Change], after: Iterable[Change]) -> Iterator[Finding]:
    """A finding for each person of whom something needs a change of somebody else."""
    kept = {_identity(change): change.attributes.keys() for change in after}
    waiting: dict[tuple[str | None, str | None], dict[str, None]] = {}
    for change in before:
        names = [name for name in change.attributes if name not in kept.get(_identity(change), ())]
        if _identity(change) not in kept and not names:
            names = [change.action]
        if names:
            waiting.setdefault((change.source, change.key), {}).update(dict.fromkeys(names))
    option = option_name("only")
    for (source, key), parts in waiting.items():
        message = (
            f"{', '.join(parts)} cannot be written yet: it needs a change of somebody whom this "
            f"run leaves alone ({option}). {_FULL_RUN}"
        )
        yield Finding(
            "waiting", message, key=key, place=option_name("only"), severity=WARNING, source=source
        )


def _identity(change: Change) -> tuple[str | None, ...]:
    return change.action, change.source, change.key, change.guid, change.dn, change.to, change.group


def _left_open(others: Iterable[Change]) -> Iterator[Finding]:
    """A finding about the accounts that would be locked, if the run were for everybody."""
    count = len({change.guid for change in others if change.action == actions.DISABLE})
    if count:
        option = option_name("only")
        accounts = "another account is" if count == 1 else f"{count:,} other accounts are"
        message = (
            f"{accounts} to be disabled, and this run leaves them alone ({option}). Until the next "
            "run for everybody they stay enabled."
        )
        yield Finding("not_selected", message, place=option, severity=WARNING)


def _unknown(selection: Selection, left_out: Collection[str]) -> Iterator[Finding]:
    for entry in selection.unknown:
        message = (
            f"no record has the key '{entry}', and no account of the sources either. Nothing was "
            "done for it: correct the key, or look for the record in HR."
        )
        if left_out:
            message += f" It may be of {', '.join(left_out)}: this run is without that."
        yield Finding("unknown_key", message, key=entry, place=option_name("only"))
