# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of a feed, a few figures and no person: what a broken export is noticed by when it is compared with the last good one."""

from __future__ import annotations

from collections import Counter, defaultdict

from ..model.findings import WARNING, finding

FORMAT = "hris.ad feed 1"
FEW = 20  # different values of a field that make it one with a fixed list
LONGEST = 40  # characters of such a value
KINDS = {
    "str": "text",
    "bool": "boolean",
    "int": "number",
    "float": "number",
    "list": "list",
    "dict": "object",
}


def shape_of(employees: list[dict], keys: list[str | None]) -> dict:
    """The shape::

        {"format", "employees": count, "double_keys": count, "without_key": count, "fields": {"department.title":
            {"empty": share from 0 to 1, "types": ["text"], "values": ["Finance", …] of a field with a fixed list, else None}}}

    keys: each employee's key or None. Fields inside of objects are named by their path, those inside of lists are not looked at.
    """
    present, empty, types, values = Counter(), Counter(), defaultdict(set), defaultdict(set)
    for employee in employees:
        for path, value in _fields(employee, ""):
            present[path] += 1
            if value is None or value in ("", [], {}):
                empty[path] += 1
                continue
            types[path].add(KINDS.get(type(value).__name__, "other"))
            if len(values[path]) <= FEW:
                values[path].add(value if isinstance(value, (str, bool, int)) else None)
    total = len(employees)
    known = Counter(key.casefold() for key in keys if key)
    return {
        "format": FORMAT,
        "employees": total,
        "double_keys": sum(1 for count in known.values() if count > 1),
        "without_key": sum(1 for key in keys if not key),
        "fields": {
            path: {
                "empty": round(1 - (count - empty[path]) / total, 4),
                "types": sorted(types[path]),
                "values": _list_of(values[path], count - empty[path]),
            }
            for path, count in sorted(present.items())
        },
    }


def _fields(record: dict, prefix: str):
    for name, value in record.items():
        path = f"{prefix}{name}"
        yield path, value
        if isinstance(value, dict):
            yield from _fields(value, f"{path}.")


def _list_of(values: set, count: int) -> list | None:
    """The values of a field with a fixed list: few for the number of people, and short."""
    fixed = len(values) <= FEW and None not in values and count >= 5 * len(values)
    return (
        sorted(values, key=str)
        if fixed and all(len(str(value)) <= LONGEST for value in values)
        else None
    )


def judged(now: dict, last: dict, guard: dict) -> tuple[list[str], list[dict]]:
    """(why the feed is not believed, findings) of a shape beside that of the last good feed.

    guard: {"fewer": percent of people, "empty": percentage points by which a field may have become emptier, "double_keys":
    how many more, "new_values": "report", "stop" or "ignore"}. A field that is gone or has other types always stops.
    """
    stops, findings = [], []
    lost = last["employees"] - now["employees"]
    if last["employees"] and 100 * lost / last["employees"] > guard["fewer"]:
        stops.append(
            f"{now['employees']} employees, the last time {last['employees']}: more than {guard['fewer']:g} % fewer"
        )
    if now["double_keys"] - last["double_keys"] > guard["double_keys"]:
        stops.append(f"{now['double_keys']} keys are double, the last time {last['double_keys']}")
    gone = sorted(
        path for path in last["fields"] if path not in now["fields"] and _is_looked_for(path, now)
    )
    stops += [f"the field '{path}' is gone" for path in gone]
    for path, field in now["fields"].items():
        before = last["fields"].get(path)
        if before is None:
            continue
        if before["types"] and field["types"] and not set(field["types"]) <= set(before["types"]):
            stops.append(
                f"'{path}' is {' or '.join(field['types'])}, the last time {' or '.join(before['types'])}"
            )
        if 100 * (field["empty"] - before["empty"]) > guard["empty"]:
            stops.append(
                f"'{path}' is empty for {field['empty']:.0%}, the last time for {before['empty']:.0%}"
            )
        new = [
            value
            for value in field["values"] or ()
            if before["values"] is not None and value not in before["values"]
        ]
        if new and guard["new_values"] != "ignore":
            told = f"'{path}' has new values: {', '.join(map(str, new[:5]))}" + (
                f" and {len(new) - 5} more" if len(new) > 5 else ""
            )
            if guard["new_values"] == "stop":
                stops.append(told)
            else:
                message = f"{told}. Look whether the rules know them."
                findings.append(
                    finding("new_value", message, place="guard.new_values", severity=WARNING)
                )
    return stops, findings


def _is_looked_for(path: str, now: dict) -> bool:
    """Whether the field could be there: the object around it is, for somebody. If it is not, that is said of the object."""
    around = path.rpartition(".")[0]
    return not around or "object" in now["fields"].get(around, {}).get("types", ())
