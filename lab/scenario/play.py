"""The play: day after day HR moves on, IT meddles, the collection runs twice, and the checker looks."""
from __future__ import annotations

import contextlib
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from lab import day, hr, population
from lab.domain import Domain

from . import by_hand, compare, directory, expect, runs, skipped

HOURS = ("00:00", "06:00", "13:30", "20:00")  # UTC: at 13:30 it is tomorrow in Sydney and Auckland, at 06:00 yesterday in Los Angeles


def play(root: Path, address: str, other: str, days: int, seed: str, people: int, pause: int, tell) -> tuple[int, int]:
    """Play so many days in clean domains at `address` and `other`; (checks, differences).

    pause: on the other domain nothing runs for so many days at the end, and then all of it at once. tell(text) says what
    happens; differences begin with "DIFFERENCE".
    """
    domains = [Domain(root / "dc", address), Domain(root / "dc-skipped", other)]
    with contextlib.ExitStack() as stack:
        for domain in domains:
            stack.callback(domain.stop)
            domain.reset()
            directory.add_group(domain)
        companies = {kind: population.generate(people, seed, kind) for kind in population.KINDS}
        tls = domains[0].root / "private/tls"
        servers = {kind: stack.enter_context(hr.serve(kind, company, address=address, tls=tls)) for kind, company in companies.items()}
        return _days(root, domains, servers, days, seed, pause, tell)


def _days(root: Path, domains: list[Domain], servers: dict, days: int, seed: str, pause: int, tell) -> tuple[int, int]:
    accounts: list[dict] = []
    found, as_of = 0, ""
    for number in range(days):
        if number:
            _hr_moves_on(servers, tell)
        rng = random.Random(f"scenario:{seed}:{number}")
        today = servers["elmo"].company["date"]
        as_of = f"{today}T{rng.choice(HOURS)}:00+00:00"
        act = by_hand.meddle(rng, number, accounts, domains) if number > 1 else None
        if act:
            tell(f"{today}  {act}")
        with ThreadPoolExecutor(1) as beside:
            late = beside.submit(runs.sync, root / "skipped", domains[1], servers, as_of, False) if number < days - pause else None
            differences = _day(root / "daily", domains[0], servers, accounts, as_of)
            differences += [f"on the other domain {text}" for text in (late.result()[0] if late else ())]
        found += len(differences)
        for text in differences:
            tell(f"DIFFERENCE day {number + 1}, {as_of}: {text}")
        tell(f"{today}  day {number + 1}: {sum(not account['gone'] for account in accounts)} accounts, {len(differences)} differences")
    differences = skipped.converge(root / "skipped", domains, servers, accounts, as_of)
    for text in differences:
        tell(f"DIFFERENCE after {pause} days without a run: {text}")
    return days + 1, found + len(differences)


def _hr_moves_on(servers: dict, tell) -> None:
    for kind, server in servers.items():
        for event in day.pass_day(server.company):
            tell(f"{server.company['date']}  {kind:7} {event['kind']:16} {event['number']:>5}  {event['name']}: {event['what']}")
        server.changed()


def _day(folder: Path, domain: Domain, servers: dict, accounts: list[dict], as_of: str) -> list[str]:
    """Run twice and look: the differences of the day."""
    troubles, writes = runs.sync(folder, domain, servers, as_of)
    moment = datetime.fromisoformat(as_of)
    for kind, server in servers.items():
        expect.run(accounts, kind, server.company["people"], server.company["date"], moment)
    differences = troubles + compare.differences(accounts, directory.read(domain))
    return differences + [f"the second run wrote: {write['operation']} {write['dn']} {' '.join(write['attributes'])}" for write in writes]


