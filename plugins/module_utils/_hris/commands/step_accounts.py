# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module step_accounts: an outcome file and a ledger → the accounts that a step is due for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timezone
from typing import Any

from ..data_class import field, frozen
from ..errors import HrisError, Warn
from ..model.records import Record
from ..option_names import option_name
from ..outbound import dead_letters, objects, outcome_file, step_ledger, steps, templates
from ..outbound.definitions import definitions_of
from ..outbound.options import Params, read_options
from ..outbound.outcome_file import OutcomeLine
from ..outbound.step_ledger import DoneStep, Entry, Ledger
from ..outbound.steps import day_of
from ..rules.expressions import Expression
from ..run.kept_state import KeptStateOptions
from .kept_ledger import KeptLedger, add_entries, check_ledger

SHOWN = ("key", "guid", "dn", "state")
SHOWN_ATTRIBUTES = ("sAMAccountName", "userPrincipalName", "mail", "displayName")


@frozen
class StepOptions:
    """The options of the module."""

    state: str  # due, done or record
    src: str
    report_limit: int
    step: Params = field(default_factory=dict)
    dest: str = ""
    ledger: str | None = None
    failed: list[str] = field(default_factory=list)
    failed_keys: list[str] = field(default_factory=list)
    undelivered_dest: str | None = None
    render: Record = field(default_factory=dict)
    optional_fields: list[str] = field(default_factory=list)
    as_of: str | None = None
    plan_key: str | None = None
    source: str = ""
    kept_state: Params = field(default_factory=dict)


def run(params: Params, check_mode: bool, warn: Warn) -> dict[str, Any]:
    """Do what the state says. The module's RETURN describes the result.

    Raises HrisError; then nothing was recorded.
    """
    options = read_options(StepOptions, params)
    if options.ledger:
        check_ledger(_kept_ledger(options, options.ledger), warn)
    with definitions_of(params):
        return _STATES[options.state](options, check_mode, warn)


def _kept_ledger(options: StepOptions, path: str) -> KeptLedger:
    kept = KeptStateOptions.from_params(options.kept_state)
    return KeptLedger(path, options.source, kept, options.plan_key)


def _record(options: StepOptions, check_mode: bool, _warn: Warn) -> dict[str, Any]:
    """Record the events of an outcome file whose steps were never begun."""
    if not options.ledger:
        raise HrisError("events are recorded in a ledger only", option_name("ledger"), "Set ledger")
    accounts = outcome_file.read(options.src, True, options.plan_key)
    if any(account.check_mode for account in accounts):
        return {"changed": False, "count": 0}
    # The events happened on the day on which the run wrote the file.
    day = day_of(options.as_of) if options.as_of else step_ledger.written_on(options.src)
    known = step_ledger.read(options.ledger, options.plan_key)
    entries = step_ledger.add_run(known, options.src, accounts, day)
    if not check_mode:
        add_entries(_kept_ledger(options, options.ledger), entries)
    return {"changed": bool(entries), "count": sum(map(step_ledger.is_event, entries))}


def _due(options: StepOptions, check_mode: bool, warn: Warn) -> dict[str, Any]:
    """Find the accounts that the step is due for."""
    today = day_of(options.as_of)
    step = steps.compile_step(options.step, bool(options.ledger))
    leaves: list[Expression] = []
    rendered = None
    if options.render:
        rendered = templates.compile_tree(options.render, "render", leaves)
    accounts = outcome_file.read(options.src, check_mode, options.plan_key)
    _check_names(step, leaves, accounts, options.optional_fields)
    ledger = None
    if options.ledger:
        ledger = _read_ledger(options, options.ledger, step, accounts, today, check_mode)
    unsure = _settle_unsure(options, ledger, accounts, check_mode, warn) if ledger else []
    due, problems = steps.due_accounts(accounts, step, ledger, today)
    for problem in problems[: options.report_limit]:
        warn(f"The step is not done for this account. {problem}")
    _check_limit(step, len(due), options.step.get("limit"))
    outcome_file.write(options.dest, due, options.plan_key)
    return {
        "changed": False,
        "count": len(due),
        "dest": options.dest,
        "truncated": len(due) > options.report_limit,
        "accounts": [_shown(account, rendered) for account in due[: options.report_limit]],
        "unsure": unsure[: options.report_limit],
    }


def _settle_unsure(
    options: StepOptions,
    ledger: Ledger,
    accounts: Iterable[OutcomeLine],
    check_mode: bool,
    warn: Warn,
) -> list[str]:
    """The accounts whose call a run made when it was killed. They are told once: the step counts
    as done for them, and undelivered_dest keeps the calls.
    """
    step = options.step["name"]
    begun = {one: day for one, day in ledger.unsure.items() if one.step == step}
    if not begun:
        return []
    known = {step_ledger.account_id(account): account for account in accounts}
    days = {one.account: day for one, day in begun.items()}
    labels = []
    letters = []
    for account, day in days.items():
        found = known.get(account)
        labels.append(objects.label(objects.of_account(found)) if found else account)
        if found:
            flat = objects.of_account(found)
            webhook = options.step.get("webhook") or step
            letters.append(dead_letters.unsure(webhook, flat, day.isoformat(), _at()))
    kept = ""
    if options.undelivered_dest and letters:
        kept = f" {options.undelivered_dest} keeps them (resend_possibly_delivered)."
        if not check_mode:
            dead_letters.append(options.undelivered_dest, letters, options.plan_key)
    if not check_mode and options.ledger:
        entries = [step_ledger.done_entry(one, day) for one, day in begun.items()]
        step_ledger.add(options.ledger, entries, options.plan_key)
    warn(
        f"step '{step}': a run was killed while it made the calls for {len(labels)} accounts, "
        f"which may not be made twice: {', '.join(labels[: options.report_limit])}. Ask the "
        f"receiver whether it has them. They are not made again.{kept}"
    )
    return labels


def _check_names(
    step: steps.Step, leaves: list[Expression], accounts: list[OutcomeLine], optional: list[str]
) -> None:
    expressions = [*leaves]
    if step.when:
        expressions.append(step.when)
    objects.check_names(expressions, list(map(objects.of_account, accounts)), optional)


def _read_ledger(
    options: StepOptions,
    path: str,
    step: steps.Step,
    accounts: list[OutcomeLine],
    today: date,
    check_mode: bool,
) -> Ledger:
    """The ledger with the events of this run and the step, which are added to the file too."""
    ledger = step_ledger.read(path, options.plan_key)
    entries = step_ledger.add_run(ledger, options.src, accounts, today)
    if step.name not in ledger.steps:
        entries.append(step_ledger.step_entry(step.name, today))
    if not check_mode:
        add_entries(_kept_ledger(options, path), entries)
    return ledger


def _check_limit(step: steps.Step, count: int, limit: int | None) -> None:
    if limit is not None and count > limit:
        raise HrisError(
            f"the step is due for {count} accounts, and at most {limit} are allowed",
            f"step '{step.name}', limit",
            "Nothing was done for any of them. Check them with --check; when they are right, raise "
            "the limit for one run",
        )


def _shown(account: OutcomeLine, rendered: Expression | None) -> Record:
    """An account in the result."""
    item = objects.of_account(account)
    shown = {name: item.get(name) for name in (*SHOWN, *SHOWN_ATTRIBUTES)}
    shown["occurrences"] = account.occurrences
    if rendered:
        shown["rendered"] = rendered.evaluate(item)
    return shown


def _done(options: StepOptions, check_mode: bool, _warn: Warn) -> dict[str, Any]:
    """Record that the step was done for the accounts of a file, except where it failed."""
    if not options.ledger:
        return {"changed": False, "count": 0, "possibly_delivered": 0}
    today = day_of(options.as_of)
    step = options.step["name"]
    ledger = step_ledger.read(options.ledger, options.plan_key)
    failures = [
        (f"{path}, line {number}", line)
        for path in options.failed
        for number, line in enumerate(dead_letters.read_failures(path, options.plan_key), start=1)
    ]
    possible = [one for one in failures if one[1].get("possibly_delivered") is True]
    failed = _accounts(one for one in failures if one[1].get("possibly_delivered") is not True)
    entries: list[Entry] = []
    accounts = set()
    for account in outcome_file.read(options.src, True, options.plan_key):
        account_id = step_ledger.account_id(account)
        if account_id in failed or account.key in options.failed_keys:
            continue
        for occurrence in account.occurrences:
            done = DoneStep(account_id, step, occurrence)
            if done not in ledger.done:
                entries.append(step_ledger.done_entry(done, today))
                accounts.add(account_id)
    if not check_mode:
        if possible and options.undelivered_dest:
            letters = [dead_letters.letter_of(line, place) for place, line in possible]
            dead_letters.append(options.undelivered_dest, letters, options.plan_key)
        add_entries(_kept_ledger(options, options.ledger), entries)
    return {
        "changed": bool(entries),
        "count": len(accounts),
        "possibly_delivered": len(_accounts(possible)),
    }


def _accounts(failures: Iterable[tuple[str, Record]]) -> set[str]:
    """The accounts in lines of failures: of undelivered_dest (webhook) and failed_dest (IceHrm).

    failures: (file and line, its content).
    """
    return {
        step_ledger.account_id(outcome_file.parse(line["object"], place))
        for place, line in failures
        if isinstance(line.get("object"), dict)
    }


_STATES: dict[str, Callable[[StepOptions, bool, Warn], dict[str, Any]]] = {
    "due": _due,
    "done": _done,
    "record": _record,
}


def _at() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
