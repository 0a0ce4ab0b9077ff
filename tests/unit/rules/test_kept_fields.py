"""Which fields expressions read, at every depth, and what is kept of a record."""
from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.commands.rule_options import (
    checked_rules,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.record_fields import (
    kept_part,
    tree_of,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.compile_ruleset import (
    compile_ruleset,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.expressions import (
    Expression,
    compile_condition,
    compile_rule,
    inside,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.feed_profile import (
    profile_of,
    without_values,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.kept_fields import (
    check_left_out,
    fields_read,
    unread_fields,
)

RECORD = {"id": 7, "name": {"first": "Ann", "last": "Lee", "maiden": "Roe"}, "bank": {"iban": "GB29"}, "phones": [{"kind": "home", "number": "1", "pin": "9"}],
          "tags": ["a", "b"], "state": None, "boss": {"id": 3, "pay": {"grade": "P5", "sum": 90}}}


@pytest.mark.parametrize("source, expected", [
    ("id", {"id": 7}),
    ("name.first", {"name": {"first": "Ann"}}),
    ("name", {"name": RECORD["name"]}),
    ("{name.first} {name.last || ''}", {"name": {"first": "Ann", "last": "Lee"}}),
    ("boss.pay.grade", {"boss": {"pay": {"grade": "P5"}}}),
    ("iif(state == 'NSW', boss.id, id)", {"state": None, "boss": {"id": 3}, "id": 7}),
    ("!is_present(bank.iban)", {"bank": {"iban": "GB29"}}),
    # A list is kept whole, however it is read; so is an object that something else than a path reads
    ("phones[?kind == 'home'].number | [0]", {"phones": RECORD["phones"]}),
    ("phones[0].number", {"phones": RECORD["phones"]}),
    ("name.[first, last]", {"name": RECORD["name"]}),
    ("(boss || name).id", {"boss": RECORD["boss"], "name": RECORD["name"]}),
    ("boss.*", {"boss": RECORD["boss"]}),
    ("values(boss.pay)", {"boss": {"pay": RECORD["boss"]["pay"]}}),
    # @ that is an item of a list
    ("tags[?@ == 'a']", {"tags": ["a", "b"]}),
    ("join(', ', map(&upper(@), tags))", {"tags": ["a", "b"]}),
    ("sort_by(phones, &number)", {"phones": RECORD["phones"]}),
    ("tags | @", {"tags": ["a", "b"]}),
    ("'constant'", {}),
    ("nowhere.at.all", {}),
    ("id.of.something", {"id": 7}),  # the rule is wrong; the check of fields tells so, and needs the value
])
def test_what_is_read_is_kept(source, expected):
    read = fields_read([compile_rule(source, "mapping.x")])
    assert not read.whole
    assert kept_part(RECORD, read.tree, {}) == expected


@pytest.mark.parametrize("source", ["@", "to_string(@)", "{to_string(@)}", "*", "*.iban", "* | [0]", "keys(@)", "values(@)[0]", "@.id", "length(@) > `3`",
                                    "not_null(state, @)", "[@][0].bank", "merge(@, name)", "map(&bank, [@])"])
def test_the_whole_record(source):
    read = fields_read([compile_rule("id", "a"), compile_rule(source, "mapping.x")])
    assert [(one.place, one.source) for one in read.whole] == [("mapping.x", source)] and read.tree is None


def test_an_object_as_a_whole_counts_more_than_a_field_in_it():
    for sources in (["boss", "boss.id"], ["boss.id", "boss"]):
        assert fields_read([compile_rule(source, "x") for source in sources]).tree == {"boss": None}
    assert tree_of([("a", "b", "c"), ("a", "b"), ("d",), ("a", "e")]) == {"a": {"b": None, "e": None}, "d": None}


def test_what_is_below_employee():
    read = fields_read([inside(compile_rule(text, "x"), "employee") for text in ("{employee.id} {mail}", "department")])
    assert read.tree == {"id": None}
    for text in ("employee", "to_string(employee)", "employee.*.id | [0] && employee", "[employee][0].id"):
        assert fields_read([inside(compile_rule(text, "x"), "employee")]).whole, text
    assert not fields_read([inside(compile_condition("is_present(employee.id)", "x"), "employee")]).whole


def test_names_of_what_is_left_out():
    read = fields_read([compile_rule("{name.first}{boss.id}", "x")])
    left_out = unread_fields([RECORD, {"late": 1}], read.tree)
    assert left_out == [("id",), ("name", "last"), ("name", "maiden"), ("bank",), ("phones",), ("tags",), ("state",), ("boss", "pay"), ("late",)]


@pytest.mark.parametrize("source, field", [
    ("bank.iban", "bank"), ("bank", "bank"), ("name.maiden", "name.maiden"), ("name", "name.maiden"), ("{name.first} {bank.iban || ''}", "bank"),
    ("values(name)", "name.maiden"), ("to_string(@)", "bank"),
])
def test_a_rule_that_reads_what_was_left_out_is_an_error(source, field):
    left_out = [("bank",), ("name", "maiden")]
    with pytest.raises(HrisError) as caught:
        check_left_out([compile_rule("name.first", "mapping.a"), compile_rule(source, "mapping.x")], left_out)
    assert caught.value.place == "mapping.x" and caught.value.message.startswith(f"the field '{field}' was left out of the feed file")
    assert "name the field in kept_for.fields" in caught.value.hint


def test_what_was_not_left_out_is_no_error():
    check_left_out([compile_rule("name.first", "a"), compile_rule("banker", "b"), compile_rule("phones[0].bank", "c")], [("bank",), ("name", "maiden")])


def test_a_profile_without_values():
    records = [{"id": str(number), "sex": "f" if number % 2 else "m", "unit": {"name": "Sales", "boss": "x"}} for number in range(40)]
    profile = profile_of(records, [record["id"] for record in records])
    hidden = without_values(profile, [("sex",), ("unit", "boss")])
    assert (profile.fields["sex"].values, hidden.fields["sex"].values, hidden.fields["unit.boss"].values) == (["f", "m"], None, None)
    assert hidden.fields["unit.name"].values == ["Sales"]
    assert [(path, one.empty, one.types) for path, one in hidden.fields.items()] == [(path, one.empty, one.types) for path, one in profile.fields.items()]
    assert without_values(profile, []) == profile and without_values(profile, [("unit",)]).fields["unit.name"].values is None


def expressions_in(value, seen):
    """Every compiled expression anywhere in the rules."""
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from expressions_in(item, seen)
    elif isinstance(value, dict):
        yield from expressions_in([*value.values()], seen)
    elif dataclasses.is_dataclass(value) and id(value) not in seen:
        seen.add(id(value))
        for field in dataclasses.fields(value):
            yield from expressions_in(getattr(value, field.name), seen)


def test_no_expression_of_the_rules_is_forgotten():
    """Each of these reads a field of its own: whatever is compiled must be among what the rules say that they read."""
    options = checked_rules({
        "source": "hr", "optional_fields": ["x"],
        "mapping": {"employeeID": "f1", "givenName": "{f2}", "sn": {"from": "f3", "empty": "clear"}, "title": {"from": "f4", "table": {"a": "b"}},
                    "info": {"from": "f5", "apply": "on_create"}, "manager": {"employee": "f6", "field": "f7"}, "l": {"constant": "f0"}},
        "correlation": {"fallbacks": [{"attribute": "mail", "value": "f8", "when": "f9 == 'x'"}]},
        "naming": {"candidates": ["{givenName}{employee.f10 || ''}"], "attributes": {"sAMAccountName": "{name}", "cn": ["{sn} {employee.f11 || ''}"]}},
        "placement": [{"when": "f12 == 'x'", "ou": "OU={f13},DC=x"}, {"ou": "OU=x,DC=x"}],
        "groups": [{"when": "f14 == 'x'", "groups": ["A"]}, {"when": "f15 == 'x'", "groups": ["B"], "records": "current"}],
        "dates": {"start": "f16", "end": "f17", "leave_start": "f18", "leave_end": "f19", "timezone": "f20", "terminated": "f21", "on_leave": "f22"},
        "leaver": {"attributes": {"description": "Left {f23}"}},
        "required": ["f24"], "scope": {"when": "f25 == 'x'"},
        "identity": {"same": {"tax": "f26"}, "similar": {"born": "f27"}, "confirmed": "f28"},
        "primary": {"prefer": ["f29 == 'x'"]}, "risk": {"people": ["f30 == 'x'"]},
    })
    rules = compile_ruleset(options)
    assert {path[0] for path in fields_read(rules.record_expressions).paths} == {f"f{number}" for number in range(1, 31)}
    known = {(one.place, one.source) for one in rules.record_expressions}
    found = list(expressions_in(rules, set()))
    assert len(found) > 30 and not {(one.place, one.source) for one in found} - known
