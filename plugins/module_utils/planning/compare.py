# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person and one account: the changes that make the account what the person wants."""

from __future__ import annotations

from ..rules.dates import ACTIVE, PREPARED
from ..rules.dn import normal, parent
from ..rules.findings import INFO, finding
from ..rules.mapping import Attribute
from ..rules.syntax import same_values
from . import ownership
from .ownership import read_mark, write_mark

DISABLED_BIT = 0x2  # ADS_UF_ACCOUNTDISABLE
NORMAL_ACCOUNT = 0x200


def uac_attribute(before: int | None, enabled: bool) -> dict:
    """userAccountControl with only the disabled bit changed; a new account is a normal one."""
    now = NORMAL_ACCOUNT if before is None else before
    after = now & ~DISABLED_BIT if enabled else now | DISABLED_BIT
    return {"before": [] if before is None else [str(before)], "after": [str(after)]}


def is_enabled_at_create(person: dict, joiner: dict) -> bool:
    """Whether a new account may be used at once."""
    return person["state"] == ACTIVE or joiner["enable"] == "on_create"


def creation(
    person: dict, names: dict, dn: str, source: str, mark_attribute: str, joiner: dict, references: dict
) -> dict:
    """The change that creates a person's account; names are those chosen, references as attribute_changes has them."""
    enabled = is_enabled_at_create(person, joiner)
    values = {name: values for name, values in person["wanted"].items() if values}
    values |= {name: [text] for name, text in names.items()}
    values |= {name: [place[1]] for name, place in references.items() if place}
    values[mark_attribute] = [write_mark(source, ownership.ACTIVE if enabled else ownership.PREPARED)]
    attributes = {
        name: {"before": [], "after": texts}
        for name, texts in sorted(values.items(), key=lambda pair: pair[0].casefold())
    }
    attributes["userAccountControl"] = uac_attribute(None, enabled)
    reason = f"starts {person['start']}" if person["start"] else "is in the feed"
    return change("create", person["key"], None, dn, reason, attributes=attributes)


def change(action: str, key: str | None, account: dict | None, dn: str, reason: str, **more) -> dict:
    """One change as plain data."""
    return {
        "key": key,
        "action": action,
        "guid": account["guid"] if account else None,
        "dn": dn,
        "reason": reason,
        **more,
    }


def attribute_changes(lines: list[Attribute], person: dict, account: dict, references: dict, schema: dict) -> dict:
    """{attribute: {"before", "after"}} for what differs; attributes that are set on create only are left alone.

    references: {attribute: (DN now or None, DN at the end of the run) of the other account, or None to clear}. A reference
    that already names the other account is right, wherever that account moves to: the directory follows by itself.
    """
    differences = {}
    for line in lines:
        if line.on_create:
            continue
        definition = schema[line.name.casefold()]
        before = account["attributes"].get(definition["name"], [])
        if line.name in references:
            now, then = references[line.name] or (None, None)
            after = [then] if then else []
            right = [now] if now else after
        elif line.name in person["wanted"]:
            right = after = person["wanted"][line.name]
        else:
            continue
        if not same_values(before, right, definition):
            differences[definition["name"]] = {"before": before, "after": after}
    return differences


def switch(
    person: dict, account: dict, source: str, mark_attribute: str, today: str
) -> tuple[str | None, dict, dict | None]:
    """Whether the account is enabled or disabled: (action or None, its attributes, a finding or None).

    Only what we disabled or prepared ourselves is enabled again; an account without a mark of ours gets one.
    """
    mark = read_mark(next(iter(account["attributes"].get(mark_attribute, [])), None))
    if person["state"] == ACTIVE and not account["enabled"]:
        if mark and mark["state"] in (ownership.PREPARED, ownership.DISABLED):
            return (
                "enable",
                {
                    "userAccountControl": uac_attribute(account["uac"], True),
                    **_marked(account, mark_attribute, write_mark(source, ownership.ACTIVE)),
                },
                None,
            )
        held = finding(
            "disabled_by_hand",
            f"{account['dn']} is disabled, and not by us: it stays so. Enable it by hand when that is right.",
            key=person["key"],
            severity=INFO,
        )
        return None, {} if mark else _marked(account, mark_attribute, write_mark(source, ownership.ACTIVE)), held
    if person["state"] not in (ACTIVE, PREPARED) and account["enabled"]:
        return (
            "disable",
            {
                "userAccountControl": uac_attribute(account["uac"], False),
                **_marked(account, mark_attribute, write_mark(source, ownership.DISABLED, today)),
            },
            None,
        )
    if mark is None or (person["state"] == ACTIVE and mark["state"] != ownership.ACTIVE):
        return None, _marked(account, mark_attribute, write_mark(source, ownership.ACTIVE)), None
    return None, {}, None


def _marked(account: dict, attribute: str, text: str) -> dict:
    before = account["attributes"].get(attribute, [])
    return {} if before == [text] else {attribute: {"before": before, "after": [text]}}


def membership_changes(
    person: dict, account: dict | None, dn: str, wanted: set[str], managed: dict[str, dict], remove: bool
) -> list[dict]:
    """group_add and group_remove changes.

    wanted: normal DNs of the groups that the person should be in. managed: {normal DN: group} of all groups that the rules
    name; no other group is ever touched. remove: whether managed groups that are not wanted are taken away.
    """
    current = set() if account is None else {normal(group) for group in account["groups"]}
    primary = None if account is None else account["primary_group"]
    changes = []
    for name, group in sorted(managed.items(), key=lambda pair: pair[1]["name"].casefold()):
        if ownership.rid(group["sid"]) == primary:
            continue  # a member by another way, which no change of `member` can give or take
        if name in wanted and name not in current:
            changes.append(change("group_add", person["key"], account, dn, "birthright group", group=group["dn"]))
        elif name in current and name not in wanted and remove:
            changes.append(
                change("group_remove", person["key"], account, dn, "no rule gives this group", group=group["dn"])
            )
    return changes


def relocation(person: dict, account: dict, to: str) -> list[dict]:
    """The move or rename from the account's DN to another; [] when it stays."""
    if to == account["dn"]:
        return []
    if normal(parent(to)) != normal(parent(account["dn"])):
        return [change("move", person["key"], account, account["dn"], "placement", to=to)]
    return [change("rename", person["key"], account, account["dn"], "name changed in HR", to=to)]
