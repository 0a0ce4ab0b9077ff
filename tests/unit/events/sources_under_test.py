"""Runs an event source as ansible-rulebook does: its main() with a queue, until it is cancelled."""
from __future__ import annotations

import asyncio
import socket
import time
from contextlib import asynccontextmanager

from ansible_collections.hris.ad.extensions.eda.plugins.event_source import (
    daily,
    elmo_webhook,
    hr_changes,
)

SOURCES = {"daily": daily, "elmo_webhook": elmo_webhook, "hr_changes": hr_changes}
EVERYBODY = {"kind": "unknown", "everybody": True, "only": None, "changes": [{"key": None, "kind": "unknown"}]}


class Events:
    """The queue that a source gets, with room for one event, as ansible-rulebook's."""

    def __init__(self):
        self.queue = asyncio.Queue(1)
        self.task = None  # of the source

    async def next(self, seconds=20):
        """The next event; raises what ends the source before."""
        getting = asyncio.create_task(self.queue.get())
        await asyncio.wait([getting, *filter(None, [self.task])], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not getting.done():
            getting.cancel()
            if self.task and self.task.done():
                self.task.result()
            raise AssertionError(f"no event in {seconds} seconds")
        return getting.result()

    async def none_within(self, seconds):
        await asyncio.sleep(seconds)
        assert self.queue.empty(), self.queue.get_nowait()


@asynccontextmanager
async def running(name, args):
    """The events of a source that runs meanwhile."""
    events = Events()
    task = events.task = asyncio.create_task(SOURCES[name].main(events.queue, args))
    try:
        yield events
        if task.done():
            task.result()
    finally:
        task.cancel()
        began = time.monotonic()
        await asyncio.gather(task, return_exceptions=True)
        assert time.monotonic() - began < 5, "a source that is cancelled ends"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
