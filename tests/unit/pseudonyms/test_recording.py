"""A recorded feed: what stays, what changes, what is said of it, and that references still meet."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.pseudonyms.feed import with_pseudonyms
from ansible_collections.hris.ad.plugins.module_utils._hris.pseudonyms.pseudonyms import Pseudonyms

FEED = [
    {"id": "u-1001", "number": 1001, "first": "Ann", "last": "Lee", "born": "1984-02-29", "start": "2020-01-01", "end": None, "active": True, "fte": 0.8,
     "department": {"id": 7, "title": "Finance"}, "manager": {"id": "u-1002", "name": "Bo Ek"}, "jobs": [{"title": "Clerk", "since": "2020-01-01"}], "tags": ["a", ""],
     "cost centre": {"co.de": "X1"}},
    {"id": "u-1002", "number": 1002, "first": "Bo", "last": "Ek", "born": "unknown", "start": "2020-01-02", "end": "", "active": False, "fte": 1.0,
     "department": None, "manager": {"id": None, "name": None}, "jobs": [], "tags": [], "cost centre": {"co.de": "X1"}},
]


def record(keep=(), shift=()):
    made, lines = with_pseudonyms(FEED, Pseudonyms(b"k" * 32), list(keep), list(shift))
    return made, {(line.path, line.treatment): line.different_values for line in lines}


def test_references_meet_and_the_form_stays():
    (ann, bo), _lines = record()
    assert ann["manager"]["id"] == bo["id"] != "u-1002" and ann["manager"]["name"] == f"{bo['first']} {bo['last']}"
    assert ann["number"] != bo["number"] and isinstance(ann["number"], int) and len(str(ann["number"])) == 4 and isinstance(ann["fte"], float)
    assert (ann["active"], ann["end"], bo["end"], bo["department"], bo["jobs"]) == (True, None, "", None, []) and ann["tags"][1] == ""
    assert (ann["start"], ann["born"], bo["start"]) == ("2020-01-01", "1984-02-29", "2020-01-02") and bo["born"] != "unknown"
    assert [list(made) for made in (ann, bo)] == [list(employee) for employee in FEED] and ann["department"]["title"] != "Finance"


def test_the_account_says_what_stayed():
    made, lines = record(["department", "jobs[*].title", '"cost centre"."co.de"'], ["born"])
    assert made[0]["department"] == FEED[0]["department"] and made[0]["jobs"][0]["title"] == "Clerk" and made[1]["cost centre"] == FEED[1]["cost centre"]
    assert made[0]["born"].startswith("1984-") and made[0]["born"] != "1984-02-29"
    assert lines == {
        ("id", "changed"): 2, ("number", "changed"): 2, ("first", "changed"): 2, ("last", "changed"): 2, ("born", "shifted"): 2, ("start", "date"): 2,
        ("active", "boolean"): 2, ("fte", "changed"): 2, ("department.id", "kept"): 1, ("department.title", "kept"): 1, ("manager.id", "changed"): 1,
        ("manager.name", "changed"): 1, ("jobs.title", "kept"): 1, ("jobs.since", "date"): 1, ("tags", "changed"): 1, ('"cost centre"."co.de"', "kept"): 1}


@pytest.mark.parametrize(("options", "words"), [
    ({"keep": ["departmnt.title"]}, ["keep[0]", "departmnt.title", "Did you mean 'department.title'"]),
    ({"keep": ["first", "department.name"]}, ["keep[1]", "department.name"]),
    ({"shift": ["borne"]}, ["shift[0]", "Did you mean 'born'"]),
    ({"keep": ["born"], "shift": ["born"]}, ["shift[0]", "kept as well"]),
    ({"keep": ["department"], "shift": ["department.title"]}, ["shift[0]", "kept as well"]),
    ({"keep": [""]}, ["keep[0]", "not the path"]),
    ({"keep": ["department..title"]}, ["keep[0]", "not the path"]),
    ({"keep": ['"department"title']}, ["keep[0]", "not the path"]),
])
def test_a_path_that_is_none_stops(options, words):
    with pytest.raises(HrisError) as caught:
        record(**options)
    assert all(word in str(caught.value) for word in words), str(caught.value)
