# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sources of a lock-out: whose an account is must be known; what the rules say of leavers may
be wrong, and is then said instead of done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..data_class import frozen
from ..errors import HrisError
from ..option_names import option_name
from ..planning.ownership import Mark
from ..rules.group_rules import compile_groups
from ..rules.options import ARGUMENTS as RULES
from ..rules.placement import compile_dn
from ..rules.policies import Joiner, Leaver, Options, Ownership, compile_ownership

_RULES: dict[str, Any] = RULES
RECORD = _RULES["leaver"]["options"]["record"]["default"]
ARGUMENTS: dict[str, Any] = dict(
    type="list",
    elements="dict",
    required=True,
    options=dict(
        source=dict(type="str", required=True),
        correlation=dict(type="dict", default={}),
        ownership=dict(type="dict", default={}),
        leaver=dict(type="raw"),
        groups=dict(type="raw"),
        joiner=dict(type="raw", no_log=False),
        failed=dict(type="str"),
    ),
)


# (the name of a group of options, what was given for it, its argument spec) -> the checked options
Check = Callable[[str, Any, Mapping[str, Any]], Any]


@frozen
class LockOutSource:
    """One source."""

    name: str
    key: str  # the attribute with the key
    ownership: Ownership
    options: Mapping[str, Any]  # of ARGUMENTS
    check: Check

    def leaver(self) -> Leaver:
        """The leaver rules. Raises HrisError."""
        rules = Leaver(**self._checked("leaver"))
        if rules.move_to:
            compile_dn(rules.move_to, option_name("leaver.move_to"))
        return rules

    def joiner(self) -> Joiner:
        """The joiner rules. Raises HrisError."""
        return Joiner(**self._checked("joiner"))

    def groups(self) -> list[str]:
        """The groups that the rules manage, as they name them, whomever they give them to. Raises
        HrisError.
        """
        rules: list[Options] = [
            {**rule, "when": None, "from": None, "until": None} for rule in self._checked("groups")
        ]
        return [name for rule in compile_groups(rules) for name in rule.groups]

    @property
    def record(self) -> str | None:
        """The attribute that remembers removed groups, also of rules that are wrong elsewhere."""
        given = self.options["leaver"]
        name = given.get("record", RECORD) if isinstance(given, dict) else RECORD
        return name if isinstance(name, str) and name else None

    def _checked(self, name: str) -> Any:
        if self.options["failed"]:
            message = f"the rules cannot be read: {self.options['failed'].rstrip('.')}"
            raise HrisError(message, self.name)
        return _checked(self.options, name, self.check)


def _checked(entry: Mapping[str, Any], name: str, check: Check) -> Any:
    """One group of options, checked as those of hris.ad.sync are. Raises HrisError."""
    try:
        return check(name, entry[name], _RULES[name])
    except HrisError as error:
        raise error.at(f"{entry['source']}: {option_name(name)}") from None


def lock_out_sources(entries: Sequence[Mapping[str, Any]], check: Check) -> list[LockOutSource]:
    """The sources. Several tasks for one source are several entries. Raises HrisError."""
    if not entries:
        raise HrisError("no source is given", option_name("sources"), "Give at least one")
    found = []
    for entry in entries:
        options = _checked(entry, "ownership", check)
        for text in [*options["bases"], *(one for one in options["protected"] if "=" in one)]:
            compile_dn(text, f"{entry['source']}: {option_name('ownership')}")
        ownership = compile_ownership(options)
        key = _checked(entry, "correlation", check)["key"]
        found.append(LockOutSource(entry["source"], key, ownership, entry, check))
    marks = {one.ownership.attribute.casefold(): one.ownership.attribute for one in found}
    if len(marks) > 1:
        raise HrisError(
            f"the sources keep their marks in different attributes: {', '.join(marks.values())}",
            place=option_name("ownership.attribute"),
            hint="Set the same one for all sources of a domain",
        )
    return found


def sources_in(mark: Mark | None, sources: Sequence[LockOutSource]) -> list[LockOutSource]:
    """The sources that a mark names, its owner first."""
    if mark is None:
        return []
    return [one for name in mark.sources for one in sources if one.name == name]
