# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memberships: what a birthright gives and takes, what a leaver loses, and what one who returns gets back."""

from __future__ import annotations

from functools import lru_cache

from ..ad_values.dn import normal
from ..rules.ruleset import Ruleset
from . import removed_groups
from .checks import resolve_groups
from .compare import memberships
from .ownership import privileged_groups

COMBINATIONS = (
    1 << 16
)  # of groups that are remembered: in any company many people have the same ones


class Groups:
    """The groups of a directory under the rules. Raises HrisError for a group of the rules that is missing or privileged."""

    def __init__(self, snapshot: dict, rules: Ruleset):
        self.rules = rules
        self.everything = {normal(group["dn"]): group for group in snapshot["groups"]}
        self.privileged = privileged_groups(snapshot["groups"])
        self.named = {
            name: normal(group["dn"])
            for name, group in resolve_groups(rules.groups, snapshot["groups"]).items()
        }
        self.managed = frozenset(self.named.values())
        self.of = lru_cache(COMBINATIONS)(lambda dns: memberships(dns, self.everything))
        self._compared = lru_cache(COMBINATIONS)(self._compare)

    def birthright(
        self, account: dict | None, names: tuple[str, ...]
    ) -> tuple[tuple[dict, ...], tuple[dict, ...]]:
        """(groups to give, groups to take) for an account that should have the named groups and no other managed one."""
        return self._compared(tuple(account["groups"]) if account else (), names)

    def _compare(
        self, dns: tuple[str, ...], names: tuple[str, ...]
    ) -> tuple[tuple[dict, ...], tuple[dict, ...]]:
        direct, whole = self.of(dns)
        wanted = {self.named[name] for name in names}
        return self._groups(wanted - whole), self._groups((direct & self.managed) - wanted)

    def lost(self, account: dict, policy: str) -> tuple[dict, ...]:
        """The groups that a leaver loses. policy: keep, remove_managed or remove_all."""
        direct = self.of(tuple(account["groups"]))[0]
        if policy == "keep":
            return ()
        gone = (
            direct & self.managed if policy == "remove_managed" else direct & self.everything.keys()
        )
        return self._groups(gone - self.privileged)

    def restored(self, account: dict, attribute: str | None, today: str) -> tuple[dict, ...]:
        """The recorded groups that a rehire gets back: those that no rule decides, that are not too old, and that it has not."""
        entries = removed_groups.entries_of(account, attribute)
        if not entries:
            return ()
        guids = removed_groups.restorable(entries, today, self.rules.rehire["restore_within_days"])
        whole = self.of(tuple(account["groups"]))[1]
        return self._groups(
            {
                dn
                for dn, group in self.everything.items()
                if group["guid"] in guids
                and dn not in self.managed
                and dn not in self.privileged
                and dn not in whole
            }
        )

    def _groups(self, dns) -> tuple[dict, ...]:
        return tuple(
            sorted((self.everything[dn] for dn in dns), key=lambda group: group["name"].casefold())
        )
