# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication: the option group `auth` and what it adds to each request.

The options are documented in doc_fragments/authentication.py. The sources of ELMO and IceHrm
authenticate in the same way.
"""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable, Mapping
from typing import Any

from ..data_class import field, frozen
from ..errors import HrisError, Warn, did_you_mean
from ..option_names import option_name
from . import icehrm_token, oauth, sessions, urls
from .client import Client, Credentials

ARGUMENTS: dict[str, dict[str, Any]] = dict(
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


def authenticate(
    client: Client,
    auth: Mapping[str, Any] | None,
    warn: Warn,
    place: str = "auth.",
    clock: Callable[[], float] = time.time,
) -> None:
    """Set how a client authenticates its requests, and which secrets its messages must not hold.

    auth: values of the option group; options that are not given may be missing, null or empty.
    place: what names of options begin with in messages. clock: callable -> Unix time.
    Raises HrisError for what cannot work, before any request. Only the first request asks for a
    token.
    """
    given = {name: value for name, value in (auth or {}).items() if value not in (None, "", {})}
    kind = given.pop("type", "none")
    method = _METHODS.get(kind)
    if method is None:
        raise HrisError(
            f"there is no authentication type '{kind}'",
            option_name(f"{place}type"),
            did_you_mean(kind, _METHODS),
        )
    for name in given:
        if name not in method.options:
            hint = f"Set {option_name('auth.type')}"
            if method.options:
                hint = f"Its options are {', '.join(method.options)}"
            raise HrisError(
                f"authentication of the type {kind} has no such option",
                option_name(f"{place}{name}"),
                hint,
            )
    values = {**method.defaults, **given}
    options = _AuthOptions(values, kind, method.environment, place, warn, clock)
    method.set_up(client, options)


@frozen
class _AuthOptions:
    """The options of one authentication."""

    values: Mapping[str, Any]
    kind: str  # auth.type
    environment: Mapping[str, str]  # {option: environment variable}
    place: str  # what names of options begin with in messages
    warn: Warn
    clock: Callable[[], float]  # Unix time

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def place_of(self, name: str) -> str:
        return option_name(f"{self.place}{name}")

    def required(self, name: str) -> str:
        """The option, else its environment variable. Raises HrisError when both are missing."""
        variable = self.environment.get(name)
        value = str(self.values.get(name) or "")
        if not value and variable:
            value = os.environ.get(variable, "")
        if name != "password":  # a password may begin or end with a space, a pasted token may not
            value = value.strip()
        if value:
            return value
        hint = f"Authentication of the type {self.kind} needs it"
        if variable:
            hint = f"Set it, or the environment variable {variable}"
        raise HrisError("it is not given", self.place_of(name), hint)

    def header_text(self, name: str) -> str:
        """The same, valid in a header."""
        value = self.required(name)
        if not value.isascii() or not value.isprintable():
            raise HrisError("it holds characters that no header may have", self.place_of(name))
        return value


def _none(client: Client, _options: _AuthOptions) -> None:
    client.authentication = None


def _api_key(client: Client, options: _AuthOptions) -> None:
    key, name = options.header_text("key"), options.header_text("key_name")
    if options.get("key_location") == "query":
        _set_credentials(client, Credentials(params={name: key}), key)
        return
    if " " in name or ":" in name:
        raise HrisError(f"'{name}' is not the name of a header", options.place_of("key_name"))
    _set_credentials(client, Credentials(headers={name: key}), key)


def _basic(client: Client, options: _AuthOptions) -> None:
    username, password = options.required("username"), options.required("password")
    if ":" in username:
        raise HrisError("a user name for Basic holds no colon", options.place_of("username"))
    encoded = basic(username, password)
    credentials = Credentials(headers={"Authorization": encoded})
    _set_credentials(client, credentials, password, encoded.partition(" ")[2])


def _bearer(client: Client, options: _AuthOptions) -> None:
    token = options.header_text("token")
    if " " in token:
        raise HrisError(
            "it holds a space, which no token has",
            options.place_of("token"),
            "Give the token alone, without 'Bearer'",
        )
    _set_credentials(client, Credentials(headers={"Authorization": f"Bearer {token}"}), token)


def _icehrm(client: Client, options: _AuthOptions) -> None:
    place = options.place_of("token")
    token = icehrm_token.checked(options.required("token"), place)
    claims = icehrm_token.payload(token)
    if claims is None:
        # IceHrm answers 500 with an empty body to a token that is not a JWT: asking again is
        # pointless.
        client.statuses = tuple(code for code in sessions.STATUSES if code != 500)
    else:
        warn_days = options.get("token_warn_days")
        icehrm_token.check_expiry(claims, options.clock(), warn_days, options.warn, place)
    _set_credentials(client, Credentials(headers={"Authorization": f"Bearer {token}"}), token)


def _oauth(client: Client, options: _AuthOptions) -> None:
    url = options.required("token_url")
    whole = urls.whole(urls.join(client.base_url, url), options.place_of("token_url"))
    if urls.is_clear(whole) and urls.origin(whole) != urls.origin(client.base_url):
        options.warn(f"{urls.shown(whole)} is not https: the client secret travels unencrypted.")
    client_id, secret = options.required("client_id"), options.required("client_secret")
    body = {"grant_type": "client_credentials", **(options.get("token_parameters") or {})}
    if options.get("scope"):
        body["scope"] = options.get("scope")
    headers = {}
    if options.get("client_authentication") == "basic":
        # RFC 6749, 2.3.1: encoded as in a form
        encoded = basic(urls.quoted(client_id), urls.quoted(secret))
        headers["Authorization"] = encoded
        client.secrets.append(encoded.partition(" ")[2])
    else:
        body |= {"client_id": client_id, "client_secret": secret}
    client.secrets.append(secret)
    advice = (
        f"No token was given: check {options.place_of('client_id')} and"
        f" {options.place_of('client_secret')}, and whether {options.place_of('token_encoding')}"
        " suits the server"
    )
    request = oauth.TokenRequest(url, body, headers, options.required("token_encoding"), advice)
    client.authentication = oauth.ClientCredentials(client, request)


def _set_credentials(client: Client, credentials: Credentials, *secrets: str) -> None:
    """The same credentials with each request: when they are refused, there is nothing to renew."""
    client.secrets += secrets

    def authentication(refused: Credentials | None) -> Credentials | None:
        if refused is None:
            return credentials
        return None

    client.authentication = authentication


def basic(username: str, password: str) -> str:
    """The value of the Authorization header for Basic (RFC 7617, in UTF-8)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


@frozen
class _Method:
    """One auth.type."""

    set_up: Callable[[Client, _AuthOptions], None]
    options: tuple[str, ...] = ()  # any other option would be ignored, so it is an error
    defaults: Mapping[str, object] = field(default_factory=dict)  # {option: value}
    # {option: where it comes from when it is not given}. Each type has its own variables, so that
    # two systems in one run do not take each other's.
    environment: Mapping[str, str] = field(default_factory=dict)


_OAUTH_OPTIONS = (
    "client_id",
    "client_secret",
    "token_url",
    "token_encoding",
    "token_parameters",
    "client_authentication",
    "scope",
)
_METHODS = {
    "none": _Method(_none),
    "api_key": _Method(
        _api_key,
        ("key", "key_name", "key_location"),
        {"key_name": "X-API-Key", "key_location": "header"},
        {"key": "HRIS_AUTH_KEY"},
    ),
    "basic": _Method(
        _basic,
        ("username", "password"),
        environment={"username": "HRIS_AUTH_USERNAME", "password": "HRIS_AUTH_PASSWORD"},
    ),
    "bearer": _Method(_bearer, ("token",), environment={"token": "HRIS_AUTH_TOKEN"}),
    "oauth2": _Method(
        _oauth,
        _OAUTH_OPTIONS,
        {"token_encoding": "form", "client_authentication": "body"},
        {"client_id": "HRIS_AUTH_CLIENT_ID", "client_secret": "HRIS_AUTH_CLIENT_SECRET"},
    ),
    "elmo": _Method(
        _oauth,
        _OAUTH_OPTIONS,
        {"token_url": "/oauth/token", "token_encoding": "json", "client_authentication": "body"},
        {"client_id": "HRIS_ELMO_CLIENT_ID", "client_secret": "HRIS_ELMO_CLIENT_SECRET"},
    ),
    "icehrm": _Method(
        _icehrm,
        ("token", "token_warn_days"),
        {"token_warn_days": 14},
        {"token": "HRIS_ICEHRM_TOKEN"},
    ),
}
