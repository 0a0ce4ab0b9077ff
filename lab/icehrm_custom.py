"""IceHrm's custom fields: how the program shows the raw values that it keeps by name.

As its CustomFieldManager does it: a value of a choice that is no option is kept and shown nowhere,
and what is no date becomes the first day of Unix time.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

SECTION = "Work Details"
CUSTOM = {  # name: (label, type)
    "cost_centre": ("Cost Centre", "text"),
    "ad_username": ("AD Username", "text"),
    "last_working_day": ("Last Working Day", "date"),
    "group_number": ("Group Number", "text"),
    "leave_start": ("Leave Start", "date"),
    "leave_end": ("Leave End", "date"),
    "building_access": ("Building Access", "select"),
    "systems": ("Systems", "select2multi"),
    "year_code": ("2024", "text"),
}
OPTIONS = {  # {name: {raw value: label}}
    "building_access": {"hq": "HQ", "depot": "The Depot"},
    "systems": {"fin": "Finance", "crm": "Customers", "hr": "People"},
}
NO_DAY = ("", "NULL", "0")  # what PHP calls empty, and the text that its pages write


def shown(values: dict[str, Any]) -> dict[str, Any] | list[Any]:
    """customFields of {name: raw value}: {label: [displayed value, section, type]}."""
    fields = {}
    for name, value in values.items():
        if name not in CUSTOM:
            continue
        label, kind = CUSTOM[name]
        display = _display(name, kind, str(value))
        if display is not None:
            fields[label] = [display, SECTION, kind]
    return _array(fields)


def _display(name: str, kind: str, value: str) -> str | None:
    """None: the field is left out."""
    if kind == "date":
        return _day(value)
    if kind == "select":
        return OPTIONS[name].get(value)
    if kind == "select2multi":
        return "<br/>".join(_labels(name, value)) if value else None
    return value


def _labels(name: str, value: str) -> list[str]:
    try:
        keys = json.loads(value)
    except ValueError:
        keys = None
    return [OPTIONS[name].get(key, key) for key in keys] if isinstance(keys, list) else []


def _day(value: str) -> str:
    if value in NO_DAY:
        return ""
    if value == "0000-00-00":
        return "November 30, -0001"
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = date(1970, 1, 1)
    return f"{day:%B} {day.day}, {day.year}"


def _array(fields: dict[str, Any]) -> dict[str, Any] | list[Any]:
    """PHP sorts the array: keys of digits only are numbered again, and 0, 1, 2… is a list."""
    numbered, count = {}, 0
    for label, field in fields.items():
        if re.fullmatch("0|[1-9][0-9]*", label):
            label, count = str(count), count + 1
        numbered[label] = field
    return list(numbered.values()) if count == len(numbered) else numbered
