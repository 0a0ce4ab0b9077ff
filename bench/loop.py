"""What people do without the collection: community.general's ldap_entry and ldap_attrs in a loop
over the people, from the PyPI package `ansible`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lab.domain import Domain
from lab.paths import CHECKOUT

from . import feeds, measure, ours
from .figures import Row, row
from .measure import Measured

VENV = CHECKOUT / ".cache/bench-venv"
# What ldap_entry sets; ldap_attrs sets the rest
CREATE = (
    "sAMAccountName",
    "userPrincipalName",
    "cn",
    "userAccountControl",
    "unicodePwd",
)
OBJECT_CLASS = ["top", "person", "organizationalPerson", "user"]
# Active Directory wants the password in quotes, as UTF-16
PASSWORD = '"Bench-Passw0rd-{}!"'
Change = dict[str, Any]  # of a plan file


def at_size(domain: Domain, size: int, folder: Path) -> tuple[list[Row], dict[str, float]]:
    """(rows, {"load", "again"}: seconds a person) of a loop over `size` people into an empty
    domain, and of the same loop once more.

    The same accounts, attributes, passwords, managers and group members as our first load of these
    people. What a play costs before its first person is measured by a play over nobody, and
    subtracted.
    """
    feed, plan = feeds.record(folder, size), folder / "plan.json"
    domain.reset()
    options = ours.sync_options(feed, ours.directory(domain))
    planning = {**options, "plan_dest": str(plan)}
    ours.module("sync", planning, folder, check=True, expect={"changed": True})
    changes = json.loads(plan.read_text("utf-8"))["changes"]
    people = [change for change in changes if change["action"] == "create"]
    members = [
        {"group": change["group"], "dn": change["dn"]}
        for change in changes
        if change["action"] == "group_add"
    ]
    nobody = _play(domain, [], [], folder)["wall"]
    load, again = _play(domain, people, members, folder), _play(domain, people, members, folder)
    ours.module("sync", options, folder, expect={"changed": False})  # the loop did the same
    feed.unlink()
    plan.unlink()
    seconds = {"load": (load["wall"] - nobody) / size, "again": (again["wall"] - nobody) / size}
    who = "ldap_entry, ldap_attrs in a loop"
    return [
        row(size, "first load", who, load, _milliseconds(seconds["load"])),
        row(size, "no change", who, again, _milliseconds(seconds["again"])),
    ], seconds


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms a person"


def _play(
    domain: Domain, people: list[Change], members: list[dict[str, str]], folder: Path
) -> Measured:
    """One play: each account, its attributes, each membership."""
    login = {
        "server_uri": domain.url,
        "bind_dn": domain.admin_name,
        "bind_pw": domain.admin_password,
        "ca_path": domain.ca_file,
        "referrals_chasing": "disabled",
    }
    play = {
        "name": "Loop",
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": _tasks(),
        "module_defaults": {
            "community.general.ldap_entry": login,
            "community.general.ldap_attrs": login,
        },
        "vars": {
            "people": [_person(number, change) for number, change in enumerate(people)],
            "members": members,
        },
    }
    path = folder / "loop.yml"
    path.write_text(json.dumps([play]), encoding="utf-8")
    path.chmod(0o600)
    program = VENV / "bin/ansible-playbook"
    if not program.exists():
        raise measure.BenchError(f"there is no {program}; `make bench` makes it")
    environment = {
        **ours.ansible(folder),
        "ANSIBLE_COLLECTIONS_PATH": "",
        "ANSIBLE_PYTHON_INTERPRETER": str(VENV / "bin/python"),
        **domain.environment(),
    }
    result = measure.run([str(program), str(path)], environment, cwd=folder)
    path.unlink()
    return result


def _tasks() -> list[dict[str, Any]]:
    tasks = [
        {
            "name": "Accounts",
            "community.general.ldap_entry": {
                "dn": "{{ item.dn }}",
                "objectClass": OBJECT_CLASS,
                "attributes": "{{ item.first }}",
            },
            "loop": "{{ people }}",
        },
        {
            "name": "Attributes",
            "community.general.ldap_attrs": {
                "dn": "{{ item.dn }}",
                "attributes": "{{ item.rest }}",
                "state": "exact",
            },
            "loop": "{{ people }}",
        },
        {
            "name": "Memberships",
            "community.general.ldap_attrs": {
                "dn": "{{ item.group }}",
                "attributes": {"member": "{{ item.dn }}"},
                "state": "present",
            },
            "loop": "{{ members }}",
        },
    ]
    return [{**task, "loop_control": {"label": "one"}} for task in tasks]


def _person(number: int, change: Change) -> dict[str, Any]:
    values = {name: value["after"] for name, value in change["attributes"].items()}
    values["unicodePwd"] = [PASSWORD.format(number).encode("utf-16-le").decode("latin-1")]
    rest = {name: texts for name, texts in values.items() if name not in (*CREATE, "cn")}
    return {
        "dn": change["dn"],
        "first": {name: values[name] for name in CREATE if name in values},
        "rest": rest,
    }
