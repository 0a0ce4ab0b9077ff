"""The ELMO server: its contract, read through requests as any client would."""
import json

import pytest

from lab import company, day, population
from lab.hr import serve

KEY = {"grant_type": "client_credentials", "client_id": "lab-client", "client_secret": "lab-secret"}


@pytest.fixture
def made():
    return population.generate(60, 1, "elmo")


@pytest.fixture
def server(made):
    with serve("elmo", made) as running:
        yield running


def token(server, session, **options):
    return session.post(server.url + "/oauth/token", **(options or {"json": KEY}))


@pytest.fixture
def get(server, session):
    def ask(path, **query):
        if "Authorization" not in session.headers:
            session.headers["Authorization"] = f"Bearer {token(server, session).json()['access_token']}"
        return session.get(f"{server.url}/core/v1/{path}", params=query)

    return ask


def everyone(get, path="users", **query):
    rows, page = [], 1
    while True:
        answer = get(path, page=page, itemsPerPage=25, **query).json()
        rows += answer["data"]
        if page >= answer["metadata"]["lastPage"]:
            return rows
        page += 1


def test_token(server, session):
    assert token(server, session).json() | {"access_token": "x"} == {
        "access_token": "x", "token_type": "Bearer", "expires_in": 1800}
    assert token(server, session, data=KEY).status_code == 400  # a form is a setting
    assert token(server, session, json=KEY | {"client_secret": "wrong"}).json()["error"] == "invalid_client"
    assert token(server, session, json={"grant_type": "client_credentials"}).json()["error"] == "invalid_request"
    assert token(server, session, json=KEY | {"grant_type": "password"}).status_code == 400


@pytest.mark.parametrize(("accepts", "as_json", "as_form"), [("json", 200, 400), ("form", 400, 200), ("any", 200, 200)])
def test_token_body_is_a_setting(made, session, accepts, as_json, as_form):
    with serve("elmo", made, token_body=accepts) as server:
        assert token(server, session).status_code == as_json
        assert token(server, session, data=KEY).status_code == as_form


def test_tokens_are_needed_and_end(made, session):
    with serve("elmo", made, token_seconds=0) as server:
        url = server.url + "/core/v1/users"
        assert session.get(url).status_code == 401
        bearer = token(server, session).json()["access_token"]
        assert session.get(url, headers={"Authorization": f"Bearer {bearer}"}).status_code == 401


def test_pages(get):
    first = get("users").json()
    assert first["metadata"]["itemsPerPage"] == len(first["data"]) == 20
    assert get("users", itemsPerPage=1000).json()["metadata"]["itemsPerPage"] == 100
    total = first["metadata"]["totalItems"]
    assert first["metadata"]["lastPage"] == -(-total // 20)
    assert get("users", page=99).json()["data"] == []
    rows = everyone(get)
    assert len(rows) == total == len({row["id"] for row in rows})


def test_who_is_listed_where(get, made):
    current, deleted, coming = everyone(get), everyone(get, deleted="true"), everyone(get, "onboarding-users")
    assert len(current) + len(deleted) + len(coming) == len(made["people"])
    assert deleted and coming
    assert any(not row["active"] for row in current) and any(row["startDate"] > made["date"] for row in current)
    assert all(row["employeeNumber"] is None and "username" not in row for row in coming)
    assert all(row["employeeNumber"].startswith("E10") for row in current + deleted)
    assert len(everyone(get, "employees")) == len(current) + len(deleted)


def test_references_resolve(get):
    known = {kind: {row["id"] for row in everyone(get, kind)}
             for kind in ("departments", "positions", "locations", "legal-entities")}
    people = everyone(get)
    ids = {row["id"] for row in people} | {row["id"] for row in everyone(get, deleted="true")}
    for row in people:
        assert row["department"] is None or row["department"] in known["departments"]
        assert row["position"] is None or row["position"] in known["positions"]
        assert row["location"] is None or row["location"] in known["locations"]
        assert row["legalEntity"] in known["legal-entities"]
        assert row["manager"] is None or row["manager"] in ids
    one = get(f"users/{people[0]['id']}").json()
    assert one == people[0]


def test_filters_and_errors(get, session, server):
    smiths = everyone(get, firstName="John", lastName="Smith")
    assert len(smiths) >= 8 and {row["lastName"] for row in smiths} == {"Smith"}
    missing = get("users/00000000-0000-0000-0000-000000000000")
    assert missing.status_code == 404 and missing.json()["detail"] == "User not found"
    assert get("nothing").status_code == 404
    assert session.post(server.url + "/core/v1/users", json={}).status_code == 405


def test_vendor_users_are_in_the_list_unless_asked_away(made, session):
    with serve("elmo", made, vendor_users=2, page_maximum=500) as server:
        session.headers["Authorization"] = f"Bearer {token(server, session).json()['access_token']}"
        url = server.url + "/core/v1/users?itemsPerPage=500"
        everybody, staff = (session.get(url + more).json()["data"] for more in ("", "&excludeVendorUsers=true"))
    vendors = [row for row in everybody if row["employeeNumber"] is None]
    assert len(vendors) == 2 and len(staff) == len(everybody) - 2


def test_hydra_and_iris(made, session):
    with serve("elmo", made, hydra=True, iris=True) as server:
        session.headers["Authorization"] = f"Bearer {token(server, session).json()['access_token']}"
        url, rows = "/core/v1/users", []
        while url:
            answer = session.get(server.url + url).json()
            rows += answer["hydra:member"]
            url = answer["hydra:view"].get("hydra:next")
        assert len(rows) == answer["hydra:totalItems"]
        assert {row["legalEntity"].split("/")[1] for row in rows} == {"legal-entities"}


def test_a_new_day_shows_without_a_restart(tmp_path, session):
    state = population.generate(40, 1, "elmo")
    path = tmp_path / "elmo.json"
    company.save(path, state)
    with serve("elmo", path) as server:
        session.headers["Authorization"] = f"Bearer {token(server, session).json()['access_token']}"
        url = server.url + "/core/v1/users?itemsPerPage=100"
        before = {row["id"]: row["lastName"] for row in session.get(url).json()["data"]}
        day.pass_day(state)
        company.save(path, state)
        after = {row["id"]: row["lastName"] for row in session.get(url).json()["data"]}
    assert set(after) - set(before)
    assert any(before[key] != after[key] for key in set(before) & set(after))
    assert path.stat().st_mode & 0o777 == 0o600


def test_requests_are_counted_on_one_connection(get, server):
    for _time in range(3):
        get("users")
    assert [(seen["method"], seen["path"], seen["status"]) for seen in server.requests] == [
        ("POST", "/oauth/token", 200), *[("GET", "/core/v1/users", 200)] * 3]
    assert json.dumps(server.requests)


def test_patch_is_the_labs_own_and_must_be_switched_on(made, session):
    person = next(row for row in made["people"] if row["start"] <= made["date"] and not row["archived"])
    for writes in (False, True):
        with serve("elmo", made, writes=writes) as server:
            headers = {"Authorization": f"Bearer {token(server, session).json()['access_token']}"}
            address = f"{server.url}/core/v1/users/{person['id']}"
            said = session.patch(address, json={"mobile": "1", "customData": {"customField_login": "x"}}, headers=headers)
            if not writes:
                assert said.status_code == 405
                continue
            assert (said.status_code, said.json()["mobile"], said.json()["customData"]["customField_login"]) == (200, "1", "x")
            said = session.patch(address, json={"mobile": "2", "emial": "x"}, headers=headers)
            assert said.status_code == 422 and said.json()["violations"][0]["propertyPath"] == "emial" and person["mobile"] == "1"
            assert session.patch(f"{server.url}/core/v1/users/none", json={}, headers=headers).status_code == 404
