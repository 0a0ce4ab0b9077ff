"""The play: day after day HR moves on, IT meddles, the collection runs twice, and the checker
looks.
"""

from __future__ import annotations

import contextlib
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from lab import day, hr, population
from lab.domain import Domain

from . import by_hand, compare, directory, expect, runs, skipped

HOURS = (
    "00:00",
    "06:00",
    "13:30",
    "20:00",
)  # UTC: at 13:30 it is tomorrow in Sydney and Auckland, at 06:00 yesterday in Los Angeles


def play(root: Path, addresses: tuple[str, str], given: dict, tell) -> tuple[int, int]:
    """Play so many days in two clean domains; (checks, differences).

    given: {"days", "people", "seed", "inventory", "pause": on the second domain nothing runs for so
    many days at the end, and then all of it at once}. tell(text) says what happens; differences
    begin with "DIFFERENCE".
    """
    domains = [
        Domain(root / name, address)
        for name, address in zip(("dc", "dc-skipped"), addresses, strict=True)
    ]
    with contextlib.ExitStack() as stack:
        for domain in domains:
            stack.callback(domain.stop)
            domain.reset()
            directory.add_group(domain)
        companies = {
            kind: population.generate(given["people"], given["seed"], kind)
            for kind in population.KINDS
        }
        tls = domains[0].root / "private/tls"
        servers = {
            kind: stack.enter_context(hr.serve(kind, company, address=addresses[0], tls=tls))
            for kind, company in companies.items()
        }
        daily, skipping = (
            {
                "folder": root / name,
                "domain": domain,
                "servers": servers,
                "inventory": given["inventory"],
            }
            for name, domain in zip(("daily", "skipped"), domains, strict=True)
        )
        return _days(daily, skipping, given, tell)


def _days(daily: dict, skipping: dict, given: dict, tell) -> tuple[int, int]:
    accounts: list[dict] = []
    servers, domains, found, as_of = daily["servers"], [daily["domain"], skipping["domain"]], 0, ""
    for number in range(given["days"]):
        if number:
            _hr_moves_on(servers, tell)
        rng = random.Random(f"scenario:{given['seed']}:{number}")
        today = servers["elmo"].company["date"]
        as_of = f"{today}T{rng.choice(HOURS)}:00+00:00"
        act = by_hand.meddle(rng, number, accounts, domains) if number > 1 else None
        if act:
            tell(f"{today}  {act}")
        with ThreadPoolExecutor(1) as beside:
            late = (
                beside.submit(runs.sync, skipping, as_of, False)
                if number < given["days"] - given["pause"]
                else None
            )
            differences = _day(daily, accounts, as_of)
            differences += [
                f"on the other domain {text}" for text in (late.result()[0] if late else ())
            ]
        found += len(differences)
        for text in differences:
            tell(f"DIFFERENCE day {number + 1}, {as_of}: {text}")
        tell(
            f"{today}  day {number + 1}: {sum(not account['gone'] for account in accounts)} accounts, {len(differences)} differences"
        )
    differences = skipped.converge(skipping, daily["domain"], accounts, as_of)
    for text in differences:
        tell(f"DIFFERENCE after {given['pause']} days without a run: {text}")
    return given["days"] + 1, found + len(differences)


def _hr_moves_on(servers: dict, tell) -> None:
    for kind, server in servers.items():
        for event in day.pass_day(server.company):
            tell(
                f"{server.company['date']}  {kind:7} {event['kind']:16} {event['number']:>5}  {event['name']}: {event['what']}"
            )
        server.changed()


def _day(daily: dict, accounts: list[dict], as_of: str) -> list[str]:
    """Run twice and look: the differences of the day."""
    troubles, writes = runs.sync(daily, as_of)
    moment = datetime.fromisoformat(as_of)
    for kind, server in daily["servers"].items():
        expect.run(accounts, kind, server.company["people"], server.company["date"], moment)
    differences = troubles + compare.differences(accounts, directory.read(daily["domain"]))
    return differences + [
        f"the second run wrote: {write['operation']} {write['dn']} {' '.join(write['attributes'])}"
        for write in writes
    ]
