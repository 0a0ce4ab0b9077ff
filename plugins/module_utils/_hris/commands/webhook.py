# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module webhook: objects of a run, of a search or of the playbook → rendered requests → calls. Check mode sends nothing."""

from __future__ import annotations

from datetime import datetime, timezone

from ..directory.connection import connect
from ..directory.selection import select
from ..errors import HrisError
from ..outbound import (
    dead_letters,
    delivery,
    feedback_loops,
    objects,
    requests_sent,
    webhook_template,
)
from ..rules.expressions import compile_rule
from ..web import urls
from ..web.authentication import authenticate
from ..web.client import Client
from ..web.options import HttpOptions

MOST_AT_ONCE = 32
BASE = ("sAMAccountName", "userPrincipalName", "displayName", "mail")


def run(params: dict, check_mode: bool, warn) -> dict:
    """Call a webhook for each object; the work of module hris.ad.webhook, whose RETURN describes the result.

    Raises HrisError for a webhook or objects that cannot be used; then nothing was sent.
    """
    if not 1 <= params["concurrency"] <= MOST_AT_ONCE:
        raise HrisError(
            f"{params['concurrency']} calls at once", "concurrency", f"It is 1 to {MOST_AT_ONCE}"
        )
    params = {
        **params,
        "others": [],
        "check_mode": check_mode,
        "body_limit": max(params["body_limit"], 0),
        "report_limit": max(params["report_limit"], 0),
    }
    webhook = webhook_template.compile_webhook(params)
    when = objects.condition(params["when"])
    expressions = [*webhook.leaves, *([when] if when else [])]
    _guard(params, webhook, warn)
    client = _client(params, warn)
    items = _items(params, webhook, expressions, when)
    if params["undelivered_dest"] and not check_mode:
        dead_letters.prepare(params["undelivered_dest"])
    lenient = (params["auth"] or {}).get("type") != "icehrm"  # IceHrm says errors with status 200

    def perform(record, key):
        return requests_sent.perform(client, webhook, record, check_mode, lenient, key)

    return delivery.deliver(client, webhook, items, params, check_mode, perform)


def _client(params: dict, warn) -> Client:
    """Where the calls go: below base_url, or to the server that url names."""
    base = params["base_url"]
    if not base:
        scheme, host, port = urls.origin(params["url"].partition("{")[0])
        base = f"{scheme}://{f'[{host}]' if ':' in host else host}" + (
            f":{port}" if port not in (80, 443) else ""
        )
    client = Client(base, HttpOptions.from_params(params), warn)
    client.secrets += [
        text
        for value in _leaves(params["secrets"])
        for text in dict.fromkeys((value, urls.quoted(value)))
    ]
    authenticate(client, params["auth"], warn)
    for name, address in (
        ("url", params["url"]),
        ("compare.url", (params["compare"] or {}).get("url") or ""),
    ):
        if (
            address.startswith("http")
            and client.authentication
            and urls.origin(address.partition("{")[0]) != urls.origin(base)
        ):
            raise HrisError(
                "the credentials of one server would go to another",
                name,
                "Let base_url and all addresses name the same server",
            )
    return client


def _leaves(value) -> list[str]:
    """The texts of the option secrets."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in _leaves(item)]
    return [str(value)] if value not in (None, "") else []


def _guard(params: dict, webhook: webhook_template.Webhook, warn) -> None:
    """The loop guard, over the fields that are compared or the places of the body."""
    if not params["inbound_mapping"]:
        return
    written = {
        name: wanted for name, _current, wanted in (webhook.compare or {}).get("fields") or []
    }
    if not written:
        written = {
            leaf.place.removeprefix("body."): leaf
            for leaf in webhook.leaves
            if leaf.place.startswith("body.")
        }
    for text in feedback_loops.check_loops(params["inbound_mapping"], written):
        warn(text)


def _items(params: dict, webhook: webhook_template.Webhook, expressions: list, when) -> list[dict]:
    """What deliver() takes, for the objects that the options choose."""
    now = datetime.now(timezone.utc)
    at, today = now.strftime("%Y-%m-%dT%H:%M:%SZ"), params["as_of"] or now.strftime("%Y-%m-%d")
    fixed = _fixed(params)
    lines: list = []
    if params["resend"]:
        lines, params["others"] = dead_letters.take(params["resend"], webhook.name)
        params["others"] += [
            line for line in lines if line["unsure"] and not params["resend_unsure"]
        ]
        lines = [line for line in lines if not line["unsure"] or params["resend_unsure"]]
        found = chosen = [objects.flat(line["object"]) for line in lines]
    else:
        found = _found(params, expressions)
        chosen = objects.chosen(
            found, params["events"], params["unchanged"] or not params["src"], None
        )
    for name in fixed:
        if any(name in item for item in found):
            raise HrisError(
                f"the objects have '{name}' themselves",
                f"variables.{name}",
                "Call the variable something else",
            )
    objects.check_names(
        expressions, found, params["optional_fields"] or (), [*fixed, "today", "now"]
    )
    others = {path[0] for item in expressions for path in item.paths} - {"secrets"}
    objects.check_names(expressions, [{"secrets": fixed["secrets"]}], others)
    made = []
    for number, item in enumerate(chosen):
        line = lines[number] if lines else None
        days = {"today": line["today"], "now": line["now"]} if line else {"today": today, "now": at}
        record = {**item, **fixed, **days}
        if line or not when or when.evaluate(record):
            made.append({"object": item, "record": record, "line": line, "at": at})
    return made


def _fixed(params: dict) -> dict:
    """What every expression sees besides the object: the variables, and secrets below that name."""
    fixed = {str(name): value for name, value in (params["variables"] or {}).items()}
    for name in fixed:
        if name in ("secrets", "today", "now", *objects.FIXED):
            raise HrisError("this name is taken", f"variables.{name}")
        compile_rule(name, f"variables.{name}")
    return {**fixed, "secrets": params["secrets"] or {}}


def _found(params: dict, expressions: list) -> list[dict]:
    if params["src"]:
        return objects.read_outcome(params["src"], params["check_mode"])
    if params["objects"] is not None:
        return [objects.flat(item) for item in params["objects"]]
    if params["directory"] is None:
        raise HrisError(
            "a search needs the directory",
            "directory",
            "Set it; an empty one, directory: {}, takes everything from the environment (HRIS_AD_SERVERS and so on)",
        )
    other = {
        *objects.FIXED,
        *(params["variables"] or {}),
        "secrets",
        "today",
        "now",
        "enabled",
        "groups",
    }
    asked = {path[0] for expression in expressions for path in expression.paths} - other
    with connect(params["directory"]) as connection:
        return [
            objects.flat(item) for item in select(connection, params["select"], {*asked, *BASE})
        ]
