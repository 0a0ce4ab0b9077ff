# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules under test: what cases can say, what they are compared with, and that a wrong expectation names the rule that decided."""
from __future__ import annotations

import copy
from xml.etree import ElementTree

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import test_rules
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError

STAFF, LEAVERS = "OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example"
COMMON = {"as_of": "2026-03-02", "employee": {"number": "1", "id": "id-1", "first": "Ann", "last": "Lee", "title": "Clerk", "manager": None,
                                              "department": "Sales", "start": "2020-01-01", "end": None}}
BOSS = {"number": "2", "id": "id-2", "first": "Bo", "last": "Ek"}


@pytest.fixture
def tried(options, tmp_path):
    """tried(case, …, **rules) -> the module's result for cases over COMMON; names are given where a case has none."""
    def run(*cases, domain=None, common=COMMON, **changes):
        cases = [{"name": f"case {number}"} | case for number, case in enumerate(cases)]
        params = options(**changes) | {"cases": {"common": common, "domain": domain or {}, "cases": copy.deepcopy(cases)}, "junit": str(tmp_path / "out.xml"),
                                       "report_limit": 100}
        return test_rules.run(params, False, None)
    return run


def problems(result):
    return [(one["what"], one["expected"], one["actual"]) for failure in result["failures"] for one in failure["problems"]]


HOLDS = {
    "a joiner": {"employee": {}, "expect": {
        "state": "active", "actions": ["create", "group_add"], "nothing": False, "exists": True, "enabled": True, "ou": STAFF.lower(), "dn": f"cn=ann lee,{STAFF}",
        "attributes": {"samaccountname": "alee", "title": "Clerk", "cn": "Ann Lee", "manager": None}, "held": False, "findings": [],
        "groups": {"given": "All Staff", "taken": [], "in": ["All Staff"], "not_in": ["Finance"]}}},
    "a short account is enough": {"employee": {}, "account": {"sAMAccountName": "jdoe"}, "expect": {
        "actions": ["update", "rename", "group_add"], "attributes": {"sAMAccountName": "jdoe", "title": "Clerk", "cn": "Ann Lee"}, "unchanged": "sAMAccountName"}},
    "nothing to do for what the rules made themselves": {"employee": {}, "before": {}, "expect": {"nothing": True, "groups": ["All Staff"], "enabled": True}},
    "a mover": {"employee": {"department": "Finance"}, "before": {"department": "Sales", "title": "Trainee"}, "expect": {
        "actions": ["update", "group_add"], "groups": {"given": ["Finance"]}, "attributes": {"title": "Clerk"}, "unchanged": ["sn", "cn", "mail"]}},
    "a leaver": {"employee": {"end": "2026-03-01"}, "before": {"end": None}, "expect": {
        "state": "leaver", "actions": ["disable", "move", "group_remove"], "enabled": False, "ou": LEAVERS, "groups": {"taken": "All Staff", "in": []},
        "attributes": {"adminDescription": "hris.ad source=elmo state=disabled since=2026-03-02"}}},
    "a move keeps the name": {"employee": {}, "before": {}, "account": {"ou": LEAVERS}, "expect": {"actions": "move", "unchanged": "cn"}},
    "a marriage": {"employee": {"last": "Moe"}, "before": {"last": "Lee"}, "expect": {"actions": ["update", "rename"], "attributes": {"cn": "Ann Moe"}}},
    "the last day is worked": {"employee": {"end": "2026-03-02"}, "before": {"end": None}, "expect": {"nothing": True, "state": "active"}},
    "disabled by hand": {"employee": {}, "before": {}, "account": {"enabled": False}, "expect": {
        "nothing": True, "enabled": False, "findings": [{"kind": "disabled_by_hand", "message": "disabled by hand"}]}},
    "prepared": {"employee": {}, "account": {"sAMAccountName": "alee", "mark": "prepared"}, "expect": {"actions": ["enable", "update", "group_add", "rename"]}},
    "locked out": {"employee": {"last": "Moe", "department": "Finance"}, "before": {}, "account": {
        "mark": {"locked_out": "2026-02-27", "by": "grace", "reason": "Dismissed"}}, "expect": {
        "nothing": True, "enabled": False, "findings": [{"kind": "locked_out", "message": "locked out by grace since 2026-02-27: Dismissed"}]}},
    "the leaving of somebody locked out": {"employee": {"end": "2026-03-01"}, "before": {"end": None}, "account": {"mark": {"locked_out": "2026-02-27"}}, "expect": {
        "actions": ["update", "move", "group_remove"], "attributes": {"adminDescription": "hris.ad source=elmo state=disabled since=2026-03-02 password=scrambled"}}},
    "a return": {"employee": {}, "before": {"end": "2026-01-31"}, "account": {"sAMAccountName": "alee", "mark": {"state": "disabled", "since": "2026-02-01"}},
                 "expect": {"enabled": True, "ou": STAFF}},
    "a return to what the rules left": {"employee": {}, "before": {"end": "2026-01-31"}, "expect": {
        "actions": ["enable", "move", "group_add"], "enabled": True, "ou": STAFF, "attributes": {"sAMAccountName": "alee"}}},
    "an account to adopt": {"employee": {}, "account": {"sAMAccountName": "alee", "mark": None, "displayName": "Ann Lee"}, "expect": {
        "attributes": {"adminDescription": "hris.ad source=elmo state=active"}}},
    "of another source": {"employee": {}, "account": {"sAMAccountName": "alee", "mark": {"source": "icehrm"}}, "expect": {
        "nothing": True, "findings": ["other_source"], "held": "belongs to the source 'icehrm'"}},
    "a privileged account": {"employee": {}, "account": {"sAMAccountName": "alee", "groups": ["Domain Admins"]}, "expect": {"nothing": True, "findings": "protected"}},
    "admin by flag": {"employee": {}, "account": {"sAMAccountName": "alee", "admin_count": True}, "expect": {"findings": [{"kind": "protected"}]}},
    "governed": {"employee": {}, "account": {"sAMAccountName": "alee", "governed": True}, "expect": {"findings": [{"kind": "governed"}]}},
    "another's group stays": {"employee": {}, "before": {}, "account": {"groups": ["Chess", "Finance"]}, "expect": {
        "groups": {"taken": ["Finance"], "given": ["All Staff"], "in": ["Chess"]}}},
    "a date that is none": {"employee": {"end": "soon"}, "before": {"end": None}, "expect": {"state": "held", "held": "is not a date", "nothing": True, "exists": True}},
    "a record without key": {"employee": {"number": None}, "expect": {"findings": ["missing_key"], "exists": False, "nothing": True}},
    "two contracts with one number": {"employees": [{"end": "2026-02-28", "title": "Temp"}, {"start": "2026-03-01"}], "expect": {
        "state": "active", "attributes": {"title": "Clerk"}, "findings": []}},
    "a gap between two contracts": {"employees": [{"end": "2026-02-28"}, {"start": "2026-06-01"}], "account": {"sAMAccountName": "alee"}, "expect": {
        "state": "leaver", "enabled": False}},
    "two humans with one number": {"employees": [{}, {"first": "Bo", "last": "Ek"}], "expect": {"held": "different given and family names", "nothing": True}},
    "not due": {"employee": {"start": "2026-05-01"}, "expect": {"state": "not_due", "exists": False}},
    "the manager by key": {"employees": [{"manager": "id-2"}, BOSS], "expect": [{"attributes": {"manager": 2}}, {"key": 2, "attributes": {"manager": None}}]},
    "the manager by DN": {"employees": [{"manager": "id-2"}, BOSS], "expect": {"attributes": {"manager": f"cn=bo ek,{STAFF}"}}},
    "a name that is taken": {"employees": [{}, BOSS | {"first": "Ann", "last": "Lee"}], "before": [None, {}], "expect": [
        {"attributes": {"sAMAccountName": "ann"}, "dn": f"CN=Ann Lee 2,{STAFF}"}, {"key": "2", "nothing": True, "attributes": {"sAMAccountName": "alee"}}]},
    "two accounts of one person": {"employee": {}, "accounts": [{"sAMAccountName": "alee"}, {"sAMAccountName": "old", "employeeID": "1"}], "expect": {
        "nothing": True, "findings": "duplicate_account"}},
    "nobody has this account any more": {"employees": [], "accounts": [{"sAMAccountName": "gone", "employeeID": "77"}], "expect": {
        "key": "77", "state": "absent", "findings": ["absent"], "nothing": True}},
    "an account elsewhere": {"employee": {}, "account": {"dn": f"CN=Ann Lee,{LEAVERS}"}, "expect": {"actions": ["move", "update", "group_add"], "ou": STAFF}},
    "another day": {"as_of": "2026-06-01T12:00:00+10:00", "employee": {"end": "2026-05-31"}, "before": {}, "before_as_of": "2026-05-01", "expect": {"actions": [
        "disable", "move", "group_remove"]}},
}


@pytest.mark.parametrize("name", HOLDS)
def test_a_case_that_holds(tried, name):
    result = tried(HOLDS[name])
    assert (result["failed"], result["passed"]) == (False, 1), result["report"]


def test_a_rename_is_a_change_of_the_cn(tried):
    result = tried({"employee": {"last": "Moe"}, "before": {"last": "Lee"}, "expect": {"unchanged": "cn"}})
    assert problems(result) == [("unchanged cn", "Ann Lee", "Ann Moe")]


def test_every_expectation_can_fail(tried):
    """The same company with everything expected otherwise: each word tells what came, and who decided."""
    result = tried({"employee": {}, "before": {"title": "Trainee"}, "expect": {
        "state": "leaver", "actions": ["create", "move"], "nothing": True, "exists": False, "enabled": False, "dn": f"CN=X,{STAFF}", "ou": LEAVERS, "held": True,
        "attributes": {"title": "Head", "sn": None}, "unchanged": ["title"], "findings": ["unmapped"],
        "groups": {"given": "Finance", "taken": "All Staff", "in": "Finance", "not_in": "All Staff"}}}, {"employee": {}, "expect": {"groups": ["Finance"]}})
    assert result["failed"] and result["passed"] == 0 and result["failures_total"] == 2
    found = {one["what"]: one for failure in result["failures"][:1] for one in failure["problems"]}
    assert list(found) == ["state", "actions", "nothing", "exists", "enabled", "dn", "ou", "held", "attributes.title", "attributes.sn", "unchanged title",
                           "findings", "groups.given", "groups.taken", "groups.in", "groups.not_in"]
    assert found["attributes.title"] == {"what": "attributes.title", "expected": "Head", "actual": "Clerk",
                                         "decided": "mapping.title: title: written with update"}
    assert found["state"]["decided"] == "dates: start 2020-01-01, today 2026-03-02, timezone UTC"
    assert found["ou"]["decided"] == f"placement[0]: {STAFF}"
    assert found["groups.given"]["decided"] == "groups[1] gives Finance when department == 'Finance', which does not hold"
    assert found["actions"]["decided"] == "update (differs from HR)"
    assert "  attributes.title: expected Head" in result["report"] and "    decided by mapping.title: title: written with update" in result["report"]
    assert "case 0; case 1" in result["msg"]


@pytest.mark.parametrize(("case", "words"), [
    ({"employe": {}}, "case 1: unknown word 'employe'. Did you mean 'employee'"),
    ({"employee": {}, "expect": {"atributes": {}}}, "case 1 \\(case 0\\).expect: unknown word 'atributes'. Did you mean 'attributes'"),
    ({"employee": {}, "expect": {"attributes": {"titel": "x"}}}, "expect.attributes: unknown attribute 'titel'. Did you mean 'title'"),
    ({"employee": {}, "expect": {"unchanged": ["givenname", "suname"]}}, "expect.unchanged: unknown attribute 'suname'"),
    ({"employee": {}, "expect": {"state": "activ"}}, "expect.state: unknown state 'activ'. Did you mean 'active'"),
    ({"employee": {}, "expect": {"actions": ["creat"]}}, "expect.actions: unknown action 'creat'. Did you mean 'create'"),
    ({"employee": {}, "expect": {"groups": {"gven": []}}}, "expect.groups: unknown word 'gven'. Did you mean 'given'"),
    ({"employee": {}, "expect": {"groups": {"given": ["Finanse"]}}}, "expect.groups: there is no group 'Finanse'. Did you mean 'Finance'"),
    ({"employee": {}, "expect": {"nothing": "yes"}}, "expect.nothing: 'yes' is neither true nor false"),
    ({"employee": {}, "expect": {"findings": [{"kin": "x"}]}}, "expect.findings: unknown word 'kin'"),
    ({"employee": {}, "expect": {"attributes": {"manager": "9"}}}, "no account has the key '9'"),
    ({"employee": {}, "expect": {"ou": "Staff"}}, "expect.ou: 'Staff' is not a distinguished name"),
    ({"employee": {}, "expect": {"key": "1"}}, "nothing is expected"),
    ({"employee": {}}, "expect: nothing is expected"),
    ({"expect": {"state": "active"}}, "neither an employee nor an account"),
    ({"employee": {}, "account": {"sAMAcountName": "x"}, "expect": {"nothing": True}}, "account: unknown attribute 'sAMAcountName'. Did you mean 'sAMAccountName'"),
    ({"employee": {}, "account": {"enable": True}, "expect": {"nothing": True}}, "account: unknown attribute 'enable'. Did you mean 'enabled'"),
    ({"employee": {}, "account": {"sAMAccountName": "x", "mark": "locked"}, "expect": {"nothing": True}}, "unknown state 'locked'"),
    ({"employee": {}, "account": {"sAMAccountName": "x", "dn": "x"}, "expect": {"nothing": True}}, "'x' is not a distinguished name"),
    ({"employee": {}, "account": "jdoe", "expect": {"nothing": True}}, "an account is written as its attributes"),
    ({"employee": {}, "accounts": [{"sAMAccountName": "x"}, {"sAMAccountName": "x"}], "expect": {"nothing": True}}, "two accounts are"),
    ({"employee": {}, "before_as_of": "2026-01-01", "expect": {"nothing": True}}, "before_as_of has no effect without before"),
    ({"employee": {}, "employees": [], "expect": {"nothing": True}}, "employee and employees are both given"),
    ({"employee": {}, "as_of": "March", "expect": {"nothing": True}}, "case 1 \\(case 0\\).as_of: 'March' is neither a date"),
    ({"name": "", "employee": {}, "expect": {"nothing": True}}, "a case needs a name"),
])
def test_a_case_that_is_written_wrongly(tried, case, words):
    with pytest.raises(HrisError, match=words):
        tried(case)


def test_a_document_that_is_written_wrongly(tried):
    good = {"employee": {}, "expect": {"state": "active"}}
    for common, domain, words in [({"employe": {}}, {}, "common: unknown word"), ({"employee": {}}, {}, "as_of: the moment is missing"),
                                  (COMMON, {"ou": []}, "domain: unknown word 'ou'"), (COMMON, {"attributes": {"x": {"syntax": "string"}}}, "unknown syntax"),
                                  (COMMON, {"attributes": {"x": {"max": "9"}}}, "'9' is not a value for max")]:
        with pytest.raises(HrisError, match=words):
            tried(good, common=common, domain=domain)
    with pytest.raises(HrisError, match="there is no case"):
        tried()
    with pytest.raises(HrisError, match="has the same name"):
        tried(good | {"name": "twice"}, good | {"name": "twice"})


def test_a_field_that_no_case_has_is_an_error_but_one_case_may_lack_it(tried):
    bare = {name: value for name, value in COMMON["employee"].items() if name != "department"}
    with pytest.raises(HrisError, match="no employee has the field 'department'"):
        tried({"employee": {}, "expect": {"state": "active"}}, common={"as_of": "2026-03-02", "employee": bare})
    result = tried({"employee": {}, "expect": {"groups": ["All Staff"]}}, {"employee": {"department": "Finance"}, "expect": {"groups": ["All Staff", "Finance"]}},
                   common={"as_of": "2026-03-02", "employee": bare})
    assert not result["failed"], result["report"]


def test_rules_that_stop_the_run_are_an_error_of_the_case(tried):
    """What the directory would not take is found here too: an OU that a rule computes out of nothing."""
    result = tried({"employee": {"title": "x" * 200}, "expect": {"held": "takes at most 128 characters"}},
                   {"employee": {}, "expect": {"nothing": True}}, groups=[{"groups": ["Domain Admins"]}])
    assert [failure["error"] and "is privileged" in failure["error"] for failure in result["failures"]] == [True, True]
    former = tried({"employee": {}, "before": {}, "expect": {"nothing": True}}, groups=[{"groups": ["Domain Admins"]}])
    assert "is privileged" in former["failures"][0]["error"]
    assert not tried({"employee": {"title": "x" * 200}, "expect": {"findings": {"kind": "value_refused", "message": "takes at most 128 characters"}}})["failed"]
    assert not tried({"employee": {"number": "1" * 17}, "expect": {"held": "takes at most 16 characters", "findings": "held"}})["failed"]


def test_rules_know_the_day_of_each_case(tried):
    """Also where a case says what decided: the rule is asked again then."""
    rules = {"groups": [{"groups": ["All Staff"], "when": "is_new()"}], "definitions": {"is_new": "date_diff(start, today('UTC'), 'days') < `14`"}}
    case = {"employee": {"start": "2026-03-02"}}
    assert not tried(case | {"as_of": "2026-03-15", "expect": {"groups": ["All Staff"]}}, case | {"as_of": "2026-03-16", "expect": {"groups": []}}, **rules)["failed"]
    wrong = tried(case | {"as_of": "2026-03-16", "expect": {"groups": ["All Staff"]}}, **rules)
    assert "when is_new(), which does not hold" in str(wrong["failures"]) and "day is known" not in str(wrong)


def test_names_that_are_taken_elsewhere(tried):
    expect = {"attributes": {"sAMAccountName": "ann"}, "findings": [{"kind": "former_name", "message": "is taken in another system"}]}
    taken = {"domain": {"taken_names": ["ALee@example.com"]}}
    assert tried({"employee": {}, "expect": expect}, **taken)["passed"] == 1
    assert tried({"employee": {}, "before": {}, "account": {"sAMAccountName": "alee"}, "expect": {"nothing": True}}, **taken)["passed"] == 1, "who has it keeps it"



def test_a_domain_of_ones_own(tried, options):
    mapping = options()["mapping"] | {"costCode": "title"}
    case = {"employee": {}, "account": {"sAMAccountName": "alee", "ou": "OU=Old,DC=corp,DC=example", "groups": ["Chess"]}, "expect": {"findings": {"kind": "value_refused", "message": "at most 3"}}}
    domain = {"ous": ["OU=Old,DC=corp,DC=example"], "groups": ["Chess"], "attributes": {"costCode": {"max": 3}}}
    assert not tried(case, domain=domain, mapping=mapping)["failed"]
    undescribed = tried(case, mapping=mapping)
    assert undescribed["failed"] and "Active Directory itself does not have costCode: taken for text" in undescribed["report"][1]


def test_junit(tried, tmp_path):
    result = tried({"name": "holds <&>", "employee": {}, "expect": {"state": "active"}}, {"name": "fails \x07", "employee": {}, "expect": {"state": "leaver"}})
    suites = ElementTree.parse(tmp_path / "out.xml").getroot()
    (suite,) = suites
    assert suites.attrib == {"name": "hris.ad.test_rules", "tests": "2", "failures": "1", "errors": "0", "skipped": "0"}
    assert suite.get("name") == "elmo" and [case.get("name") for case in suite] == ["holds <&>", "fails \ufffd"]
    assert suite[1].get("classname") == "rules.elmo" and suite[1][0].tag == "failure" and "state: expected leaver, got active" in suite[1][0].get("message")
    assert "decided by dates: start 2020-01-01" in suite[1][0].text and len(suite[0]) == 0
    assert (tmp_path / "out.xml").stat().st_mode & 0o777 == 0o600 and result["tests"] == 2
    broken = tried({"employee": {}, "expect": {"state": "active"}}, groups=[{"groups": ["Domain Admins"]}])
    assert ElementTree.parse(tmp_path / "out.xml").getroot()[0][0][0].tag == "error" and broken["failures"][0]["problems"] == []


def test_results_are_bounded(tried):
    result = tried(*({"name": f"{'n' * 100} {number}", "employee": {}, "expect": {"state": "leaver"}} for number in range(600)))
    assert result["failures_total"] == 600 and len(result["failures"]) == 100 and len(str(result)) < 300_000 and "more lines" in result["report"][-1]


FULL = {"name": "all words", "as_of": "2026-03-02", "employees": [{"title": "Head", "manager": "id-2"}, BOSS], "before": [{"title": "Clerk"}, {}],
        "before_as_of": "2026-02-01",
        "accounts": [{"sAMAccountName": "alee", "ou": STAFF, "enabled": True, "mark": {"state": "active"}, "groups": ["Chess"], "guid": "a-b", "admin_count": False,
                      "attributes": {"title": "Boss"}}, {"dn": f"CN=Bo Ek,{STAFF}", "mark": None}],
        "expect": [{"key": "1", "state": "active", "nothing": False, "actions": ["update"], "attributes": {"title": "Head", "manager": "2"}, "unchanged": ["sn"],
                    "exists": True, "enabled": True, "dn": f"CN=Ann Lee,{STAFF}", "ou": STAFF, "groups": {"given": ["All Staff"], "in": ["Chess"]},
                    "findings": [{"kind": "unmapped", "place": "mapping.title", "message": "x"}], "held": False}]}


def variants(value, odd):
    """value with each of its parts, and itself, replaced by something odd."""
    yield odd
    if isinstance(value, dict):
        for name, inner in value.items():
            for changed in variants(inner, odd):
                yield {**value, name: changed}
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            for changed in variants(inner, odd):
                yield [*value[:index], changed, *value[index + 1:]]


@pytest.mark.parametrize("odd", [5, "x", "", [], [5], [None], {}, {"a": 1}, {"a": {"b": []}}, None, True, 1.5, "2026-13-45", "CN=", "=x"], ids=repr)
def test_whatever_is_written_no_traceback_comes_of_it(tried, odd):
    """Every part of a full document in turn is something else: it is tried, or refused with a message that names a place."""
    document = {"common": COMMON, "domain": {"ous": [STAFF], "groups": ["Chess"], "attributes": {"costCode": {"max": 3, "min": 1, "single": True, "syntax": "text"}}},
                "case": FULL}
    refused = count = 0
    for changed in variants(document, odd):
        if not isinstance(changed, dict) or not isinstance(changed.get("case"), dict):
            continue
        count += 1
        try:
            tried(changed["case"], domain=changed["domain"], common=changed["common"])
        except HrisError as error:
            refused += 1
            assert error.place, error
    assert count > 60 and refused > 3
