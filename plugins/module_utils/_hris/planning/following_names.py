# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of an account that follows the rules: what stays, what changes, what is only
reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..ad_values.dn import parent
from ..errors import shortened
from ..model.directory import Account
from ..model.findings import INFO, WARNING, Finding
from ..model.people import Person
from ..option_names import option_name
from ..rules.desired_state import DesiredState
from ..rules.mapping_lines import MappingLine
from ..rules.naming import Words
from .allocations import Allocations
from .context import Context
from .given_back import place_before
from .names import keeps_dn
from .names_of_person import PassedOver
from .renaming import common_names, outdated, settle_names, stale_names, stays
from .summary import HIDDEN
from .value_checks import refused_values

NO_NAMES: dict[str, str] = {}  # shared by all people whose names stay; never changed


class FollowedNames(NamedTuple):
    """What becomes of the names of an account."""

    names: Mapping[str, str]  # those that change
    dn: str  # at the end of the run
    findings: Sequence[Finding] = ()
    passed_over: Sequence[PassedOver] = ()


def follow_names(
    context: Context,
    allocations: Allocations,
    person: Person,
    account: Account,
    desired: DesiredState,
    may_allocate: bool,
) -> FollowedNames | None:
    """What becomes of the names of an account; None where a name or a place has to be found and
    may_allocate is not given.
    """
    naming = context.rules.naming
    if desired.ou_on_create:
        ou = place_before(context, person, account, allocations.containers) or parent(account.dn)
    else:
        ou = allocations.ou_for(desired, person.source)
    words = words_of(context, context.followed_lines, person, account, desired)
    if stays(naming, words, account, ou):
        return FollowedNames(NO_NAMES, account.dn)
    if not may_allocate:
        return None
    words = words_of(context, context.naming_lines, person, account, desired)
    mine = allocations.names_for(person, account)
    names, dn = settle_names(naming, words, account, ou, mine)
    refused = refused_values(context, person, {name: [text] for name, text in names.items()})
    if refused:
        names = {name: text for name, text in names.items() if name not in refused}
    findings = [*refused.values(), *former_names(context, person, mine.passed_over)]
    return FollowedNames(names or NO_NAMES, dn, findings, mine.passed_over)


def former_names(
    context: Context, person: Person, passed_over: Iterable[PassedOver]
) -> list[Finding]:
    """The finding about a candidate that somebody does not get although nobody has it."""
    first = next((one for one in passed_over if one.is_former), None)
    if first is None:
        return []
    is_hidden = first.attribute.casefold() in context.rules.redact
    shown = HIDDEN if is_hidden else shortened(first.value)
    message = f"{first.attribute} {shown} {first.why}. The next candidate is given."
    place = option_name(f"naming.attributes.{first.attribute}")
    return [Finding("former_name", message, key=person.key, place=place, severity=INFO)]


def release_names(
    context: Context,
    allocations: Allocations,
    person: Person,
    account: Account,
    desired: DesiredState,
) -> None:
    """Note the names that an account probably gives up in this run."""
    taken, containers = allocations.names, allocations.containers
    naming = context.rules.naming
    words = words_of(context, context.followed_lines, person, account, desired)
    for name in stale_names(naming, words, account):
        taken.release(account.dn, name, account.attributes.get(name, ()))
    ou = desired.ou
    if desired.ou_on_create:
        ou = place_before(context, person, account, containers) or parent(account.dn)
    if not keeps_dn(common_names(naming, words), account, ou):
        taken.release_dn(account.dn)


def outdated_names(
    context: Context, person: Person, account: Account, desired: DesiredState
) -> list[Finding]:
    """Findings about names that the rules would give differently, for rules that want only a
    report.
    """
    naming = context.rules.naming
    words = words_of(context, context.followed_lines, person, account, desired)
    findings = []
    for name in outdated(naming, words, account):
        current = account.attributes.get(name, [""])[0]
        message = (
            f"{name} is {shortened(current)}, which the rules would not give any more. It stays."
        )
        place = option_name(f"naming.attributes.{name}")
        findings.append(
            Finding("name_changed", message, key=person.key, place=place, severity=WARNING)
        )
    return findings


def words_of(
    context: Context,
    lines: Iterable[MappingLine],
    person: Person,
    account: Account | None,
    desired: DesiredState,
) -> Words:
    """What naming rules read: the attributes of these lines as HR wants them, and the record."""
    words: Words = {"employee": person.record}
    for line in lines:
        name, values = line.name, None
        if account is None or line.apply == "always":
            values = desired.attributes.get(name)
        if values is None and account is not None:
            values = account.attributes.get(context.definitions[name].name)
        if not values:
            words[name] = None
        else:
            words[name] = values[0] if len(values) == 1 else values
    return words
