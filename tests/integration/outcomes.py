"""Outcome files as the module sync writes them, made by hand from what user_info reads."""
from __future__ import annotations

import json

NAMES = ["sAMAccountName", "userPrincipalName", "mail", "displayName", "title", "department", "telephoneNumber", "employeeID"]


def lines_of(module, source: str, events=(), employees=None) -> list[dict]:
    """A line for each account that carries the mark of the source, by key. events: those of all. employees: {key: HR record}."""
    found = []
    for user in module("user_info", filter=f"(adminDescription=hris.ad source={source} *)", attributes=NAMES)["users"]:
        key = user["attributes"]["employeeID"]
        found.append({
            "key": key, "source": source, "type": "user", "guid": user["object_guid"], "dn": user["distinguished_name"], "state": "active",
            "start": "2026-03-02", "end": None, "first_day_without_access": None, "timezone": None, "events": list(events), "before": {}, "groups_added": [], "groups_removed": [],
            "employee": (employees or {}).get(key, {}), "attributes": {name: [value] for name, value in user["attributes"].items()}})
    return sorted(found, key=lambda line: line["key"])


def write(path, lines) -> str:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(path)
