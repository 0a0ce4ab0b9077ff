# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules about leavers and groups until a day in docs/lifecycle.md do what the page says."""
from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import yaml
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import test_rules as command
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import Feed
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.forecast import (
    forecast,
    lines_of,
)

PAGE = (Path(__file__).resolve().parents[3] / "docs/lifecycle.md").read_text(encoding="utf-8")
BLOCKS = [yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)]


def rules_with(name):
    """The rules of the block that sets a variable, as options."""
    (block,) = [one for one in BLOCKS if name in one]
    return {variable.removeprefix("lifecycle_"): value for variable, value in block.items()}


def test_the_cases_of_a_rehire_hold(company, options):
    (cases,) = [one for one in BLOCKS if "cases" in one]
    common = company.employee("1") | {"key": "1"}
    given = options(**rules_with("lifecycle_rehire")) | {"cases": json.dumps({"common": {"employee": common}, **cases}, default=str), "as_of": None, "junit": None, "report_limit": 30}
    found = command.run(given, False, None)
    assert not found["failed"] and found["tests"] == 2, found["report"]


def test_groups_until_a_day_in_a_forecast(company):
    (groups,) = rules_with("lifecycle_groups").values()
    names = sorted({name for rule in groups for name in rule["groups"]})
    rules = company.rules(groups=groups)
    records = [company.employee("1", start="2026-03-01", key="E1001", project="Phoenix", project_start="2026-03-04", project_end="2026-03-10")]
    snapshot = company.snapshot(groups=[company.group(name, 3000 + number) for number, name in enumerate(names)])
    start = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
    changes = {day.day: [(change.action, change.group.partition(",")[0][3:], change.reason) for change in day.changes if change.group]
               for day in forecast([Feed(rules, records)], snapshot, start, 40) if not day.is_empty}
    assert changes == {
        "2026-03-02": [("group_add", "All Staff", "birthright group"), ("group_add", "Auditors", "birthright group until 2026-12-31 (groups[3])"),
                       ("group_add", "Newcomers", "birthright group until 2026-03-31 (groups[1])")],
        "2026-03-04": [("group_add", "Project Phoenix", "birthright or restored group until 2026-03-10 (groups[2])")],
        "2026-03-11": [("group_remove", "Project Phoenix", "the last day of this membership was 2026-03-10 (groups[2])")],
        "2026-04-01": [("group_remove", "Newcomers", "the last day of this membership was 2026-03-31 (groups[1])")],
    }


@pytest.mark.parametrize(("successor", "expected"), [("7", "manager is written as C9"), (None, "manager is written as C1")])
def test_who_gets_the_reports_in_a_forecast(company, options, successor, expected):
    mapping = options()["mapping"] | rules_with("lifecycle_mapping")["mapping"]
    rules = company.rules(mapping=mapping)
    boss = {"manager_id": None, "successor_id": None}
    records = [company.employee("C7", id="5", end="2026-03-03", **boss | {"manager_id": "1", "successor_id": successor}), company.employee("C1", "Di", id="1", **boss),
               company.employee("C9", "Bo", id="7", **boss), *(company.employee(key, key, id=key, **boss | {"manager_id": "5"}) for key in ("C12", "C31"))]
    start = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
    days = {day.day: day for day in forecast([Feed(rules, records)], company.snapshot(), start, 3)}
    shown = "\n".join(lines_of(days[(start + timedelta(days=2)).date().isoformat()], ["elmo"]))
    assert f"C7 (Ann Lee): 2 employees refer to this leaver: C12 (C12 Lee), C31 (C31 Lee). {expected}" in shown, shown
    assert all("refer to" not in finding.message for finding in days["2026-03-03"].findings)
