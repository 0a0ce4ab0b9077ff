# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A name of a field that no record has is an error, wherever in an expression it stands."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.expressions import compile_rule
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.fields import unknown_fields
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest.joining import check_read

RECORDS = [
    {"id": "1", "last": "Lee", "tags": ["a", "b"], "none": None, "manager": {"id": "7", "name": None}, "mentor": None, "end": None,
     "channels": [{"kind": "mobile", "value": "04", "area": {"code": "2"}}, {"kind": "mail", "value": "a@b"}], "empty": [], "custom": {"shirt": "M"},
     "jobs": {"first": {"title": "Clerk"}, "second": {"title": "Head", "level": 3}}, "teams": [[{"lead": "x"}]], "position": "Clerk"},
    {"id": "2", "last": "Ray", "tags": [], "none": None, "manager": None, "mentor": {"id": "8", "since": "2020"}, "end": None,
     "channels": [], "empty": [], "custom": {}, "jobs": {}, "teams": [], "position": "Head"},
]


def unknown(source, optional=()):
    return [error.path for error in unknown_fields([compile_rule(source, "mapping.mobile")], RECORDS, optional)]


@pytest.mark.parametrize(("source", "path"), [
    ("channels[?knd == 'mobile'].value | [0]", "channels[*].knd"),
    ("channels[?kind == 'mobile'].vale | [0]", "channels[*].vale"),
    ("channels[?kind == 'mobile'] | [0].vale", "channels[*].vale"),
    ("channels[?kind == 'mobile'] | [0] | vale", "channels[*].vale"),
    ("channels[0].knd", "channels[*].knd"),
    ("channels[-1].knd", "channels[*].knd"),
    ("channels[*].knd", "channels[*].knd"),
    ("channels[].knd", "channels[*].knd"),
    ("channels[:2].knd", "channels[*].knd"),
    ("channels[?area.cod == '2'].value", "channels[*].area.cod"),
    ("channels[*].area.cod", "channels[*].area.cod"),
    ("channels[?kind == 'mobile' && !valu]", "channels[*].valu"),
    ("channels[?kind == 'mobile' || valu == 'x']", "channels[*].valu"),
    ("channels[?contains(valu, '0')].value | [0]", "channels[*].valu"),
    ("channels[?kind == 'mobile'].[value, knd]", "channels[*].knd"),
    ("{last} {channels[?knd == 'mobile'].value | [0]}", "channels[*].knd"),
    ("sort_by(channels, &knd)[0].value", "channels[*].knd"),
    ("sort_by(channels, &kind)[0].vale", "channels[*].vale"),
    ("max_by(channels, &kind).vale", "channels[*].vale"),
    ("map(&knd, channels) | [0]", "channels[*].knd"),
    ("map(&area, channels)[].cod", "channels[*].area.cod"),
    ("reverse(channels)[0].vale", "channels[*].vale"),
    ("item(channels, 1).vale", "channels[*].vale"),
    ("join_with(' ', channels[*].vale)", "channels[*].vale"),
    ("coalesce(manager, mentor).nme", "manager.nme"),
    ("iif(none, manager, mentor).idd", "manager.idd"),
    ("(manager || mentor).idd", "manager.idd"),
    ("manager.idd || id", "manager.idd"),
    ("[manager, mentor][].idd", "manager.idd"),
    ("jobs.*.titel", "jobs.*.titel"),
    ("values(jobs)[].titel", "jobs.*.titel"),
    ("teams[0][0].led", "teams[*][*].led"),
    ("teams[].led", "teams[*][*].led"),
    ("channels.kind", "channels.kind"),
    ("last.first", "last.first"),
    ("channels[?kind.name == 'x']", "channels[*].kind.name"),
    ("manager[0].id", "manager[*]"),
    ("end == null", "null"),
    ("is_present(end) == true", "true"),
])
def test_an_unknown_field_is_found(source, path):
    assert path in unknown(source)
    assert len(unknown(source)) == 1


@pytest.mark.parametrize("source", [
    "channels[?kind == 'mobile'].value | [0]", "channels[?kind == 'mobile'] | [0].value", "channels[].area.code", "channels[:1].value", "tags[0]", "tags[?@ == 'a'] | [0]",
    "sort_by(channels, &kind)[-1].value", "map(&area, channels)[].code", "map(&value, channels) | [0]", "(manager || mentor).since", "coalesce(manager, mentor).since",
    "[manager, mentor][].since", "jobs.*.level", "values(jobs)[].level", "teams[].lead", "teams[0][0].lead", "none.anything", "none[0].anything", "empty[0].anything",
    "empty[?x == 'y'].z", "iif(is_text(position), position, position.title)", "type(position) == 'object' && position.title", "to_array(manager)[0].id",
    "item(channels, 1).value", "item(manager, 1).id", "max_by(channels, &kind).value", "custom.shirt", "@.last", "end == `null`", "from_items.x || last",
])
def test_fields_that_exist_or_cannot_be_judged(source):
    assert unknown(source, ["from_items"]) == []


@pytest.mark.parametrize("optional", ["channels", "channels.knd", "channels[*].knd"])
def test_an_optional_field_inside_a_list(optional):
    assert unknown("channels[?knd == 'mobile'].value | [0]", [optional]) == []
    assert unknown("channels[?kind == 'mobile'].vale | [0]", ["channels.knd"]) == ["channels[*].vale"]


@pytest.mark.parametrize(("source", "words"), [
    ("channels[?knd == 'mobile'].value | [0]", ["mapping.mobile: no employee has the field 'channels[*].knd'", "Did you mean 'kind'"]),
    ("end == null", ["no employee has the field 'null'", "write `null` in backticks", "is_null()"]),
    ("is_present(end) == false", ["write `false` in backticks"]),
    ("is_present(end) == True", ["write `true` in backticks"]),
    ("end != None", ["write `null` in backticks"]),
    ("custom.cost_centre", ["optional_fields", "a custom field of IceHrm in its option custom_fields"]),
    ("channels.kind", ["a list stands where an object is needed", "[0]"]),
    ("last.first", ["a plain value stands where an object is needed", "is_text()"]),
])
def test_the_message_says_what_to_do(source, words):
    (error,) = unknown_fields([compile_rule(source, "mapping.mobile")], RECORDS, ())
    for word in words:
        assert word in str(error)


def test_a_typing_error_clears_nothing(company):
    employees = [company.employee(str(number), channels=[{"kind": "mobile", "value": "04"}]) for number in range(3)]
    mapping = company.rules().mapping and {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first}",
                                           "mobile": {"from": "channels[?knd == 'mobile'].value | [0]", "empty": "clear"}}
    with pytest.raises(HrisError, match=r"mapping\.mobile\.from: no employee has the field 'channels\[\*\]\.knd'\. Did you mean 'kind'"):
        company.people(*employees, mapping=mapping)


@pytest.mark.parametrize(("options", "place"), [
    ({"naming": {"candidates": ["{ascii(employee.lst)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}}}, r"naming\.candidates\[0\]: .*'lst'.*'last'"),
    ({"naming": {"candidates": ["{sn}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{employee.frist}"}}}, r"naming\.attributes\.cn: .*'frist'"),
    ({"risk": {"people": ["titel == 'Head'"]}}, r"risk\.people\[0\]: .*'titel'"),
    ({"groups": [{"groups": ["All Staff"], "when": "jobs[?titel == 'Head'] != `[]`"}]}, r"groups\[0\]\.when: .*'jobs\[\*\]\.titel'"),
    ({"scope": {"when": "jobs[0].titel == 'Head'"}}, r"scope\.when: .*'jobs\[\*\]\.titel'"),
    ({"required": ["jobs[0].titel"]}, r"required\[0\]: .*titel"),
])
def test_every_rule_is_checked(company, options, place):
    with pytest.raises(HrisError, match=place):
        company.people(company.employee("1", jobs=[{"title": "Head"}]), **options)


def test_endpoints_are_checked_as_deeply():
    with pytest.raises(HrisError, match=r"endpoints\.jobs\.key: no record has the field 'person\[\*\]\.idd'\. Did you mean 'id'"):
        check_read(compile_rule("person[0].idd", "endpoints.jobs.key"), [{"person": [{"id": 1}]}])
