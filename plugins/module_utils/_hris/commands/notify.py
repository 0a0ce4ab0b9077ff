# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module notify: one message, sent by mail and by a webhook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from ..data_class import field, frozen
from ..errors import HrisError, Warn, did_you_mean
from ..model.records import Record
from ..outbound import mail, mail_messages, webhook_call, webhook_template
from ..outbound.options import Params, read_options
from ..outbound.webhook_options import WebhookOptions, success_options
from ..rules.expressions import Expression
from ..rules.fields import UnknownFieldError, check_fields
from ..web import urls
from ..web.authentication import authenticate
from ..web.client import Client
from ..web.options import HttpOptions

FAILED, SENT, WOULD_SEND = "failed", "sent", "would_send"
# Characters of a part of an address. What is shorter protects nothing when it is hidden, and
# hiding it would make messages unreadable.
SHORTEST_SECRET = 4


@frozen
class NotifyOptions:
    """The options of the module, without those of the HTTP connection."""

    subject: str
    text: str
    send_in_check_mode: bool
    on_failure: str  # fail or warn
    details: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    variables: Record = field(default_factory=dict)
    mail: Params | None = None
    webhook: Params | None = None
    auth: Params | None = None


@frozen
class _Run:
    """One run of the module."""

    options: NotifyOptions
    http: HttpOptions
    dry_run: bool  # whether nothing is sent
    warn: Warn


def run(params: Params, check_mode: bool, warn: Warn) -> dict[str, Any]:
    """Send the message. The module's RETURN describes the result."""
    options = read_options(NotifyOptions, params)
    dry_run = check_mode and not options.send_in_check_mode
    this_run = _Run(options, HttpOptions.from_params(params), dry_run, warn)
    result: dict[str, Any] = {"changed": False}
    failures = []
    for name, given, send in (
        ("mail", options.mail, _send_mail),
        ("webhook", options.webhook, _send_webhook),
    ):
        if not given:
            continue
        result[name] = _attempt(send, given, this_run)
        if result[name]["status"] == FAILED:
            failures.append(result[name]["reason"])
        else:
            result["changed"] = True
    if failures and options.on_failure == "warn":
        for reason in failures:
            warn(f"A notification was not sent: {reason}")
    elif failures:
        result |= {"failed": True, "msg": " ".join(failures)}
    return result


def _attempt(send: Callable[[Params, _Run], Record], given: Params, this_run: _Run) -> Record:
    try:
        sent = send(given, this_run)
    except HrisError as error:
        return {"status": FAILED, "reason": str(error)}
    status = SENT
    if this_run.dry_run:
        status = WOULD_SEND
    return {"status": status, "reason": None, **sent}


def _send_mail(given: Params, this_run: _Run) -> Record:
    """Send the mail. Returns its part of the result. Raises HrisError."""
    options = this_run.options
    lines = [options.text]
    if options.details:
        lines += ["", *options.details]
    message = mail_messages.make_message(
        given["from"], given["to"], options.subject, "\n".join(lines), options.attachments
    )
    if not this_run.dry_run:
        http = this_run.http
        server = mail.MailServer.from_params(given, http.validate_certs, http.ca_cert, http.timeout)
        mail.send(server, message, this_run.warn)
    return {"to": given["to"], "subject": str(message["Subject"])}


def _send_webhook(given: Params, this_run: _Run) -> Record:
    """Call the webhook. Returns its part of the result. Raises HrisError."""
    options = this_run.options
    address, query = _split_url(given["url"])
    webhook = webhook_template.compile_webhook(
        WebhookOptions(
            name="notify",
            url=address,
            method=given["method"],
            message_type=given["message_type"],
            headers=given["headers"] or {},
            params=query,
            body=_body(given["body"], given["message_type"]),
            success=success_options(given["success"]),
        )
    )
    parts = urlsplit(address)
    client = Client(f"{parts.scheme}://{parts.netloc}", this_run.http, this_run.warn)
    client.secrets += _secrets(address, query)
    authenticate(client, options.auth, this_run.warn)
    record = {**options.variables, "subject": options.subject, "text": options.text}
    _check_names(webhook.leaves, record)
    outcome = webhook_call.perform(client, webhook, record, this_run.dry_run)
    if outcome.status == FAILED or outcome.request is None:
        raise HrisError(str(outcome.reason).rstrip("."))
    body = outcome.request.body or b""
    return {"server": parts.netloc, "body": client.scrub(body.decode("utf-8", "replace"))}


def _check_names(expressions: list[Expression], record: Record) -> None:
    """Raise HrisError for a name that the message does not have."""
    try:
        check_fields(expressions, [record], [])
    except UnknownFieldError as error:
        raise HrisError(
            f"there is no '{error.path}'",
            error.place,
            did_you_mean(error.path.rpartition(".")[2], error.siblings),
        ) from None


def _body(given: Any, message_type: str) -> Any:
    """The body of the option, or the text as chat rooms take it."""
    if given is not None:
        return given
    if message_type == "text":
        return "{text}"
    return {"text": "{text}"}


def _split_url(url: str) -> tuple[str, dict[str, str]]:
    """The address without its query, and the query's parameters.

    The address of a chat room is a secret, so no message repeats it. Raises HrisError.
    """
    place = "webhook.url"
    try:
        parts = urlsplit(url.strip())
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        raise HrisError("this is not an http or https address", place) from None
    address = urls.whole(urlunsplit(parts._replace(query="")), place)
    if "{" in url or "}" in url:
        raise HrisError(
            "the address has a brace",
            place,
            "It is taken literally: put what varies into body or headers",
        )
    params = dict(query)
    if len(params) < len(query):
        raise HrisError("the address has a parameter twice", place)
    return address, params


def _secrets(address: str, query: dict[str, str]) -> list[str]:
    """What no message shows of the address: its path, longer parts of it, and its query."""
    path = urlsplit(address).path
    parts = [part for part in path.split("/") if len(part) >= 2 * SHORTEST_SECRET]
    return [text for text in (path, *parts, *query.values()) if len(text) >= SHORTEST_SECRET]
