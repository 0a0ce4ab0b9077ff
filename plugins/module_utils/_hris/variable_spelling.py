# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which variables of a host look like variables of a role or a playbook, and are none.

Ansible says nothing of a variable that nobody reads. A misspelled limit would be no limit, so a
name that is close to one of ours is an error. Only names are looked at here, never values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from .data_class import frozen
from .errors import LONGEST_WORD, suggestion

# What the names of the variables of our playbooks begin with. So do artifacts that a job of AWX
# hands on to the next one, with any name behind it (hris_elmo), so no other name is told but a
# misspelled one.
PLAYBOOKS = "hris_"
# What the names of the variables of our roles and playbooks begin with
PREFIXES = ("lifecycle_", "elmo_", "icehrm_", "rest_", "orchestration_", PLAYBOOKS)
OWN = "lifecycle_own_variables"
# Beginnings that are also searched for when they are misspelled themselves. The others are so short
# that ordinary words, such as test_ for rest_, are as close.
_LONG_PREFIXES = ("lifecycle_", "icehrm_", "orchestration_", PLAYBOOKS)
# Typing errors in the longest words
_MOST_ERRORS = 3


@frozen
class Unknown:
    """A variable that looks like one of ours and is none."""

    name: str
    meant: str | None  # the variable that it is close to


def unknown_variables(
    given: Iterable[str], options: Collection[str], others: Collection[str], own: Collection[str]
) -> list[Unknown]:
    """The variables of a host that no role and no playbook reads, by name.

    given: names of all variables of the host. options: those that users may set. others: names
    that roles and playbooks set, which nobody mistypes. own: names and patterns (elmo_tenant_*) of
    variables that are the user's own.
    """
    found = []
    for name in sorted(given):
        if name in options or name in others or len(name) > LONGEST_WORD or name.startswith("__"):
            continue
        prefix = _prefix(name)
        if prefix is None:
            meant = _without_prefix(name, options)
        else:
            meant = _closest(prefix + name.partition("_")[2], prefix, options)
        ignored = prefix not in (None, PLAYBOOKS) and name.startswith(prefix)
        if (meant or ignored) and not any(fnmatchcase(name, pattern) for pattern in own):
            found.append(Unknown(name, meant))
    return found


def misspelled_text(unknown: Iterable[Unknown]) -> str:
    """What an error says of those that are close to a variable of ours; "" without any."""
    parts = [
        f"No {_owner(one.meant)} has the variable {one.name}. {suggestion(one.meant)}"
        for one in unknown
        if one.meant
    ]
    if not parts:
        return ""
    return " ".join([*parts, f"List a name that is your own in {OWN}."])


def ignored_text(unknown: Iterable[Unknown]) -> str:
    """What a warning says of the others; "" without any."""
    names = [one.name for one in unknown if not one.meant]
    if not names:
        return ""
    return (
        f"No role of hris.ad reads these variables: {', '.join(names)}. Correct their names, or "
        f"list those that are your own in {OWN}."
    )


def _owner(option: str) -> str:
    return "playbook" if option.startswith(PLAYBOOKS) else "role"


def _without_prefix(name: str, options: Collection[str]) -> str | None:
    """The variable of a playbook whose beginning was forgotten."""
    meant = PLAYBOOKS + name
    return meant if meant in options else None


def _prefix(name: str) -> str | None:
    """The beginning of ours that a name has, or was meant to have."""
    folded = name.casefold()
    for prefix in PREFIXES:
        if folded.startswith(prefix):
            return prefix
    word = folded.partition("_")[0]
    for prefix in _LONG_PREFIXES:
        role = prefix.removesuffix("_")
        most = len(role) // 4
        if abs(len(word) - len(role)) <= most and distance(word, role) <= most:
            return prefix
    return None


def _closest(name: str, prefix: str, options: Iterable[str]) -> str | None:
    """The option that a name is close to.

    A name that adds words to an option, such as lifecycle_groups_sydney, is chosen on purpose.
    """
    folded = name.casefold()
    best = None
    for option in sorted(options):
        too_long = abs(len(folded) - len(option)) > _MOST_ERRORS
        if too_long or not option.startswith(prefix) or folded.startswith(f"{option}_"):
            continue
        written, meant = _different_words(folded, option)
        far = distance(written, meant)
        most = _most_errors(max(len(written), len(meant)))
        if far <= most and (best is None or far < best[0]):
            best = (far, option)
    return best[1] if best else None


def _different_words(one: str, other: str) -> tuple[str, str]:
    """Two names without the words that both begin and end with: dest and key are far from each
    other behind any number of equal words.
    """
    words, others = one.split("_"), other.split("_")
    for end in (0, -1):
        while words and others and words[end] == others[end]:
            del words[end], others[end]
    return "_".join(words), "_".join(others)


def _most_errors(letters: int) -> int:
    """How many typing errors leave a word of so many letters recognizable."""
    if letters <= 6:
        return 1
    return 2 if letters <= 11 else _MOST_ERRORS


def distance(one: str, other: str) -> int:
    """How many letters are missing, too many, wrong, or exchanged with the next one."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, wanted in enumerate(other, 1):
            same = letter == wanted
            steps = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (not same))
            exchanged = row > 1 and column > 1 and letter == other[column - 2]
            if exchanged and one[row - 2] == wanted:
                steps = min(steps, before[column - 2] + 1)
            line.append(steps)
        before, last = last, line
    return last[-1]
