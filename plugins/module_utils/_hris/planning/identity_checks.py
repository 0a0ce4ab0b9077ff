# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an account really is that of the person, and whether a new person really is new.

HR systems give numbers again, and change them. An account may then get somebody else's name,
groups and password, or one person a second account. What looks like that holds the person until a
human or a rule confirms it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ..ad_values.equality import as_written, folding
from ..data_class import frozen
from ..errors import HrisError
from ..model.directory import Account, AttributeDefinition, NamedObject
from ..model.people import Person
from ..option_names import option_name, with_options
from ..rules.mapping import UnmappedError, wanted_values
from ..rules.policies import PersonException
from ..rules.ruleset import Ruleset
from ..wording import counted
from .account_index import listed
from .ownership import DISABLED, Mark, mark_of

Values = Mapping[str, Sequence[str]]  # {attribute as the rules spell it: values}
_ADVICE = "or confirm the key in {exceptions} (action: confirm)"
DELETED = "\\0ADEL:"  # what follows the name of a deleted object in its DN
RECENT_DAYS = 30  # how long an absent account that is locked is still compared with new people
CONFIRMING = ("confirm", "link")  # exceptions with which a human says who somebody is


class IdentityError(HrisError):
    """It is not certain who somebody is.

    kind: of the finding.
    """

    def __init__(self, kind: str, message: str, place: str, hint: str):
        super().__init__(message, place, hint)
        self.kind = kind


@frozen
class IdentityChecks:
    """What the checks of one run need."""

    rules: Ruleset
    definitions: Mapping[str, AttributeDefinition]  # {attribute as the rules spell it: …}
    confirmed: frozenset[str]  # keys in lower case
    # For each set of attributes in identity.absent: {their values: absent accounts}
    absent: Sequence[tuple[Sequence[str], Mapping[tuple[str, ...], list[Account]]]]
    deleted: Mapping[str, str]  # {key of a deleted account in lower case: its last DN}

    def check_account(
        self, person: Person, account: Account, mark: Mark | None, desired: Values
    ) -> None:
        """Raise IdentityError where the account seems to be that of somebody else.

        desired: the values that the rules want beyond those that the account has.
        """
        reason = self._long_gone(person, mark)
        if desired:  # nearly nobody differs from HR
            reason = self._other_person(account, mark, desired) or reason
        if reason is None or self._is_confirmed(person):
            return
        raise self._changed(account, reason)

    def check_leaver(self, person: Person, account: Account, mark: Mark | None) -> None:
        """As check_account, for somebody who has left: only the names are compared."""
        wanted: dict[str, Sequence[str]] = {}
        for line in self.rules.identity.names:
            try:
                wanted[line.name] = wanted_values(line, person.record) or ()
            except (HrisError, UnmappedError):
                return
        reason = self._other_names(account, mark, wanted)
        if reason and not self._is_confirmed(person):
            raise self._changed(account, reason)

    def _changed(self, account: Account, reason: str) -> IdentityError:
        message = f"the account {account.dn} may be that of somebody else: {reason}"
        return IdentityError(
            "identity_changed",
            message,
            option_name("identity"),
            with_options(f"Correct HR, {_ADVICE}"),
        )

    def check_new(self, person: Person, desired: Values) -> None:
        """Raise IdentityError where a new person looks like an account that nobody in the feeds
        has, or has the key of an account that was deleted.
        """
        for key in person.keys:
            dn = self.deleted.get(key.casefold())
            if dn and not self._is_confirmed(person):
                message = f"this new employee has the key of an account that was deleted: {dn}"
                advice = with_options(_ADVICE)
                hint = f"Restore that account, where it is the same person, {advice}"
                raise IdentityError("looks_absent", message, option_name("correlation.key"), hint)
        for attributes, accounts in self.absent:
            values = _values(desired.get(name, ()) for name in attributes)
            found = accounts.get(values, []) if values else []
            if found and not self._is_confirmed(person):
                names = " and ".join(attributes)
                message = (
                    f"this new employee has the same {names} as an account that no employee of the "
                    f"feed has any more: {listed(found)}"
                )
                hint = (
                    "If it is the same person, link the key to the account in "
                    f"{option_name('exceptions')} (action: link); if not, confirm the key (action: "
                    "confirm)"
                )
                raise IdentityError("looks_absent", message, option_name("identity.absent"), hint)

    def _is_confirmed(self, person: Person) -> bool:
        if any(key.casefold() in self.confirmed for key in person.keys):
            return True
        rule = self.rules.identity.confirmed
        return rule is not None and bool(rule.evaluate(person.record))

    def _other_person(self, account: Account, mark: Mark | None, desired: Values) -> str | None:
        reason = self._other_names(account, mark, desired)
        if reason:
            return reason
        for name in self.rules.identity.fixed:
            if self._differs(account, name, desired):
                return f"{name} differs from HR, and never changes for one person"
        return None

    def _other_names(self, account: Account, mark: Mark | None, desired: Values) -> str | None:
        names = [line.name for line in self.rules.identity.names]
        if mark and mark.state == DISABLED:  # leaver.attributes may have written other names
            written = {line.name.casefold() for line in self.rules.leaver_mapping}
            names = [name for name in names if name.casefold() not in written]
        if len(names) > 1 and all(self._differs(account, name, desired) for name in names):
            return "given name and family name both differ from HR"
        return None

    def _differs(self, account: Account, name: str, desired: Values) -> bool:
        """Whether account and HR both have a value, and not the same one."""
        now = account.attributes.get(self.definitions[name].name, ())
        wanted = desired.get(name, ())
        if not (now and wanted):
            return False
        definition = self.definitions[name]
        fold = folding(definition)
        return list(map(fold, now)) != list(map(fold, as_written(wanted, definition)))

    def _long_gone(self, person: Person, mark: Mark | None) -> str | None:
        days = self.rules.rehire.groups_within  # the longest band
        if not days or mark is None or mark.state != DISABLED or mark.since is None:
            return None
        if _began_before(person, mark.since):
            return None  # the earlier record is in the feed as well
        # From HR's first day, not from the day of the run, which may be late. A first day before
        # the lock means that the same employment goes on.
        back = person.start or person.today
        away = (date.fromisoformat(back) - date.fromisoformat(mark.since)).days
        if away <= days:
            return None
        option = option_name("rehire.restore")
        return f"it was locked for {counted(away, 'day', 'days')}, longer than {option}"


def _began_before(person: Person, day: str) -> bool:
    """Whether one of several records of a person began before a day."""
    return any(one.start is None or one.start < day for one in person.several_records)


def identity_checks(
    rules: Ruleset,
    definitions: Mapping[str, AttributeDefinition],
    absent: Iterable[Account],
    deleted: Iterable[NamedObject],
    mark_attribute: str,
    today: str,
) -> IdentityChecks:
    """The checks of a run. absent: accounts that nobody in the feeds has. deleted: accounts that
    the directory still knows. today: ISO 8601, for exceptions that end.
    """
    confirmed = (one for one in rules.exceptions if _confirms(one, today))
    recent = [one for one in absent if _is_recent(mark_of(one, mark_attribute), rules, today)]
    indexes = [
        (names, _index(recent, [definitions[name].name for name in names]))
        for names in rules.identity.absent
    ]
    return IdentityChecks(
        rules=rules,
        definitions=definitions,
        confirmed=frozenset(one.key.casefold() for one in confirmed),
        absent=[(names, index) for names, index in indexes if index],
        deleted=_deleted_keys(deleted, rules.key),
    )


def _deleted_keys(deleted: Iterable[NamedObject], attribute: str) -> dict[str, str]:
    folded = attribute.casefold()
    return {
        value.casefold(): one.dn.partition(DELETED)[0] or one.dn
        for one in deleted
        for name, values in one.attributes.items()
        if name.casefold() == folded
        for value in values
    }


def _confirms(one: PersonException, today: str) -> bool:
    return one.action in CONFIRMING and one.counts_on(today)


def _is_recent(mark: Mark | None, rules: Ruleset, today: str) -> bool:
    """Whether an absent account is not locked, or was locked a short time ago, and stays.

    An account that this run locks must be one that the next run still compares with, else that one
    would create a second account.
    """
    if mark is None or mark.state != DISABLED or mark.since is None:
        return True
    days = (date.fromisoformat(today) - date.fromisoformat(mark.since)).days
    retention = rules.leaver.delete_after_days
    return days <= RECENT_DAYS and (retention is None or days < retention)


def _index(
    accounts: Iterable[Account], attributes: Sequence[str]
) -> dict[tuple[str, ...], list[Account]]:
    found: dict[tuple[str, ...], list[Account]] = defaultdict(list)
    for account in accounts:
        values = _values(account.attributes.get(name, ()) for name in attributes)
        if values:
            found[values].append(account)
    return found


def _values(lists: Iterable[Sequence[str]]) -> tuple[str, ...] | None:
    """The first value of each attribute in lower case; None where one has none."""
    found = [texts[0].casefold() if texts else "" for texts in lists]
    return tuple(found) if all(found) else None
