"""What the directory should hold: docs/lifecycle.md, applied day by day to accounts of our own."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lab.company_data import Person

from . import rules
from .accounts import (
    Account,
    Reading,
    clear_desk,
    created,
    enable,
    follow,
    leave,
    lock,
    retention_over,
)
from .matching import Id, is_doubtful, keys_of, links_of, seen_as
from .persons import persons

Feeds = dict[str, tuple[list[Person], str]]  # {source: (its people, the date in its company)}

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


def run(accounts: list[Account], feeds: Feeds, as_of: datetime) -> None:
    """One run of all sources: change the accounts to what they should be after it."""
    readings = [
        rules.reading(kind, person, company_day, as_of)
        for kind, (people, company_day) in feeds.items()
        for person in people
        if rules.listed(kind, person)
    ]
    today = as_of.date()
    excluded = {
        (kind, key)
        for kind, keys in rules.EXCLUDED.items()
        for key, until in keys.items()
        if today <= until
    }
    everybody = persons(readings)
    counted = [who for who in everybody if not who["keys"] & excluded]
    left_alone = {key for who in everybody if who["keys"] & excluded for key in who["keys"]}
    living = [
        account for account in accounts if not account["gone"] and not keys_of(account) & left_alone
    ]
    links = links_of(counted, living)
    _people(counted, links, living, accounts, today)
    _bosses(counted, links)
    linked = {account["id"] for account in links.values()}
    for account in living:
        if account["id"] not in linked:
            _absent(account, today)
    for account in accounts:
        if account["boss"] is not None and accounts[account["boss"]]["gone"]:
            account["boss"] = (
                None  # the directory itself takes away what points at a deleted object
            )


def _people(
    counted: list[Reading],
    links: dict[Id, Account],
    living: list[Account],
    accounts: list[Account],
    today: date,
) -> None:
    """Do what is to be done for everybody; accounts that are created are added."""
    taken = {account["id"] for account in links.values()}
    absent = [
        account
        for account in living
        if account["id"] not in taken
        and (seen_as(account) != "locked" or not retention_over(account, today))
    ]
    for who in counted:
        account = links.get(who["id"])
        doubtful = who["state"] != "held" and is_doubtful(who, account, absent)
        if account and doubtful:
            account["doubtful"] = True
        if doubtful:
            who["state"] = "held"
        if who["state"] == "held":
            _held(who, account)
            continue
        made = _person(who, account, accounts)
        if made:
            links[who["id"]] = made


def _held(who: Reading, account: Account | None) -> None:
    """Nothing, except a lock."""
    if account and account["enabled"] and who["has_left"]:
        since, dated = rules.first_day_without_access(who)
        lock(account, since, dated, who["today"])


def _person(who: Reading, account: Account | None, accounts: list[Account]) -> Account | None:
    """Do what the table says for one person; the account if one was created."""
    state = "bridged" if who.get("bridged") else _row_of(who)
    switch, care = TABLE.get((state, seen_as(account)), (None, NOTHING))
    if switch == "moved_start" and who.get("works_elsewhere"):
        switch, care = None, NOTHING  # works here already, out of scope
    if switch and switch.startswith("create"):
        account = created(who, len(accounts), switch.removeprefix("create_"))
        accounts.append(account)
        return account
    if account is None:
        return None
    account["stays"] = state in ("bridged", "out_of_scope")
    since, dated = None, False
    if state in ("leaver", "returning"):
        since, dated = rules.first_day_without_access(who)
    if state == "leaver" and account["mark"] == "disabled" and dated and since > account["since"]:
        # The day follows HR's, and never goes back
        account.update(since=since, undated=False)
    if switch == "delete_when_due" and retention_over(account, who["today"]):
        account["gone"] = True
        return None
    if care != NOTHING or state == "leaver":
        account["absent"] = None
    _switch(account, switch, since, dated, who)
    if care == LINE:
        follow(account, who)
    elif care == LEAVE:
        account.update(left=who["left"], keys=who["keys"])
        leave(account, who["source"], who["sources"], account["since"] or since)
        clear_desk(account, account["since"] or since)
    return None


def _row_of(who: Reading) -> str:
    """The state as the table has it."""
    if who["state"] != "leave":
        return who["state"]
    return "away" if rules.POLICY[who["source"]]["leave_disables"] else "active"


def _switch(
    account: Account, switch: str | None, since: date | None, dated: bool, who: Reading
) -> None:
    """Enable or disable the account. since, dated: as of rules.first_day_without_access."""
    if switch == "moved_start" and rules.POLICY[who["source"]]["moved_start_disables"]:
        account.update(enabled=False, mark="prepared", since=None)
    elif switch == "pause":
        account.update(enabled=False, mark="leave", since=None)
    elif switch == "lock":
        locked_before = account["mark"] == "disabled" and not dated
        lock(account, account["since"] if locked_before else since, dated, who["today"])
    elif switch == "enable":
        enable(account, who)


def _bosses(counted: list[Reading], links: dict[Id, Account]) -> None:
    """Set the managers of those whose account follows the rules.

    Where HR names nobody whose account is known, the manager stays.
    """
    ids = {number: who["id"] for who in counted for number in who["numbers"]}
    for who in counted:
        account, boss = links.get(who["id"]), (who["source"], who["boss"])
        if (
            account is None
            or who["state"] in ("held", "not_due", "leaver", "out_of_scope")
            or account["gone"]
        ):
            continue
        if who["boss"] is None:
            account["boss"] = None
        elif boss not in who["numbers"]:
            other = links.get(ids.get(boss))
            if other is not None:
                account["boss"] = other["id"]


def _absent(account: Account, today: date) -> None:
    """An account with our mark that no record of the feeds has."""
    seen = seen_as(account)
    if seen == "locked":
        account["gone"] = retention_over(account, today)
    else:
        account["absent"] = account["absent"] or today
        if seen != "by hand" and account["absent"] + timedelta(days=rules.GRACE_DAYS) <= today:
            since = account["absent"] + timedelta(days=rules.GRACE_DAYS)
            lock(account, since, dated=False, today=today)
            leave(account, account["source"], set(), account["since"])
