# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of operations where one account takes a name that another one gives up. Pure.

The server refuses a name that two accounts would have for a moment. So the account that gives it up
comes first, in one chain of operations. Where accounts exchange their names, one of them gives up
its own at the beginning, for a name that nobody has or for none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..ad_values import dn as names
from ..ad_values.unique_names import (
    DN,
    REFUSED_TWICE,
    UniqueName,
    comparable,
    comparable_dn,
    given_up,
    taken,
)
from ..model.plan import Change
from .operations import MODIFY, RENAME, Operation

_LOGON_NAME = "samaccountname"  # an account always has one
Needs = dict[str, dict[str, set[UniqueName]]]  # {taker: {giver: names}}


def in_order(
    accounts: Mapping[str, list[Operation]], changes: Sequence[Change]
) -> dict[str, list[Operation]]:
    """{object: its operations}; those of objects that hand on names are one list, in an order in
    which the server takes them.
    """
    needs = _needs(changes)
    if not needs:
        return dict(accounts)
    order, released = _order(needs)
    chained = set(order)
    ordered = {name: steps for name, steps in accounts.items() if name not in chained}
    changes_of: dict[str, list[tuple[int, Change]]] = {name: [] for name in released}
    for index, change in enumerate(changes):
        if names.object_of(change) in changes_of:
            changes_of[names.object_of(change)].append((index, change))
    for chain in _chains(order, needs):
        steps: list[Operation] = []
        for name in chain:
            if name in released:
                steps += _releases(released[name], accounts.get(name, []), changes_of[name])
        for name in chain:
            steps += accounts.get(name, [])
        ordered[chain[0]] = steps
    return ordered


def _needs(changes: Sequence[Change]) -> Needs:
    givers: dict[UniqueName, str] = {}
    for change in changes:
        givers.update(dict.fromkeys(_refused(given_up(change)), names.object_of(change)))
    needs: Needs = {}
    if not givers:
        return needs  # as in a first load, whose names are all new
    takers: dict[UniqueName, str] = {}
    for change in changes:
        takers.update(dict.fromkeys(_refused(taken(change)), names.object_of(change)))
    for one, taker in takers.items():
        giver = givers.get(one, taker)
        if giver != taker:
            needs.setdefault(taker, {}).setdefault(giver, set()).add(one)
    return needs


def _refused(found: set[UniqueName]) -> Iterator[UniqueName]:
    return (one for one in found if one.space == DN or one.space in REFUSED_TWICE)


def _order(needs: Needs) -> tuple[list[str], dict[str, set[UniqueName]]]:
    """(objects, each after those that give up a name for it; {object: names that it has to give up
    at the beginning, because the others come in a circle}).
    """
    order: list[str] = []
    released: dict[str, set[UniqueName]] = {}
    done: set[str] = set()
    begun: set[str] = set()
    for first in sorted(needs):
        path = [(first, iter(sorted(needs[first])))] if first not in done else []
        begun.add(first)
        while path:
            name, givers = path[-1]
            giver = next(givers, None)
            if giver is None:
                path.pop()
                done.add(name)
                order.append(name)
            elif giver in begun and giver not in done:
                released.setdefault(giver, set()).update(needs[name][giver])
            elif giver not in done:
                begun.add(giver)
                path.append((giver, iter(sorted(needs.get(giver, ())))))
    return order, released


def _chains(order: Sequence[str], needs: Needs) -> Iterator[list[str]]:
    """The objects in their order, in lists that have nothing to do with each other."""
    chain_of: dict[str, list[str]] = {}
    for name in order:
        chain = [name]
        for giver in needs.get(name, ()):
            other = chain_of.get(giver)
            if other is not None and other is not chain:
                chain = other + chain
        for member in chain:
            chain_of[member] = chain
    seen: set[int] = set()
    for name in order:
        chain = chain_of[name]
        if id(chain) not in seen:
            seen.add(id(chain))
            yield chain


def _releases(
    released: set[UniqueName], steps: Sequence[Operation], changes: Sequence[tuple[int, Change]]
) -> Iterator[Operation]:
    """Operations that give up names; the operation that gives the new one takes them back where it
    is refused.
    """
    for index, change in changes:
        step = next((one for one in steps if index in one.changes), None)
        if step is None:
            continue
        target = f"<GUID={change.guid}>"
        if change.to and UniqueName(DN, comparable_dn(change.dn)) in released:
            parent = names.parent(change.dn)
            free = Operation(RENAME, target, [index], rdn=f"CN={change.guid}", parent=parent)
            back = Operation(RENAME, target, [index], rdn=names.rdn(change.dn), parent=parent)
            yield _prepared(free, back, step)
        for attribute, values in change.attributes.items():
            space = attribute.casefold()
            kept = [
                text
                for text in values.before
                if UniqueName(space, comparable(text)) not in released
            ]
            if space in REFUSED_TWICE and len(kept) < len(values.before):
                if space == _LOGON_NAME:
                    kept = ["hris-" + (change.guid or "").replace("-", "")[:14]]
                free = Operation(MODIFY, target, [index], {attribute: kept})
                back = Operation(MODIFY, target, [index], {attribute: list(values.before)})
                yield _prepared(free, back, step)


def _prepared(free: Operation, back: Operation, step: Operation) -> Operation:
    free.is_preparation = True
    step.on_refusal.append(back)
    return free
