"""What the lab's companies have in common: departments, positions, places.

Numbers of departments and positions follow from their order.
"""

from __future__ import annotations

from typing import Any

from .seed import DEPARTMENTS

Person = dict[str, Any]  # population.py says what a person has
Company = dict[str, Any]  # as of population.generate

TITLES = {
    "Engineering": (
        "Software Engineer",
        "Senior Software Engineer",
        "Test Engineer",
        "Systems Administrator",
    ),
    "Finance": ("Accountant", "Payroll Officer", "Financial Analyst", "Clerk"),
    "People": ("Recruiter", "People Partner", "Learning Adviser"),
    "Sales": (
        "Account Executive",
        "Sales Representative",
        "Customer Adviser",
        "Pre-Sales Consultant",
    ),
    "Operations": (
        "Operations Officer",
        "Warehouse Operator",
        "Dispatcher",
        "Facilities Technician",
    ),
}
CHIEF = "Chief Executive Officer"


def lead(department: str) -> str:
    return f"Team Lead {department}"


def head(department: str) -> str:
    return f"Head of {department}"


ALL_TITLES = [
    CHIEF,
    *(title for name in DEPARTMENTS for title in (head(name), lead(name), *TITLES[name])),
]

# (city, country code, country, state, timezone, legal entity)
LOCATIONS = [
    ("Sydney", "AU", "Australia", "NSW", "Australia/Sydney", "Example Pty Ltd"),
    ("Perth", "AU", "Australia", "WA", "Australia/Perth", "Example Pty Ltd"),
    ("Auckland", "NZ", "New Zealand", "AUK", "Pacific/Auckland", "Example NZ Limited"),
    ("London", "GB", "United Kingdom", "LND", "Europe/London", "Example UK Limited"),
    ("Singapore", "SG", "Singapore", "SG", "Asia/Singapore", "Example Pty Ltd"),
    ("Los Angeles", "US", "United States", "CA", "America/Los_Angeles", "Example Inc"),
]
CITIES = {place[0]: place for place in LOCATIONS}
COUNTRIES = {place[1]: place[2] for place in LOCATIONS}
LEGAL_ENTITIES = list(dict.fromkeys(place[5] for place in LOCATIONS))
COST_CENTRES = {name: f"CC-{100 * (number + 1)}" for number, name in enumerate(DEPARTMENTS)}

FIRST_DAY = "2026-03-02"  # a Monday: the first day of every company's calendar
EMPLOYMENT = ("FULLTIME", "PARTTIME", "CASUAL", "CONTRACTOR")
