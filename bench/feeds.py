"""Feeds of the bench's people, recorded below .cache/bench as an HR module writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import people


def record(folder: Path, size: int, changed: int = 0) -> Path:
    """The file of a feed of `size` people; every `changed`-th works on another floor."""

    def employee(number: int) -> dict[str, Any]:
        person = people.employee(number)
        if changed and number % changed == changed // 2:
            person["office"] = "Floor 99"
        return person

    return _write(folder / f"feed-{size}-{changed}.jsonl", map(employee, range(size)))


def relocated(folder: Path, size: int) -> Path:
    """The file of a feed in which the company moved: each person has eleven other values, of which
    most are the same for many.
    """
    return _write(folder / f"feed-{size}-moved.jsonl", map(moved, range(size)))


def moved(number: int) -> dict[str, Any]:
    """The record of person `number` after the move."""
    person = people.employee(number)
    return person | {
        "division": f"{person['division']} of the Example Group",
        "entity": "Example Group Holdings Ltd",
        "location": {
            "city": f"New {person['location']['city']}",
            "state": f"N{person['location']['state']}",
            "country": "Commonwealth of New Places",
            "postcode": f"9{person['location']['postcode']}",
            "street": f"{number % 400 + 1} Mountain Avenue, Building {number % 7 + 1}",
        },
        "phone": f"+61 3 {number:08}",
        "mobile": f"+61 5 {number:08}",
        "office": f"{person['office']}, East",
        "costCentre": f"{person['costCentre']}-N",
    }


def _write(path: Path, employees: Iterable[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8") as out:
        for employee in employees:
            out.write(json.dumps(employee, ensure_ascii=False) + "\n")
    return path
