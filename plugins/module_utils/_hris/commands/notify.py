# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module notify: one message by mail, by a webhook, or by both. One channel that fails does not keep the other from being tried."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit, urlunsplit

from ..errors import HrisError, did_you_mean
from ..outbound import requests_sent, webhook_template
from ..rules.fields import check_fields
from ..web import urls
from ..web.authentication import authenticate
from ..web.client import Client
from ..web.options import HttpOptions

FAILED, SENT, WOULD_SEND = "failed", "sent", "would_send"
SHORTEST_SECRET = (
    4  # characters of a path; what is shorter hides nothing, and would blot out half of a message
)


def run(params: dict, check_mode: bool, warn) -> dict:
    """The work of module hris.ad.notify, whose RETURN describes the result. params: its options."""
    rehearsed = check_mode and not params["send_in_check_mode"]
    channels = {
        name: work for name, work in (("mail", _mail), ("webhook", _webhook)) if params[name]
    }
    told = {name: _tried(work, params, rehearsed, warn) for name, work in channels.items()}
    result = {"changed": any(channel["status"] != FAILED for channel in told.values()), **told}
    failures = [channel["reason"] for channel in told.values() if channel["status"] == FAILED]
    if not failures:
        return result
    if params["on_failure"] == "warn":
        for text in failures:
            warn(f"A notification was not sent: {text}")
        return result
    return result | {"failed": True, "msg": " ".join(failures)}


def _tried(work, params: dict, rehearsed: bool, warn) -> dict:
    try:
        return {
            "reason": None,
            **work(params, rehearsed, warn),
            "status": WOULD_SEND if rehearsed else SENT,
        }
    except HrisError as error:
        return {"status": FAILED, "reason": str(error)}


def _mail(params: dict, rehearsed: bool, warn) -> dict:
    mail = params["mail"]
    text = "\n".join([params["text"], *([""] if params["details"] else []), *params["details"]])
    message = mail.make_message(mail, params["subject"], text, params["attachments"])
    if not rehearsed:
        mail.send(mail, params, message, warn)
    return {"to": mail["to"], "subject": str(message["Subject"])}


def _webhook(params: dict, rehearsed: bool, warn) -> dict:
    given = params["webhook"]
    address, query = _parted(given["url"])
    compiled = webhook_template.compile_webhook(
        {
            "name": "notify",
            "base_url": None,
            "url": address,
            "method": given["method"],
            "headers": given["headers"],
            "params": query,
            "message_type": given["message_type"],
            "body": _body(given),
            "omit_empty": False,
            "idempotency": None,
            "compare": None,
            "success": given["success"],
        }
    )
    parts = urlsplit(address)
    client = Client(f"{parts.scheme}://{parts.netloc}", HttpOptions.from_params(params), warn)
    client.secrets += _secrets(address, query)
    authenticate(client, params["auth"], warn)
    record = {**params["variables"], "subject": params["subject"], "text": params["text"]}
    _check_names(compiled.leaves, record)
    done = requests_sent.perform(client, compiled, record, rehearsed, trust_200=True)
    if done["status"] == FAILED:
        raise HrisError(done["reason"].rstrip("."))
    return {
        "server": parts.netloc,
        "body": client.scrub(done["request"]["body"].decode("utf-8", "replace")),
    }


def _check_names(expressions: list, record: dict) -> None:
    """A name that stands for nothing would otherwise be empty in every message."""
    try:
        check_fields(expressions, [record], [])
    except HrisError as error:
        raise HrisError(
            error.message.replace("no employee has the field", "there is no"),
            error.place,
            did_you_mean(error.message.rpartition(" ")[2].strip("'"), record),
        ) from None


def _body(given: dict):
    if given["body"] is not None:
        return given["body"]
    return "{text}" if given["message_type"] == "text" else {"text": "{text}"}


def _parted(url: str) -> tuple[str, dict]:
    """(the address, its query as parameters) of the address of a chat room, which mostly is a secret. Raises HrisError without it."""
    place = "webhook.url"
    try:
        parts = urlsplit(url.strip())
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        raise HrisError("this is not an http or https address", place) from None
    address = urls.whole(urlunsplit(parts._replace(query="")), place)
    if "{" in url or "}" in url:
        raise HrisError(
            "the address holds a brace",
            place,
            "It is taken as it is: what is variable belongs into body or headers",
        )
    if len(dict(query)) < len(query):
        raise HrisError("the address has a parameter twice", place)
    return address, dict(query)


def _secrets(address: str, query: dict) -> list[str]:
    """What no message may hold of the address: its path, the longer parts of it, and the values of its query."""
    path = urlsplit(address).path
    texts = [
        path,
        *(part for part in path.split("/") if len(part) >= 2 * SHORTEST_SECRET),
        *query.values(),
    ]
    return [
        form
        for text in texts
        if len(text) >= SHORTEST_SECRET
        for form in dict.fromkeys((text, urls.quoted(text)))
    ]
