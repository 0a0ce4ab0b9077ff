"""Several endpoints and files into one list of employees: keys of any type, what is missing, who wins, and the files themselves."""
from __future__ import annotations

import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.field_overview import (
    fields_found,
    table,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest import source
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.table_rows import TableOptions
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.tables import read_file
from hr_server import answer, serving
from test_source_endpoint import result_of, settings


@pytest.fixture
def joined(tmp_path):
    """joined(*(records, options), **more) -> what fetch gives, each list of records being a file of its own."""
    def fetch(*parts, warnings=None, **more):
        described = []
        for index, (records, options) in enumerate(parts):
            path = tmp_path / f"part{index}.json"
            path.write_text(json.dumps(records), encoding="utf-8")
            described.append({"name": "abcdef"[index], "file": str(path), "key": "id", **options})
        return result_of(source.fetch(settings(endpoints=described, **more), ([] if warnings is None else warnings).append))
    return fetch


def test_seven_and_7_are_one_key(joined):
    found = joined(([{"id": "7", "a": 1}, {"id": 8, "a": 2}, {"id": 9.0, "a": 3}], {}),
                   ([{"id": 7, "b": 1}, {"id": " 8 ", "b": 2}, {"id": "9", "b": 3}], {"fields": ["b"]}))
    assert found["employees"] == [{"id": "7", "a": 1, "b": 1}, {"id": 8, "a": 2, "b": 2}, {"id": 9.0, "a": 3, "b": 3}]


def test_what_is_missing_where(joined):
    warnings = []
    found = joined(([{"id": number} for number in range(30)] + [{"id": None}], {}),
                   ([{"id": number, "b": 1} for number in range(25, 60)] + [{"id": "", "b": 2}], {}), warnings=warnings)
    line = found["join"]["endpoints"][0]
    assert (line["matched"], line["missing"], line["unmatched"], line["without_key"], line["nothing_to_match"]) == (5, 25, 30, 1, 1)
    assert line["missing_keys"] == [str(number) for number in range(20)] and len(line["unmatched_keys"]) == 20
    assert len(found["employees"]) == 31
    assert warnings == [
        "Endpoint a: 1 record without a usable key at 'id'.",
        "Endpoint b: 1 record without a usable key at 'id'. Nobody gets what is in it.",
        "Endpoint b has nothing for 25 keys, such as 0.",
        "Endpoint b has 30 keys of no employee, such as 30.",
    ]


def test_more_employees_from_another_endpoint(joined):
    found = joined(([{"id": 1, "a": 1}], {}), ([{"id": 1, "start": "x"}, {"id": 2, "start": "y"}], {"unmatched": "add"}),
                   ([{"id": "2", "desk": 5}], {"into": "seat"}))
    assert found["employees"] == [{"id": 1, "a": 1, "start": "x", "seat": None}, {"id": 2, "a": None, "start": "y", "seat": {"id": "2", "desk": 5}}]
    assert [line["added"] for line in found["join"]["endpoints"]] == [1, 0]


@pytest.mark.parametrize(("wins", "expected", "conflicts"), [
    ({}, {"phone": "1", "mail": "b", "n": 7}, {"phone": 1}),
    ({"phone": "b"}, {"phone": "2", "mail": "b", "n": 7}, {}),
    ({"mail": "a"}, {"phone": "1", "mail": None, "n": 7}, {"phone": 1}),
])
def test_who_wins(joined, wins, expected, conflicts):
    found = joined(([{"id": 1, "phone": "1", "mail": None, "n": 7}], {}), ([{"id": "1", "phone": "2", "mail": "b", "n": "7"}], {}), wins=wins)
    assert found["employees"] == [{"id": 1, **expected}]
    assert found["join"]["conflicts"] == conflicts


def test_a_reference_is_looked_up(joined):
    found = joined(([{"id": 1, "unit": {"ref": 10}}, {"id": 2, "unit": None}, {"id": 3, "unit": {"ref": 10}}], {}),
                   ([{"no": "10", "title": "Sales"}, {"no": "11", "title": "IT"}], {"key": "no", "match": "unit.ref", "into": "department"}),
                   ([{"title": "Sales", "head": "Ann"}], {"key": "title", "match": "department.title", "into": "division", "fields": ["head"]}))
    assert [employee["department"] for employee in found["employees"]] == [{"no": "10", "title": "Sales"}, None, {"no": "10", "title": "Sales"}]
    assert [employee["division"] for employee in found["employees"]] == [{"head": "Ann"}, None, {"head": "Ann"}]


def test_several_records_of_one(joined):
    found = joined(([{"id": 1}, {"id": 2}], {}), ([{"id": 1, "badge": "a"}, {"id": 1, "pin": 2}], {"many": True, "into": "badges"}))
    assert found["employees"] == [{"id": 1, "badges": [{"id": 1, "badge": "a", "pin": None}, {"id": 1, "badge": None, "pin": 2}]},
                                  {"id": 2, "badges": []}]


@pytest.mark.parametrize(("parts", "more", "expected"), [
    ([([{"id": 1}], {}), ([{"id": 1, "x": 1}, {"id": "1", "x": 2}], {})], {},
     "endpoint b: the keys '1' belong to more than one record each. Set many"),
    ([([{"id": 1, "unit": 2}], {}), ([{"id": 2}], {"match": "units"})], {},
     "endpoints[1] (b).match: no record has the field 'units'. Did you mean 'unit'"),
    ([([{"id": 1}], {}), ([{"code": 1}], {"key": "cod"})], {}, "endpoints[1] (b).key: no record has a key at 'cod'. Did you mean 'code'"),
    ([([{"code": 1}], {}), ([{"id": 1}], {})], {}, "endpoints[0] (a).key: no record has a key at 'id'. Known are: code"),
    ([([{"id": 1}], {}), ([{"id": {"a": 1}}], {})], {}, "endpoints[1] (b).key: the value is an object."),
    ([([{"id": 1}], {"key": None}), ([{"id": 1}], {})], {}, "endpoints[0] (a).key: it is not given."),
    ([([{"id": 1}], {}), ([{"id": 1}], {"key": None})], {}, "endpoints[1] (b).key: it is not given."),
    ([([{"id": 1}], {}), ([{"id": 1}], {"name": "a"})], {}, "endpoints[1] (a).name: two endpoints have this name."),
    ([([{"id": 1}], {}), ([{"id": 1}], {"many": True})], {}, "endpoints[1] (b).into: several records of one employee need a field"),
    ([([{"id": 1}], {}), ([{"id": 1}], {"unmatched": "add", "into": "x"})], {}, "endpoints[1] (b).unmatched: only an endpoint of employees"),
    ([([{"id": 1}], {"fields": ["idd"]})], {}, "endpoints[0] (a).fields: there is no field 'idd' in the records. Did you mean 'id'"),
    ([([{"id": 1}], {})], {"wins": {"id": "z"}}, "wins.id: no endpoint that gives fields of its own is called 'z'"),
    ([([{"id": 1}], {})], {"wins": {"idd": "a"}}, "wins.idd: no endpoint gives this field."),
    ([([{"id": 1}], {"paging": {"type": "page"}})], {}, "endpoints[0] (a).paging.type: a file has no pages."),
    ([([{"id": 1}], {"params": {"a": 1}})], {}, "endpoints[0] (a).params: an endpoint with a file has no such option."),
    ([], {}, "endpoints: there is none."),
])
def test_what_cannot_be_joined(joined, parts, more, expected):
    with pytest.raises(HrisError) as error:
        joined(*parts, **more)
    assert expected in str(error.value)


def test_two_employees_with_one_key_are_left_to_the_rules(joined):
    warnings = []
    found = joined(([{"id": 1, "n": 1}, {"id": "1", "n": 2}], {}), ([{"id": 1, "x": 5}], {"fields": ["x"]}), warnings=warnings)
    assert found["employees"] == [{"id": 1, "n": 1, "x": 5}, {"id": "1", "n": 2, "x": 5}]
    assert warnings == ["Endpoint a: the keys '1' belong to more than one record each. They get the same fields from other endpoints."]


# files

@pytest.mark.parametrize(("name", "content", "expected"), [
    ("a.csv", "id;name;note\r\n1;\"Lee; Ann\";\r\n\r\n2;Bo;\"a\nb\"\r\n", [{"id": "1", "name": "Lee; Ann", "note": None}, {"id": "2", "name": "Bo", "note": "a\nb"}]),
    ("a.csv", "\ufeffid,name\n1,Zo\u00eb\n", [{"id": "1", "name": "Zo\u00eb"}]),
    ("a.tsv", "id\tname\n1\tA, B\n", [{"id": "1", "name": "A, B"}]),
    ("a.csv", "id\n", []),
    ("a.json", "[{\"id\": 1}]", [{"id": 1}]),
    ("a.jsonl", "{\"id\": 1}\n{\"id\": 2}\n", [{"id": 1}, {"id": 2}]),
])
def test_files(tmp_path, name, content, expected):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    assert read_file(str(path)) == expected


@pytest.mark.parametrize(("name", "content", "given", "expected"), [
    ("a.xml", b"<a/>", {}, "a.xml: the format is not known from the file's ending. Set format to one of csv, xlsx, json, jsonl."),
    ("a.csv", b"", {}, "a.csv: the first line holds no names of fields."),
    ("a.csv", b"id,id\n1,2\n", {}, "a.csv, line 2: columns 1 and 2 are both called 'id', and their values differ."),
    ("a.csv", b"id,,name\n1,2,3\n", {}, "a.csv, line 2: column 2 has no name, but values."),
    ("a.csv", b"id,name\n1,2\n1,2,3\n", {}, "a.csv, line 3: there are 3 values for 2 fields, divided by a comma."),
    ("a.csv", b"id,name\n1,\"2\n", {}, "a.csv, line 2: the CSV is invalid:"),
    ("a.csv", b"id,name\n1,\xff\n", {}, "a.csv: the file is not utf-8 text (byte 10). Set encoding to the one of the program that wrote it, such as cp1252."),
    ("a.csv", b"id", {"encoding": "utf-9"}, "there is no encoding 'utf-9'."),
    ("a.csv", b"id", {"encoding": "base64"}, "there is no encoding 'base64'."),
    ("a.csv", b"id", {"delimiter": "::"}, "'::' is not one character."),
    ("a.json", b"{\"a\": ", {}, "a.json: the file is not JSON:"),
    ("a.jsonl", b"{}\n[]\n", {}, "a.jsonl, line 2: the line is not a JSON object."),
])
def test_files_that_are_not_what_they_seem(tmp_path, name, content, given, expected):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(HrisError) as error:
        read_file(str(tmp_path / name), options=TableOptions(**given))
    assert expected in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(HrisError, match="the file cannot be read: No such file or directory. It is read on the machine"):
        read_file(str(tmp_path / "none.csv"))


def test_a_file_of_another_encoding_named_by_a_macro(tmp_path):
    (tmp_path / "staff-2026-03-02.csv").write_bytes("id;name\n1;Zo\u00eb\n".encode("cp1252"))
    found = result_of(source.fetch(settings(as_of="2026-03-02", endpoints=[
        {"name": "a", "file": str(tmp_path / "staff-{today}.csv"), "encoding": "cp1252"}]), [].append))
    assert found["employees"] == [{"id": "1", "name": "Zo\u00eb"}]


# fields found

RECORDS = [
    {"id": 1, "name": {"given": "Ann", "family-name": "Lee"}, "tags": ["a", 2], "phones": [{"no": "+61 2"}, {"no": None, "kind": "x"}], "on": True,
     "start": "2026-03-02", "note": None, "empty": {}},
    {"id": "B2", "name": {"given": None, "family-name": "Ng"}, "tags": [], "phones": [], "on": False, "start": "2026-03-02T08:00:00Z", "note": None,
     "empty": {}},
]


def test_fields_found():
    lines, left_out = fields_found(RECORDS)
    assert left_out == 0
    assert [(line["path"], line["type"], line["share"], line["sample"]) for line in lines] == [
        ("id", "integer or text", 100.0, "1"),
        ("name.given", "text", 50.0, "Ann"),
        ('name."family-name"', "text", 100.0, "Lee"),
        ("tags", "list of text or integer", 100.0, '["a", 2]'),
        ("phones[*].no", "text", 50.0, "+61 2"),
        ("phones[*].kind", "text", 50.0, "x"),
        ("on", "boolean", 100.0, "true"),
        ("start", "date or date and time", 100.0, "2026-03-02"),
        ("note", "null", 0.0, None),
        ("empty", "object", 100.0, "{}"),
    ]
    assert table(lines)[1].split() == ["id", "integer", "or", "text", "100", "%", "1"]


def test_samples_without_what_is_personal():
    assert [line["sample"] for line in fields_found(RECORDS, redact=True)[0]][:5] == ["9", "xxx", "xxx", '["x", 9]', "+99 9"]


def test_bounded():
    lines, left_out = fields_found([{f"f{number}": "x" * 5000 for number in range(1000)}])
    assert (len(lines), left_out) == (400, 600)
    assert max(len(line["sample"]) for line in lines) < 70
    deep = {}
    for _ in range(500):
        deep = {"a": deep}
    assert len(fields_found([deep])[0]) == 1


@pytest.mark.parametrize(("some", "warned"), [([1], []), ([], ["Endpoint badges has nothing for 3 keys, such as 1."])])
def test_a_list_called_for_each_person_of_whom_most_have_none(some, warned):
    def respond(request):
        number = request["path"].rpartition("/")[2]
        if number == "people":
            return answer([{"id": 1}, {"id": 2}, {"id": 3}])
        return answer([{"badge": "x"}] if int(number) in some else [])
    warnings = []
    described = [{"name": "people", "url": "/people", "key": "id"},
                 {"name": "badges", "url": "/badges/{value}", "into": "badges", "many": True, "dependent": {"of": "people", "value": "id"}}]
    with serving(respond) as server:
        source.fetch(settings(base_url=server.url, endpoints=described), warnings.append)
    assert warnings == warned


@pytest.mark.parametrize("key", [{"a": 1}, [1], None, True, ""])
def test_a_key_that_cannot_be_read_costs_no_other(joined, key):
    warnings = []
    people = [{"id": 1, "name": "Ann"}, {"id": key, "name": "Bo"}, {"id": 2, "name": "Cy"}]
    found = joined((people, {"key": "id"}), ([{"of": 1, "desk": "A"}, {"of": key, "desk": "X"}, {"of": 2, "desk": "B"}], {"key": "of"}), warnings=warnings)
    assert [(one["name"], one["desk"]) for one in found["employees"]] == [("Ann", "A"), ("Bo", None), ("Cy", "B")]
    assert [text for text in warnings if "1 record without a usable key at" in text and text.startswith("Endpoint ")] == warnings


def test_a_key_that_cannot_be_read_in_any_record(joined):
    with pytest.raises(HrisError, match=r"endpoints\[0\].*key: the value is an object"):
        joined(([{"id": {"a": 1}}], {"key": "id"}), ([{"of": 1}], {"key": "of"}))
