"""Which account belongs to which person of persons.py, and where a human has to say
so.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from . import rules
from .persons import Reading

Account = dict[str, Any]  # accounts.py says what it has
Id = tuple[str, str | None]  # (source, key)


def seen_as(account: Account | None) -> str:
    """How a person's account appears to the table."""
    if account is None:
        return "none"
    if account["enabled"]:
        return "enabled"
    return {"prepared": "waiting", "leave": "paused", "disabled": "locked"}.get(
        account["mark"], "by hand"
    )


def keys_of(account: Account) -> set[Id]:
    """The keys by which an account is found: those on it, and those of its person."""
    return {(kind, account["values"].get(name)) for kind, name in rules.KEY_ATTRIBUTE.items()} | (
        account["keys"]
    )


def links_of(counted: list[Reading], living: list[Account]) -> dict[Id, Account]:
    """{id of the person: account} of each person who has one."""
    links = {}
    for who in counted:
        found = [account for account in living if keys_of(account) & who["keys"]]
        if len(found) == 1:
            links[who["id"]] = found[0]
    _by_other_value(counted, links, living)
    return links


def _by_other_value(
    counted: list[Reading], links: dict[Id, Account], living: list[Account]
) -> None:
    """Link people who are found by the other value to an account whose key nobody at work has."""
    working = {key for who in counted if who["state"] != "leaver" for key in who["keys"]}
    for who in counted:
        if who["id"] in links or who["state"] == "held" or not who["other"]:
            continue
        found = [
            account
            for account in living
            if account["values"].get("otherMailbox") == who["other"]
            and not keys_of(account) & working
        ]
        leavers = [key for key, account in links.items() if account in found]
        if leavers and who["state"] not in ("prepared", "returning", "active", "leave"):
            continue
        if len(found) == 1:
            for key in [key for key, account in links.items() if account is found[0]]:
                del links[key]
            links[who["id"]] = found[0]


def is_doubtful(who: Reading, account: Account | None, absent: list[Account]) -> bool:
    """Whether a human has to say first who somebody is."""
    if rules.POLICY[who["source"]]["confirmed"] or who["state"] in (
        "not_due",
        "leaver",
        "out_of_scope",
    ):
        return False
    if account is None:
        return any(_same_names(who, other) for other in absent)
    began_before = who["several"] and who["first"] < (account["since"] or date.min)
    if account["mark"] != "disabled" or began_before:
        return False
    return (who["start"] - account["since"]).days > rules.RESTORE_WITHIN_DAYS


def _same_names(who: Reading, account: Account) -> bool:
    return all(
        (who["values"].get(name) or "").casefold()
        == (account["values"].get(name) or "").casefold()
        != ""
        for name in ("givenName", "sn")
    )
