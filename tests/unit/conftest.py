# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small company for tables: rules with Ansible's own defaults, and a directory as the directory room would have read it."""
from __future__ import annotations

import copy
from datetime import datetime, timezone

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import (
    Account,
    Domain,
    Group,
    NamedObject,
    Snapshot,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.compile_ruleset import (
    compile_ruleset,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.desired_state import desired_state
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.options import ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.standard_schema import (
    standard_schema,
)

AS_OF = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
DOMAIN_SID = "S-1-5-21-1-2-3"
STAFF, LEAVERS = "OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example"

OPTIONS = {
    "source": "elmo",
    "mapping": {
        "employeeID": "number",
        "givenName": "first",
        "sn": "last",
        "displayName": "{first} {last || ''}",
        "title": {"from": "title", "empty": "clear"},
        "manager": {"employee": "manager", "field": "id"},
    },
    "naming": {
        "candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}", "{ascii(givenName)}"],
        "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@example.com", "cn": "{displayName}"},
    },
    "placement": [{"ou": STAFF}],
    "groups": [{"groups": ["All Staff"]}, {"groups": ["Finance"], "when": "department == 'Finance'"}],
    "dates": {"start": "start", "end": "end"},
    "leaver": {"groups": "remove_managed", "move_to": LEAVERS},
}


def _options(**changes):
    checked = ArgumentSpecValidator(ARGUMENTS).validate(copy.deepcopy(OPTIONS) | changes)
    assert not checked.error_messages, checked.error_messages
    return checked.validated_parameters


def _rules(**changes):
    return compile_ruleset(_options(**changes))


def _employee(number, first="Ann", last="Lee", **more):
    return {"number": number, "id": f"id-{number}", "first": first, "last": last, "title": "Clerk", "manager": None, "department": "Sales",
            "start": "2020-01-01", "end": None} | more


def _account(number, sam, cn=None, ou=STAFF, enabled=True, groups=(), mark="hris.ad source=elmo state=active", rid=1100, **attributes):
    cn = cn or sam
    values = {"sAMAccountName": [sam], "cn": [cn], "employeeID": [number], "adminDescription": [mark]}
    values |= {name: value if isinstance(value, list) else [value] for name, value in attributes.items()}
    return Account(f"guid-{sam}", f"CN={cn},{ou}", f"{DOMAIN_SID}-{rid}", enabled, 512 if enabled else 514, primary_group=513, admin_count=False,
                   critical=False, groups=list(groups), attributes={name: value for name, value in values.items() if value != [None]})


def _group(name, rid=2000, groups=()):
    return Group(f"guid-{name}", f"CN={name},OU=Groups,DC=corp,DC=example", f"{DOMAIN_SID}-{rid}", name, name, list(groups), {})


def _snapshot(*accounts, groups=None, contacts=()):
    return Snapshot(
        domain=Domain("DC=corp,DC=example", "corp.example", DOMAIN_SID, "ldaps://dc1:636", "svc@corp.example", None),
        schema=standard_schema(),
        containers=["DC=corp,DC=example", STAFF, LEAVERS, "OU=Groups,DC=corp,DC=example"],
        groups=groups if groups is not None else [_group("All Staff"), _group("Finance", 2001), _group("Domain Admins", 512)],
        accounts=list(accounts),
        contacts=[NamedObject(contact["dn"], contact["attributes"]) for contact in contacts],
        deleted=[],
    )


class Company:
    """What a test needs to say who there is and to ask for the plan."""

    as_of, staff, leavers = AS_OF, STAFF, LEAVERS
    rules = staticmethod(_rules)
    employee = staticmethod(_employee)
    account = staticmethod(_account)
    group = staticmethod(_group)
    snapshot = staticmethod(_snapshot)

    @staticmethod
    def people(*employees, as_of=AS_OF, **options):
        """(people, findings) of the employees."""
        source = people_of(list(employees), _rules(**options), as_of)
        return source.people, source.findings

    @staticmethod
    def wanted(employee, as_of=AS_OF, **options):
        """(what the rules want for the one employee, findings)."""
        rules = _rules(**options)
        (person,) = people_of([employee], rules, as_of).people
        return desired_state(person, rules, {})

    @staticmethod
    def plan(employees, snapshot, as_of=AS_OF, **options):
        """The plan for the employees and the directory."""
        rules = _rules(**options)
        return make_plan([people_of(employees, rules, as_of)], snapshot, as_of).plan


@pytest.fixture
def company():
    """Employees, accounts, rules and plans in one word each."""
    return Company


@pytest.fixture
def options():
    """options(**changes) -> the company's rules as a module has them, with Ansible's defaults."""
    return _options
