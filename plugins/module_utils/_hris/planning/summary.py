# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan or its outcome for people: short texts and diffs, bounded in size, with personal values
hidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from ..ad_values.user_account_control import is_enabled
from ..model import actions
from ..model.findings import Finding, open_access, open_access_words
from ..model.plan import Change, Plan
from ..option_names import with_options
from ..visible_text import shown_value, visible
from ..wording import counted
from .adoption import NOT_ADOPTED_YET
from .causes import finding_lines
from .labels import who
from .lacking_rights import denied_words
from .saved_values import without_saved

HIDDEN = "(hidden)"
PROTECTED_FROM_DELETION = "protected from accidental deletion"
RANDOM_PASSWORD = "password: (random, shown to nobody)"
# AWX drops a whole task result over 700,000 characters without a message (measured)
DIFF_CHARACTERS = 200_000
NO_FILE = "no plan file that lasts has them: set {plan_dest}, or raise {report_limit}"


class Summary(TypedDict):
    """The counts of a plan."""

    people: dict[str, int]  # {state: how many}
    changes: dict[str, int]  # {action: how many}
    accounts: int  # accounts with a change
    findings: dict[str, int]  # {kind: how many}
    matched: dict[str, int]  # {how people and accounts were matched: how many}
    open_access: dict[str, int]  # {kind of finding: people who can still log on}


class Diff(TypedDict):
    """One diff as Ansible shows it."""

    before_header: str
    after_header: str
    before: str
    after: str


def summary(plan: Plan, made: Sequence[Change] | None = None) -> Summary:
    """The counts of a plan; made: the changes that a run made, whose counts take their place."""
    findings = Counter(finding.kind for finding in plan.findings)
    counts = plan.counts
    if made is None:
        made = plan.changes
    else:
        counts = counts_of(made)
    return {
        "people": plan.people,
        "changes": counts,
        "accounts": len({(one.source, one.key) for one in made if one.key}),
        "findings": dict(sorted(findings.items())),
        "matched": plan.matched,
        "open_access": open_access(plan.findings),
    }


def counts_of(changes: Iterable[Change]) -> dict[str, int]:
    """{action: how many changes}."""
    return dict(sorted(Counter(change.action for change in changes).items()))


def done_words(counts: Mapping[str, int]) -> str:
    """Changes that were made: ``3 accounts created, 1 disabled``; "" for none."""
    words = []
    for action in actions.TABLE:
        number = counts.get(action.name, 0)
        if number:
            words.append(f"{number:,} {action.done if number == 1 else action.done_several}")
    return ", ".join(words)


def sentence(plan: Plan, changes: Sequence[Change] | None = None) -> str:
    """The plan in one line: ``elmo: 3 create, 1 disable; 2 findings``.

    changes: those of the plan that a run would make; None: all.
    """
    counts = plan.counts if changes is None else counts_of(changes)
    words = ", ".join(
        f"{count} {action}{denied_words(plan, action)}" for action, count in counts.items()
    )
    return _sentence(plan, words or "nothing to change")


def made_sentence(plan: Plan, made: Sequence[Change]) -> str:
    """What a run made of the plan: ``elmo: 3 accounts created, 1 disabled; 2 findings``."""
    nothing = "nothing was changed" if plan.changes else "nothing to change"
    return _sentence(plan, done_words(counts_of(made)) or nothing)


def _sentence(plan: Plan, words: str) -> str:
    text = f"{plan.title}: {words}"
    if plan.only is not None:
        text += f"; {only_words(len(plan.only))}"
    if plan.left_out:
        text += f"; without {', '.join(plan.left_out)}"
    waiting = plan.matched.get(NOT_ADOPTED_YET)
    if waiting:
        text += f"; {counted(waiting, 'account', 'accounts')} not adopted yet"
    number = len(plan.findings)
    if number:
        text += f"; {counted(number, 'finding', 'findings')}"
    return "; ".join([text, *open_access_words(open_access(plan.findings))])


def only_words(people: int) -> str:
    """That a run is for some people only, and for how many."""
    return f"only for {people:,} {'person' if people == 1 else 'people'}"


def in_file(path: str | None, what: str = "the plan file") -> str:
    """Where a reader finds what is not shown. path: of a file that is still there after the run;
    None: there is none. what: the file.
    """
    return f"{what} {visible(path)} has them all" if path else with_options(NO_FILE)


def report(plan: Plan, most: int, first: str | None = None, rest: str | None = None) -> list[str]:
    """The sentence and the findings, errors first, at most ``most`` lines; many findings of one
    cause are one line. first: the sentence about what happened, after a run. rest: where all
    findings are, of in_file().
    """

    def line_of(finding: Finding) -> str:
        return finding_line(finding, plan.sources)

    lines = finding_lines(plan.findings, line_of, plan.sources)
    shown = [first or sentence(plan), *lines[:most]]
    if len(lines) > most:
        shown.append(f"and {len(lines) - most} more findings; {rest or in_file(None)}")
    return shown


def finding_line(finding: Finding, sources: Sequence[str] = ()) -> str:
    """A finding in one line: ``error: E1001 (Ann Lee): …``; of several sources, with the source."""
    about = None
    if finding.key:
        about = who(finding, sources)
    elif len(sources) > 1:
        about = finding.source
    return ": ".join(filter(None, (finding.severity, about, finding.message)))


def diffs(
    changes: Iterable[Change],
    redact: frozenset[str],
    most: int,
    sources: Sequence[str] = (),
    rest: str | None = None,
) -> list[Diff]:
    """One diff for each account in the order of the changes, at most ``most`` and bounded in size.

    redact: attributes in lower case whose values are hidden. sources: of the plan; several are
    named. The last diff says how many accounts are left out. rest: where all of them are, of
    in_file().
    """
    accounts: dict[tuple[str | None, str], list[Change]] = {}
    for change in changes:
        account = (change.source, change.key or change.dn)
        accounts.setdefault(account, []).append(change)
    shown: list[Diff] = []
    size = 0
    for account_changes in accounts.values():
        one = _account_diff(account_changes, redact, sources)
        size += len(one["before"]) + len(one["after"]) + 2 * len(one["after_header"])
        if len(shown) >= most or size > DIFF_CHARACTERS:
            shown.append(_left_out(len(accounts) - len(shown), rest or in_file(None)))
            break
        shown.append(one)
    return shown


def _left_out(accounts: int, rest: str) -> Diff:
    text = f"and {accounts} more accounts; {rest}\n"
    return {"before_header": "…", "after_header": "…", "before": "", "after": text}


def _account_diff(
    changes: Sequence[Change], redact: frozenset[str], sources: Sequence[str]
) -> Diff:
    before: list[str] = []
    after: list[str] = []
    for change in changes:
        for name, values in change.attributes.items():
            before += _lines(name, values.before, redact)
            after += _lines(name, _in_order_of(values.before, values.after), redact)
        if change.action == actions.DELETE or change.to:
            before.append(f"dn: {visible(change.dn)}")
        if change.action in (actions.CREATE, actions.CREATE_OU) or change.to:
            after.append(f"dn: {visible(change.to or change.dn)}")
        if change.action == actions.CREATE or change.random_password:
            after.append(RANDOM_PASSWORD)
        if change.lifts_protection:
            before.append(PROTECTED_FROM_DELETION)
            if change.to:
                after.append(PROTECTED_FROM_DELETION)
        if change.group:
            side = after if change.action == actions.GROUP_ADD else before
            side.append(f"group: {visible(change.group)}")
    first = changes[0]
    header = visible(first.dn)
    if first.key:
        header = f"{who(first, sources)} {header}"
    names = ", ".join(dict.fromkeys(change.action for change in changes))
    return {
        "before_header": header,
        "after_header": f"{header} ({names})",
        "before": _text(before),
        "after": _text(after),
    }


def _in_order_of(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The values after a change, first those that stay: the directory keeps no order, and a value
    that stays is no line of a diff.
    """
    places = {value: place for place, value in enumerate(before)}
    return sorted(after, key=lambda value: places.get(value, len(places)))


def _lines(name: str, values: Sequence[str], redact: frozenset[str]) -> list[str]:
    if name == "userAccountControl":
        return [f"account: {enabled_word(value)}" for value in values]
    if name.casefold() in redact:
        return [f"{name}: {HIDDEN}" for _value in values[:1]]
    return [f"{name}: {shown_value(without_saved(value))}" for value in values]


def enabled_word(uac: str) -> str:
    """A userAccountControl for people: enabled or disabled; the value itself where it is not a
    number.
    """
    if not uac.isdigit():
        return visible(uac)
    return "enabled" if is_enabled(int(uac)) else "disabled"


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
