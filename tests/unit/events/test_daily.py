"""A run a day."""
from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.events import days
from sources_under_test import EVERYBODY, Events, running


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(("at", "zone", "now", "due"), [
    ("02:30", "UTC", "2026-03-02T01:00", "2026-03-02T02:30"),
    ("02:30", "UTC", "2026-03-02T02:30", "2026-03-03T02:30"),
    ("02:30", "Australia/Sydney", "2026-03-01T15:00", "2026-03-01T15:30"),  # 02:00 of the next day there
    ("02:30", "Australia/Sydney", "2026-03-01T15:30", "2026-03-02T15:30"),
    ("02:30", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:30"),  # the clock leaves 02:30 out: 03:30 there
    ("02:30", "Europe/Berlin", "2026-10-24T12:00", "2026-10-25T00:30"),  # 02:30 comes twice: the first one
    ("02:30", "Europe/Berlin", "2026-10-25T00:30", "2026-10-26T01:30"),
    ("00:00", "Pacific/Auckland", "2026-12-31T10:59", "2026-12-31T11:00"),
])
def test_the_next_moment(at, zone, now, due):
    options = days.Options.from_params({"source": "daily", "at": at, "timezone": zone})
    assert days.next_moment(options, moment(now)) == moment(due)


def test_the_time_zone_of_the_machine():
    options = days.Options.from_params({"source": "daily", "at": "02:30", "timezone": None})
    now = datetime.now(timezone.utc)
    due = days.next_moment(options, now)
    assert timedelta(0) < due - now <= timedelta(hours=25)
    assert due.astimezone().strftime("%H:%M") == "02:30"


def test_an_event_a_day():
    options = days.Options.from_params({"source": "night", "at": "02:30", "timezone": "UTC"})
    started = datetime.now(timezone.utc)

    def clock():
        """A day in two seconds, from 02:29:59."""
        return moment("2026-03-02T02:29") + (datetime.now(timezone.utc) - started) * 43_200

    async def run():
        events = Events()
        task = asyncio.create_task(days.every_day(options, events.queue, clock))
        found = [await events.next(10) for _number in range(2)]
        task.cancel()
        return found
    original, days._LONGEST_SLEEP = days._LONGEST_SLEEP, 0.05
    try:
        assert asyncio.run(run()) == [{"source": "night", **EVERYBODY}] * 2
    finally:
        days._LONGEST_SLEEP = original
    assert timedelta(seconds=1.5) < datetime.now(timezone.utc) - started


@pytest.mark.parametrize(("args", "message"), [
    ({}, "hris.ad.daily: missing required arguments: at"), ({"at": "2:30"}, "at: '2:30' is no time of day"), ({"at": "24:00"}, "at: '24:00'"), ({"at": 150}, "at: '150'"),
    ({"at": "02:30", "timezone": "Mars/Base"}, "timezone: there is no time zone 'Mars/Base'"), ({"at": "02:30", "timezone": "../etc"}, "timezone: "),
])
def test_arguments_that_cannot_work(args, message):
    async def run():
        async with running("daily", args) as events:
            await events.next(2)
    with pytest.raises(HrisError) as caught:
        asyncio.run(run())
    assert str(caught.value).startswith(message)


def test_it_waits():
    async def run():
        async with running("daily", {"at": (datetime.now(timezone.utc) + timedelta(hours=3)).strftime("%H:%M"), "timezone": "UTC"}) as events:
            await events.none_within(0.3)
    asyncio.run(run())
