"""Which account of expect.py belongs to which person of persons.py, and where a human has to say
so.
"""

from __future__ import annotations

from typing import Any

from . import rules
from .persons import Reading

Account = dict[str, Any]  # of expect.py


def seen_as(account: Account | None) -> str:
    """How a person's account appears to the table."""
    if account is None:
        return "none"
    if account["enabled"]:
        return "enabled"
    return {"prepared": "waiting", "leave": "paused", "disabled": "locked"}.get(
        account["mark"], "by hand"
    )


def links_of(counted: list[Reading], mine: list[Account]) -> dict[str, Account]:
    """The account of each person who has one."""
    links = {}
    for who in counted:
        found = [account for account in mine if account["key"] in who["keys"]]
        if len(found) == 1:
            links[who["key"]] = found[0]
    _by_other_value(counted, links, mine)
    return links


def _by_other_value(counted: list[Reading], links: dict[str, Account], mine: list[Account]) -> None:
    """Link people who are found by the other value to an account whose key nobody at work has."""
    working = {key for who in counted if who["state"] != "leaver" for key in who["keys"]}
    for who in counted:
        if who["key"] in links or who["state"] == "held" or not who["other"]:
            continue
        found = [
            account
            for account in mine
            if account["values"].get("otherMailbox") == who["other"]
            and account["key"] not in working
        ]
        leavers = [key for key, account in links.items() if account in found]
        if leavers and who["state"] not in ("prepared", "returning", "active", "leave"):
            continue
        if len(found) == 1:
            for key in [key for key, account in links.items() if account is found[0]]:
                del links[key]
            links[who["key"]] = found[0]


def is_doubtful(who: Reading, account: Account | None, kind: str, absent: list[Account]) -> bool:
    """Whether a human has to say first who somebody is."""
    if rules.POLICY[kind]["confirmed"] or who["state"] in ("not_due", "leaver", "out_of_scope"):
        return False
    if account is None:
        return any(_same_names(who, other) for other in absent)
    if seen_as(account) != "locked" or who["several"]:
        return False
    return (who["start"] - account["since"]).days > rules.RESTORE_WITHIN_DAYS


def _same_names(who: Reading, account: Account) -> bool:
    return all(
        (who["values"].get(name) or "").casefold()
        == (account["values"].get(name) or "").casefold()
        != ""
        for name in ("givenName", "sn")
    )
