"""The bench's company: employees and their accounts, computed from a number, so that person 7 is
the same in every size and on every machine.

An employee has what HR feeds have, in the form of a feed's line. An account has the 25 attributes
that rules.py wants and the note of who gave its groups, as the directory would send it after a run
of sync. One in 50 has the name of the person before;
one in 8 has letters beyond ASCII.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from lab.seed import DEPARTMENTS, GROUPS

RawValues = dict[str, list[bytes]]  # {attribute: values} as a directory sends them

BASE = "DC=corp,DC=example"
GROUPS_OU = f"OU=Groups,{BASE}"
SOURCE = "bench"
DOMAIN_SID = bytes.fromhex("010500000000000515000000") + bytes(range(1, 13))
# The last part of the SID of each group, where no domain says another one
GROUP_NUMBERS = {name: 1200 + number for number, name in enumerate(GROUPS)}
LARGEST = 32**4  # the number of last names
# As HR has it, and in plain letters
FIRST = (
    ("Ann", "Ann"),
    ("Bob", "Bob"),
    ("Carla", "Carla"),
    ("Dan", "Dan"),
    ("Eve", "Eve"),
    ("Fritz", "Fritz"),
    ("Gül", "Gul"),
    ("Hana", "Hana"),
    ("Ivan", "Ivan"),
    ("Jane", "Jane"),
    ("Kofi", "Kofi"),
    ("Zoë", "Zoe"),
    ("Liam", "Liam"),
    ("Maya", "Maya"),
    ("Omar", "Omar"),
    ("Priya", "Priya"),
)
SYLLABLES = [consonant + vowel for consonant in "bdfgklmn" for vowel in "aeio"]
TITLES = ("Clerk", "Driver", "Engineer", "Accountant", "Recruiter", "Manager", "Analyst", "Adviser")
PLACES = (
    ("Sydney", "NSW", "Australia", "Australia/Sydney"),
    ("Perth", "WA", "Australia", "Australia/Perth"),
    ("Auckland", "AUK", "New Zealand", "Pacific/Auckland"),
    ("London", "LND", "United Kingdom", "Europe/London"),
)
KINDS = ("Employee", "Employee", "Employee", "Contractor")
REPORTS = 10  # people who report to each manager


def mixed(number: int) -> int:
    """A large whole number that looks random and is always the same for `number`."""
    value = (number + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    value = (value ^ value >> 31) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    return value ^ value >> 29


def name(number: int) -> tuple[str, str, str, str]:
    """(first name, last name, first name in plain letters, " 2" for a person with the name of the
    person before, else "").
    """
    second = " 2" if number % 50 == 49 else ""
    if second:
        number -= 1
    first, plain = FIRST[number % len(FIRST)]
    left, last = number * 0x5DEECE66D % LARGEST, ""
    for _digit in range(4):
        left, digit = divmod(left, 32)
        last += SYLLABLES[digit]
    return first, last.capitalize(), plain, second


def identity(number: int) -> str:
    """HR's id of person `number`."""
    return str(uuid.UUID(int=mixed(number) << 64 | number))


def key(number: int) -> str:
    """The employee number of person `number`, which is the key."""
    return f"E{number + 1:07}"


def employee(number: int) -> dict[str, Any]:
    """The record of person `number` (from 0), as in a feed."""
    chance = mixed(number)
    first, last, _plain, _second = name(number)
    city, state, country, timezone = PLACES[chance % 4]
    return {
        "id": identity(number),
        "number": key(number),
        "first": first,
        "last": last,
        "position": {"title": TITLES[(chance >> 4) % len(TITLES)]},
        "department": {"title": DEPARTMENTS[(chance >> 8) % len(DEPARTMENTS)]},
        "division": f"Division {(chance >> 12) % 9 + 1}",
        "entity": "Example Pty Ltd",
        "location": {
            "city": city,
            "state": state,
            "country": country,
            "postcode": f"{2000 + (chance >> 16) % 999}",
            "street": f"{number % 400 + 1} Harbour Street",
        },
        "phone": f"+61 2 {number:08}",
        "mobile": f"+61 4 {number:08}",
        "office": f"Floor {(chance >> 20) % 30 + 1}",
        "type": KINDS[(chance >> 24) % 4],
        "costCentre": f"CC-{(chance >> 28) % 50}",
        "manager": {"id": identity(number // REPORTS)} if number else None,
        "birth": "1980-01-01",
        "private": f"person{number}@mail.example",  # no rule reads it
        "start": f"20{10 + (chance >> 32) % 15}-0{(chance >> 36) % 9 + 1}-15",
        "end": None,
        "timezone": timezone,
    }


def dn(number: int) -> str:
    """The DN of the account of person `number`."""
    first, last, _plain, second = name(number)
    department = DEPARTMENTS[(mixed(number) >> 8) % len(DEPARTMENTS)]
    return f"CN={first} {last}{second},OU={department},OU=Staff,{BASE}"


def groups(person: dict[str, Any]) -> list[str]:
    """The names of the groups that the rules give."""
    department = person["department"]["title"]
    names = ["All Staff"]
    if department in ("Engineering", "Finance"):
        names.append(department)
    if person["type"] == "Contractor":
        names.append("Contractors")
    if person["position"]["title"] == "Manager":
        names.append("Managers")
    return names


def note(names: list[str], group_numbers: Mapping[str, int]) -> str:
    """What sync notes about an account whose groups the rules gave."""
    return "hris.ad given=" + ",".join(map(str, sorted(group_numbers[name] for name in names)))


def entry(
    number: int, changed: int = 0, group_numbers: Mapping[str, int] = GROUP_NUMBERS
) -> tuple[str, RawValues]:
    """(DN, values) of the account of person `number`, as the rules want it; every `changed`-th
    account has another title. group_numbers: the last part of the SID of each group.
    """
    person = employee(number)
    first, last, plain, second = name(number)
    full = f"{first} {last}"
    logon = f"{plain[0]}{last}".lower()
    if second:
        logon = f"{plain}.{last}"[:20].lower()
    place = person["location"]
    title = person["position"]["title"]
    if changed and number % changed == changed // 2:
        title = "Former title"
    texts = {
        "sAMAccountName": logon,
        "userPrincipalName": f"{logon}@corp.example",
        "mail": f"{logon}@example.com",
        "cn": full + second,
        "employeeID": person["number"],
        "employeeNumber": person["id"],
        "givenName": first,
        "sn": last,
        "displayName": full,
        "title": title,
        "department": person["department"]["title"],
        "company": person["entity"],
        "division": person["division"],
        "l": place["city"],
        "st": place["state"],
        "co": place["country"],
        "postalCode": place["postcode"],
        "streetAddress": place["street"],
        "telephoneNumber": person["phone"],
        "mobile": person["mobile"],
        "physicalDeliveryOfficeName": person["office"],
        "employeeType": person["type"],
        "info": person["costCentre"],
        "adminDescription": f"hris.ad source={SOURCE} state=active",
        "userAccountControl": "512",
        "primaryGroupID": "513",
        "accountExpires": "9223372036854775807",
        "whenCreated": "20260302000000.0Z",
    }
    values = {name: [text.encode()] for name, text in texts.items()}
    if number:
        values["manager"] = [dn(number // REPORTS).encode()]
    names = groups(person)
    values["memberOf"] = [f"CN={group},{GROUPS_OU}".encode() for group in names]
    values["extensionName"] = [note(names, group_numbers).encode()]
    values["objectGUID"] = [mixed(number).to_bytes(8, "little") + number.to_bytes(8, "little")]
    values["objectSid"] = [DOMAIN_SID + (10_000 + number).to_bytes(4, "little")]
    return dn(number), values
