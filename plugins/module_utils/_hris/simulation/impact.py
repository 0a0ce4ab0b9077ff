# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Old rules beside new rules: what the next run with the new ones would do to the directory as the old ones would have left it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from ..errors import HrisError
from ..planning.plan import make_plan
from ..planning.plan_file import provenance
from ..reporting.escaping import code_in_markdown, in_markdown
from ..reporting.markdown import bounded, table
from ..reporting.plan_view import view_of
from ..rules.people import people_of
from ..rules.ruleset import Ruleset
from . import attribution
from .simulated_directory import left_by


def impact(employees: list[dict], old: Ruleset, new: Ruleset, as_of: datetime) -> dict:
    """What changes with the rules::

        {"source", "as_of", "people": count, "changed": people who change, "percent", "counts": {action: accounts},
         "attributes": {name: accounts}, "changes": [change of a plan, its "reason" the rule that decided],
         "findings": new ones, "gone": findings that there are no more, "limits": [verdict, …], "rules": of document.provenance}

    Raises HrisError for rules, old or new, that do not fit the employees.
    """
    try:
        snapshot, before = left_by(old, [new], employees, as_of)
    except HrisError as error:
        raise HrisError(
            error.message,
            place=f"rules_before, {error.place}" if error.place else "rules_before",
            hint=error.hint,
        ) from None
    people, findings = people_of(employees, new, as_of)
    plan, _decided = make_plan(people, findings, snapshot, new, as_of)
    by_key = {person.key: person for person in people}
    told = {_name(entry): entry for entry in before["findings"]}
    now = {_name(entry): entry for entry in plan.findings}
    keys = {change.key for change in plan.changes} - {None}
    return {
        "source": new.source,
        "as_of": as_of.isoformat(),
        "people": len(people),
        "changed": len(keys),
        "percent": round(100 * len(keys) / len(people), 1) if people else 0.0,
        "counts": plan.counts,
        "attributes": dict(sorted(_attributes(plan.changes).items())),
        "changes": [
            _decided_by(change, by_key.get(change.key), old, new) for change in plan.changes
        ],
        "findings": [entry for name, entry in now.items() if name not in told],
        "gone": [entry for name, entry in told.items() if name not in now],
        "limits": plan.limits,
        "rules": provenance(new),
    }


def _name(entry: dict) -> tuple:
    return entry.kind, entry.key, entry.place, entry.message


def _attributes(changes: list[dict]) -> Counter:
    return Counter(
        name for change in changes if change.action == "update" for name in change.attributes
    )


def _decided_by(change: dict, person: dict | None, old: Ruleset, new: Ruleset) -> dict:
    """The change with the rules that decided it in its reason, and what they were before where that is another text."""
    now, then = (
        attribution.of_change(change, person, new),
        attribution.of_change(change, person, old),
    )
    rules = []
    for what, rule in now.items():
        if change.action == "update" or what in ("place", "group"):
            was = then.get(what, "no rule")
            rules.append(
                rule
                + (
                    f" (was {was.removeprefix(rule.partition(': ')[0] + ': ')})"
                    if was != rule
                    else ""
                )
            )
    if change.action == "group_add" and "group" not in now:
        rules.append("rehire.restore_within_days")
    return {**change, "reason": "; ".join([change.reason, *dict.fromkeys(rules)])}


def lines_of(found: dict, redact: frozenset) -> list[str]:
    """The impact for reading: a sentence, then each change in a line with its values, those of redact hidden, and the findings."""
    view = _view(found, redact)
    lines = [sentence(found)]
    for account in view["accounts"]:
        for change in account.changes:
            values = ", ".join(
                f"{name}: {'; '.join(before) or 'empty'} → {'; '.join(after) or 'empty'}"
                for name, before, after in change.get("values", ())
            )
            parts = [
                change.to and f"to {change['to']}",
                change.get("group"),
                values if change.action != "create" else "",
            ]
            lines.append(
                f"  {change['action']} {account['key'] or ''} {account['dn']}: {' '.join(filter(None, parts))} ({change.get('reason', '')})"
            )
    return lines + [
        f"  {entry['severity']}: {entry['kind']}: {entry['key'] or '-'}: {entry['message']}"
        for entry in view["findings"]
    ]


def sentence(found: dict) -> str:
    """The impact in one line."""
    counts = (
        ", ".join(f"{count} {action}" for action, count in found["counts"].items())
        or "nothing changes"
    )
    findings = (
        f"; findings: {len(found['findings'])} new, {len(found['gone'])} gone"
        if found["findings"] or found["gone"]
        else ""
    )
    return f"{found['source']}: {found['changed']} of {found['people']} people change ({found['percent']:g} %): {counts}{findings}"


def impact_markdown(found: dict, redact: frozenset, most: int) -> str:
    """The impact for a pull request: counts, limits, then findings and people as far as there is room."""
    view = _view(found, redact)
    head = [
        f"# Impact of the new rules for {in_markdown(found['source'])}",
        "",
        f"**{in_markdown(sentence(found))}**",
        "",
    ]
    head += [f"- Computed for: {code_in_markdown(found['as_of'])}", ""]
    for title, counts in (("Action", found["counts"]), ("Attribute", found["attributes"])):
        head += table(
            (title, "Count"), [(in_markdown(name), f"{count:,}") for name, count in counts.items()]
        )
    stopped = [
        (in_markdown(verdict.action), in_markdown(verdict.message))
        for verdict in found["limits"]
        if verdict.exceeded
    ]
    head += table(("Limit that would stop the run", "In words"), stopped)
    return bounded(head, view["findings"], view["accounts"], most)


def _view(found: dict, redact: frozenset) -> dict:
    """The impact as reports show a plan, with the findings that are gone behind the new ones."""
    gone = [
        {**entry, "severity": "info", "kind": f"gone: {entry['kind']}"} for entry in found["gone"]
    ]
    plan = {
        "source": found["source"],
        "changes": found["changes"],
        "findings": [*found["findings"], *gone],
        "rules": found["rules"],
    }
    return view_of(plan, None, sorted(redact))
