# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The changes of a plan that the account of the run may not make: they are said before the first
write. The server decides in the end, so they are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence

from ..ad_values import rights
from ..ad_values.dn import normal, parent
from ..ad_values.rights import Permissions
from ..data_class import field, frozen, mutable
from ..model import actions
from ..model.findings import WARNING, Finding
from ..model.plan import Change, Denied, Plan
from .causes import NAMED
from .labels import who
from .needed_rights import Need, needs_of, on_accounts

NOT_PERMITTED, UNKNOWN_RIGHTS = "not_permitted", "unknown_rights"  # kinds of findings
ADVICE = "The playbook hris.ad.doctor prints the line that delegates it."
# Given changes: the permissions of the objects that they are about
ReadPermissions = Callable[[Sequence[Change]], Permissions]


@frozen
class _Judgement:
    """What is missing for a change: the same for all changes of its kind at its place."""

    lacking: Sequence[tuple[str, str, bool]]  # (place, words of the right, whether it is denied)
    unknown: Sequence[str]  # places whose permissions cannot be read


@mutable
class _Lack:
    """What is missing at one place for changes of one action."""

    changes: list[Change] = field(default_factory=list)
    # The words of the rights, each once, in their order
    lacking: dict[str, None] = field(default_factory=dict)
    is_denied: bool = False  # an entry that denies takes one of them away


def judge_rights(plan: Plan, changes: Sequence[Change], read_permissions: ReadPermissions) -> None:
    """Add to a plan which of these changes the account of the run may not make. What another run
    has said of it is replaced.
    """
    kinds = (NOT_PERMITTED, UNKNOWN_RIGHTS)
    plan.findings = [one for one in plan.findings if one.kind not in kinds]
    plan.denied = None
    if not changes:
        return
    permissions = read_permissions(changes)
    lacks: dict[tuple[str | None, str, str], _Lack] = {}
    unknown: dict[str, None] = {}
    for change, judgement in _judgements(changes, permissions):
        unknown.update(dict.fromkeys(judgement.unknown))
        for place, words, is_denied in judgement.lacking:
            lack = lacks.setdefault((change.source, change.action, place), _Lack())
            if not lack.changes or lack.changes[-1] is not change:
                lack.changes.append(change)
            lack.lacking.setdefault(words)
            lack.is_denied |= is_denied
    plan.denied = [
        Denied(action, place, len(lack.changes)) for (_source, action, place), lack in lacks.items()
    ] or None
    plan.findings += [
        _finding(source, action, place, lack, plan.sources)
        for (source, action, place), lack in lacks.items()
    ]
    plan.findings += [_unknown(place) for place in unknown]


def _judgements(
    changes: Sequence[Change], permissions: Permissions
) -> Iterator[tuple[Change, _Judgement]]:
    """Yield what is missing for each change; those for which nothing is are passed over.

    A first load has a hundred thousand changes of a few kinds: each kind is judged once.
    """
    created = {normal(one.dn) for one in changes if one.action == actions.CREATE}
    names = [name for name, one in permissions.definitions.items() if one.syntax == "dn"]
    known: dict[Hashable, _Judgement] = {}
    for change in changes:
        later = _later(change, names, created) if change.action == actions.CREATE else ()
        kind = (
            change.action,
            parent(change.dn),
            parent(change.to or ""),
            change.group,
            tuple(change.attributes),
            change.random_password,
            later,
            change.guid if change.guid in permissions.descriptors else None,
        )
        if kind not in known:
            needs = [on_accounts(rights.write(name), parent(change.dn)) for name in later]
            known[kind] = _judge([*needs_of(change), *needs], permissions)
        if known[kind].lacking or known[kind].unknown:
            yield change, known[kind]


def _judge(needs: Iterable[Need], permissions: Permissions) -> _Judgement:
    lacking, unknown = [], []
    for need in needs:
        verdicts = [permissions.verdict(grant) for grant in need.any_of]
        if any(verdict and verdict.allowed for verdict in verdicts):
            continue
        if None in verdicts:
            unknown.append(need.grant.place)
            continue
        is_denied = any(verdict and verdict.denied_by for verdict in verdicts)
        lacking.append((need.grant.place, rights.words(need.grant.right), is_denied))
    return _Judgement(lacking, unknown)


def _later(change: Change, names: Iterable[str], created: Container[str]) -> tuple[str, ...]:
    """The attributes of a new account that are written when it exists: those that name another new
    one. names: attributes with DNs, in lower case.
    """
    given = {name.lower(): name for name in change.attributes}
    return tuple(
        given[name]
        for name in names
        if name in given
        and any(normal(text) in created for text in change.attributes[given[name]].after)
    )


def joined(texts: Iterable[str]) -> str:
    """Words of rights in one sentence: what is written comes together."""
    written = [text.removeprefix("write ") for text in texts if text.startswith("write ")]
    others = [text for text in texts if not text.startswith("write ")]
    if written:
        others.append(f"write {', '.join(sorted(written, key=str.casefold))}")
    return " and to ".join(others)


def _finding(
    source: str | None, action: str, place: str, lack: _Lack, sources: Sequence[str]
) -> Finding:
    people = _people(lack.changes, sources)
    why = ", because an entry of the access list denies it" if lack.is_denied else ""
    message = (
        f"{len(lack.changes):,} {action}, which this account may not do in {place}{people}: it has "
        f"no right to {joined(lack.lacking)}{why}. {ADVICE}"
    )
    finding = Finding(NOT_PERMITTED, message, place=place, source=source)
    if len(lack.changes) == 1:
        finding.key, finding.name = lack.changes[0].key, lack.changes[0].name
    return finding


def _people(changes: Iterable[Change], sources: Sequence[str]) -> str:
    """Several people in brackets; "" for one, whom the finding itself names."""
    names = list(dict.fromkeys(who(one, sources) for one in changes if one.key))
    if len(names) < 2:
        return ""
    people = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    if more > 0:
        people += f" and {more:,} more"
    return f" ({people})"


def _unknown(place: str) -> Finding:
    message = (
        f"It is not known whether this account may make the changes in {place}: it may not read "
        "the permissions there. Give it the right to read them (RC)."
    )
    return Finding(UNKNOWN_RIGHTS, message, place=place, severity=WARNING)


def denied_words(plan: Plan, action: str) -> str:
    """What a sentence about a plan says after the number of an action: ``, which this account may
    not do in OU=…``; "" where it may make all of them.
    """
    denied = [one for one in plan.denied or () if one.action == action]
    if not denied:
        return ""
    places = list(dict.fromkeys(one.place for one in denied))
    where = places[0]
    if len(places) > 1:
        where += f" and {len(places) - 1} more places"
    if len(denied) == 1 and denied[0].changes == plan.counts.get(action):
        return f", which this account may not do in {where}"
    return f", some of which this account may not do in {where}"
