# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many operations outstanding on one connection, driven by generators."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import NamedTuple

from ..model.plan import Outcome
from .ldap_messages import LdapResult
from .ldap_stream import LdapStream
from .stream_errors import ConnectionLostError

WINDOW = 16  # operations outstanding at the same time


class Request(NamedTuple):
    """An encoded operation."""

    operation: bytes
    controls: bytes = b""
    secrets: tuple[str, ...] = ()  # in the operation: no answer may show them


# Yields one request after another, and is sent the result of each
Task = Generator[Request, "LdapResult | None", None]
# The same for one operation; its value is what became of it
Making = Generator[Request, "LdapResult | None", Outcome]


class StoppedError(Exception):
    """Nothing more is sent: a task that raises it ends."""


def run_tasks(stream: LdapStream, tasks: deque[Task]) -> None:
    """Drive tasks until all have ended, at most WINDOW operations outstanding.

    ConnectionLostError is thrown into a task when the response to its operation will not come, and
    raised here at the end. A task can add further tasks.
    """
    outstanding: dict[int, Task] = {}
    try:
        while tasks or outstanding:
            while tasks and len(outstanding) < WINDOW:
                _advance(stream, tasks.popleft(), None, outstanding)
            if outstanding:
                message = stream.receive()
                task = outstanding.pop(message[0], None)
                if task:
                    _advance(stream, task, stream.result(message), outstanding)
    except ConnectionLostError as error:
        for task in outstanding.values():
            try:
                task.throw(error)
            except (StopIteration, ConnectionLostError):
                pass  # the task has noted its outcome
        raise


def _advance(
    stream: LdapStream, task: Task, result: LdapResult | None, outstanding: dict[int, Task]
) -> None:
    """Give a task its result, and send the request that it yields next."""
    try:
        request = task.send(result)
    except (StopIteration, StoppedError):
        return
    try:
        outstanding[stream.send(*request)] = task
    except ConnectionLostError:
        outstanding[0] = task  # run_tasks throws the error into it with the others
        raise
