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
    deleted (where nothing ran it still exists, with its names), and of people who came in the
    meantime (daily runs named them before others left, or before they were renamed)
  - people who came back after their account was deleted, where HR does not confirm who they are:
    where nothing ran the account still exists, and they are held for a long absence
  - people whom daily runs have held for a long absence: where nothing ran they were never locked
  - people who are held for a long absence where nothing ran, because HR has used their earlier
    record again: no run saw that they worked in the other company in between
  - people whose record was removed from one company while they had one in the other: where nothing
    ran, no run saw both records
  - people who began in the meantime and are now in a short gap, or out of scope: their account
    stays as daily runs have made it, and where nothing ran it was not there, or not in use yet
  - accounts that IT disabled or enabled in the meantime: daily runs saw each state of them
  - which of a person's keys the account has, and which source owns that of a leaver
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lab.company_data import Company
from lab.domain import Domain

from . import compare, directory, rules, runs
from .accounts import Account
from .directory import Entry

Human = str  # the group number
Humans = dict[tuple[str, str | None], Human]  # {(source, key): whose it is}
SAME = ("enabled", "mark", "ou")


def humans_of(companies: dict[str, Company]) -> Humans:
    """Whose the keys are that the companies give, without those that are mistakes."""
    found: Humans = {}
    for kind, company in companies.items():
        for person in company["people"]:
            found[(kind, rules.key_of(kind, person | {"columns": {}}))] = person["human"]
    return found


def _half_removed(companies: dict[str, Company]) -> set[Human]:
    """Who has a record that is shown, and one that is not any more."""
    people = [person for company in companies.values() for person in company["people"]]
    shown, hidden = (
        {person["human"] for person in people if person["hidden"] is one} for one in (False, True)
    )
    return shown & hidden


def converge(
    place: runs.Place,
    daily_domain: Domain,
    accounts: list[Account],
    companies: dict[str, Company],
    as_of: str,
    first: int,
) -> list[str]:
    """Run once; once more, which must write nothing; then compare with the domain of the daily
    runs.

    place: as of runs.sync. first: number of the first day on which nothing ran.
    """
    humans = humans_of(companies)
    before = _by_human(directory.read(place["domain"]), humans)
    differences, writes = runs.sync(place, as_of)
    differences += [f"the run after wrote: {write['operation']} {write['dn']}" for write in writes]
    daily, late = (
        _by_human(directory.read(domain), humans) for domain in (daily_domain, place["domain"])
    )
    other = {one["human"] for one in accounts if _depends_on_days(one, first)}
    other |= _half_removed(companies)
    other |= {
        one["human"]
        for one in accounts
        if one["stays"]
        and (one["human"] not in before or before[one["human"]]["mark"] == "prepared")
    }
    came_back = {one["human"] for one in accounts if one["gone"]}
    for human in sorted((daily.keys() | late.keys()) - other):
        here, there = daily.get(human), late.get(human)
        who = _name(here or there)
        if human in before and here and there is None:
            differences.append(
                f"{who}: deleted, but with daily runs {here['dn']} exists, since {here['since']}"
            )
            continue
        if human in came_back and not rules.POLICY[(here or there)["source"]]["confirmed"]:
            continue
        if there and _is_long_absence(there, human, companies):
            continue
        names = compare.NAMES if human in before and human not in came_back else ()
        texts = _differ(here, there, daily, late, names)
        differences += [f"{who}: {text}" for text in texts]
    return differences


def _is_long_absence(entry: Entry, human: Human, companies: dict[str, Company]) -> bool:
    """Whether a locked account looks like that of somebody who was away for long."""
    people = [one for company in companies.values() for one in company["people"]]
    starts = [one["start"] for one in people if one["human"] == human and one["start"]]
    if len(starts) == 1 or entry["mark"] != "disabled":
        return False
    away = date.fromisoformat(min(starts)) - date.fromisoformat(entry["since"])
    return away.days > rules.RESTORE_WITHIN_DAYS


def _began(before: Entry | None, after: Entry) -> bool:
    """Whether an account came into use while nothing ran."""
    return after["mark"] != "prepared" and (before is None or before["mark"] == "prepared")


def _depends_on_days(account: Account, first: int) -> bool:
    was_switched = account["switched"] is not None and account["switched"] >= first
    return bool(was_switched or account["undated"] or account["absent"] or account["doubtful"])


def _name(entry: Entry) -> str:
    source, key = directory.id_of(entry)
    return f"{source} {key} {entry['cn']}"


def _by_human(entries: list[Entry], humans: Humans) -> dict[Human, Entry]:
    """Which of a person's keys and sources an account has depends on the days of the runs."""
    found = {}
    for entry in entries:
        found[humans.get(directory.id_of(entry), entry["dn"])] = entry
    return found


def _differ(
    here: Entry | None,
    there: Entry | None,
    daily: dict[Human, Entry],
    late: dict[Human, Entry],
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
    for name in ("source", "contributors", "expires"):
        if here[name] != there[name]:
            yield _text(name, here[name], there[name])
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
    keys = (rules.KEY_ATTRIBUTE[here["source"]], "employeeNumber")  # which one depends on the days
    for name in [one for one in (*compare.CHECKED, *names, "description") if one not in keys]:
        one, other = here["attributes"].get(name), there["attributes"].get(name)
        if one != other:
            yield _text(name, one, other)


def _text(name: str, here: object, there: object) -> str:
    return f"{name}: {here} with daily runs, {there} with skipped ones"


def _boss(entry: Entry, entries: dict[Human, Entry]) -> Human | None:
    """Whose the account's manager is, among the entries of its domain."""
    manager = entry["attributes"].get("manager")
    return next((human for human, one in entries.items() if [one["dn"]] == manager), None)
