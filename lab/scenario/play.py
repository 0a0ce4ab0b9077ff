"""The play: every day HR changes, IT changes things by hand, the collection runs twice, and the
checker compares.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from lab import day, hr, moves, population
from lab.domain import Domain

from . import by_hand, compare, directory, expect, names_seen, runs, skipped
from .accounts import Account

# UTC: at 13:30 it is tomorrow in Sydney and Auckland, at 06:00 yesterday in Los Angeles
HOURS = ("00:00", "06:00", "13:30", "20:00")


def play(
    root: Path, addresses: tuple[str, str], given: dict[str, Any], tell: Callable[[str], None]
) -> tuple[int, int]:
    """Play a number of days in two clean domains; (checks, differences).

    given: {"days", "people", "seed", "inventory", "pause": days at the end without a run on the
    second domain, and then one run for all of them}. tell(text) reports what happens; differences
    begin with "DIFFERENCE".
    """
    daily_domain = Domain(root / "dc", addresses[0])
    late_domain = Domain(root / "dc-skipped", addresses[1])
    with contextlib.ExitStack() as stack:
        for domain in (daily_domain, late_domain):
            stack.callback(domain.stop)
            domain.reset()
            directory.add_groups(domain)
        for folder in ("daily", "skipped"):  # the names of an earlier play are not these
            (root / folder / "tmp" / runs.NAMES_LEDGER).unlink(missing_ok=True)
        tls = daily_domain.root / "private/tls"
        servers = {}
        for kind in population.KINDS:
            company = population.generate(given["people"], given["seed"], kind)
            server = hr.serve(kind, company, address=addresses[0], tls=tls)
            servers[kind] = stack.enter_context(server)
        inventory = given["inventory"]
        daily = runs.Place(
            folder=root / "daily", domain=daily_domain, servers=servers, inventory=inventory
        )
        late = runs.Place(
            folder=root / "skipped", domain=late_domain, servers=servers, inventory=inventory
        )
        return _days(daily, late, given, tell)


def _days(
    daily: runs.Place, late: runs.Place, given: dict[str, Any], tell: Callable[[str], None]
) -> tuple[int, int]:
    accounts: list[Account] = []
    seen = names_seen.nothing()
    servers, domains = daily["servers"], [daily["domain"], late["domain"]]
    count, as_of = 0, ""
    for number in range(given["days"]):
        if number:
            _hr_changes(servers, tell)
        rng = random.Random(f"scenario:{given['seed']}:{number}")
        today = servers["elmo"].company["date"]
        as_of = f"{today}T{rng.choice(HOURS)}:00+00:00"
        act = by_hand.meddle(rng, number, accounts, domains) if number > 1 else None
        if act:
            tell(f"{today}  {act}")
        both = number < given["days"] - given["pause"]
        differences = _day_in_both(daily, late if both else None, accounts, as_of)
        entries = directory.read(daily["domain"])
        directory.give_desks(daily["domain"], by_hand.new_desks(accounts, entries))
        differences += names_seen.differences(seen, accounts, entries)
        count += len(differences)
        for text in differences:
            tell(f"DIFFERENCE day {number + 1}, {as_of}: {text}")
        existing = sum(not account["gone"] for account in accounts)
        result = f"{existing} accounts, {len(differences)} differences"
        tell(f"{today}  day {number + 1}: {result}")
    companies = {kind: server.company for kind, server in servers.items()}
    first = given["days"] - given["pause"]
    differences = skipped.converge(late, daily["domain"], accounts, companies, as_of, first)
    tell(
        f"names: {len(seen['humans'])} seen, {seen['back']} people got theirs back, "
        f"{seen['passed_over']} got another one because of somebody without an account"
    )
    for text in differences:
        tell(f"DIFFERENCE after {given['pause']} days without a run: {text}")
    return given["days"] + 1, count + len(differences)


def _day_in_both(
    daily: runs.Place, late: runs.Place | None, accounts: list[Account], as_of: str
) -> list[str]:
    """The differences of a day, and the errors of a run on the other domain at the same time."""
    if late is None:
        return _day(daily, accounts, as_of)
    with ThreadPoolExecutor(1) as beside:
        other = beside.submit(runs.sync, late, as_of, False)
        differences = _day(daily, accounts, as_of)
        return differences + [f"on the other domain {text}" for text in other.result()[0]]


def _hr_changes(servers: dict[str, hr.Server], tell: Callable[[str], None]) -> None:
    companies = {kind: server.company for kind, server in servers.items()}
    happened = {kind: day.pass_day(company) for kind, company in companies.items()}
    moved = moves.pass_day(companies, happened)
    for kind, server in servers.items():
        for event in (*happened[kind], *moved[kind]):
            tell(day.event_line(server.company["date"], kind, event))
        server.changed()


def _day(daily: runs.Place, accounts: list[Account], as_of: str) -> list[str]:
    """Run twice and compare: the differences of the day."""
    troubles, writes = runs.sync(daily, as_of)
    moment = datetime.fromisoformat(as_of)
    companies = {kind: server.company for kind, server in daily["servers"].items()}
    feeds = {kind: (one["people"], one["date"]) for kind, one in companies.items()}
    expect.run(accounts, feeds, moment)
    differences = troubles + compare.differences(accounts, directory.read(daily["domain"]))
    return differences + [
        f"the second run wrote: {write['operation']} {write['dn']} {' '.join(write['attributes'])}"
        for write in writes
    ]
