# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions that search and replace, plainly or with a regular expression (the syntax of Python's ``re``)."""

from __future__ import annotations

import re

from .calling import RuleError, WrongKindError, as_some_text, as_text, rule_function


def as_pattern(value) -> re.Pattern:
    """A regular expression, pattern."""
    text = as_some_text(value)
    try:
        return re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise WrongKindError(f"a regular expression ({error})") from None


@rule_function(as_text, as_some_text, as_text, entra="Replace")
def replace(text, old, new):
    """Every occurrence of the text old becomes new.

    >>> rule("replace(lastName, ' ', '-')", lastName="van der Berg")
    'van-der-Berg'
    >>> rule("replace(title, 'Mgr', 'Manager')", title="Sales Mgr")
    'Sales Manager'
    """
    return text.replace(old, new)


@rule_function(as_text, as_pattern, as_text, entra="Replace (regexPattern)")
def replace_re(text, pattern, replacement):
    r"""Every match of the regular expression becomes the replacement, in which \1 or \g<name> is a group.

    >>> rule(r"replace_re(lastName, '[^A-Za-z]', '')", lastName="O'Neil-Smith")
    'ONeilSmith'
    >>> rule(r"replace_re(fullName, '^(.+), (.+)$', '\2 \1')", fullName="Nakamura, Kenji")
    'Kenji Nakamura'
    """
    try:
        return pattern.sub(replacement, text)
    except (re.error, IndexError) as error:
        raise RuleError(
            f"{replacement!r} is no replacement for the regular expression {pattern.pattern!r} ({error})"
        ) from None


def as_group(value) -> int | str:
    """A group of a regular expression: its number or its name."""
    if (
        isinstance(value, str)
        and value
        or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
    ):
        return value
    raise WrongKindError("the number or the name of a group")


@rule_function(as_text, as_pattern, as_group, optional=1, entra="Replace (regexGroupName)")
def match(text, pattern, group=None):
    r"""What the regular expression finds first; null when nothing.

    Of a pattern with groups it is the first group, or the one whose number or name is given; 0 is the whole match.

    >>> rule(r"match(title, '\(([^)]*)\)')", title="Engineer (Level 3)")
    'Level 3'
    >>> rule(r"match(address, '[0-9]{4}')", address="1 George St, Sydney 2000")
    '2000'
    >>> rule(r"match(mail, '^(.+)@(.+)$', 2)", mail="kenji@example.com")
    'example.com'
    """
    if group is None:
        group = 1 if pattern.groups else 0
    if group > pattern.groups if isinstance(group, int) else group not in pattern.groupindex:
        raise RuleError(f"the regular expression {pattern.pattern!r} has no group {group!r}")
    found = pattern.search(text)
    return found[group] if found else None


@rule_function(as_text, as_pattern)
def matches(text, pattern):
    """Whether the regular expression finds something; begin it with ^ and end it with $ to mean the whole text.

    >>> rule(r"matches(employeeNumber, '^[0-9]{5}$')", employeeNumber="12345")
    True
    >>> rule(r"matches(title, '(?i)manager')", title="Clerk")
    False
    """
    return pattern.search(text) is not None
