"""ELMO: users, leavers and future starters become one list of employees with names in place of ids."""
from __future__ import annotations

import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.elmo import source
from hr_server import OPTIONS, answer, serving

PATHS = {"token": "/oauth/token", "core": "/core/v1", **dict.fromkeys(source.LISTS)}
SETTINGS = {
    **OPTIONS, "client_id": "lab", "client_secret": "s3cr3t", "token_encoding": "json", "paths": PATHS, "page_size": 100, "concurrency": 1,
    "deleted": "both", "include_onboarding": True, "exclude_vendor_users": False, "include_employment": False,
    "references": ["manager", "position", "department", "location", "legalEntity"], "fields": None, "custom_fields": None,
}
ANA = {"id": "u-1", "employeeNumber": "1", "email": "ana@example.com", "username": "ana", "firstName": "Ana", "lastName": "Silva",
       "manager": None, "position": "p-1", "department": "d-1", "location": "l-1", "legalEntity": "e-1", "active": True,
       "customData": {"customField_costCentre": "CC-1"}}
MIA = {"id": "u-2", "employeeNumber": "2", "firstName": "Mia", "lastName": "Chen", "manager": "u-1", "position": "p-1", "customData": []}
GONE = {"id": "u-3", "employeeNumber": "3", "firstName": "Gus", "manager": "u-1", "endDate": "2020-01-31"}
NEW = {"id": "u-4", "employeeNumber": None, "firstName": "Nia", "manager": "u-2", "startDate": "2099-01-01"}
LISTS = {
    "users": [ANA, MIA], "deleted": [GONE], "onboarding-users": [NEW],
    "positions": [{"id": "p-1", "title": "Accountant", "positionId": "ACC"}],
    "departments": [{"id": "d-1", "title": "Finance", "parent": None, "deleted": False}],
    "locations": [{"id": "l-1", "title": "Sydney"}], "legal-entities": [{"id": "e-1", "title": "Example Pty Ltd"}],
    "employees": [{"id": "u-1", "employmentType": "FULLTIME", "terminationDate": None, "bankAccounts": [{"number": "123"}],
                   "taxFileNumber": "9"}],
}


class Elmo:
    """Answers with these lists, ``size`` records a page, in ELMO's envelope or in ``envelope(records, page, last page, total)``."""

    def __init__(self, size=1, envelope=None, prefix="/core/v1/", **changed):
        self.lists = {**LISTS, **{name.replace("_", "-"): value for name, value in changed.items()}}
        self.size, self.envelope, self.prefix = size, envelope or usual, prefix

    def __call__(self, request):
        if request["path"].endswith("/token"):
            return answer({"access_token": "t0ken", "token_type": "Bearer", "expires_in": 1800})
        if not request["path"].startswith(self.prefix):
            return answer({"title": "An error occurred", "detail": f"No route for {request['path']}"}, 404)
        name = request["path"].removeprefix(self.prefix)
        rows = self.lists["deleted" if request["query"].get("deleted") == "true" else name]
        page = int(request["query"]["page"])
        last = max(1, -(-len(rows) // self.size))
        return answer(self.envelope(rows[(page - 1) * self.size:page * self.size], page, last, len(rows)))


def usual(rows, page, last, total):
    return {"data": rows, "metadata": {"itemsPerPage": 1, "page": page, "totalItems": total, "lastPage": last}}


def hydra(prefix):
    def envelope(rows, page, last, total):
        view = {f"{prefix}next": f"/core/v1/users?page={page + 1}"} if page < last else {}
        return {f"{prefix}member": rows, f"{prefix}totalItems": total, f"{prefix}view": view}
    return envelope


def hydra_without_view(rows, page, last, total):
    return {"hydra:member": rows, "hydra:totalItems": total}


def bare(rows, page, last, total):
    return rows


def fetched(hr, warnings=None, **settings):
    """(employees by id, counts, requests seen)"""
    with serving(hr) as server:
        found = source.fetch({**SETTINGS, "base_url": server.url, **settings}, (warnings if warnings is not None else []).append)
    return {record["id"]: record for record in found.employees}, found.counts, server.seen


def test_everyone_in_one_shape():
    people, counts, seen = fetched(Elmo())
    assert list(people) == ["u-1", "u-2", "u-4", "u-3"]
    assert {tuple(record) for record in people.values()} == {(*source.FIELDS, "onboarding", "deleted")}
    assert counts == {"employees": 4, "onboarding": 1, "deleted": 1, "overlapping": 0, "unresolved": 0, "pages": 8,
                      "requests": 9, "retries": 0}
    assert {request["headers"].get("authorization") for request in seen[1:]} == {"Bearer t0ken"}
    assert people["u-3"]["identifier"] is None
    assert {name: (person["onboarding"], person["deleted"]) for name, person in people.items()} == {
        "u-1": (False, False), "u-2": (False, False), "u-3": (False, True), "u-4": (True, False)}


def test_references_become_objects():
    people, _counts, _seen = fetched(Elmo())
    assert people["u-1"]["position"] == {"id": "p-1", "title": "Accountant", "positionId": "ACC"}
    assert people["u-1"]["department"] == {"id": "d-1", "title": "Finance", "parent": None, "deleted": False}
    assert people["u-1"]["location"]["title"] == "Sydney"
    assert people["u-1"]["legalEntity"]["title"] == "Example Pty Ltd"
    assert people["u-1"]["manager"] is None
    assert people["u-2"]["department"] is None
    assert people["u-2"]["manager"] == {
        "id": "u-1", "employeeNumber": "1", "email": "ana@example.com", "username": "ana", "firstName": "Ana", "lastName": "Silva",
        "preferredFirstName": None, "preferredLastName": None}
    assert people["u-4"]["manager"]["firstName"] == "Mia"


@pytest.mark.parametrize("written", ["u-1", "/users/u-1", "/core/v1/users/u-1/", {"id": "u-1"}, {"@id": "/users/u-1"}])
def test_ways_to_write_a_reference(written):
    people, counts, _seen = fetched(Elmo(users=[ANA, {**MIA, "manager": written}]))
    assert people["u-2"]["manager"]["employeeNumber"] == "1"
    assert counts["unresolved"] == 0


def test_reference_that_is_in_no_list():
    warnings = []
    people, counts, _seen = fetched(Elmo(users=[{**ANA, "position": "p-9", "manager": "u-9"}, {**MIA, "position": "p-9"}]), warnings)
    assert people["u-1"]["position"] == {"id": "p-9", "title": None}
    assert people["u-1"]["manager"] == {**dict.fromkeys(people["u-2"]["manager"]), "id": "u-9"}
    assert counts["unresolved"] == 3
    assert "1 values of 'position' are not in ELMO's lists, for example p-9 of user u-1: they keep their id, without a name." in warnings


def test_references_that_are_not_asked_for():
    warnings = []
    people, counts, seen = fetched(Elmo(), warnings, references=["department"])
    assert people["u-1"]["position"] == {"id": "p-1", "title": None}
    assert people["u-1"]["department"]["title"] == "Finance"
    assert counts["unresolved"] == 0
    assert [text for text in warnings if "ELMO's lists" in text] == []
    assert not [request for request in seen if "positions" in request["path"]]


def test_manager_is_not_named_unless_asked_for():
    people, _counts, _seen = fetched(Elmo(), references=[])
    assert people["u-2"]["manager"]["id"] == "u-1"


@pytest.mark.parametrize(("settings", "expected"), [
    ({"deleted": "exclude"}, {"u-1", "u-2", "u-4"}),
    ({"deleted": "only"}, {"u-3"}),
    ({"include_onboarding": False}, {"u-1", "u-2", "u-3"}),
    ({"deleted": "exclude", "include_onboarding": False}, {"u-1", "u-2"}),
])
def test_who_is_read(settings, expected):
    people, counts, _seen = fetched(Elmo(), **settings)
    assert set(people) == expected
    assert counts["unresolved"] == 0
    assert counts["employees"] == len(expected)


def test_vendor_users():
    _people, _counts, seen = fetched(Elmo(), exclude_vendor_users=True)
    asked = [request["query"].get("excludeVendorUsers") for request in seen if request["path"] == "/core/v1/users"]
    assert asked == ["true", "true", "true"]
    _people, _counts, seen = fetched(Elmo())
    assert not any("excludeVendorUsers" in request["query"] for request in seen)


def test_a_user_wins_over_a_starter_and_a_starter_over_a_leaver():
    hr = Elmo(users=[ANA, MIA], onboarding_users=[{"id": "u-2", "firstName": "Old"}, {"id": "u-3", "firstName": "Back"}],
              deleted=[GONE, {**ANA, "firstName": "Older"}])
    people, counts, _seen = fetched(hr)
    assert (people["u-2"]["firstName"], people["u-2"]["onboarding"]) == ("Mia", True)
    assert (people["u-3"]["firstName"], people["u-3"]["onboarding"], people["u-3"]["deleted"]) == ("Back", True, False)
    assert (people["u-1"]["firstName"], people["u-1"]["deleted"]) == ("Ana", False)
    assert counts["overlapping"] == 3


def test_of_employment_details_only_two_fields_are_kept():
    people, _counts, _seen = fetched(Elmo(), include_employment=True)
    assert (people["u-1"]["employmentType"], people["u-1"]["terminationDate"]) == ("FULLTIME", None)
    assert people["u-2"]["employmentType"] is None
    assert "123" not in json.dumps(people)
    assert "taxFileNumber" not in people["u-1"]


def test_employment_details_are_not_read_unless_asked_for():
    people, _counts, seen = fetched(Elmo())
    assert "employmentType" not in people["u-1"]
    assert not [request for request in seen if request["path"].endswith("/employees")]


def test_custom_fields():
    people, _counts, _seen = fetched(Elmo(), custom_fields=["customField_badge"])
    assert people["u-1"]["customData"] == {"customField_badge": None, "customField_costCentre": "CC-1"}
    assert people["u-2"]["customData"] == {"customField_badge": None, "customField_costCentre": None}


def test_fields():
    people, _counts, _seen = fetched(Elmo(users=[{**ANA, "tenantOnly": 7}, MIA]), fields=["firstName", "tenantOnly"])
    assert people["u-1"] == {"id": "u-1", "firstName": "Ana", "tenantOnly": 7}
    assert people["u-2"] == {"id": "u-2", "firstName": "Mia", "tenantOnly": None}


def test_field_that_is_not_there():
    with pytest.raises(HrisError, match="fields: there is no field 'fristName' in the records. Did you mean 'firstName'"):
        fetched(Elmo(), fields=["fristName"])


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize("envelope", [usual, hydra("hydra:"), hydra(""), hydra_without_view, bare])
def test_envelopes(envelope, size):
    people, _counts, _seen = fetched(Elmo(size, envelope))
    assert set(people) == {"u-1", "u-2", "u-3", "u-4"}


def test_paths_are_settings():
    paths = {**PATHS, "token": "/auth/token", "core": "/api/v2/", "users": "/api/v2/users"}
    people, _counts, seen = fetched(Elmo(prefix="/api/v2/"), paths=paths)
    assert len(people) == 4
    assert seen[-1]["path"] == "/api/v2/legal-entities"
    assert "/auth/token" in [request["path"] for request in seen]


def test_numbers_as_ids():
    people, _counts, _seen = fetched(Elmo(users=[{**ANA, "id": 1}, {**MIA, "manager": 1}]))
    assert people["1"]["firstName"] == "Ana"
    assert people["u-2"]["manager"]["id"] == "1"


def test_half_a_feed_is_an_error():
    def halved(rows, page, last, total):
        return usual(rows, page, last, total * 2 if total > 1 else total)
    with pytest.raises(HrisError, match=r"^ELMO's list /core/v1/users: the list did not arrive complete .* one 2 of the stated 4 records"):
        fetched(Elmo(envelope=halved))


@pytest.mark.parametrize(("page", "said", "expected"), [
    (2, answer({"title": "An error occurred", "detail": "Out of order"}, 500),
     "users?page=2&itemsPerPage=100: HTTP 500, 3 times in a row: Out of order"),
    (2, answer("<html><title>Maintenance</title>"), "users?page=2&itemsPerPage=100: the answer is a web page titled 'Maintenance'"),
    (2, answer('{"data": [{"id": "u'), "its JSON is cut"),
    (1, answer({"users": []}), "ELMO's list /core/v1/users: the answer is not a list of records"),
    (1, answer(usual([{"name": "x"}], 1, 1, 1)), "ELMO's list /core/v1/users: no record has an id. The list does not have the form"),
    (1, answer(usual(["x", None], 1, 1, 2)), "ELMO's list /core/v1/users: none of the records is an object"),
    (1, answer({"error": {"message": "Out of order"}, **usual([ANA], 1, 1, 1)}), "ELMO's list /core/v1/users: the answer is an error: Out of order"),
    (1, answer(usual([ANA, {**ANA, "employeeNumber": "9"}], 1, 1, 1)), "two different records have the identifier 'u-1'"),
    (1, answer(usual([ANA], 1, 1, "many")), "ELMO's list /core/v1/users: the stated total is not a number of records"),
    (2, "drop", "the server closed the connection without an answer"),
])
def test_a_page_that_fails_fails_all(page, said, expected):
    hr = Elmo()

    def respond(request):
        mine = request["path"] == "/core/v1/users" and request["query"]["page"] == str(page) and "deleted" not in request["query"]
        return said if mine else hr(request)
    with pytest.raises(HrisError) as error:
        fetched(respond)
    assert expected in str(error.value)


def test_path_that_is_not_there():
    with pytest.raises(HrisError, match="HTTP 404: No route for /core/v9/onboarding-users"):
        fetched(Elmo(), paths={**PATHS, "core": "/core/v9"})


@pytest.mark.parametrize(("name", "value"), [("client_id", None), ("client_secret", " ")])
def test_credentials_that_are_missing(name, value):
    with pytest.raises(HrisError, match=f"{name}: it is not given. Set it, or the environment variable HRIS_ELMO_{name.upper()}"):
        fetched(Elmo(), **{name: value})


def test_a_record_without_id_costs_no_other():
    warnings = []
    with serving(Elmo(users=[ANA, None, {"firstName": "Nobody", "employeeNumber": "9", "manager": "u-1"}, MIA])) as server:
        found = source.fetch({**SETTINGS, "base_url": server.url, "include_employment": True}, warnings.append)
    assert [(one["id"], one["employeeNumber"], one["firstName"]) for one in found.employees] == [
        ("u-1", "1", "Ana"), ("u-2", "2", "Mia"), ("u-4", None, "Nia"), ("u-3", "3", "Gus"), (None, None, None), (None, "9", "Nobody")]
    assert found.employees[5]["manager"]["employeeNumber"] == "1"
    assert warnings == ["ELMO's list /core/v1/users: 2 records without an id. Nothing can refer to such a record."]
