# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending one call: compare, send, judge the answer, look again. What comes of it is an outcome, never an exception.

An outcome: {"status": "sent", "unchanged", "would_send", "skipped", "failed" or "not_sent", "reason": text or None, "unsure": bool,
"request": request, "answer": answer of the client or None, "differences": {name: (before, after)}}.
"""

from __future__ import annotations

import json

from ..errors import HrisError
from ..web import responses
from . import comparison, webhook_template

# How errors begin that say that nothing of the request has reached the receiver. All others leave it open.
_NEVER_ARRIVED = (
    "the server's certificate is not trusted",
    "no TLS connection",
    "no connection within",
    "the proxy does not let us through",
    "no connection: Connection refused",
    "no connection: Name or service not known",
    "no connection: No address associated",
    "no connection: Temporary failure in name resolution",
    "no connection: Network is unreachable",
    "no connection: No route to host",
)
_GATEWAY = (
    502,
    504,
)  # answers of somebody in between, who does not know what became of the request


NOTHING = {
    "status": "failed",
    "reason": None,
    "unsure": False,
    "request": None,
    "answer": None,
    "differences": {},
}


def perform(
    client,
    webhook: webhook_template.Webhook,
    record: dict,
    check_mode: bool,
    trust_200: bool,
    kept_key: str | None = None,
) -> dict:
    """One call for one object. trust_200: whether a body with an error in it may come with a good status (else it is a failure)."""
    outcome = dict(NOTHING)
    try:
        outcome["request"] = webhook_template.render(webhook, record, kept_key)
        if webhook.compare:
            verdict = _compared(client, webhook, record, outcome)
            if verdict:
                return outcome | {"status": verdict}
        if check_mode:
            return outcome | {"status": "would_send"}
    except HrisError as error:
        return outcome | {"reason": str(client.clean(error))}
    return _sent(client, webhook, record, outcome, trust_200)


def _sent(client, webhook, record: dict, outcome: dict, trust_200: bool) -> dict:
    request = outcome["request"]
    body = {} if request["body"] is None else {"data": request["body"]}
    try:
        answer = client.ask(
            request["method"],
            request["url"],
            request["params"],
            request["headers"],
            repeat=webhook.repeat,
            **body,
        )
    except HrisError as error:
        unsure = not webhook.repeat and not error.message.startswith(_NEVER_ARRIVED)
        return outcome | {"reason": str(client.clean(error)), "unsure": unsure}
    outcome["answer"] = answer
    try:
        _judge(client, webhook, record, answer, trust_200)
    except HrisError as error:
        return outcome | {
            "reason": str(client.clean(error)),
            "unsure": not webhook.repeat and answer["status"] in _GATEWAY,
        }
    try:
        left = (
            _differences(client, webhook, record, request)
            if webhook.compare and webhook.compare["verify"]
            else {}
        )
    except HrisError as error:
        return outcome | {
            "reason": f"it was accepted, but could not be read afterwards: {client.clean(error)}"
        }
    if left:
        return outcome | {
            "reason": f"it was accepted with HTTP {answer['status']}, but read again these differ still: {', '.join(left)}."
        }
    return outcome | {"status": "sent"}


def _judge(client, webhook, record: dict, answer: dict, trust_200: bool) -> None:
    """Raise HrisError when the answer is no success."""
    status = answer["status"]
    if not any(low <= status <= high for low, high in webhook.statuses):
        client.accepted(answer)
        raise HrisError(
            f"HTTP {status} is not among the statuses of success",
            answer["place"],
            "See success.status",
        )
    value = response_of(answer)
    if webhook.success:
        if not webhook.success.evaluate({**value, "object": record}):
            said = responses.words(answer["body"])
            raise HrisError(
                f"HTTP {status}, but the condition of success does not hold"
                + (f": {said}" if said else ""),
                answer["place"],
            )
        return
    if value["text"].lstrip()[:100].lower().startswith(("<!doctype html", "<html")):
        raise HrisError(
            f"the answer is {responses.words(answer['body'])}, perhaps a login page",
            answer["place"],
            "If that is right, say so with success.when",
        )
    said = None if trust_200 else responses.error_inside(value["body"])
    if said is not None:
        raise HrisError(
            f"HTTP {status}, with an error{': ' + said if said else ' without a word'}",
            answer["place"],
        )


def response_of(answer: dict) -> dict:
    """{"status", "headers", "body": JSON's value or None, "text"} of an answer, for conditions."""
    text = answer["body"].decode("utf-8-sig", errors="replace")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    return {"status": answer["status"], "headers": answer["headers"], "body": value, "text": text}


def _compared(client, webhook, record: dict, outcome: dict) -> str | None:
    """The status of a call that needs no sending, None for one that does. Sets the outcome's differences. Raises HrisError."""
    found = _current(client, webhook, record)
    if found is None:
        if webhook.compare["missing"] == "skip":
            return "skipped"
        if webhook.compare["missing"] == "fail":
            raise HrisError(
                "there is nothing to compare with: the object does not exist there",
                "comparison.missing",
            )
    if webhook.compare["unchanged_when"]:
        in_line = found is not None and webhook.compare["unchanged_when"].evaluate(
            {**record, "current": found}
        )
        return "unchanged" if in_line else None
    outcome["differences"] = _from(webhook, record, outcome["request"], found)
    return None if outcome["differences"] else "unchanged"


def _differences(client, webhook, record: dict, request: dict) -> dict:
    found = _current(client, webhook, record)
    if webhook.compare["unchanged_when"]:
        in_line = found is not None and webhook.compare["unchanged_when"].evaluate(
            {**record, "current": found}
        )
        return {} if in_line else {"unchanged_when": (None, None)}
    return _from(webhook, record, request, found)


def _from(webhook, record: dict, request: dict, found: dict | None) -> dict:
    pairs = comparison.pairs_of(webhook.compare["fields"], record, request["value"])
    if webhook.compare["fields"]:
        pairs = [
            pair for pair in pairs if pair[2] not in (None, "", [])
        ]  # what the directory does not know is nobody's to clear
    return comparison.differences(found, pairs)


def _current(client, webhook, record: dict) -> dict | None:
    request = webhook_template.current_request(webhook, record)
    answer = client.ask(
        "GET", request["url"], request["params"], {"Accept": "application/json"}, repeat=True
    )
    if answer["status"] in (404, 410):
        return None
    return comparison.the_current(client.value(answer), webhook.compare["from"], answer["place"])
