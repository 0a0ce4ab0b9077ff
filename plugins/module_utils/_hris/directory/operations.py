# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From changes to LDAP operations, and in which order: pure.

Order only where it is needed. Operations on one account follow one another. A value that names an account which the same run creates,
and every membership, waits until all accounts stand; one that names an account which the run moves or renames is written as <GUID=…>,
which holds before and after. Deletions come last, and so does a change that says so ("last"): when memberships are settled.
"""

from __future__ import annotations

from ..ad_values import dn as names
from ..ad_values.user_account_control import DISABLED_NORMAL_ACCOUNT

OBJECT_CLASS = ["top", "person", "organizationalPerson", "user"]
CHUNK = 500


def arrange(changes, syntaxes: dict) -> dict:
    """{"containers": [step, …], "accounts": [[step, …], …], "references": [step, …], "groups": [batch, …], "last": [step, …]} of changes.

    changes: list of changes (plain data of the plan). syntaxes: {lower-case attribute: syntax} of the attributes in them.
    step: {"kind": "add" | "modify" | "rename" | "restore" | "delete", "target": DN or <GUID=…>, "changes": [index, …]} with
      add, modify: "attributes" {name: [text, …]}, modify: "password" True for a new random one;
      rename: "rdn", "parent"; restore: "dn". Steps of an inner list are one account's.
      references: "needs" {attribute: [normal DN of a created account, …]}.
    batch: {"group": DN, "adding": bool, "members": [{"change": index, "value": DN or <GUID=…>, "needs": normal DN or None}, …]},
      at most CHUNK members. "needs" is an account that this run creates: without it the rest cannot be done.
    """
    created = {
        names.normal(change.dn): index
        for index, change in enumerate(changes)
        if change.action == "create"
    }
    places = _places(changes)
    moved = {names.normal(f"{rdn},{above}"): handle for handle, (rdn, above) in places.items()}
    accounts: dict = {}
    containers, references, last, batches = [], [], [], {}
    for index, change in enumerate(changes):
        action = change.action
        if action in ("group_add", "group_remove"):
            key = (names.normal(change.group), action == "group_add")
            batches.setdefault(key, []).append((index, change))
        elif action == "create_ou":
            attributes = {"objectClass": ["top", "organizationalUnit"]}
            containers.append(
                {
                    "kind": "add_ou",
                    "target": change.dn,
                    "changes": [index],
                    "attributes": attributes,
                }
            )
        elif action == "restore":
            attributes = {
                name: value.after for name, value in change.attributes.items() if value.after
            }
            steps = accounts.setdefault(names.object_of(change), [])
            steps.append(
                {
                    "kind": "restore",
                    "target": change.deleted_dn,
                    "dn": change.dn,
                    "changes": [index],
                }
            )
            steps.append(
                {
                    "kind": "modify",
                    "target": target(change),
                    "changes": [index],
                    "attributes": _for_restored(attributes),
                }
            )
        elif action == "delete":
            last.append({"kind": "delete", "target": target(change), "changes": [index]})
        elif change.last:
            now = _split_references(change.attributes, syntaxes, {}, moved)[0]
            last.append(
                {"kind": "modify", "target": target(change), "changes": [index], "attributes": now}
            )
        elif action in ("move", "rename"):
            steps = accounts.setdefault(names.object_of(change), [])
            step = next((step for step in steps if step["kind"] == "rename"), None)
            if step:
                step["changes"].append(index)
            else:
                rdn, above = places[target(change)]
                steps.append(
                    {
                        "kind": "rename",
                        "target": target(change),
                        "changes": [index],
                        "rdn": rdn,
                        "parent": above,
                    }
                )
        else:
            now, later = _split_references(change.attributes, syntaxes, created, moved)
            steps = accounts.setdefault(names.object_of(change), [])
            if action == "create":
                now.setdefault("userAccountControl", [str(DISABLED_NORMAL_ACCOUNT)])
                steps.append(
                    {
                        "kind": "add",
                        "target": change.dn,
                        "changes": [index],
                        "attributes": _for_add(change.dn, now),
                    }
                )
            elif now or not later:
                scramble = {"password": True} if change.random_password == "random" else {}
                steps.append(
                    {
                        "kind": "modify",
                        "target": target(change),
                        "changes": [index],
                        "attributes": now,
                        **scramble,
                    }
                )
            if later:
                references.append(
                    {
                        "kind": "modify",
                        "target": target(change),
                        "changes": [index],
                        "attributes": {name: values for name, (values, _needs) in later.items()},
                        "needs": {name: needs for name, (_values, needs) in later.items()},
                    }
                )
    return {
        "containers": containers,
        "accounts": [steps for steps in accounts.values() if steps],
        "references": references,
        "last": last,
        "groups": [
            batch
            for key, members in batches.items()
            for batch in _batches(key[1], members, created)
        ],
    }


def target(change: dict) -> str:
    """The name by which the server finds the account whatever it is called meanwhile; a new account's DN."""
    return f"<GUID={change['guid']}>" if change.guid else change.dn


def _places(changes) -> dict:
    """{<GUID=…>: (RDN, parent)} at the end of the run of the accounts that move or are renamed.

    Where one account has both, the rename tells the RDN and the move the parent, and both are one operation: after the one alone the
    account could stand in the way of another.
    """
    found: dict = {}
    for change in changes:
        if change.action in ("move", "rename"):
            found.setdefault(target(change), {})[change.action] = change.to
    return {
        handle: (
            names.rdn(to.get("rename") or to["move"]),
            names.parent(to.get("move") or to["rename"]),
        )
        for handle, to in found.items()
    }


def _split_references(
    attributes: dict, syntaxes: dict, created: dict, moved: dict
) -> tuple[dict, dict]:
    """({name: values} to write at once, {name: (values, [normal DN needed])} to write when new accounts stand)."""
    now, later = {}, {}
    for name, value in attributes.items():
        after = list(value.after)
        if syntaxes.get(name.lower()) == "dn":
            normal = [names.normal(text) for text in after]
            after = [moved.get(key, text) for key, text in zip(normal, after, strict=True)]
            needs = [key for key in normal if key in created]
            if needs:
                later[name] = (after, needs)
                continue
        now[name] = after
    return now, later


def _for_add(name: str, attributes: dict) -> dict:
    """The attributes of an AddRequest: nothing empty, and not what the RDN says already."""
    rdn = names.parse(name)[0][0].lower()
    return {
        "objectClass": OBJECT_CLASS,
        **{key: values for key, values in attributes.items() if values and key.lower() != rdn},
    }


def _for_restored(attributes: dict) -> dict:
    """What is written back to an account that was deleted; its names came back with it, and the RDN is not written."""
    return {
        name: values
        for name, values in attributes.items()
        if name.lower() not in ("cn", "samaccountname")
    }


def _batches(adding: bool, members: list, created: dict):
    """Batches of at most CHUNK members of one group and direction."""
    for start in range(0, len(members), CHUNK):
        part = members[start : start + CHUNK]
        yield {
            "group": part[0][1]["group"],
            "adding": adding,
            "members": [
                {
                    "change": index,
                    "value": target(change),
                    "needs": names.normal(change.dn)
                    if not change.guid and names.normal(change.dn) in created
                    else None,
                }
                for index, change in part
            ],
        }
