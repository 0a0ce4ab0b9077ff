"""What people do today: community.general's ldap_entry and ldap_attrs in a loop over the people, from the PyPI package `ansible`."""

from __future__ import annotations

import json
from pathlib import Path

from lab.paths import CHECKOUT

from . import feeds, measure, ours
from .figures import row

VENV = CHECKOUT / ".cache/bench-venv"
CREATE = (
    "sAMAccountName",
    "userPrincipalName",
    "cn",
    "userAccountControl",
    "unicodePwd",
)  # the rest is ldap_attrs' part
OBJECT_CLASS = ["top", "person", "organizationalPerson", "user"]
PASSWORD = '"Bench-Passw0rd-{}!"'  # quotes and UTF-16 are Active Directory's way; \\0 survives YAML's double quotes


def at_size(domain, size: int, folder: Path) -> tuple[list[dict], dict]:
    """(rows, {"load", "again"}: seconds a person) of a loop over `size` people into an empty domain, and of the same loop once more.

    The same accounts, attributes, passwords, managers and group members as our first load of these people. What a play costs before
    its first person is measured by a play over nobody, and taken off.
    """
    feed, plan = feeds.record(folder, size), folder / "plan.json"
    domain.reset()
    options = {**ours.sync_options(feed, ours.directory(domain)), "plan_dest": str(plan)}
    ours.module("sync", options, folder, check=True, expect={"changed": True})
    changes = json.loads(plan.read_text("utf-8"))["changes"]
    people = [change for change in changes if change["action"] == "create"]
    members = [
        {"group": change["group"], "dn": change["dn"]}
        for change in changes
        if change["action"] == "group_add"
    ]
    nobody = _play(domain, [], [], folder)["wall"]
    load, again = _play(domain, people, members, folder), _play(domain, people, members, folder)
    ours.module(
        "sync", ours.sync_options(feed, ours.directory(domain)), folder, expect={"changed": False}
    )  # it did the same
    feed.unlink()
    plan.unlink()
    found = {"load": (load["wall"] - nobody) / size, "again": (again["wall"] - nobody) / size}
    return [
        row(
            size,
            "first load",
            "ldap_entry, ldap_attrs in a loop",
            load,
            f"{1000 * found['load']:.0f} ms a person",
        ),
        row(
            size,
            "no change",
            "ldap_entry, ldap_attrs in a loop",
            again,
            f"{1000 * found['again']:.0f} ms a person",
        ),
    ], found


def _play(domain, people: list[dict], members: list[dict], folder: Path) -> dict:
    """One play: each account, its attributes, each membership; as measure.run."""
    login = {
        "server_uri": domain.url,
        "bind_dn": domain.admin_name,
        "bind_pw": domain.admin_password,
        "ca_path": domain.ca_file,
        "referrals_chasing": "disabled",
    }
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
    for task in tasks:
        task["loop_control"] = {"label": "one"}
    play = {
        "name": "Loop",
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": tasks,
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
    found = measure.run([str(program), str(path)], environment, cwd=folder)
    path.unlink()
    return found


def _person(number: int, change: dict) -> dict:
    values = {name: value["after"] for name, value in change["attributes"].items()}
    values["unicodePwd"] = [PASSWORD.format(number).encode("utf-16-le").decode("latin-1")]
    rest = {name: texts for name, texts in values.items() if name not in (*CREATE, "cn")}
    return {
        "dn": change["dn"],
        "first": {name: values[name] for name in CREATE if name in values},
        "rest": rest,
    }
