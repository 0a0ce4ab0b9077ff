"""What the directory should hold: docs/lifecycle.md, applied day by day to accounts of our own.

An account is a dict:
  id                    its number here
  source, key, number   of the person
  keys                  all keys of the person
  name, called          of the person, now and when the account was created
  enabled               whether it is
  mark                  active, prepared, leave or disabled
  since, absent         days of the mark, or None
  ou, groups, values    OU, {name of a group}, {attribute: text}
  boss                  id of another account, or None
  left                  text of description, or None
  expires               moment, or None
  record                [(group, day)]: the groups that were removed
  gone                  it is deleted
  undated               its lock follows from the day of a run, not from HR's dates alone
  guid, names           as compare.py first read them
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from lab.company_data import Person

from . import rules
from .matching import is_doubtful, links_of, seen_as
from .persons import persons

Account = dict[str, Any]
Reading = dict[str, Any]  # of one record: rules.py says what it has

NOTHING, LINE, LEAVE = "nothing", "line", "leave"
# (state, how the account is seen): (what becomes of its being enabled, what is done besides)
TABLE = {
    ("not_due", "enabled"): ("moved_start", NOTHING),
    ("prepared", "none"): ("create_prepared", LINE),
    ("prepared", "enabled"): ("moved_start", LINE),
    **{("prepared", seen): (None, LINE) for seen in ("waiting", "paused", "locked", "by hand")},
    ("returning", "none"): ("create_prepared", LINE),
    ("returning", "enabled"): ("lock", LINE),
    **{("returning", seen): (None, LINE) for seen in ("waiting", "paused", "locked", "by hand")},
    ("active", "none"): ("create_active", LINE),
    ("active", "enabled"): (None, LINE),
    ("active", "by hand"): (None, LINE),
    **{("active", seen): ("enable", LINE) for seen in ("waiting", "paused", "locked")},
    ("bridged", "none"): ("create_prepared", LINE),
    **{
        ("bridged", seen): (None, LINE)
        for seen in ("enabled", "waiting", "paused", "locked", "by hand")
    },
    ("away", "none"): ("create_leave", LINE),
    ("away", "enabled"): ("pause", LINE),
    **{("away", seen): (None, LINE) for seen in ("waiting", "paused", "locked", "by hand")},
    **{("leaver", seen): ("lock", LEAVE) for seen in ("enabled", "waiting", "paused")},
    ("leaver", "locked"): ("delete_when_due", LEAVE),
    ("leaver", "by hand"): (None, LEAVE),
}


def run(
    accounts: list[Account], kind: str, people: list[Person], company_day: str, as_of: datetime
) -> None:
    """One run of one source: change the accounts to what they should be after it."""
    readings = [
        rules.reading(kind, person, company_day, as_of)
        for person in people
        if rules.listed(kind, person)
    ]
    excluded = {key for key, until in rules.EXCLUDED[kind].items() if as_of.date() <= until}
    everybody = persons(readings)
    counted = [who for who in everybody if not who["keys"] & excluded]
    left_alone = {key for who in everybody if who["keys"] & excluded for key in who["keys"]}
    mine = [account for account in accounts if account["source"] == kind and not account["gone"]]
    links = links_of(counted, mine)
    taken = {account["id"] for account in links.values()}
    absent = [
        account
        for account in mine
        if account["id"] not in taken
        and account["key"] not in left_alone
        and (seen_as(account) != "locked" or not _retention_over(account, as_of.date()))
    ]
    for who in counted:
        if who["state"] == "held" or is_doubtful(who, links.get(who["key"]), kind, absent):
            _held(who, links.get(who["key"]))
            continue
        made = _person(who, links.get(who["key"]), kind, accounts)
        if made:
            links[who["key"]] = made
    _bosses(counted, links)
    linked = {account["id"] for account in links.values()}
    for account in mine:
        if account["id"] not in linked and account["key"] not in left_alone:
            _absent(account, kind, as_of.date())
    for account in accounts:
        if account["boss"] is not None and accounts[account["boss"]]["gone"]:
            account["boss"] = (
                None  # the directory itself takes away what points at a deleted object
            )


def _held(who: Reading, account: Account | None) -> None:
    """Nothing, except a lock."""
    if account and account["enabled"] and who["has_left"]:
        since, dated = rules.first_day_without_access(who)
        _lock(account, since, dated, who["today"])


def _person(
    who: Reading, account: Account | None, kind: str, accounts: list[Account]
) -> Account | None:
    """Do what the table says for one person; the account if one was created."""
    policy = rules.POLICY[kind]
    state = "bridged" if who.get("bridged") else _row_of(who["state"], policy)
    switch, care = TABLE.get((state, seen_as(account)), (None, NOTHING))
    if switch == "moved_start" and who.get("works_elsewhere"):
        switch, care = None, NOTHING  # works here already, out of scope
    if switch and switch.startswith("create"):
        account = _created(who, kind, len(accounts), switch.removeprefix("create_"))
        accounts.append(account)
        return account
    if account is None:
        return None
    since, dated = None, False
    if state in ("leaver", "returning"):
        since, dated = rules.first_day_without_access(who)
    if state == "leaver" and account["mark"] == "disabled" and dated and since > account["since"]:
        # The day follows HR's, and never goes back
        account.update(since=since, undated=False)
    if switch == "delete_when_due" and _retention_over(account, who["today"]):
        account["gone"] = True
        return None
    if care != NOTHING or state == "leaver":
        account["absent"] = None
    _switch(account, switch, since, dated, who, policy)
    if care == LINE:
        _line(account, who, policy)
    elif care == LEAVE:
        account["left"] = who["left"]
        _leave(account, policy, account["since"] or since)
    return None


def _retention_over(account: Account, today: date) -> bool:
    return account["since"] + timedelta(days=rules.DELETE_AFTER_DAYS) <= today


def _row_of(state: str, policy: dict[str, Any]) -> str:
    """The state as the table has it."""
    if state != "leave":
        return state
    return "away" if policy["leave_disables"] else "active"


def _switch(
    account: Account,
    switch: str | None,
    since: date | None,
    dated: bool,
    who: Reading,
    policy: dict[str, Any],
) -> None:
    """Enable or disable the account. since, dated: as of rules.first_day_without_access."""
    if switch == "moved_start" and policy["moved_start_disables"]:
        account.update(enabled=False, mark="prepared", since=None)
    elif switch == "pause":
        account.update(enabled=False, mark="leave", since=None)
    elif switch == "lock":
        locked_before = account["mark"] == "disabled" and not dated
        _lock(account, account["since"] if locked_before else since, dated, who["today"])
    elif switch == "enable":
        _enable(account, who, policy)


def _created(who: Reading, kind: str, number: int, mark: str) -> Account:
    account = {
        "id": number,
        "source": kind,
        "key": None,
        "enabled": mark == "active",
        "mark": mark,
        "since": None,
        "absent": None,
        "groups": set(),
        "values": {},
        "boss": None,
        "left": None,
        "record": [],
        "gone": False,
        "undated": False,
        "called": who["name"],
        "guid": None,
        "names": None,
    }
    _line(account, who, rules.POLICY[kind])
    return account


def _line(account: Account, who: Reading, policy: dict[str, Any]) -> None:
    keeps_key = account["key"] in who["keys"]
    account["keys"] = who["keys"]
    wanted = {
        name: text
        for name, text in who["values"].items()
        if not keeps_key or name != rules.KEY_ATTRIBUTE[account["source"]]
    }
    account.update(number=who["number"], name=who["name"], ou=who["ou"])
    account["expires"] = who["expires"] if policy["expires"] else None
    if not keeps_key:
        account["key"] = who["key"]
    account["values"] = {
        name: text for name, text in account["values"].items() if name not in who["clear"]
    } | wanted
    account["groups"] = (account["groups"] - policy["managed"]) | who["groups"]
    if account["enabled"]:  # perhaps by hand, before HR took the leaver back
        _enable(account, who, policy)


def _lock(account: Account, since: date, dated: bool, today: date) -> None:
    """Lock, with the first day without access.

    It is the later one where an earlier lock has left its day, and today where the retention is
    over.
    """
    if account["mark"] == "disabled" and account["since"] >= since:
        since, dated = account["since"], not account["undated"]
    if since + timedelta(days=rules.DELETE_AFTER_DAYS) <= today:
        since, dated = today, False
    account.update(enabled=False, mark="disabled", absent=None, since=since, undated=not dated)


def _leave(account: Account, policy: dict[str, Any], day: date) -> None:
    """Remove groups and move the account of a leaver.

    day: the first one without access, also of an account that was disabled by hand and so never
    locked.
    """
    lost = account["groups"] if policy["remove_all"] else account["groups"] & policy["managed"]
    account["record"] += [(group, day) for group in sorted(lost)]
    account["groups"] = account["groups"] - lost
    account["ou"] = rules.LEAVERS


def _enable(account: Account, who: Reading, policy: dict[str, Any]) -> None:
    if account["mark"] == "disabled":
        account["left"] = None
        account["groups"] |= {
            group
            for group, day in account["record"]
            if group not in policy["managed"]
            and (who["today"] - day).days <= rules.RESTORE_WITHIN_DAYS
        }
    account.update(enabled=True, mark="active", since=None, record=[])


def _bosses(counted: list[Reading], links: dict[str, Account]) -> None:
    """Set the managers of those whose account follows the rules.

    Where HR names nobody whose account is known, the manager stays.
    """
    keys = {number: who["key"] for who in counted for number in who["numbers"]}
    for who in counted:
        account = links.get(who["key"])
        if (
            account is None
            or who["state"] in ("held", "not_due", "leaver", "out_of_scope")
            or account["gone"]
        ):
            continue
        if who["boss"] is None:
            account["boss"] = None
        elif who["boss"] not in who["numbers"]:
            other = links.get(keys.get(who["boss"]))
            if other is not None:
                account["boss"] = other["id"]


def _absent(account: Account, kind: str, today: date) -> None:
    """An account with our mark that no record of the feed has."""
    seen = seen_as(account)
    if seen == "locked":
        account["gone"] = account["since"] + timedelta(days=rules.DELETE_AFTER_DAYS) <= today
    else:
        account["absent"] = account["absent"] or today
        if seen != "by hand" and account["absent"] + timedelta(days=rules.GRACE_DAYS) <= today:
            since = account["absent"] + timedelta(days=rules.GRACE_DAYS)
            _lock(account, since, dated=False, today=today)
            _leave(account, rules.POLICY[kind], account["since"])
