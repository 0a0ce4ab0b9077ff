# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of a page, which its script shows: the only place that knows its form.

What a change or a finding does not have is left out, so that pages of ten thousand changes stay
small. page_script.py reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..model import actions
from ..model.findings import Finding
from ..model.plan import Provenance
from ..model.plan_json import Json
from ..planning.labels import labelled
from ..planning.summary import RANDOM_PASSWORD
from . import change_states
from .change_views import AccountView, ChangeView, ValueView
from .plan_view import SEVERITY_TONES, ReportView

PASSWORD = ValueView("password", [], [RANDOM_PASSWORD.removeprefix("password: ")])


def report_data(view: ReportView) -> Json:
    """The data of the page of a plan::

    {"accounts": [{"key", "label", "dn", "changes": [
         {"index", "action", "state", "message", "reason", "risk", "risks", "dn", "to",
          "group", "leaves_group", "values": [[name, [before, …], [after, …]], …]}]}],
     "findings", "tones", "rules": {attribute: {"place", "source"}}}
    """
    return {
        "accounts": map(_account, view.accounts),  # packed one by one
        "rules": {name: _rule(rule) for name, rule in view.rules.items()},
        **findings_data(view.findings),
    }


def findings_data(findings: Iterable[Finding]) -> Json:
    """The data of a page that has findings only::

    {"findings": [{"severity", "kind", "key", "label", "place", "message"}],
     "tones": {"actions": {action: tone}, "severities": …, "states": …}}
    """
    return {
        "findings": [_finding(finding) for finding in findings],
        "tones": {
            "actions": {action.name: action.tone for action in actions.TABLE},
            "severities": SEVERITY_TONES,
            "states": change_states.TONES,
        },
    }


def _account(account: AccountView) -> Json:
    return {
        "key": account.key,
        "label": account.label,
        "dn": account.dn,
        "changes": [_change(change) for change in account.changes],
    }


def _change(change: ChangeView) -> Json:
    values = [*change.values]
    if change.password:
        values.append(PASSWORD)
    data = {
        "action": change.action,
        "state": change.state,
        "message": change.message,
        "reason": change.reason,
        "risk": change.risk,
        "risks": change.risks,
        "dn": change.dn,
        "to": change.to,
        "group": change.group,
        "leaves_group": change.leaves_group and bool(change.group),
        "values": [[row.name, row.before, row.after] for row in values],
    }
    return {"index": change.index, **_without_empty(data)}


def _finding(finding: Finding) -> Json:
    label = ""
    if finding.key:
        label = labelled(finding.key, finding.name)
    data = {
        "severity": finding.severity,
        "kind": finding.kind,
        "key": finding.key,
        "label": label,
        "place": finding.place,
        "message": finding.message,
    }
    return _without_empty(data)


def _rule(rule: Provenance) -> Json:
    return _without_empty({"place": rule.place, "source": rule.source})


def _without_empty(data: Mapping[str, object]) -> Json:
    return {name: value for name, value in data.items() if value}
