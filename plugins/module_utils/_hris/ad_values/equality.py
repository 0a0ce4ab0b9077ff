# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two values of an attribute are the same, and how values are written.

Two questions, because Active Directory keeps the case of a text, but compares without it
([MS-ADTS] 3.1.1.2.2.4): "ANN" becomes "Ann" when HR corrects it, but an attribute never has both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from ..errors import HrisError
from ..model.directory import AttributeDefinition
from . import addresses
from .dn import normal
from .filetime import NEVER
from .syntaxes import NO_VALUE, form_of

ADDRESSES = "proxyAddresses"


def as_written(texts: Iterable[str], definition: AttributeDefinition) -> list[str]:
    """The values as they are written: numbers without zeros on the left, one primary address, what
    the directory takes for one value once. Where no value is a value (countryCode), that one.

    A text that is not a value of the attribute stays as it is: check_texts refuses it.
    """
    form = form_of(definition.name, definition.syntax)
    found = [form(text) or text for text in texts] if form else list(texts)
    if len(found) == 1:
        return found
    if not found:
        none = NO_VALUE.get(definition.name)
        return [none] if none else found
    if definition.name == ADDRESSES:
        return addresses.one_primary(found)
    equal = equality(definition)
    once: dict[str, str] = {}
    for text in found:
        once.setdefault(equal(text), text)
    return list(once.values())


def merged(
    before: Sequence[str],
    wanted: Sequence[str],
    definition: AttributeDefinition,
    domains: Collection[str] = (),
) -> list[str]:
    """The values of an account and the wanted ones, each once, in the spelling that is wanted.
    domains: as of addresses.merged.
    """
    if definition.name == ADDRESSES:
        return addresses.merged(before, wanted, domains)
    equal = equality(definition)
    spelled = {equal(text): text for text in wanted}
    kept = [spelled.pop(equal(text), text) for text in before]
    return kept + list(spelled.values())


def equality(definition: AttributeDefinition) -> Callable[[str], str]:
    """The function whose results are equal for values that the directory takes for one: of several
    values, an attribute has only one of them.
    """
    if definition.syntax == "text":
        return str.casefold
    return sameness(definition)


def folding(definition: AttributeDefinition) -> Callable[[str], str]:
    """The equality of an attribute, always without case: that of numbers, DNs and so on. Keys are
    compared by it.
    """
    equal = equality(definition)
    return str.casefold if equal is str.casefold else lambda value: equal(value).casefold()


def sameness(definition: AttributeDefinition) -> Callable[[str], str]:
    """The function whose results are equal for values with no difference that would be written."""
    if definition.name in _SAME_IN_ATTRIBUTE:
        return _SAME_IN_ATTRIBUTE[definition.name]
    if definition.syntax == "dn":
        return _same_dn
    form = form_of(definition.name, definition.syntax)
    if form is None:
        return _same_text
    return lambda text: form(text) or text


def same_values(
    before: Sequence[str], after: Sequence[str], definition: AttributeDefinition
) -> bool:
    """Whether two lists of values are the same; the directory keeps no order."""
    if before == after:
        return True
    none = NO_VALUE.get(definition.name)
    if none:
        before, after = before or [none], after or [none]
    same = sameness(definition)
    return len(before) == len(after) and sorted(map(same, before)) == sorted(map(same, after))


def _same_text(text: str) -> str:
    return text


def _same_dn(text: str) -> str:
    """The normal DN; a text that is none is only the same as itself."""
    try:
        return normal(text)
    except HrisError:
        return text


def _same_expiry(text: str) -> str:
    number = text.lstrip("0") or "0"
    return "never" if number in NEVER else number


# Of single attributes; under the name as the schema spells it
_SAME_IN_ATTRIBUTE: dict[str, Callable[[str], str]] = {
    "accountExpires": _same_expiry,
    ADDRESSES: addresses.same_address,
}
