# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the work of a module meets Ansible: the only file that ends a module."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule

from .argument_errors import with_variables
from .errors import HrisError
from .given_options import without_empty
from .libraries import how_to_install, not_loaded, what_is_missing
from .option_names import Names, option_name, options_called
from .variable_names import variables_of
from .visible_text import visible

# (options of the module, check mode, what shows a warning) -> the result
Work = Callable[[Mapping[str, Any], bool, Callable[[str], None]], Mapping[str, Any]]


class HrisModule(AnsibleModule):
    """An AnsibleModule for which an empty text is not given, where an option is no text.

    What Ansible finds wrong in its arguments has the names of variable_names.py.
    """

    params: dict[str, Any]

    def __init__(self, name: str, tuning: Collection[str] = (), **spec: Any):
        """name, tuning: as of variables_of. Fails the task for wrong arguments."""
        self._of_module, self._tuning, self._is_checked = name, tuning, False
        super().__init__(**spec)
        self._is_checked = True

    def _load_params(self) -> None:
        super()._load_params()
        self.params = without_empty(self.params, self.argument_spec)

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """As AnsibleModule.fail_json."""
        if not self._is_checked:
            with options_called(self.variables()):
                msg = with_variables(msg, self.argument_spec, option_name)
        super().fail_json(msg=msg, **result)
        raise AssertionError("fail_json ends the module")

    def variables(self) -> Names:
        """What messages call the options."""
        prefix = self.params.get("variable_prefix")
        return variables_of(prefix, self._of_module, self.argument_spec, self._tuning)


def run_module(
    work: Work,
    libraries: Iterable[str] | Callable[[Mapping[str, Any]], Iterable[str]] = (),
    tuning: Collection[str] = (),
    **spec: Any,
) -> None:
    """Make a module, do the work, and end the module with its result.

    A result with ``failed: True`` and ``msg`` fails the task and keeps the rest of the result,
    because a failure must not hide what was written. HrisError fails the task with its text.

    libraries: the third-party packages that the work needs, or a function that tells them by the
    options. All that are missing are told at once.
    tuning: options that a role has in one dictionary (variable_names.py). spec: the arguments of
    AnsibleModule.
    """
    name = work.__module__.rpartition(".")[2]  # commands have the names of their modules
    module = HrisModule(name, tuning, **spec)
    needed = libraries(module.params) if callable(libraries) else libraries
    if missing := not_loaded(needed):
        hint = f"Install what is missing: {how_to_install(missing)}"
        module.fail_json(msg=str(HrisError(what_is_missing(missing), hint=hint)))

    def warn(text: str) -> None:
        module.warn(visible(text))

    try:
        with options_called(module.variables()):
            result = _visible(work(module.params, module.check_mode, warn))
    except HrisError as error:
        module.fail_json(msg=str(error))
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


def _visible(result: Mapping[str, Any]) -> Mapping[str, Any]:
    """The result; its texts for people cannot add lines to the output."""
    texts: dict[str, Any] = {
        name: visible(result[name]) for name in ("msg", "chat") if isinstance(result.get(name), str)
    }
    if isinstance(result.get("report"), list):
        texts["report"] = [visible(str(line)) for line in result["report"]]
    return {**result, **texts}
