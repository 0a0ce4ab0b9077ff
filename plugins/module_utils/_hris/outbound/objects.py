# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects that outbound calls are about.

They are accounts of an outcome file, or objects that a playbook or a search of the directory
gives. An expression sees one flat object: every attribute by its LDAP name (one value as text,
several as a list) beside the names of FIXED.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ..errors import HrisError, as_sentence, did_you_mean
from ..model.actions import EVENTS
from ..model.records import Record
from ..option_names import with_options
from ..rules.expressions import Expression, compile_condition
from ..rules.fields import UnknownFieldError, check_fields
from . import outcome_file
from .outcome_file import OutcomeLine

# Every object has these names, whatever its origin; model.outcomes describes them.
NESTED = ("attributes", "before")
MANAGER_ACCOUNT = "manager_account"
EMPLOYEE = "employee"  # the name below which an account has its employee
FIXED: Record = {
    "key": None,
    "source": None,
    "type": "user",
    "guid": None,
    "dn": None,
    "state": None,
    "start": None,
    "end": None,
    "first_day_without_access": None,
    "timezone": None,
    "events": [],
    "before": {},
    "groups_added": [],
    "groups_removed": [],
    "employee": {},
    "manager_account": {},
    "occurrences": [],
}
# An expression may use these attributes even when no object of this run has them. Any other name
# that no object has is reported as misspelt, unless it is in optional_fields.
WELL_KNOWN = (
    "accountExpires",
    "adminDescription",
    "c",
    "cn",
    "co",
    "comment",
    "company",
    "countryCode",
    "department",
    "departmentNumber",
    "description",
    "displayName",
    "distinguishedName",
    "division",
    "employeeID",
    "employeeNumber",
    "employeeType",
    "facsimileTelephoneNumber",
    "generationQualifier",
    "givenName",
    "homeDirectory",
    "homePhone",
    "info",
    "initials",
    "ipPhone",
    "l",
    "mail",
    "mailNickname",
    "manager",
    "member",
    "memberOf",
    "middleName",
    "mobile",
    "name",
    "objectGUID",
    "objectSid",
    "otherMailbox",
    "otherTelephone",
    "pager",
    "personalTitle",
    "physicalDeliveryOfficeName",
    "postalCode",
    "preferredLanguage",
    "proxyAddresses",
    "sAMAccountName",
    "sn",
    "st",
    "streetAddress",
    "telephoneNumber",
    "thumbnailPhoto",
    "title",
    "uid",
    "url",
    "userAccountControl",
    "userPrincipalName",
    "wWWHomePage",
    "whenChanged",
    "whenCreated",
)
_KEPT = (
    "A run keeps the fields of HR that its rules, webhooks and steps read; for another one run"
    " again, or name it in {kept_for.fields}"
)
# Names of attributes have no case in LDAP; expressions have the spelling of the schema
_SPELLED = {name.casefold(): name for name in WELL_KNOWN}


def of_account(account: OutcomeLine) -> Record:
    """The flat object of an account of an outcome file."""
    found = _values(account.attributes)
    found |= {name: getattr(account, name) for name in FIXED}
    found["before"] = _values(account.before)
    return found


def of_mapping(item: Record) -> Record:
    """The flat object of an object that a playbook, a search or a dead letter gives."""
    found = _values(item.get("attributes") or {}) | FIXED
    found |= {
        name if name in FIXED else _spelled(name): value
        for name, value in item.items()
        if name not in NESTED
    }
    found["before"] = _values(item.get("before") or {})
    return found


def _values(attributes: Mapping[str, Any]) -> Record:
    """Attributes with one value as this value instead of a list."""
    values = {}
    for name, value in attributes.items():
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        values[_spelled(name)] = value
    return values


def _spelled(name: str) -> str:
    """The name of an attribute as the schema spells it, where it is well known."""
    return _SPELLED.get(str(name).casefold(), name)


def read(path: str, accept_check_mode: bool, key: str | None) -> list[Record]:
    """The flat objects of an outcome file; see outcome_file.read."""
    return list(map(of_account, outcome_file.iterate(path, accept_check_mode, key)))


def label(item: Record) -> str:
    """What names an object in messages and results: its key, logon name, DN or GUID."""
    for name in ("key", "sAMAccountName", "dn", "guid"):
        if item.get(name):
            return str(item[name])
    return "an object without a name"


def check_events(events: Iterable[str], place: str) -> None:
    """Raise HrisError for a word that is not one of EVENTS."""
    for event in events:
        if event not in EVENTS:
            raise HrisError(f"there is no event '{event}'", place, did_you_mean(event, EVENTS))


def with_events(items: list[Record], events: Collection[str], unchanged: bool) -> list[Record]:
    """The objects that had one of the events in the run, of all events when none is given.

    unchanged: whether those without any event are taken as well, when no event is given.
    """
    if events:
        return [item for item in items if not set(events).isdisjoint(item["events"])]
    if unchanged:
        return items
    return [item for item in items if item["events"]]


def with_keys(items: list[Record], keys: Iterable[str]) -> list[Record]:
    """The objects with the keys, in any case. Raises HrisError for a key that no object has."""
    wanted = {str(key).strip().casefold(): str(key) for key in keys}
    found = [item for item in items if str(item["key"] or "").strip().casefold() in wanted]
    known = {str(item["key"]).strip().casefold() for item in found}
    for folded, key in wanted.items():
        if folded not in known:
            near = did_you_mean(key, [item["key"] for item in items if item["key"]])
            raise HrisError(
                f"no account of the file has the key '{key}'",
                "only",
                near or "The file has the accounts that the last run changed",
            )
    return found


def compile_when(source: Any, place: str) -> Expression | None:
    """A compiled condition; None when the option is not set or empty."""
    return None if source in (None, "") else compile_condition(source, place)


def check_names(
    expressions: list[Expression],
    items: list[Record],
    optional: Iterable[str] = (),
    variables: Iterable[str] = (),
) -> None:
    """Raise HrisError for a name that no object has: it is misspelt, and always without value.

    items: all objects, before any selection. optional: names that may be missing. variables:
    names that are there beside the objects.
    """
    fixed = [name for name in FIXED if name != EMPLOYEE]
    known = [*optional, *variables, *WELL_KNOWN, *fixed]
    try:
        check_fields(expressions, items, known)
    except UnknownFieldError as error:
        hint = error.hint
        if error.path.startswith("employee."):
            kept = with_options(_KEPT)
            hint = f"{as_sentence(hint)} {kept}" if hint else kept
        raise HrisError(error.said_of("object"), error.place, hint) from None
    _check_spelling(expressions, items)
    _check_managers(expressions, items)


def _check_managers(expressions: Iterable[Expression], items: Sequence[Record]) -> None:
    """Raise HrisError for the account of a manager that the run has not been asked for."""
    if not items or any(item.get(MANAGER_ACCOUNT) for item in items):
        return
    for expression in expressions:
        if expression.uses(MANAGER_ACCOUNT):
            raise HrisError(
                "no account has a manager_account",
                expression.place,
                with_options("The run writes it with {outcome_also}: [manager_account]"),
            )


def _check_spelling(expressions: list[Expression], items: list[Record]) -> None:
    """Raise HrisError for an attribute that the objects have in another spelling only.

    It would be without value everywhere, because it is well known or in optional_fields.
    """
    present = {name for item in items for name in item}
    spelled = {name.casefold(): name for name in present}
    for expression in expressions:
        for name in sorted({path[0] for path in expression.paths} - present):
            other = spelled.get(name.casefold())
            if other is not None:
                raise HrisError(
                    f"no object has the field '{name}'", expression.place, f"It is '{other}'"
                )
