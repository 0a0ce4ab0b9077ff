# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an event says: whose records in HR changed, by their keys and nothing else of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KINDS = ("created", "changed", "gone", "unknown")
# Characters; no HR system has longer keys
LONGEST_KEY = 256
# Characters of all keys with commas between them, as an answer in an AWX survey may have them
LONGEST_LIST = 1000

# {key: kind}, as changes are everywhere. Without a key (None), anybody may have changed.
ANYBODY: Mapping[str | None, str] = {None: "unknown"}


def event(source: str, changes: Mapping[str | None, str], most_keys: int) -> dict[str, Any]:
    """The event for changes that are not empty, as docs/events.md describes it.

    most_keys: with more keys, and where one is not known, the event is about everybody.
    """
    keys = sorted(key for key in changes if key is not None)
    too_many = len(keys) > most_keys or len(",".join(keys)) > LONGEST_LIST
    if too_many or len(keys) < len(changes):
        changes, keys = ANYBODY, []
    kinds = set(changes.values())
    return {
        "source": source,
        "kind": kinds.pop() if len(kinds) == 1 else "changed",
        "everybody": not keys,  # for conditions, which cannot ask whether a list is null
        # Not "keys": in a rulebook, event.keys is a method of Python's dictionaries
        "only": keys or None,
        "changes": [
            {"key": key, "kind": kind}
            for key, kind in sorted(changes.items(), key=lambda item: item[0] or "")
        ],
    }


def usable(key: str | None) -> bool:
    """Whether a key may stand in an event.

    A playbook gets it as a variable, and Ansible evaluates braces in variables that come from the
    command line: an employee number with a template in it would be run. Commas are between keys.
    """
    return (
        key is not None
        and 0 < len(key) <= LONGEST_KEY
        and key.isprintable()
        and not set(key) & set("{},")
    )


def merged(known: str | None, kind: str) -> str:
    """The kind of two changes of one key. known: of the first one, None for none."""
    return kind if known in (None, kind) else "changed"
