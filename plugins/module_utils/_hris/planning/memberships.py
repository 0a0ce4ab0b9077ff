# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memberships: the birthright groups, what a leaver loses, and what a rehire gets back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from ..ad_values.dn import normal
from ..ad_values.protection import Protected
from ..ad_values.sid import rid
from ..model import actions
from ..model.directory import Account, Group
from ..rules.ruleset import Ruleset
from . import removed_groups
from .checks import resolve_groups
from .compare import memberships
from .group_notes import GroupNote, Past, note_of

# Combinations of groups that are remembered: in every company many people are in the same groups
COMBINATIONS = 1 << 16
GroupTuple = tuple[Group, ...]
NO_GROUPS: frozenset[str] = frozenset()


class Wanted(NamedTuple):
    """What rules say about the groups of one account; normal DNs."""

    given: frozenset[str]  # the account gets them
    kept: frozenset[str]  # the account does not lose them
    managed: frozenset[str]  # the rules decide about them


class Settled(NamedTuple):
    """What changes of the groups of one account."""

    gain: GroupTuple
    lose: GroupTuple
    note: GroupNote | None  # the new note of who gave the groups; None: it stays as it is
    has_restored: bool  # whether a group that somebody gave by hand is given back


NOTHING_SETTLED = Settled((), (), None, False)


class Memberships:
    """The groups of a directory under the rules.

    Raises HrisError for a group of the rules that does not exist or is privileged.
    """

    def __init__(self, groups: list[Group], rules: Ruleset, protected: Protected):
        """protected: its privileged and its governed groups are those that nobody gets or loses."""
        self._restored_within = rules.rehire.groups_within
        self.keeps_adopted = rules.ownership.adopted_groups == "keep"
        may = frozenset(actions.NAMES if rules.actions is None else rules.actions)
        self.takes_notes = bool(rules.leaver.record) and actions.UPDATE in may
        self.may_give, self.may_take = actions.GROUP_ADD in may, actions.GROUP_REMOVE in may
        self.by_dn = {normal(group.dn): group for group in groups}
        self.by_rid = {rid(group.sid): dn for dn, group in self.by_dn.items()}
        self._numbers = {dn: number for number, dn in self.by_rid.items()}
        self.untouched = protected.groups.union(protected.governed)
        resolved = resolve_groups(rules.groups, groups, protected.groups)
        dns = {name: normal(group.dn) for name, group in resolved.items()}
        self.named = {name: dn for name, dn in dns.items() if dn not in self.untouched}
        self.managed = frozenset(self.named.values())
        # {name in the rules: what says that the cloud governs the group}
        self.governed = {name: group.governed for name, group in resolved.items() if group.governed}
        self.of = lru_cache(COMBINATIONS)(lambda dns: memberships(dns, self.by_dn))
        self._compared = lru_cache(COMBINATIONS)(self._compare)

    def birthright(self, account: Account | None, names: tuple[str, ...], past: Past) -> Settled:
        """What changes so that of the managed groups the account has just these, and those that it
        had before a rule gave them.

        names: the birthright groups, as the rules name them.
        """
        return self._compared(tuple(account.groups) if account else (), names, past)

    def _compare(self, dns: tuple[str, ...], names: tuple[str, ...], past: Past) -> Settled:
        wanted = self.dns_of(names)
        return self._settled(dns, Wanted(wanted, wanted, self.managed), past)

    def birthright_of_all(
        self,
        account: Account | None,
        names: tuple[str, ...],
        others: Wanted,
        past: Past,
    ) -> Settled:
        """As birthright, for an account about which other sources say something as well."""
        own = self.dns_of(names)
        wanted = Wanted(own | others.given, own | others.kept, self.managed | others.managed)
        return self._settled(tuple(account.groups) if account else (), wanted, past)

    def dns_of(self, names: tuple[str, ...]) -> frozenset[str]:
        """The normal DNs of birthright groups, without those that nobody gets."""
        return frozenset(self.named[name] for name in names if name in self.named)

    def _settled(self, dns: tuple[str, ...], wanted: Wanted, past: Past) -> Settled:
        direct, whole = self.of(dns)
        note = note_of(past.texts) if self.takes_notes else None
        if note:
            given = self._named_by(note.given) & direct
            found = self._named_by(note.found) & (direct | past.back)
            new = (direct & wanted.kept & self._numbers.keys()) - given - found
            found |= new
        else:
            new = frozenset()
            is_kept = past.adopted and self.keeps_adopted and self.takes_notes
            found = direct & wanted.managed & self._numbers.keys() if is_kept else new
            given = (direct & wanted.managed) - found
        back = found & past.back if past.returns else frozenset[str]()
        gain = (wanted.given | back) - whole - {self.by_rid.get(past.primary)}
        lose = (direct & wanted.managed) - wanted.kept - found
        after = None
        # Not for a group that is only taken: the note may name groups that the account is not in
        is_due = (gain or new) if note else past.takes and (gain or past.adopted)
        if self.takes_notes and is_due:
            if past.takes and self.may_take:
                given -= lose
            if self.may_give:
                given |= gain
            after = GroupNote(self._numbered(given - found), self._numbered(found))
        if after == note:
            after = None
        return Settled(self._groups(gain), self._groups(lose), after, bool(back - whole))

    def _named_by(self, numbers: Iterable[int]) -> frozenset[str]:
        """The normal DNs of the groups with these numbers that still exist."""
        return frozenset(self.by_rid[number] for number in numbers if number in self.by_rid)

    def _numbered(self, dns: Iterable[str]) -> frozenset[int]:
        return frozenset(self._numbers[dn] for dn in dns if dn in self._numbers)

    def lost(self, account: Account, policy: str, managed: frozenset[str]) -> GroupTuple:
        """The groups that a leaver loses. policy: keep, remove_managed or remove_all. managed: the
        groups that other sources of the account manage (normal DNs).
        """
        if policy == "keep":
            return ()
        direct = self.of(tuple(account.groups))[0]
        removable = set(self.by_dn) if policy == "remove_all" else self.managed | managed
        return self._groups((direct & removable) - self.untouched)

    def remembered(self, account: Account, attribute: str, today: str) -> frozenset[str]:
        """The groups that the account lost as a leaver, recently enough to get them back, and that
        are not privileged (normal DNs).
        """
        entries = removed_groups.entries_of(account, attribute)
        if not entries:
            return NO_GROUPS
        guids = removed_groups.restorable(entries, today, self._restored_within)
        found = {dn for dn, group in self.by_dn.items() if group.guid in guids}
        return frozenset(found - self.untouched)

    def restored(
        self, account: Account, remembered: frozenset[str], managed: frozenset[str]
    ) -> GroupTuple:
        """The remembered groups that a rehire gets back, whatever the rules say about managed ones.

        managed: the groups that only other sources of the account manage (normal DNs).
        """
        if not remembered:
            return ()
        whole = self.of(tuple(account.groups))[1]
        return self._groups(remembered - self.managed - managed - whole)

    def _groups(self, dns: Iterable[str]) -> GroupTuple:
        groups = (self.by_dn[dn] for dn in dns)
        return tuple(sorted(groups, key=lambda group: group.name.casefold()))
