# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a module, read once into a typed value."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

# The options of an Ansible module, or the suboptions of one option: {name: value}. Each option
# of the argument specification is in it; None stands for an option that is not set.
Params = dict[str, Any]
Options = TypeVar("Options")


def read_options(kind: type[Options], params: Params) -> Options:
    """A ``kind`` (a dataclass) whose fields have the values of the options with their names.

    An option that is not set leaves the field's default.
    """
    # mypy knows no bound for "any dataclass" (typing has no public type for it).
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: params[name] for name in names if params[name] is not None})
