# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No record stops the others: whatever it holds, everybody else is planned as without it, and the plan can be written and shown."""
from __future__ import annotations

import json

from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import plan_to_json
from ansible_collections.hris.ad.plugins.module_utils._hris.model.record_fields import (
    without_deep_values,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.explain import explain
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.explanation_text import (
    explanation_to_json,
    lines_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan_file import (
    complete,
    read_plan,
    sealed_text,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.risk import assess_risks
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.summary import diffs, summary
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.brief import brief, chat
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.csv_table import (
    changes_sheet,
    findings_sheet,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.data_markdown import (
    data_markdown,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.data_page import data_page
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.data_quality import (
    FieldRules,
    quality_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.data_view import (
    data_view,
    report_to_json,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.markdown import plan_markdown
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_page import plan_page
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.plan_view import view_of
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.feed_profile import (
    GuardLimits,
    compare_profiles,
    profile_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import (
    Feed,
    check_feed,
    people_of_sources,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.records import keys_of
from hypothesis import given
from hypothesis import strategies as st
from odd_values import VALUES, real

FIELDS = ("number", "id", "first", "last", "title", "manager", "department", "start", "end", "zone", "status", "leave", "tax", "born", "phone", "photo", "kind")
RULES = {
    "mapping": {
        "employeeID": "number",
        "givenName": "first",
        "sn": "last",
        "displayName": "{first} {last || ''}",
        "title": {"from": "title", "empty": "clear"},
        "department": {"from": "department", "table": {"Sales": "Sales and marketing"}, "unmapped": "pass"},
        "description": "join(', ', [title, department])",
        "telephoneNumber": "phone(phone, 'AU')",
        "employeeType": "iif(kind == 'casual', 'C', upper(kind))",
        "thumbnailPhoto": "photo",
        "manager": {"employee": "manager", "field": "id"},
    },
    "naming": {
        "candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}", "{ascii(givenName)}"],
        "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@example.com", "userPrincipalName": "{lower(name)}@corp.example", "cn": "{displayName}"},
    },
    "placement": [{"ou": "OU={department},OU=Staff,DC=corp,DC=example", "when": "department == 'Legal'", "create": True}, {"ou": "OU=Staff,DC=corp,DC=example"}],
    "groups": [{"groups": ["All Staff"]}, {"groups": ["Finance"], "when": "starts_with(department, 'Fin')", "records": "current"}],
    "dates": {"start": "start", "end": "end", "timezone": "zone", "terminated": "status == 'Terminated'", "leave_start": "leave", "on_leave": "length(status) == `7`"},
    "scope": {"when": "!contains(kind, 'external')"},
    "identity": {"same": {"tax_number": "tax"}, "similar": {"born": "{upper(last)} {born}"}},
    "primary": {"prefer": ["to_number(kind) > `1`"]},
    "correlation": {"fallbacks": [{"attribute": "mail", "value": "{lower(first)}@example.com", "when": "contains(first, 'o')"}]},
    "risk": {"people": ["contains(title, 'Chief')"], "more_than": {"create": 3}},
    "rehire": {"restore": [{"within_days": 90, "what": "groups"}]},
}


def _person(number, first, last, **more):
    return {"number": number, "id": f"id-{number}", "first": first, "last": last, "title": "Clerk", "manager": None, "department": "Sales", "start": "2020-01-01", "end": None,
            "zone": "Australia/Sydney", "status": "Active", "leave": None, "tax": f"tax-{number}", "born": "1990-01-01", "phone": "+61 2 9374 4000", "photo": None, "kind": "1"} | more


OTHERS = [_person("E1", "Ann", "Lee", title="Chief Clerk"), _person("E2", "Bo", "Ek", manager="id-E1"), _person("E3", "Di", "Roe", end="2026-02-01", manager="id-E2"), _person("E4", "Ed", "Orr")]
ODD = st.builds(lambda number, changes: _person(number, "Odd", "Person") | changes, st.sampled_from(["9", "9 ", "10"]),
                st.dictionaries(st.sampled_from(FIELDS), VALUES, min_size=1, max_size=4))

KEYS = [one["number"] for one in OTHERS]


def _directory(company):
    return company.snapshot(
        company.account("E2", "bek", "Bo Ek", givenName="Bo", sn="Ek", title="Trainee", groups=[]),
        company.account("E3", "droe", "Di Roe", rid=1101, givenName="Di", sn="Roe"),
        company.account("9", "operson", "Odd Person", rid=1102, givenName="Odd", sn="Person", mail="operson@example.com", groups=["CN=Finance,OU=Groups,DC=corp,DC=example"]),
    )


def _planned(company, records):
    feed = Feed(company.rules(**RULES), records)
    check_feed(feed)
    sources = people_of_sources([feed], company.as_of)
    snapshot = _directory(company)
    planned = make_plan(sources, snapshot, company.as_of)
    assess_risks(planned.plan.changes, sources[0].people, feed.rules.risk, snapshot.groups)
    return feed, sources[0], snapshot, planned


def _of_others(plan):
    """Without the risk of many changes, which those of the odd people may well raise."""
    return [(change.key, change.action, change.dn, change.attributes, change.group, [risk for risk in change.risks if not risk.startswith("many: ")])
            for change in plan.changes if change.key in KEYS]


@given(odd=st.lists(ODD, min_size=1, max_size=3))
def test_everybody_else_is_planned(company, odd):
    _feed, _source, _snapshot, expected = _planned(company, OTHERS)
    odd = [without_deep_values(real(one)) for one in odd]
    records = [*odd[:1], *OTHERS, *odd[1:]]
    feed, source, snapshot, planned = _planned(company, records)
    plan = planned.plan
    assert _of_others(plan) == _of_others(expected.plan)
    assert [change.action for change in plan.changes if change.key == "E3"][0] == "disable"
    _everything_can_be_written(feed, source, snapshot, planned, company.as_of)


def _everything_can_be_written(feed, source, snapshot, planned, now):
    plan, rules = planned.plan, feed.rules
    texts = [json.dumps(plan_to_json(plan), ensure_ascii=False)]
    complete(plan, [rules], now, 24, {"feed": "1", "rules": "2"})
    assert read_plan(sealed_text(plan, "key"), "plan.json", "key").digest == plan.digest
    view = view_of(plan, None, [])
    texts += [plan_page(view), plan_markdown(view, 100), changes_sheet(view), json.dumps(diffs(plan.changes, frozenset(), 100), ensure_ascii=False)]
    texts += [json.dumps(summary(plan), ensure_ascii=False), chat(brief(plan, plan.changes, {"msg": "", "changed": True}, True, None))]
    for person in source.people:
        account = next((one.account for one in planned.decided if one.person is person), None)
        found = explain(person, account, plan, rules, snapshot)
        texts += [json.dumps(explanation_to_json(found), ensure_ascii=False), *lines_of(found)]
    keys = keys_of(feed.records, rules.key_line)
    compare_profiles(profile_of(feed.records, keys), profile_of(OTHERS, KEYS), GuardLimits(20, 20, 0, "report"))
    quality = quality_of(feed.records, FieldRules(key="number", required=["first", "last"], unique=["phone"]))
    shown = data_view("elmo", now.isoformat(), quality, None)
    texts += [data_page(shown), data_markdown(shown, 100), findings_sheet(shown.findings), json.dumps(report_to_json(shown), ensure_ascii=False)]
    for text in texts:
        text.encode(errors="surrogatepass")
