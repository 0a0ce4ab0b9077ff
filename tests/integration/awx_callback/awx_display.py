"""Displays under a lock between processes and writes to stdout there, as awx_display of ansible-runner 2.4.0 does.

With ansible-core 2.17 and 2.18, a worker's thread that displays something hangs in it for ever.
"""
from __future__ import annotations

import functools
import multiprocessing
import sys

from ansible.plugins.callback.default import CallbackModule as Default
from ansible.utils.display import Display

DOCUMENTATION = """
name: awx_display
type: stdout
short_description: Stands for the callback of AWX in tests
description: Shows what the default callback shows.
extends_documentation_fragment: [default_callback, result_format_callback]
"""
LOCK = multiprocessing.RLock()


def locked(display):
    @functools.wraps(display)
    def under_the_lock(*arguments, **named):
        with LOCK:
            sys.stdout.write("\x1b[K")
            return display(*arguments, **named)

    return under_the_lock


Display.display = locked(Display.display)


class CallbackModule(Default):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "awx_display"
