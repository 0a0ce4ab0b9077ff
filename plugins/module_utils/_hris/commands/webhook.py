# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module webhook: objects → rendered requests → calls. Check mode sends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timezone
from functools import partial
from typing import Any

from ..data_class import field, frozen
from ..directory.failover import with_directory
from ..directory.selection import select
from ..errors import HrisError, Warn
from ..model.records import Record
from ..option_names import option_name
from ..outbound import (
    dead_letters,
    delivery,
    feedback_loops,
    objects,
    outcome_file,
    webhook_call,
    webhook_template,
)
from ..outbound.call_report import CallReport, ReportLimits
from ..outbound.dead_letters import DeadLetter
from ..outbound.definitions import definitions_of
from ..outbound.delivery import PlannedCall
from ..outbound.object_selection import (
    ObjectOptions,
    Selection,
    check_names,
    select_objects,
    variables_of,
)
from ..outbound.options import Params, read_options
from ..outbound.step_calls import StepCalls
from ..outbound.webhook_client import connect_client
from ..outbound.webhook_options import webhook_options
from ..outbound.webhook_template import Webhook
from ..rules.expressions import Expression
from ..web.client import Client

MOST_CONCURRENT = 32


def libraries(params: Params) -> tuple[str, ...]:
    """What its options need: only what selects objects asks a directory."""
    always = ("requests", "jmespath")
    return (*always, "ldap3") if params.get("select") else always


@frozen
class DeliveryOptions:
    """How the calls are made, and what becomes of those that fail."""

    concurrency: int
    on_failure: str  # continue or stop
    description: str | None = None
    undelivered_dest: str | None = None
    inbound_mapping: Record = field(default_factory=dict)
    ledger: str | None = None
    step: str | None = None


def run(params: Params, check_mode: bool, warn: Warn) -> dict[str, Any]:
    """Call a webhook for each object. The module's RETURN describes the result.

    Raises HrisError for a webhook or objects that cannot be used; then nothing was sent.
    """
    options = webhook_options(params)
    object_options = read_options(ObjectOptions, params)
    delivery_options = read_options(DeliveryOptions, params)
    _check_concurrency(delivery_options.concurrency)
    with definitions_of(params):
        webhook = webhook_template.compile_webhook(options)
        when = objects.compile_when(object_options.when, "when")
    if webhook.has_unstable_key:
        warn(f"{webhook.name}: {webhook_template.UNSTABLE_KEY}")
    _check_loops(delivery_options.inbound_mapping, webhook, warn)
    client = connect_client(params, options, object_options.secrets, warn)
    expressions = [*webhook.leaves]
    if when:
        expressions.append(when)
    variables = variables_of(object_options)
    search = partial(_search, warn=warn)
    selection = select_objects(object_options, webhook.name, expressions, check_mode, search)
    check_names(expressions, selection.read, variables, object_options.optional_fields)
    if delivery_options.undelivered_dest and not check_mode:
        dead_letters.check_writable(delivery_options.undelivered_dest)
    if object_options.resend and not check_mode and not webhook.safe_to_send_again:
        # Should the run be killed, nobody knows which of these were delivered
        pending = dead_letters.as_possibly_delivered(selection.letters)
        left = [*selection.kept, *pending]
        dead_letters.replace(object_options.resend, left, object_options.plan_key)
    report = CallReport(client, options.base_url, read_options(ReportLimits, params))
    calls = _planned_calls(selection, variables, when, object_options.as_of, report)
    notes = _step_calls(delivery_options, object_options, check_mode)
    made = _make_calls(client, webhook, calls, delivery_options, check_mode, notes)
    undelivered = _report_calls(made, webhook.name, report)
    if object_options.resend and not check_mode:
        left = [*selection.kept, *undelivered]
        dead_letters.replace(object_options.resend, left, object_options.plan_key)
    elif delivery_options.undelivered_dest and not check_mode:
        dest = delivery_options.undelivered_dest
        dead_letters.append(dest, undelivered, object_options.plan_key)
    result = _result(delivery_options.description, webhook, client, report)
    if notes and notes.problem:
        return result | {"failed": True, "msg": f"the ledger was not written: {notes.problem}"}
    return result


def _step_calls(
    options: DeliveryOptions, chosen: ObjectOptions, check_mode: bool
) -> StepCalls | None:
    """Where each call is noted; None where the calls are no step with a ledger."""
    if check_mode or not (options.ledger and options.step and chosen.src):
        return None
    accounts = outcome_file.read(chosen.src, True, chosen.plan_key)
    today = date.fromisoformat((chosen.as_of or _now())[:10])
    return StepCalls(options.ledger, chosen.plan_key, options.step, accounts, today)


def _check_concurrency(concurrency: int) -> None:
    if not 1 <= concurrency <= MOST_CONCURRENT:
        raise HrisError(
            f"{concurrency} concurrent calls are not possible",
            option_name("concurrency"),
            f"Set a number from 1 to {MOST_CONCURRENT}",
        )


def _check_loops(mapping: Record, webhook: Webhook, warn: Warn) -> None:
    """Raise HrisError for a feedback loop of the fields that the webhook writes."""
    if not mapping:
        return
    written = {}
    if webhook.comparison:
        written = {line.name: line.wanted for line in webhook.comparison.fields}
    if not written:
        written = {
            leaf.place.removeprefix("body."): leaf
            for leaf in webhook.leaves
            if leaf.place.startswith("body.")
        }
    for warning in feedback_loops.check_loops(mapping, written):
        warn(warning)


def _search(options: ObjectOptions, names: set[str], warn: Warn) -> list[Record]:
    """Users or groups of the directory, with these attributes."""
    if options.directory is None or options.select is None:
        raise HrisError(
            "a search needs the directory",
            option_name("directory"),
            "Set it; an empty one, directory: {}, takes everything from the environment "
            "(HRIS_AD_SERVERS and so on)",
        )
    chosen = options.select
    return with_directory(
        options.directory, lambda connection: select(connection, chosen, names), warn
    )


def _planned_calls(
    selection: Selection,
    variables: Record,
    when: Expression | None,
    as_of: str | None,
    report: CallReport,
) -> list[PlannedCall]:
    """The calls to make; without resend only those for which the condition is met.

    A condition that is neither true nor false is a failure of this call, which the report gets.
    """
    calls = []
    if selection.letters:
        for item, letter in zip(selection.chosen, selection.letters, strict=True):
            record = {**item, **variables, "today": letter.today, "now": letter.now}
            calls.append(PlannedCall(item, record, letter))
        return calls
    now = _now()
    today = as_of or now[:10]
    for item in selection.chosen:
        record = {**item, **variables, "today": today, "now": now}
        try:
            if not when or when.evaluate(record):
                calls.append(PlannedCall(item, record))
        except HrisError as error:
            report.add(item, webhook_call.CallOutcome(reason=str(error)))
    return calls


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _make_calls(
    client: Client,
    webhook: Webhook,
    calls: list[PlannedCall],
    options: DeliveryOptions,
    check_mode: bool,
    notes: StepCalls | None,
) -> Iterator[tuple[PlannedCall, webhook_call.CallOutcome]]:
    """Make the calls, and yield each with its outcome."""

    def perform(record: Record, idempotency_key: str | None) -> webhook_call.CallOutcome:
        if notes is None:
            return webhook_call.perform(client, webhook, record, check_mode, idempotency_key)
        outcome = webhook_call.perform(
            client, webhook, record, check_mode, idempotency_key, notes.begin
        )
        notes.end(record, outcome)
        return outcome

    return delivery.call_all(calls, perform, options.concurrency, options.on_failure == "stop")


def _report_calls(
    made: Iterable[tuple[PlannedCall, webhook_call.CallOutcome]], webhook: str, report: CallReport
) -> list[DeadLetter]:
    """Report each call. Returns those that were not delivered."""
    at = _now()
    undelivered = []
    for call, outcome in made:
        report.add(call.object, outcome)
        if outcome.status in webhook_call.UNDELIVERED:
            undelivered.append(delivery.dead_letter(webhook, call, outcome, at))
    return undelivered


def _result(
    description: str | None, webhook: Webhook, client: Client, report: CallReport
) -> dict[str, Any]:
    total = sum(report.counts.values())
    result = {
        "description": description,
        "changed": webhook.writes and report.sent > 0,
        "counts": {"objects": total, **report.counts, **client.counts},
        "calls": report.calls,
        "failures": report.failures,
        "diff": report.diff,
    }
    if not report.undelivered:
        return result
    message = f"{webhook.name}: {report.undelivered} of {total} calls were not delivered."
    if report.failures:
        first = report.failures[0]
        message += f" First: {first['object']}: {first['reason']}"
    if report.possibly_delivered:
        message += (
            f" The receiver may have {report.possibly_delivered} of them, which are not sent again "
            "unless this is asked for (resend_possibly_delivered)."
        )
    return result | {"failed": True, "msg": message}
