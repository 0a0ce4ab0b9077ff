# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which options of a module are given.

A survey of AWX gives an empty text for each question without an answer, which ansible-core 2.19
reads as null, and a template one for an environment variable that is not set. For an option that is
no text this can only mean that it is not given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NO_TEXTS = frozenset({"dict", "list", "int", "float", "bool"})


def without_empty(params: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]]) -> Any:
    """The options without those that are an empty text or null and no text, at every depth.

    spec: an argument_spec of AnsibleModule.
    """
    return {
        name: _inside(value, spec.get(name, {}))
        for name, value in params.items()
        if not (is_empty(value) and spec.get(name, {}).get("type") in NO_TEXTS)
    }


def is_empty(value: Any) -> bool:
    """Whether it is null, or a text without anything that is seen."""
    return value is None or (isinstance(value, str) and not value.strip())


def _inside(value: Any, option: Mapping[str, Any]) -> Any:
    options = option.get("options")
    if not options:
        return value
    if isinstance(value, dict):
        return without_empty(value, options)
    if isinstance(value, list):
        return [without_empty(item, options) if isinstance(item, dict) else item for item in value]
    return value
