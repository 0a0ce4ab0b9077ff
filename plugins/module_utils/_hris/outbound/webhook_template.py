# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A webhook as an administrator wrote it, compiled once; and its request for one object.

A request: {"method", "url", "params", "headers", "body": bytes or None, "value": the body's content before it was written,
"idempotency_key": text or None}.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field

from ..errors import HrisError
from ..rules.expressions import Expression, compile_rule
from . import comparison, objects, request_bodies, templates

READING = ("GET", "HEAD", "OPTIONS")
REPEATABLE = (*READING, "PUT", "DELETE")
_CLASS = re.compile(r"([1-5])xx|([1-5]\d\d)(?:-([1-5]\d\d))?", re.IGNORECASE)


@dataclass(frozen=True)
class Webhook:
    """The compiled options of one webhook."""

    name: str
    method: str
    message_type: str
    url: Expression
    headers: dict
    params: dict
    body: Expression | None
    statuses: tuple  # of (lowest, highest)
    success: Expression | None
    key: Expression | None
    key_header: str | None
    compare: dict | None = None
    leaves: list = field(default_factory=list)

    @property
    def repeat(self) -> bool:
        """Whether sending the request twice is as good as once."""
        return self.method in REPEATABLE or bool(self.key_header)


def compile_webhook(params: dict) -> Webhook:
    """The webhook of the module's options. Raises HrisError for the first thing that cannot work."""
    leaves: list = []
    url = templates.compile_url(params["url"], "url", bool(params["base_url"]))
    leaves.append(url)
    given, success = params["idempotency"] or {}, params["success"] or {}
    key = compile_rule(given["key"], "idempotency.key") if given.get("key") else None
    leaves += [key] if key else []
    if params["method"] in READING and params["body"] not in (None, ""):
        raise HrisError(
            f"a {params['method']} carries no body", "body", "Give its values as params"
        )
    return Webhook(
        name=params["name"],
        method=params["method"],
        message_type=params["message_type"],
        url=url,
        headers=templates.compile_texts(params["headers"], "headers", leaves),
        params=templates.compile_texts(params["params"], "params", leaves),
        body=request_bodies.compile_body(
            params["body"], params["message_type"], params["omit_empty"], leaves
        ),
        statuses=tuple(_range(text) for text in success.get("status") or ["2xx"]),
        success=objects.condition(success.get("when"), "success.when"),
        key=key,
        key_header=(given.get("header") or "Idempotency-Key") if given else None,
        compare=_compile_compare(params, url, leaves),
        leaves=leaves,
    )


def _compile_compare(params: dict, url: Expression, leaves: list) -> dict | None:
    given = params["compare"]
    if given is None:
        return None
    if params["method"] in READING:
        raise HrisError(f"a {params['method']} writes nothing that could be compared", "compare")
    if given.get("fields") and given.get("unchanged_when"):
        raise HrisError(
            "fields and unchanged_when say the same in two ways", "compare", "Give one of them"
        )
    if given.get("url"):
        url = templates.compile_url(given["url"], "comparison.url", bool(params["base_url"]))
        leaves.append(url)
    return {
        "url": url,
        "missing": given["missing"],
        "verify": given["verify"],
        "params": templates.compile_texts(given.get("params"), "comparison.params", leaves),
        "from": compile_rule(given["from"], "comparison.from") if given.get("from") else None,
        "fields": comparison.compile_fields(given.get("fields"), leaves),
        "unchanged_when": objects.condition(
            given.get("unchanged_when"), "comparison.unchanged_when"
        ),
    }


def _range(text) -> tuple[int, int]:
    found = _CLASS.fullmatch(str(text).strip())
    if not found:
        raise HrisError(f"'{text}' is no status", "success.status", "Write 200, 200-204 or 2xx")
    if found[1]:
        return int(found[1]) * 100, int(found[1]) * 100 + 99
    return int(found[2]), int(found[3] or found[2])


def render(webhook: Webhook, record: dict, kept_key: str | None = None) -> dict:
    """The request for one object. kept_key: the idempotency key of a call that is sent again. Raises HrisError."""
    url = webhook.url.evaluate(record)
    if url is None:
        raise HrisError("a part of the address has no value", webhook.url.place)
    value = webhook.body.evaluate(record) if webhook.body else None
    if webhook.body and value is None and webhook.message_type == "text":
        raise HrisError(
            "a part of the text has no value, so there is nothing to send",
            "body",
            "Write {x || ''} for a part that may be missing",
        )
    body = request_bodies.encode(value, webhook.message_type) if webhook.body else None
    headers = _texts(webhook.headers, record)
    if body is not None and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = request_bodies.TYPES[webhook.message_type]
    request = {
        "method": webhook.method,
        "url": url,
        "params": _texts(webhook.params, record),
        "headers": headers,
        "body": body,
        "value": value,
    }
    key = None
    if webhook.key_header:
        key = kept_key or (webhook.key.evaluate(record) if webhook.key else _key(webhook, request))
        if not key:
            raise HrisError("the idempotency key has no value", "idempotency.key")
        headers[webhook.key_header] = str(key)
    return request | {"idempotency_key": str(key) if key else None}


def _texts(compiled: dict, record: dict) -> dict:
    """Headers or parameters that have a value."""
    values = {name: text.evaluate(record) for name, text in compiled.items()}
    return {name: value for name, value in values.items() if value is not None}


def _key(webhook: Webhook, request: dict) -> str:
    """The same for the same request, and for no other."""
    body = (request["body"] or b"").decode("utf-8", "replace")
    parts = [
        webhook.name,
        request["method"],
        request["url"],
        sorted(request["params"].items()),
        body,
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def current_request(webhook: Webhook, record: dict) -> dict:
    """{"url", "params"} of the GET that comes before a write. Raises HrisError."""
    url = webhook.compare["url"].evaluate(record)
    if url is None:
        raise HrisError("a part of the address has no value", webhook.compare["url"].place)
    return {"url": url, "params": _texts(webhook.compare["params"], record)}
