# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a leaver's account remembers of the groups that were taken from it, so that a rehire can have them back.

The attribute ``leaver.record`` holds one text a group: ``hris.ad group=GUID since=DAY``, DAY being the first day without
access. The record is written before the groups are taken, and cleared after they have been given back: a run that is
killed in between is finished by the next.
"""

from __future__ import annotations

from datetime import date

PREFIX = "hris.ad group="


def entries_of(account: dict, attribute: str | None) -> list[dict]:
    """[{"guid", "since", "text"}] that the account holds."""
    found = []
    for text in account["attributes"].get(attribute, []) if attribute else []:
        if text.startswith(PREFIX):
            guid, _word, since = text.removeprefix(PREFIX).partition(" since=")
            found.append({"guid": guid, "since": since, "text": text})
    return found


def with_groups(account: dict, attribute: str, groups: list[dict], since: str) -> dict:
    """{attribute: {"before", "after"}} that adds groups to the record; {} when all are in it."""
    before = account["attributes"].get(attribute, [])
    known = {entry["guid"] for entry in entries_of(account, attribute)}
    added = [
        f"{PREFIX}{group['guid']} since={since}" for group in groups if group["guid"] not in known
    ]
    return {attribute: {"before": before, "after": before + added}} if added else {}


def without_groups(account: dict, attribute: str) -> dict:
    """{attribute: {"before", "after"}} that takes the whole record away."""
    before = account["attributes"].get(attribute, [])
    return {
        attribute: {
            "before": before,
            "after": [text for text in before if not text.startswith(PREFIX)],
        }
    }


def restorable(entries: list[dict], today: str, within_days: int) -> set[str]:
    """The GUIDs of recorded groups that are not too old to be given back."""
    now = date.fromisoformat(today)
    return {
        entry["guid"]
        for entry in entries
        if entry["since"] and (now - date.fromisoformat(entry["since"])).days <= within_days
    }
