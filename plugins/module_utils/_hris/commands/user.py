# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One user: from the options of module user to changes, applied like any others."""

from __future__ import annotations

from ..ad_values import dn as names
from ..ad_values.user_account_control import NORMAL_ACCOUNT, with_enabled
from ..directory import lookup, membership, reading, schema, user_attributes, writing
from ..directory.connection import connect
from ..errors import HrisError

_PLACE = {"identity": "identity", "sam_account_name": "sam_account_name", "upn": "upn"}


def run(params: dict, check_mode: bool, _warn) -> dict:
    """Make one user as the options say; the work of module hris.ad.user, whose RETURN describes the result.

    Everything is looked up and checked before the first write, in check mode as well. Raises HrisError; then nothing was written.
    """
    with connect(params["directory"]) as connection:
        wishes = user_attributes.collect(
            params, connection, lambda identity: _manager(connection, identity)
        )
        if params["enabled"] is not None and "userAccountControl" in wishes:
            raise HrisError(
                "userAccountControl and enabled say the same thing twice",
                place="enabled",
                hint="Give one of them",
            )
        known = schema.read(connection, [*wishes, *reading.ALWAYS])
        account = _find(connection, params, known)
        if params["state"] == "absent":
            changes = [_change(account, "delete")] if account else []
            return _finish(connection, check_mode, account, changes, None)
        changes = (
            _create(connection, params, wishes)
            if not account
            else _update(connection, params, account, wishes)
        )
        groups = membership.changes(
            connection, params["groups"] or {}, account, changes[0]["dn"] if not account else None
        )
        _check_names(connection, account, changes)
        password = (
            params["password"]
            if params["password"] and (not account or params["update_password"] == "always")
            else None
        )
        return _finish(connection, check_mode, account, changes + groups, password)


def _find(connection, params: dict, known: dict) -> dict | None:
    """The account, by the first of identity, sam_account_name and upn that is given; by its new place if it has been moved there."""
    place = next(option for option in _PLACE if params[option])
    attribute = {
        "identity": params["identity_attribute"],
        "sam_account_name": "sAMAccountName",
        "upn": None,
    }[place]
    found = lookup.find_accounts(connection, params[place], known, attribute)
    if (
        not found
        and place == "identity"
        and not attribute
        and lookup.form_of(params["identity"])[0] == "dn"
    ):
        found = lookup.read_at(connection, _new_dn(connection, params, params["identity"]), known)
    return lookup.the_one(found, params[place], place)


def _manager(connection, identity: str) -> str:
    """The DN that the option manager stands for."""
    found = lookup.the_one(lookup.find_accounts(connection, identity, {}), identity, "manager")
    if not found:
        raise HrisError(f"there is no user '{identity}'", place="manager")
    return found["dn"]


def _new_dn(connection, params: dict, current: str | None) -> str:
    """The DN that name and path ask for, what they leave open taken from the current one or from the domain."""
    rdn = (
        f"CN={names.escape_value(params['name'])}"
        if params["name"]
        else names.rdn(current)
        if current
        else None
    )
    path = params["path"] or (
        names.parent(current) if current else lookup.users_container(connection)
    )
    if not rdn:
        rdn = f"CN={names.escape_value(params['sam_account_name'] or lookup.form_of(params['identity'])[1])}"
    if len(names.parse(rdn)[0][1]) > 64:
        raise HrisError("a common name takes 64 characters", place="name")
    return f"{rdn},{path}"


def _create(connection, params: dict, wishes: dict) -> list[dict]:
    """The change that creates the user. Raises HrisError when the options do not say enough for a new one."""
    attributes = {}
    form, text = lookup.form_of(params["identity"]) if params["identity"] else ("", "")
    key = params["identity_attribute"]
    if not key and form in ("guid", "sid"):
        raise HrisError(
            f"there is no user '{params['identity']}'",
            place="identity",
            hint="A new user cannot be given an objectGUID or SID",
        )
    if key or form in ("upn", "name"):
        name = key or {"upn": "userPrincipalName", "name": "sAMAccountName"}[form]
        info = schema.read(connection, [name])[name.lower()]
        after = [params["identity"] if key else text]
        user_attributes.check({"info": info, "place": "identity"}, after)
        attributes[info["name"]] = {"before": [], "after": after}
    for name, wish in wishes.items():
        after = user_attributes.after_of(wish, [])
        user_attributes.check(wish, after)
        attributes[name] = {"before": [], "after": after}
    if not attributes.get("sAMAccountName", {}).get("after"):
        raise HrisError("a new user needs a logon name", place="sam_account_name")
    uac = attributes.pop("userAccountControl", {"after": [str(NORMAL_ACCOUNT)]})["after"][0]
    if params["enabled"] is False:
        uac = str(with_enabled(int(uac), False))
    attributes["userAccountControl"] = {"before": [], "after": [uac]}
    identity_dn = params["identity"] if form == "dn" and not key else None
    dn = _new_dn(
        connection,
        {**params, "sam_account_name": attributes["sAMAccountName"]["after"][0]},
        identity_dn,
    )
    above = lookup.container(connection, names.parent(dn), "path")
    return [
        {
            "key": None,
            "action": "create",
            "guid": None,
            "dn": f"{names.rdn(dn)},{above}",
            "attributes": {name: value for name, value in attributes.items() if value["after"]},
            "reason": "hris.ad.user",
        }
    ]


def _update(connection, params: dict, account: dict, wishes: dict) -> list[dict]:
    """The changes that bring an existing user in line."""
    changes = []
    differences = {}
    before_of = {name.lower(): values for name, values in account["attributes"].items()}
    for name, wish in wishes.items():
        before = before_of.get(name.lower(), [])
        after = user_attributes.after_of(wish, before)
        if after != before:
            user_attributes.check(wish, after)
            differences[name] = {"before": before, "after": after}
    if differences:
        changes.append({**_change(account, "update"), "attributes": differences})
    if params["enabled"] is not None and params["enabled"] != account["enabled"]:
        uac = with_enabled(account["uac"], params["enabled"])
        changes.append(
            {
                **_change(account, "enable" if params["enabled"] else "disable"),
                "attributes": {
                    "userAccountControl": {"before": [str(account["uac"])], "after": [str(uac)]}
                },
            }
        )
    return changes + _relocate(connection, params, account)


def _relocate(connection, params: dict, account: dict) -> list[dict]:
    """A rename, a move, both or neither."""
    dn = _new_dn(connection, params, account["dn"])
    found = []
    if names.parse(dn)[0][1] != names.parse(account["dn"])[0][1]:
        found.append({**_change(account, "rename"), "to": dn})
    if names.normal(names.parent(dn)) != names.normal(names.parent(account["dn"])):
        lookup.container(connection, names.parent(dn), "path")
        found.append({**_change(account, "move"), "to": dn})
    return found


def _change(account: dict, action: str) -> dict:
    return {
        "key": None,
        "action": action,
        "guid": account["guid"],
        "dn": account["dn"],
        "reason": "hris.ad.user",
    }


def _check_names(connection, account: dict | None, changes: list[dict]) -> None:
    """Raise HrisError for a name that is to be written and that another object has, so that check mode says so as well."""
    for change in changes:
        for attribute in ("sAMAccountName", "userPrincipalName"):
            for value in change.get("attributes", {}).get(attribute, {}).get("after", ()):
                others = [
                    dn
                    for dn, guid in lookup.taken_by(connection, attribute, value)
                    if not account or guid != account["guid"]
                ]
                if others:
                    raise HrisError(f"the {attribute} '{value}' belongs to {others[0]}")
        new = change["dn"] if change["action"] == "create" else change.get("to")
        if new:
            for dn, guid in lookup.at(connection, new):
                if not account or guid != account["guid"]:
                    raise HrisError(f"there is another object called {dn}", place="name")


def _finish(
    connection, check_mode: bool, account: dict | None, changes: list[dict], password: str | None
) -> dict:
    """Write the changes, unless in check mode, and say what came of it."""
    new = next((change for change in changes if change["action"] == "create"), None)
    dn = next(
        (change["to"] for change in changes if change.get("to")),
        account["dn"] if account else new["dn"] if new else None,
    )
    result = {
        "changed": bool(changes or password),
        "object_guid": account["guid"] if account else None,
        "distinguished_name": dn,
        "sid": account["sid"] if account else None,
        "diff": _diff(changes, bool(password)),
    }
    if check_mode or not result["changed"]:
        return result
    if password and account:
        writing.set_password(connection, account["guid"], password)
    outcomes = writing.apply(
        connection,
        changes,
        passwords={names.normal(new["dn"]): password} if new and password else None,
    )
    failed = [
        f"{change['action']} was {outcome['status']}: {outcome['message']}"
        for change, outcome in zip(changes, outcomes, strict=True)
        if outcome["status"] != "applied" or outcome["message"]
    ]
    if failed:
        done = any(outcome["status"] == "applied" for outcome in outcomes) or bool(
            password and account
        )
        return {
            **result,
            "changed": done,
            "failed": True,
            "msg": f"{dn}: " + "; ".join(dict.fromkeys(failed)),
        }
    if new:
        made = lookup.read_at(connection, new["dn"], {})[0]
        result.update(object_guid=made["guid"], sid=made["sid"], distinguished_name=made["dn"])
    return result


def _diff(changes: list[dict], password: bool) -> dict:
    """{"before", "after"} of what changes and nothing else; a password is only said to change."""
    before: dict = {}
    after: dict = {}
    for change in changes:
        if change["action"] == "create":
            after["distinguished_name"] = change["dn"]
        if change["action"] == "delete":
            before["distinguished_name"] = change["dn"]
        if change.get("to"):
            before["distinguished_name"], after["distinguished_name"] = change["dn"], change["to"]
        for name, values in change.get("attributes", {}).items():
            if values["before"]:
                before[name] = values["before"]
            after[name] = values["after"]
        if change.get("group"):
            side = after if change["action"] == "group_add" else before
            side.setdefault("groups", []).append(change["group"])
    if password:
        before["password"], after["password"] = "unchanged", "changed"
    return {"before": before, "after": after}
