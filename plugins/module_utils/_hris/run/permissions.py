# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What decides whether the account of a run may make changes."""

from __future__ import annotations

from collections.abc import Sequence

from ..ad_values.rights import Permissions
from ..directory.connection import Connection
from ..directory.permissions import permissions_for
from ..model.plan import Change
from ..planning.needed_rights import attributes_written


def permissions_of(connection: Connection, changes: Sequence[Change]) -> Permissions:
    """The permissions of all objects that changes are about, in as few searches as possible."""
    return permissions_for(connection, changes, attributes_written(changes))
