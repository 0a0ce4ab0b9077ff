# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields that rules read but no record has, at every depth.

Such a field is mostly a typing error, which would otherwise be an empty value for everybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from ..data_class import frozen
from ..errors import HrisError, as_sentence, did_you_mean
from ..model.record_fields import EACH, Path
from ..model.records import Record
from ..option_names import said, with_options
from .expressions import Expression
from .field_reads import VALUES, WRAPPED, FieldRead, Place

# Words that JMESPath reads as names of fields, and the constants that are meant
_CONSTANTS = {"null": "null", "none": "null", "true": "true", "false": "false"}
_EMPTY: tuple[object, ...] = (None, "", [], {})
# Verdicts about one step of a place
_KNOWN = "one of the records has it"
_OPEN = "it cannot be judged, because everything above it is empty"
_MISSING = "there are objects, and none has it"
_OBJECT = "an object stands where a list is needed"
_LIST = "a list stands where an object is needed; write [0] or [*] behind it"
_PLAIN = "a plain value stands where an object is needed"
_ADVICE = "List a field that only some people have in {optional_fields}"
# The fields in which systems keep the fields that a company has added: the system, and the variable
# of its role that names these
_CUSTOM = {
    "custom": ("IceHrm", "icehrm_custom_fields"),
    "customData": ("ELMO", "elmo_custom_fields"),
}


class UnknownFieldError(HrisError):
    """An expression reads a field that no record has.

    path: the names that lead to it, with dots. siblings: the names that records have beside it.
    """

    def __init__(self, path: str, siblings: Collection[str], place: str, why: str | None = None):
        self.path = path
        self.siblings = siblings
        self.why = why  # what stands where an object with fields is needed
        super().__init__(self.said_of("employee"), place, self._advice())

    def said_of(self, who: str) -> str:
        """The message about other things than employees."""
        message = f"no {who} has the field '{self.path}'"
        return f"{message}: {self.why}" if self.why else message

    def _advice(self) -> str:
        above, _dot, name = self.path.rpartition(".")
        constant = _CONSTANTS.get(name.lower())
        if constant and not self.why:
            advice = f"For the constant {constant}, write `{constant}` in backticks"
            if constant == "null":
                advice += ", or ask with is_null() and is_present()"
            return advice
        if self.why:
            return "Correct the rule, or ask for the type first with is_text()"
        advice = with_options(_ADVICE)
        if above in _CUSTOM:
            system, variable = _CUSTOM[above]
            where = said("its option custom_fields", variable)
            advice += f", or name a custom field of {system} in {where}"
        suggestion = did_you_mean(name, self.siblings)
        if suggestion:
            advice = f"{as_sentence(suggestion)} {advice}"
        return advice


@frozen
class _Fault:
    """Why a place cannot have what is read."""

    place: Place  # up to the first step that no record has
    siblings: Collection[str]
    why: str | None = None


def check_fields(
    expressions: Iterable[Expression],
    records: Sequence[Record],
    optional: Iterable[str],
    left_out: Iterable[Path] = (),
) -> None:
    """Raise UnknownFieldError for the first field of the expressions that no record has.

    The parameters are those of unknown_fields.
    """
    for error in unknown_fields(expressions, records, optional, left_out):
        raise error


def unknown_fields(
    expressions: Iterable[Expression],
    records: Sequence[Record],
    optional: Iterable[str],
    left_out: Iterable[Path] = (),
) -> Iterator[UnknownFieldError]:
    """Yield an error for each field of the expressions that no record has, every one once.

    A field is known as soon as one record has it, whatever the value. It is accepted where this
    cannot be judged: without records, and below a field that is empty for everybody. It is also
    accepted below the ``optional`` paths ('customData.shirt', 'channels[*].kind'), which a feed
    gives only for some people. left_out: fields that HR has and the records do not, whose names are
    suggested too.
    """
    if not records:
        return
    others = list(left_out)
    allowed = [_names(tuple(path.replace(EACH, "").split("."))) for path in optional]
    checked: set[FieldRead] = set()
    reported: set[str] = set()
    for expression in expressions:
        for read in sorted(expression.reads - checked, key=_order):
            checked.add(read)
            if any(_is_allowed(place, allowed) for place in read.places):
                continue
            fault = _fault(read, records)
            if fault is None:
                continue
            path = _shown(fault.place)
            if path not in reported:
                reported.add(path)
                siblings = {*fault.siblings, *_beside(fault.place, others)}
                yield UnknownFieldError(path, siblings, expression.place, fault.why)


def _beside(place: Place, others: Iterable[Path]) -> Iterator[str]:
    """Yield the last names of those paths that lead to where the place leads."""
    around = _names(place)[:-1]
    for path in others:
        if path[:-1] == around:
            yield path[-1]


def _order(read: FieldRead) -> list[Place]:
    return sorted(read.places)


def _names(place: Place) -> Place:
    return tuple(step for step in place if step not in (EACH, VALUES, WRAPPED))


def _is_allowed(place: Place, allowed: Iterable[Place]) -> bool:
    names = _names(place)
    return any(names[: len(start)] == start for start in allowed)


def _shown(place: Place) -> str:
    """A place as JMESPath has it: channels[*].kind."""
    text = ""
    for step in place:
        if step == EACH:
            text += EACH
        elif step != WRAPPED:
            text += f".{step}" if text else step
    return text


def _fault(read: FieldRead, records: Sequence[Record]) -> _Fault | None:
    """Why no record has what is read; None when one has it, and when that cannot be judged."""
    faults = []
    for place in sorted(read.places):
        verdict, depth = _judged(place, records, read.types_differ)
        if verdict == _KNOWN:
            return None
        if verdict != _OPEN:
            faults.append(_described(place[: depth + 1], verdict, records))
    return max(faults, key=lambda fault: (fault.why is None, len(fault.place)), default=None)


def _described(place: Place, verdict: str, records: Sequence[Record]) -> _Fault:
    if verdict != _MISSING:
        return _Fault(place, (), verdict)
    around = (value for record in records for value in _values_at(record, place[:-1]))
    siblings = {name for value in around if isinstance(value, dict) for name in value}
    return _Fault(place, siblings)


def _judged(place: Place, records: Sequence[Record], types_differ: bool) -> tuple[str, int]:
    """(the verdict about the first step that no record has, its number); known without such."""
    for depth, step in enumerate(place):
        above = place[:depth]
        if step == WRAPPED:
            continue
        if above[-1:] == (WRAPPED,):
            return _LIST, depth
        values = (value for record in records for value in _values_at(record, above))
        verdict = _verdict(step, values, types_differ)
        if verdict != _KNOWN:
            return verdict, depth
    return _KNOWN, len(place)


def _verdict(step: str, values: Iterable[Any], types_differ: bool) -> str:
    """Whether one of the values has the step."""
    verdict = _OPEN
    for value in values:
        if _has(value, step):
            return _KNOWN
        if verdict != _MISSING:
            verdict = _objection(value, step, types_differ) or verdict
    return verdict


def _has(value: Any, step: str) -> bool:
    if step == EACH:
        return isinstance(value, list)
    return isinstance(value, dict) and (step == VALUES or step in value)


def _objection(value: Any, step: str, types_differ: bool) -> str | None:
    """Why a value does not have the step; None where it says nothing about others."""
    if isinstance(value, dict):
        if step != EACH:
            return _MISSING
        return _OBJECT if value else None
    if value in _EMPTY or step == EACH:
        return None
    if isinstance(value, list):
        return _LIST
    return None if types_differ else _PLAIN


def _values_at(value: Any, place: Place) -> Iterator[Any]:
    """Yield the values at a place of a record."""
    for depth, step in enumerate(place):
        if step == WRAPPED:
            continue
        if step in (EACH, VALUES):
            for item in _items(value, step):
                yield from _values_at(item, place[depth + 1 :])
            return
        if not isinstance(value, dict):
            return
        value = value.get(step)
    yield value


def _items(value: Any, step: str) -> Iterable[Any]:
    """The items of a list, or the values of an object; none of anything else."""
    if step == EACH and isinstance(value, list):
        return value
    if step == VALUES and isinstance(value, dict):
        return value.values()
    return ()
