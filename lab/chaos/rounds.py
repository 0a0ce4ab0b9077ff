"""The rounds: a feed that changes, a run that dies somewhere, a run that must finish, and a
comparison with the directory.

Nothing of the collection is imported: its modules run as processes of their own, and ldapsearch
reads the result.
"""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.domain import Domain

from . import deaths

Person = dict[str, Any]  # a record of the feed
Entry = dict[str, Any]  # of Domain.search
STAFF = "OU=Staff,DC=corp,DC=example"
LEAVERS = "OU=Leavers,DC=corp,DC=example"
GROUP = "CN=All Staff,OU=Groups,DC=corp,DC=example"
# What is read of an account
ATTRIBUTES = (
    "employeeID",
    "title",
    "manager",
    "memberOf",
    "userAccountControl",
    "pwdLastSet",
    "sAMAccountName",
)
TODAY = "2026-03-02"
COMERS = 8  # people who are new in each round
RULES = {
    "source": "chaos",
    "mapping": {
        "employeeID": "number",
        "givenName": "first",
        "sn": "last",
        "displayName": "{first} {last}",
        "title": "title",
        "manager": {"employee": "manager", "field": "number"},
    },
    "naming": {
        "candidates": ["{ascii(givenName)}.{ascii(sn)}"],
        "attributes": {
            "sAMAccountName": "{lower(name)}",
            "userPrincipalName": "{lower(name)}@corp.example",
            "cn": "{displayName}",
        },
    },
    "placement": [{"ou": STAFF}],
    "groups": [{"groups": ["All Staff"]}],
    "dates": {"start": "start", "end": "end"},
    "leaver": {"groups": "remove_managed", "move_to": LEAVERS},
}


def play(
    domain: Domain, root: Path, kills: int, seed: str, tell: Callable[[str], None]
) -> tuple[int, int]:
    """(how many people, values, passwords, journals or results were lost; how many people have two
    accounts) after that many deaths.
    """
    company = Company(domain, root / "runs", seed)
    ways: Counter[str] = Counter()
    usual = dict(deaths.USUAL)
    lost = doubled = number = 0
    while ways.total() < kills:
        number += 1
        way = _way(seed, number)
        result = company.play_round(number, way, usual[way])
        if result.where is None:
            usual[way] = 0.9 * max(0.3, result.took)  # the run had ended before: aim earlier
        else:
            ways[way] += 1
            usual[way] *= 1.02
        doubled += len(result.doubled)
        lost += len(result.lost)
        for text in result.lost + result.doubled:
            tell(f"round {number}, {way} {result.where}: {text}")
        if result.where and ways.total() % 25 == 0:
            tell(f"{ways.total()} kills, {len(company.people)} people")
    tell(", ".join(f"{count} {way}" for way, count in sorted(ways.items())))
    return lost, doubled


@dataclass(slots=True)
class Round:
    """What became of one round."""

    where: str | None  # the run died; None: it had ended before
    took: float  # as in deaths.USUAL
    lost: list[str]  # what is missing or wrong
    doubled: list[str]  # people with more than one account


class Company:
    """The people of the feed, and the runs for them."""

    def __init__(self, domain: Domain, folder: Path, seed: str):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.domain, self.folder, self.seed = domain, folder, seed
        self.people: dict[str, Person] = {}
        self._certificate, self._key = _recipient(folder)

    def play_round(self, number: int, way: str, usual: float) -> Round:
        """Change the feed, let a run die, run twice more, and compare.

        usual: as in deaths.USUAL.
        """
        rng = random.Random(f"chaos:{self.seed}:{number}")
        comers = _move_on(self.people, rng, number)
        passwords = self.folder / f"passwords-{number}.jsonl"
        options = self._options(passwords)
        journal = str(self.folder / f"journal-{number}.jsonl")
        death = deaths.DYING[way](self.folder, options | {"journal": journal}, rng, usual)
        lost = list(death.troubles)
        for path in self.folder.glob(f"journal-{number}.*"):
            lost += _journal(path)
        result, troubles = deaths.run(self.folder, "sync", options)
        lost += troubles
        if result.get("failed"):
            lost.append(f"the next run failed: {result['msg']}")
        mark = self.domain.mark()
        _result, troubles = deaths.run(self.folder, "sync", options)
        lost += troubles
        for write in self.domain.writes_since(mark):
            lost.append(f"the run after that wrote {write['operation']} {write['dn']}")
        wrong, doubled = _look(self.domain, self.people)
        lost += wrong + _passwords(self.domain, passwords, self._key, comers, rng)
        return Round(death.where, death.took, lost, doubled)

    def _options(self, passwords: Path) -> dict[str, Any]:
        """Write the feed; the options of sync. passwords: the file for initial passwords."""
        feed = self.folder / "feed.jsonl"
        lines = [json.dumps(person) + "\n" for person in self.people.values()]
        feed.write_text("".join(lines), encoding="utf-8")
        directory = {
            "servers": [self.domain.address],
            "ca_cert": self.domain.ca_file,
            "username": self.domain.service_name,
            "password": self.domain.service_password,
        }
        return {
            "sources": [{**RULES, "src": str(feed)}],
            "as_of": TODAY,
            "directory": directory,
            "passwords": {"certificate": self._certificate, "dest": str(passwords)},
            "kept_state": {"lasting": [str(self.folder)]},
        }


def _way(seed: str, number: int) -> str:
    """How the run of a round dies. Ways are dealt like cards, so that a few rounds have all of
    them.
    """
    hand, card = divmod(number - 1, len(deaths.WAYS))
    return random.Random(f"chaos:{seed}:hand {hand}").sample(deaths.WAYS, len(deaths.WAYS))[card]


def _move_on(people: dict[str, Person], rng: random.Random, number: int) -> list[str]:
    """Add people, leavers and new titles; the keys of the new people."""
    for key in rng.sample(sorted(people), min(6, len(people))):
        if rng.random() < 0.5:
            people[key]["title"] = f"Title {number}"
        else:
            people[key]["end"] = None if people[key]["end"] else "2026-01-31"
    comers = [f"k{number}-{index}" for index in range(COMERS)]
    for index, key in enumerate(comers):
        people[key] = {
            "number": key,
            "first": "Chris" if index % 2 else f"Kim{number}",
            "last": f"Os{index // 3}",
            "title": "Clerk",
            "manager": comers[0] if index else None,
            "start": "2020-01-01",
            "end": None,
        }
    return comers


def _journal(path: Path) -> list[str]:
    """What is wrong with the journal of a run that died. No journal is right where nothing was
    written.

    A skipped change was not sent, so it needs no intent.
    """
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]  # the last line may be incomplete
    try:
        entries = [json.loads(line) for line in lines]
    except ValueError as error:
        return [f"the journal cannot be read: {error}"]
    announced = {entry["index"] for entry in entries if entry["event"] == "intent"}
    return [
        f"the journal has a result of change {entry['index']} and no intent"
        for entry in entries
        if entry["event"] == "result"
        and entry["status"] != "skipped"
        and entry["index"] not in announced
    ]


def _look(domain: Domain, people: dict[str, Person]) -> tuple[list[str], list[str]]:
    """(people whose account is not as their record says, people with more than one account)."""
    found: dict[str, list[Entry]] = {}
    for entry in domain.search("(adminDescription=hris.ad source=chaos*)", ATTRIBUTES):
        found.setdefault(entry["attributes"]["employeeID"][0], []).append(entry)
    dns = {key: entries[0]["dn"] for key, entries in found.items()}
    wrong = []
    for key, person in people.items():
        if key in found:
            wrong += _compare(key, person, found[key][0], dns)
        elif person["end"] is None:
            wrong.append(f"{key} has no account")
    doubled = {key: len(entries) for key, entries in found.items() if len(entries) > 1}
    return wrong, [f"{key} has {count} accounts" for key, count in doubled.items()]


def _compare(key: str, person: Person, entry: Entry, dns: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with an account. dns: {key: DN} of all accounts."""
    attributes = entry["attributes"]
    works = person["end"] is None
    state = {
        "enabled": attributes["userAccountControl"] == ["512"],
        "place": entry["dn"].partition(",")[2],
        "member": GROUP in attributes.get("memberOf", ()),
    }
    if state != {"enabled": works, "place": STAFF if works else LEAVERS, "member": works}:
        yield f"{key} {'works' if works else 'has left'}, and the account is {state}"
    if attributes["pwdLastSet"] == ["0"]:
        yield f"{key} has no password"
    if not works:
        return
    title, manager = attributes.get("title"), attributes.get("manager")
    if title != [person["title"]]:
        yield f"{key} has the title {title} instead of {person['title']}"
    if person["manager"] and manager != [dns.get(person["manager"])]:
        yield f"{key} has the manager {manager}"


def _whole(path: Path) -> list[dict[str, Any]]:
    """The lines of a file that were written to their end."""
    entries = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entries.append(json.loads(line))
        except ValueError:
            continue  # the run died here; the next one has written the password that counts
    return entries


def _recipient(folder: Path) -> tuple[str, str]:
    """(certificate, key) for whom passwords are encrypted."""
    certificate, key = str(folder / "recipient.pem"), str(folder / "recipient.key")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=Service desk", "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def _passwords(
    domain: Domain, path: Path, key: str, comers: list[str], rng: random.Random
) -> list[str]:
    """Whether the password in the file for a new person, the last one of the key, is the
    account's.
    """
    entries = {entry["key"]: entry for entry in _whole(path)}
    who = rng.choice(comers)
    if who not in entries:
        return [f"{who} has no password in the file"]
    password = subprocess.run(
        ["openssl", "cms", "-decrypt", "-inform", "DER", "-inkey", key],
        check=True,
        capture_output=True,
        input=base64.b64decode(entries[who]["password"]),
    ).stdout.decode()
    command = ["ldapsearch", "-x", "-LLL", "-H", domain.url]
    command += ["-D", entries[who]["userPrincipalName"], "-w", password]
    command += ["-s", "base", "-b", "DC=corp,DC=example", "1.1"]
    environment = {**os.environ, "LDAPTLS_CACERT": domain.ca_file}
    bind = subprocess.run(command, env=environment, capture_output=True, text=True)
    if bind.returncode == 0:
        return []
    return [f"the password in the file for {who} is not the account's: {bind.stderr.strip()}"]
