"""Names for good: the checker's own record of every name that it ever saw in the directory."""

from __future__ import annotations

from typing import TypedDict

from .accounts import Account
from .compare import NAMES
from .directory import Entry


class Seen(TypedDict):
    """What was seen so far."""

    humans: dict[str, str]  # {name in lower case: whose it is}
    back: int  # accounts of people who came back after theirs was deleted, and got its names
    passed_over: int  # accounts with a number because a name is somebody's who has no account


def nothing() -> Seen:
    """Before the first day."""
    return Seen(humans={}, back=0, passed_over=0)


def differences(seen: Seen, accounts: list[Account], entries: list[Entry]) -> list[str]:
    """Texts about names that were given to another person, and about former names that somebody
    did not get again.
    """
    found: list[str] = []
    by_guid = {account["guid"]: account for account in accounts if account["guid"]}
    now = {name for entry in entries for name in _names(entry)}
    for entry in entries:
        account = by_guid.get(entry["guid"])
        if account is None:
            continue  # compare.py says that nobody should have it
        is_new = not any(seen["humans"].get(name) for name in _names(entry))
        for name in _names(entry):
            before = seen["humans"].setdefault(name, account["human"])
            if before != account["human"]:
                found.append(f"{_who(account)}: {name} was given to {before} before")
        if "born" not in account:
            account["born"] = _called(entry)
            found += _given_back(seen, account, entry, accounts)
            if is_new and _is_passed_over(seen, entry, now):
                seen["passed_over"] += 1
    return found


def _given_back(seen: Seen, account: Account, entry: Entry, accounts: list[Account]) -> list[str]:
    """Whether a new account has the names of the former one of the same person."""
    former = [
        one
        for one in accounts
        if one["gone"]
        and one["names"]
        and one.get("born") == account["born"]
        and (one["source"], one["key"]) in account["keys"]
    ]
    if not former:
        return []
    wanted, there = former[-1]["names"]["sAMAccountName"], entry["attributes"]["sAMAccountName"]
    if wanted != there:
        return [f"{_who(account)}: came back, was {wanted} before, and is {there}"]
    seen["back"] += 1
    return []


def _is_passed_over(seen: Seen, entry: Entry, now: set[str]) -> bool:
    """Whether the first candidate of the rules belongs to somebody without an account."""
    given, last = _called(entry)
    first = f"{given[:1]}{last}".lower()
    return first in seen["humans"] and first not in now


def _called(entry: Entry) -> tuple[str, str]:
    given, last = (entry["attributes"].get(name, [""])[0] for name in ("givenName", "sn"))
    return given, last


def _names(entry: Entry) -> list[str]:
    return [text.casefold() for name in NAMES for text in entry["attributes"].get(name, ())]


def _who(account: Account) -> str:
    return f"{account['source']} {account['key']} {account['name']}"
