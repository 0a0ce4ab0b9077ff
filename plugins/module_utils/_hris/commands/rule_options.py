# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the rules that do not come as options of a task: from a file, or inside of another
option.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ..errors import HrisError
from ..rules.options import ARGUMENTS
from ..rules.policies import Options


def checked_rules(rules: Mapping[str, Any]) -> Options:
    """The options, checked and completed as those of a task are. Raises HrisError."""
    checked = ArgumentSpecValidator(ARGUMENTS).validate(_given_options(rules, ARGUMENTS))
    if checked.error_messages:
        raise HrisError(checked.error_messages[0])
    return checked.validated_parameters


def _given_options(value: Any, spec: Mapping[str, Any] | None) -> Any:
    """Options as a task gives them: those that are not set, at any depth of the spec, are left out.

    spec: the options of this level; None for a value that has no fixed set of words.
    """
    if isinstance(value, list):
        return [_given_options(entry, spec) for entry in value]
    if not spec or not isinstance(value, dict):
        return value
    return {
        name: _given_options(inner, spec.get(name, {}).get("options"))
        for name, inner in value.items()
        if inner is not None
    }
