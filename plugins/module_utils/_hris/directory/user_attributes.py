# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user module's options ask for: values as text, checked against the schema, compared with what an account has."""

from __future__ import annotations

from ..ad_values import attribute_checks
from ..errors import HrisError, did_you_mean
from . import schema

# option: attribute. Each clears its attribute when empty and leaves it alone when it is not given.
OPTIONS = {
    "sam_account_name": "sAMAccountName",
    "upn": "userPrincipalName",
    "display_name": "displayName",
    "firstname": "givenName",
    "surname": "sn",
    "email": "mail",
    "description": "description",
    "title": "title",
    "department": "department",
    "company": "company",
    "office": "physicalDeliveryOfficeName",
    "telephone": "telephoneNumber",
    "mobile": "mobile",
    "manager": "manager",
}
_PASSWORDS = ("unicodepwd", "userpassword", "dbcspwd")


def collect(params: dict, connection, manager_dn) -> dict:
    """{schema name: {"add": [text], "remove": [text], "set": [text] or None}} of all attributes that the options name.

    manager_dn: callable(identity) -> DN. Raises HrisError for an attribute that is unknown, read-only or named twice.
    """
    asked: dict = {}
    for option, attribute in OPTIONS.items():
        if params[option] is not None:
            text = params[option]
            if option == "manager" and text:
                text = manager_dn(text)
            asked[attribute.lower()] = (option, {"set": [text] if text else []})
    for kind in ("add", "remove", "set"):
        for attribute, value in ((params["attributes"] or {}).get(kind) or {}).items():
            place, ways = asked.setdefault(
                attribute.lower(), (f"attributes.{kind}.{attribute}", {})
            )
            if kind in ways or "set" in ways:
                raise HrisError(
                    f"{attribute} is set twice",
                    place=f"attributes.{kind}.{attribute}",
                    hint=f"It is also in {place}",
                )
            ways[kind] = value if isinstance(value, list) else [value]
    written = {
        attribute: attribute
        for kind in ("add", "remove", "set")
        for attribute in (params["attributes"] or {}).get(kind) or {}
    }
    known = schema.read(
        connection,
        [*written, *(OPTIONS[option] for option in OPTIONS if params[option] is not None)],
    )
    found = {}
    for key, (place, ways) in asked.items():
        info = known.get(key)
        _allowed(key, info, place)
        found[info["name"]] = {
            "place": place,
            "info": info,
            "add": [],
            "remove": [],
            "set": None,
            **{kind: texts(values, info) for kind, values in ways.items()},
        }
    return found


def texts(values, info: dict) -> list[str]:
    """The texts of option values; None and "" mean no value. Spellings of true and false become the directory's."""
    found = []
    for value in values:
        if value is None or value == "":
            continue
        text = ("TRUE" if value else "FALSE") if isinstance(value, bool) else str(value)
        if info["syntax"] == "boolean":
            text = {"true": "TRUE", "yes": "TRUE", "false": "FALSE", "no": "FALSE"}.get(
                text.lower(), text
            )
        found.append(text)
    return found


def after_of(wish: dict, before: list[str]) -> list[str]:
    """The values an attribute shall have; equal ones keep the spelling and the order of before where nothing changes."""
    same = attribute_checks.sameness(wish["info"])
    if wish["set"] is not None:
        after = wish["set"]
    else:
        gone = {same(text) for text in wish["remove"]}
        after = [text for text in before if same(text) not in gone]
        have = {same(text) for text in after}
        after += [text for text in dict.fromkeys(wish["add"]) if same(text) not in have]
    return before if attribute_checks.same_values(before, after, wish["info"]) else after


def check(wish: dict, after: list[str]) -> None:
    """Raise HrisError for the first thing about an attribute's values to be that the directory would refuse."""
    attribute_checks.check_texts(after, wish["info"], wish["place"])
    if wish["info"]["name"] == "sAMAccountName" and not after:
        raise HrisError("a logon name cannot be cleared", place=wish["place"])


def _allowed(key: str, info: dict | None, place: str) -> None:
    """Raise HrisError for an attribute that the module does not write."""
    if key in _PASSWORDS:
        raise HrisError(
            "a password is not written as an attribute", place=place, hint="Use the option password"
        )
    if key in ("cn", "name", "distinguishedname"):
        raise HrisError(
            f"{key} changes by a rename or move", place=place, hint="Use the options name and path"
        )
    if key in ("member", "memberof"):
        raise HrisError(
            "memberships are not written as an attribute of the user",
            place=place,
            hint="Use the option groups",
        )
    if not info:
        raise HrisError(
            f"the directory's schema has no attribute '{place.rpartition('.')[2]}'",
            place=place,
            hint=did_you_mean(key, OPTIONS.values()) if len(key) > 3 else None,
        )
    if not info["writable"]:
        raise HrisError(f"the directory computes {info['name']} itself", place=place)
