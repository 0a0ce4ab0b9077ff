# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the variables of roles. Its documentation is the module of the same name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.hris.ad.plugins.plugin_utils._role_variables import (
    options_of,
    wrong_names,
)

ARGUMENTS = dict(
    entry_points=dict(type="list", elements="list", required=True),
    group=dict(type="str"),
    on_misspelled=dict(type="str", choices=["fail", "warn"], default="fail"),
)
_CHECK = "ansible.builtin.validate_argument_spec"
_NO_TEXTS = {"dict": {}, "list": [], "int": 0, "float": 0, "bool": 0}


class ActionModule(ActionBase):
    """As of plugins/modules/validate_variables.py."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        """As of ActionBase."""
        super().run(tmp, task_vars)
        task_vars = task_vars or {}
        _result, given = self.validate_argument_spec(ARGUMENTS)
        specs: dict[str, Any] = {}
        for role, entry_point in given["entry_points"]:
            specs.update(options_of(role, entry_point))
        failing = set(specs) if given["on_misspelled"] == "warn" else None
        failure = _in_no_group(task_vars, given["group"]) or wrong_names(
            self._templar, task_vars, self._display.warning, failing
        )
        if failure:
            return {"failed": True, "msg": failure}
        empty = [name for name in specs if self._is_empty(name, specs[name], task_vars)]
        checked = self._values(specs, empty, task_vars)
        if checked.get("failed"):
            return {"failed": True, "msg": checked["msg"]}
        return {"changed": False, "empty": empty}

    def _is_empty(self, name: str, option: Mapping[str, Any], task_vars) -> bool:
        """Whether a variable that is no text is one: a survey of AWX gives an empty text for a
        question without an answer.
        """
        if option.get("type") not in _NO_TEXTS or name not in task_vars:
            return False
        value = self._templar.template(task_vars[name])
        return value is None or (isinstance(value, str) and not value.strip())

    def _values(self, specs: Mapping[str, Any], empty: Iterable[str], task_vars) -> dict[str, Any]:
        """The result of Ansible's own check, with the default of each variable that is empty. One
        that is required has none, and is refused.
        """
        defaults = {
            name: specs[name].get("default", _NO_TEXTS[specs[name]["type"]])
            for name in empty
            if not specs[name].get("required")
        }
        task = self._task.copy()
        task.args = {"argument_spec": specs, "provided_arguments": defaults}
        check = self._shared_loader_obj.action_loader.get(
            _CHECK,
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        return check.run(task_vars=task_vars)


def _in_no_group(task_vars: Mapping[str, Any], group: str | None) -> str:
    """Why this host is none that a playbook serves; "" where it is. A playbook runs on another host
    only where the group has none.
    """
    if group is None:
        return ""
    if task_vars["inventory_hostname"] in task_vars["groups"].get(group, ()):
        return ""
    return (
        f"The inventory has no host in the group {group}, so there is nothing to do. Each host of "
        "this group is one HR source: give the inventory that has them with -i."
    )
