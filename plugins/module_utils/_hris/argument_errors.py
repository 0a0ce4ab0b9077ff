# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible says of the arguments of a module, with the names under which somebody wrote them.

Ansible checks arguments before a module begins, and knows the options of the module only. Its
sentences are the same in all releases that this collection supports; a sentence of another form
stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import partial

# Lists of options
_LISTS = re.compile(
    r"((?:missing required arguments|one of the following is required|parameters are mutually"
    r" exclusive|parameters are required together|missing parameter\(s\) required by '\w+'"
    r"|(?:all|any) of the following are missing): )(\w+(?:(?:, |\|)\w+)*)"
)
_WORD = re.compile(r"\w+")
# One option
_ONE = re.compile(
    r"(?:(?<=^value of )|(?<=^value of ')|(?<=^argument ')|(?<=^Elements value for option ')"
    r"|(?<=required by '))\w+"
    r"|^\w+(?= is .* but (?:all|any) of the following are missing: )"
)
# Where an option that is not one of the module itself is
_INSIDE = re.compile(r"(?<= found in )'?(\w+)(?=$|'| -> )")
_UNKNOWN = re.compile(r"(?<=^Unsupported parameters for )(\S+ module: )(.*?)(?=\. Supported)")
_PARENT = re.compile(r"(?:^|(?<=, ))\w+(?=\.)")


def with_variables(text: str, options: Collection[str], named: Callable[[str], str]) -> str:
    """A sentence of Ansible. options: of the module. named: (option) -> its variable."""

    def name(option: str) -> str:
        return named(option) if option in options else option

    inside = _INSIDE.search(text)
    if inside:
        return text[: inside.start(1)] + name(inside[1]) + text[inside.end(1) :]
    for lists, words in ((_LISTS, _WORD), (_UNKNOWN, _PARENT)):
        text = lists.sub(partial(_with_names, words, name), text)
    return _ONE.sub(lambda match: name(match[0]), text)


def _with_names(words: re.Pattern[str], name: Callable[[str], str], found: re.Match[str]) -> str:
    return found[1] + words.sub(lambda word: name(word[0]), found[2])
