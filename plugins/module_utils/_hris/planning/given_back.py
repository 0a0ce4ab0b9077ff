# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The saved state of a leaver: what is saved before the leaver rules change it, and what somebody
who comes back gets of it. What HR gives today is never replaced by what was saved.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ad_values.dn import normal, parent
from ..ad_values.equality import same_values
from ..errors import HrisError
from ..model.directory import Account, AttributeDefinition
from ..model.findings import WARNING, Finding
from ..model.people import Person
from ..model.plan import ValueChange, ValueChanges
from ..option_names import option_name
from ..rules.desired_state import desired_state
from .compare import differences
from .context import Context
from .contributions import others_of
from .ownership import Mark
from .permissions import check_place
from .places import Places
from .removed_groups import is_recent
from .saved_values import NOTHING_SAVED, PLACE, Saved, as_guids, guid_in, saved_in, with_values

NOT_GIVEN_BACK = "not_given_back"
_DN = "dn"  # the syntax of attributes that name other objects
_UNLIKE_ANY = ["", ""]  # values that no rule wants, so that each rule says what it wants


def with_saved(
    context: Context,
    places: Places,
    account: Account,
    texts: Sequence[str],
    changed: ValueChanges,
    dn: str,
    since: str,
) -> tuple[list[str], list[str]]:
    """(the values of ``leaver.record`` with what the leaver rules change, attributes that are too
    long for it).

    texts: the values so far. changed: by the leaver rules. dn: of the account at the end of the
    run. Nothing is saved where no rehire gets it back.
    """
    if context.rules.rehire.all_within is None:
        return list(texts), []
    before = {name: values.before for name, values in changed.items()}
    for name, values in before.items():
        if context.definitions[name].syntax == _DN:
            before[name] = as_guids(values, places.known.guid_of)
    if dn != account.dn:
        before[PLACE] = [account.dn]
    return with_values(texts, before, since)


def not_saved(person: Person, names: Sequence[str], place: str) -> list[Finding]:
    """The finding about values that are too long to be saved. place: the option."""
    if not names:
        return []
    message = (
        f"{', '.join(names)}: too long to be saved in the account. The leaver rules change it, and "
        "a rehire does not get it back."
    )
    return [Finding(NOT_GIVEN_BACK, message, key=person.key, place=place, severity=WARNING)]


def saved_of(context: Context, person: Person, account: Account) -> Saved:
    """What the account has saved recently enough to be given back."""
    within, attribute = context.rules.rehire.all_within, context.removed_groups
    if within is None or attribute is None or attribute not in account.attributes:
        return NOTHING_SAVED
    saved = saved_in(account.attributes[attribute])
    return {name: one for name, one in saved.items() if is_recent(one.since, person.today, within)}


def undone_values(context: Context, person: Person, account: Account, mark: Mark) -> ValueChanges:
    """The changes that undo the attributes of leavers, of whichever source locked the account: the
    saved values where there are any, otherwise no value.

    An account is named by its objectGUID, until found_again finds it.
    """
    given = _given(context, person)
    saved = saved_of(context, person, account)
    # What HR gives only to a new account, or only reports, is not written at a return
    kept = {name.casefold() for name in context.authority} & saved.keys()
    decided = given - kept
    found: ValueChanges = {}
    for one in (context, *others_of(context, person, mark)):
        wanted: dict[str, Sequence[str]] = {}
        for name in (line.name for line in one.rules.leaver_mapping):
            if name.casefold() not in decided:
                values = saved.get(name.casefold())
                wanted[name] = list(values.values) if values else []
        found |= differences(wanted, account, one.definitions)
    lines = {line.name for line in context.rules.mapping} - {context.rules.key}
    for name in lines:  # of a leaver rule that is not there any more
        values = saved.get(name.casefold())
        if values and name.casefold() not in decided and context.spelled(name) not in found:
            found |= differences({name: list(values.values)}, account, context.definitions)
    return found


def _given(context: Context, person: Person) -> set[str]:
    """The attributes, in lower case, that the rules give somebody who works here, or clear."""
    unlike_any = {line.name: _UNLIKE_ANY for line in context.rules.mapping}
    wanted = desired_state(person, context.rules, unlike_any)[0].attributes
    return {name.casefold() for name in (*wanted, *person.references)}


def found_again(
    context: Context, places: Places, person: Person, values: ValueChanges
) -> list[Finding]:
    """Write the DNs of accounts that are named by objectGUID into the values; findings about those
    that are not there any more.
    """
    findings: list[Finding] = []
    for name, value in list(values.items()):
        definition = _definition_of(context, name)
        if definition.syntax != _DN:
            continue
        dns = [_dn_of(text, places) for text in value.after]
        after = [dn for dn in dns if dn]
        if len(after) < len(dns):
            message = (
                f"{name} was saved when this person left, but what it names is not there any more: "
                "it is not given back."
            )
            place = context.written_by.get(name)
            findings.append(Finding(NOT_GIVEN_BACK, message, person.key, place, WARNING))
        if same_values(value.before, after, definition):
            del values[name]
        else:
            values[name] = ValueChange(value.before, after)
    return findings


def _definition_of(context: Context, name: str) -> AttributeDefinition:
    """The definition of an attribute that the rules of some source of the plan name."""
    every = (context, *context.sources.values())
    return next(one.definitions[name] for one in every if name in one.definitions)


def _dn_of(text: str, places: Places) -> str | None:
    """The DN that a saved value stands for; None where the object is not there any more."""
    guid = guid_in(text)
    if guid is not None:
        return places.known.dn_of(guid)
    return text if places.known.has(text) else None


def place_before(
    context: Context, person: Person, account: Account, containers: set[str]
) -> str | None:
    """The OU that the account was in before the leaver rules moved it, while it is still where they
    have put it. None where no account of the source may be there any more. containers: normal DNs
    of the OUs that there are.
    """
    saved = saved_of(context, person, account).get(PLACE.casefold())
    if saved is None or len(saved.values) != 1:
        return None
    moved_to = [one.rules.leaver.move_to for one in context.sources.values()]
    if normal(parent(account.dn)) not in [normal(dn) for dn in moved_to if dn]:
        return None
    ou, option = parent(saved.values[0]), option_name("rehire.restore")
    try:
        check_place(ou, context.rules.ownership.bases, context.protected, option)
        return ou if normal(ou) in containers else None
    except HrisError:  # also of a text that somebody edited
        return None
