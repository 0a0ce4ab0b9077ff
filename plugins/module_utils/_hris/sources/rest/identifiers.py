# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No identifier of a list may belong to two different records.

Whatever refers to it, such as the manager of others, would mean the wrong one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import HrisError, quoted
from ...model.records import Record
from ..paging import id_of
from .endpoints import Endpoint
from .records import key_of


def check_identifiers(endpoint: Endpoint, records: Sequence[Record], is_first: bool) -> None:
    """Raise HrisError for an identifier that two different records of an endpoint have.

    Without a described one, the field id of the first endpoint counts: two keys with the same id
    are a mistake, but one key may have several records.
    """
    rule, key = endpoint.identifier, endpoint.key
    if rule is not None:
        known: dict[str, Record] = {}
        for record in records:
            identity = key_of(record, rule)
            if identity is not None and known.setdefault(identity, record) != record:
                raise _twice(endpoint, identity, "different records")
    elif is_first and key is not None and key.source.strip() != "id":
        keys: dict[str, str] = {}
        for record in records:
            identity, value = id_of(record), key_of(record, key)
            if identity is None or value is None:
                continue
            if keys.setdefault(identity, value) != value:
                raise _twice(endpoint, identity, f"keys, {keys[identity]} and {value}")


def _twice(endpoint: Endpoint, identity: str, of: str) -> HrisError:
    return HrisError(
        f"the identifier {quoted(identity)} belongs to two {of}",
        f"endpoint {endpoint.name}",
        "Correct it in HR. Is another field the record's own one, name it as identifier",
    )
