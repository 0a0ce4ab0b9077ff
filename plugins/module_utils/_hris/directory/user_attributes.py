# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The attribute values that the options of module user ask for, checked against the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..ad_values import attribute_checks, equality
from ..data_class import field, mutable
from ..errors import HrisError
from ..model.directory import AttributeDefinition
from . import schema
from .connection import Connection

# {option: attribute}. An empty value clears the attribute, without the option it is left alone.
ATTRIBUTE_OPTIONS = {
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
_ADD, _REMOVE, _SET = "add", "remove", "set"  # suboptions of `attributes`
_TRUE, _FALSE = "TRUE", "FALSE"
_BOOLEANS = {"true": _TRUE, "yes": _TRUE, "false": _FALSE, "no": _FALSE}
_BY_PASSWORD_OPTION = ("unicodepwd", "userpassword", "dbcspwd")
_BY_NAME_AND_PATH = ("cn", "name", "distinguishedname")
_BY_GROUPS = ("member", "memberof")
_SHORTEST_MISSPELLED = 4  # characters of an unknown name for which a similar one is suggested


@mutable
class DesiredValues:
    """What one attribute is to have."""

    definition: AttributeDefinition
    place: str  # the option, for messages
    add: list[str]
    remove: list[str]
    set: list[str] | None  # all values; None: other values are kept

    def after(self, before: list[str]) -> list[str]:
        """The values afterwards. Where nothing changes, spelling and order are those of before."""
        if self.set is not None:
            values = self.set
        else:
            values = self._changed(before)
        values = equality.as_written(values, self.definition)
        if equality.same_values(before, values, self.definition):
            return before
        return values

    def check(self, values: list[str]) -> None:
        """Raise HrisError for values that the directory would refuse."""
        attribute_checks.check_texts(values, self.definition, self.place)
        if self.definition.name == "sAMAccountName" and not values:
            raise HrisError("a logon name cannot be cleared", place=self.place)

    def _changed(self, before: list[str]) -> list[str]:
        equal = equality.equality(self.definition)
        removed = {equal(text) for text in self.remove}
        values = [text for text in before if equal(text) not in removed]
        return equality.merged(values, self.add, self.definition)


@mutable
class _Request:
    """The options for one attribute, as they are written."""

    name: str  # of the attribute
    place: str  # the first option that names it
    values: dict[str, list[Any]] = field(default_factory=dict)  # {_ADD, _REMOVE or _SET: values}


def desired_values(
    params: Mapping[str, Any], connection: Connection, manager_dn: Callable[[str], str]
) -> dict[str, DesiredValues]:
    """{attribute as the schema spells it: its desired values} of all attributes that options name.

    params: the options of module user. manager_dn: from an identity to a DN.
    Raises HrisError for an attribute that is unknown, read-only or named twice.
    """
    requests = _requests(params, manager_dn)
    definitions = schema.read(connection, [request.name for request in requests.values()])
    desired = {}
    for key, request in requests.items():
        definition = _writable(request, definitions.get(key))
        texts = {kind: _texts(values, definition) for kind, values in request.values.items()}
        desired[definition.name] = DesiredValues(
            definition,
            request.place,
            texts.get(_ADD, []),
            texts.get(_REMOVE, []),
            texts.get(_SET),
        )
    return desired


def _requests(params: Mapping[str, Any], manager_dn: Callable[[str], str]) -> dict[str, _Request]:
    """{attribute in lower case: what the options say about it}"""
    requests = {}
    for option, attribute in ATTRIBUTE_OPTIONS.items():
        text = params[option]
        if text is None:
            continue
        if option == "manager" and text:
            text = manager_dn(text)
        requests[attribute.lower()] = _Request(attribute, option, {_SET: [text]})
    for kind in (_ADD, _REMOVE, _SET):
        values_of = (params["attributes"] or {}).get(kind) or {}
        for attribute, values in values_of.items():
            _add_request(requests, kind, attribute, values)
    return requests


def _add_request(requests: dict[str, _Request], kind: str, attribute: str, values: object) -> None:
    """Add what one suboption of `attributes` says about an attribute."""
    place = f"attributes.{kind}.{attribute}"
    request = requests.setdefault(attribute.lower(), _Request(attribute, place))
    if kind in request.values or _SET in request.values:
        raise HrisError(
            f"{attribute} is set twice", place=place, hint=f"It is also in {request.place}"
        )
    if not isinstance(values, list):
        values = [values]
    request.values[kind] = values


def _texts(values: Iterable[Any], definition: AttributeDefinition) -> list[str]:
    """The texts of the values of an option; None and "" mean no value."""
    texts = []
    for value in values:
        if value is None or value == "":
            continue
        text = str(value)
        if isinstance(value, bool) or definition.syntax == "boolean":
            text = _BOOLEANS.get(text.lower(), text)
        texts.append(text)
    return texts


def _writable(request: _Request, definition: AttributeDefinition | None) -> AttributeDefinition:
    """The definition of an attribute that the module writes. Raises HrisError for others."""
    key, place = request.name.lower(), request.place
    if key in _BY_PASSWORD_OPTION:
        raise HrisError(
            "a password cannot be written as an attribute",
            place=place,
            hint="Use the option password",
        )
    if key in _BY_NAME_AND_PATH:
        raise HrisError(
            f"{key} changes by a rename or move", place=place, hint="Use the options name and path"
        )
    if key in _BY_GROUPS:
        raise HrisError(
            "memberships cannot be written as an attribute of the user",
            place=place,
            hint="Use the option groups",
        )
    if not definition:
        similar: Iterable[str] = ()
        if len(key) >= _SHORTEST_MISSPELLED:
            similar = ATTRIBUTE_OPTIONS.values()
        raise schema.unknown_attribute(request.name, place, similar)
    if not definition.writable:
        raise HrisError(
            f"the directory computes {definition.name} itself", place=place, hint="Leave it out"
        )
    return definition
