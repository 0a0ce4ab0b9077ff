# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One webhook over many objects: sent side by side within bounds, counted, shown in part, and kept where it was not delivered."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor

from . import dead_letters, objects, redaction, requests_sent, webhook_template

MOST_SHOWN = (
    300_000  # characters of all calls in a result; AWX drops results over 700,000 without a word
)
DONE = ("sent", "unchanged", "would_send", "skipped")


def deliver(
    client,
    webhook: webhook_template.Webhook,
    items: list[dict],
    params: dict,
    check_mode: bool,
    perform,
) -> dict:
    """The module's result of calling the webhook for each item.

    items: [{"object": flat object, "record": what expressions see, "line": of undelivered, or None}]
    perform: callable(record, idempotency key or None) -> outcome (requests_sent.py).
    """
    counts = dict.fromkeys(("sent", "would_send", "unchanged", "skipped", "failed", "not_sent"), 0)
    report = _Report(client, params, check_mode)
    kept = []
    for item, outcome in _side_by_side(
        items, perform, params["concurrency"], params["on_failure"] == "stop"
    ):
        counts[outcome["status"]] += 1
        report.add(item, outcome)
        if outcome["status"] not in DONE:
            kept.append(_line(webhook, item, outcome))
    if not check_mode:
        _keep(params, kept)
    return {"description": params["description"]} | _result(
        webhook, counts | {"objects": len(items)} | client.counts, report
    )


def _side_by_side(items: list[dict], perform, concurrency: int, stop: bool):
    """Yield (item, outcome) in the items' order. stop: after a failure nothing more is begun."""
    stopped = threading.Event()

    def one(item):
        if stopped.is_set():
            return {
                **requests_sent.NOTHING,
                "status": "not_sent",
                "reason": "a call before it failed",
            }
        outcome = perform(item["record"], item["line"] and item["line"].get("idempotency_key"))
        if stop and outcome["status"] == "failed":
            stopped.set()
        return outcome

    with ThreadPoolExecutor(concurrency) as pool:
        yield from zip(items, pool.map(one, items), strict=True)


def _line(webhook: webhook_template.Webhook, item: dict, outcome: dict) -> dict:
    """What undelivered keeps of a call."""
    before = item["line"] or {"attempts": 0, "idempotency_key": None, "unsure": False}
    answer, request = outcome["answer"], outcome["request"]
    tried = outcome["status"] == "failed"
    return {
        "webhook": webhook.name,
        "object": item["object"],
        "today": item["record"]["today"],
        "now": item["record"]["now"],
        "idempotency_key": (request or {}).get("idempotency_key") or before["idempotency_key"],
        "reason": outcome["reason"],
        "status": answer.status if answer else None,
        "unsure": outcome["unsure"] or bool(before["unsure"] and not tried),
        "attempts": before["attempts"] + tried,
        "at": item["at"],
    }


def _keep(params: dict, kept: list[dict]) -> None:
    if params["resend"]:
        dead_letters.replace(params["resend"], [*params["others"], *kept])
    elif params["undelivered_dest"]:
        dead_letters.keep(params["undelivered_dest"], kept)


class _Report:
    """The part of the calls that a result shows."""

    def __init__(self, client, params: dict, check_mode: bool):
        self.scrub, self.most, self.body = (
            client.scrub,
            params["report_limit"],
            params["body_limit"],
        )
        self.base = client.base_url if params["base_url"] else ""
        self.check_mode = check_mode
        self.calls: list = []
        self.failures: list = []
        self.diff: list = []
        self.size = 0

    def add(self, item: dict, outcome: dict) -> None:
        """Take the outcome in, as long as there is room."""
        who = objects.identity(item["object"])
        if outcome["status"] not in DONE and len(self.failures) < self.most:
            self.failures.append(
                {"object": who, "reason": outcome["reason"], "unsure": outcome["unsure"]}
            )
        if (
            outcome["differences"]
            and outcome["status"] in ("sent", "would_send")
            and len(self.diff) < self.most
        ):
            self.diff.append(self._diff(who, outcome["differences"]))
        if (
            outcome["status"] in ("unchanged", "not_sent")
            or len(self.calls) >= self.most
            or self.size > MOST_SHOWN
        ):
            return
        call = {
            "object": who,
            "status": outcome["status"],
            "reason": outcome["reason"],
            "request": self._request(outcome["request"]),
            "response": self._response(outcome["answer"]),
        }
        self.size += len(json.dumps(call, default=str))
        if self.size <= MOST_SHOWN:
            self.calls.append(call)

    def _request(self, request: dict | None) -> dict | None:
        if request is None:
            return None
        address = (
            request["url"] if request["url"].startswith("http") else self.base + request["url"]
        )
        kind = request["headers"].get("Content-Type", "")
        return {
            "method": request["method"],
            "url": self.scrub(address),
            "params": redaction.named(request["params"], self.scrub),
            "headers": redaction.named(request["headers"], self.scrub),
            "body": None
            if request["body"] is None
            else redaction.value(request["body"], kind, self.body, self.scrub),
        }

    def _response(self, answer: dict | None) -> dict | None:
        if answer is None:
            return None
        kind = answer.headers.get("content-type", "")
        return {
            "status": answer.status,
            "headers": redaction.named(answer.headers, self.scrub),
            "seconds": round(answer.seconds, 3),
            "attempts": answer.attempts,
            "body": redaction.value(answer.body, kind, self.body, self.scrub),
        }

    def _diff(self, who: str, differences: dict) -> dict:
        return {
            "before_header": who,
            "after_header": who,
            **{
                side: self.scrub(
                    "".join(
                        f"{name}: {_shown(pair[number])}\n" for name, pair in differences.items()
                    )
                )
                for number, side in enumerate(("before", "after"))
            },
        }


def _shown(value) -> str:
    return (
        ""
        if value is None
        else value
        if isinstance(value, str)
        else json.dumps(value, ensure_ascii=False)
    )


def _result(webhook: webhook_template.Webhook, counts: dict, report: _Report) -> dict:
    writes = webhook.method not in webhook_template.READING
    result = {
        "changed": writes and bool(counts["sent"] + counts["would_send"]),
        "counts": counts,
        "calls": report.calls,
        "failures": report.failures,
        "diff": report.diff,
    }
    bad = counts["failed"] + counts["not_sent"]
    if not bad:
        return result
    first = report.failures[0] if report.failures else None
    return result | {
        "failed": True,
        "msg": f"{webhook.name}: {bad} of {counts['objects']} calls were not delivered."
        + (f" First: {first['object']}: {first['reason']}" if first else ""),
    }
