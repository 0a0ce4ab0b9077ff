"""The lab's source of its own invention: its key, its cursors, and what it knows of people."""
from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from lab import hr, population


@pytest.fixture
def server():
    with hr.serve("crew", population.generate(60, seed=2), page_maximum=20, links=True) as running:
        yield running


def ask(server, path, key="lab-crew-key", method="GET"):
    """(status, value, headers)"""
    request = urllib.request.Request(server.url + path, headers={"X-Crew-Key": key}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, json.load(error), error.headers


def everyone(server):
    found, path = [], "/people?limit=500"
    while path:
        _status, value, headers = ask(server, path)
        found += value["items"]
        cursor = value["page"]["next"]
        assert (cursor is None) is (headers["Link"] is None)
        path = f"/people?limit=500&after={cursor}" if cursor else None
    return found


def test_everyone_once(server):
    people = everyone(server)
    assert len({person["ref"] for person in people}) == len(people) == ask(server, "/people")[1]["page"]["total"] == 60
    assert [len(page["query"]) for page in server.requests][:3] == [1, 2, 2]
    assert {unit["code"] for unit in ask(server, "/units")[1]} >= {str(person["job"]["unit"]) for person in people if person["job"]["unit"]}


def test_who_comes_or_goes_meanwhile_shifts_nothing(server):
    first = ask(server, "/people?limit=20")[1]
    server.faults.append({"kind": "remove"})
    second = ask(server, f"/people?limit=20&after={first['page']['next']}")[1]
    assert not {person["ref"] for person in first["items"]} & {person["ref"] for person in second["items"]}
    assert second["items"][0]["ref"] == "C-7021"


@pytest.mark.parametrize(("path", "more", "status", "said"), [
    ("/people", {"key": "wrong"}, 401, "This key is not known"),
    ("/people", {"method": "DELETE"}, 405, "This server is only read"),
    ("/people?after=nonsense", {}, 400, "This cursor is not one of ours"),
    ("/nothing", {}, 404, "Nothing is at /v2/nothing"),
    ("/people/C-7003/passes", {}, 404, "Nobody of this ref has passes"),
    ("/people/C-9999/passes", {}, 404, "Nobody of this ref has passes"),
])
def test_refusals(server, path, more, status, said):
    found = ask(server, path, **more)
    assert (found[0], found[1]["message"]) == (status, said)


def test_passes(server):
    assert ask(server, "/people/C-7001/passes")[1] == {"passes": [{"kind": "door", "serial": "D00001"}, {"kind": "gate", "serial": "G00001"}]}
