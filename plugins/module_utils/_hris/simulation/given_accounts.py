# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of a case: from the few words that an administrator writes to a whole account."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import NAMESPACE_X500, uuid5

from ..ad_values.dn import escape_value, normal, parent, split
from ..ad_values.sid import DOMAIN_USERS_RID
from ..ad_values.user_account_control import DISABLED_NORMAL_ACCOUNT, NORMAL_ACCOUNT
from ..data_class import frozen
from ..errors import HrisError, as_sentence, did_you_mean
from ..model.directory import Account, AttributeValues, Snapshot
from ..model.records import Record
from ..planning import ownership
from ..planning.group_names import GroupNames
from ..planning.ownership import Mark, read_mark, write_mark
from ..rules.placement import place_of
from ..rules.ruleset import Ruleset
from ..rules.values import to_texts
from .case_values import CaseError, CaseWords, located, names_in, words_in
from .simulated_directory import DOMAIN_SID

# Words beside the attributes; everything else that is written of an account is an attribute
WORDS = ("dn", "ou", "enabled", "mark", "groups", "guid", "admin_count", "governed", "attributes")
STATES = (ownership.ACTIVE, ownership.PREPARED, ownership.LEAVE, ownership.DISABLED)
FIRST_RID = 5000  # above those of accounts that the rules created


@frozen
class GivenAccount:
    """An account as a case writes it, and what its words are laid over."""

    words: CaseWords  # WORDS and attributes
    place: str  # for messages
    number: int  # its position in the case, from 0
    key: str | None  # of the employee at the same position
    record: Record | None  # of this employee
    former: Account | None  # what the rules made of the record as it was


def given_account(given: GivenAccount, snapshot: Snapshot, rules: Ruleset) -> Account:
    """The whole account. docs/rules-under-test.md has the words and what holds without them.

    Raises CaseError naming the place.
    """
    words, place, former = given.words, given.place, given.former
    _check_types(words, place)
    attributes = _attributes(given, snapshot, rules)
    mark_attribute = spelled(rules.ownership.attribute, snapshot, place)
    present = read_mark(next(iter(attributes.pop(mark_attribute, ())), None))
    mark = _mark(words, present, rules, place)
    if mark:
        attributes[mark_attribute] = [write_mark(mark)]
    dn = _dn(given, attributes, snapshot, rules)
    enabled = _enabled(given, mark)
    return Account(
        guid=_guid(given),
        dn=dn,
        sid=former.sid if former else f"{DOMAIN_SID}-{FIRST_RID + given.number}",
        enabled=enabled,
        uac=NORMAL_ACCOUNT if enabled else DISABLED_NORMAL_ACCOUNT,
        primary_group=DOMAIN_USERS_RID,
        admin_count=bool(words.get("admin_count")),
        critical=False,
        groups=_groups(given, snapshot),
        attributes={**attributes, "cn": [split(dn)[0]]},
        governed="the case says so" if words.get("governed") else "",
    )


def spelled(name: str, snapshot: Snapshot, place: str, words: Iterable[str] = ()) -> str:
    """The name of an attribute as the directory spells it.

    words: other words that are possible here, for the hint. Raises CaseError for an unknown
    attribute.
    """
    definition = snapshot.schema.get(str(name).casefold())
    if definition is None:
        known = [*words, *(entry.name for entry in snapshot.schema.values())]
        hint = did_you_mean(str(name), known)
        own = "Describe an attribute that only your directory has in domain.attributes"
        raise CaseError(f"unknown attribute '{name}'", place, hint or own)
    return definition.name


def find_group(name: str, snapshot: Snapshot, place: str) -> str:
    """The DN of the group with this name or DN.

    Raises CaseError for a group that neither the rules nor the case name.
    """
    group = located(GroupNames(snapshot.groups).find, place, name)
    if group is not None:
        return group.dn
    hint = "List other groups in domain.groups"
    suggestion = did_you_mean(name, [group.name for group in snapshot.groups])
    if suggestion:
        hint = f"{as_sentence(suggestion)} {hint}"
    raise CaseError(f"there is no group '{name}'", place, hint)


def _check_types(words: CaseWords, place: str) -> None:
    for word in ("dn", "ou", "guid"):
        value = words.get(word)
        if value and not isinstance(value, str):
            raise CaseError(f"a text is needed, not {value!r}", f"{place}.{word}")
    if not isinstance(words.get("attributes") or {}, dict):
        raise CaseError("attributes are names with values", f"{place}.attributes")
    if words.get("dn") and words.get("ou"):
        raise CaseError("dn and ou are both given", place, "Keep one of the two")
    for word in ("dn", "ou"):
        if words.get(word):
            located(normal, f"{place}.{word}", words[word])


def _attributes(given: GivenAccount, snapshot: Snapshot, rules: Ruleset) -> AttributeValues:
    """The attributes that are written, over those of the former account."""
    attributes: AttributeValues = {}
    if given.former:
        attributes = dict(given.former.attributes)
    elif given.key:
        attributes = {snapshot.schema[rules.key.casefold()].name: [given.key]}
    written = {name: value for name, value in given.words.items() if name not in WORDS}
    written |= given.words.get("attributes") or {}
    for name, value in written.items():
        texts = located(to_texts, f"{given.place}.{name}", value)
        attributes[spelled(name, snapshot, given.place, WORDS)] = texts
    return {name: texts for name, texts in attributes.items() if texts}


def _mark(words: CaseWords, present: Mark | None, rules: Ruleset, place: str) -> Mark | None:
    """The mark of ownership; without a word about it the present one, else that of our source.

    None: the account is not ours yet.
    """
    ours = Mark(rules.source, ownership.ACTIVE, None, None)
    if "mark" not in words:
        return present or ours
    written = words["mark"]
    if written is None:
        return None
    if isinstance(written, str):
        written = {"state": written}
    needed = "the state of the mark, or a mapping, or null for an account that is not ours yet,"
    given = words_in(written, Mark._fields, f"{place}.mark", needed)
    texts = {name: str(value) for name, value in given.items() if value}
    contributors = tuple(filter(None, texts.pop("contributors", "").split(",")))
    mark = ours._replace(contributors=contributors)
    for name, text in texts.items():
        mark = mark._replace(**{name: text})  # type: ignore[arg-type]  # a text, all but contributors
    if mark.state not in STATES:
        hint = did_you_mean(mark.state, STATES)
        raise CaseError(f"unknown state '{mark.state}'", f"{place}.mark", hint)
    return mark


def _enabled(given: GivenAccount, mark: Mark | None) -> bool:
    if "enabled" in given.words:
        enabled = given.words["enabled"]
        if not isinstance(enabled, bool):
            raise CaseError(f"{enabled!r} is neither true nor false", f"{given.place}.enabled")
        return enabled
    if given.former and "mark" not in given.words:
        return given.former.enabled
    return mark is None or (mark.state == ownership.ACTIVE and not mark.locked_out)


def _guid(given: GivenAccount) -> str:
    guid = given.words.get("guid")
    if guid:
        return guid.lower()
    if given.former:
        return given.former.guid
    return str(uuid5(NAMESPACE_X500, f"{given.place} {given.number}"))


def _dn(
    given: GivenAccount, attributes: AttributeValues, snapshot: Snapshot, rules: Ruleset
) -> str:
    words, former = given.words, given.former
    if words.get("dn"):
        return words["dn"]
    names = (attributes.get(name) for name in ("cn", "displayName", "sAMAccountName", rules.key))
    cn = next((texts[0] for texts in names if texts), None)
    if cn is None:
        hint = "Give sAMAccountName, displayName, cn or dn"
        raise CaseError("the account has no name", given.place, hint)
    ou = words.get("ou")
    if former and not ou:
        if former.attributes.get("cn") == [cn]:
            return former.dn
        ou = parent(former.dn)
    return f"CN={escape_value(cn)},{ou or _ou_by_rules(given.record, snapshot, rules)}"


def _ou_by_rules(record: Record | None, snapshot: Snapshot, rules: Ruleset) -> str:
    """Where the rules place the employee, or everybody else; else the domain itself."""
    try:
        if record:
            return place_of(rules.placement, record)[0]
        return str(rules.placement[-1].ou.evaluate({}) or snapshot.domain.dn)
    except HrisError:
        return snapshot.domain.dn


def _groups(given: GivenAccount, snapshot: Snapshot) -> list[str]:
    if "groups" in given.words:
        place = f"{given.place}.groups"
        names = names_in(given.words["groups"], place)
        return [find_group(name, snapshot, place) for name in names]
    if given.former:
        return given.former.groups
    return []
