# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of two values is greater: two numbers, or two texts.

For anything else JMESPath gives null, which a condition takes for false: `hours > `20`` would be
false for everybody in a file in which hours is a text. So it is an error that says what to write.
"""

from __future__ import annotations

from ...errors import shortened
from ...model.blank_texts import trimmed
from .declaration import WrongValueError


def have_order(one: object, other: object, names: tuple[str | None, str | None]) -> bool:
    """Whether both are numbers or both texts; False where one of them is no value.

    names: what has the values, as the rule has it; None where it is more than a name. Raises
    WrongValueError for values without an order.
    """
    if isinstance(one, str) and isinstance(other, str):
        return True
    if _is_number(one) and _is_number(other):
        return True
    if _is_nothing(one) or _is_nothing(other):
        return False
    texts = [_text(value, name) for value, name in zip((one, other), names, strict=True)]
    raise WrongValueError(
        f"{texts[0]} and {texts[1]} have no order, only two numbers or two texts have one",
        _way_out(one, other, names),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, str) and not trimmed(value))


def _text(value: object, name: str | None) -> str:
    kind = "the text " if isinstance(value, str) else ""
    text = f"{kind}{shortened(value)}"
    return f"{name} ({text})" if name else text


def _way_out(one: object, other: object, names: tuple[str | None, str | None]) -> str:
    for value, against, name in ((one, other, names[0]), (other, one, names[1])):
        if isinstance(value, str) and _is_number(against):
            number = f"to_number({name or 'x'})"
            return f"Write {number} instead of the text, or a text such as '20' for both"
    return "Compare a number with a number, or a text with a text"
