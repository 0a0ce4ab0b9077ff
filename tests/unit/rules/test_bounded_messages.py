# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""However long a text of HR is, a message quotes its beginning; and what nobody can see is no value."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError, shortened
from ansible_collections.hris.ad.plugins.module_utils._hris.model.blank_texts import trimmed
from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import Finding
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.expressions import (
    compile_condition,
    compile_rule,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.feed_profile import profile_of
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.values import to_text, to_texts
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest.records import key_text

LONG = "9x" * 500_000
MAPPING = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first}"}
DATES = {"start": "start", "end": "end", "timezone": "zone"}


@pytest.mark.parametrize(("fields", "options"), [
    ({"start": LONG}, {}),
    ({"end": LONG}, {}),
    ({"end": "2026-06-30" + LONG}, {}),
    ({"zone": LONG, "end": None}, {"dates": DATES}),
    ({"zone": {"a": LONG}}, {"dates": DATES}),
    ({"zone": {LONG: "a"}}, {"dates": DATES}),
    ({"zone": {f"field{number}": 1 for number in range(50_000)}}, {"dates": DATES}),
    ({"flag": LONG}, {"scope": {"when": "flag"}}),
    ({"flag": [LONG]}, {"scope": {"when": "flag"}}),
    ({"flag": LONG}, {"dates": {"start": "start", "terminated": "boolean(flag)"}}),
    ({"flag": LONG}, {"scope": {"when": "date(flag) == 'x'"}}),
    ({"flag": LONG}, {"scope": {"when": "date(flag, '%d.%m.%Y') == 'x'"}}),
    ({"flag": LONG}, {"scope": {"when": "matches(flag, 'x')"}}),
    ({"flag": LONG}, {"scope": {"when": "matches('x', flag)"}}),
    ({"flag": LONG}, {"scope": {"when": "replace_re('x', 'x', flag) == 'x'"}}),
    ({"flag": LONG}, {"scope": {"when": "left('x', flag) == 'x'"}}),
    ({"flag": LONG}, {"scope": {"when": "date_add('2026-03-02', 1, flag) == 'x'"}}),
    ({"flag": LONG}, {"scope": {"when": "phone(flag, 'AU') == 'x'"}}),
    ({"flag": LONG}, {"scope": {"when": "phone('0412 345 678', flag) == 'x'"}}),
    ({"flag": LONG}, {"scope": {"when": "local_date('2026-03-02T00:00Z', flag) == 'x'"}}),
    ({"flag": LONG}, {"scope": {"when": "sum([flag]) == `1`"}}),
    ({"flag": LONG}, {"scope": {"when": "join('-', flag) == 'x'"}}),
    ({"flag": [LONG]}, {"scope": {"when": "abs(flag) == `1`"}}),
    ({"manager": LONG}, {}),
    ({"department": LONG}, {"mapping": MAPPING | {"department": {"from": "department", "table": {"a": "b"}}}}),
    ({"department": LONG}, {"mapping": MAPPING | {"department": {"from": "department", "table": {"a": "b"}, "unmapped": "fail"}}}),
    ({"department": LONG}, {"placement": [{"ou": "{department}"}]}),
    ({"first": LONG, "last": LONG}, {}),
    ({"last": "Smith" + LONG, "first": None}, {}),
    ({"number": LONG}, {}),
    ({"number": None, "id": LONG}, {}),
    ({"number": None, LONG: "x"}, {}),
    ({"mail": LONG}, {"mapping": MAPPING | {"countryCode": "mail"}}),
])
def test_no_message_grows_with_a_value(company, fields, options):
    if "department" in str(options.get("placement")):
        options = {"placement": [{"ou": "OU={department},OU=Staff,DC=corp,DC=example"}]}
    employees = [company.employee("2", **{"flag": None, "zone": None} | fields) if "number" not in fields else company.employee(**{"flag": None} | fields)]
    plan = company.plan([*employees, company.employee("3", first="Bo", last="Ray", flag=None, zone=None)], company.snapshot(), **options)
    for finding in plan.findings:
        assert len(finding.message) < 2100, finding.kind
        assert len(finding.key or "") < 300
        assert len(finding.place or "") < 300


def test_a_ring_of_many(company):
    ring = [company.employee(str(number), first=f"A{number}", manager=f"id-{(number + 1) % 3000}") for number in range(3000)]
    _people, findings = company.people(*ring)
    (finding,) = [finding for finding in findings if finding.kind == "reference_cycle"]
    assert len(finding.message) < 300 and "…" in finding.message


@pytest.mark.parametrize(("value", "shown"), [
    ("No", "'No'"), ("x" * 80, f"'{'x' * 80}'"), ("x" * 81, f"'{'x' * 80}'… (81 characters)"), (None, "null"), ({"a": 1}, "an object"), ([1], "a list"), (7, "7"), (True, "True"),
    ("a\nmemberOf: CN=Domain Admins", r"'a\nmemberOf: CN=Domain Admins'"), ("a\u2028b\u202e", r"'a\u2028b\u202e'"), (10**200, "1" + "0" * 79),
])
def test_a_value_in_a_message(value, shown):
    assert shortened(value) == shown


def test_a_finding_is_never_longer_than_a_page():
    assert len(Finding("held", "x" * 5000).message) == 1000


INVISIBLE = ["\u200b", "\ufeff", "\u200b\u200c\u200d", " \u200b ", "\u2060", "\u00ad", "\u3164", "\u00a0", "\u180e", "\ufe0f", "\u200e\u200f", "\u2800", "\u3000", "\u034f", "\U000e0020", "\t\u200b\n"]


@pytest.mark.parametrize("text", INVISIBLE, ids=ascii)
def test_what_nobody_can_see_is_no_value(company, text):
    assert trimmed(text) == "" and to_text(text) is None and to_texts([text, "a"]) == ["a"]
    assert key_text(text, "p") is None
    assert compile_rule("coalesce(a, 'b')", "p").evaluate({"a": text}) == "b"
    assert compile_rule("{a}", "p").evaluate({"a": text}) == ""
    assert compile_condition("is_empty(a) && !is_present(a) && !boolean(a) && !a", "p").evaluate({"a": text}) is True
    assert compile_rule("date(a)", "p").evaluate({"a": text}) is None
    people, findings = company.people(company.employee(text), company.employee("2", end=text, title=text))
    assert [(person.key, person.end) for person in people] == [("2", None)]
    assert [finding.kind for finding in findings] == ["missing_key"]
    assert company.wanted(company.employee("1", title=text))[0].attributes.get("title") is None
    assert profile_of([{"a": text}, {"a": "x"}], ["1", "2"]).fields["a"].empty == 0.5


@pytest.mark.parametrize(("text", "kept"), [
    ("\u200b1001\ufeff", "1001"), ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"), ("Zo\u00eb\u00a0", "Zo\u00eb"),
    ("a\u200bb", "a\u200bb"), ("\u2764\ufe0f", "\u2764\ufe0f"),
])
def test_what_belongs_to_a_visible_text_stays(text, kept):
    assert to_text(text) == kept


def test_an_error_of_a_rule_names_a_long_value_once():
    with pytest.raises(HrisError) as caught:
        compile_rule("join('-', a)", "mapping.title").evaluate({"a": LONG})
    assert len(str(caught.value)) < 600
