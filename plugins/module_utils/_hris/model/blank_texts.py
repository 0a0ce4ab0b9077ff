# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that nobody can see: blanks, and characters without a width.

Such characters come from web pages and from programs that put two files together: zero-width
spaces and joiners, byte order marks, soft hyphens, marks of direction, fillers of Hangul.
"""

from __future__ import annotations

import re

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and the blank of Braille
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INVISIBLE_ONLY = re.compile(rf"[\s{_INVISIBLE}]*")
_WITHOUT_WIDTH = ("\u200b", "\ufeff")  # the zero-width space and the byte order mark
# What str.strip() takes for blanks, and these two
_AT_ENDS = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\ufeff"
)


def trimmed(text: str) -> str:
    """The text without blanks, zero-width spaces and byte order marks at its ends; "" where nobody
    can see anything.

    Other invisible characters stay at the ends of a text that can be seen: some of them belong to a
    word, as the joiners of Persian and of emoji do.
    """
    if text.isascii():
        return text.strip()
    text = text.strip()
    if text[:1] in _WITHOUT_WIDTH or text[-1:] in _WITHOUT_WIDTH:
        text = text.strip(_AT_ENDS)
    if text[:1].isascii() and text[:1].isalnum():
        return text  # nearly every text, without a look at each character
    return "" if _INVISIBLE_ONLY.fullmatch(text) else text
