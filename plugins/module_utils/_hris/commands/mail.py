# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module mail: accounts of an outcome file → one mail about each. Check mode sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timezone
from email.headerregistry import Address
from functools import partial
from typing import Any

from ..data_class import field, frozen
from ..errors import HrisError, Warn
from ..model.records import Record
from ..option_names import option_name
from ..outbound import dead_letters, mail_messages, objects, outcome_file
from ..outbound.account_mail import (
    MailTemplates,
    RenderedMail,
    compile_mail,
    hidden_addresses,
    render_mail,
    shown_mail,
)
from ..outbound.definitions import definitions_of
from ..outbound.mail import MailServer
from ..outbound.mail_session import MailSession
from ..outbound.options import Params, read_options
from ..outbound.outcome_file import OutcomeLine
from ..outbound.step_calls import StepCalls
from ..outbound.steps import day_of
from ..outbound.webhook_call import FAILED, NOT_SENT, SENT, UNDELIVERED, WOULD_SEND, CallOutcome
from ..secret_texts import HIDDEN
from ..web.options import check_minimum

STATUSES = (SENT, WOULD_SEND, FAILED, NOT_SENT)
LONGEST_TEXT = 2000  # characters of a text in a result
CHARACTERS = 300_000  # of all mails in a result: AWX drops a result over 700,000 silently


@frozen
class MailOptions:
    """The options of the module."""

    src: str
    mail: Params
    to: list[str]
    subject: str
    text: str
    validate_certs: bool
    timeout: float
    report_limit: int
    html: str | None = None
    ca_cert: str | None = None
    plan_key: str | None = None
    ledger: str | None = None
    step: str | None = None
    failed_dest: str | None = None
    as_of: str | None = None
    optional_fields: list[str] = field(default_factory=list)
    redact: list[str] = field(default_factory=list)


@frozen
class _Letter:
    """The mail about one account, or why there is none."""

    object: Record  # the flat object
    mail: RenderedMail | None
    problem: str | None = None


def run(params: Params, check_mode: bool, warn: Warn) -> dict[str, Any]:
    """Send a mail for each account. The module's RETURN describes the result.

    Raises HrisError for templates, a file or a server that cannot be used; then nothing was sent.
    """
    options = read_options(MailOptions, params)
    check_minimum(option_name("timeout"), options.timeout, 0.01)
    with definitions_of(params):
        templates = compile_mail(options.to, options.subject, options.text, options.html)
    server = MailServer.from_params(
        options.mail, options.validate_certs, options.ca_cert, options.timeout
    )
    session = MailSession(server, warn)
    sender = mail_messages.parse_address(options.mail["from"], option_name("mail.from"))
    today = day_of(options.as_of)
    accounts = _due_accounts(options, check_mode)
    items = list(map(objects.of_account, accounts))
    objects.check_names(templates.leaves, items, [*options.optional_fields, "today", "now"])
    letters = list(_letters(items, templates, options, today))
    notes = _notes(options, accounts, today)
    if check_mode:
        made = [(one, _undone(one, WOULD_SEND)) for one in letters]
    else:
        made = list(_send_all(session, letters, sender, notes))
        for letter, outcome in made:
            _hide(letter, outcome, templates, options.redact)
    if options.failed_dest and not check_mode:
        dead_letters.write_failures(options.failed_dest, _failures(made), options.plan_key)
    return _result(made, templates, options, notes)


def _due_accounts(options: MailOptions, check_mode: bool) -> list[OutcomeLine]:
    """The accounts. Raises HrisError for one that no step is due for: an outcome file has everybody
    of the company.
    """
    accounts = outcome_file.read(options.src, check_mode, options.plan_key)
    for account in accounts:
        if not account.occurrences:
            name = objects.label(objects.of_account(account))
            raise HrisError(
                f"the file has an account that no step is due for ({name}); nothing was sent",
                f"{option_name('src')} {options.src}",
                "Give the file that step_accounts has written to dest",
            )
    return accounts


def _letters(
    items: Iterable[Record], templates: MailTemplates, options: MailOptions, today: date
) -> Iterator[_Letter]:
    """Yield the mail about each account."""
    moments = {"today": today.isoformat(), "now": _now()}
    for item in items:
        try:
            yield _Letter(item, render_mail(templates, {**item, **moments}, options.redact))
        except HrisError as error:
            yield _Letter(item, None, str(error))


def _notes(options: MailOptions, accounts: Iterable[OutcomeLine], today: date) -> StepCalls | None:
    """Where each mail is noted; None where they are no step with a ledger."""
    if not (options.ledger and options.step):
        return None
    return StepCalls(options.ledger, options.plan_key, options.step, accounts, today)


def _undone(letter: _Letter, status: str) -> CallOutcome:
    """What becomes of a mail that is not sent now."""
    if letter.mail is None:
        return CallOutcome(FAILED, letter.problem)
    return CallOutcome(status)


def _send_all(
    session: MailSession,
    letters: Iterable[_Letter],
    sender: Address,
    notes: StepCalls | None,
) -> Iterator[tuple[_Letter, CallOutcome]]:
    """Send the mails over one connection, and yield each with what became of it."""
    with session:
        for letter in letters:
            mail = letter.mail
            if mail is None:
                yield letter, _undone(letter, FAILED)
                continue
            message = mail_messages.compose(sender, mail.to, mail.subject, mail.text, mail.html)
            to = list(dict.fromkeys(one.addr_spec for one in mail.to))
            outcome = session.send(message, sender.addr_spec, to, _begin(letter, notes))
            if notes:
                notes.end(letter.object, outcome)
            yield letter, outcome


def _hide(
    letter: _Letter, outcome: CallOutcome, templates: MailTemplates, redact: Iterable[str]
) -> None:
    """Take redacted addresses out of what the server has said."""
    if letter.mail and outcome.reason:
        for address in hidden_addresses(templates, letter.mail, redact):
            outcome.reason = outcome.reason.replace(address, HIDDEN)


def _begin(letter: _Letter, notes: StepCalls | None) -> Callable[[], None]:
    if notes is None:
        return _note_nothing
    return partial(notes.begin, letter.object, repeatable=False)


def _note_nothing() -> None:
    """For mails that are no step with a ledger."""


def _failures(made: Iterable[tuple[_Letter, CallOutcome]]) -> Iterator[Record]:
    """Yield a line for each account whose mail was not sent."""
    for letter, outcome in made:
        if outcome.status in UNDELIVERED:
            yield {
                "object": letter.object,
                "reason": outcome.reason,
                "possibly_delivered": outcome.possibly_delivered,
            }


def _result(
    made: list[tuple[_Letter, CallOutcome]],
    templates: MailTemplates,
    options: MailOptions,
    notes: StepCalls | None,
) -> dict[str, Any]:
    counts = dict.fromkeys(STATUSES, 0)
    for _letter, outcome in made:
        counts[outcome.status] += 1
    result: dict[str, Any] = {
        "changed": counts[SENT] + counts[WOULD_SEND] > 0,
        "counts": {"objects": len(made), **counts},
        "mails": list(_shown(made, templates, options)),
    }
    if notes and notes.problem:
        return result | {"failed": True, "msg": f"the ledger was not written: {notes.problem}"}
    return result | _failure(made, options)


def _shown(
    made: Iterable[tuple[_Letter, CallOutcome]], templates: MailTemplates, options: MailOptions
) -> Iterator[Record]:
    """Yield what the result shows, those that were not sent first."""
    room = CHARACTERS
    ordered = sorted(made, key=lambda one: one[1].status not in UNDELIVERED)
    for letter, outcome in ordered[: options.report_limit]:
        shown = {
            "object": objects.label(letter.object),
            "status": outcome.status,
            "reason": outcome.reason,
            **dict.fromkeys(("to", "subject", "text", "html")),
        }
        if letter.mail:
            shown |= shown_mail(templates, letter.mail, options.redact, LONGEST_TEXT)
        room -= len(str(shown))
        if room < 0:
            return
        yield shown


def _failure(made: list[tuple[_Letter, CallOutcome]], options: MailOptions) -> dict[str, Any]:
    """What a result says of mails that were not sent."""
    failed = [one for one in made if one[1].status in UNDELIVERED]
    if not failed:
        return {}
    letter, outcome = failed[0]
    message = f"{len(failed)} of {len(made)} mails were not sent. First: "
    message += f"{objects.label(letter.object)}: {outcome.reason}"
    unsure = [objects.label(one.object) for one, end in failed if end.possibly_delivered]
    if unsure:
        message += (
            f". The connection ended before the server had answered about {len(unsure)} of them,"
            f" which may have arrived: {', '.join(unsure[: options.report_limit])}. They are not"
            " sent again"
        )
    return {"failed": True, "msg": message}


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
