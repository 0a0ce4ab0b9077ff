# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Feed files: employees as JSON Lines, one object in each line, readable by their owner only.

A file may lack fields of HR that nobody reads. What is known of these fields stands in one field
(ABOUT) of the first employee: their names, and figures of whole employees for the guard.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from ..data_class import field, mutable
from ..errors import HrisError
from ..json_files import iterate_lines, read_json, starts_with_array
from ..model.record_fields import DEEPEST, Path, without_deep_value, without_deep_values
from ..model.records import Record
from ..private_file import write_private
from ..shared_names import shared_names
from .paging import MOST_RECORDS
from .record_shapes import objects

# How the names of the feeds begin that roles make for one run (roles/lifecycle/tasks/hr_read.yml)
TEMPORARY = "hris.ad-"
KNOWN = 20_000  # texts and objects that are shared
_TEXTS = frozenset((str,))
MOST_KINDS = 100  # of objects that share the names of their fields
ABOUT = "hris.ad"  # the field of the first employee that says what the file lacks
_LEFT_OUT, _PROFILE = "left_out", "profile"
MOST_LEFT_OUT = 1_000  # fields whose names are kept
# Employees are of JSON, which has no circles. An encoder for each would take a fifth of the time
_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)
# Where a module takes the employees from; documented in doc_fragments/feed.py
ARGUMENTS: dict[str, dict[str, Any]] = dict(
    src=dict(type="path"), employees=dict(type="list", elements="dict")
)


@mutable
class FeedFile:
    """Employees, and what is known of the fields of HR that they lack here."""

    employees: list[Record]
    left_out: list[Path] = field(default_factory=list)  # the paths of these fields
    profile: Record | None = None  # rules/feed_profile.py about the whole employees, as plain data

    @property
    def about(self) -> Record | None:
        """What a file says about the fields that it lacks; None where there is nothing to say."""
        about: Record = {}
        if self.left_out:
            about[_LEFT_OUT] = list(map(list, self.left_out[:MOST_LEFT_OUT]))
        if self.profile is not None:
            about[_PROFILE] = self.profile
        return about or None


def given_feed(params: Mapping[str, Any]) -> FeedFile:
    """The employees of the options ARGUMENTS, none where neither is given.

    Raises HrisError for a file that is not a feed.
    """
    if params["employees"] is not None:
        return FeedFile([without_deep_values(employee) for employee in params["employees"]])
    if params["src"]:
        return read_feed_file(params["src"])
    return FeedFile([])


def feed_lines(
    employees: Iterable[Record], about: Record | None = None, shared: Sequence[str] = ()
) -> Iterator[str]:
    """The lines of a feed. about: of a FeedFile. shared: fields whose objects many employees have
    in common: each object is encoded once, and these fields stand at the end of a line.

    Text outside ASCII is escaped, so that nothing that HR holds (half of a surrogate pair, a line
    separator) breaks a line.
    """
    encode = partial(_with_shared, shared, {}) if shared else _ENCODER.encode
    for number, employee in enumerate(employees):
        shown = {**employee, ABOUT: about} if about and number == 0 else employee
        yield encode(shown) + "\n"


def _with_shared(shared: Sequence[str], known: dict[int, tuple[Any, str]], employee: Record) -> str:
    """The JSON of an employee. known: {identity of an object: (the object, its JSON)}; it is kept,
    because another one could get its identity later.
    """
    own = dict(employee)
    texts = []
    for name in shared:
        if name in own:
            value = own.pop(name)
            found = known.get(id(value)) or (value, _ENCODER.encode(value))
            if len(known) < KNOWN:
                known[id(value)] = found
            texts.append(f'"{name}":{found[1]}')
    if own:
        texts.insert(0, _ENCODER.encode(own)[1:-1])
    return f"{{{','.join(texts)}}}"


def write_feed(
    path: str,
    employees: Iterable[Record],
    about: Record | None = None,
    shared: Sequence[str] = (),
) -> None:
    """Write all employees to a file of mode 0600 that replaces an old one; the parameters are as of
    feed_lines. Raises HrisError.
    """
    write_private(path, feed_lines(employees, about, shared))


def read_feed(path: str) -> list[Record]:
    """The employees of a feed file, as read_feed_file."""
    return read_feed_file(path).employees


def read_feed_file(path: str) -> FeedFile:
    """A feed from a file of JSON Lines, or of one JSON array.

    What is nested deeper than 40 levels is null. Raises HrisError naming the file and line.
    """
    if starts_with_array(path):
        return _array(path)
    sharing = _Sharing()
    feed = FeedFile([])
    for employee in iterate_lines(path, hint="Each line must be one employee, as a JSON object"):
        _take_about(feed, employee, path)
        feed.employees.append(sharing.of(employee))
        if len(feed.employees) > MOST_RECORDS:
            raise _too_many(path)
    return _checked(feed)


def _array(path: str) -> FeedFile:
    values = read_json(path)
    if len(values) > MOST_RECORDS:
        raise _too_many(path)
    feed = FeedFile([])
    for employee in objects(values, told_path(path) or "the feed"):
        _take_about(feed, employee, path)
        feed.employees.append(without_deep_values(employee))
    return _checked(feed)


def _take_about(feed: FeedFile, employee: Record, path: str) -> None:
    """Move what the employee says about the file into the feed. Several files may have become one,
    so every employee is looked at.
    """
    if ABOUT not in employee:
        return
    about = employee.pop(ABOUT)
    left_out = about.get(_LEFT_OUT, []) if isinstance(about, dict) else None
    if not isinstance(left_out, list) or not all(map(_is_path, left_out)):
        hint = f"Read HR again, or remove the field '{ABOUT}'"
        raise HrisError(f"its field '{ABOUT}' is damaged", path, hint)
    known = set(feed.left_out)
    feed.left_out += [one for one in map(tuple, left_out) if one not in known]
    feed.profile = about.get(_PROFILE)


def _is_path(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _checked(feed: FeedFile) -> FeedFile:
    """The feed without a profile that is about more or fewer employees: somebody made the file
    shorter, or one of several.
    """
    profile = feed.profile
    if isinstance(profile, dict) and profile.get("employees") != len(feed.employees):
        feed.profile = None
    return feed


def told_path(path: str) -> str | None:
    """The path of a feed as a message names it; None for a file that a role has made for one run,
    and that nobody has ever seen.
    """
    return None if os.path.basename(path).startswith(TEMPORARY) else path


def _too_many(path: str) -> HrisError:
    return HrisError(
        f"the feed has more than {MOST_RECORDS} records",
        told_path(path),
        "Is this a list of employees",
    )


class _Sharing:
    """Equal texts of all records, and equal objects of texts, become one: many people, few
    departments. Nothing changes a feed after it was read.
    """

    def __init__(self) -> None:
        self._known: dict[Any, Any] = {}  # what came so far, or lately
        # {field that holds objects, "" for the record itself: makes an empty object}
        self._new: dict[str, Callable[[], Record]] = {}

    def of(self, record: Record, field: str = "", level: int = 0) -> Record:
        """The same record, in less memory and without what is nested too deeply.

        field: that holds it; "" for a whole employee. level: how deep it stands in the employee.
        """
        new = self._new.get(field)
        if new is None:
            new = self._new[field] = shared_names() if len(self._new) < MOST_KINDS else dict
        kept, known = new(), self._known
        for name, value in record.items():
            if isinstance(value, str):
                kept[name] = known.setdefault(value, value)
            elif isinstance(value, dict):
                kept[name] = self._object(value, name, level + 1)
            elif isinstance(value, list):
                kept[name] = without_deep_value(value, level + 1)
            else:
                kept[name] = value
        if len(known) > KNOWN:
            known.clear()  # what many share comes again, and the others never do
        return kept

    def _object(self, value: Record, field: str, level: int) -> Record | None:
        if level == DEEPEST:
            return None
        value = self.of(value, field, level)
        if not _TEXTS.issuperset(map(type, value.values())):
            return value  # 1, 1.0 and true are equal in Python; and a list cannot be in a key
        return self._known.setdefault(tuple(value.items()), value)
