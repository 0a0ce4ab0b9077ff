# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks HR again and again, and tells what changed since it was asked last."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import threading
from collections.abc import Callable, Mapping
from logging import Logger
from typing import Any, Self

from ..data_class import frozen
from ..errors import HrisError, RefusedError, foreseen
from ..user_files import check_replaceable
from ..web.options import check_minimum
from .changes import ANYBODY, event, usable
from .collector import Queue
from .feed_digests import Digests, differences, read_digests, write_digests

FILE = "digests.json"
_SOURCE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")  # a folder and the name of a source
SHORTEST_INTERVAL = 10  # seconds: each reading is the whole of HR
_JITTER = 0.1  # of a pause: several watchers do not ask at the same moment for ever


@frozen
class Options:
    """Options of the event source hr_changes, which documents them."""

    source: str
    state_dir: str
    interval_seconds: float
    max_backoff_seconds: float
    max_keys: int

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """Raises HrisError for values that cannot work."""
        options = cls(**{name: params[name] for name in cls.__dataclass_fields__})
        check_minimum("interval_seconds", options.interval_seconds, SHORTEST_INTERVAL)
        check_minimum("max_backoff_seconds", options.max_backoff_seconds, options.interval_seconds)
        check_minimum("max_keys", options.max_keys, 0)
        if not _SOURCE.fullmatch(options.source):
            hint = "It is the name of a folder: letters, digits, and the characters _.-"
            raise HrisError(f"{options.source!r} cannot name a source", "source", hint)
        return options

    @property
    def file(self) -> str:
        """Where the digests are."""
        return os.path.join(self.state_dir, self.source, FILE)


def pause(options: Options, failures: int, error: HrisError | None) -> float:
    """Seconds until HR is asked again. failures: in a row. error: the last one."""
    seconds = options.interval_seconds
    if failures:
        seconds = min(seconds * 2 ** min(failures - 1, 30), options.max_backoff_seconds)
    seconds *= random.uniform(1 - _JITTER, 1 + _JITTER)
    if isinstance(error, RefusedError) and error.retry_after:
        # What a server says is bounded too: it may say a year
        seconds = max(seconds, min(error.retry_after, options.max_backoff_seconds))
    return seconds


async def watch(
    options: Options, read: Callable[[], Digests], queue: Queue, logger: Logger
) -> None:
    """Put events until cancelled. read: reads HR, whole or not at all, in a thread.

    Digests are written after the event was handed on: a process that ends between the two tells it
    again, and never keeps it back. Raises HrisError where they cannot be written at the beginning.
    """
    before = _prepare(options, logger)
    failures, error = 0, None
    while True:
        try:
            now = await in_thread(read)
            failures, error = 0, None
        except HrisError as found:
            failures, error = failures + 1, found
            logger.error("%s: HR cannot be read, so no change is seen: %s", options.source, found)
        else:
            changes = _changes(before, now)
            if changes:
                await queue.put(event(options.source, changes, options.max_keys))
            if now != before:
                _keep(options, now, logger)
            before = now
        await asyncio.sleep(pause(options, failures, error))


def _changes(before: Digests | None, now: Digests) -> Mapping[str | None, str]:
    if before is None:  # nobody knows what changed since
        return ANYBODY
    changes = differences(before, now)
    return changes if all(map(usable, changes)) else ANYBODY


def _prepare(options: Options, logger: Logger) -> Digests | None:
    """The digests of the last reading, None where there are none."""
    try:
        os.makedirs(os.path.dirname(options.file), mode=0o700, exist_ok=True)
    except OSError as error:
        raise HrisError(
            f"the folder cannot be made: {error.strerror}", f"state_dir {options.state_dir}"
        ) from error
    try:
        found = read_digests(options.file)
    except HrisError as error:
        logger.error("%s The next event is about everybody.", error)
        found = None
    check_replaceable(options.file)  # better now than after HR was read
    return found


def _keep(options: Options, digests: Digests, logger: Logger) -> None:
    try:
        write_digests(options.file, digests)
    except HrisError as error:
        logger.error("%s After a restart, the first event is about everybody.", error)


async def in_thread(work: Callable[[], Digests]) -> Digests:
    """The result of work, which waits and computes. A process that ends does not wait for it.

    Raises HrisError, whatever work raises.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Digests] = loop.create_future()

    def settle(result: Digests | None, error: HrisError | None) -> None:
        if future.cancelled():
            return
        if result is not None:
            future.set_result(result)
        elif error is not None:
            future.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = foreseen(work)
        except HrisError as found:
            error = found
        with contextlib.suppress(RuntimeError):  # the loop may have ended meanwhile
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="hris.ad reads HR", daemon=True).start()
    return await future
