# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every form of a mapping line: what it wants, and how it is refused."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.mapping import (
    UnmappedError,
    compile_mapping,
    wanted_values,
)

EMPLOYEE = {"t": " Head ", "e": "", "n": None, "yes": True, "number": 7.0, "list": ["a", None, "b", "a"], "o": {"id": 1}, "composed": "e\u0301"}


def line(rule):
    return compile_mapping({"title": rule}, "mapping")[0]


@pytest.mark.parametrize(("rule", "wanted"), [
    ("t", ["Head"]),
    ("e", None),
    ("n", None),
    ("yes", ["TRUE"]),
    ("number", ["7"]),
    ("list", ["a", "b"]),
    ("composed", ["\u00e9"]),
    ("{t}!", ["Head!"]),
    ({"from": "n", "empty": "clear"}, []),
    ({"from": "n", "empty": "keep"}, None),
    ({"constant": "Example Corp"}, ["Example Corp"]),
    ({"constant": ["a", "b"]}, ["a", "b"]),
    ({"constant": ""}, []),
    ({"from": "t", "table": {"Head": "Chief"}}, ["Chief"]),
    ({"from": "number", "table": {7: "Seven"}}, ["Seven"]),
    ({"from": "t", "table": {"Foot": "x"}, "unmapped": "pass"}, ["Head"]),
])
def test_wanted(rule, wanted):
    assert wanted_values(line(rule), EMPLOYEE) == wanted


@pytest.mark.parametrize(("rule", "error", "words"), [
    ({"from": "n", "empty": "fail"}, HrisError, ["mapping.title", "HR has no value"]),
    ({"from": "t", "table": {}, "unmapped": "fail"}, HrisError, ["mapping.title", "has no entry for 'Head'"]),
    ({"from": "t", "table": {}}, UnmappedError, ["has no entry for 'Head'"]),
    ("o", HrisError, ["mapping.title", "is an object", "id"]),
])
def test_no_value(rule, error, words):
    with pytest.raises(error) as caught:
        wanted_values(line(rule), EMPLOYEE)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(("mapping", "words"), [
    ({"memberOf": "x"}, ["mapping.memberOf", "groups gives groups"]),
    ({"CN": "x"}, ["mapping.CN", "naming.attributes.cn"]),
    ({"title": "a", "Title": "b"}, ["mapping.Title", "same attribute as mapping.title"]),
    ({"title": 7}, ["mapping.title", "a text or a mapping"]),
    ({"title": {"form": "x"}}, ["mapping.title", "Did you mean 'from'"]),
    ({"title": {"from": "x", "emtpy": "keep"}}, ["mapping.title", "unknown option 'emtpy'", "Did you mean 'empty'"]),
    ({"title": {"from": "x", "empty": "kepe"}}, ["mapping.title", "empty is 'kepe'", "keep, clear, fail"]),
    ({"title": {"from": "x", "unmapped": "pass"}}, ["mapping.title", "without a table"]),
    ({"title": {"from": "x", "table": "y"}}, ["mapping.title.table"]),
    ({"title": {"from": "lowre(x)"}}, ["mapping.title.from", "unknown function"]),
    ({"manager": {"employee": "manager.id"}}, ["mapping.manager", "field"]),
    ({"proxyAddresses": {"from": "x", "domains": ["example"]}}, ["mapping.proxyAddresses.domains", "'example' is not a mail domain"]),
    ({"proxyAddresses": {"from": "x", "domains": "example.com"}}, ["a list of mail domains is needed"]),
    ({"proxyAddresses": {"from": "x", "domains": []}}, ["a list of mail domains is needed"]),
    ({"proxyAddresses": {"from": "x", "domains": ["@example.com"]}}, ["is not a mail domain"]),
    ({"proxyAddresses": {"from": "x", "values": "merge", "domains": ["example.com"]}}, ["every address stays"]),
    ({"mail": {"from": "x", "domains": ["example.com"]}}, ["mapping.mail.domains", "only proxyAddresses has domains"]),
])
def test_refused(mapping, words):
    with pytest.raises(HrisError) as caught:
        compile_mapping(mapping, "mapping")
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(("number", "expected"), [(float("nan"), None), (float("inf"), "held"), (7.0, ["7"]), (0.5, ["0.5"])])
def test_a_number_that_is_none(company, number, expected):
    mapping = {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first}", "department": "dept"}
    if expected == "held":
        with pytest.raises(HrisError, match="mapping.department: the value is no number, but infinite"):
            company.wanted(company.employee("1", dept=number), mapping=mapping)
        return
    wanted, _findings = company.wanted(company.employee("1", dept=number), mapping=mapping)
    assert wanted.attributes.get("department") == expected


@pytest.mark.parametrize(("value", "empty", "expected"), [
    ("none", "keep", []), ("none", "clear", []), (None, "keep", None), (None, "clear", []), ("0412", "keep", ["0412"]), (["none", "0412"], "keep", ["0412"]),
])
def test_a_word_that_clears_while_empty_keeps(value, empty, expected):
    rule = {"from": "mobile", "table": {"none": ""}, "unmapped": "pass", "empty": empty}
    assert wanted_values(line(rule), {"mobile": value}) == expected


def test_a_word_without_a_value_fails_where_a_value_is_needed():
    rule = {"from": "mobile", "table": {"none": ""}, "unmapped": "pass", "empty": "fail"}
    with pytest.raises(HrisError, match="HR has no value for 'mobile'"):
        wanted_values(line(rule), {"mobile": "none"})
