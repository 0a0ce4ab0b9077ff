# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The terminal of the person who has started ansible-playbook: what is shown there is in no log.

What a task returns, or prints, goes to callbacks, log files and job pages. So the text is written
to the terminal itself. A task may have lost it (Ansible gives tasks a session of their own), so it
is that of the nearest process above which has one.
"""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import HrisError
from .option_names import option_name

# Set where the terminal is none of a person: ansible-runner and AWX keep what they read from it
_RUNNERS = ("AWX_ISOLATED_DATA_DIR", "AWX_PRIVATE_DATA_DIR", "JOB_ID")
_OTHER_SCREEN, _FIRST_SCREEN = "\x1b[?1049h\x1b[H", "\x1b[?1049l"
_FIRST_PTS, _LAST_PTS = 136, 143  # numbers of the driver of pseudo terminals


def show_once(text: str, seconds: float) -> None:
    """Show the text until somebody presses Enter, at most so many seconds, and remove it.

    Raises HrisError where there is no terminal.
    """
    try:
        handle = os.open(_terminal(), os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise _no_terminal(f"it cannot be opened: {error.strerror}") from None
    try:
        with _in_background():
            os.write(handle, f"{_OTHER_SCREEN}{text}\r\n".encode())
            try:
                ready, _write, _other = select.select([handle], [], [], seconds)
                if ready:
                    os.read(handle, 1024)
            finally:
                os.write(handle, _FIRST_SCREEN.encode())
    finally:
        os.close(handle)


def check_terminal() -> None:
    """Raise HrisError where show_once would."""
    _terminal()


def _terminal() -> str:
    """The path of the terminal. Raises HrisError."""
    for name in _RUNNERS:
        if os.environ.get(name):
            raise _no_terminal(f"ansible-runner or AWX keeps what is shown ({name} is set)")
    pid = os.getpid()
    while pid > 1:
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            break
        number = int(fields[4])
        if number:
            return _device(number)
        pid = int(fields[1])
    raise _no_terminal("the processes above the task have none")


def _device(number: int) -> str:
    """The path of the terminal with this number, as the kernel writes it (proc(5))."""
    major = (number >> 8) & 0xFFF
    minor = (number & 0xFF) | ((number >> 12) & 0xFFF00)
    if _FIRST_PTS <= major <= _LAST_PTS:
        return f"/dev/pts/{(major - _FIRST_PTS) * 256 + minor}"
    if major == 4 and minor < 64:
        return f"/dev/tty{minor}"
    raise _no_terminal(f"{major}:{minor} is another kind of terminal")


@contextmanager
def _in_background() -> Iterator[None]:
    """The terminal would stop a process that reads from it in the background."""
    signals = (signal.SIGTTIN, signal.SIGTTOU)
    before = [signal.signal(one, signal.SIG_IGN) for one in signals]
    try:
        yield
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)


def _no_terminal(why: str) -> HrisError:
    return HrisError(
        f"there is no terminal of a person to show it at: {why}",
        hint=f"Start ansible-playbook in a terminal, or set {option_name('dest')} to a file",
    )
