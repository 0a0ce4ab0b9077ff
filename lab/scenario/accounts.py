"""What is done to one account of our own.

An account is a dict:
  id                    its number here
  source, key           the source that owns it, and the key by the rules of that source
  human, number         of the person
  contributors          the other sources with a record of the person that has not ended
  keys                  all keys of the person: {(source, key)}
  name, called          of the person, now and when the account was created
  enabled               whether it is
  mark                  active, prepared, leave or disabled
  since, absent         days of the mark, or None
  ou, groups, values    OU, {name of a group}, {attribute: text}
  boss                  id of another account, or None
  left                  text of description, or None
  expires               moment, or None
  record                [(group, day)]: the groups that were removed
  desk                  what IT has written by hand of a desk, or None
  saved                 (desk, day): what the leaver rules have cleared; None without it
  gone                  it is deleted
  doubtful              its person was held once, until a human says who it is
  switched              number of the last day on which IT disabled or enabled it, or None
  stays                 runs leave it as it is: its person is in a short gap, or out of scope
  undated               its lock follows from the day of a run, not from HR's dates alone
  guid, names           as compare.py first read them
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from . import rules

Account = dict[str, Any]
Reading = dict[str, Any]  # a person: persons.py says what it has


def retention_over(account: Account, today: date) -> bool:
    """Whether a locked account is due to be deleted."""
    return account["since"] + timedelta(days=rules.DELETE_AFTER_DAYS) <= today


def created(who: Reading, number: int, mark: str) -> Account:
    """A new account of a person."""
    account = {
        "id": number,
        "source": who["source"],
        "contributors": set(),
        "human": who["human"],
        "key": None,
        "keys": set(),
        "enabled": mark == "active",
        "mark": mark,
        "since": None,
        "absent": None,
        "groups": set(),
        "values": {},
        "boss": None,
        "left": None,
        "record": [],
        "desk": None,
        "saved": None,
        "gone": False,
        "doubtful": False,
        "switched": None,
        "stays": False,
        "undated": False,
        "called": who["name"],
        "guid": None,
        "names": None,
    }
    follow(account, who)
    return account


def _managed(account: Account, *sources: str) -> set[str]:
    """The groups that these sources, or those in the mark, decide about."""
    every = {*sources, account["source"], *account["contributors"]}
    return {group for source in every for group in rules.POLICY[source]["managed"]}


def follow(account: Account, who: Reading) -> None:
    """Make the account what the rules of the person's source say; that source owns it then."""
    policy, attribute = rules.POLICY[who["source"]], rules.KEY_ATTRIBUTE[who["source"]]
    keeps_key = (who["source"], account["values"].get(attribute)) in who["keys"]
    wanted = {
        name: text for name, text in who["values"].items() if not keeps_key or name != attribute
    }
    others = _managed(account, *who["sources"])
    account["groups"] = (account["groups"] - (others - who["wanted"])) | who["groups"]
    account["values"] = {
        name: text for name, text in account["values"].items() if name not in who["clear"]
    } | wanted
    if account["enabled"]:  # perhaps by hand, before HR took the leaver back
        enable(account, who)
    account.update(number=who["number"], name=who["name"], ou=who["ou"], keys=who["keys"])
    account.update(source=who["source"], contributors=who["contributors"])
    account["expires"] = who["expires"] if policy["expires"] else None
    account["key"] = account["values"][attribute]


def enable(account: Account, who: Reading) -> None:
    """Enable the account; groups that no rule decides about come back."""
    if account["mark"] == "disabled":
        account["left"] = None
        decided = rules.POLICY[who["source"]]["managed"] | (
            _managed(account, *who["sources"]) - who["wanted"]
        )
        account["groups"] |= {
            group
            for group, day in account["record"]
            if group not in decided and (who["today"] - day).days <= rules.RESTORE_WITHIN_DAYS
        }
        account["desk"] = None
        desk, day = account["saved"] or (None, who["today"])
        if (who["today"] - day).days <= rules.RESTORE_ALL_WITHIN_DAYS:
            account["desk"] = desk
    account.update(enabled=True, mark="active", since=None, record=[], saved=None)


def lock(account: Account, since: date, dated: bool, today: date) -> None:
    """Lock, with the first day without access.

    It is the later one where an earlier lock has left its day, and today where the retention is
    over.
    """
    if account["mark"] == "disabled" and account["since"] >= since:
        since, dated = account["since"], not account["undated"]
    if since + timedelta(days=rules.DELETE_AFTER_DAYS) <= today:
        since, dated = today, False
    account.update(enabled=False, mark="disabled", absent=None, since=since, undated=not dated)


def leave(account: Account, source: str, sources: set[str], day: date) -> None:
    """Remove groups and move the account of a leaver, by the rules of a source.

    sources: of all records. day: the first one without access, also of an account that was disabled
    by hand and so never locked.
    """
    lost = account["groups"]
    if not rules.POLICY[source]["remove_all"]:
        lost = lost & _managed(account, source, *sources)
    account["record"] += [(group, day) for group in sorted(lost)]
    account["groups"] = account["groups"] - lost
    account["ou"] = rules.LEAVERS


def clear_desk(account: Account, day: date) -> None:
    """Clear the desk of a leaver, and save it once. day: as of leave."""
    account["saved"] = account["saved"] or (account["desk"], day)
    account["desk"] = None
