# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The profile of a feed: figures and no person. A broken export shows when it is compared with the
last good one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from ..data_class import field, frozen, mutable
from ..model.blank_texts import trimmed
from ..model.findings import WARNING, Finding
from ..model.record_fields import Path
from ..model.records import Record
from ..model.shapes import shaped
from ..option_names import option_name

FORMAT = "hris.ad feed 1"
WINDOW = 30  # days in which losses are added up
FEW = 20  # different values of a field that has a fixed list of them
LONGEST_NAME = 100  # characters of a field's name
LONGEST = 40  # characters of such a value
PEOPLE_A_VALUE = 5  # a fixed list has at least so many people for each value
SHOWN = 5  # new values in a message
KINDS = {
    "str": "text",
    "bool": "boolean",
    "int": "number",
    "float": "number",
    "list": "list",
    "dict": "object",
}


@frozen
class FieldProfile:
    """One field of a feed."""

    empty: float  # share of records without a value, from 0 to 1
    types: list[str]  # values of KINDS
    values: list[Any] | None  # of a field with a fixed list of values, else None


@frozen
class FeedProfile:
    """The figures of a feed. Fields inside objects have a path; those inside lists are not
    counted.
    """

    employees: int  # records
    duplicate_keys: int  # keys that several different records have
    without_key: int  # records without a key
    fields: dict[str, FieldProfile]  # {path: field}
    recent: list[GoodDay] = field(default_factory=list)  # of the last WINDOW days, the oldest first


@frozen
class GoodDay:
    """The best of the good feeds of one day: many small losses are one large one."""

    day: str  # YYYY-MM-DD
    employees: int  # the most
    empty: dict[str, float]  # {path: the smallest share of records without a value}


@frozen
class GuardLimits:
    """How far a feed may differ from the last good one."""

    fewer: float  # percent of records
    empty: float  # percentage points by which a field may have become emptier
    duplicate_keys: int  # how many more
    new_values: str  # report, stop or ignore: a new value of a field with a fixed list


@mutable
class FeedVerdict:
    """A feed compared with the last good one."""

    stops: list[str] = field(default_factory=list)  # why the feed is not trusted
    findings: list[Finding] = field(default_factory=list)


def profile_of(records: Sequence[Record], keys: Sequence[str | None]) -> FeedProfile:
    """The profile of a feed. keys: of each record."""
    present: Counter[str] = Counter()
    empty: Counter[str] = Counter()
    types: dict[str, set[str]] = defaultdict(set)
    values: dict[str, set[Any]] = defaultdict(set)
    for record in records:
        for path, value in _fields(record, ""):
            present[path] += 1
            if _is_empty(value):
                empty[path] += 1
                continue
            types[path].add(KINDS.get(type(value).__name__, "other"))
            if len(values[path]) <= FEW:
                values[path].add(value if isinstance(value, (str, bool, int)) else None)
    total = len(records)
    fields = {}
    for path, count in sorted(present.items()):
        filled = count - empty[path]
        share = round(1 - filled / total, 4)
        fields[path] = FieldProfile(share, sorted(types[path]), _fixed_list(values[path], filled))
    return FeedProfile(
        employees=total,
        duplicate_keys=_duplicate_keys(records, keys),
        without_key=sum(not key for key in keys),
        fields=fields,
    )


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not trimmed(value)
    return value is None or value in ([], {})


def _duplicate_keys(records: Sequence[Record], keys: Sequence[str | None]) -> int:
    """How many keys have several records that are not equal."""
    first: dict[str, Record] = {}
    several = set()
    for record, key in zip(records, keys, strict=True):
        if key and first.setdefault(key.casefold(), record) != record:
            several.add(key.casefold())
    return len(several)


def profile_to_json(profile: FeedProfile) -> dict[str, Any]:
    """The profile as plain data."""
    return {"format": FORMAT, **asdict(profile)}


def profile_from_json(data: Any, place: str) -> FeedProfile | None:
    """The profile; None for data that is not one. place: its file, for messages. Raises HrisError
    for one that is damaged.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        return None
    bare = {name: value for name, value in data.items() if name not in ("format", "seal")}
    return shaped(FeedProfile, bare, "the profile is damaged", place)


def without_values(profile: FeedProfile, left_out: Iterable[Path]) -> FeedProfile:
    """The profile without the values of these fields, which are not to be kept."""
    names = [".".join(map(_shown, path)) for path in left_out]
    beginnings = tuple(f"{name}." for name in names)
    fields = {
        path: replace(one, values=None) if path in names or path.startswith(beginnings) else one
        for path, one in profile.fields.items()
    }
    return replace(profile, fields=fields)


def _shown(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def _fields(record: Record, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        path = prefix + _shown(name)
        yield path, value
        if isinstance(value, dict):
            yield from _fields(value, f"{path}.")


def _fixed_list(values: set[Any], count: int) -> list[Any] | None:
    """The values of a field with a fixed list: few for the number of people, and short."""
    if len(values) > FEW or None in values or count < PEOPLE_A_VALUE * len(values):
        return None
    if any(len(str(value)) > LONGEST for value in values):
        return None
    return sorted(values, key=str)


def compare_profiles(now: FeedProfile, last: FeedProfile, limits: GuardLimits) -> FeedVerdict:
    """Compare a feed with the last good one. A field that is gone or has other types always
    stops.
    """
    verdict = FeedVerdict()
    _compare_counts(now, last, limits, verdict)
    _compare_days(now, last, limits, verdict)
    for path in sorted(last.fields):
        if path not in now.fields and _is_expected(path, now):
            verdict.stops.append(f"the field '{path}' is gone")
    for path, profile in now.fields.items():
        before = last.fields.get(path)
        if before is not None:
            _compare_field(path, profile, before, limits, verdict)
    return verdict


def _compare_counts(
    now: FeedProfile, last: FeedProfile, limits: GuardLimits, verdict: FeedVerdict
) -> None:
    if _percent_lost(now, last.employees) > limits.fewer:
        verdict.stops.append(
            f"{now.employees} employees, the last time {last.employees}: more than "
            f"{limits.fewer:g} % fewer"
        )
    if now.duplicate_keys - last.duplicate_keys > limits.duplicate_keys:
        verdict.stops.append(
            f"{now.duplicate_keys} keys are used by several records, the last time "
            f"{last.duplicate_keys}"
        )


def _compare_days(
    now: FeedProfile, last: FeedProfile, limits: GuardLimits, verdict: FeedVerdict
) -> None:
    """Compare with the best of the last days, where the last feed alone says nothing."""
    most = max(last.recent, key=lambda one: one.employees, default=None)
    if most and not verdict.stops and _percent_lost(now, most.employees) > limits.fewer:
        verdict.stops.append(
            f"{now.employees} employees, on {most.day} {most.employees}: in these days more than "
            f"{limits.fewer:g} % fewer"
        )
    for path, profile in now.fields.items():
        before = last.fields.get(path)
        days = [one for one in last.recent if path in one.empty]
        if before is None or not days or 100 * (profile.empty - before.empty) > limits.empty:
            continue  # nothing to compare, or said already
        best = min(days, key=lambda one: one.empty[path])
        if 100 * (profile.empty - best.empty[path]) > limits.empty:
            verdict.stops.append(
                f"'{path}' is empty for {profile.empty:.0%}, on {best.day} for "
                f"{best.empty[path]:.0%}"
            )


def _percent_lost(now: FeedProfile, employees: int) -> float:
    return 100 * (employees - now.employees) / employees if employees else 0


def remembered(now: FeedProfile, last: FeedProfile | None, today: date) -> FeedProfile:
    """The profile of a good feed, with what is to be known of the days before.

    last: the one before; None to begin anew.
    """
    first = (today - timedelta(days=WINDOW)).isoformat()
    days = [one for one in (last.recent if last else ()) if one.day > first]
    one = GoodDay(
        today.isoformat(), now.employees, {path: field.empty for path, field in now.fields.items()}
    )
    if days and days[-1].day == one.day:
        one = _best(one, days.pop())
    return replace(now, recent=[*days, one])


def _best(one: GoodDay, other: GoodDay) -> GoodDay:
    empty = {path: min(share, other.empty.get(path, share)) for path, share in one.empty.items()}
    return GoodDay(one.day, max(one.employees, other.employees), empty)


def _compare_field(
    path: str,
    now: FieldProfile,
    before: FieldProfile,
    limits: GuardLimits,
    verdict: FeedVerdict,
) -> None:
    if before.types and now.types and not set(now.types) <= set(before.types):
        types, former = " or ".join(now.types), " or ".join(before.types)
        verdict.stops.append(f"'{path}' is {types}, the last time {former}")
    if 100 * (now.empty - before.empty) > limits.empty:
        verdict.stops.append(
            f"'{path}' is empty for {now.empty:.0%}, the last time for {before.empty:.0%}"
        )
    if limits.new_values == "ignore" or before.values is None:
        return
    new = [value for value in now.values or () if value not in before.values]
    if not new:
        return
    message = f"'{path}' has new values: {', '.join(map(str, new[:SHOWN]))}"
    if len(new) > SHOWN:
        message += f" and {len(new) - SHOWN} more"
    if limits.new_values == "stop":
        verdict.stops.append(message)
    else:
        text = f"{message}. Check whether the rules know them."
        verdict.findings.append(
            Finding("new_value", text, place=option_name("guard.new_values"), severity=WARNING)
        )


def _is_expected(path: str, now: FeedProfile) -> bool:
    """Whether a field could be there: somebody has the object around it.

    Where the object is gone, that is reported for the object.
    """
    around = path.rpartition(".")[0]
    return not around or (around in now.fields and "object" in now.fields[around].types)
