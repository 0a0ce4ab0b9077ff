"""IceHrm: every employee through its REST API, whatever the version, and its own ways to say no."""
from __future__ import annotations

import base64
import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.icehrm import (
    connection,
    record_format,
    source,
)
from hr_server import DROP, OPTIONS, answer, serving

NOW = 1_800_000_000.0  # 2027-01-15
DAY = 86400


def token(**payload) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "HS256"}, payload)]
    return ".".join([*parts, "c2lnbmF0dXJl"])


GOOD = token(token="abc", expire=NOW + 100 * DAY)
SETTINGS = {
    **OPTIONS, "company_name": None, "token": GOOD, "token_warn_days": 14, "require_admin": True, "page_size": 2, "concurrency": 1, "fields": None,
    "custom_fields": None,
}
ROWS = [{"id": number, "employee_id": f"E{number}", "first_name": f"N{number}", "status": "Terminated" if number == 4 else "Active"}
        for number in range(1, 6)]
ADMIN = {"id": 1, "user_level": "Admin", "user_name": "admin"}


class IceHrm:
    """Lists rows as IceHrm 35 does: nextPage for ever, the token owner's row (id 3) at the top of its page."""

    def __init__(self, rows=None, me=None, envelope=None):
        self.rows, self.me, self.envelope = ROWS if rows is None else rows, ADMIN if me is None else me, envelope or observed

    def __call__(self, request):
        if request["headers"].get("authorization") != f"Bearer {GOOD}":
            return answer({"error": [[{"code": 403, "message": "Authorization bearer token is invalid"}]]}, 403)
        if request["path"] == "/app/api/employees/me":
            return answer(self.me)
        if request["path"] != "/app/api/employees":
            return answer("404", 404)
        query = request["query"]
        assert (query["sortField"], query["sortOrder"]) == ("id", "ascend")
        page, limit = int(query["page"]), int(query["limit"])
        rows = self.rows[(page - 1) * limit:page * limit]
        return answer(self.envelope(sorted(rows, key=lambda row: row["id"] != 3), page, len(self.rows)))


def observed(rows, page, total):
    return {"data": rows, "total": total, "nextPage": page + 1}


def documented(rows, page, total):
    return {"status": "SUCCESS", "data": rows, "total": str(total), "nextPage": str(page + 1)}


def without_total(rows, page, total):
    return {"status": "SUCCESS", "data": rows, "nextPage": page + 1}


def fetched(hr, warnings=None, **settings):
    """(employees by id, counts, requests seen)"""
    with serving(hr) as server:
        settings = {**SETTINGS, "base_url": f"{server.url}/app/api", **settings}
        found = source.fetch(settings, (warnings if warnings is not None else []).append, clock=lambda: NOW)
    return {record["id"]: record for record in found.employees}, found.counts, server.seen


def failure(hr, **settings) -> str:
    with pytest.raises(HrisError) as error:
        fetched(hr, **settings)
    text = str(error.value)
    assert settings.get("token", GOOD) not in text
    return text


@pytest.mark.parametrize(("envelope", "pages"), [(observed, 3), (documented, 3), (without_total, 8)])
def test_everyone(envelope, pages):
    warnings = []
    people, counts, _seen = fetched(IceHrm(envelope=envelope), warnings)
    assert set(people) == {"1", "2", "3", "4", "5"}
    assert counts == {"employees": 5, "terminated": 1, "pages": pages, "requests": pages + 1, "retries": 0}
    expected = tuple(name for name in record_format.FIELDS if name not in record_format.SENSITIVE)
    assert {tuple(record) for record in people.values()} == {expected}
    assert warnings == []


def test_a_server_that_gives_fewer_than_asked_for():
    hr = IceHrm()

    def respond(request):
        return hr({**request, "query": {**request["query"], "limit": "2"}})
    people, _counts, _seen = fetched(respond, page_size=500)
    assert len(people) == 5


def test_nobody():
    assert fetched(IceHrm(rows=[]))[1]["employees"] == 0


def test_half_a_feed_is_an_error():
    text = failure(IceHrm(envelope=lambda rows, page, total: observed(rows, page, total + 5)))
    assert text.startswith("IceHrm's list of employees: the list did not arrive complete in 3 readings")
    assert "in the last one 5 of the stated 10 records came" in text


def test_a_record_that_goes_while_we_read():
    rows = list(ROWS)
    hr = IceHrm(rows)

    def respond(request):
        if request["query"].get("page") == "2" and len(rows) == 5:
            del rows[0]
        return hr(request)
    for envelope in (observed, without_total):
        rows[:] = ROWS
        hr.envelope = envelope
        assert set(fetched(respond)[0]) == {"2", "3", "4", "5"}


ERROR_INSIDE = {"error": [[{"code": None, "message": False}]]}
REFUSALS = {
    "password changed": (answer(ERROR_INSIDE), "IceHrm refuses the token without giving a reason. It does so when the user's password was changed"),
    "error with 200": (answer({"error": [[{"code": 400, "message": f"No {GOOD}"}]]}), "IceHrm answers with an error: No ********."),
    "documented error": (answer({"status": "ERROR", "message": "Not today"}), "IceHrm answers with an error: Not today."),
    "switched off": (answer("REST Api is not enabled. Please set 'Api: REST Api Enabled' setting to true"),
                     "'REST Api is not enabled. Please set 'Api: REST Api Enabled' setting to true'. Switch on 'Api: REST"),
    "revoked": (answer({"error": [[{"code": 403, "message": "Authorization bearer token is invalid"}]]}, 403),
                "HTTP 403: Authorization bearer token is invalid. The token is revoked, expired or of another site"),
    "revoked before 32": (answer({"error": [[{"code": 401, "message": "Authorization bearer token is invalid"}]]}, 401),
                          "HTTP 401: Authorization"),
    "broken": (answer(b"", 500),
               "HTTP 500, 3 times in a row, with an empty body. IceHrm answers so to an invalid token and to its own errors"),
    "wrong path": (answer("404", 404), "HTTP 404: 404. base_url is the address of the API: https://your-site/app/api"),
    "login page": (answer("<html><title>IceHrm Login</title>"), "a web page titled 'IceHrm Login', not JSON"),
    "not a list": (answer({"id": 1}), "the answer is not a list of employees"),
    "dropped": (DROP, "the server closed the connection without an answer"),
}


@pytest.mark.parametrize("name", REFUSALS)
@pytest.mark.parametrize("require_admin", [True, False])
def test_ways_to_say_no(name, require_admin):
    said, expected = REFUSALS[name]
    assert expected in failure(lambda request: said, require_admin=require_admin)


def test_error_on_a_later_page():
    hr = IceHrm()
    assert "refuses the token without giving a reason" in failure(
        lambda request: answer(ERROR_INSIDE) if request["query"].get("page") == "2" else hr(request))


def test_expired_token_is_told_before_any_request():
    with serving(IceHrm()) as server:
        with pytest.raises(HrisError, match=r"^token: it expired on 2027-01-14 08:00 UTC. Make a new one in IceHrm"):
            source.fetch({**SETTINGS, "base_url": server.url, "token": token(expire=NOW - DAY)}, [].append, clock=lambda: NOW)
        assert server.seen == []


@pytest.mark.parametrize(("days", "warned"), [(13.9, True), (14.1, False)])
def test_token_that_ends_soon(days, warned):
    warnings = []
    settings = {**SETTINGS, "base_url": "https://hr.example.com", "token": token(expire=NOW + days * DAY)}
    connection.connect(settings, warnings.append, lambda: NOW)
    expected = ("The IceHrm token expires in 13.9 days, on 2027-01-29 05:36 UTC. Make a new one in IceHrm under "
                "Personal Information > Basic Information > Api Access.")
    assert warnings == ([expected] if warned else [])


def test_token_that_is_not_a_jwt_is_tried_once():
    with serving(lambda request: answer(b"", 500)) as server:
        with pytest.raises(HrisError, match="HTTP 500, with an empty body. The token is not of IceHrm's kind"):
            source.fetch({**SETTINGS, "base_url": server.url, "token": "opaque", "require_admin": False}, [].append, lambda: NOW)
        assert len(server.seen) == 1


@pytest.mark.parametrize("odd", [token(token="abc"), token(expire="never"), token(expire=None), "a.b.c", "opaque"])
def test_token_whose_end_nobody_can_read_is_used(odd):
    connection.connect({**SETTINGS, "base_url": "https://hr.example.com", "token": odd}, pytest.fail, lambda: NOW)


@pytest.mark.parametrize(("given", "expected"), [
    (None, "token: it is not given. Set it, or the environment variable HRIS_ICEHRM_TOKEN."),
    ("  ", "token: it is not given."),
    (f"Bearer {GOOD}", "token: it holds characters that no token has. Give the token alone, without 'Bearer'."),
    ("tök", "it holds characters that no token has"),
])
def test_token_that_cannot_be_sent(given, expected):
    with pytest.raises(HrisError) as error:
        connection.connect({**SETTINGS, "base_url": "https://hr.example.com", "token": given}, [].append, lambda: NOW)
    assert expected in str(error.value)


@pytest.mark.parametrize("level", ["Manager", "Employee"])
def test_token_of_a_manager_is_refused(level):
    me = {"id": 3, "user_level": level}
    expected = f"the token belongs to a user of the level {level}, who sees direct subordinates only"
    assert expected in failure(IceHrm(me=me))
    assert expected in failure(IceHrm(me={"status": "SUCCESS", "data": me}))
    people, _counts, seen = fetched(IceHrm(me=me), require_admin=False)
    assert len(people) == 5
    assert not [request for request in seen if request["path"].endswith("/me")]


def test_service_admin_without_an_employee_profile():
    assert len(fetched(IceHrm(me={"isJoinFind": False, "customFields": [], "can_login": 0}))[0]) == 5


@pytest.mark.parametrize("said", [answer("404", 404), answer(b"", 500)])
def test_version_that_does_not_say_who_the_owner_is(said):
    hr = IceHrm()
    assert len(fetched(lambda request: said if request["path"].endswith("/me") else hr(request))[0]) == 5


@pytest.mark.parametrize(("base_url", "company", "expected"), [
    (None, "test1", "https://icehrm.com/api/test1"),
    ("https://hr.example.com/app/api", "test1", "https://hr.example.com/app/api"),
])
def test_address(base_url, company, expected):
    assert connection.base_url(base_url, company) == expected


@pytest.mark.parametrize("company", ["../x", "a b", "", "test1.icehrm.com"])
def test_company_that_is_no_name(company):
    with pytest.raises(HrisError):
        connection.base_url(None, company)


def test_fields():
    people, _counts, _seen = fetched(IceHrm([{**ROWS[0], "ssn_num": "12"}]), fields=["first_name", "ssn_num"])
    assert people == {"1": {"id": "1", "first_name": "N1", "ssn_num": "12"}}


def test_field_that_is_not_there():
    assert "fields: there is no field 'firstname' in the records. Did you mean 'first_name'" in failure(IceHrm(), fields=["firstname"])


def test_custom_fields_in_one_shape():
    rows = [{**ROWS[0], "customFields": {"Badge": ["7", "Work", "text"]}}, {**ROWS[1], "customFields": []}]
    people, _counts, _seen = fetched(IceHrm(rows), custom_fields=["Cost Centre"])
    assert people["1"]["custom"] == {"Cost Centre": None, "Badge": "7"}
    assert people["2"]["custom"] == {"Cost Centre": None, "Badge": None}
