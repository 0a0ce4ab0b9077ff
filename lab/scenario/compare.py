"""What the directory holds, compared with what is expected. Each difference is reported once; then
what was found is expected.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from . import rules
from .accounts import Account
from .directory import DESK, Entry, id_of

CHECKED = (
    "employeeNumber",
    "employeeID",
    "otherMailbox",
    "givenName",
    "sn",
    "displayName",
    "title",
    "department",
    "company",
    "l",
    "co",
)
NAMES = ("sAMAccountName", "userPrincipalName", "mail")


def differences(accounts: list[Account], entries: list[Entry]) -> list[str]:
    """Texts "source key name: what: expected …, found …".

    The accounts learn objectGUIDs and names, and take over what differs.
    """
    found, by_guid = [], {entry["guid"]: entry for entry in entries}
    by_key = {id_of(entry): entry for entry in entries}
    for account in accounts:
        who = f"{account['source']} {account['key']} {account['name']}"
        entry = by_guid.get(account["guid"])
        if account["gone"]:
            if entry:
                found.append(
                    f"{who}: the account should have been deleted, it stands as {entry['dn']}"
                )
                account["gone"] = False
            continue
        entry = entry or (
            None if account["guid"] else by_key.get((account["source"], account["key"]))
        )
        if entry is None:
            found.append(
                f"{who}: there is no account, expected one, {account['mark']}, in {account['ou']}"
            )
            account["gone"] = True
            continue
        account["guid"] = account["guid"] or entry["guid"]
        account["names"] = account["names"] or {
            name: entry["attributes"].get(name) for name in NAMES
        }
        found += [f"{who}: {text}" for text in _one(account, entry)]
    known = {account["guid"]: account for account in accounts}
    for account in accounts:
        found += _boss(account, by_guid, known)
    found += [
        f"{entry['source']} {entry['dn']}: nobody should have this account"
        for entry in entries
        if entry["guid"] not in known
    ]
    return found


def _one(account: Account, entry: Entry) -> Iterator[str]:
    attributes = entry["attributes"]
    since, absent = (account[name] and account[name].isoformat() for name in ("since", "absent"))
    plain = [
        ("source", account["source"], entry["source"]),
        ("contributors", account["contributors"], entry["contributors"]),
        ("enabled", account["enabled"], entry["enabled"]),
        ("mark", account["mark"], entry["mark"]),
        ("since", since, entry["since"]),
        ("absent", absent, entry["absent"]),
        ("expires", account["expires"], entry["expires"]),
        ("ou", account["ou"], entry["ou"]),
        ("groups", account["groups"], entry["groups"]),
    ]
    for what, expected, there in plain:
        if expected != there:
            yield f"{what}: expected {_shown(expected)}, found {_shown(there)}"
            account[what] = (
                date.fromisoformat(there) if what in ("since", "absent") and there else there
            )
    for name in CHECKED:
        expected, there = account["values"].get(name), attributes.get(name, [None])[0]
        if expected != (there and unicodedata.normalize("NFC", there)):
            yield f"{name}: expected {expected!r}, found {there!r}"
            account["values"][name] = there
    if (attributes.get("description") or [None])[0] != account["left"]:
        yield f"description: expected {account['left']!r}, found {attributes.get('description')}"
        account["left"] = (attributes.get("description") or [None])[0]
    desk = (attributes.get(DESK) or [None])[0]
    if desk != account["desk"]:
        yield f"{DESK}: expected {account['desk']!r}, found {desk!r}"
        account["desk"] = desk
    yield from _names(account, entry)


def _names(account: Account, entry: Entry) -> Iterator[str]:
    now = {name: entry["attributes"].get(name) for name in NAMES}
    if now != account["names"]:
        yield f"names are given once: they were {account['names']}, they are {now}"
        account["names"] = now
    logon = now["sAMAccountName"][0]
    if now["userPrincipalName"] != [f"{logon}@corp.example"] or now["mail"] != [
        f"{logon}@example.com"
    ]:
        yield f"the names do not agree: {now}"
    shown = account["values"]["displayName"]
    if not re.fullmatch(re.escape(shown) + r"( \d+)?", entry["cn"]) and not (
        account["ou"] == rules.LEAVERS or len(shown) > 60
    ):
        yield f"cn: expected {shown!r}, found {entry['cn']!r}"


def _boss(account: Account, by_guid: dict[str, Entry], known: dict[str, Account]) -> list[str]:
    entry = by_guid.get(account["guid"])
    if account["gone"] or entry is None:
        return []
    by_dn = {other["dn"]: known.get(guid) for guid, other in by_guid.items()}
    there = entry["attributes"].get("manager", [None])[0]
    other = by_dn.get(there)
    if (other["id"] if other else there) == account["boss"]:
        return []
    expected = next((one for one in known.values() if one["id"] == account["boss"]), None)
    account["boss"] = other["id"] if other else None
    return [
        f"{account['source']} {account['key']} {account['name']}: manager: expected "
        f"{expected and expected['key'] + ' ' + expected['name']}, found {there}"
    ]


def _shown(value) -> str:
    return ", ".join(sorted(value)) or "none" if isinstance(value, set) else str(value)
