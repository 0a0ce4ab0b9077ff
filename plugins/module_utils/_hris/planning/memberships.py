# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memberships: the birthright groups, what a leaver loses, and what a rehire gets back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ..ad_values.dn import normal
from ..ad_values.sid import rid
from ..model.directory import Account, Group
from ..rules.ruleset import Ruleset
from . import removed_groups
from .checks import resolve_groups
from .compare import memberships

# Combinations of groups that are remembered: in every company many people are in the same groups
COMBINATIONS = 1 << 16
GroupTuple = tuple[Group, ...]


class Memberships:
    """The groups of a directory under the rules.

    Raises HrisError for a group of the rules that does not exist or is privileged.
    """

    def __init__(self, groups: list[Group], rules: Ruleset, privileged: frozenset[str]):
        """privileged: normal DNs of groups that nobody gets or loses (Protected.groups)."""
        self.restore_within_days = rules.rehire.restore_within_days
        self.by_dn = {normal(group.dn): group for group in groups}
        self.by_rid = {rid(group.sid): dn for dn, group in self.by_dn.items()}
        self.privileged = privileged
        resolved = resolve_groups(rules.groups, groups, privileged)
        self.named = {name: normal(group.dn) for name, group in resolved.items()}
        self.managed = frozenset(self.named.values())
        self.of = lru_cache(COMBINATIONS)(lambda dns: memberships(dns, self.by_dn))
        self._compared = lru_cache(COMBINATIONS)(self._compare)

    def birthright(
        self, account: Account | None, names: tuple[str, ...]
    ) -> tuple[GroupTuple, GroupTuple]:
        """(groups to give, groups to remove), so that of the managed groups the account has just
        these.

        names: the birthright groups, as the rules name them.
        """
        return self._compared(tuple(account.groups) if account else (), names)

    def _compare(
        self, dns: tuple[str, ...], names: tuple[str, ...]
    ) -> tuple[GroupTuple, GroupTuple]:
        direct, whole = self.of(dns)
        wanted = {self.named[name] for name in names}
        return self._groups(wanted - whole), self._groups((direct & self.managed) - wanted)

    def birthright_of_all(
        self,
        account: Account | None,
        names: tuple[str, ...],
        given: frozenset[str],
        wanted: frozenset[str],
        managed: frozenset[str],
    ) -> tuple[GroupTuple, GroupTuple]:
        """As birthright, for an account about which other sources say something as well.

        given: groups that they give; wanted: groups that they do not want to be taken; managed: the
        groups that they manage (normal DNs).
        """
        direct, whole = self.of(tuple(account.groups) if account else ())
        own = {self.named[name] for name in names}
        taken = (direct & (self.managed | managed)) - own - wanted
        return self._groups((own | given) - whole), self._groups(taken)

    def lost(self, account: Account, policy: str, managed: frozenset[str]) -> GroupTuple:
        """The groups that a leaver loses. policy: keep, remove_managed or remove_all. managed: the
        groups that other sources of the account manage (normal DNs).
        """
        if policy == "keep":
            return ()
        direct = self.of(tuple(account.groups))[0]
        removable = set(self.by_dn) if policy == "remove_all" else self.managed | managed
        return self._groups((direct & removable) - self.privileged)

    def restored(
        self,
        account: Account,
        attribute: str | None,
        today: str,
        managed: frozenset[str] = frozenset(),
    ) -> GroupTuple:
        """The remembered groups that a rehire gets back.

        They are not managed, not privileged, removed recently enough, and the account is not in
        them. managed: the groups that only other sources of the account manage (normal DNs).
        """
        entries = removed_groups.entries_of(account, attribute)
        if not entries:
            return ()
        guids = removed_groups.restorable(entries, today, self.restore_within_days)
        excluded = self.managed | managed | self.privileged | self.of(tuple(account.groups))[1]
        return self._groups(
            dn for dn, group in self.by_dn.items() if group.guid in guids and dn not in excluded
        )

    def _groups(self, dns: Iterable[str]) -> GroupTuple:
        groups = (self.by_dn[dn] for dn in dns)
        return tuple(sorted(groups, key=lambda group: group.name.casefold()))
