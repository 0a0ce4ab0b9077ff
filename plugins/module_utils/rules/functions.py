# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that rules may call in addition to JMESPath's own.

Every one of them gives null for null, so that a missing field stays missing instead of becoming an error or the text
"None". Numbers are taken as their text.
"""

from __future__ import annotations

import re

try:
    from anyascii import anyascii
    from jmespath.functions import Functions, signature
except ImportError:  # edge.run says which library is missing before any rule is compiled
    anyascii = None
    Functions = object

    def signature(*_arguments):
        """Stand in for the decorator, so that this file can be imported without jmespath."""
        return lambda function: function


TEXT = {"types": ["string", "number", "null"]}
COUNT = {"types": ["number"]}
WORD = {"types": ["string"]}


class RuleFunctions(Functions):
    """JMESPath's function table with ours added; a method ``_func_x`` is the function ``x`` of an expression."""

    @signature(TEXT)
    def _func_ascii(self, text):
        """Letters of any script as plain ASCII: ``ascii('Žižek')`` is ``Zizek``."""
        return None if text is None else anyascii(str(text))

    @signature(TEXT)
    def _func_lower(self, text):
        """Lower case."""
        return None if text is None else str(text).lower()

    @signature(TEXT)
    def _func_upper(self, text):
        """Upper case."""
        return None if text is None else str(text).upper()

    @signature(TEXT)
    def _func_proper(self, text):
        """The first letter of each word in upper case, the others in lower case; words end at spaces, - and '."""
        if text is None:
            return None
        return re.sub(r"[^\s'\u2019-]+", lambda word: word[0][:1].upper() + word[0][1:].lower(), str(text))

    @signature(TEXT)
    def _func_trim(self, text):
        """Without white space at both ends, and with single spaces inside."""
        return None if text is None else " ".join(str(text).split())

    @signature(TEXT, COUNT)
    def _func_left(self, text, count):
        """The first count characters."""
        return None if text is None else str(text)[: max(int(count), 0)]

    @signature(TEXT, COUNT)
    def _func_right(self, text, count):
        """The last count characters."""
        if text is None:
            return None
        return str(text)[-int(count) :] if count > 0 else ""

    @signature(TEXT, WORD, WORD)
    def _func_replace(self, text, old, new):
        """Every occurrence of the text old becomes new."""
        return None if text is None else str(text).replace(old, new)

    @signature(TEXT)
    def _func_digits(self, text):
        """Only the digits."""
        return None if text is None else re.sub(r"\D", "", str(text))

    @signature(TEXT, WORD)
    def _func_split(self, text, separator):
        """The list of parts between separators."""
        return None if text is None else str(text).split(separator)


def function_names() -> list[str]:
    """Every function that an expression may call."""
    return sorted(RuleFunctions.FUNCTION_TABLE)
