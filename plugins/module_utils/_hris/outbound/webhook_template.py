# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A webhook, compiled once, and the request that it renders for one object."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import Any

from ..data_class import field, frozen
from ..errors import HrisError, did_you_mean
from ..model.records import Record
from ..rules.expressions import Expression, compile_rule, inside, without
from . import comparison, objects, request_bodies, templates
from .webhook_options import CompareOptions, IdempotencyOptions, WebhookOptions

READING = ("GET", "HEAD", "OPTIONS")
REPEATABLE = (*READING, "PUT", "DELETE")
_STATUSES = re.compile(r"([1-5])xx|([1-5]\d\d)(?:-([1-5]\d\d))?", re.IGNORECASE)
# What the condition of success sees, by webhook_call.response_record
RESPONSE, OBJECT = ("status", "headers", "body", "text"), "object"
CURRENT = "current"  # what the condition of compare sees beside our object
UNSTABLE_KEY = (
    "the request has {now}, so that each run gives it another idempotency key, by which the "
    "receiver cannot recognise it. Set idempotency.key."
)
_KEY_LENGTH = 32  # characters of a computed idempotency key

StatusRange = tuple[int, int]  # the lowest and the highest status


@frozen
class Request:
    """One request, rendered."""

    method: str
    url: str  # whole, or a path below the base address
    params: dict[str, str]  # of the query
    headers: dict[str, str]
    body: bytes | None
    content: Any  # what the body was encoded from: JSON, an XML element or text
    idempotency_key: str | None = None


@frozen
class Comparison:
    """The option compare, compiled."""

    url: Expression
    params: dict[str, Expression]
    source: Expression | None  # selects the current object in the response
    fields: list[comparison.ComparedField]
    unchanged_when: Expression | None
    missing: str  # fail, write or skip
    verify: bool


@frozen
class Webhook:
    """The options of a webhook, compiled."""

    name: str
    method: str
    message_type: str
    url: Expression
    headers: dict[str, Expression]
    params: dict[str, Expression]
    body: Expression | None
    statuses: list[StatusRange]  # of success
    success: Expression | None  # condition over the response
    error_bodies: bool  # whether the system reports errors with a status of success
    key_header: str | None  # of the idempotency key
    key: Expression | None
    comparison: Comparison | None
    # All texts and conditions over our object: what they read of it is checked, and searched for
    leaves: list[Expression] = field(default_factory=list)

    @property
    def repeatable(self) -> bool:
        """Whether sending a request twice has the same effect as once."""
        return self.method in REPEATABLE or bool(self.key_header)

    @property
    def safe_to_send_again(self) -> bool:
        """Whether a later run may send an undelivered call again, whatever became of the first.

        A comparison shows what the receiver has, before anything is sent.
        """
        return self.repeatable or self.comparison is not None

    @property
    def has_unstable_key(self) -> bool:
        """Whether another run computes another idempotency key for the same object."""
        if not self.key_header or self.key:
            return False
        return any(path[:1] == ("now",) for leaf in self.leaves for path in leaf.paths)

    @property
    def writes(self) -> bool:
        """Whether a call changes something at the receiver."""
        return self.method not in READING


def compile_webhook(options: WebhookOptions) -> Webhook:
    """The webhook of the options. Raises HrisError for the first thing that cannot work."""
    leaves: list[Expression] = []
    url = templates.compile_url(options.url, "url", bool(options.base_url))
    leaves.append(url)
    if options.method in READING and options.body not in (None, ""):
        raise HrisError(
            f"a {options.method} request has no body", "body", "Give its values as params"
        )
    return Webhook(
        name=options.name,
        method=options.method,
        message_type=options.message_type,
        url=url,
        headers=templates.compile_texts(options.headers, "headers", leaves),
        params=templates.compile_texts(options.params, "params", leaves),
        body=request_bodies.compile_body(
            options.body, options.message_type, options.omit_empty, leaves
        ),
        statuses=[_status_range(text) for text in options.success.status],
        success=_compile_success(options.success.when, leaves),
        error_bodies=options.error_bodies,
        key_header=_key_header(options.idempotency),
        key=_compile_key(options.idempotency, leaves),
        comparison=_compile_comparison(options, url, leaves),
        leaves=leaves,
    )


def _compile_success(source: str | None, leaves: list[Expression]) -> Expression | None:
    """The condition over the response. Raises HrisError for a name that no response has."""
    condition = objects.compile_when(source, "success.when")
    if condition is None:
        return None
    leaves.append(inside(condition, OBJECT))
    for path in sorted(condition.paths):
        if path[0] not in (*RESPONSE, OBJECT):
            raise HrisError(
                f"a response has no '{path[0]}'",
                "success.when",
                did_you_mean(path[0], (*RESPONSE, OBJECT)),
            )
        if path[0] == "headers" and len(path) > 1 and path[1] != path[1].lower():
            raise HrisError(
                f"the headers of a response have no '{path[1]}'",
                "success.when",
                f"Their names are in lower case: '{path[1].lower()}'",
            )
    return condition


def _key_header(options: IdempotencyOptions | None) -> str | None:
    return None if options is None else options.header


def _compile_key(options: IdempotencyOptions | None, leaves: list[Expression]) -> Expression | None:
    if options is None or not options.key:
        return None
    key = compile_rule(options.key, "idempotency.key")
    leaves.append(key)
    return key


def _compile_comparison(
    options: WebhookOptions, url: Expression, leaves: list[Expression]
) -> Comparison | None:
    compare = options.compare
    if compare is None:
        return None
    _check_compare(options.method, compare)
    if compare.url:
        url = templates.compile_url(compare.url, "compare.url", bool(options.base_url))
        leaves.append(url)
    unchanged_when = objects.compile_when(compare.unchanged_when, "compare.unchanged_when")
    if unchanged_when:
        leaves.append(without(unchanged_when, CURRENT))
    source = None
    if compare.source:
        source = compile_rule(compare.source, "compare.from")
    return Comparison(
        url=url,
        params=templates.compile_texts(compare.params, "compare.params", leaves),
        source=source,
        fields=comparison.compile_fields(compare.fields, leaves),
        unchanged_when=unchanged_when,
        missing=compare.missing,
        verify=compare.verify,
    )


def _check_compare(method: str, compare: CompareOptions) -> None:
    if method in READING:
        raise HrisError(f"a {method} request writes nothing that can be compared", "compare")
    if compare.fields and compare.unchanged_when:
        raise HrisError(
            "fields and unchanged_when exclude each other", "compare", "Give one of them"
        )


def _status_range(text: str) -> StatusRange:
    match = _STATUSES.fullmatch(str(text).strip())
    if not match:
        raise HrisError(f"'{text}' is not a status", "success.status", "Write 200, 200-204 or 2xx")
    hundreds, lowest, highest = match.groups()
    if hundreds:
        return int(hundreds) * 100, int(hundreds) * 100 + 99
    return int(lowest), int(highest or lowest)


def render(webhook: Webhook, record: Record, idempotency_key: str | None = None) -> Request:
    """The request for one object. Raises HrisError when a part of it has no value.

    record: what expressions see. idempotency_key: that of the first attempt, when the call is
    sent again.
    """
    content, body = _render_body(webhook, record)
    headers = _render_texts(webhook.headers, record)
    if body is not None and "content-type" not in map(str.lower, headers):
        headers["Content-Type"] = request_bodies.CONTENT_TYPES[webhook.message_type]
    request = Request(
        method=webhook.method,
        url=_render_url(webhook.url, record),
        params=_render_texts(webhook.params, record),
        headers=headers,
        body=body,
        content=content,
    )
    if not webhook.key_header:
        return request
    key = idempotency_key or _key(webhook, record, request)
    return replace(request, idempotency_key=key, headers={**headers, webhook.key_header: key})


def _render_url(url: Expression, record: Record) -> str:
    address = url.evaluate(record)
    if address is None:
        raise HrisError("a part of the address has no value", url.place)
    return address


def _render_body(webhook: Webhook, record: Record) -> tuple[Any, bytes | None]:
    """The content of the body and its bytes."""
    if webhook.body is None:
        return None, None
    content = webhook.body.evaluate(record)
    if content is None and webhook.message_type == "text":
        raise HrisError(
            "a part of the text has no value, so there is nothing to send",
            "body",
            "Write {x || ''} for a part that may be missing",
        )
    return content, request_bodies.encode(content, webhook.message_type)


def _render_texts(compiled: dict[str, Expression], record: Record) -> dict[str, str]:
    """Headers or query parameters that have a value."""
    values = {name: text.evaluate(record) for name, text in compiled.items()}
    return {name: value for name, value in values.items() if value is not None}


def _key(webhook: Webhook, record: Record, request: Request) -> str:
    """The idempotency key of a new call: of the option, or the same for the same request only."""
    if webhook.key:
        value = webhook.key.evaluate(record)
        if not value:
            raise HrisError("the idempotency key has no value", "idempotency.key")
        return str(value)
    parts = [
        webhook.name,
        request.method,
        request.url,
        sorted(request.params.items()),
        (request.body or b"").decode("utf-8", "replace"),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_KEY_LENGTH]


def render_comparison(compare: Comparison, record: Record) -> Request:
    """The GET request for the current object. Raises HrisError when a part has no value."""
    return Request(
        method="GET",
        url=_render_url(compare.url, record),
        params=_render_texts(compare.params, record),
        headers={"Accept": "application/json"},
        body=None,
        content=None,
    )
