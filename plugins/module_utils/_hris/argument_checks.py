# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that a module checks later than the others, because wrong ones shall not stop it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .errors import HrisError


def checked_option(name: str, given: Any, spec: Mapping[str, Any]) -> Any:
    """The value of one option with defaults and types. given: None for not set; spec: of the
    option. Raises HrisError.
    """
    parameters = {} if given is None else {name: given}
    checked = ArgumentSpecValidator({name: spec}).validate(parameters)
    if checked.error_messages:
        raise HrisError(checked.error_messages[0].rstrip("."), name)
    return checked.validated_parameters[name]
