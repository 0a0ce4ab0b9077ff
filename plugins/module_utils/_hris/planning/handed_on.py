# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that one account gives up and another one takes in the same run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..ad_values.unique_names import ADDRESSES, DN, comparable, comparable_dn, space_of
from ..model.directory import Account
from ..model.people import Person
from .decisions import Decision
from .taken_names import HandedOn


class Decided(NamedTuple):
    """What was decided for one person."""

    person: Person
    account: Account | None
    decision: Decision


def not_handed_on(handed_on: Sequence[HandedOn], decided: Iterable[Decided]) -> set[HandedOn]:
    """What was taken from accounts that do not give it up after all.

    A former address stays as an alias, so that it is given up only in an exchange.
    """
    if not handed_on:
        return set()
    by_dn = {one.account.dn: one for one in decided if one.account}
    exchanged = _exchanged(handed_on)
    return {
        one
        for one in handed_on
        if one.giver not in by_dn or _keeps(by_dn[one.giver], one, one in exchanged)
    }


def _keeps(giver: Decided, one: HandedOn, is_exchanged: bool) -> bool:
    """Whether an account has the name after the run as well."""
    account, decision = giver.account, giver.decision
    if account is None:
        return True
    if one.space == DN:
        return comparable_dn(decision.dn) == one.value
    if one.space in ADDRESSES and "mail" in decision.names and not is_exchanged:
        return True  # as an alias
    for name, values in account.attributes.items():
        if space_of(name) != one.space or name in decision.names:
            continue
        if name == "proxyAddresses" and "mail" in decision.names:
            continue
        change = decision.differences.get(name)
        after = change.after if change else values
        if one.value in map(comparable, after):
            return True
    return False


def _exchanged(handed_on: Iterable[HandedOn]) -> set[HandedOn]:
    """The addresses of accounts that exchange them: each gets one that another of them had."""
    addresses = [one for one in handed_on if one.space in ADDRESSES]
    takers = defaultdict(set)
    for one in addresses:
        takers[one.giver].add(one.taker)
    return {one for one in addresses if _reaches(takers, one.taker, one.giver)}


def _reaches(takers: dict[str, set[str]], start: str, end: str) -> bool:
    """Whether addresses that ``start`` gives up come to ``end``, over any number of accounts."""
    seen: set[str] = set()
    more = {start}
    while more:
        if end in more:
            return True
        seen |= more
        more = {taker for one in more for taker in takers.get(one, ())} - seen
    return False


def note_lost_addresses(handed_on: Sequence[HandedOn], decided: Iterable[Decided]) -> None:
    """Note in the decisions which former addresses do not stay as aliases."""
    if not handed_on:
        return
    lost = defaultdict(set)
    for one in _exchanged(handed_on):
        lost[one.giver].add(one.value)
    for each in decided:
        if each.account and each.account.dn in lost:
            each.decision.lost = lost[each.account.dn]
