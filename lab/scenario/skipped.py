"""The domain on which nothing ran for a while: after one run it must hold what daily runs made of
the other one.

These things can differ, because they follow from the days of the runs and not from HR's dates:
  - people who were locked for being absent, or dismissed without a last day: the day in the mark,
    and what follows from it
  - accounts of people who came and left in the meantime
  - accounts that are locked late, and kept for their whole retention from then on
  - the attributes of leavers: what HR changed before they left does not arrive any more
  - groups that no rule names
  - names, because an account gets them once: of people who came back after their account was
    deleted (where nothing ran it still exists, with its names), and of people who came and were
    renamed in the meantime (daily runs named them before, the late one after it)
  - people who came back after their account was deleted, where HR does not confirm who they are:
    where nothing ran the account still exists, and they are held for a long absence
  - which of a person's keys the account has
"""

from __future__ import annotations

from collections.abc import Iterator

from lab.domain import Domain

from . import compare, directory, rules, runs
from .directory import Entry
from .expect import Account

Key = tuple[str | None, ...]  # (source, key)
SAME = ("enabled", "mark", "ou")


def converge(
    place: runs.Place, daily_domain: Domain, accounts: list[Account], as_of: str
) -> list[str]:
    """Run once; once more, which must write nothing; then compare with the domain of the daily
    runs.

    place: as of runs.sync.
    """
    before = _by_key(directory.read(place["domain"]))
    differences, writes = runs.sync(place, as_of)
    differences += [f"the run after wrote: {write['operation']} {write['dn']}" for write in writes]
    daily, late = (_by_key(directory.read(domain)) for domain in (daily_domain, place["domain"]))
    undated = {_key(account) for account in accounts if account["undated"] or account["absent"]}
    deleted = {_human(account) for account in accounts if account["gone"]}
    came_back = {_key(account) for account in accounts if _human(account) in deleted}
    renamed = {_key(account) for account in accounts if account["called"] != account["name"]}
    renewed = came_back | (renamed - before.keys())
    for key in sorted((daily.keys() | late.keys()) - undated, key=str):
        who = f"{key[0]} {key[1]}"
        if key in before and key in daily and key not in late:
            entry = daily[key]
            differences.append(
                f"{who}: deleted, but with daily runs {entry['dn']} exists, since {entry['since']}"
            )
            continue
        if key in came_back and not rules.POLICY[key[0]]["confirmed"]:
            continue
        names = () if key in renewed else compare.NAMES
        texts = _differ(daily.get(key), late.get(key), daily, late, names)
        differences += [f"{who}: {text}" for text in texts]
    return differences


def _key(account: Account) -> Key:
    return account["source"], min({account["key"], *account["keys"]})


def _human(account: Account) -> tuple[str, str | None]:
    return account["source"], account["values"].get("otherMailbox")


def _by_key(entries: list[Entry]) -> dict[Key, Entry]:
    found = {}
    for entry in entries:
        # Which of a person's keys an account has depends on the day on which it was created
        keys = entry["attributes"].get(rules.KEY_ATTRIBUTE[entry["source"]], [])
        keys = [key for key in (*keys, entry["other_key"]) if key]
        found[(entry["source"], min(keys, default=None))] = entry
    return found


def _differ(
    here: Entry | None,
    there: Entry | None,
    daily: dict[Key, Entry],
    late: dict[Key, Entry],
    names: tuple[str, ...],
) -> Iterator[str]:
    """Yield what differs. here, there: the account in the domain with daily and skipped runs."""
    if here is None or there is None:
        only = here or there
        if only["mark"] != "disabled" or only["enabled"]:
            kind = "daily" if here else "skipped"
            yield f"only in the domain with {kind} runs: {only['dn']}"
        return
    for name in SAME:
        if here[name] != there[name]:
            yield _text(name, here[name], there[name])
    if here["mark"] == "disabled":
        return
    if here["expires"] != there["expires"]:
        yield _text("expires", here["expires"], there["expires"])
    managed = rules.POLICY[here["source"]]["managed"]
    if here["groups"] & managed != there["groups"] & managed:
        yield _text("groups", sorted(here["groups"]), sorted(there["groups"]))
    yield from _differ_in_values(here, there, names)
    bosses = _boss(here, daily), _boss(there, late)
    # A boss who was deleted with daily runs: the directory removed the value with the account
    still_there = bosses[0] is None and bosses[1] in late.keys() - daily.keys()
    if bosses[0] != bosses[1] and not still_there:
        yield _text("manager", *bosses)


def _differ_in_values(here: Entry, there: Entry, names: tuple[str, ...]) -> Iterator[str]:
    key = rules.KEY_ATTRIBUTE[here["source"]]
    for name in [name for name in (*compare.CHECKED, *names, "description") if name != key]:
        one, other = here["attributes"].get(name), there["attributes"].get(name)
        if one != other:
            yield _text(name, one, other)


def _text(name: str, here: object, there: object) -> str:
    return f"{name}: {here} with daily runs, {there} with skipped ones"


def _boss(entry: Entry, entries: dict[Key, Entry]) -> Key | None:
    """The key of the account's manager among the entries of its domain."""
    manager = entry["attributes"].get("manager")
    return next((key for key, one in entries.items() if [one["dn"]] == manager), None)
