# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows the progress of a module while it runs: it writes to a file (module_utils/progress.py), and
the lines are shown from here.

That needs a module on the same machine. Everywhere else, and where somebody else reads the file,
the module runs as any other does.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections import deque
from contextlib import contextmanager
from datetime import datetime, timezone

from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.utils.display import Display
from ansible_collections.hris.ad.plugins.module_utils._hris.user_files import open_to_read
from ansible_collections.hris.ad.plugins.module_utils._hris.visible_text import visible
from ansible_collections.hris.ad.plugins.plugin_utils._role_variables import CheckedAction

VARIABLE = "hris_progress_seconds"
USUAL = 10.0
LATELY = 20.0  # seconds that the pace is computed from


class WatchedAction(CheckedAction):
    """What a CheckedAction does, and the progress on the screen meanwhile. The task's result is the
    module's.
    """

    def run(self, tmp=None, task_vars=None):
        """As of ActionBase."""
        every = self._every(task_vars or {})
        own_file = self._task.args.get("progress_file")
        if not every or own_file or not self._on_this_machine():
            return super().run(tmp, task_vars)
        handle, path = tempfile.mkstemp(prefix="hris-progress-", dir=constants.DEFAULT_LOCAL_TMP)
        os.close(handle)
        host = (task_vars or {}).get("inventory_hostname", "")
        title = f"{self._task.action.rpartition('.')[2]} {host}".rstrip()
        given = self._task.args
        self._task.args = {**given, "progress_file": path}
        try:
            with watched(path, every, lambda text: show(f"{title}: {text}")):
                result = super().run(tmp, task_vars)
        finally:
            self._task.args = given
            os.unlink(path)
        arguments = (result.get("invocation") or {}).get("module_args") or {}
        if "progress_file" in arguments:
            arguments["progress_file"] = None  # nobody has asked for it
        return result

    def _every(self, task_vars: dict) -> float:
        value = self._templar.template(task_vars.get(VARIABLE, USUAL))
        try:
            every = float(value)
        except (TypeError, ValueError):
            every = -1
        if not 0 <= every < float("inf"):
            raise AnsibleActionFail(f"{VARIABLE}: '{value}' is no number of seconds, 0 or more.")
        return every

    def _on_this_machine(self) -> bool:
        return self._connection.transport == "local" and not (
            self._task.async_val or self._task.no_log or self._connection.become
        )


def show(text: str) -> None:
    """Have the main process display a line; for a thread of a worker.

    A worker sends what it displays to the main process, through this queue. It is used directly,
    because callbacks replace Display.display: that of ansible-runner, which AWX uses, first writes
    to sys.stdout under a lock. In a thread of a worker it can wait for that lock for ever, with
    ansible-runner 2.4.0 and ansible-core 2.17 or 2.18, and then the job never ends. The queue
    has been there in every ansible-core that we support; without it the line is not shown.
    """
    queue = getattr(Display(), "_final_q", None)
    if queue is not None:
        queue.send_display("display", text)


@contextmanager
def watched(path: str, every: float, show):
    """Show how far it is, after half of `every` seconds and then every so many. show:
    callable(text).
    """
    done = threading.Event()

    def watch() -> None:
        seen = Seen()
        pause = every / 2
        with open_to_read(path) as file:
            while not done.wait(pause):
                pause = every
                for line in file.readlines():
                    seen.add(line.decode())
                text = seen.text(datetime.now(timezone.utc), every)
                if text:
                    show(text)

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


class Seen:
    """What a run has reported of its present phase lately. Parts of a phase differ in pace: a
    thousand memberships are written while ten accounts are.
    """

    def __init__(self):
        self._lines = deque()  # the last is the newest; the others are the basis of the pace
        self._part = ""

    def add(self, text: str) -> None:
        """Take a line; the beginning of one that is still being written waits for its end."""
        self._part += text
        if not self._part.endswith("\n"):
            return
        part, self._part = self._part, ""
        try:
            line = json.loads(part)
        except ValueError:
            return  # a full disk has taken only a part of it
        line["at"] = datetime.fromisoformat(line["at"])
        lines = self._lines
        if lines and (line["phase"] != lines[-1]["phase"] or line["done"] < lines[-1]["done"]):
            lines.clear()
        lines.append(line)
        while len(lines) > 2 and (line["at"] - lines[1]["at"]).total_seconds() >= LATELY:
            lines.popleft()

    def text(self, now: datetime, patience: float) -> str | None:
        """How far it is: ``write 120/300, 41 a second, 4 s left``; None before the first line.

        patience: seconds after which the line says that nothing new was reported.
        """
        if not self._lines:
            return None
        first, last = self._lines[0], self._lines[-1]
        seconds = (last["at"] - first["at"]).total_seconds()
        rate = (last["done"] - first["done"]) / seconds if seconds > 0 else 0
        left = None if last["total"] is None else last["total"] - last["done"]
        silence = (now - last["at"]).total_seconds()
        parts = [visible(last["phase"]) + counted(last["done"], last["total"])]
        if rate:
            parts.append(paced(rate))
        if rate and left:
            parts.append(f"{lasting(left / rate)} left")
        if silence > patience and left != 0:
            parts.append(f"nothing new for {lasting(silence)}")
        return ", ".join(parts)


def counted(done: int, total: int | None) -> str:
    """`` 120/300``, or `` 120`` where nobody knows the total; "" where nothing is counted."""
    if total is not None:
        return f" {done:,}/{total:,}"
    return f" {done:,}" if done else ""


def paced(rate: float) -> str:
    """A number a second, or for slow ones a minute, an hour."""
    if rate >= 1:
        return f"{rate:,.0f} a second"
    return f"{rate * 60:.0f} a minute" if rate * 60 >= 1 else f"{rate * 3600:.0f} an hour"


def lasting(seconds: float) -> str:
    """A time that people can compare: ``4 s``, ``3 min``, ``2 h 5 min``; never less than a
    second.
    """
    whole = max(1, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
