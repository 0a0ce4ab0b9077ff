"""The IceHrm server against answers of the real program: what it observes, its surprises included."""
import base64
import json

import pytest

from lab import icehrm_custom, icehrm_shapes, population, tokens
from lab.hr import serve

ROW = {"objectName", "isJoinFind", "image", "email", "customFields"}


@pytest.fixture
def made():
    return population.generate(60, 1, "icehrm")


@pytest.fixture
def server(made):
    with serve("icehrm", made) as running:
        yield running


@pytest.fixture
def ice(server, session):
    session.headers["Authorization"] = f"Bearer {server.token()}"
    return session


def visible(made):
    return {person["number"] for person in made["people"] if not person["archived"]}


def listed(ice, server, **query):
    query = {"limit": 500, "sortField": "id", "sortOrder": "ascend"} | query
    return ice.get(server.url + "/employees", params=query).json()


def test_list(ice, server, made):
    answer = listed(ice, server)
    ids = [row["id"] for row in answer["data"]]
    assert ids == sorted(visible(made)) and answer["total"] == len(ids) and answer["nextPage"] == 2
    assert len(ids) < len(made["people"])  # archived people vanish
    beyond = listed(ice, server, page=99)
    assert (beyond["data"], beyond["total"], beyond["nextPage"]) == ([], len(ids), 100)
    row = answer["data"][0]
    assert set(row) == ROW | set(icehrm_shapes.COLUMNS)
    assert row["employee_id"] == "EMP0001" and row["work_station_id"] is None
    boss = next(row["supervisor"] for row in answer["data"] if row["supervisor"])
    assert set(boss) == {"type", "id", "display"} and isinstance(boss["id"], int)
    assert {row["status"] for row in answer["data"]} == {"Active", "Terminated"}
    assert any(row["termination_date"] == "0000-00-00" for row in answer["data"])
    assert any(row["customFields"] == [] for row in answer["data"])
    fields = [row["customFields"] for row in answer["data"] if row["customFields"]]
    assert {field["Cost Centre"][0] for field in fields} >= {"CC-100"} and all(set(field) == {"Cost Centre", "Group Number"} for field in fields)


def test_no_order_unless_asked_for(ice, server):
    url = server.url + "/employees"
    pages = [ice.get(url, params={"page": page, "limit": 30}).json()["data"] for page in (1, 2)]
    ids = [row["id"] for page in pages for row in page]
    assert ids != sorted(ids) and len(set(ids)) < len(ids)  # pages of an unsorted list overlap
    names = [row["last_name"].lower() for row in listed(ice, server, sortField="last_name")["data"]]
    assert names == sorted(names)
    assert listed(ice, server, sortOrder="descend")["data"][0]["id"] == 60


def test_own_row_on_top_of_its_page(session, server):
    session.headers["Authorization"] = f"Bearer {server.token(owner=58)}"
    ids = [row["id"] for row in listed(session, server, limit=20, page=3)["data"]]
    assert ids[0] == 58 and ids[1:] == sorted(ids[1:])
    assert session.get(server.url + "/employees/me").json()["id"] == 58


def test_filters(ice, server):
    def found(text):
        return ice.get(server.url + "/employees", params={"filters": text, "limit": 500})

    assert [row["id"] for row in found('{"employee_id":"EMP0003"}').json()["data"]] == [3]
    either = found('{"status":["Active","Terminated"]}').json()["data"]
    assert {row["status"] for row in either} == {"Active", "Terminated"}
    assert {row["department"]["display"] for row in found('{"department":"5"}').json()["data"]} == {"Sales"}
    assert found("{bad").json()["total"] == listed(ice, server)["total"]
    answer = found('{"nosuch":"x"}')
    assert (answer.status_code, answer.content) == (500, b"")


def test_routes(ice, server, made):
    def get(path):
        answer = ice.get(server.origin + path)
        return answer.status_code, answer.text

    assert get("/app/api/employees/") == (404, "404")
    assert get("/app/api/nothing") == (404, "404")
    assert get("/app/api/employees/9999") == (500, "")
    assert get("/api/lab/employees?limit=1")[0] == get("/api/v1/lab/employees?limit=1")[0] == 200
    assert get("/api/other/employees")[0] == 404
    assert ice.patch(server.url + "/employees/3", json={}).status_code == 404
    assert len(ice.get(server.url + "/meta/countries").json()["data"]) == 5
    details = ice.get(server.url + "/company/structures/5/details").json()
    assert details["title"] == "Sales" and details["employeeCount"] == len(details["employees"]) > 5
    del ice.headers["Authorization"]
    assert ice.get(server.url + "/echo").text.startswith("Echo ")


def test_one(ice, server):
    row = next(row for row in listed(ice, server)["data"] if row["supervisor"] and row["customFields"])
    one = ice.get(f"{server.url}/employees/{row['id']}").json()
    assert None not in one.values() and "work_station_id" not in one
    assert one["cost_centre"] == row["customFields"]["Cost Centre"][0]
    assert "image" in one["supervisor"] and one["nationality"]["display"] == "Australian"
    assert one["department"] == row["department"] and isinstance(row["nationality"], int)


@pytest.mark.parametrize(("header", "status", "body"), [
    (None, 403, "empty"), ("Basic x", 403, "empty"), ("Bearer not-a-jwt", 500, None),
    ("Bearer " + tokens.issue("another key"), 403, "empty"),
    ("Bearer " + tokens.issue("lab-key", days=-1), 403, "empty"),
])
def test_not_authorised(session, server, header, status, body):
    answer = session.get(server.url + "/employees", headers={"Authorization": header})
    assert answer.status_code == status
    if body is None:
        assert answer.content == b""
    else:
        assert answer.json() == {"error": [[{"code": 403, "message": f"Authorization bearer token is {body}"}]]}


@pytest.mark.parametrize(("kind", "status", "body"), [
    ("revoked", 403, {"error": [[{"code": 403, "message": "Authorization bearer token is invalid"}]]}),
    ("password_changed", 200, {"error": [[{"code": None, "message": False}]]}), ("disabled", 200, None)])
def test_not_authorised_in_other_ways(ice, server, kind, status, body):
    server.faults.append({"kind": kind})
    answer = ice.get(server.url + "/employees")
    assert answer.status_code == status
    if body:
        assert answer.json() == body
    else:
        assert answer.text.startswith("REST Api is not enabled.")


def test_levels(session, server, made):
    boss = next(person["manager"] for person in made["people"] if person["manager"])
    session.headers["Authorization"] = f"Bearer {server.token('Manager', boss)}"
    rows = listed(session, server)["data"]
    assert rows and {row["supervisor"]["id"] for row in rows} == {boss}
    assert session.put(f"{server.url}/employees/{rows[0]['id']}", json={}).status_code == 403
    service = session.get(server.url + "/employees/me", headers={"Authorization": f"Bearer {server.token()}"})
    assert service.status_code == 200 and "id" not in service.json()


def test_put_is_partial(ice, server):
    url = server.url + "/employees/" + str(listed(ice, server)["data"][0]["id"])
    before = ice.get(url).json()
    assert ice.put(url, json={}).json() == before
    changed = ice.put(url, json={"work_email": "new@example.com", "job_title": "3", "ad_username": "jsmith",
                                 "stray": "x"})
    assert changed.status_code == 200
    after = ice.get(url).json()
    assert after == changed.json()
    assert (after["work_email"], after["email"], after["job_title"]["id"]) == ("new@example.com", "new@example.com", 3)
    assert after["customFields"]["AD Username"] == ["jsmith", "Work Details", "text"] and after["stray"] == "x"
    assert "stray" not in listed(ice, server)["data"][0]
    same = set(before) - {"work_email", "email", "job_title", "customFields"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert "work_email" not in ice.put(url, json={"work_email": None}).json()
    left = ice.put(url, json={"status": "Terminated", "termination_date": "2026-03-31"}).json()
    assert (left["status"], left["termination_date"]) == ("Terminated", "2026-03-31")
    back = ice.put(url, json={"status": "Active", "termination_date": None}).json()
    assert back["status"] == "Active" and "termination_date" not in back


@pytest.mark.parametrize("body", [
    {"termination_date": "31/12/2026"}, {"termination_date": ""}, {"department": "Sales"}, {"department": {"id": 5}},
    {"department": 99}, {"supervisor": 4711}, {"employee_id": "EMP0002"}, {"first_name": None}, []])
def test_put_refuses_without_a_reason(ice, server, body):
    url = server.url + "/employees/" + str(listed(ice, server)["data"][0]["id"])
    before = ice.get(url).json()
    answer = ice.put(url, json=body if body == [] else {"last_name": "Changed"} | body)
    assert answer.status_code == 400
    assert answer.json() == {"error": [[{"code": 400, "message": "Error modifying employee"}]]}
    assert ice.get(url).json() == before


def test_put_to_nobody_makes_a_ghost(ice, server):
    answer = ice.put(server.url + "/employees/9999", json={"first_name": "Ghost"})
    assert answer.status_code == 200 and answer.json()["id"] == 61 and "employee_id" not in answer.json()
    ghost = listed(ice, server)["data"][-1]
    assert (ghost["id"], ghost["status"], ghost["last_name"], ghost["joined_date"]) == (61, None, None, None)
    named = ice.put(server.url + "/employees/61", json={"last_name": "Writer", "status": "Active"}).json()
    assert (named["last_name"], named["status"]) == ("Writer", "Active")


def test_post_and_delete(ice, server):
    url = server.url + "/employees"
    made = ice.post(url, json={"employee_id": "EMP100", "first_name": "Aroha", "last_name": "Ngata", "department": "5",
                               "country": "NZ", "joined_date": "2026-02-01", "cost_centre": "CC-42"})
    assert made.status_code == 201 and made.json()["department"]["display"] == "Sales"
    assert made.json()["country"] == {"type": "Country", "code": "NZ", "display": "New Zealand"}
    twice = ice.post(url, json={"employee_id": "EMP100", "first_name": "Dup"})
    assert twice.status_code == 400
    assert twice.json()["error"][0][0]["message"] == "Duplicate entry 'EMP100' for key 'employee_id'"
    assert ice.post(url, json={"last_name": "Nobody"}).status_code == 400
    one = f"{url}/{made.json()['id']}"
    assert ice.delete(one).status_code == 200
    assert ice.get(one).status_code == 500


def test_documented_shapes(made, session):
    with serve("icehrm", made, documented=True) as server:
        session.headers["Authorization"] = f"Bearer {server.token()}"
        answer = session.get(server.url + "/employees/", params={"limit": 5}).json()
        row = next(row for row in answer["data"] if row["job_title"] and row["department"])
        assert answer["status"] == "SUCCESS" and isinstance(row["id"], str) and isinstance(row["job_title"], str)
        assert set(row["department"]) == {"id", "name"}
        one = session.get(f"{server.url}/employees/{row['id']}").json()
        assert one["status"] == "SUCCESS" and one["data"]["id"] == row["id"]
        missing = session.get(server.url + "/employees/9999")
        assert (missing.status_code, missing.json()) == (404, {"status": "ERROR", "message": "Employee not found"})
        assert session.put(f"{server.url}/employees/{row['id']}", json={}).status_code == 201


def test_older_versions_give_no_total(made, session):
    with serve("icehrm", made, total=False) as server:
        session.headers["Authorization"] = f"Bearer {server.token()}"
        assert set(session.get(server.url + "/employees").json()) == {"data", "nextPage"}


def test_tokens_tell_their_end_without_the_key():
    payload = tokens.issue("k", days=1).split(".")[1]
    assert set(json.loads(base64.urlsafe_b64decode(payload + "=="))) == {"token", "expire"}


def first_url(ice, server):
    return server.url + "/employees/" + str(listed(ice, server)["data"][0]["id"])


def test_custom_values_are_cleared_by_an_empty_text_only(ice, server):
    url = first_url(ice, server)
    ice.put(url, json={"ad_username": "ann", "stray": "x"})
    assert ice.put(url, json={"ad_username": None, "stray": None}).json()["ad_username"] == "ann"
    cleared = ice.put(url, json={"ad_username": "", "stray": ""}).json()
    assert (cleared["ad_username"], cleared["stray"]) == ("", "")
    assert cleared["customFields"]["AD Username"] == ["", "Work Details", "text"]


@pytest.mark.parametrize(("name", "value", "label", "display"), [
    ("building_access", "hq", "Building Access", "HQ"), ("building_access", "HQ", "Building Access", None),
    ("systems", '["fin","x"]', "Systems", "Finance<br/>x"), ("systems", "", "Systems", None),
    ("last_working_day", "2027-03-31", "Last Working Day", "March 31, 2027"),
    ("last_working_day", "31.3.2027", "Last Working Day", "January 1, 1970"),
    ("last_working_day", "0000-00-00", "Last Working Day", "November 30, -0001"),
    ("last_working_day", "NULL", "Last Working Day", ""), ("year_code", "x", "0", "x")])
def test_custom_values_are_kept_raw_and_shown_by_their_type(ice, server, name, value, label, display):
    answer = ice.put(first_url(ice, server), json={name: value})
    assert answer.status_code == 200 and answer.json()[name] == value
    assert answer.json()["customFields"].get(label, [None])[0] == display


def test_a_field_whose_label_is_digits_is_a_list_when_it_is_the_only_one():
    assert icehrm_custom.shown({"year_code": "x"}) == [["x", "Work Details", "text"]]


def test_an_unknown_time_zone_breaks_an_employee(ice, server):
    url = first_url(ice, server)
    answers = [ice.put(url, json={"timezone": "Mars/Base"}), ice.get(url), ice.put(url, json={"timezone": "Europe/Berlin"})]
    assert [(answer.status_code, answer.content) for answer in answers] == [(500, b"")] * 3
    assert listed(ice, server)["data"][0]["timezone"] == "Mars/Base"


def test_numbers_are_equal_without_case_and_blanks_at_the_end(ice, server):
    assert ice.put(first_url(ice, server), json={"employee_id": "Emp0002 "}).status_code == 400
    assert ice.put(first_url(ice, server), json={"employee_id": " Emp0002"}).json()["employee_id"] == " Emp0002"
    found = ice.get(server.url + "/employees", params={"filters": '{"employee_id":"emp0003 "}'}).json()["data"]
    assert [row["employee_id"] for row in found] == ["EMP0003"]


@pytest.mark.parametrize("body", [{"work_phone": "1" * 51}, {"employee_id": "E" * 51}, {"work_email": "a" * 101}, {"status": "Gone"}])
def test_what_the_columns_cannot_hold_is_refused_without_a_reason(ice, server, body):
    assert ice.put(first_url(ice, server), json=body).status_code == 400
