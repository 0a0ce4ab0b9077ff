# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""IceHrm's REST API: every employee, active and terminated (as IceHrm 35 answers, and as its documentation shows)."""

from __future__ import annotations

import re
import time
from functools import partial

from ...errors import HrisError
from ...web import icehrm_token, responses
from ...web.authentication import authenticate
from ...web.client import Client
from ...web.options import HttpOptions
from .. import record_shapes
from ..paging import read_whole
from . import record_format

CLOUD = "https://icehrm.com/api/{company}"


def fetch(settings: dict, warn, clock=time.time, tell=lambda *_figures: None) -> dict:
    """Everyone the token may see: {"employees": [record], "counts": {name: int}, "seconds": float}. The module's RETURN shows a record.

    settings: the options of the module icehrm_employee_info. warn: callable(text). clock: callable -> Unix time.
    tell: callable(phase, how many, of how many or None), which is told of the progress. Raises HrisError.
    """
    began = time.monotonic()
    client = connect(settings, warn, clock)
    if settings["require_admin"]:
        check_owner(client)
    rows, pages = read_whole(
        _page_reader(client, settings["page_size"]),
        "IceHrm's list of employees",
        tell=partial(tell, "fetch employees"),
        concurrency=settings["concurrency"],
    )
    employees = [record_format.normalise(row) for row in rows]
    employees = record_shapes.one_shape(employees, record_format.FIELDS)
    record_shapes.one_shape_inside(employees, "custom", settings["custom_fields"] or ())
    counts = {
        "employees": len(employees),
        "terminated": sum(record["status"] == "Terminated" for record in employees),
        "pages": pages,
        **client.counts,
    }
    return {
        "employees": record_format.chosen(employees, settings["fields"]),
        "counts": counts,
        "seconds": round(time.monotonic() - began, 3),
    }


def everyone(client: Client, page_size: int) -> list[dict]:
    """The records (record_format.normalise) of all employees, sensitive fields included: for comparing before something is written."""
    rows, _pages = read_whole(_page_reader(client, page_size), "IceHrm's list of employees")
    return [record_format.normalise(row) for row in rows]


def connect(settings: dict, warn, clock=time.time) -> Client:
    """A Client that sends the token. Raises HrisError for an address or token that cannot work, before any request."""
    client = Client(base_url(settings), HttpOptions.from_params(settings), warn)
    authenticate(
        client,
        {
            "type": "icehrm",
            "token": settings["token"],
            "token_warn_days": settings["token_warn_days"],
        },
        warn,
        "",
        clock,
    )
    client.hint = _hint(client)
    return client


def base_url(settings: dict) -> str:
    """The address of the API: the one given, or the cloud's for a company."""
    if settings["base_url"]:
        return settings["base_url"]
    company = settings["company_name"]
    if not company:
        raise HrisError(
            "the address of IceHrm is not given",
            "base_url",
            "Set base_url (open source: https://your-site/app/api), or company_name for IceHrm Cloud",
        )
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", company):
        raise HrisError(
            f"'{company}' is not a company name",
            "company_name",
            "It is the first word of the company's IceHrm address, test1 for https://test1.icehrm.com",
        )
    return CLOUD.format(company=company)


def _page_reader(client: Client, page_size: int):
    # IceHrm has no order of its own, and unordered pages would not fit together. No filters: a misread one is ignored.
    fixed = {"limit": page_size, "sortField": "id", "sortOrder": "ascend"}

    def fetch_page(number: int) -> dict:
        value = trusted(client, client.get("/employees", {**fixed, "page": number}), "/employees")
        rows = value.get("data") if isinstance(value, dict) else None
        if not isinstance(rows, list):
            raise HrisError(
                "the answer is not a list of employees",
                "IceHrm's list of employees",
                "Is base_url the address of IceHrm's REST API",
            )
        # nextPage is page + 1 for ever, and a page shorter than asked for may be the server's own limit: only the
        # total, or an empty page, ends the list.
        return {"records": rows, "total": _total(value), "last": None}

    return fetch_page


def _total(value: dict) -> int | None:
    try:
        return int(value["total"])
    except (KeyError, TypeError, ValueError):
        return None


def trusted(client: Client, value, path: str):
    """The value, unless it is an error that came with a status of success. Raises HrisError."""
    said = responses.error_inside(value)
    if said is None:
        return value
    place = f"{client.base_url}{path}"
    if not said:
        raise HrisError(
            "IceHrm refuses the token without a word",
            place,
            "It does so when the user's password was changed after the token was made: make a new token",
        )
    raise HrisError(
        f"IceHrm answers with an error: {client.scrub(said)}", place, client.hint(200, said)
    )


def check_owner(client: Client) -> None:
    """Refuse the token of a user who is not an Admin: IceHrm lists its direct subordinates as if that were all.

    A service Admin without an employee profile has no user_level here, older versions may lack the route: both pass.
    """
    value = client.get("/employees/me", tolerate=(404, 500))
    value = trusted(client, value, "/employees/me")
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        value = value["data"]
    level = value.get("user_level") if isinstance(value, dict) else None
    if level and level != "Admin":
        raise HrisError(
            f"the token belongs to a user of the level {level}, who sees direct subordinates only",
            f"{client.base_url}/employees/me",
            "Use an Admin's token; require_admin=false reads the subordinates as if they were everyone",
        )


def _hint(client: Client):
    is_jwt = (
        500 in client.statuses
    )  # of a token that is none the authorisation does not send a request again after 500

    def hint(status: int, text: str) -> str | None:
        if "REST Api is not enabled" in text:
            return "Switch on 'Api: REST Api Enabled' in IceHrm under System > Settings"
        if status == 500 and not text and not is_jwt:
            return "The token is not of IceHrm's kind (a JWT, three parts and two dots): copy it again from Api Access"
        if status == 500 and not text:
            return "IceHrm answers so to a broken token and to its own faults: check the token, then IceHrm's log"
        if status in (401, 403):
            return f"The token is revoked, expired or of another site. {icehrm_token.RENEW}"
        if status == 404:
            return "base_url is the address of the API: https://your-site/app/api in the open source edition"
        return None

    return hint
