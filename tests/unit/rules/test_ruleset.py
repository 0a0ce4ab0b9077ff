# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that are wrong are refused with their place before anything is read."""
from __future__ import annotations

from datetime import datetime, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.compile_ruleset import moment


def naming(candidates=("{ascii(sn)}",), **attributes):
    return {"candidates": list(candidates), "attributes": {"sAMAccountName": "{name}", "cn": "{displayName}"} | attributes}


@pytest.mark.parametrize(("options", "words"), [
    ({"correlation": {"key": "employeeNumber"}}, ["correlation.key", "employeeNumber is not mapped"]),
    ({"correlation": {"fallbacks": [{"attribute": "mail", "value": "lowre(x)"}]}}, ["correlation.fallbacks[0].value", "unknown function"]),
    ({"mapping": {}}, ["mapping", "no attribute"]),
    ({"leaver": {"attributes": {"manager": {"employee": "manager", "field": "id"}}}}, ["leaver.attributes.manager", "cannot name another employee"]),
    ({"leaver": {"attributes": {"employeeID": {"constant": ""}}}}, ["leaver.attributes.employeeID", "the key attribute cannot be changed"]),
    ({"leaver": {"attributes": {"description": "lowre(x)"}}}, ["leaver.attributes.description", "unknown function"]),
    ({"leaver": {"delete_after_days": -1}}, ["leaver.delete_after_days"]),
    ({"required": ["first ||"]}, ["required[0]", "does not parse"]),
    ({"primary": {"prefer": ["=="]}}, ["primary.prefer[0]", "does not parse"]),
    ({"identity": {"same": {"tax_number": "=="}}}, ["identity.same.tax_number", "does not parse"]),
    ({"scope": {"when": "=="}}, ["scope.when", "does not parse"]),
    ({"exceptions": [{"key": "1", "action": "join", "reason": "x"}]}, ["exceptions[0].other", "second key"]),
    ({"leaver": {"bridge_days": -1}}, ["leaver.bridge_days", "negative"]),
    ({"exceptions": [{"key": "1", "action": "exclude", "reason": "x", "until": "soon"}]}, ["exceptions[0].until", "not a date"]),
    ({"exceptions": [{"key": "1", "action": "link", "reason": "x"}]}, ["exceptions[0].account", "a link needs the account"]),
    ({"naming": naming([])}, ["naming.candidates", "at least one"]),
    ({"naming": naming(["{ascii(surname)}"])}, ["naming.candidates[0]", "unknown attribute 'surname'"]),
    ({"naming": naming(mail="{nmae}@x")}, ["naming.attributes.mail", "unknown attribute 'nmae'", "Did you mean 'name'"]),
    ({"naming": naming(title="{name}")}, ["naming.attributes.title", "also in mapping"]),
    ({"naming": naming(sAMAccountName="{displayName}")}, ["naming.attributes.sAMAccountName", "does not use {name}"]),
    ({"naming": {"candidates": ["{sn}"], "attributes": {"cn": "{name}"}}}, ["naming.attributes", "sAMAccountName is missing"]),
    ({"naming": naming() | {"max_length": 21}}, ["naming.max_length", "20"]),
    ({"placement": []}, ["placement", "no placement rule"]),
    ({"placement": [{"ou": "Staff"}]}, ["placement[0].ou", "'Staff' is not a distinguished name"]),
    ({"placement": [{"ou": "OU=a,DC=b", "when": "=="}]}, ["placement[0].when", "does not parse"]),
    ({"groups": [{"groups": ["Dept {department}"]}]}, ["groups[0].groups", "is not the name of a group"]),
    ({"leaver": {"move_to": "Leavers"}}, ["leaver.move_to"]),
    ({"joiner": {"create_days_before": -1}}, ["joiner.create_days_before"]),
    ({"ownership": {"attribute": "title"}}, ["ownership.attribute", "title is mapped"]),
    ({"ownership": {"bases": ["Staff"]}}, ["ownership.bases"]),
    ({"redact": ["mobil"]}, ["redact", "unknown attribute 'mobil'"]),
    ({"source": "two words"}, ["source", "without spaces"]),
])
def test_refused(company, options, words):
    with pytest.raises(HrisError) as caught:
        company.rules(**options)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_moment():
    now = datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert moment(None, now) is now
    assert moment("2026-03-02", now).isoformat() == "2026-03-02T00:00:00+00:00"
    assert moment("2026-03-02T18:00:00+10:00", now).utcoffset().total_seconds() == 36000
    with pytest.raises(HrisError, match="as_of: 'tomorrow'"):
        moment("tomorrow", now)
