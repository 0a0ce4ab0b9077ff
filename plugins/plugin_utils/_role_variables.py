# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the roles and playbooks of this collection, and those of a host that only look
like them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.yaml import yaml_load
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import Warn
from ansible_collections.hris.ad.plugins.module_utils._hris.variable_spelling import (
    OWN,
    Unknown,
    ignored_text,
    misspelled_text,
    unknown_variables,
)

_COLLECTION = Path(__file__).parents[2]
# Stands for a role where the variables of a playbook are meant. Its entry points are the playbooks.
PLAYBOOKS = "playbooks"
_SPECIFICATION = "meta/argument_specs.yml"
# An option as meta/argument_specs.yml has it. A run looks at all names for each host and task, and
# reading the files as YAML takes fifty times as long.
_OPTION = re.compile(r"^      (\w+):", re.MULTILINE)
# What roles and playbooks set: results for the tasks that follow, and what one hands on to the next
RESULTS = frozenset(
    {
        "elmo_writeback_outcome",
        "hris_test",
        "icehrm_writeback_outcome",
        "lifecycle_declared",
        "lifecycle_doctor",
        "lifecycle_first_contact",
        "lifecycle_forecast",
        "lifecycle_impact",
        "lifecycle_initial_password",
        "lifecycle_lifted",
        "lifecycle_lock_out_source",
        "lifecycle_locked_out",
        "lifecycle_notified",
        "lifecycle_outcome",
        "lifecycle_report",
        "lifecycle_tested",
        "orchestration_accounts",
        "orchestration_accounts_count",
        "orchestration_accounts_file",
        "orchestration_failed_keys",
        "orchestration_outcome",
        "orchestration_step",
    }
)
# Variables of the rulebooks, which may stand in the same inventory
RULEBOOKS = ("elmo_webhook_*",)


def options_of(role: str, entry_point: str) -> dict[str, Any]:
    """The variables of an entry point, or of a playbook, with their specifications."""
    folder = _COLLECTION / (PLAYBOOKS if role == PLAYBOOKS else f"roles/{role}")
    text = (folder / _SPECIFICATION).read_text(encoding="utf-8")
    return yaml_load(text)["argument_specs"][entry_point].get("options") or {}


def options() -> set[str]:
    """The variables of all roles and playbooks that users may set."""
    names: set[str] = set()
    roles = _COLLECTION.glob(f"roles/*/{_SPECIFICATION}")
    for path in (_COLLECTION / PLAYBOOKS / _SPECIFICATION, *roles):
        names.update(_OPTION.findall(path.read_text(encoding="utf-8")))
    return names


def unknown(task_vars: Mapping[str, Any], own: Collection[str]) -> list[Unknown]:
    """The variables of a host that nothing reads. own: as of own_variables."""
    return unknown_variables(task_vars, options(), RESULTS, [*RULEBOOKS, *own])


def own_variables(value: Any) -> list[str]:
    """The names and patterns of variables that are the user's own. Fails the task for a wrong
    value, which would be no list of names.

    value: of the variable that names them; an empty answer of a survey is "not given".
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise AnsibleActionFail(f"{OWN} is no list of names. Write it like [lifecycle_site_ou].")
    return value


def wrong_names(
    templar: Any, task_vars: Mapping[str, Any], warn: Warn, failing: Collection[str] | None = None
) -> str:
    """Why a task fails because of the names of variables; "" where it does not.

    warn: is told of names that nothing reads, and of misspelled ones that do not fail the task.
    failing: the variables whose misspelling fails it; without it those of all roles and playbooks.
    """
    found = unknown(task_vars, own_variables(templar.template(task_vars.get(OWN))))
    fails = [one for one in found if failing is None or one.meant in failing]
    warned = [one for one in found if one not in fails]
    for text in (ignored_text(found), misspelled_text(warned)):
        if text:
            warn(text)
    return misspelled_text(fails)


class CheckedAction(NormalAction):
    """What Ansible does with any module. A task of a role first looks at the names of variables:
    whoever includes a role in a playbook of his own runs nothing else that would.
    """

    def run(self, tmp=None, task_vars=None):
        """As of ActionBase."""
        failure = ""
        if self._task.args.get("variable_prefix"):
            failure = wrong_names(self._templar, task_vars or {}, self._display.warning)
        return {"failed": True, "msg": failure} if failure else super().run(tmp, task_vars)
