"""Keeps what each task answered, and the count at the end, as JSON lines in the file that HRIS_TEST_RESULTS names.

Keeps, too, the modules that Ansible has built (AnsiballZ), from one ansible-playbook to the next: the folder HRIS_TEST_MODULES, where it is set, stands
in the place of Ansible's own cache of one run. Building them is a fifth of a short run, and the tests make hundreds of those.
"""
from __future__ import annotations

import json
import os

from ansible import constants
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: keep_results
type: notification
short_description: Keeps results for tests
description: Writes each result and the final counts to a file.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "keep_results"

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        if modules := os.environ.get("HRIS_TEST_MODULES"):
            os.symlink(modules, os.path.join(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache"))

    def _keep(self, **line):
        with open(os.environ["HRIS_TEST_RESULTS"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result):
        self._keep(host=result._host.get_name(), task=result._task.get_name().rpartition(" : ")[2], result=result._result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.v2_runner_on_ok(result)

    def v2_playbook_on_stats(self, stats):
        self._keep(stats={"ok": sum(stats.ok.values()), "changed": sum(stats.changed.values()), "failures": sum(stats.failures.values())},
                   custom=stats.custom.get("_run", {}))  # what set_stats has handed on
