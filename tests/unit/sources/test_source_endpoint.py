"""Any REST source: requests as described, pages in every way, dependent calls, and one clear error for whatever does not fit."""
from __future__ import annotations

import copy
import json
import threading
import time
from urllib.parse import parse_qs

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.rest import options, source
from ansible_collections.hris.ad.plugins.module_utils._hris.web import authentication
from hr_server import OPTIONS, answer, serving

PEOPLE = [{"id": number, "name": f"N{number}", "unit": 10 + number % 2} for number in range(1, 6)]
SPEC = {**options.ARGUMENTS, **authentication.ARGUMENTS}


def settings(**given) -> dict:
    """The options as the module would hand them on."""
    checked = ArgumentSpecValidator(copy.deepcopy(SPEC)).validate(copy.deepcopy(given))
    assert not checked.error_messages, checked.error_messages
    return {**OPTIONS, **checked.validated_parameters}


def result_of(found) -> dict:
    """What the module returns of it."""
    return {"employees": found.employees, "counts": found.counts, "seconds": found.seconds, **found.details}


def fetched(respond, *endpoints, warnings=None, **more) -> dict:
    """What fetch gives, with "seen", the requests. An endpoint without url or file is at /people."""
    with serving(respond) as server:
        described = [{"name": "people", **({} if "file" in given else {"url": "/people"}), **given} for given in endpoints]
        found = source.fetch(settings(base_url=more.pop("base_url", server.url), endpoints=described, **more),
                               (warnings if warnings is not None else []).append)
    return {**result_of(found), "seen": server.seen}


def failure(respond, *endpoints, **more) -> str:
    with pytest.raises(HrisError) as error:
        fetched(respond, *endpoints, **more)
    return str(error.value)


def ids(found) -> list:
    return [employee["id"] for employee in found["employees"]]


# requests

def test_a_request_as_it_is_described():
    found = fetched(
        lambda request: answer({"data": PEOPLE}),
        {"url": "/v1/{company_name}/people", "method": "POST", "headers": {"X-Since": "{date_add(today, -7, 'days')}", "X-Plain": "a b"},
         "params": {"tag": ["a", "{company_name}"], "active": True, "none": None, "n": "{limit}"},
         "body": {"filter": {"from": "{today}", "size": "{limit}", "text": "up to {limit}"}, "list": ["{company_name}", 1]}, "records": "data"},
        variables={"company_name": "acme/../x y", "limit": 5}, as_of="2026-03-08")
    seen = found["seen"][0]
    assert (seen["method"], seen["path"]) == ("POST", "/v1/acme%2F..%2Fx%20y/people")
    assert (seen["headers"]["x-since"], seen["headers"]["x-plain"]) == ("2026-03-01", "a b")
    assert seen["query"] == {"tag": "acme/../x y", "active": "true", "n": "5"}  # of several only the last is kept by the test's server
    assert json.loads(seen["body"]) == {"filter": {"from": "2026-03-08", "size": 5, "text": "up to 5"}, "list": ["acme/../x y", 1]}
    assert ids(found) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("body", "body_format", "read", "expected"), [
    ({"a": "{n}", "b": ["x", "y"]}, "form", lambda raw: parse_qs(raw.decode()), {"a": ["7"], "b": ["x", "y"]}),
    ("<q n='{n}'>{'{'}ü{'}'}</q>", "text", bytes.decode, "<q n='7'>{ü}</q>"),
    (["{n}"], "json", json.loads, [7]),
])
def test_bodies(body, body_format, read, expected):
    found = fetched(lambda request: answer(PEOPLE), {"method": "POST", "body": body, "body_format": body_format}, variables={"n": 7})
    assert read(found["seen"][0]["body"]) == expected


@pytest.mark.parametrize(("given", "expected"), [
    ({"url": "/{companyname}/x"}, "endpoints[0] (people).url: unknown macro '{companyname}'. Did you mean 'company_name'?"),
    ({"params": {"a": {"b": ["{date_add(yesterday, 1, 'day')}"]}}}, "endpoints[0] (people).params.a.b[0]: unknown macro '{yesterday}'."),
    ({"headers": {"X": "{empty}"}}, "endpoints[0] (people).headers.X: '{empty}' has no value. Write {empty || ''} if it may be missing."),
    ({"body": {"a": "{today"}}, "endpoints[0] (people).body.a: '{' without '}'"),
    ({"params": {"a": "{object}"}}, "endpoints[0] (people).params.a: the value is an object."),
    ({"url": "/{dots}/x"}, "endpoints[0] (people).url: '..' cannot be part of a path."),
    ({"url": "/people?api_key=s3cr3t"}, "endpoints[0] (people).url: the address carries a query."),
    ({"url": "https://a:s3cr3t@hr.example.com/x"}, "endpoints[0] (people).url: the address carries a user name or password."),
    ({"url": "https://elsewhere.example.com/people"}, "https://elsewhere.example.com/people is on another server than http://127.0.0.1:"),
    ({"records": "data["}, "endpoints[0] (people).records: the expression does not parse"),
    ({"paging": {"type": "cursor"}}, "endpoints[0] (people).paging.next: paging of the type cursor needs it."),
    ({"paging": {"type": "link", "first": 1}}, "endpoints[0] (people).paging.first: paging of the type link has no such option."),
    ({"paging": {"type": "page", "size": 5}}, "size and size_parameter go together."),
    ({"paging": {"type": "page", "location": "body"}}, "the parameters of the pages belong into the body, which is not an object."),
    ({"headers": {"authorization": "SSWS s3cr3t"}}, "endpoints[0] (people).headers.authorization: credentials do not belong here, where logs show "
     "them. Use auth, such as type api_key with key_name authorization."),
    ({"params": {"api_key": "s3cr3t"}}, "Use auth, such as type api_key with key_name api_key and key_location query."),
    ({"match": "unit"}, "the first endpoint says who there is; it cannot belong to another."),
])
def test_a_description_that_cannot_be_right_is_told_before_any_request(given, expected):
    with serving(lambda request: answer([])) as server:
        with pytest.raises(HrisError) as error:
            source.fetch(settings(base_url=server.url, endpoints=[{"name": "people", "url": "/people", **given}],
                                    variables={"company_name": "a", "empty": None, "object": {"a": 1}, "dots": ".."}), [].append)
        assert server.seen == []
    assert expected in str(error.value)
    assert "s3cr3t" not in str(error.value)


def test_names_with_a_meaning_are_not_given_away():
    assert "variables.today: 'today' has a meaning of its own in macros" in failure(lambda request: answer([]), {}, variables={"today": "x"})


@pytest.mark.parametrize(("said", "records", "expected"), [
    ({"data": {"people": []}, "meta": {}}, None, "one object, not a list of records, is the answer of endpoint people. Lists in it are: data.people."),
    ({"data": []}, "dat", "endpoints[0] (people).records: there are no records at 'dat' in the answer of endpoint people. Lists in it are: data."),
    ([1, 2], None, "endpoints[0] (people).records: none of the records is an object."),
    ({"data": PEOPLE, "error": "One department is missing"}, "data", "endpoint people: the answer is an error: One department is missing."),
    ({"data": {"people": PEOPLE}, "errors": [{"message": "Field 'pay' is denied"}]}, "data.people",
     "endpoint people: the answer is an error: Field 'pay' is denied."),
    ({"ok": False, "reason": "Locked", "data": PEOPLE}, "data", "endpoint people: the answer is an error: Locked."),
    ({"success": False, "data": PEOPLE}, "data", "endpoint people: the answer is an error without a text."),
    ({"error": "No such thing"}, "@", "endpoint people: the answer is an error: No such thing."),
    ({"error": [[{"code": 400, "message": "No"}]]}, "data", "endpoint people: the answer is an error: No."),
    ({"error": [[{"code": None, "message": False}]]}, "data", "endpoint people: the answer is an error without a text."),
    ({"data": 7}, "data", "there are no records at 'data'"),
])
def test_records_that_are_not_there(said, records, expected):
    assert expected in failure(lambda request: answer(said), {"records": records} if records else {})


@pytest.mark.parametrize(("said", "records", "number"), [
    (PEOPLE, None, 5), ({"data": PEOPLE, "error": None, "errors": [], "success": True, "ok": True}, "data", 5), ({"data": None}, "data", 0), ({"a": {"b": None}}, "a.b", 0), (PEOPLE[0], "@", 1), ({"d": [{"p": PEOPLE}]}, "d[].p[]", 5),
])
def test_records_that_are_there(said, records, number):
    assert len(fetched(lambda request: answer(said), {"records": records} if records else {})["employees"]) == number


# pages

class Hr:
    """Gives PEOPLE in pages of two, in every way."""

    def __init__(self, rows=None, total=True, wrong=0):
        self.rows, self.total, self.wrong = PEOPLE if rows is None else rows, total, wrong

    def __call__(self, request):
        query = {**request["query"], **(json.loads(request["body"]) if request["body"] else {})}
        start = 2 * (int(query["page"]) - 1) if "page" in query else int(query.get("offset", query.get("after", 0)))
        rows = self.rows[start:start + 2]
        after = start + 2 if start + 2 < len(self.rows) else None
        value = {"items": rows, "next": after and str(after), "last": after is None}
        if self.total:
            value["total"] = len(self.rows) + self.wrong
        headers = {"Link": f'</people?offset=0>; rel="first", </people?offset={after}&x=1,2>; rel="next"; title="a, b"'} if after else {}
        return answer(value, **headers)


PAGING = {
    "page": {"type": "page"},
    "offset": {"type": "offset"},
    "offset in the body": {"type": "offset", "location": "body"},
    "cursor": {"type": "cursor", "parameter": "after", "next": "next"},
    "link": {"type": "link"},
    "link in the answer": {"type": "link", "next": "next && join('', ['?offset=', next])"},
}


def paged(name, **more):
    post = {"method": "POST", "body": {}} if "body" in name else {}
    return {"records": "items", "key": "id", "paging": {**PAGING[name], **more}, **post}


@pytest.mark.parametrize("name", PAGING)
@pytest.mark.parametrize(("more", "readings"), [({"total": "total"}, 1), ({}, 2), ({"stop": "last", "total": "total"}, 1)])
def test_all_pages(name, more, readings):
    found = fetched(Hr(), paged(name, **more))
    assert ids(found) == [1, 2, 3, 4, 5]
    ends_empty = 1 if not more and name in ("page", "offset", "offset in the body") else 0
    expected = (3 + ends_empty) * (readings if ends_empty else 1)
    assert found["endpoints"]["people"] | {"seconds": 0} == {"records": 5, "pages": expected, "requests": expected, "seconds": 0, "status": 200}
    assert len(found["seen"]) == expected


@pytest.mark.parametrize("name", PAGING)
def test_fewer_than_the_stated_total_is_an_error(name):
    text = failure(Hr(wrong=3), paged(name, total="total"))
    assert "endpoint people: the list did not arrive complete in 3 readings; in the last one 5 of the stated 8 records came" in text


@pytest.mark.parametrize("name", PAGING)
def test_a_page_that_comes_again_is_an_error(name):
    def stuck(request):
        return answer({"items": PEOPLE[:2], "next": "2"}, Link='</people?offset=2>; rel=next')
    text = failure(stuck, paged(name))
    assert "leads back to a page that was read already" in text or "page 2 repeats what came before" in text


@pytest.mark.parametrize("name", PAGING)
def test_a_list_without_an_end_is_an_error(name):
    def endless(request):
        query = {**request["query"], **(json.loads(request["body"]) if request["body"] else {})}
        at = int(query.get("page", query.get("offset", query.get("after", 0))))
        return answer({"items": [{"id": at}], "next": str(at + 1)}, Link=f"</people?offset={at + 1}>; rel=next")
    text = failure(endless, paged(name, max_pages=7))
    assert "endpoint people: the list has no end: 7 pages came. Are there more, let a page hold more records. Else" in text


def test_a_misspelt_way_to_the_next_page():
    warnings = []
    cursor = {"records": "items", "key": "id", "paging": {"type": "cursor", "parameter": "after", "next": "nxt"}}
    assert "2 records came, and there is a next. Describe its paging" in failure(Hr(total=False), cursor)
    assert ids(fetched(lambda request: answer({"items": PEOPLE[:2]}), cursor, warnings=warnings)) == [1, 2]
    assert warnings == ["Endpoint people: the answer has no 'nxt', so that its first page is taken for all of it."]
    cursor["paging"] |= {"size_parameter": "limit", "size": 2}
    text = failure(Hr(total=False), cursor)
    assert "endpoints[0] (people).paging.next: the first page is full, and the answer has no 'nxt' that leads to the next" in text
    cursor["paging"] |= {"total": "total"}
    assert "2 of the stated 5 records came" in failure(Hr(), cursor)


def test_page_size_and_first():
    found = fetched(lambda request: answer({"items": PEOPLE if request["query"]["p"] == "0" else []}),
                    {"records": "items", "key": "id", "paging": {"type": "page", "parameter": "p", "first": 0, "size_parameter": "per", "size": 50}})
    assert [request["query"] for request in found["seen"]] == [{"p": "0", "per": "50"}, {"p": "1", "per": "50"}] * 2


def test_a_stated_total_that_is_none():
    assert "paging.total: page 1 of endpoint people states no total there" in failure(Hr(total=False), paged("page", total="total"))


def test_the_next_page_on_another_server_is_not_asked_for():
    with serving(lambda request: answer([])) as other:
        text = failure(lambda request: answer({"items": PEOPLE}, Link=f"<{other.url}/steal?key=s3cr3t>; rel=next"), paged("link"),
                       auth={"type": "bearer", "token": "t0ken"})
        assert other.seen == []
    assert "the next page is on another server" in text
    assert "s3cr3t" not in text


def test_credentials_go_along_to_every_page():
    found = fetched(Hr(), paged("link"), auth={"type": "api_key", "key": "k", "key_name": "code", "key_location": "query"})
    assert {request["query"]["code"] for request in found["seen"]} == {"k"}


def test_a_shifting_list_is_read_again():
    rows = list(PEOPLE)
    hr = Hr(rows, total=False)

    def respond(request):
        if request["query"].get("page") == "2" and len(rows) == 5:
            del rows[0]
        return hr(request)
    assert ids(fetched(respond, paged("page"))) == [2, 3, 4, 5]


# dependent endpoints

def units(request):
    if request["path"] == "/people":
        return answer(PEOPLE)
    number = request["path"].rpartition("/")[2]
    return answer({"title": f"Unit {number}"}) if number == "11" else answer({}, 404)


def test_called_once_for_each_value():
    found = fetched(units, {"key": "id"}, {
        "name": "unit", "url": "/units/{value}", "records": "@", "into": "office",
        "dependent": {"of": "people", "value": "unit", "concurrency": 2, "missing_status": [404]}})
    assert sorted(request["path"] for request in found["seen"]) == ["/people", "/units/10", "/units/11"]
    assert [employee["office"] for employee in found["employees"]] == [{"title": "Unit 11"}, None] * 2 + [{"title": "Unit 11"}]
    assert found["join"]["endpoints"][0] | {} == {
        "endpoint": "unit", "matched": 3, "missing": 2, "missing_keys": ["10", "10"], "nothing_to_match": 0, "unmatched": 0,
        "unmatched_keys": [], "added": 0, "without_key": 0}


def test_a_value_that_no_record_has():
    text = failure(units, {"key": "id"}, {"name": "unit", "url": "/units/{value}", "into": "u", "dependent": {"of": "people", "value": "unti"}})
    assert text == "endpoints[1] (unit).dependent.value: no record has the field 'unti'. Did you mean 'unit'?"


def test_concurrency_is_bounded_and_used():
    busy, most, lock = [0], [0], threading.Lock()

    def respond(request):
        if request["path"] == "/people":
            return answer([{"id": number} for number in range(12)])
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        time.sleep(0.02)
        with lock:
            busy[0] -= 1
        return answer([{"badge": request["path"][-1]}])
    found = fetched(respond, {"key": "id"}, {"name": "badges", "url": "/badges/{value}", "into": "badges", "many": True,
                                             "dependent": {"of": "people", "value": "id", "concurrency": 3}})
    assert most[0] == 3
    assert found["employees"][4] == {"id": 4, "badges": [{"badge": "4"}]}


def test_one_call_that_fails_ends_the_others():
    def respond(request):
        if request["path"] == "/people":
            return answer([{"id": number} for number in range(200)])
        return answer({"detail": "No such person"}, 400)
    with serving(respond) as server, pytest.raises(HrisError) as error:
        source.fetch(settings(base_url=server.url, endpoints=[
            {"name": "people", "url": "/people", "key": "id"},
            {"name": "badges", "url": "/badges/{value}", "into": "badges", "many": True, "dependent": {"of": "people", "value": "id"}}]), [].append)
    assert "endpoint badges, http://127.0.0.1:" in str(error.value)
    assert "HTTP 400: No such person" in str(error.value)
    assert len(server.seen) < 100


# describing

def test_describing_reads_as_many_pages_as_asked():
    found = fetched(Hr(), paged("page", total="total"), {"name": "unit", "url": "/units/{value}", "records": "@", "into": "unit_record",
                                                        "dependent": {"of": "people", "value": "id"}}, describe=True, describe_pages=1)
    assert [line["path"] for line in found["fields"]][:3] == ["id", "name", "unit"]
    assert found["fields"][0] == {"path": "id", "type": "integer", "count": 2, "share": 100.0, "sample": "9"}
    assert len(found["seen"]) == 1 + 2


def test_pages_by_number_several_at_a_time():
    paging = {"type": "page", "total": "total", "concurrency": 3}
    found = fetched(Hr(), {"records": "items", "key": "id", "paging": paging})
    assert ids(found) == [1, 2, 3, 4, 5]
    assert sorted(request["query"]["page"] for request in found["seen"]) == ["1", "2", "3"]


@pytest.mark.parametrize("paging", [{"type": "page"}, {"type": "offset", "total": "total"}, {"type": "cursor", "next": "next", "total": "total"}])
def test_pages_that_nobody_can_number_come_one_after_the_other(paging):
    text = failure(Hr(), {"records": "items", "key": "id", "paging": {**paging, "concurrency": 2}})
    assert "endpoints[0] (people).paging.concurrency: only pages by number, of a list that states its total" in text
