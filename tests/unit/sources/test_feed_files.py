"""Feed files: written whole and private, read back as they were, refused by file and line."""
from __future__ import annotations

import json
import os
from pathlib import Path
from unittest import mock

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.run.given_feed import feed_of
from ansible_collections.hris.ad.plugins.module_utils._hris.sources import files
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.delivery import Fetched, deliver
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.files import (
    read_feed,
    write_feed,
)

EMPLOYEES = [{"id": "1", "name": "Zoë \u2028 O\u0085Neil\n", "half": "\ud800", "nested": {"list": [1, None, True]}}, {"id": "2"}, {}]


@pytest.mark.parametrize("shared", [(), ("nested", "missing"), ("id",)])
def test_what_is_written_is_read(tmp_path, shared):
    path = tmp_path / "feed.jsonl"
    write_feed(str(path), EMPLOYEES, shared=shared)
    assert read_feed(str(path)) == EMPLOYEES
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert path.read_text(encoding="utf-8").count("\n") == 3
    assert os.listdir(tmp_path) == ["feed.jsonl"]


def test_an_object_of_many_is_encoded_once(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "KNOWN", 2)
    many, other, last = {"id": "m"}, {"id": "o"}, {"id": "l"}
    people = [{"id": number, "manager": one} for number, one in enumerate([many, other, last, many, None, last, other])]
    encoded = []
    monkeypatch.setattr(files, "_ENCODER", mock.Mock(encode=lambda value: encoded.append(value) or json.dumps(value)))
    path = tmp_path / "feed.jsonl"
    write_feed(str(path), people, shared=("manager",))
    assert read_feed(str(path)) == people
    assert [encoded.count(one) for one in (many, other, last)] == [1, 1, 2]


def test_a_file_that_was_there_is_replaced_whole(tmp_path):
    path = tmp_path / "feed.jsonl"
    path.write_text("old\n" * 100)
    path.chmod(0o644)
    write_feed(str(path), [{"id": "1"}])
    assert path.read_text() == '{"id":"1"}\n'
    assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_a_failed_writing_leaves_the_old_file(tmp_path):
    path = tmp_path / "feed.jsonl"
    path.write_text("{}\n")
    with pytest.raises(TypeError):
        write_feed(str(path), [{"id": "1"}, {"id": object()}])
    assert path.read_text() == "{}\n"
    assert os.listdir(tmp_path) == ["feed.jsonl"]


def test_places_that_cannot_be_written(tmp_path):
    with pytest.raises(HrisError, match="this is a directory"):
        write_feed(str(tmp_path), [])
    with pytest.raises(HrisError, match=r"missing/feed.jsonl: the file cannot be written: No such file or directory"):
        write_feed(str(tmp_path / "missing" / "feed.jsonl"), [])


@pytest.mark.parametrize(("content", "expected"), [
    (b"", []), (b"\n\n", []), (b'{"a": 1}', [{"a": 1}]), (b'{"a": 1}\r\n\r\n{"a": 2}\r\n', [{"a": 1}, {"a": 2}]),
    (b'\xef\xbb\xbf{"a": 1}\n', [{"a": 1}]), (b' [{"a": 1},\n {"a": 2}]\n', [{"a": 1}, {"a": 2}]), (b"[]", []),
])
def test_feeds(tmp_path, content, expected):
    path = tmp_path / "feed"
    path.write_bytes(content)
    assert read_feed(str(path)) == expected


@pytest.mark.parametrize(("content", "expected"), [
    (b'{"a": 1}\n\n{"a": \n', "feed, line 3: the line is not JSON: "), (b'{"a": 1}\n7\n', "feed, line 2: the line is not a JSON object."),
    (b'[7, 8]', "feed: none of the records is an object."), (b'[{"a": 1},', "feed: the file is not JSON: "),
    (b'{"a": "\xff"}', "feed, line 1: the line is not UTF-8 text (byte 7). "),
])
def test_feeds_that_are_broken(tmp_path, content, expected):
    path = tmp_path / "feed"
    path.write_bytes(content)
    with pytest.raises(HrisError) as error:
        read_feed(str(path))
    assert expected in str(error.value)


def test_what_many_have_is_in_memory_once(tmp_path):
    people = [{"id": str(number), "unit": {"title": "Sales"}, "tags": [{"a": ["x"]}], "deep": {"list": [number]}} for number in range(1200)]
    path = tmp_path / "feed"
    write_feed(str(path), people)
    read = read_feed(str(path))
    assert read == people and read[0]["unit"] is read[1199]["unit"] and read[0]["deep"] is not read[1]["deep"]


@pytest.mark.parametrize("kinds", [("object",), ("list",), ("object", "list"), ("list", "object")])
@pytest.mark.parametrize("form", ["lines", "array", "option"])
def test_what_is_nested_too_deeply_is_null(tmp_path, form, kinds):
    def nested(levels, inner):
        for level in reversed(range(levels)):
            inner = {"a": inner} if kinds[level % len(kinds)] == "object" else [inner]
        return inner

    people = [{"ok": nested(39, "x"), "less": nested(40, "x"), "none": nested(200, "x"), "name": "Ann"}]
    path = tmp_path / "feed"
    path.write_text(json.dumps(people if form == "array" else people[0]), encoding="utf-8")
    given = {"employees": people, "src": None} if form == "option" else {"employees": None, "src": str(path)}
    read = files.given_feed(given).employees
    assert read == [{"ok": nested(39, "x"), "less": nested(39, None), "none": nested(39, None), "name": "Ann"}]


def test_numbers_and_truth_stay_what_they_are(tmp_path):
    people = [{"a": {"x": 1}}, {"a": {"x": True}}, {"a": {"x": 1.0}}, {"a": {"x": None}}, {"a": {"x": "1"}}, {"a": {"x": ""}}]
    path = tmp_path / "feed"
    write_feed(str(path), people)
    assert [repr(person["a"]["x"]) for person in read_feed(str(path))] == ["1", "True", "1.0", "None", "'1'", "''"]


def test_feed_that_is_not_there():
    with pytest.raises(HrisError, match=r"^/nowhere: the file cannot be read: No such file or directory\. It is read on the machine that the task runs on\.$"):
        read_feed("/nowhere")


def test_delivery(tmp_path):
    dest = str(tmp_path / "feed")
    assert deliver(Fetched(EMPLOYEES, {"employees": 3}, 0.5), None) == {"changed": False, "employees": EMPLOYEES, "counts": {"employees": 3}, "seconds": 0.5}
    assert deliver(Fetched(EMPLOYEES, {"employees": 3}, 0.5), dest) == {"changed": False, "dest": dest, "counts": {"employees": 3}, "seconds": 0.5}
    assert deliver(Fetched(EMPLOYEES, {}, 0.5, {"fields": []}), None, keep=False) == {"changed": False, "counts": {}, "seconds": 0.5, "fields": []}
    assert read_feed(dest) == EMPLOYEES


def test_a_record_that_is_null_costs_no_other(tmp_path):
    path = tmp_path / "feed.json"
    path.write_text('[{"a": 1}, null, 7, {"a": 2}]')
    assert read_feed(str(path)) == [{"a": 1}, {}, {}, {"a": 2}]


@pytest.mark.parametrize("content", ["{}\n" * 2_000_001, "[" + "{}," * 2_000_000 + "{}]"], ids=["lines", "array"])
def test_more_records_than_any_company_has(tmp_path, content):
    path = tmp_path / "feed.json"
    path.write_text(content)
    with pytest.raises(HrisError, match="the feed has more than 2000000 records. Is this a list of employees"):
        read_feed(str(path))


@pytest.mark.parametrize(("name", "told"), [("hris.ad-x1y2z3", False), ("feed.jsonl", True)])
def test_a_file_that_a_role_has_made_is_not_named(tmp_path, monkeypatch, name, told):
    """Nobody has ever seen it. What is said is about the feed."""
    path = tmp_path / name
    path.write_text("")
    with pytest.raises(HrisError, match="the feed has no employee") as empty:
        feed_of({"src": str(path), "employees": None})
    path.write_text('{"id": 1}\n{"id": 2}\n')
    with monkeypatch.context() as limits, pytest.raises(HrisError, match="the feed has more than 1 records") as many:
        limits.setattr(files, "MOST_RECORDS", 1)
        files.read_feed(str(path))
    path.write_text('[1, 2]')
    with pytest.raises(HrisError, match="none of the records is an object") as array:
        files.read_feed(str(path))
    for caught in (empty, many, array):
        assert (str(path) in str(caught.value)) is told


def test_roles_give_these_files_this_name():
    tasks = Path(__file__).parents[3] / "roles/lifecycle/tasks/hr_read.yml"
    assert f'mktemp "${{TMPDIR:-/tmp}}/{files.TEMPORARY}X' in tasks.read_text(encoding="utf-8")
