# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Account outcomes: every account as it is after a run, and what the run did to it."""

from __future__ import annotations

from ..data_class import mutable
from .directory import AttributeValues
from .records import Record


@mutable
class AccountOutcome:
    """One account after a run; a line of the file ``outcome_dest``. Days are ISO 8601 texts."""

    key: str | None  # of the person
    source: str
    type: str  # "user"
    guid: str | None  # objectGUID; None for one that a dry run would create, or that is not due
    dn: str | None  # None for somebody who is not due
    state: str  # of the person, or "absent"
    start: str | None
    end: str | None
    first_day_without_access: str | None
    timezone: str | None  # IANA name
    events: list[str]  # what the run did: created, enabled, … (actions.py)
    attributes: AttributeValues  # after the run
    before: AttributeValues  # former values of the attributes that changed
    groups_added: list[str]  # DNs
    groups_removed: list[str]  # DNs
    employee: Record  # the record of HR
    manager_account: Record  # where it is asked for: names and values of the manager's account
