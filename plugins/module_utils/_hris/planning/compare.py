# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person and one account: what differs, attribute by attribute, group by group."""

from __future__ import annotations

from ..ad_values.attribute_checks import same_values, sameness
from ..ad_values.dn import normal, parent
from ..ad_values.sid import rid
from ..ad_values.user_account_control import NORMAL_ACCOUNT, with_enabled

NO_VALUE: list[str] = []


def change(
    action: str, key: str | None, account: dict | None, dn: str, reason: str, **more
) -> dict:
    """One change as plain data."""
    guid = account["guid"] if account else None
    return {"key": key, "action": action, "guid": guid, "dn": dn, "reason": reason, **more}


def uac_attribute(before: int | None, enabled: bool) -> dict:
    """userAccountControl with only the disabled bit changed; a new account is a normal one."""
    now = NORMAL_ACCOUNT if before is None else before
    after = with_enabled(now, enabled)
    return {"before": [] if before is None else [str(before)], "after": [str(after)]}


def first_values(wanted: dict, names: dict, references: dict) -> dict:
    """{attribute: {"before": [], "after"}} of a new account: what is wanted, the names chosen, and the references."""
    values = {name: texts for name, texts in wanted.items() if texts}
    values |= {name: [text] for name, text in names.items()}
    values |= {name: [place[1]] for name, place in references.items() if place}
    return {name: {"before": [], "after": texts} for name, texts in values.items()}


def differences(
    wanted: dict[str, list[str]], account: dict, definitions: dict, merged=frozenset()
) -> dict:
    """{attribute: {"before", "after"}} of the wanted values that the account does not have.

    definitions: {attribute as the rules spell it: its entry of the schema}. merged: attributes whose other values stay
    beside the wanted ones.
    """
    found, attributes = {}, account["attributes"]
    for name, after in wanted.items():
        definition = definitions[name]
        before = attributes.get(definition["name"], NO_VALUE)
        if before == after:
            continue
        if name in merged:
            same = sameness(definition)
            have = {same(text) for text in before}
            after = before + [text for text in after if same(text) not in have]
        if not same_values(before, after, definition):
            found[definition["name"]] = {"before": before, "after": after}
    return found


def split_authority(authority: dict[str, str], wanted: dict) -> tuple[dict, dict]:
    """(values that are enforced, values whose difference is only reported) of an account that exists already.

    authority: {attribute: ``apply`` of its rule} of those that are not always enforced.
    """
    if not authority:
        return wanted, {}
    enforced = {name: texts for name, texts in wanted.items() if name not in authority}
    return enforced, {
        name: texts for name, texts in wanted.items() if authority.get(name) == "report"
    }


def reference_differences(references: dict, account: dict, definitions: dict) -> dict:
    """As differences, for {attribute: (DN now or None, DN at the end of the run) of the other account, or None to clear}.

    A reference that already names the other account is right, wherever that account moves to: the directory follows by
    itself.
    """
    found = {}
    for name, place in references.items():
        definition = definitions[name]
        before = account["attributes"].get(definition["name"], NO_VALUE)
        now, then = place or (None, None)
        after = [then] if then else []
        if before == after and now == then:
            continue
        if not same_values(before, [now] if now else after, definition):
            found[definition["name"]] = {"before": before, "after": after}
    return found


def deletion(person: dict, account: dict) -> dict:
    """The deletion of an account, with all that was read of it: what an undo can put back."""
    attributes = {
        name: {"before": values, "after": []}
        for name, values in sorted(account["attributes"].items())
    }
    more = {"attributes": attributes, "groups": account["groups"]}
    return change("delete", person["key"], account, account["dn"], "the retention is over", **more)


def relocation(person: dict, account: dict, to: str) -> list[dict]:
    """The move or rename from the account's DN to another; [] when it stays."""
    if to == account["dn"]:
        return []
    if normal(parent(to)) != normal(parent(account["dn"])):
        return [change("move", person["key"], account, account["dn"], "placement", to=to)]
    return [change("rename", person["key"], account, account["dn"], "name changed in HR", to=to)]


def memberships(
    dns: tuple[str, ...], groups: dict[str, dict]
) -> tuple[frozenset[str], frozenset[str]]:
    """(normal DNs of the groups that an account is a direct member of, and of all, nested ones included).

    dns: the groups as the account has them. groups: {normal DN: group} of the whole directory.
    """
    direct = frozenset(map(normal, dns))
    whole, more = set(direct), set(direct)
    while more:
        more = {
            normal(above) for dn in more if dn in groups for above in groups[dn]["groups"]
        } - whole
        whole |= more
    return direct, frozenset(whole)


def group_changes(
    person: dict,
    account: dict | None,
    dn: str,
    gain: tuple[dict, ...],
    lose: tuple[dict, ...],
    reasons: tuple[str, str],
) -> list[dict]:
    """group_add and group_remove changes. The primary group is a membership that no change of ``member`` can touch."""
    primary = None if account is None else account["primary_group"]
    found = []
    for action, groups, reason in (
        ("group_add", gain, reasons[0]),
        ("group_remove", lose, reasons[1]),
    ):
        for group in groups:
            if rid(group["sid"]) != primary:
                found.append(change(action, person["key"], account, dn, reason, group=group["dn"]))
    return found
