"""The simulated directory is as the real one: the schema that it assumes, and what a run makes of each."""
from __future__ import annotations

import copy
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import schema
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.connection import connect
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.reading import read_snapshot
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.compile_ruleset import (
    compile_ruleset,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.standard_schema import (
    standard_schema,
)

STAFF, LEAVERS = "OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example"
RULES = {
    "source": "twin",
    "mapping": {"employeeID": "number", "givenName": "first", "sn": "last", "displayName": "{first} {last}", "title": {"from": "title", "empty": "clear"},
                "otherTelephone": {"from": "phones", "values": "merge"}, "manager": {"employee": "manager", "field": "number", "empty": "clear"}},
    "naming": {"candidates": ["{ascii(givenName)}.{ascii(sn)}"], "rename": ["cn", "sAMAccountName", "mail"],
               "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@example.com", "cn": "{displayName}"}},
    "placement": [{"when": "title == 'Head'", "ou": f"OU=Heads,{STAFF}", "create": True}, {"ou": STAFF}],
    "groups": [{"groups": ["All Staff"]}, {"groups": ["Managers"], "when": "title == 'Head'"}],
    "dates": {"start": "start", "end": "end"},
    "joiner": {"create_days_before": 5, "must_change_password": True},
    "leaver": {"groups": "remove_all", "move_to": LEAVERS, "attributes": {"description": "Left {end}"}, "account_expires": True, "delete_after_days": 30,
               "scramble_password": True},
    "rehire": {"restore": [{"within_days": 10, "what": "groups"}]},
    "absent": {"grace_days": 3, "action": "disable"},
}


def employee(number, last, **more):
    return {"number": number, "first": "Ann", "last": last, "title": "Clerk", "phones": [f"+61 {number}"], "manager": None, "start": "2020-01-01",
            "end": None} | more


# (day, feed): joiners, somebody ahead of the first day, movers, a manager who moves and leaves, a marriage, a return, somebody absent, and deletion
DAYS = [
    ("2026-03-01", [employee("1", "Lee", manager="2"), employee("2", "Ek, Jr", title="Head"), employee("3", "Moe", manager="2"),
                    employee("4", "New", start="2026-03-05"), employee("5", "Lee", manager="1")]),
    ("2026-03-05", [employee("1", "Roe", manager="2"), employee("2", "Ek, Jr"), employee("3", "Moe", manager="2", title="Head"),
                    employee("4", "New", start="2026-03-05", manager="3"), employee("5", "Lee", manager="1", phones=["+61 9"])]),
    ("2026-03-10", [employee("1", "Roe", title=None), employee("2", "Ek, Jr", end="2026-03-08"), employee("3", "Lee", manager="2"),
                    employee("4", "New", start="2026-03-05", manager="3")]),
    ("2026-03-14", [employee("1", "Roe", manager="4"), employee("2", "Ek, Jr"), employee("3", "Moe", manager="2", end="2026-03-13"), employee("4", "New")]),
    ("2026-05-01", [employee("1", "Roe", manager="3"), employee("2", "Ek, Jr"), employee("3", "Moe", end="2026-03-13"), employee("4", "New", manager="1")]),
]


def twin(snapshot, ours):
    """What is compared: our accounts as plain data without what only a server gives (GUIDs and SIDs of new ones), by key."""
    names = {account.guid: account.attributes["employeeID"][0] for account in ours(snapshot)}
    found = {}
    for account in ours(snapshot):
        attributes = {name: sorted(values) for name, values in account.attributes.items()}
        kept = {name: getattr(account, name) for name in ("dn", "enabled", "uac", "primary_group", "admin_count", "critical")}
        found[names[account.guid]] = kept | {"groups": sorted(account.groups), "attributes": attributes}
    return found


@pytest.fixture
def seen(domain, directory):
    def read(rules):
        with connect(directory) as connection:
            return read_snapshot(connection, rules.attributes)
    return read


def test_the_assumed_schema_is_the_real_one(directory):
    known = standard_schema()
    with connect(directory) as connection:
        real = schema.read(connection, [definition.name for definition in known.values()])
    # A simulated directory has no rights, so it knows nothing of what these are about
    assert {name: replace(one, schema_id="", property_set="", confidential=False) for name, one in real.items()} == known


def test_simulated_and_real_become_the_same(clean, module, seen):
    checked = ArgumentSpecValidator(ARGUMENTS).validate(copy.deepcopy(RULES))
    rules = compile_ruleset(checked.validated_parameters)
    actions = set()

    def ours(snapshot):
        return [account for account in snapshot.accounts if "adminDescription" in account.attributes]

    for day, feed in DAYS:
        as_of = datetime.fromisoformat(day).replace(tzinfo=timezone.utc)
        before = seen(rules)
        plan = make_plan([people_of(feed, rules, as_of)], before, as_of).plan
        actions |= {change.action for change in plan.changes}
        simulated = apply_simulated(before, plan.changes)
        done = module("sync", employees=feed, as_of=day, **copy.deepcopy(RULES))
        assert not done.get("failed") and done["summary"]["changes"] == plan.counts, done
        real = seen(rules)
        assert twin(simulated, ours) == twin(real, ours), day
        assert sorted(map(str.casefold, simulated.containers)) == sorted(map(str.casefold, real.containers))
        assert {tuple(entry.attributes["sAMAccountName"]) for entry in simulated.deleted} == \
            {tuple(entry.attributes["sAMAccountName"]) for entry in real.deleted}
    assert actions == {"create_ou", "create", "update", "enable", "disable", "delete", "move", "rename", "group_add", "group_remove"}
