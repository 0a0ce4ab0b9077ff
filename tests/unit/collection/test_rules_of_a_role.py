# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever writes the rules as variables of the role lifecycle reads the names of these variables, wherever a rule is named."""
from __future__ import annotations

from datetime import datetime, timezone

import collection_parts as parts
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.option_names import options_called
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.compile_ruleset import moment
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import Feed, check_feed
from ansible_collections.hris.ad.plugins.module_utils._hris.variable_names import variables_of

MODULES = ("sync", "forecast_info", "impact_info", "test_rules", "feed_info")
# {option: a value that is refused before anything is read}
BROKEN = {
    "source": "two words",
    "mapping": {"employeeID": "number", "title": "lowre(title)"},
    "correlation": {"key": "employeeNumber"},
    "ownership": {"bases": ["Staff"]},
    "naming": {"candidates": [], "attributes": {}},
    "placement": [{"ou": "Staff"}],
    "groups": [{"groups": ["Dept {department}"]}],
    "dates": {"start": "=="},
    "joiner": {"create_days_before": -1},
    "leaver": {"move_to": "Leavers"},
    "rehire": {"restore": [{"within_days": -1, "what": "groups"}]},
    "absent": {"grace_days": -1},
    "definitions": {"first_day": "=="},
    "required": ["first ||"],
    "scope": {"when": "=="},
    "identity": {"fixed": ["birthday"]},
    "primary": {"prefer": ["=="]},
    "exceptions": [{"key": "1", "action": "link", "reason": "x"}],
    "silenced": [{"kind": "has_left", "until": "2026-03-02", "reason": "x"}],
    "limits": {"attributes": {"titel": {"count": 1}}},
    "risk": {"people": ["=="]},
    "redact": ["mobil"],
}
# These are seen with a directory or a feed (below), or every value that their types allow is right
LATER = {"leave", "unique", "actions", "label", "optional_fields", "as_of"}


def role(module="sync"):
    return options_called(variables_of("lifecycle_", module, parts.spec(module)["argument_spec"]))


def test_every_option_is_here():
    assert {*BROKEN, *LATER} == set(ARGUMENTS)


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("option", BROKEN)
def test_a_rule_that_is_refused(company, module, option):
    with role(module), pytest.raises(HrisError) as caught:
        company.rules(**{option: BROKEN[option]})
    assert str(caught.value).startswith(f"lifecycle_{option}")
    with pytest.raises(HrisError) as caught:
        company.rules(**{option: BROKEN[option]})
    assert str(caught.value).startswith(option)


@pytest.mark.parametrize("module", MODULES)
def test_the_day(module):
    with role(module), pytest.raises(HrisError) as caught:
        moment("soon", datetime.now(timezone.utc))
    assert str(caught.value).startswith("lifecycle_as_of: 'soon'")


@pytest.mark.parametrize(("options", "said"), [
    ({"mapping": {"employeeID": "number", "memberOf": "x"}}, "lifecycle_mapping.memberOf: this attribute cannot be mapped. lifecycle_groups gives groups."),
    ({"leaver": {"record": ""}, "ownership": {"adopted_groups": "keep"}},
     "lifecycle_ownership.adopted_groups: groups that are kept are noted in the attribute lifecycle_leaver.record, which is empty."),
    ({"leaver": {"attributes": {"title": {"constant": "x", "emtpy": "y"}}}}, "lifecycle_leaver.attributes.title: unknown option 'emtpy'"),
    # What somebody wrote stays as it is
    ({"required": ["mapping.title ||"]}, "lifecycle_required[0]: the expression does not parse"),
    ({"placement": [{"ou": "naming.candidates"}]}, "lifecycle_placement[0].ou: 'naming.candidates' is not a distinguished name"),
    ({"groups": [{"groups": ["{limits.held}"]}]}, "lifecycle_groups[0].groups: '{limits.held}' is not the name of a group"),
])
def test_words_of_messages(company, options, said):
    with role(), pytest.raises(HrisError) as caught:
        company.rules(**options)
    assert said in str(caught.value)


def test_a_field_that_nobody_has(company):
    with role(), pytest.raises(HrisError) as caught:
        check_feed(Feed(company.rules(required=["mapping.title"]), [company.employee("1")], []))
    assert str(caught.value).startswith("lifecycle_required[0]: no employee has the field 'mapping'")
    assert "List a field that only some people have in lifecycle_optional_fields" in str(caught.value)


def findings(company, feed, snapshot, **options):
    with role():
        return company.plan(feed, snapshot, **options)


def test_findings_and_limits(company):
    """The values of people, which look like options here, stay as they are."""
    mapping = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last || ''}",
               "title": {"from": "title", "table": {"Clerk": "Clerk"}}}
    feed = [company.employee("limits.held", first="mapping.title", title="naming.candidates"), company.employee("2", start="soon"),
            company.employee("3", title="Clerk")]
    plan = findings(company, feed, company.snapshot(), mapping=mapping, limits={"create": {"count": 0}, "attributes": {"title": {"count": 0}}},
                    actions=["create"])
    found = {one.kind: one for one in plan.findings}
    unmapped = found["unmapped"]
    assert (unmapped.key, unmapped.place) == ("limits.held", "lifecycle_mapping.title")
    assert "'naming.candidates'" in unmapped.message and "lifecycle_naming" not in unmapped.message
    assert found["held"].place == "lifecycle_dates.start" and found["held"].message.startswith("lifecycle_dates.start: ")
    assert "lifecycle_actions does not allow it" in found["not_allowed"].message and found["not_allowed"].place == "lifecycle_actions"
    created = next(change for change in plan.changes if change.key == "limits.held")
    assert created.attributes["givenName"].after == ["mapping.title"]
    assert [one.message for one in plan.limits if one.exceeded] == [
        "2 of 3 accounts would get the action 'create' (66.7 %): at most 0 are allowed (lifecycle_limits.create)"]


def test_an_attribute_that_the_directory_lacks(company):
    with pytest.raises(HrisError) as caught:
        findings(company, [company.employee("1")], company.snapshot(), unique=["emploeeID"])
    assert str(caught.value).startswith("lifecycle_unique: this directory has no attribute 'emploeeID'")
