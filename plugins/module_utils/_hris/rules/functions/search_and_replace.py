# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that search and replace fixed text or a regular expression.

Regular expressions are those of Python's re, read by the library regex. It stops an expression that
takes longer than a quarter of a second for one text; then the person is held. An expression has at
most 1,000 characters, and the text 100,000.
"""

from __future__ import annotations

from ...errors import shortened
from .declaration import (
    RuleError,
    WrongArgumentError,
    as_nonempty_text,
    as_text,
    rule_function,
)
from .patterns import LIBRARY, Pattern, as_pattern


@rule_function(as_text, as_nonempty_text, as_text, entra="Replace")
def replace(text: str, old: str, new: str) -> str:
    """Every occurrence of the text old becomes new.

    >>> rule("replace(lastName, ' ', '-')", lastName="van der Berg")
    'van-der-Berg'
    >>> rule("replace(title, 'Mgr', 'Manager')", title="Sales Mgr")
    'Sales Manager'
    """
    return text.replace(old, new)


@rule_function(as_text, as_pattern, as_text, entra="Replace (regexPattern)", library=LIBRARY)
def replace_re(text: str, pattern: Pattern, replacement: str) -> str:
    r"""Every match of the regular expression becomes the replacement.

    In the replacement, \1 or \g<name> stands for what a group has matched.

    >>> rule(r"replace_re(lastName, '[^A-Za-z]', '')", lastName="O'Neil-Smith")
    'ONeilSmith'
    >>> rule(r"replace_re(fullName, '^(.+), (.+)$', '\2 \1')", fullName="Nakamura, Kenji")
    'Kenji Nakamura'
    """
    return pattern.replaced(replacement, text)


def as_group(value: object) -> int | str:
    """A group of a regular expression: its number or its name."""
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise WrongArgumentError("the number or the name of a group")


@rule_function(
    as_text,
    as_pattern,
    as_group,
    optional=1,
    entra="Replace (regexGroupName)",
    library=LIBRARY,
)
def match(text: str, pattern: Pattern, group: int | str | None = None) -> str | None:
    r"""The first match of the regular expression; null when there is none.

    Where the pattern has groups, the result is the first group, or the one whose number or name is
    given; 0 is the whole match.

    >>> rule(r"match(title, '\(([^)]*)\)')", title="Engineer (Level 3)")
    'Level 3'
    >>> rule(r"match(address, '[0-9]{4}')", address="1 George St, Sydney 2000")
    '2000'
    >>> rule(r"match(mail, '^(.+)@(.+)$', 2)", mail="kenji@example.com")
    'example.com'
    """
    if group is None:
        group = pattern.first_group
    elif not pattern.has_group(group):
        raise RuleError(
            f"the regular expression {shortened(pattern.text)} has no group {shortened(group)}"
        )
    first = pattern.search(text)
    if first is None:
        return None
    return first[group]


@rule_function(as_text, as_pattern, library=LIBRARY)
def matches(text: str, pattern: Pattern) -> bool:
    """Whether the regular expression matches somewhere in the text.

    To match the whole text, begin the expression with ^ and end it with $.

    >>> rule(r"matches(employeeNumber, '^[0-9]{5}$')", employeeNumber="12345")
    True
    >>> rule(r"matches(title, '(?i)manager')", title="Clerk")
    False
    """
    return pattern.search(text) is not None
