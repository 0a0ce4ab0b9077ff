# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ELMO's User API: the users, leavers and future starters, as one list of employees.

Nothing machine-readable of ELMO is public. Paths, envelope and fields are those of a third party's mock "based on the
ELMO User API specification", and every path is a setting.
"""

from __future__ import annotations

import time
from functools import partial

from ...errors import HrisError
from ...web.authentication import authenticate
from ...web.client import Client
from ...web.options import HttpOptions
from .. import record_shapes
from ..paging import read_whole
from . import references

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
# Of the employees list, which also holds bank, tax and superannuation data, nothing else is ever kept.
EMPLOYMENT = ("employmentType", "terminationDate")


def fetch(settings: dict, warn, tell=lambda *_figures: None) -> dict:
    """Everyone ELMO knows: {"employees": [record], "counts": {name: int}, "seconds": float}. The module's RETURN shows a record.

    settings: the options of the module elmo_employee_info. warn: callable(text).
    tell: callable(phase, how many, of how many or None), which is told of the progress. Raises HrisError.
    """
    began = time.monotonic()
    client = Client(settings["base_url"], HttpOptions.from_params(settings), warn)
    authenticate(
        client,
        {
            "type": "elmo",
            "client_id": settings["client_id"],
            "client_secret": settings["client_secret"],
            "token_url": settings["paths"]["token"],
            "token_encoding": settings["token_encoding"],
        },
        warn,
        place="",
    )
    known = [*FIELDS, *MARKS, *(EMPLOYMENT if settings["include_employment"] else ())]
    lists = _lists(client, settings, tell)
    everyone, overlapping = _merge(lists)
    unresolved = references.resolve(everyone, settings["references"], lists, warn)
    if settings["deleted"] == "only":
        everyone = [record for record in everyone if record["deleted"]]
    if settings["include_employment"]:
        _add_employment(everyone, lists["employees"])
    everyone = record_shapes.one_shape(everyone, known)
    record_shapes.one_shape_inside(everyone, "customData", settings["custom_fields"] or ())
    counts = {
        "employees": len(everyone),
        "onboarding": sum(record["onboarding"] for record in everyone),
        "deleted": sum(record["deleted"] for record in everyone),
        "overlapping": overlapping,
        "unresolved": unresolved,
        "pages": lists["pages"],
        **client.counts,
    }
    return {
        "employees": record_shapes.only(everyone, settings["fields"], known),
        "counts": counts,
        "seconds": round(time.monotonic() - began, 3),
    }


def _lists(client: Client, settings: dict, tell) -> dict:
    """{"onboarding_users" | "users" | "deleted" | "positions" | …: [record], "pages": int}.

    In this order, because a person moves along it: whoever changes lists while we read is in both rather than in
    neither. With ``deleted: only`` the others are read too: managers are among them, and a server may answer
    deleted=true with everyone.
    """
    vendors = {"excludeVendorUsers": "true"} if settings["exclude_vendor_users"] else {}
    wanted = []
    if settings["include_onboarding"]:
        wanted.append(("onboarding_users", "onboarding_users", {}))
    wanted.append(("users", "users", vendors))
    if settings["deleted"] != "exclude":
        wanted.append(("deleted", "users", {**vendors, "deleted": "true"}))
    wanted += [(name, name, {}) for name in references.lists_for(settings["references"])]
    if settings["include_employment"]:
        wanted.append(("employees", "employees", {}))
    lists = {"pages": 0}
    for name, path_name, params in wanted:
        path = (
            settings["paths"][path_name] or settings["paths"]["core"].rstrip("/") + LISTS[path_name]
        )
        fetch_page = _page_reader(client, path, params, settings["page_size"])
        lists[name], pages = read_whole(
            fetch_page,
            f"ELMO's list {path}",
            tell=partial(tell, f"fetch {name.replace('_', ' ')}"),
            concurrency=settings["concurrency"],
        )
        lists["pages"] += pages
    return lists


def _page_reader(client: Client, path: str, params: dict, page_size: int):
    def fetch_page(number: int) -> dict:
        return page_of(
            client.get(path, {**params, "page": number, "itemsPerPage": page_size}),
            f"ELMO's list {path}",
        )

    return fetch_page


def page_of(value, place: str) -> dict:
    """One page as paging reads it, from ELMO's envelope, API Platform's (with or without "hydra:") or a bare list."""
    if isinstance(value, list):
        return {"records": value, "total": None, "last": None}
    if isinstance(value, dict):
        for prefix in ("hydra:", ""):
            if isinstance(value.get(f"{prefix}member"), list):
                view = value.get(f"{prefix}view")
                last = not view.get(f"{prefix}next") if isinstance(view, dict) else None
                total = _number(value.get(f"{prefix}totalItems"))
                return {"records": value[f"{prefix}member"], "total": total, "last": last}
        if isinstance(value.get("data"), list):
            metadata = value.get("metadata") if isinstance(value.get("metadata"), dict) else {}
            page, last_page = _number(metadata.get("page")), _number(metadata.get("lastPage"))
            last = None if page is None or last_page is None else page >= last_page
            return {
                "records": value["data"],
                "total": _number(metadata.get("totalItems")),
                "last": last,
            }
    raise HrisError(
        "the answer is not a list of records",
        place,
        "Known are data with metadata, and API Platform's hydra:member",
    )


def _number(value) -> int | None:
    try:
        return None if value is None or isinstance(value, bool) else int(value)
    except (TypeError, ValueError):
        return None


def _merge(lists: dict) -> tuple[list[dict], int]:
    """(one record for each id, how many were in more than one list).

    A user wins over a future starter, and that over a leaver: who comes back is not gone.
    """
    everyone, overlapping = {}, 0
    for name in ("users", "onboarding_users", "deleted"):
        for record in lists.get(name, ()):
            identity = str(record["id"])
            if identity in everyone:
                overlapping += 1
                continue
            everyone[identity] = {
                **record,
                "id": identity,
                "onboarding": name == "onboarding_users",
                "deleted": record.get("deleted") is True or name == "deleted",
            }
    return list(everyone.values()), overlapping


def _add_employment(everyone: list[dict], details: list[dict]) -> None:
    by_id = {str(detail["id"]): detail for detail in details}
    for record in everyone:
        detail = by_id.get(record["id"], {})
        record.update({field: detail.get(field) for field in EMPLOYMENT})
