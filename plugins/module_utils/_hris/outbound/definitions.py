# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The named expressions of the rules, in what follows a run: steps, webhooks, mail, write-back.

They read the employee, which templates and conditions over accounts have below ``employee``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

from ..option_names import option_name
from ..rules.compile_ruleset import moment
from ..rules.definitions import defined, definition_trees, record_in
from .employee_fields import EMPLOYEE

ARGUMENTS: dict[str, Any] = dict(definitions=dict(type="dict", default={}))


@contextmanager
def definitions_of(params: Mapping[str, Any]) -> Iterator[None]:
    """What is compiled inside can call the definitions of the module's options, and today()."""
    trees = definition_trees(params.get("definitions") or {}, option_name("definitions"))
    as_of = moment(params.get("as_of"), datetime.now(timezone.utc))
    with defined(trees, as_of), record_in(EMPLOYEE):
        yield
