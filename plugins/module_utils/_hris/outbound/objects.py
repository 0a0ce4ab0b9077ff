# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What outbound calls are about: accounts of an outcome file, or objects that a playbook or a search of the directory gives.

An outcome's line (module sync, outcome_dest) has the AD attributes as lists; an expression sees one flat object: every attribute by
its LDAP name (one value as text, several as a list) beside key, source, type, guid, dn, state, start, end, locked, zone, events,
before (flat likewise), groups_added, groups_removed and employee, the HR record.
"""

from __future__ import annotations

from ..errors import HrisError, did_you_mean
from ..rules.expressions import Expression, compile_condition
from ..rules.fields import check_fields
from ..sources.files import read_feed

EVENTS = (
    "created",
    "enabled",
    "disabled",
    "deleted",
    "moved",
    "renamed",
    "updated",
    "group_added",
    "group_removed",
)
# Every object has these, whatever it comes from.
FIXED = {
    "key": None,
    "source": None,
    "type": "user",
    "guid": None,
    "dn": None,
    "state": None,
    "start": None,
    "end": None,
    "locked": None,
    "zone": None,
    "events": [],
    "before": {},
    "groups_added": [],
    "groups_removed": [],
    "employee": {},
}
# An attribute that no object of this run has is empty, not misspelt, when it is one of these. Others go into optional_fields.
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


def flat(line: dict) -> dict:
    """The flat object of an outcome's line; an object that is flat already gets what it lacks of FIXED."""
    found = {
        **FIXED,
        **{name: value for name, value in line.items() if name not in ("attributes", "before")},
    }
    found["before"] = _values(line.get("before") or {})
    return {**_values(line.get("attributes") or {}), **found}


def _values(attributes: dict) -> dict:
    return {
        name: values[0] if isinstance(values, list) and len(values) == 1 else values
        for name, values in attributes.items()
    }


def read_outcome(path: str, check_mode: bool) -> list[dict]:
    """The flat objects of an outcome file. Raises HrisError naming the file and line."""
    return [flat(line) for line in read_lines(path, check_mode)]


def read_lines(path: str, check_mode: bool) -> list[dict]:
    """The lines of an outcome file as they are. Raises HrisError naming the file and line.

    check_mode: whether the outcome of a run in check mode will do. Nobody is told of what has not happened.
    """
    lines = read_feed(path)
    if not check_mode and any(line.get("check_mode") for line in lines):
        raise HrisError(
            "this is the outcome of a run in check mode: nothing of it has happened",
            path,
            "Run without check mode first",
        )
    for number, line in enumerate(lines, start=1):
        if not line.get("key") and not line.get("guid"):
            raise HrisError(
                "the object has neither key nor guid",
                f"{path} line {number}",
                "This is no outcome file, as the module sync writes one to outcome_dest",
            )
    return lines


def identity(found: dict) -> str:
    """What names an object in messages and results: its key, else a name of its own, else its DN or GUID."""
    return str(
        found.get("key")
        or found.get("sAMAccountName")
        or found.get("dn")
        or found.get("guid")
        or "an object without a name"
    )


def check_events(events, place: str = "events") -> None:
    """Raise HrisError for a word that is no event."""
    for event in events or ():
        if event not in EVENTS:
            raise HrisError(f"there is no event '{event}'", place, did_you_mean(str(event), EVENTS))


def chosen(found: list[dict], events, unchanged: bool, when: Expression | None) -> list[dict]:
    """The objects with one of the events (none given: with any), and for which the condition holds. unchanged: those without events too."""
    if events:
        found = [item for item in found if set(events) & set(item["events"])]
    elif not unchanged:
        found = [item for item in found if item["events"]]
    return [item for item in found if when.evaluate(item)] if when else found


def condition(source, place: str = "when") -> Expression | None:
    """A compiled condition; None when none is given."""
    return None if source in (None, "") else compile_condition(source, place)


def check_names(expressions: list[Expression], found: list[dict], optional=(), known=()) -> None:
    """Raise HrisError for a name that no object has: a misspelt macro would otherwise be empty in every call.

    found: all objects there are, before any choice. known: further names that are always there (variables).
    """
    free = [*optional, *known, *WELL_KNOWN, *(name for name in FIXED if name != "employee")]
    try:
        check_fields(expressions, found, free)
    except HrisError as error:
        raise HrisError(
            error.message.replace("no employee has the field", "no object has the field"),
            error.place,
            error.hint,
        ) from None
