# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outcome: every account as it stands after the run, and what the run did to it, for whoever acts on that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..ad_values.dn import normal, object_of, split

EVENTS = {
    "create": "created",
    "enable": "enabled",
    "disable": "disabled",
    "delete": "deleted",
    "move": "moved",
    "rename": "renamed",
    "update": "updated",
    "group_add": "group_added",
    "group_remove": "group_removed",
}
# Attributes by which accounts are switched; a change of nothing else is not an update that anybody waits for.
SWITCHES = frozenset(("useraccountcontrol", "pwdlastset"))
CHARACTERS = (
    100_000  # AWX drops a whole task result over 700,000 characters without a word (measured)
)
SHOWN = ("sAMAccountName", "userPrincipalName", "mail", "displayName")


def outcome_of(
    decided: list[tuple], changes: list[dict], source: str, own: frozenset, everyone: bool
) -> Iterator[dict]:
    """Yield the outcome of each account, in the order of the feed; new ones come later.

    decided: of make_plan. changes: those that were made, or in check mode would be. own: attributes in lower case that keep
    our own marks. everyone: also of accounts that nothing was done to. An outcome is plain data::

        {"key", "source", "type": "user", "guid": None for a new account, "dn", "state", "start", "end", "locked", "zone",
         "events": ["created", …], "attributes": {name: [text, …]}, "before": {name: [text, …]} of those that changed,
         "groups_added": [DN, …], "groups_removed": [DN, …], "employee": {…}}
    """
    of_account = defaultdict(list)
    for change in changes:
        of_account[object_of(change)].append(change)
    for person, account, decision in decided:
        made = of_account.get(
            account["guid"] if account else normal(decision.dn) if decision.dn else None, []
        )
        if made or (everyone and account):
            yield _outcome(person, account, made, source, own)


def _outcome(
    person: dict, account: dict | None, made: list[dict], source: str, own: frozenset
) -> dict:
    attributes = dict(account["attributes"]) if account else {}
    before, events, dn = {}, {}, account["dn"] if account else None
    for change in made:
        seen = change["action"] != "update"
        for name, values in (
            change.get("attributes", {}).items() if change["action"] != "delete" else ()
        ):
            attributes[name] = values["after"]
            if name.casefold() not in own and name.casefold() not in SWITCHES:
                before[name] = values["before"]
                seen = True
        if seen and change["action"] in EVENTS:
            events[EVENTS[change["action"]]] = None
        dn = change.get("to", dn or change["dn"])
    if "created" in events or "renamed" in events:
        attributes["cn"] = [split(dn)[0]]
    return {
        "key": person["key"],
        "source": source,
        "type": "user",
        "guid": account["guid"] if account else None,
        "dn": dn,
        "state": person["state"].partition(" ")[0],
        "start": person["start"],
        "end": person["end"],
        "locked": person["locked"],
        "zone": person["zone"],
        "events": list(events),
        "attributes": {
            name: values
            for name, values in attributes.items()
            if values and name.casefold() not in own
        },
        "before": before,
        "groups_added": [change["group"] for change in made if change["action"] == "group_add"],
        "groups_removed": [
            change["group"] for change in made if change["action"] == "group_remove"
        ],
        "employee": person["employee"],
    }


def accounts_by_event(outcomes: list[dict], most: int) -> dict[str, list[dict]]:
    """{event: [{"key", "guid", "dn", and the first value of each of SHOWN}, …]}, at most ``most`` of each, and of a bounded size."""
    found: dict[str, list[dict]] = {event: [] for event in EVENTS.values()}
    room = CHARACTERS
    for outcome in outcomes:
        short = {"key": outcome["key"], "guid": outcome["guid"], "dn": outcome["dn"]}
        short |= {name: next(iter(outcome["attributes"].get(name, [])), None) for name in SHOWN}
        size = sum(len(str(value)) for value in short.values())
        for event in outcome["events"]:
            if len(found[event]) < most and room > size:
                found[event].append(short)
                room -= size
    return found
