# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks: the option group `auth` (documented in doc_fragments/authorisation.py) and what it puts into each request.

There is no other way to be authorised: the sources of ELMO and IceHrm use this one, too.
"""

from __future__ import annotations

import base64
import os
import time

from ..errors import HrisError, did_you_mean
from . import icehrm_token, oauth, retries, urls

ARGUMENTS = dict(
    auth=dict(
        type="dict",
        apply_defaults=True,
        options=dict(
            type=dict(
                type="str",
                choices=["none", "api_key", "basic", "bearer", "oauth2", "elmo", "icehrm"],
                default="none",
            ),
            key=dict(type="str", no_log=True),
            key_name=dict(type="str", no_log=False),
            key_location=dict(type="str", choices=["header", "query"], no_log=False),
            username=dict(type="str"),
            password=dict(type="str", no_log=True),
            token=dict(type="str", no_log=True),
            token_warn_days=dict(type="int", no_log=False),
            token_url=dict(type="str", no_log=False),
            token_encoding=dict(type="str", choices=["json", "form"], no_log=False),
            token_parameters=dict(type="dict", no_log=False),
            client_id=dict(type="str"),
            client_secret=dict(type="str", no_log=True),
            client_authentication=dict(type="str", choices=["body", "basic"]),
            scope=dict(type="str"),
        ),
    ),
)
_CLIENT = (
    "client_id",
    "client_secret",
    "token_url",
    "token_encoding",
    "token_parameters",
    "client_authentication",
    "scope",
)
# type: the options that it has. Any other one that is given would be ignored, and is an error instead.
_OPTIONS = {
    "none": (),
    "api_key": ("key", "key_name", "key_location"),
    "basic": ("username", "password"),
    "bearer": ("token",),
    "oauth2": _CLIENT,
    "elmo": _CLIENT,
    "icehrm": ("token", "token_warn_days"),
}
_DEFAULTS = {
    "api_key": {"key_name": "X-API-Key", "key_location": "header"},
    "oauth2": {"token_encoding": "form", "client_authentication": "body"},
    "elmo": {
        "token_url": "/oauth/token",
        "token_encoding": "json",
        "client_authentication": "body",
    },
    "icehrm": {"token_warn_days": 14},
}
_ELMO = {"client_id": "HRIS_ELMO_CLIENT_ID", "client_secret": "HRIS_ELMO_CLIENT_SECRET"}
# Where a value comes from that is not given. By type, so that two systems in one run do not take each other's.
_ENVIRONMENT = {
    "api_key": {"key": "HRIS_AUTH_KEY"},
    "basic": {"username": "HRIS_AUTH_USERNAME", "password": "HRIS_AUTH_PASSWORD"},
    "bearer": {"token": "HRIS_AUTH_TOKEN"},
    "oauth2": {"client_id": "HRIS_AUTH_CLIENT_ID", "client_secret": "HRIS_AUTH_CLIENT_SECRET"},
    "elmo": _ELMO,
    "icehrm": {"token": "HRIS_ICEHRM_TOKEN"},
}


def authorise(client, auth: dict | None, warn, place: str = "auth.", clock=time.time) -> None:
    """Make a web.client.Client authorised: sets what it sends with each request, and what its messages must not hold.

    auth: values of the option group; options that are not given may be missing, null or empty. warn: callable(text).
    place: what names of options begin with in messages. clock: callable -> Unix time.
    Raises HrisError for what cannot work, before any request. A token is asked for by the first request only.
    """
    given = {name: value for name, value in (auth or {}).items() if value not in (None, "", {})}
    kind = given.pop("type", "none")
    if kind not in _OPTIONS:
        raise HrisError(
            f"there is no authorisation '{kind}'", f"{place}type", did_you_mean(kind, _OPTIONS)
        )
    for name in given:
        if name not in _OPTIONS[kind]:
            raise HrisError(
                f"the authorisation {kind} has no such option",
                f"{place}{name}",
                f"It has {', '.join(_OPTIONS[kind])}" if _OPTIONS[kind] else "Set auth.type",
            )
    _MAKERS[kind](client, _Values({**_DEFAULTS.get(kind, {}), **given}, kind, place), warn, clock)


class _Values:
    """The options of one authorisation, and where to look for one that is missing."""

    def __init__(self, given: dict, kind: str, place: str):
        self.given, self.kind, self.place = given, kind, place

    def get(self, name: str):
        return self.given.get(name)

    def need(self, name: str) -> str:
        """The option, else its environment variable. Raises HrisError when there is neither."""
        variable = _ENVIRONMENT.get(self.kind, {}).get(name)
        value = str(self.given.get(name) or (os.environ.get(variable) if variable else "") or "")
        value = (
            value if name == "password" else value.strip()
        )  # what is pasted brings white space along; a password may have its own
        if not value:
            raise HrisError(
                "it is not given",
                f"{self.place}{name}",
                f"Set it, or the environment variable {variable}"
                if variable
                else f"The authorisation {self.kind} needs it",
            )
        return value

    def header_text(self, name: str) -> str:
        """The same, fit for a header."""
        value = self.need(name)
        if not value.isascii() or not value.isprintable():
            raise HrisError("it holds characters that no header may have", f"{self.place}{name}")
        return value


def _none(client, _values, _warn, _clock) -> None:
    client.authorisation = None


def _api_key(client, values: _Values, _warn, _clock) -> None:
    key, name = values.header_text("key"), values.header_text("key_name")
    where = "params" if values.get("key_location") == "query" else "headers"
    if where == "headers" and (" " in name or ":" in name):
        raise HrisError(f"'{name}' is not the name of a header", f"{values.place}key_name")
    _always(client, {where: {name: key}}, key)


def _basic(client, values: _Values, _warn, _clock) -> None:
    username, password = values.need("username"), values.need("password")
    if ":" in username:
        raise HrisError("a user name for Basic holds no colon", f"{values.place}username")
    _always(
        client,
        {"headers": {"Authorization": basic(username, password)}},
        password,
        basic(username, password).partition(" ")[2],
    )


def _bearer(client, values: _Values, _warn, _clock) -> None:
    token = values.header_text("token")
    if " " in token:
        raise HrisError(
            "it holds a space, which no token has",
            f"{values.place}token",
            "Give the token alone, without 'Bearer'",
        )
    _always(client, {"headers": {"Authorization": f"Bearer {token}"}}, token)


def _icehrm(client, values: _Values, warn, clock) -> None:
    token = icehrm_token.checked(values.need("token"), f"{values.place}token")
    claims = icehrm_token.payload(token)
    if claims is None:
        # To a token that is no JWT IceHrm answers 500 with an empty body: asking again is a waste.
        client.statuses = tuple(code for code in retries.STATUSES if code != 500)
    else:
        icehrm_token.check_expiry(
            claims, clock(), values.get("token_warn_days"), warn, f"{values.place}token"
        )
    _always(client, {"headers": {"Authorization": f"Bearer {token}"}}, token)


def _oauth(client, values: _Values, warn, _clock) -> None:
    url = values.need("token_url")
    whole = urls.whole(urls.join(client.base_url, url), f"{values.place}token_url")
    if urls.is_clear(whole) and urls.origin(whole) != urls.origin(client.base_url):
        warn(f"{urls.shown(whole)} is not https: the client secret travels unencrypted.")
    client_id, secret = values.need("client_id"), values.need("client_secret")
    fields = {"grant_type": "client_credentials", **(values.get("token_parameters") or {})}
    if values.get("scope"):
        fields["scope"] = values.get("scope")
    headers = {}
    if values.get("client_authentication") == "basic":
        headers = {
            "Authorization": basic(urls.quoted(client_id), urls.quoted(secret))
        }  # RFC 6749, 2.3.1: encoded as in a form
        client.secrets.append(headers["Authorization"].partition(" ")[2])
    else:
        fields |= {"client_id": client_id, "client_secret": secret}
    client.secrets += [secret, urls.quoted(secret)]
    client.authorisation = oauth.client_credentials(
        client, url, fields, headers, values.get("token_encoding")
    )


def _always(client, credentials: dict, *secrets: str) -> None:
    """The same credentials with every request: when they are refused there is nothing to renew."""
    client.secrets += [
        form for secret in secrets for form in dict.fromkeys((secret, urls.quoted(secret)))
    ]
    client.authorisation = lambda refused: None if refused else credentials


def basic(username: str, password: str) -> str:
    """The value of the Authorization header for Basic (RFC 7617, in UTF-8)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


_MAKERS = {
    "none": _none,
    "api_key": _api_key,
    "basic": _basic,
    "bearer": _bearer,
    "oauth2": _oauth,
    "elmo": _oauth,
    "icehrm": _icehrm,
}
