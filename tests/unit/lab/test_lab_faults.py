"""Faults on demand, on both servers: what a client meets, and for how long."""
import json
import time

import pytest
import requests

from lab import faults, population
from lab.errors import LabError
from lab.hr import serve


@pytest.fixture(params=population.KINDS)
def server(request, session):
    with serve(request.param, population.generate(60, 1, request.param)) as running:
        running.kind = request.param
        log_in(running, session)
        yield running


def log_in(server, session):
    if server.kind == "icehrm":
        session.headers["Authorization"] = f"Bearer {server.token()}"
    else:
        body = {"grant_type": "client_credentials", "client_id": "lab-client", "client_secret": "lab-secret"}
        answer = session.post(server.url + "/oauth/token", json=body)
        session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def page(server, session, number=1):
    if server.kind == "icehrm":
        query = {"page": number, "limit": 10, "sortField": "id", "sortOrder": "ascend"}
        return session.get(server.url + "/employees", params=query, timeout=5)
    return session.get(server.url + "/core/v1/users", params={"page": number, "itemsPerPage": 10}, timeout=5)


def total(answer):
    body = answer.json()
    return body["total"] if "total" in body else body["metadata"]["totalItems"]


def ids(answer):
    return [row["id"] for row in answer.json()["data"]]


def test_a_page_fails_so_many_times(server, session):
    server.faults.append({"kind": "error", "page": 3, "times": 2})
    assert [page(server, session, number).status_code for number in (1, 2, 3, 3, 3)] == [200, 200, 500, 500, 200]
    server.faults.append(faults.fault("error", status=503, after=1))
    assert [page(server, session).status_code for _ in range(3)] == [200, 503, 200]
    server.faults.append(faults.fault("error", times=0))
    assert {page(server, session).status_code for _ in range(5)} == {500}


def test_rate_limit(server, session):
    server.faults.append({"kind": "rate_limit", "retry_after": 7})
    answer = page(server, session)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert page(server, session).ok


def test_tokens_expire_on_the_way(server, session):
    refused = 401 if server.kind == "elmo" else 403
    server.faults.append({"kind": "token_expired", "page": 2})
    assert [page(server, session, number).status_code for number in (1, 2, 3)] == [200, refused, refused]
    log_in(server, session)
    assert page(server, session, 2).ok
    server.faults.append({"kind": "unauthorised"})
    assert [page(server, session).status_code for _ in range(2)] == [refused, 200]


@pytest.mark.parametrize("kind", ["drop", "cut"])
def test_connections_that_end(server, session, kind):
    server.faults.append({"kind": kind})
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        page(server, session)
    assert page(server, session).ok


def test_bodies_that_are_no_json(server, session):
    for kind in ("truncate", "html"):
        server.faults.append({"kind": kind})
        answer = page(server, session)
        assert answer.status_code == 200
        with pytest.raises(requests.JSONDecodeError):
            answer.json()
    assert page(server, session).json()


def test_slow(server, session):
    server.faults.append({"kind": "slow", "seconds": 0.2})
    began = time.monotonic()
    assert page(server, session).ok
    assert time.monotonic() - began >= 0.2


def test_lists_that_lie(server, session):
    whole = total(page(server, session))
    server.faults.append({"kind": "empty"})
    answer = page(server, session)
    assert (ids(answer), total(answer)) == ([], whole)
    server.faults[:] = [{"kind": "empty", "honest": True}]
    assert [total(page(server, session)) for _time in range(2)] == [0, 0]  # until taken away
    server.faults[:] = [faults.fault("short")]
    assert total(page(server, session)) == whole and ids(page(server, session, 5)) == []
    server.faults[:] = [{"kind": "short", "honest": True}]
    assert total(page(server, session)) == whole // 2
    server.faults[:] = [{"kind": "total", "by": -3, "times": 1}]
    assert total(page(server, session)) == whole - 3
    assert total(page(server, session)) == whole


def test_records_that_shift_between_pages(server, session):
    before = [ids(page(server, session, number)) for number in (1, 2)]
    server.faults.append({"kind": "remove", "page": 2})
    assert ids(page(server, session, 1)) == before[0]
    assert ids(page(server, session, 2))[:9] == before[1][1:]
    assert ids(page(server, session, 1))[:9] == before[0][1:]
    count = total(page(server, session))
    server.faults.append({"kind": "insert", "page": 2})
    second = ids(page(server, session, 2))
    assert total(page(server, session)) == count + 1
    if server.kind == "elmo":  # IceHrm sorts by id, so that a new record comes last
        assert second[0] == before[1][0]
        first = ids(page(server, session))[0]
        server.faults.append({"kind": "edit"})
        assert first not in ids(page(server, session))


def test_the_route_for_servers_of_their_own(server, session):
    url = server.url.removesuffix("/app/api") + "/_lab/faults"
    assert session.post(url, json={"kind": "error", "page": 2}).ok
    assert server.faults == [faults.fault("error", page=2)] == session.get(url).json()
    assert session.post(url, json={"kind": "nothing"}).status_code == 400
    assert session.post(url, json={"kind": "error", "pages": 2}).status_code == 400
    assert session.delete(url).json() == [] == server.faults
    page(server, session)
    assert json.loads(session.get(url.replace("faults", "requests")).text)[-1]["status"] == 200


def test_faults_are_checked():
    with pytest.raises(LabError, match="There is no fault"):
        faults.fault("bang")
    with pytest.raises(LabError, match="has no option pages"):
        faults.fault("error", pages=3)


def test_https_verifies_with_the_labs_authority(tmp_path, session):
    with serve("icehrm", population.generate(5, 1, "icehrm"), tls=tmp_path) as server:
        assert server.url.startswith("https://")
        assert session.get(server.url + "/echo", verify=server.ca_file).ok
        with pytest.raises(requests.exceptions.SSLError):
            session.get(server.url + "/echo")
