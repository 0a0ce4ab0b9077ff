# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accounts of a case as a directory has them, from the little that an administrator writes of each."""

from __future__ import annotations

from uuid import NAMESPACE_X500, uuid5

from ..ad_values.dn import escape_value, normal, split
from ..ad_values.sid import DOMAIN_USERS_RID
from ..ad_values.user_account_control import DISABLED_NORMAL_ACCOUNT, NORMAL_ACCOUNT
from ..errors import HrisError, did_you_mean
from ..planning import ownership
from ..rules.placement import place_of
from ..rules.ruleset import Ruleset
from ..rules.values import to_texts
from .cases import located
from .simulated_directory import DOMAIN_SID, group_dn

# Words beside the attributes; the rest of what is written of an account is attributes
WORDS = ("dn", "ou", "enabled", "mark", "groups", "guid", "admin_count", "attributes")
MARK = ("source", "state", "since", "absent")
STATES = (ownership.ACTIVE, ownership.PREPARED, ownership.LEAVE, ownership.DISABLED)
FIRST_RID = 5000  # beyond those of accounts that the rules have made


def stand(
    given: dict,
    known: dict | None,
    key: str | None,
    employee: dict | None,
    number: int,
    snapshot: dict,
    rules: Ruleset,
    place: str,
) -> dict:
    """The account (of a snapshot) that is written as ``given``; docs/rules-under-test.md tells the words and their defaults.

    known: the account that the rules made of the record as it was, over which the rest is laid, or None. key, employee: of the
    employee who stands at the same position. Raises HrisError naming the place.
    """
    _check_types(given, place)
    attributes = dict(known.attributes) if known else _own_attributes(key, snapshot, rules)
    written = {name: value for name, value in given.items() if name not in WORDS} | (
        given.get("attributes") or {}
    )
    for name, value in written.items():
        spelled = spelling(name, snapshot.schema, place, WORDS)
        attributes[spelled] = located(to_texts, f"{place}.{name}", value)
    keeps_mark = spelling(rules.ownership.attribute, snapshot.schema, place)
    mark = _mark(
        given, ownership.read_mark(next(iter(attributes.get(keeps_mark, [])), None)), rules, place
    )
    state = (mark or {}).get("state")
    attributes[keeps_mark] = [ownership.write_mark(**mark)] if mark else []
    attributes = {name: values for name, values in attributes.items() if values}
    dn = _dn(given, known, attributes, employee, rules, snapshot, place)
    enabled = given.get(
        "enabled",
        known.enabled if known and "mark" not in given else state in (None, ownership.ACTIVE),
    )
    if not isinstance(enabled, bool):
        raise HrisError(f"{enabled!r} is neither true nor false", place=f"{place}.enabled")
    return {
        "guid": str(
            given.get("guid")
            or (known.guid if known else uuid5(NAMESPACE_X500, f"{place} {number}"))
        ).lower(),
        "dn": dn,
        "sid": known.sid if known else f"{DOMAIN_SID}-{FIRST_RID + number}",
        "enabled": enabled,
        "uac": NORMAL_ACCOUNT if enabled else DISABLED_NORMAL_ACCOUNT,
        "primary_group": DOMAIN_USERS_RID,
        "admin_count": bool(given.get("admin_count")),
        "critical": False,
        "groups": _groups(given, known, snapshot, place),
        "attributes": {**attributes, "cn": [split(dn)[0]]},
    }


def _check_types(given: dict, place: str) -> None:
    for word in ("dn", "ou", "guid"):
        if given.get(word) and not isinstance(given[word], str):
            raise HrisError(f"a text is needed, not {given[word]!r}", place=f"{place}.{word}")
    if not isinstance(given.get("attributes") or {}, dict):
        raise HrisError("attributes are names with values", place=f"{place}.attributes")


def spelling(name: str, schema: dict, place: str, words=()) -> str:
    """The attribute's name as the directory spells it. Raises HrisError for one that there is not."""
    definition = schema.get(str(name).casefold())
    if definition is None:
        known = [*words, *(entry.name for entry in schema.values())]
        hint = (
            did_you_mean(str(name), known)
            or "One that only your directory has belongs into domain.attributes"
        )
        raise HrisError(f"unknown attribute '{name}'", place=place, hint=hint)
    return definition.name


def _own_attributes(key: str | None, snapshot: dict, rules: Ruleset) -> dict:
    return {snapshot.schema[rules.key.casefold()]["name"]: [key]} if key else {}


def _mark(given: dict, now: dict | None, rules: Ruleset, place: str) -> dict | None:
    """{"source", "state", …} of the mark of ownership: the one it has, else ours, of an account that works; None: not ours yet."""
    if "mark" not in given:
        return dict(now) if now else {"source": rules.source, "state": ownership.ACTIVE}
    mark = given["mark"]
    if mark is None:
        return None
    mark = {"state": mark} if isinstance(mark, str) else mark
    if not isinstance(mark, dict) or set(mark) - set(MARK):
        raise HrisError(
            f"the mark has {', '.join(MARK)}",
            place=f"{place}.mark",
            hint="Or write its state alone, or null for an account not yet ours",
        )
    found = {"source": rules.source, "state": ownership.ACTIVE} | {
        name: str(value) for name, value in mark.items() if value
    }
    if found["state"] not in STATES:
        raise HrisError(
            f"unknown state '{found['state']}'",
            place=f"{place}.mark",
            hint=did_you_mean(found["state"], STATES),
        )
    return found


def _dn(
    given: dict,
    known: dict | None,
    attributes: dict,
    employee: dict | None,
    rules: Ruleset,
    snapshot: dict,
    place: str,
) -> str:
    if given.get("dn") and given.get("ou"):
        raise HrisError("dn and ou are both given", place=place, hint="Keep one of the two")
    for word in ("dn", "ou"):
        if given.get(word):
            located(normal, f"{place}.{word}", given[word])
    if given.get("dn"):
        return given["dn"]
    names = (attributes.get(name) for name in ("cn", "displayName", "sAMAccountName", rules.key))
    cn = next((texts[0] for texts in names if texts), None)
    if cn is None:
        raise HrisError(
            "the account has no name",
            place=place,
            hint="Give sAMAccountName, displayName, cn or dn",
        )
    if known and not given.get("ou") and known.attributes.get("cn") == [cn]:
        return known.dn
    return f"CN={escape_value(cn)},{given.get('ou') or (split(known['dn'])[1] if known else _place(employee, rules, snapshot))}"


def _place(employee: dict | None, rules: Ruleset, snapshot: dict) -> str:
    """Where the rules want the employee; without one, or where they do not tell, the domain itself."""
    try:
        return (
            place_of(rules.placement, employee)[0]
            if employee
            else rules.placement[-1].ou.evaluate({}) or snapshot.domain.dn
        )
    except HrisError:
        return snapshot.domain.dn


def _groups(given: dict, known: dict | None, snapshot: dict, place: str) -> list[str]:
    if "groups" not in given:
        return known.groups if known else []
    return [
        find_group(name, snapshot, f"{place}.groups")
        for name in names_in(given["groups"], f"{place}.groups")
    ]


def names_in(value, place: str) -> list[str]:
    """A list of names, of which a single one may stand alone."""
    value = [value] if isinstance(value, str) else value or []
    if not isinstance(value, list) or not all(
        isinstance(one, str) and one.strip() for one in value
    ):
        raise HrisError("a name or a list of names is needed", place=place)
    return value


def find_group(name: str, snapshot: dict, place: str) -> str:
    """The DN of the group with this name or DN. Raises HrisError when neither the rules nor the case name one."""
    wanted = located(normal, place, group_dn(name, snapshot.domain.dn))
    for group in snapshot.groups:
        if group.name.casefold() == name.casefold() or normal(group.dn) == wanted:
            return group.dn
    hint = did_you_mean(name, [group.name for group in snapshot.groups]) or ""
    raise HrisError(
        f"there is no group '{name}'",
        place=place,
        hint=f"{hint}{'? ' if hint else ''}More groups belong into domain.groups",
    )
