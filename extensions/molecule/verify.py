"""Compares the domain, read with ldapsearch, with a company's own records; reports what differs and
fails if anything does.

verify.py SOURCE: elmo or icehrm, the lab's companies. Nothing of the collection's code is used.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import date, timedelta

from lab import company
from lab.company_data import Person
from lab.ldif import Entry
from lab.site import Site

CREATED_BEFORE = 7  # days, as the examples' lifecycle_joiner says
# The attribute that holds the example's key, and the key of a person of the company
KEY = {
    "elmo": ("employeeNumber", lambda person: person["id"]),
    "icehrm": ("employeeID", lambda person: f"EMP{person['number']:04d}"),
}
ATTRIBUTES = (
    "displayName",
    "department",
    "title",
    "userAccountControl",
    "employeeNumber",
    "employeeID",
    "adminDescription",
)
DISABLED = 2  # the bit ACCOUNTDISABLE of userAccountControl


def wanted(person: Person, today: str) -> str:
    """What the examples' rules want for a person: enabled, prepared (exists, but disabled), left or
    absent.
    """
    if person["archived"] or (person["end"] is not None and person["end"] < today):
        return "left"
    if person["start"] <= today:
        return "enabled"
    soon = (date.fromisoformat(today) + timedelta(days=CREATED_BEFORE)).isoformat()
    return "prepared" if person["start"] <= soon else "absent"


def complaints(person: Person, account: Entry | None, today: str) -> Iterator[str]:
    """Yield what is wrong with a person's account."""
    state = wanted(person, today)
    if account is None:
        if state in ("enabled", "prepared"):
            yield f"has no account, and should be {state}"
        return
    values = {name: texts[0] for name, texts in account["attributes"].items()}
    enabled = not int(values["userAccountControl"]) & DISABLED
    if state == "absent":
        yield f"starts on {person['start']} and already has an account"
    if enabled != (state == "enabled"):
        yield f"is {'enabled' if enabled else 'disabled'}, and should be {state}"
    if state != "left":
        yield from differences(person, account["dn"], values)
    elif ",OU=Leavers," not in account["dn"]:
        yield f"has left, and the account is still at {account['dn']}"


def differences(person: Person, dn: str, values: dict[str, str]) -> Iterator[str]:
    """Yield what of a present person's account is not as HR has it. values: {attribute: value}."""
    place = ",OU=Staff,"
    if person["department"]:
        place = f",OU={person['department']}{place}"
    if place not in dn:
        yield f"works in {person['department']} and is at {dn}"
    display = " ".join(filter(None, (person["preferred"] or person["first"], person["last"])))
    for name, value in (
        ("displayName", display),
        ("department", person["department"]),
        ("title", person["title"]),
    ):
        if values.get(name) != value:
            yield f"{name} is {values.get(name)!r}, and should be {value!r}"


def main() -> None:
    source = sys.argv[1]
    site = Site(os.environ["LAB_ROOT"])
    attribute, key_of = KEY[source]
    staff = company.load(site.company_file(source))
    marked = site.domain.search(
        f"(&(objectClass=user)(adminDescription=*{source}*)({attribute}=*))", ATTRIBUTES
    )
    accounts = {entry["attributes"][attribute][0]: entry for entry in marked}
    wrong = [
        f"{key_of(person)} {complaint}"
        for person in staff["people"]
        for complaint in complaints(person, accounts.get(key_of(person)), staff["date"])
    ]
    strangers = set(accounts) - {key_of(person) for person in staff["people"]}
    wrong += [f"{key} has an account and is not in the company" for key in sorted(strangers)]
    if len(marked) != len(accounts):
        wrong.append(f"{len(marked) - len(accounts)} accounts have the key of another one")
    enabled = sum(wanted(person, staff["date"]) == "enabled" for person in staff["people"])
    print(f"{source} on {staff['date']}: {enabled} people at work, {len(accounts)} accounts")
    if wrong or not accounts:
        sys.exit("\n".join(wrong) or "there are no accounts")


if __name__ == "__main__":
    main()
