"""One human from all records of all feeds: docs/lifecycle.md once more, as plain Python over
readings of rules.py.

A person is the reading of the primary record, and beside it:
  keys, numbers   (source, key) and (source, number) of all records
  sources         of all records
  contributors    the other sources with a record that has not ended
  wanted          the groups that current records of the other sources want
  first           the earliest first day of all records
  several         whether there is more than one record
  state           not_due, prepared, returning (prepared, has left before), active, leave, leaver,
                  out_of_scope, held
  has_left        whether every record that had begun has ended
  over            of somebody who has left: the first day without access, None where HR has none
  today_there     of somebody who is returning: the day where the last record was
  expires         the moment after the last day of work, over all records without a gap
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from . import rules

Reading = dict[str, Any]


def persons(readings: list[Reading]) -> list[Reading]:
    """Everybody who has a key, in the order of the feeds."""
    return [_person(group) for group in _groups([who for who in readings if who["key"]])]


def _groups(readings: list[Reading]) -> list[list[Reading]]:
    """The readings that are one human: with one key, or with one identifier."""
    groups: list[list[Reading]] = []
    for who in readings:
        same = [group for group in groups if any(_is_same(who, other) for other in group)]
        for group in same[1:]:
            same[0].extend(group)
            groups.remove(group)
        if same:
            same[0].append(who)
        else:
            groups.append([who])
    return groups


def _is_same(one: Reading, other: Reading) -> bool:
    same = other["same"]
    return one["id"] == other["id"] or any(
        value and value == same[name] for name, value in one["same"].items()
    )


def _person(records: list[Reading]) -> Reading:
    bridge = min(who["bridge_days"] for who in records)
    records = [who | {"bridge_days": bridge} for who in records]
    found = dict(_state(records))
    _add_what_all_say(found, records)
    employed = found["state"] in ("prepared", "returning", "active", "leave")
    if _two_humans(records) or (employed and found["bad"]):
        found["state"] = "held"
    if _two_humans(records) and found.get("bridged"):
        found["has_left"] = True
    last = found.get("last_day", found["end"])
    after = last and datetime.combine(last + timedelta(days=1), time(), found["zone"])
    found["expires"] = after and after.astimezone(timezone.utc)
    return found


def _add_what_all_say(found: Reading, records: list[Reading]) -> None:
    """Add what follows from all records. found: the primary one."""
    others = [who for who in records if who["source"] != found["source"]]
    found["keys"] = {who["id"] for who in records}
    found["numbers"] = {(who["source"], who["number"]) for who in records}
    found["sources"] = {who["source"] for who in records}
    found["contributors"] = {who["source"] for who in others if who["state"] != "leaver"}
    current = [who for who in records if who["in_scope"] and who["state"] in ("active", "leave")]
    found["wanted"] = {
        group
        for who in current
        if who["source"] != found["source"]
        for group in who["groups"] | _as_newcomer(who, found)
    }
    found["groups"] = found["groups"].union(*(who["always"] for who in current))
    found["groups"] |= _as_newcomer(found, found)
    found["several"] = len(records) > 1
    found["first"] = min(who["start"] or date.min for who in records)


def _as_newcomer(who: Reading, person: Reading) -> set[str]:
    """The group of newcomers, where a record gives it on the day of its person."""
    last = who["newcomer_until"]
    return {rules.NEWCOMERS} if last and person["today"] <= last else set()


def _state(records: list[Reading]) -> Reading:
    """The primary record, with the state of the person."""

    def those(*states: str) -> list[Reading]:
        served = [who for who in records if who["in_scope"] or who["state"] == "leaver"]
        return [who for who in served if who["state"] in states]

    unreadable, current = those("unreadable"), those("active", "leave")
    coming, past = those("not_due", "prepared"), those("leaver")
    begun = [who for who in past if who["start"] is None or who["start"] <= who["today"]]
    if unreadable:
        return unreadable[0] | {"state": "held", "has_left": False}
    if current:
        state = "active" if those("active") else "leave"
        return _spanning(_first(current), records) | {"state": state, "has_left": False}
    elsewhere = [who for who in records if who["state"] in ("active", "leave")]
    if not coming and (elsewhere or not past):
        return _first(elsewhere or records) | {"state": "out_of_scope", "has_left": False}
    if not coming:
        return _last(begun or past)
    return _coming(coming, begun, elsewhere, records)


def _coming(
    coming: list[Reading], begun: list[Reading], elsewhere: list[Reading], records: list[Reading]
) -> Reading:
    """As _state, for somebody whose next record in scope is still to come."""
    soonest = min(who["start"] for who in coming)
    following = _first([who for who in coming if who["start"] == soonest])
    last = _last(begun) if begun else None
    if last and last["over"] and (soonest - last["over"]).days <= last["bridge_days"]:
        found = _spanning(last, records)
        return found | {"state": "active", "has_left": False, "bridged": True}
    if elsewhere and following["state"] == "prepared":
        return following | {"has_left": False, "works_elsewhere": True}
    if elsewhere:
        return _first(elsewhere) | {"state": "out_of_scope", "has_left": False}
    if last is None:
        return following | {"has_left": False}
    if following["state"] == "prepared":
        left = {"has_left": True, "over": last["over"], "today_there": last["today"]}
        return following | {"state": "returning"} | left
    return last


def _two_humans(records: list[Reading]) -> bool:
    def differ(name: str) -> Callable[[Reading], bool]:
        first = records[0]["values"].get(name, "").casefold()
        return lambda who: (
            bool(first and who["values"].get(name)) and (who["values"][name].casefold() != first)
        )

    return any(differ("givenName")(who) and differ("sn")(who) for who in records[1:])


def _first(records: list[Reading]) -> Reading:
    return min(
        records,
        key=lambda who: (
            [not one for one in who["prefer"]],
            rules.SOURCES.index(who["source"]),
            who["start"] or date.min,
            who["key"],
        ),
    )


def _over(who: Reading) -> date | None:
    """The first day without access of a record that has ended, where HR's dates say it."""
    if who["end"] and (who["start"] or who["end"]) <= who["end"] < who["today"]:
        return who["end"] + timedelta(days=1)
    return None


def _last(past: list[Reading]) -> Reading:
    """The record that ended last; without an end, where one of them has none."""

    def ended(who: Reading) -> date:
        return _over(who) or who["start"] or date.min

    latest = max(map(ended, past))
    found = _first([who for who in past if ended(who) == latest])
    known = all(_over(who) for who in past)
    return found | {"has_left": True, "over": _over(found) if known else None}


def _spanning(who: Reading, records: list[Reading]) -> Reading:
    """The record with the last day of all records that follow without a gap."""
    spans = [
        (other["start"] or date.min, other["end"] or date.max)
        for other in records
        if (other["in_scope"] and other["state"] != "leaver") or _over(other)
    ]
    end = who["end"] or date.max
    for begins, ends in sorted(spans):
        bridge = timedelta(days=1 + who["bridge_days"])
        if end != date.max and begins <= end + bridge:
            end = max(end, ends)
    return who | {"last_day": None if end == date.max else end}
