# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expectations of a case, compared with what the run did. Only what is named is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..ad_values.dn import normal, parent, split
from ..ad_values.equality import same_values
from ..errors import did_you_mean
from ..model import actions
from ..model.findings import ERROR, Finding
from ..model.people import HELD, STATES
from ..model.plan import Change, ValueChange
from ..planning.transitions import ABSENT, ABSENT_TOO_LONG
from ..rules.values import to_texts
from . import attribution
from .case_results import Problem
from .case_values import CaseError, CaseWords, located, names_in
from .cases import Expectation
from .given_accounts import find_group, spelled
from .person_outcome import CaseRun, PersonOutcome, account_with_key, outcome_of

ALL_STATES = (*STATES, ABSENT, ABSENT_TOO_LONG)
_ALL_GROUPS = (
    "all"  # the groups that are expected without one of the words given, taken, in, not_in
)


def problems_of(expectation: Expectation, run: CaseRun, place: str) -> list[Problem]:
    """What is not as expected. place: of the expectation, for messages.

    Raises CaseError for a state, an action, an attribute or a group that does not exist.
    """
    key = expectation.key
    if expectation.about_first:
        key = next(iter(run.keys), None)
    outcome = outcome_of(key, run)
    problems: list[Problem] = []
    for word, value in expectation.words.items():
        where = f"{place}.{word}"
        problems += located(_CHECKS[word], where, value, outcome, where)
    return problems


def _problem(what: str, expected: object, actual: object, decided: str) -> Problem:
    return Problem(what, _text(expected), _text(actual), decided)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value)) or "none"
    if value is None:
        return "none"
    return str(value)


def _state(value: object, outcome: PersonOutcome, place: str) -> list[Problem]:
    if value not in ALL_STATES:
        raise CaseError(f"unknown state '{value}'", place, did_you_mean(str(value), ALL_STATES))
    if outcome.state == value:
        return []
    return [_problem("state", value, outcome.state, attribution.of_state(outcome))]


def _actions(value: object, outcome: PersonOutcome, place: str) -> list[Problem]:
    expected = names_in(value, place)
    for action in expected:
        if action not in actions.CONFIGURABLE:
            hint = did_you_mean(action, actions.CONFIGURABLE)
            raise CaseError(f"unknown action '{action}'", place, hint)
    actual = list(dict.fromkeys(change.action for change in outcome.changes))
    if set(actual) == set(expected):
        return []
    return [_problem("actions", expected, actual, attribution.of_changes(outcome))]


def _nothing(value: bool, outcome: PersonOutcome, _place: str) -> list[Problem]:
    return _yes_or_no("nothing", value, not outcome.changes, outcome)


def _exists(value: bool, outcome: PersonOutcome, _place: str) -> list[Problem]:
    return _yes_or_no("exists", value, outcome.account is not None, outcome)


def _enabled(value: bool, outcome: PersonOutcome, _place: str) -> list[Problem]:
    return _yes_or_no("enabled", value, outcome.enabled, outcome)


def _yes_or_no(
    what: str, expected: bool, actual: bool | None, outcome: PersonOutcome
) -> list[Problem]:
    if actual is expected:
        return []
    return [_problem(what, expected, actual, attribution.of_changes(outcome))]


def _attributes(value: CaseWords, outcome: PersonOutcome, place: str) -> list[Problem]:
    problems = []
    for name, written in value.items():
        attribute = spelled(name, outcome.run.before, place)
        definition = outcome.run.before.schema[attribute.casefold()]
        expected, actual = to_texts(written), []
        if definition.syntax == "dn":
            expected = [_referenced(text, outcome, f"{place}.{name}") for text in expected]
        if outcome.account:
            actual = outcome.account.attributes.get(attribute, [])
        if not same_values(actual, expected, definition):
            decided = attribution.of_attribute(attribute, outcome)
            problems.append(_problem(f"attributes.{name}", expected, actual, decided))
    return problems


def _referenced(text: str, outcome: PersonOutcome, place: str) -> str:
    """The DN of an account that is written as its DN or as the key of its employee."""
    if "=" in text:
        return text
    account = account_with_key(outcome.run.after, text, outcome.run.rules)
    if account is None:
        hint = "Name the other person by key or DN, and give the case this person's record"
        raise CaseError(f"no account has the key '{text}'", place, hint)
    return account.dn


def _unchanged(value: object, outcome: PersonOutcome, place: str) -> list[Problem]:
    problems = []
    for name in names_in(value, place):
        attribute = spelled(name, outcome.run.before, place)
        for change in outcome.changes:
            values = _value_change(attribute, change)
            if values and values.before != values.after:
                decided = attribution.of_attribute(attribute, outcome)
                what = f"unchanged {name}"
                problems.append(_problem(what, values.before, values.after, decided))
    return problems


def _value_change(attribute: str, change: Change) -> ValueChange | None:
    if attribute == "cn" and change.to:
        return ValueChange([split(change.dn)[0]], [split(change.to)[0]])
    return change.attributes.get(attribute)


def _dn(value: object, outcome: PersonOutcome, place: str) -> list[Problem]:
    return _same_dn("dn", value, outcome.dn, outcome, place)


def _ou(value: object, outcome: PersonOutcome, place: str) -> list[Problem]:
    ou = outcome.dn and parent(outcome.dn)
    return _same_dn("ou", value, ou, outcome, place)


def _same_dn(
    what: str, value: object, actual: str | None, outcome: PersonOutcome, place: str
) -> list[Problem]:
    expected = located(normal, place, str(value))
    if actual is not None and expected == normal(actual):
        return []
    return [_problem(what, value, actual, attribution.of_place(outcome))]


def _groups(value: object, outcome: PersonOutcome, place: str) -> list[Problem]:
    """A list: all groups after the run. given and taken: all that the run gives or takes.

    in and not_in: some groups after the run.
    """
    by_word: Mapping[str, object] = {_ALL_GROUPS: value}
    if isinstance(value, dict):
        by_word = value
    problems = []
    for word, names in by_word.items():
        expected = _by_normal_dn(
            find_group(name, outcome.run.before, place) for name in names_in(names, place)
        )
        actual = _actual_groups(word, outcome)
        wrong = _wrong_groups(word, set(expected), set(actual))
        if wrong:
            what = "groups" if word == _ALL_GROUPS else f"groups.{word}"
            decided = attribution.of_groups(sorted(wrong), outcome)
            problems.append(_problem(what, _cns(expected), _cns(actual), decided))
    return problems


def _actual_groups(word: str, outcome: PersonOutcome) -> dict[str, str]:
    """The groups that a word is compared with, {normal DN: DN}."""
    action = {"given": actions.GROUP_ADD, "taken": actions.GROUP_REMOVE}.get(word)
    if action:
        changes = (change for change in outcome.changes if change.action == action)
        return _by_normal_dn(change.group or "" for change in changes)
    return _by_normal_dn(outcome.groups)


def _wrong_groups(word: str, expected: set[str], actual: set[str]) -> set[str]:
    if word == "in":
        return expected - actual
    if word == "not_in":
        return expected & actual
    return expected ^ actual


def _by_normal_dn(dns: Iterator[str] | Sequence[str]) -> dict[str, str]:
    return {normal(dn): dn for dn in dns}


def _cns(groups: Mapping[str, str]) -> list[str]:
    return [split(dn)[0] for dn in groups.values()]


def _findings(value: object, outcome: PersonOutcome, place: str) -> list[Problem]:
    """All findings about the person: kinds, or mappings with kind, place and message."""
    expected = _expected_findings(value, place)
    left = list(outcome.findings)
    is_missing = False
    for words in expected:
        match = next((finding for finding in left if _matches(finding, words)), None)
        if match:
            left.remove(match)
        else:
            is_missing = True
    if not left and not is_missing:
        return []
    texts = [" ".join(map(str, words.values())) for words in expected]
    kinds = [finding.kind for finding in outcome.findings]
    return [_problem("findings", texts, kinds, attribution.of_findings(outcome))]


def _expected_findings(value: object, place: str) -> list[CaseWords]:
    if isinstance(value, dict):
        return [value]
    if isinstance(value, str):
        return [{"kind": value}]
    if not value:
        return []
    if not isinstance(value, list):
        raise CaseError("findings are a list of kinds", place)
    expected = []
    for entry in value:
        expected += _expected_findings(entry, place)
    return expected


def _matches(finding: Finding, words: CaseWords) -> bool:
    if words.get("kind", finding.kind) != finding.kind:
        return False
    if words.get("place", finding.place) != finding.place:
        return False
    return str(words.get("message", "")) in finding.message


def _held(value: bool | str, outcome: PersonOutcome, _place: str) -> list[Problem]:
    """Whether something prevents changes for the person, or words of the reason."""
    reasons = [finding.message for finding in outcome.findings if finding.severity == ERROR]
    held = bool(reasons) or outcome.state == HELD
    if isinstance(value, str):
        is_met = any(value in reason for reason in reasons)
    else:
        is_met = held is value
    if is_met:
        return []
    return [_problem("held", value, reasons or held, attribution.of_changes(outcome))]


# {word: its check}; the types of the values were checked when the case was read
_CHECKS: Mapping[str, Callable[[Any, PersonOutcome, str], list[Problem]]] = {
    "state": _state,
    "nothing": _nothing,
    "actions": _actions,
    "attributes": _attributes,
    "unchanged": _unchanged,
    "exists": _exists,
    "enabled": _enabled,
    "dn": _dn,
    "ou": _ou,
    "groups": _groups,
    "findings": _findings,
    "held": _held,
}
