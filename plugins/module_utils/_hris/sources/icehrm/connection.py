# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection to IceHrm: its address, its token, and errors in its own way of stating them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from ...errors import HrisError, Warn
from ...option_names import option_name, with_options
from ...web import icehrm_token, responses
from ...web.authentication import authenticate
from ...web.client import Client
from ...web.options import HttpOptions, check_minimum

CLOUD = "https://icehrm.com/api/{company}"


def connect(
    params: Mapping[str, Any], warn: Warn, clock: Callable[[], float] = time.time
) -> Client:
    """A Client that sends the token.

    params: the options of icehrm_employee_info or icehrm_employee. clock: callable -> Unix time.
    Raises HrisError for an address, token or number that cannot work, before any request.
    """
    check_minimum(option_name("page_size"), params["page_size"], 1)
    address = base_url(params["base_url"], params["company_name"])
    client = Client(address, HttpOptions.from_params(params), warn)
    auth = {
        "type": "icehrm",
        "token": params["token"],
        "token_warn_days": params["token_warn_days"],
    }
    authenticate(client, auth, warn, "", clock)
    client.hint = _hint(client)
    return client


def base_url(given: str | None, company: str | None) -> str:
    """The address of the API: the one given, or the cloud's for a company. Raises HrisError."""
    if given:
        return given
    if not company:
        raise HrisError(
            "the address of IceHrm is not given",
            option_name("base_url"),
            with_options(
                "Set {base_url} (open source: https://your-site/app/api), or {company_name} for"
                " IceHrm Cloud"
            ),
        )
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", company):
        raise HrisError(
            f"'{company}' is not a company name",
            option_name("company_name"),
            "It is the first word of the company's IceHrm address, test1 for"
            " https://test1.icehrm.com",
        )
    return CLOUD.format(company=company)


def trusted(client: Client, value: Any, path: str) -> Any:
    """The value, unless it is an error with a status of success. Raises HrisError."""
    words = responses.error_inside(value)
    if words is None:
        return value
    place = f"{client.base_url}{path}"
    if not words:
        raise HrisError(
            "IceHrm refuses the token without giving a reason",
            place,
            "It does so when the user's password was changed after the token was made: make a new"
            " token",
        )
    message = f"IceHrm answers with an error: {client.scrub(words)}"
    raise HrisError(message, place, client.hint and client.hint(200, words))


def check_owner(client: Client) -> None:
    """Refuse the token of a user who is not an Admin.

    IceHrm lists the direct subordinates of such a user as if that were everyone. A service Admin
    without an employee profile has no user_level here, older versions may lack the route: both
    pass.
    """
    path = "/employees/me"
    value = trusted(client, client.get(path, tolerate=(404, 500)), path)
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        value = value["data"]
    level = value.get("user_level") if isinstance(value, dict) else None
    if level and level != "Admin":
        raise HrisError(
            f"the token belongs to a user of the level {level}, who sees direct subordinates only",
            f"{client.base_url}{path}",
            f"Use an Admin's token; {option_name('require_admin')}=false reads the subordinates as"
            " if they were everyone",
        )


def _hint(client: Client) -> responses.Hint:
    # Authentication removes 500 from the statuses when the token is not a JWT
    is_jwt = 500 in client.statuses

    def hint(status: int, text: str) -> str | None:
        if "REST Api is not enabled" in text:
            return "Switch on 'Api: REST Api Enabled' in IceHrm under System > Settings"
        if status == 500 and not text:
            return _HINT_500_JWT if is_jwt else _HINT_500_OTHER
        return with_options(_HINTS.get(status, "")) or None

    return hint


_HINT_500_JWT = (
    "IceHrm answers so to an invalid token and to its own errors: check the token, then IceHrm's"
    " log"
)
_HINT_500_OTHER = (
    "The token is not of IceHrm's kind (a JWT, three parts and two dots): copy it again from Api"
    " Access"
)
_REVOKED = f"The token is revoked, expired or of another site. {icehrm_token.RENEW}"
_HINTS = {
    401: _REVOKED,
    403: _REVOKED,
    404: "{base_url} is the address of the API: https://your-site/app/api in the open source"
    " edition",
}
