"""HR asked again and again, over real HTTP: what differs is told, and nothing else."""
from __future__ import annotations

import asyncio
import itertools
import json
import logging
import threading
import time

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError, RefusedError
from ansible_collections.hris.ad.plugins.module_utils._hris.events import watching
from hr_server import DROP, answer, serving
from sources_under_test import EVERYBODY, running

from lab import elmo_shapes, hr, icehrm_shapes, population


class People:
    """A list of people that a test edits, as an HR server of one endpoint. said: an answer that comes instead of it."""

    def __init__(self, *people):
        self.people = [dict(one) for one in people]
        self.said = None
        self.times = []

    def __call__(self, request):
        self.times.append(time.monotonic())
        return self.said or answer(self.people)


ANN = {"ref": "0001", "first": "Aroha", "born": "1990-05-15", "left": None}
BEN = {"ref": "0002", "first": "Benjamin", "born": "1980-01-01", "left": None}


@pytest.fixture(autouse=True)
def _short_intervals(monkeypatch):
    monkeypatch.setattr(watching, "SHORTEST_INTERVAL", 0.1)


def rest(server, tmp_path, **more):
    return {"rest": {"retries": 0, "endpoints": [{"name": "people", "url": f"{server.url}/people", "identifier": "ref"}]}, "key": "ref", "source": "crew",
            "state_dir": str(tmp_path / "state"), "interval_seconds": 0.3, **more}


def scenario(people, tmp_path, steps, **more):
    """steps(events) beside a source that asks each second."""
    async def beside():
        with serving(people) as server:
            async with running("hr_changes", rest(server, tmp_path, **more)) as events:
                return await steps(events)
    return asyncio.run(beside())


def event(kind, *keys):
    return {"source": "crew", "kind": kind, "everybody": False, "only": list(keys), "changes": [{"key": key, "kind": kind} for key in keys]}


def test_changed_created_gone(tmp_path, caplog):
    caplog.set_level(logging.DEBUG, "hris.ad.hr_changes")
    people = People(ANN, BEN)

    async def steps(events):
        assert await events.next() == {"source": "crew", **EVERYBODY}  # nobody knows what changed before
        await events.none_within(0.9)
        people.people[0]["left"] = "2026-12-31"
        assert await events.next() == event("changed", "0001")
        people.people.append({**BEN, "ref": "0003"})
        assert await events.next() == event("created", "0003")
        del people.people[1]
        assert await events.next() == event("gone", "0002")
        people.people.reverse()  # another order is no change
        await events.none_within(0.9)
        people.people[0]["first"], people.people[1]["first"] = "X", "Y"
        people.people.append({**ANN, "ref": "0009"})
        assert await events.next() == {"source": "crew", "kind": "changed", "everybody": False, "only": ["0001", "0003", "0009"], "changes": [
            {"key": "0001", "kind": "changed"}, {"key": "0003", "kind": "changed"}, {"key": "0009", "kind": "created"}]}
    scenario(people, tmp_path, steps)
    text = (tmp_path / "state/crew/digests.json").read_text()
    assert set(json.loads(text)["digests"]) == {"0001", "0003", "0009"}
    assert not [word for word in ("Aroha", "1990", "2026-12", "born") if word in text or word in caplog.text]
    assert oct((tmp_path / "state/crew/digests.json").stat().st_mode & 0o777) == "0o600"
    assert oct((tmp_path / "state/crew").stat().st_mode & 0o777) == "0o700"


def test_what_changed_while_nobody_asked(tmp_path):
    people = People(ANN, BEN)

    async def first(events):
        await events.next()
        await events.none_within(0.9)

    async def second(events):
        assert await events.next() == event("changed", "0002")
    scenario(people, tmp_path, first)
    people.people[1]["left"] = "2026-11-30"
    scenario(people, tmp_path, second)


def test_an_event_that_was_not_taken_is_told_again(tmp_path):
    """Digests are kept after the event is handed on: a process that is killed before tells it again."""
    people = People(ANN)

    async def first(events):
        await events.next()
        people.people[0]["left"] = "2026-11-30"
        events.queue.put_nowait("the rulebook is busy")
        await asyncio.sleep(0.9)

    async def second(events):
        assert await events.next() == event("changed", "0001")
    scenario(people, tmp_path, first)
    scenario(people, tmp_path, second)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "hris.ad feed digests 1"}', '{"format": "x", "digests": {}}', '{"format": "hris.ad feed digests 1", "digests": {"1": 7}}'])
def test_a_damaged_file_of_digests_is_about_everybody(tmp_path, content, caplog):
    (tmp_path / "state/crew").mkdir(parents=True)
    (tmp_path / "state/crew/digests.json").write_text(content)

    async def steps(events):
        assert await events.next() == {"source": "crew", **EVERYBODY}
        await events.none_within(0.9)
    scenario(People(ANN), tmp_path, steps)
    assert "The next event is about everybody." in caplog.text and "Traceback" not in caplog.text
    assert set(json.loads((tmp_path / "state/crew/digests.json").read_text())["digests"]) == {"0001"}


def test_digests_that_others_may_write_are_not_believed(tmp_path, caplog):
    people = People(ANN)

    async def steps(events):
        assert await events.next() == {"source": "crew", **EVERYBODY}
        await events.none_within(0.9)
    scenario(people, tmp_path, steps)
    (tmp_path / "state/crew/digests.json").chmod(0o666)
    scenario(people, tmp_path, steps)
    assert "others may write this file" in caplog.text
    assert oct((tmp_path / "state/crew/digests.json").stat().st_mode & 0o777) == "0o600"


def test_too_many_changes_are_about_everybody(tmp_path):
    people = People(*({**ANN, "ref": f"{number:04}"} for number in range(20)))

    async def steps(events):
        await events.next()
        for one in people.people[:4]:
            one["first"] = "X"
        assert await events.next() == {"source": "crew", **EVERYBODY}
        for one in people.people[:3]:
            one["first"] = "Y"
        assert len((await events.next())["only"]) == 3
    scenario(people, tmp_path, steps, max_keys=3)


def test_a_record_without_a_key(tmp_path):
    people = People(ANN, {**BEN, "ref": None})

    async def steps(events):
        await events.next()
        people.people[1]["first"] = "X"
        assert await events.next() == {"source": "crew", **EVERYBODY}
        await events.none_within(0.9)
    scenario(people, tmp_path, steps)


def test_a_key_with_a_template_never_reaches_a_playbook(tmp_path):
    people = People(ANN)

    async def steps(events):
        await events.next()
        people.people.append({**BEN, "ref": "{{ lookup('pipe', 'id') }}"})
        assert await events.next() == {"source": "crew", **EVERYBODY}
    scenario(people, tmp_path, steps)


def test_several_records_of_one_person(tmp_path):
    """Contracts with one key, whatever its case."""
    people = People({**ANN, "ref": "a1", "post": "X"}, {**ANN, "ref": "A1", "post": "Y"})

    async def steps(events):
        await events.next()
        people.people.reverse()
        people.people[0]["ref"], people.people[1]["ref"] = people.people[1]["ref"], people.people[0]["ref"]
        people.people[0]["post"] = "Z"
        found = await events.next()
        assert (found["only"], found["kind"]) == (["a1"], "changed")
    async def beside():
        with serving(people) as server:
            args = rest(server, tmp_path)
            del args["rest"]["endpoints"][0]["identifier"]
            async with running("hr_changes", args) as events:
                return await steps(events)
    asyncio.run(beside())


def test_errors_give_no_event_and_longer_pauses(tmp_path, caplog):
    people = People(ANN, BEN)

    async def steps(events):
        await events.next()
        people.said = DROP
        began = len(people.times)
        async with asyncio.timeout(30):
            while len(people.times) < began + 4:
                await events.none_within(0.1)
        people.said = None
        people.people[0]["left"] = "2026-12-31"
        assert await events.next() == event("changed", "0001")  # nobody is gone because of the errors
        return people.times[began:]
    times = scenario(people, tmp_path, steps, max_backoff_seconds=30)
    pauses = [second - first for first, second in itertools.pairwise(times)]
    assert pauses[0] >= 0.27 and pauses[1] >= 0.54 and pauses[2] >= 1.08
    assert "HR cannot be read, so no change is seen" in caplog.text and "Traceback" not in caplog.text


@pytest.mark.parametrize("said", [answer({"error": "x"}, 500), answer("<html>Aroha</html>", 200), answer({"a": 1}), answer([], 200, Content_Length="900")],
                         ids=["500", "html", "object", "cut off"])
def test_no_answer_of_hr_ends_the_source(tmp_path, said, caplog):
    people = People(ANN, BEN)

    async def steps(events):
        await events.next()
        people.said = said
        await events.none_within(0.9)
        people.said = None
        people.people.pop()
        assert await events.next() == event("gone", "0002")
    scenario(people, tmp_path, steps)
    assert "Traceback" not in caplog.text and "Aroha" not in caplog.text


def test_hr_says_when_to_come_back(tmp_path):
    people = People(ANN)

    async def steps(events):
        await events.next()
        people.said = answer({"error": "slow down"}, 429, Retry_After="2")
        count = len(people.times)
        while len(people.times) < count + 2:
            await asyncio.sleep(0.1)
        return people.times[count + 1] - people.times[count]
    assert scenario(people, tmp_path, steps) > 2


@pytest.mark.parametrize(("failures", "error", "least", "most"), [
    (0, None, 90, 110), (1, HrisError("x"), 90, 110), (2, HrisError("x"), 180, 220), (3, HrisError("x"), 360, 440), (60, HrisError("x"), 900, 1100),
    (1, RefusedError("x", retry_after=500.0), 500, 500), (1, RefusedError("x", retry_after=5.0), 90, 110), (1, RefusedError("x", retry_after=1e12), 1000, 1000)])
def test_pauses(failures, error, least, most):
    options = watching.Options("crew", "/x", 100, 1000, 50)
    found = {watching.pause(options, failures, error) for _number in range(200)}
    assert least <= min(found) and max(found) <= most
    assert least == most or len(found) > 100, "with jitter"


def test_a_source_that_is_cancelled_does_not_wait_for_hr(tmp_path):
    release = threading.Event()

    def slow(request):
        release.wait(30)
        return answer([])

    async def steps(events):
        await events.none_within(0.5)
    began = time.monotonic()
    try:
        async def beside():
            async with running("hr_changes", rest(server, tmp_path)) as events:
                await steps(events)
        with serving(slow) as server:
            asyncio.run(beside())
            ended = time.monotonic() - began
            release.set()
    finally:
        release.set()
    assert ended < 5


def test_a_warning_is_shown_once(tmp_path, caplog):
    async def beside():
        with hr.serve("icehrm", population.generate(10, company="icehrm")) as server:
            given = {"icehrm": {"base_url": server.url, "token": server.token(days=5)}, "key": "employee_id", "state_dir": str(tmp_path), "interval_seconds": 0.3}
            async with running("hr_changes", given) as events:
                await events.next()
                await events.none_within(1.5)
            assert len(server.requests) >= 4
    asyncio.run(beside())
    assert caplog.text.count("The IceHrm token expires in 5.0 days") == 1


def lab_changes(kind, args, tmp_path, change):
    """The events before and after change(server.company) in the lab's HR server."""
    async def beside():
        with hr.serve(kind, population.generate(30, seed=3, company=kind)) as server:
            given = {kind: {"base_url": server.url, **args(server)}, "key": {"elmo": "employeeNumber", "icehrm": "employee_id"}[kind], "state_dir": str(tmp_path), "interval_seconds": 0.3}
            async with running("hr_changes", given) as events:
                first = await events.next()
                await events.none_within(0.9)
                changed = change(server.company)
                server.changed()
                return first, await events.next(), changed
    return asyncio.run(beside())


def leave(company):
    """Somebody's last day was yesterday. The employee number."""
    person = next(one for one in company["people"] if one["end"] is None and one["start"] < "2026-01-01")
    person["end"] = "2026-03-01"
    return {"elmo": elmo_shapes, "icehrm": icehrm_shapes}[company["company"]].number(person)


def test_icehrm(tmp_path, monkeypatch):
    """The token comes from the environment, as in the modules."""
    def args(server):
        monkeypatch.setenv("HRIS_ICEHRM_TOKEN", server.token())
        return {}
    first, found, number = lab_changes("icehrm", args, tmp_path, leave)
    assert first == {"source": "icehrm", **EVERYBODY}
    assert found == {"source": "icehrm", "kind": "changed", "everybody": False, "only": [number], "changes": [{"key": number, "kind": "changed"}]}


def test_elmo(tmp_path, monkeypatch):
    def args(server):
        monkeypatch.setenv("HRIS_ELMO_CLIENT_ID", "lab-client")
        monkeypatch.setenv("HRIS_ELMO_CLIENT_SECRET", "lab-secret")
        return {}
    _first, found, number = lab_changes("elmo", args, tmp_path, leave)
    assert (found["source"], found["only"]) == ("elmo", [number])


def refused(args):
    async def beside():
        async with running("hr_changes", args) as events:
            await events.next(5)
    with pytest.raises(HrisError) as caught:
        asyncio.run(beside())
    return str(caught.value)


def test_arguments_that_cannot_work(tmp_path):
    good = {"icehrm": {"base_url": "http://127.0.0.1:9"}, "key": "employee_id", "state_dir": str(tmp_path)}
    assert refused({"state_dir": "/x", "key": "a"}).startswith("hris.ad.hr_changes: one of the following is required: elmo, icehrm, rest")
    assert "mutually exclusive" in refused({**good, "elmo": {"base_url": "http://127.0.0.1:9"}})
    assert refused({**good, "icehrm": {"base_url": "http://x", "dest": "/x"}}).startswith("hris.ad.hr_changes: unknown argument icehrm.dest")
    assert refused({**good, "source": "../etc"}).startswith("source: '../etc' cannot name a source")
    assert refused({**good, "interval_seconds": 0.05}).startswith("interval_seconds: 0.05 is too small")
    assert refused({**good, "interval_seconds": 20, "max_backoff_seconds": 10}).startswith("max_backoff_seconds: 10.0 is too small")
    assert refused({**good, "key": "a ||"}).startswith("key: ")
    assert refused({"icehrm": {}, "state_dir": str(tmp_path)}).startswith("hris.ad.hr_changes: missing required arguments: key")
    assert refused({**good, "state_dir": "/proc/nothing"}).startswith("state_dir /proc/nothing: the folder cannot be made")
    (tmp_path / "open").mkdir(mode=0o777)
    (tmp_path / "open/icehrm").mkdir()
    (tmp_path / "open/icehrm").chmod(0o777)
    assert "others may write to the folder" in refused({**good, "state_dir": str(tmp_path / "open")})
