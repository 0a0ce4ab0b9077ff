# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call of a webhook: compare, send, judge the response, verify.

What comes of it is an outcome, never an exception.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ..data_class import field, mutable
from ..errors import HrisError, RequestFailedError
from ..model.records import Record
from ..rules.expressions import Expression
from ..web import responses
from ..web.client import Client
from ..web.responses import Response
from . import comparison
from .comparison import Difference
from .webhook_template import (
    CURRENT,
    OBJECT,
    Comparison,
    Request,
    Webhook,
    render,
    render_comparison,
)

SENT, UNCHANGED, WOULD_SEND, SKIPPED = "sent", "unchanged", "would_send", "skipped"
FAILED, NOT_SENT = "failed", "not_sent"
STATUSES = (SENT, WOULD_SEND, UNCHANGED, SKIPPED, FAILED, NOT_SENT)
UNDELIVERED = (FAILED, NOT_SENT)

# Statuses that say that the request was not carried out (RFC 9110): the resource is elsewhere, all
# that begin with 4, and of the server's own errors those that come before any work. After any other
# one, a success that does not count included, the receiver may have done what was asked.
_ELSEWHERE = (301, 302, 307, 308)
_NO_WORK = (501, 503, 505)
_NOT_FOUND = (404, 410)
# What Python raises for a value that a library cannot encode or compare: half of a character
UNFORESEEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

Begin = Callable[[Record, bool], None]  # (what expressions see, whether it may be made twice)


def _note_nothing(_record: Record, _repeatable: bool) -> None:
    """For calls that are no step of an orchestration."""


@mutable
class CallOutcome:
    """What became of one call."""

    status: str = FAILED  # one of STATUSES
    reason: str | None = None  # why it was not delivered
    # Whether the receiver may have the call although it counts as failed, and a second call would
    # have its effect twice
    possibly_delivered: bool = False
    begun: bool = False  # whether the call itself was begun to be sent
    request: Request | None = None  # None: it could not be rendered
    response: Response | None = None  # None: there was none
    differences: dict[str, Difference] = field(default_factory=dict)  # by compare, before the call


def perform(
    client: Client,
    webhook: Webhook,
    record: Record,
    check_mode: bool,
    idempotency_key: str | None = None,
    begin: Begin = _note_nothing,
) -> CallOutcome:
    """Call the webhook for one object.

    record: what expressions see. idempotency_key: that of the first attempt, when the call is sent
    again. begin: notes that the call is made now; it raises HrisError where it must not be. Check
    mode reads what compare needs, and sends nothing else.
    """
    outcome = CallOutcome()
    try:
        _perform(client, webhook, record, check_mode, idempotency_key, begin, outcome)
    except UNFORESEEN as error:  # of one object: the calls for the others go on
        outcome.status = FAILED
        outcome.reason = client.scrub(f"a value cannot be used: {type(error).__name__}: {error}")
        outcome.possibly_delivered = outcome.begun and not webhook.safe_to_send_again
    return outcome


def _perform(
    client: Client,
    webhook: Webhook,
    record: Record,
    check_mode: bool,
    idempotency_key: str | None,
    begin: Begin,
    outcome: CallOutcome,
) -> None:
    try:
        request = render(webhook, record, idempotency_key)
        outcome.request = request
        status = _compare(client, webhook, record, request, outcome)
    except HrisError as error:
        outcome.reason = str(client.clean(error))
        return
    if status is None and check_mode:
        status = WOULD_SEND
    if status is not None:
        outcome.status = status
        return
    _send(client, webhook, record, request, begin, outcome)


def may_have_arrived(error: HrisError) -> bool:
    """Whether the receiver may have got the request that the error is about.

    Only an error that says that nothing was sent rules it out.
    """
    return not isinstance(error, RequestFailedError) or error.sent


def was_refused(status: int) -> bool:
    """Whether a response says that the receiver did not carry out the request."""
    return status in _ELSEWHERE or 400 <= status < 500 or status in _NO_WORK


def _send(
    client: Client,
    webhook: Webhook,
    record: Record,
    request: Request,
    begin: Begin,
    outcome: CallOutcome,
) -> None:
    try:
        client.obtain_credentials()  # an error of these is none of the call
        begin(record, webhook.safe_to_send_again)
    except HrisError as error:
        outcome.reason = str(client.clean(error))
        return
    outcome.begun = True
    try:
        response = client.request(
            request.method,
            request.url,
            request.params,
            request.headers,
            data=request.body,
            repeat=webhook.repeatable,
        )
    except HrisError as error:
        outcome.reason = str(client.clean(error))
        outcome.possibly_delivered = not webhook.safe_to_send_again and may_have_arrived(error)
        return
    outcome.response = response
    try:
        _judge(client, webhook, record, response)
    except HrisError as error:
        outcome.reason = str(client.clean(error))
        refused = was_refused(response.status)
        outcome.possibly_delivered = not (webhook.safe_to_send_again or refused)
        return
    outcome.reason = _verify(client, webhook, record, request, response)
    if outcome.reason is None:
        outcome.status = SENT


def _judge(client: Client, webhook: Webhook, record: Record, response: Response) -> None:
    """Raise HrisError when the response is not a success."""
    status, place = response.status, response.place
    if not any(lowest <= status <= highest for lowest, highest in webhook.statuses):
        client.check_success(response)
        raise HrisError(
            f"HTTP {status} is not a status of success", place, "Check the option success.status"
        )
    seen = response_record(response)
    if webhook.success:
        if not webhook.success.evaluate({**seen, OBJECT: record}):
            raise HrisError(
                f"HTTP {status}, but the condition of success is not met{_words(response)}", place
            )
        return
    if seen["text"].lstrip()[:100].lower().startswith(("<!doctype html", "<html")):
        raise HrisError(
            f"the response is {responses.error_words(response.body)}, probably a login page",
            place,
            "If that is right, accept it with success.when",
        )
    content_type = response.headers.get("content-type", "")
    is_json = seen["body"] is not None or seen["text"].strip() in ("", "null")
    if "json" in content_type and not is_json:
        raise HrisError(
            f"HTTP {status}, but the response is not the JSON that its type says{_words(response)}",
            place,
            "If that is right, accept it with success.when",
        )
    if webhook.error_bodies:
        words = responses.error_inside(seen["body"])
        if words is not None:
            raise HrisError(f"HTTP {status}, with an error: {words or 'no reason given'}", place)


def _words(response: Response) -> str:
    """What the server says, as the end of a message."""
    words = responses.error_words(response.body)
    return f": {words}" if words else ""


def response_record(response: Response) -> Record:
    """What a condition over a response sees: status, headers, body (JSON, or null) and text."""
    text = response.body.decode("utf-8-sig", errors="replace")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = None
    return {"status": response.status, "headers": response.headers, "body": body, "text": text}


def _compare(
    client: Client, webhook: Webhook, record: Record, request: Request, outcome: CallOutcome
) -> str | None:
    """The status of a call that need not be sent; None for one that does. Raises HrisError.

    Sets the outcome's differences.
    """
    compare = webhook.comparison
    if compare is None:
        return None
    current = _current(client, compare, record)
    if current is None and compare.missing == "skip":
        return SKIPPED
    if current is None and compare.missing == "fail":
        raise HrisError(
            "the object does not exist there, so it cannot be compared", "compare.missing"
        )
    if compare.unchanged_when:
        return UNCHANGED if _holds(compare.unchanged_when, record, current) else None
    outcome.differences = _differences(compare, record, request.content, current)
    return None if outcome.differences else UNCHANGED


def _verify(
    client: Client, webhook: Webhook, record: Record, request: Request, response: Response
) -> str | None:
    """Why the object is not as it should be after the call; None when it is, or is not verified."""
    compare = webhook.comparison
    if compare is None or not compare.verify:
        return None
    try:
        current = _current(client, compare, record)
        if compare.unchanged_when:
            names = ["unchanged_when"]
            if _holds(compare.unchanged_when, record, current):
                names = []
        else:
            names = list(_differences(compare, record, request.content, current))
    except HrisError as error:
        return f"it was accepted, but could not be read afterwards: {client.clean(error)}"
    if not names:
        return None
    return (
        f"it was accepted with HTTP {response.status}, but read again, these still differ: "
        f"{', '.join(names)}."
    )


def _holds(condition: Expression, record: Record, current: Record | None) -> bool:
    """Whether compare.unchanged_when is met; without a current object it never is."""
    return current is not None and bool(condition.evaluate({**record, CURRENT: current}))


def _differences(
    compare: Comparison, record: Record, content: Any, current: Record | None
) -> dict[str, Difference]:
    if compare.fields:
        values = comparison.wanted_by_fields(compare.fields, record)
    else:
        values = comparison.wanted_by_body(content)
    return comparison.differences(current, values)


def _current(client: Client, compare: Comparison, record: Record) -> Record | None:
    """The current object, read with a GET; None when there is none. Raises HrisError."""
    request = render_comparison(compare, record)
    response = client.request(
        request.method, request.url, request.params, request.headers, repeat=True
    )
    if response.status in _NOT_FOUND:
        return None
    return comparison.current_object(client.decode(response), compare.source, response.place)
