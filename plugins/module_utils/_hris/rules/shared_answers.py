# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of rules that many people share: found once for each combination of the texts that they
depend on, such as a department and a title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ..model.records import Record
from .evaluation import reader
from .expressions import Expression

MOST = 1 << 14  # answers that are remembered; beyond, each is found anew

Answer = TypeVar("Answer")


def shared_answers(
    answer: Callable[[Record], Answer], expressions: Iterable[Expression]
) -> Callable[[Record], Answer]:
    """The same function, which is called only once for records that have the same texts in all
    fields that the expressions read.

    answer: depends on nothing but the values of these expressions, and is never None. What it
    raises is not remembered.
    """
    every = list(expressions)
    if any(one.whole for one in every):
        return answer  # one of them may read any field
    reads = [reader(path) for path in sorted({path for one in every for path in one.paths})]
    known: dict[tuple[Any, ...], Answer] = {}

    def shared(record: Record) -> Answer:
        values = tuple([read(record) for read in reads])
        try:
            found = known.get(values)
        except TypeError:  # a field holds a list or an object
            return answer(record)
        if found is None:
            found = answer(record)
            if len(known) < MOST and all(map(_is_text_or_null, values)):
                known[values] = found
        return found

    return shared


def _is_text_or_null(value: object) -> bool:
    """Of other values two can be equal that mean different things: 1, 1.0 and true."""
    return value is None or isinstance(value, str)
