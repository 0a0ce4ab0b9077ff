# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ELMO's User API: users, leavers and future starters as one list of employees.

Nothing machine-readable of ELMO is public. Paths, envelope and fields are those of a third
party's mock "based on the ELMO User API specification", and each path is an option.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Self

from ...data_class import field, frozen, mutable
from ...errors import Warn
from ...model.records import Record
from ...option_names import option_name
from ...progress import Progress, no_progress
from ...web.authentication import authenticate
from ...web.client import Client
from ...web.options import HttpOptions, check_minimum
from ...wording import counted
from .. import record_shapes
from ..delivery import Fetched
from ..paging import ReadOptions, id_of, read_whole
from . import pages, references

LISTS = {
    "users": "/users",
    "onboarding_users": "/onboarding-users",
    "departments": "/departments",
    "positions": "/positions",
    "locations": "/locations",
    "legal_entities": "/legal-entities",
    "employees": "/employees",
}
FIELDS = (
    "id",
    "identifier",
    "username",
    "email",
    "firstName",
    "lastName",
    "preferredFirstName",
    "preferredLastName",
    "employeeNumber",
    "dateOfBirth",
    "mobile",
    "manager",
    "position",
    "department",
    "location",
    "legalEntity",
    "startDate",
    "serviceStartDate",
    "endDate",
    "expiryDate",
    "active",
    "role",
    "timezone",
    "country",
    "state",
    "customData",
)
MARKS = ("onboarding", "deleted")
# Of the employees list, which also holds bank, tax and superannuation data, nothing else is kept.
EMPLOYMENT = ("employmentType", "terminationDate")


@frozen
class Options:
    """The options of the module elmo_employee_info, which documents them."""

    base_url: str
    client_id: str | None
    client_secret: str | None
    token_encoding: str
    paths: Mapping[str, str | None]
    page_size: int
    concurrency: int
    deleted: str  # both, exclude or only
    include_onboarding: bool
    exclude_vendor_users: bool
    include_employment: bool
    references: Sequence[str]
    fields: Sequence[str] | None
    custom_fields: Sequence[str] | None
    http: HttpOptions

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Raises HrisError for a number that is too small."""
        names = (name for name in cls.__dataclass_fields__ if name != "http")
        options = cls(
            **{name: params[name] for name in names}, http=HttpOptions.from_params(params)
        )
        check_minimum(option_name("page_size"), options.page_size, 1)
        check_minimum(option_name("concurrency"), options.concurrency, 1)
        return options

    def path(self, name: str) -> str:
        """The path of a list of LISTS."""
        core = self.paths["core"] or ""
        return self.paths[name] or core.rstrip("/") + LISTS[name]


@mutable
class _Lists:
    """What was read: {"users" | "onboarding_users" | "deleted" | "positions" | …: [record]}."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    pages: int = 0  # in all


def fetch(params: Mapping[str, Any], warn: Warn, progress: Progress = no_progress) -> Fetched:
    """All users that ELMO knows. The module's RETURN describes a record.

    params: the options of the module elmo_employee_info. Raises HrisError.
    """
    began = time.monotonic()
    options = Options.from_params(params)
    client = Client(options.base_url, options.http, warn)
    client.traffic.most_received = options.http.most_of_a_feed
    _authenticate(client, options, warn)
    known = [*FIELDS, *MARKS]
    if options.include_employment:
        known += EMPLOYMENT
    lists = _read_lists(client, options, progress, warn)
    everyone, overlapping = _merge(lists.records)
    unresolved = references.resolve(everyone, options.references, lists.records, warn)
    if options.deleted == "only":
        everyone = [record for record in everyone if record["deleted"]]
    if options.include_employment:
        _add_employment(everyone, lists.records["employees"])
    everyone = record_shapes.one_shape(everyone, known)
    record_shapes.one_shape_inside(everyone, "customData", options.custom_fields or ())
    counts = {
        "employees": len(everyone),
        "onboarding": sum(record["onboarding"] for record in everyone),
        "deleted": sum(record["deleted"] for record in everyone),
        "overlapping": overlapping,
        "unresolved": unresolved,
        "pages": lists.pages,
        **client.counts,
    }
    employees = record_shapes.only(everyone, options.fields, known)
    seconds = round(time.monotonic() - began, 3)
    return Fetched(employees, counts, seconds, shared=references.REFERENCES)


def _authenticate(client: Client, options: Options, warn: Warn) -> None:
    auth = {
        "type": "elmo",
        "client_id": options.client_id,
        "client_secret": options.client_secret,
        "token_url": options.paths["token"],
        "token_encoding": options.token_encoding,
    }
    authenticate(client, auth, warn, place="")


def _read_lists(client: Client, options: Options, progress: Progress, warn: Warn) -> _Lists:
    """Read the lists that are needed, one after the other."""
    lists = _Lists()
    for name, path, params in _needed_lists(options):
        found = read_whole(
            pages.page_fetcher(client, path, params, options.page_size),
            pages.list_name(path),
            ReadOptions(
                progress=partial(progress, f"fetch {name.replace('_', ' ')}"),
                concurrency=options.concurrency,
            ),
        )
        if found.nameless:
            records = counted(found.nameless, "record", "records")
            what = f"{pages.list_name(path)}: {records} without an id"
            warn(f"{what}. Nothing can refer to such a record.")
        lists.records[name] = found.records
        lists.pages += found.pages
    return lists


def _needed_lists(options: Options) -> Iterable[tuple[str, str, dict[str, str]]]:
    """Yield (name, path, parameters).

    In this order, because a person moves along it: whoever changes lists while we read is in both
    rather than in neither. With ``deleted: only`` the others are read too: managers are among
    them, and a server may answer deleted=true with everyone.
    """
    vendors: dict[str, str] = {}
    if options.exclude_vendor_users:
        vendors["excludeVendorUsers"] = "true"
    if options.include_onboarding:
        yield "onboarding_users", options.path("onboarding_users"), {}
    yield "users", options.path("users"), vendors
    if options.deleted != "exclude":
        yield "deleted", options.path("users"), {**vendors, "deleted": "true"}
    for name in references.lists_for(options.references):
        yield name, options.path(name), {}
    if options.include_employment:
        yield "employees", options.path("employees"), {}


def _merge(lists: Mapping[str, Sequence[Record]]) -> tuple[list[Record], int]:
    """(one record for each id, how many were in more than one list). Changes the records.

    The fields are those of the user, else of the future starter, else of the leaver. Who is among
    the future starters is one, also as a user; and who comes back has not left.
    """
    everyone: dict[str, Record] = {}
    nameless: list[Record] = []
    overlapping = 0
    for name in ("users", "onboarding_users", "deleted"):
        for record in lists.get(name, ()):
            identity = id_of(record)
            if identity is not None and identity in everyone:
                overlapping += 1
                everyone[identity]["onboarding"] |= name == "onboarding_users"
                continue
            record["id"] = identity
            record["onboarding"] = name == "onboarding_users"
            record["deleted"] = record.get("deleted") is True or name == "deleted"
            if identity is None:
                nameless.append(record)
            else:
                everyone[identity] = record
    return [*everyone.values(), *nameless], overlapping


def _add_employment(everyone: Iterable[Record], details: Iterable[Record]) -> None:
    by_id = {identity: detail for detail in details if (identity := id_of(detail)) is not None}
    for record in everyone:
        detail = by_id.get(record["id"], {})
        record.update({name: detail.get(name) for name in EMPLOYMENT})
