# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What messages call an option: as those who read the message have written it.

Whoever uses a role writes variables and never sees the options of the modules behind it. So no text
names an option itself: it asks option_name. The names are set once, before the work of a module
begins, as the language of messages would be: nothing is decided by them, and a text is never
searched for names, so that a value which looks like one stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from .data_class import frozen

_IN_BRACES = re.compile(r"\{([\w.]+)\}")
_PATH = re.compile(r"(?P<option>(?P<top>\w+)(?:\.\w+)?)")


@frozen
class Variable:
    """The variable that an option is taken from."""

    name: str
    # So many entries of a list the role itself puts before those of the variable, and what the
    # names of the variables begin with from which it makes them
    added: int = 0
    own: str = ""


Names = Mapping[str, Variable]  # {option, or one with a word of it (auth.token): its variable}
# Of the whole process, which a module has for itself: its threads write messages, too
_names: Names = {}


@contextmanager
def options_called(names: Names) -> Iterator[None]:
    """Messages call these options so. Without names each option is called as the module has it."""
    global _names
    before, _names = _names, names
    try:
        yield
    finally:
        _names = before


def option_name(path: str) -> str:
    """An option for a message. path: the option and the position in it, naming.candidates[1]."""
    found = _PATH.match(path) if _names else None
    if found is None:
        return path
    for part in ("option", "top"):
        variable, rest = _names.get(found[part]), path[found.end(part) :]
        if variable:
            return _at(variable, rest)
    return path


def with_options(text: str) -> str:
    """A text of ours, without values, with the names of the options that it has in braces: ``set
    {joiner.moved_start}``.
    """
    return _IN_BRACES.sub(lambda match: option_name(match[1]), text)


def said(of_module: str, of_role: str) -> str:
    """What to write where a role has another way than an option."""
    return of_role if _names else of_module


def _at(variable: Variable, rest: str) -> str:
    """A position in an option as one in its variable."""
    number = re.match(r"\[(\d+)\]", rest) if variable.added else None
    if number is None:
        return variable.name + rest
    entry, position = int(number[1]) - variable.added, rest[number.end() :]
    if entry >= 0:
        return f"{variable.name}[{entry}]{position}"
    return variable.own + position.rpartition(").")[2]  # endpoints[0] (elmo).key is elmo_key
