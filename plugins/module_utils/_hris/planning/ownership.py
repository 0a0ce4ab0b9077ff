# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ownership: the mark that we leave on our accounts."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ..model.directory import Account
from ..rules.times import is_day
from .mark_texts import decoded, encoded

PREFIX = "hris.ad"
# The last state that we gave an account. Only what we disabled ourselves (prepared, leave,
# disabled) is ever enabled again.
ACTIVE, PREPARED, LEAVE, DISABLED = "active", "prepared", "leave", "disabled"


KEY = " key="  # what stands before the key in a mark
DAYS_OF_MARK = ("since", "absent", "out_of_scope", "bridged")
# The words of a lock-out, which people have written
LOCKED_OUT_WORD = "locked_out"
TEXTS_OF_MARK = (LOCKED_OUT_WORD, "by", "reason", "ticket", "before", "password")
SCRAMBLED = "scrambled"


class Mark(NamedTuple):
    """The mark of an account: ``hris.ad source=elmo state=disabled since=2026-03-02``."""

    source: str
    state: str  # ACTIVE, PREPARED, LEAVE or DISABLED
    since: str | None = None  # DISABLED: the first day without access
    absent: str | None = None  # the day of the first run that missed the person in the feed
    out_of_scope: str | None = None  # the day of the first run with no record in scope
    bridged: str | None = None  # the day of the first run in a gap between two records
    key: str | None = None  # another key of the person than that of the account
    key_source: str | None = None  # the source of that key; None: the source of the mark
    contributors: tuple[str, ...] = ()  # other sources with a record of the person
    locked_out: str | None = None  # when somebody locked the account out before HR did, ISO 8601
    by: str | None = None  # the lock-out: who asked for it
    reason: str | None = None  # the lock-out: why
    ticket: str | None = None  # the lock-out: where more is written about it
    before: str | None = None  # the lock-out: DISABLED where the account was disabled already
    # the lock-out: pwdLastSet before it; SCRAMBLED once HR has the leaving
    password: str | None = None

    @property
    def is_scrambled(self) -> bool:
        """Whether a lock-out gave the account a password that nobody knows."""
        return self.locked_out is not None or self.password == SCRAMBLED

    @property
    def sources(self) -> tuple[str, ...]:
        """The source and the contributors."""
        return (self.source, *self.contributors)

    def is_shared(self, source: str) -> bool:
        """Whether another source than this one is in the mark."""
        return bool(self.contributors) or self.source != source


@lru_cache
def active_mark(source: str) -> Mark:
    """The mark of an account that follows the rules of one source, with nothing more to say."""
    return Mark(source, ACTIVE)


@lru_cache(maxsize=1 << 14)
def write_mark(mark: Mark) -> str:
    """The text of a mark."""
    text = f"{PREFIX} source={mark.source} state={mark.state}"
    for name in DAYS_OF_MARK:
        day = getattr(mark, name)
        if day:
            text += f" {name}={day}"
    for name in TEXTS_OF_MARK:
        words = getattr(mark, name)
        if words:
            text += f" {name}={encoded(words)}"
    if mark.key_source:
        text += f" key_source={mark.key_source}"
    if mark.contributors:
        text += f" contributors={','.join(mark.contributors)}"
    if mark.key:
        text += KEY + mark.key  # the last word, because a key can have spaces
    return text


@lru_cache(maxsize=1 << 14)  # most accounts carry the same few marks
def read_mark(text: str | None) -> Mark | None:
    """The mark in a text, None for a text that is not a mark of ours.

    A day that is none is left out: somebody edited it, and what is counted from it begins anew.
    """
    front, _separator, key = (text or "").partition(KEY)
    words = front.split()
    if not words or words[0] != PREFIX:
        return None
    pairs = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    source = pairs.get("source")
    if not source:
        return None
    contributors = tuple(filter(None, pairs.get("contributors", "").split(",")))
    days = (pairs[name] if is_day(pairs.get(name)) else None for name in DAYS_OF_MARK)
    since, absent, out_of_scope, bridged = days
    texts = (decoded(pairs[name]) if pairs.get(name) else None for name in TEXTS_OF_MARK)
    state = pairs.get("state", ACTIVE)
    return Mark(
        source,
        state,
        since,
        absent,
        out_of_scope,
        bridged,
        key or None,
        pairs.get("key_source"),
        contributors,
        *texts,
    )


def mark_of(account: Account, attribute: str) -> Mark | None:
    """The mark of an account. attribute: the one that keeps it."""
    values = account.attributes.get(attribute)
    return read_mark(values[0]) if values else None
