"""The rules of inventory/ once more, as plain Python over the company's people. No code of the
collection is used here.

A reading of one record, as expect.py takes it:
  source, id            the company, and (source, key)
  key, number, name     key None: HR shows none
  human                 the same on every record of one human
  state                 not_due, prepared, active, leave, leaver, unreadable
  bad                   whether an account cannot be made of it: a name is missing
  today, start, end     days where the person works (start and end None where HR has none)
  same, prefer          {name: identifier}: which records are one human, and which of them counts
  other                 the value that finds an account whose key is another one
  values                {attribute: text} that the account must have
  clear                 the attributes that are empty in HR and are cleared
  always                the groups that each current record gives, whatever the primary record is
  ou, groups, boss      boss: number of the manager's record, None for nobody
  newcomer_until        the last day in the group of newcomers
  in_scope, bridge_days whether the record is served; the longest gap without a lock
  zone                  the time zone of the person's days
  left                  the text of `description` after the person has left
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lab.company_data import CHIEF, CITIES, LOCATIONS, Person
from lab.domain_config import BASE_DN

STAFF, LEAVERS = f"OU=Staff,{BASE_DN}", f"OU=Leavers,{BASE_DN}"
CREATE_DAYS_BEFORE = 5
RESTORE_ALL_WITHIN_DAYS, RESTORE_WITHIN_DAYS = 2, 4  # everything, and groups alone
NEWCOMERS, NEWCOMER_DAYS = "Newcomers", 5  # a group until so many days after the first day
GRACE_DAYS = 3
DELETE_AFTER_DAYS = 8
POLICY = {
    "elmo": {
        "expires": True,
        "confirmed": True,
        "bridge_days": 3,
        "leave_disables": False,
        "moved_start_disables": False,
        "remove_all": False,
        "managed": {
            "All Staff",
            "Engineering",
            "Finance",
            "People",
            "Sales",
            "Operations",
            "ERP Users",
            "Managers",
            NEWCOMERS,
        },
    },
    "icehrm": {
        "expires": False,
        "confirmed": False,
        "bridge_days": 0,
        "leave_disables": True,
        "moved_start_disables": True,
        "remove_all": True,
        "managed": {"All Staff", "Finance", "ERP Users", "Contractors", NEWCOMERS},
    },
}
# Groups that the rules give for each current record
ALWAYS = {"elmo": set(), "icehrm": {"Finance", "ERP Users", "Contractors"}}
# Excluded until that day, and on it
EXCLUDED = {"elmo": {}, "icehrm": {"EMP0015": date(2026, 3, 10)}}
# In the order of the inventory
KEY_ATTRIBUTE = {"elmo": "employeeNumber", "icehrm": "employeeID"}
SOURCES = tuple(KEY_ATTRIBUTE)
COUNTRIES = {
    "AU": "Australia",
    "NZ": "New Zealand",
    "GB": "United Kingdom",
    "SG": "Singapore",
    "US": "United States",
}
# Of the attributes that a name in the company can be too long for: they alone stay as they are
LONGEST = {"givenName": 64, "sn": 64}


def clean(text) -> str:
    """A text as AD stores it: composed, and without spaces at its ends."""
    return unicodedata.normalize("NFC", str(text or "").strip())


def listed(kind: str, person: Person) -> bool:
    """Whether the feed shows the record."""
    return not person["hidden"] and not (kind == "icehrm" and person["archived"])


def reading(kind: str, person: Person, company_day: str, as_of: datetime) -> dict[str, Any]:
    """One record, read by the rules, at the moment as_of; company_day is HR's own date."""
    place = CITIES.get(person["location"])
    zone = ZoneInfo((place or LOCATIONS[0])[4])  # both systems show their own zone for none
    today = as_of.astimezone(zone).date()
    start, end = (
        date.fromisoformat(person[name]) if person[name] else None for name in ("start", "end")
    )
    given = clean(person["preferred"] or person["first"])
    values = {
        "employeeID": _number(kind, person),
        "otherMailbox": person["email"] if kind == "elmo" else person["private"],
        "givenName": given,
        "sn": clean(person["last"]),
        "displayName": clean(
            f"{person['preferred'] or person['first'] or ''} {person['last'] or ''}"
        ),
        "title": person["title"],
        "department": person["department"],
        "l": person["location"],
        "company": (place or LOCATIONS[0])[5] if kind == "elmo" else "Example Contracting Ltd",
        "co": COUNTRIES[(place or LOCATIONS[0])[1]] if kind == "elmo" else place and place[2],
    }
    if kind == "elmo":
        values["employeeNumber"] = person["id"]
    gone = person["terminated"] or (end is not None and person["end"] < company_day)
    if kind == "elmo":
        gone = gone or person["archived"]
    key = key_of(kind, person)
    human = person["human"] if kind == "elmo" or person["department"] else None
    return {
        "source": kind,
        "id": (kind, key),
        "key": key,
        "human": person["human"],
        "number": person["number"],
        "name": f"{person['first']} {person['last']}".strip(),
        "today": today,
        "start": start,
        "end": end,
        "state": _state(kind, person, gone, start, end, today),
        "in_scope": person["employment"] != "CASUAL" or _on_status_leave(kind, person),
        "bad": not person["first"],
        "same": {"address": values["otherMailbox"], "group_number": human},
        "prefer": [
            not gone,
            person["employment"] == "CONTRACTOR" and not (person["leave"] or {}).get("status"),
        ],
        "other": values["otherMailbox"],
        "values": {
            name: text
            for name, text in values.items()
            if text and len(text) <= LONGEST.get(name, len(text))
        },
        "clear": {name for name in ("title", "department") if not values[name]},
        "ou": f"OU={person['department']},{STAFF}" if person["department"] else STAFF,
        "groups": _groups(kind, person),
        "always": _groups(kind, person) & ALWAYS[kind],
        "newcomer_until": start and start + timedelta(days=NEWCOMER_DAYS),
        "boss": person["manager"],
        "zone": zone,
        "bridge_days": POLICY[kind]["bridge_days"],
        "left": clean(f"Left {person['end'] or ''}"),
    }


def key_of(kind: str, person: Person) -> str | None:
    """The key of a record; None where HR shows none."""
    return person["id"] if kind == "elmo" else _number(kind, person)


def _number(kind: str, person: Person) -> str | None:
    own = f"E{10000 + person['number']}" if kind == "elmo" else f"EMP{person['number']:04d}"
    return person["columns"].get("employee_id", own)


def _state(
    kind: str,
    person: Person,
    gone: bool,
    start: date | None,
    end: date | None,
    today: date,
) -> str:
    if gone:
        return "leaver"
    if start is None or (end and end < start):
        return "unreadable"
    if end and today > end:
        return "leaver"
    if today < start:
        return "prepared" if (start - today).days <= CREATE_DAYS_BEFORE else "not_due"
    leave = person["leave"]
    if leave and (
        (kind == "icehrm" and leave.get("status"))
        or (leave["start"] and leave["start"] <= today.isoformat() <= leave["end"])
    ):
        return "leave"
    return "active"


def _on_status_leave(kind: str, person: Person) -> bool:
    """IceHrm shows the leave in the place of the kind of employment."""
    return kind == "icehrm" and bool((person["leave"] or {}).get("status"))


def _groups(kind: str, person: Person) -> set[str]:
    groups = {"All Staff"}
    department, title = person["department"], person["title"] or ""
    if department == "Finance":
        groups |= {"Finance", "ERP Users"}
    if kind == "elmo":
        groups |= {department} - {None}
        if title != CHIEF and title.startswith(("Head of", "Team Lead")):
            groups.add("Managers")
    elif person["employment"] == "CONTRACTOR" and not (person["leave"] or {}).get("status"):
        groups.add("Contractors")
    return groups


def first_day_without_access(who: dict[str, Any]) -> tuple[date, bool]:
    """The day in the mark of a leaver who is locked now, and whether it follows from HR's dates
    alone.
    """
    after, today = who["over"], who.get("today_there", who["today"])
    return (after, True) if after and after <= today else (who["today"], False)
