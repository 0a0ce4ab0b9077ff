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
from pathlib import Path

from . import deaths

STAFF, LEAVERS, GROUP = (
    "OU=Staff,DC=corp,DC=example",
    "OU=Leavers,DC=corp,DC=example",
    "CN=All Staff,OU=Groups,DC=corp,DC=example",
)
TODAY = "2026-03-02"
COMERS = 8  # people who are new in each round
RULES = {
    "source": "chaos",
    "as_of": TODAY,
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


def play(domain, root: Path, kills: int, seed: str, tell) -> tuple[int, int]:
    """(how many people, values, passwords, journals or results were lost; how many people have two
    accounts) after that many deaths.
    """
    folder = root / "runs"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    certificate, key = _recipient(folder)
    directory = {
        "servers": [domain.address],
        "ca_cert": domain.ca_file,
        "username": domain.service_name,
        "password": domain.service_password,
    }
    people: dict[str, dict] = {}
    ways: Counter = Counter()
    usual = dict(deaths.USUAL)
    lost = doubled = number = 0
    while ways.total() < kills:
        number += 1
        rng = random.Random(f"chaos:{seed}:{number}")
        comers = _move_on(people, rng, number)
        (folder / "feed.jsonl").write_text(
            "".join(json.dumps(person) + "\n" for person in people.values()), encoding="utf-8"
        )
        handed = folder / f"passwords-{number}.jsonl"
        given = {
            **RULES,
            "src": str(folder / "feed.jsonl"),
            "directory": directory,
            "passwords": {"certificate": certificate, "dest": str(handed)},
        }
        way = _way(seed, number)
        death = deaths.DYING[way](
            folder, given | {"journal": str(folder / f"journal-{number}.jsonl")}, rng, usual[way]
        )
        if death["where"] is None:
            usual[way] = 0.9 * max(0.3, death["took"])  # it had ended before: aim earlier
        else:
            ways[way] += 1
            usual[way] *= 1.02
        troubles = death["troubles"]
        for journal in folder.glob(f"journal-{number}.*"):
            troubles += _journal(journal)
        answer, odd = deaths.run(folder, "sync", given)
        troubles += odd + (
            [f"the next run failed: {answer['msg']}"] if answer.get("failed") else []
        )
        mark = domain.mark()
        _answer, odd = deaths.run(folder, "sync", given)
        troubles += odd + [
            f"the run after that wrote {write['operation']} {write['dn']}"
            for write in domain.writes_since(mark)
        ]
        found, twice = _look(domain, people)
        troubles += found + _passwords(domain, handed, key, comers, rng)
        doubled += len(twice)
        lost += len(troubles)
        for text in troubles + twice:
            tell(f"round {number}, {way} {death['where']}: {text}")
        if death["where"] and ways.total() % 25 == 0:
            tell(f"{ways.total()} kills, {len(people)} people")
    tell(", ".join(f"{count} {way}" for way, count in sorted(ways.items())))
    return lost, doubled


def _way(seed: str, number: int) -> str:
    """How the run of a round dies. Ways are dealt like cards, so that a few rounds have all of
    them.
    """
    hand, card = divmod(number - 1, len(deaths.WAYS))
    return random.Random(f"chaos:{seed}:hand {hand}").sample(deaths.WAYS, len(deaths.WAYS))[card]


def _move_on(people: dict, rng: random.Random, number: int) -> list[str]:
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
    try:
        entries = [
            json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]
        ]  # the last line may have been cut off
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


def _look(domain, people: dict) -> tuple[list[str], list[str]]:
    """(people whose account is not as their record says, people with more than one account)."""
    found: dict[str, list] = {}
    wanted = [
        "employeeID",
        "title",
        "manager",
        "memberOf",
        "userAccountControl",
        "pwdLastSet",
        "sAMAccountName",
    ]
    for entry in domain.search("(adminDescription=hris.ad source=chaos*)", wanted):
        found.setdefault(entry["attributes"]["employeeID"][0], []).append(entry)
    dns = {key: entries[0]["dn"] for key, entries in found.items()}
    troubles = []
    for key, person in people.items():
        entry = found.get(key, [None])[0]
        if entry is None:
            if person["end"] is None:
                troubles.append(f"{key} has no account")
            continue
        attributes = entry["attributes"]
        works = person["end"] is None
        stands = {
            "enabled": attributes["userAccountControl"] == ["512"],
            "place": entry["dn"].partition(",")[2],
            "member": GROUP in attributes.get("memberOf", ()),
        }
        if stands != {"enabled": works, "place": STAFF if works else LEAVERS, "member": works}:
            troubles.append(
                f"{key} {'works' if works else 'has left'}, and the account is {stands}"
            )
        if works and attributes.get("title") != [person["title"]]:
            troubles.append(
                f"{key} has the title {attributes.get('title')} instead of {person['title']}"
            )
        if (
            works
            and person["manager"]
            and attributes.get("manager") != [dns.get(person["manager"])]
        ):
            troubles.append(f"{key} has the manager {attributes.get('manager')}")
        if attributes["pwdLastSet"] == ["0"]:
            troubles.append(f"{key} has no password")
    return troubles, [
        f"{key} has {len(entries)} accounts" for key, entries in found.items() if len(entries) > 1
    ]


def _whole(path: Path) -> list[dict]:
    """The lines of a file that were written to their end."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            # the run died while it wrote this; the next one has written the password that counts
            continue
    return found


def _recipient(folder: Path) -> tuple[str, str]:
    certificate, key = str(folder / "recipient.pem"), str(folder / "recipient.key")
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=Service desk",
            "-keyout",
            key,
            "-out",
            certificate,
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


def _passwords(domain, path: Path, key: str, comers: list[str], rng: random.Random) -> list[str]:
    """Whether the password in the file for a new person, the last one of the key, is the account's."""
    entries = {entry["key"]: entry for entry in _whole(path)}
    who = rng.choice(comers)
    if who not in entries:
        return [f"{who} has no password in the file"]
    opened = subprocess.run(
        ["openssl", "cms", "-decrypt", "-inform", "DER", "-inkey", key],
        check=True,
        capture_output=True,
        input=base64.b64decode(entries[who]["password"]),
    ).stdout.decode()
    command = [
        "ldapsearch",
        "-x",
        "-LLL",
        "-H",
        domain.url,
        "-D",
        entries[who]["userPrincipalName"],
        "-w",
        opened,
        "-s",
        "base",
        "-b",
        "DC=corp,DC=example",
        "1.1",
    ]
    bind = subprocess.run(
        command,
        env={**os.environ, "LDAPTLS_CACERT": domain.ca_file},
        capture_output=True,
        text=True,
    )
    return (
        []
        if bind.returncode == 0
        else [
            f"the password that was delivered for {who} is not the account's: {bind.stderr.strip()}"
        ]
    )
