# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module webhook: objects → rendered requests → calls. Check mode sends nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

from ..data_class import field, frozen, mutable
from ..directory.failover import with_directory
from ..directory.selection import select
from ..errors import HrisError, Warn
from ..model.records import Record
from ..outbound import (
    dead_letters,
    delivery,
    feedback_loops,
    objects,
    webhook_call,
    webhook_template,
)
from ..outbound.call_report import CallReport, ReportLimits
from ..outbound.dead_letters import DeadLetter
from ..outbound.delivery import PlannedCall
from ..outbound.options import Params, read_options
from ..outbound.webhook_client import connect_client
from ..outbound.webhook_options import webhook_options
from ..outbound.webhook_template import Webhook
from ..rules.expressions import Expression, compile_rule
from ..web.client import Client

MOST_CONCURRENT = 32
# Attributes that are always read, because a result names the object by one of them
ALWAYS_READ = ("sAMAccountName", "userPrincipalName", "displayName", "mail")
# Names that expressions see beside the object and the variables
MOMENTS, SECRETS = ("today", "now"), "secrets"
_COMPUTED = ("enabled", "groups")  # by directory.selection, not attributes


@frozen
class ObjectOptions:
    """Which objects the webhook is called for."""

    unchanged: bool
    resend_possibly_delivered: bool
    src: str | None = None
    objects: list[Record] | None = None
    select: Params | None = None
    directory: Params | None = None
    resend: str | None = None
    plan_key: str | None = None
    events: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    when: str | None = None
    as_of: str | None = None
    optional_fields: list[str] = field(default_factory=list)
    variables: Record = field(default_factory=dict)
    secrets: Record = field(default_factory=dict)


@frozen
class DeliveryOptions:
    """How the calls are made, and what becomes of those that fail."""

    concurrency: int
    on_failure: str  # continue or stop
    description: str | None = None
    undelivered_dest: str | None = None
    inbound_mapping: Record = field(default_factory=dict)


@mutable
class _Selection:
    """The objects of a run."""

    read: list[Record]  # all that were read, for the check of names
    chosen: list[Record]  # those that the webhook may be called for
    letters: list[DeadLetter] = field(default_factory=list)  # with resend: of each chosen object
    kept: list[DeadLetter] = field(default_factory=list)  # with resend: those not sent again now


def run(params: Params, check_mode: bool, warn: Warn) -> dict[str, Any]:
    """Call a webhook for each object. The module's RETURN describes the result.

    Raises HrisError for a webhook or objects that cannot be used; then nothing was sent.
    """
    options = webhook_options(params)
    object_options = read_options(ObjectOptions, params)
    delivery_options = read_options(DeliveryOptions, params)
    _check_concurrency(delivery_options.concurrency)
    webhook = webhook_template.compile_webhook(options)
    when = objects.compile_when(object_options.when, "when")
    if webhook.has_unstable_key:
        warn(f"{webhook.name}: {webhook_template.UNSTABLE_KEY}")
    _check_loops(delivery_options.inbound_mapping, webhook, warn)
    client = connect_client(params, options, object_options.secrets, warn)
    expressions = [*webhook.leaves]
    if when:
        expressions.append(when)
    variables = _variables(object_options)
    selection = _select(object_options, webhook.name, expressions, check_mode, warn)
    _check_names(expressions, selection.read, variables, object_options.optional_fields)
    if delivery_options.undelivered_dest and not check_mode:
        dead_letters.check_writable(delivery_options.undelivered_dest)
    if object_options.resend and not check_mode and not webhook.safe_to_send_again:
        # Should the run be killed, nobody knows which of these were delivered
        pending = dead_letters.as_possibly_delivered(selection.letters)
        left = [*selection.kept, *pending]
        dead_letters.replace(object_options.resend, left, object_options.plan_key)
    report = CallReport(client, options.base_url, read_options(ReportLimits, params))
    calls = _planned_calls(selection, variables, when, object_options.as_of, report)
    undelivered = _make_calls(client, webhook, calls, delivery_options, check_mode, report)
    if object_options.resend and not check_mode:
        left = [*selection.kept, *undelivered]
        dead_letters.replace(object_options.resend, left, object_options.plan_key)
    elif delivery_options.undelivered_dest and not check_mode:
        dest = delivery_options.undelivered_dest
        dead_letters.append(dest, undelivered, object_options.plan_key)
    return _result(delivery_options.description, webhook, client, report)


def _check_concurrency(concurrency: int) -> None:
    if not 1 <= concurrency <= MOST_CONCURRENT:
        raise HrisError(
            f"{concurrency} concurrent calls are not possible",
            "concurrency",
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


def _variables(options: ObjectOptions) -> Record:
    """What every expression sees beside the object: the variables, and the secrets."""
    variables = {str(name): value for name, value in options.variables.items()}
    for name in variables:
        if name in (SECRETS, *MOMENTS, *objects.FIXED):
            raise HrisError(
                "this name is reserved", f"variables.{name}", "Give the variable another name"
            )
        compile_rule(name, f"variables.{name}")
    return {**variables, SECRETS: options.secrets}


def _select(
    options: ObjectOptions,
    webhook: str,
    expressions: list[Expression],
    check_mode: bool,
    warn: Warn,
) -> _Selection:
    """The objects of the options."""
    if options.resend:
        return _undelivered(options, options.resend, webhook)
    if options.src:
        accounts = objects.read(options.src, check_mode, options.plan_key)
        chosen = objects.with_events(accounts, options.events, options.unchanged)
        if options.keys:
            chosen = objects.with_keys(chosen, options.keys)
        return _Selection(accounts, chosen)
    items = options.objects
    if items is None:
        items = _search(options, expressions, warn)
    flat = list(map(objects.of_mapping, items))
    return _Selection(flat, flat)


def _undelivered(options: ObjectOptions, path: str, webhook: str) -> _Selection:
    """The objects of undelivered calls of the webhook, and the letters that stay in the file."""
    letters, kept = [], []
    for letter in dead_letters.read(path, options.plan_key):
        possible = not letter.possibly_delivered or options.resend_possibly_delivered
        if letter.webhook == webhook and possible:
            letters.append(letter)
        else:
            kept.append(letter)
    flat = [objects.of_mapping(letter.object) for letter in letters]
    return _Selection(flat, flat, letters, kept)


def _search(options: ObjectOptions, expressions: list[Expression], warn: Warn) -> list[Record]:
    """Users or groups of the directory, with the attributes that the expressions read."""
    if options.directory is None or options.select is None:
        raise HrisError(
            "a search needs the directory",
            "directory",
            "Set it; an empty one, directory: {}, takes everything from the environment "
            "(HRIS_AD_SERVERS and so on)",
        )
    other = {*objects.FIXED, *options.variables, SECRETS, *MOMENTS, *_COMPUTED}
    names = {*(_first_names(expressions) - other), *ALWAYS_READ}
    chosen = options.select
    return with_directory(
        options.directory, lambda connection: select(connection, chosen, names), warn
    )


def _first_names(expressions: Iterable[Expression]) -> set[str]:
    """The names at which the paths of expressions begin."""
    return {path[0] for expression in expressions for path in expression.paths}


def _check_names(
    expressions: list[Expression], items: list[Record], variables: Record, optional: list[str]
) -> None:
    """Raise HrisError for a name that stands for nothing, or for two things."""
    for name in variables:
        if any(name in item for item in items):
            raise HrisError(
                f"the objects have '{name}' themselves",
                f"variables.{name}",
                "Give the variable another name",
            )
    objects.check_names(expressions, items, optional, [*variables, *MOMENTS])
    others = _first_names(expressions) - {SECRETS}
    objects.check_names(expressions, [{SECRETS: variables[SECRETS]}], others)


def _planned_calls(
    selection: _Selection,
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
    report: CallReport,
) -> list[DeadLetter]:
    """Make the calls and report each. Returns those that were not delivered."""

    def perform(record: Record, idempotency_key: str | None) -> webhook_call.CallOutcome:
        return webhook_call.perform(client, webhook, record, check_mode, idempotency_key)

    at = _now()
    stop_on_failure = options.on_failure == "stop"
    undelivered = []
    for call, outcome in delivery.call_all(calls, perform, options.concurrency, stop_on_failure):
        report.add(call.object, outcome)
        if outcome.status in webhook_call.UNDELIVERED:
            undelivered.append(delivery.dead_letter(webhook.name, call, outcome, at))
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
