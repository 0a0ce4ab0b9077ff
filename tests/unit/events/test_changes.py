"""What an event says."""
from __future__ import annotations

import asyncio
import time

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.events.changes import event, usable
from ansible_collections.hris.ad.plugins.module_utils._hris.events.collector import Collector, Pace
from sources_under_test import EVERYBODY, Events


def test_an_event_names_keys_and_kinds():
    assert event("elmo", {"E2": "gone", "E1": "created"}, 50) == {
        "source": "elmo", "kind": "changed", "everybody": False, "only": ["E1", "E2"], "changes": [{"key": "E1", "kind": "created"}, {"key": "E2", "kind": "gone"}]}
    assert event("elmo", {"E2": "gone"}, 50)["kind"] == "gone"


@pytest.mark.parametrize("changes", [{None: "unknown"}, {"E1": "changed", None: "unknown"}, {"E1": "changed", "E2": "changed", "E3": "changed"}])
def test_an_event_about_everybody(changes):
    assert event("elmo", changes, 2) == {"source": "elmo", **EVERYBODY}


def test_the_list_fits_into_a_survey():
    keys = {f"{number:0250}": "changed" for number in range(3)}
    assert len(event("elmo", keys, 50)["only"]) == 3
    assert event("elmo", {**keys, "9" * 256: "changed"}, 50)["only"] is None


@pytest.mark.parametrize("key", ["", None, "{{ lookup('pipe', 'id') }}", "{% raw %}", "E1\nE2", "E1\u202e", "7" * 257, "E1,E2"])
def test_keys_that_may_not_stand_in_an_event(key):
    assert not usable(key)


@pytest.mark.parametrize("key", ["E10001", "0007", "Ā-7/3 (b)", "$x; rm", "7" * 256])
def test_keys_that_may(key):
    assert usable(key)


def collected(additions, pace, events=1):
    """(events, seconds from the first addition to each) for additions [(pause before it, key, kind)]."""
    async def run():
        queue = Events()
        collector = Collector(queue.queue, "elmo", Pace(**pace))
        began = time.monotonic()

        async def add():
            for pause, key, kind in additions:
                await asyncio.sleep(pause)
                collector.add(key, kind)

        tasks = [asyncio.create_task(collector.run()), asyncio.create_task(add())]
        found = []
        for _number in range(events):
            found.append((await queue.next(), time.monotonic() - began))
        await queue.none_within(0.3)
        for task in tasks:
            task.cancel()
        return found
    return asyncio.run(run())


def test_changes_are_collected_into_one_event():
    pace = {"collect_seconds": 0.3, "min_interval_seconds": 0, "max_keys": 5}
    ((found, seconds),) = collected([(0, "E1", "changed"), (0.05, "E2", "created"), (0.05, "E1", "gone"), (0, "E2", "created")], pace)
    assert found["changes"] == [{"key": "E1", "kind": "changed"}, {"key": "E2", "kind": "created"}]
    assert seconds >= 0.3


def test_the_least_time_between_two_events():
    pace = {"collect_seconds": 0, "min_interval_seconds": 0.6, "max_keys": 5}
    (first, second) = collected([(0, "E1", "changed"), (0.2, "E2", "changed"), (0.1, "E3", "changed")], pace, events=2)
    assert (first[0]["only"], second[0]["only"]) == (["E1"], ["E2", "E3"])
    assert second[1] - first[1] >= 0.6


def test_many_keys_are_everybody_and_take_no_memory():
    pace = {"collect_seconds": 0.2, "min_interval_seconds": 0, "max_keys": 3}
    ((found, _seconds),) = collected([(0, f"E{number}", "changed") for number in range(1000)], pace)
    assert found == {"source": "elmo", **EVERYBODY}


def test_a_key_with_a_template_never_reaches_a_playbook():
    pace = {"collect_seconds": 0, "min_interval_seconds": 0, "max_keys": 3}
    ((found, _seconds),) = collected([(0, "{{ 7 * 7 }}", "changed")], pace)
    assert found == {"source": "elmo", **EVERYBODY}


@pytest.mark.parametrize("name", ["collect_seconds", "min_interval_seconds", "max_keys"])
def test_paces_that_cannot_be(name):
    with pytest.raises(HrisError, match=f"^{name}: -1 is too small"):
        Pace.from_params({"collect_seconds": 0, "min_interval_seconds": 0, "max_keys": 3} | {name: -1})
