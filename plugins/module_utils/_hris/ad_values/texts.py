# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lengths of texts as Active Directory counts them, and texts that are cut or cleaned for a name.

Active Directory keeps a text as UTF-16 and counts its units ([MS-ADTS] 3.1.1.2.3, rangeUpper): an
emoji is two. Samba does the same (measured: givenName takes 32 emoji and refuses 33).
"""

from __future__ import annotations

import re
import unicodedata

_OUTSIDE = re.compile(r"[^\u0000-\uffff]")  # two units of UTF-16 each
_BROKEN = re.compile(r"[\ud800-\udfff]")  # half of a character, which no encoding can write
# Characters that end or hide a line, or turn its direction. Not among them: the two joiners
# (U+200C, U+200D), which belong to words of Persian and Hindi and to emoji.
_BREAKS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANKS_BEFORE_COMMAS = re.compile(r" +(?=,[ ,]*$)")
_JOINER = "\u200d"
_MODIFIERS = range(0x1F3FB, 0x1F400)  # of the colour of a skin
_FLAGS = range(0x1F1E6, 0x1F200)  # two of these letters are one flag


CN_MAX = 64  # units of a common name: Windows refuses longer ones, Samba does not (measured)


def units(text: str) -> int:
    """The length of a text in units of UTF-16."""
    if text.isascii():
        return len(text)
    return len(text) + len(_OUTSIDE.findall(text))


def cut(text: str, most: int) -> str:
    """The beginning of a text, of at most this many units of UTF-16.

    What is seen as one character is kept whole or left out: a letter with its accents, an emoji
    with its modifiers, a flag.
    """
    if units(text) <= most:
        return text
    end = length = 0
    for character in text:
        length += 2 if character > "\uffff" else 1
        if length > most:
            break
        end += 1
    while end and _belongs_together(text, end):
        end -= 1
    return text[:end]


def _belongs_together(text: str, at: int) -> bool:
    """Whether the characters before and after a position are seen as one."""
    before, after = text[at - 1], text[at]
    if after.isascii() and before != _JOINER:
        return False
    if _is_flag(after) and _is_flag(before):
        letters = 0
        while letters < at and _is_flag(text[at - 1 - letters]):
            letters += 1
        return letters % 2 == 1
    is_added = unicodedata.category(after).startswith("M") or ord(after) in _MODIFIERS
    return is_added or _JOINER in (before, after)


def _is_flag(character: str) -> bool:
    return ord(character) in _FLAGS


def is_broken(text: str) -> bool:
    """Whether a text has half of a character, such as JSON's ``\\ud800`` alone."""
    return not text.isascii() and _BROKEN.search(text) is not None


def has_hidden(text: str) -> bool:
    """Whether a text has control characters, line breaks, or characters that turn the direction of
    a line or are not seen.
    """
    return _HIDDEN.search(text) is not None


def one_line(text: str) -> str:
    """The text without hidden characters: line breaks and tabs become one space.

    A line feed in a common name would look like an object that two domain controllers had created
    at once: those are called ``Name\\0ACNF:GUID`` ([MS-ADTS] 3.1.1.1.5).
    """
    if not has_hidden(text):
        return text
    return _HIDDEN.sub("", _BREAKS.sub(" ", text)).strip()


def object_name(text: str) -> str:
    """The text as the name of an account or OU: on one line, and without blanks before commas at
    the end.

    Samba cannot read the DN of what is below ``OU=R \\,`` any more: every search of the domain
    fails from then on (measured).
    """
    name = one_line(text)
    return _BLANKS_BEFORE_COMMAS.sub("", name) if " ," in name else name
