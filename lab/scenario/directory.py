"""The directory, read with ldapsearch and changed by hand with ldapmodify, as an administrator
does.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
from datetime import datetime, timedelta, timezone
from typing import Any

from lab import provision
from lab.domain import Domain
from lab.domain_config import BASE_DN
from lab.errors import LabError

from . import rules

Entry = dict[str, Any]  # read() says what it has
WANTED = ("*", "memberOf")
VPN = "VPN Users"  # IT's own group, which no rule names
DESK = "physicalDeliveryOfficeName"  # IT writes it, and the leaver rules clear it


def read(domain: Domain) -> list[Entry]:
    """The accounts that have the collection's mark.

    {"dn", "ou", "cn", "guid", "enabled", "source" and "contributors": {source} of the mark,
    "mark": its state, "since" and "absent": its days or None, "expires": moment or None,
    "groups": {name}, "attributes"}
    """
    found = []
    for entry in domain.search("(&(objectCategory=person)(adminDescription=hris.ad *))", WANTED):
        attributes = entry["attributes"]
        words = dict(word.split("=", 1) for word in attributes["adminDescription"][0].split()[1:])
        found.append(
            {
                "dn": entry["dn"],
                "cn": attributes["cn"][0],
                "ou": _split(entry["dn"])[1],
                "guid": attributes["objectGUID"][0],
                "enabled": not int(attributes["userAccountControl"][0]) & 2,
                "source": words["source"],
                "contributors": set(filter(None, words.get("contributors", "").split(","))),
                "mark": words["state"],
                "since": words.get("since"),
                "absent": words.get("absent"),
                "expires": _moment(attributes.get("accountExpires", ["0"])[0]),
                "groups": {
                    _split(dn)[0].removeprefix("CN=") for dn in attributes.get("memberOf", [])
                },
                "attributes": attributes,
            }
        )
    return found


def id_of(entry: Entry) -> tuple[str, str | None]:
    """(source, key) of the owner of an account."""
    key = entry["attributes"].get(rules.KEY_ATTRIBUTE[entry["source"]], [None])[0]
    return entry["source"], key


def _moment(ticks: str) -> datetime | None:
    """accountExpires: tenths of microseconds since 1601; 0 and the largest number mean never."""
    if ticks in ("0", str(2**63 - 1)):
        return None
    return datetime(1601, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=int(ticks) // 10)


def _split(dn: str) -> tuple[str, str]:
    """(first part, the rest) of a DN; a backslash keeps a comma inside."""
    first = re.match(r"(?:[^,\\]|\\.)*", dn)[0]
    return first, dn[len(first) + 1 :]


def _modify(domain: Domain, text: str) -> None:
    command = [
        provision.program("ldapmodify"),
        "-x",
        "-H",
        domain.url,
        "-D",
        domain.admin_name,
        "-w",
        domain.admin_password,
    ]
    done = subprocess.run(
        command,
        input=text,
        capture_output=True,
        text=True,
        env={**os.environ, **domain.environment()},
    )
    if done.returncode:
        raise LabError(f"ldapmodify: {done.stderr.strip()}\n{text}")


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def change(domain: Domain, dn: str, how: str, attribute: str, value: str) -> None:
    """Add, delete or replace (how) one value."""
    lines = [
        f"dn:: {_coded(dn)}",
        "changetype: modify",
        f"{how}: {attribute}",
        f"{attribute}:: {_coded(value)}",
    ]
    _modify(domain, "\n".join(lines) + "\n")


def add_groups(domain: Domain) -> None:
    """Add IT's own group to the domain, and that of the newcomers."""
    for name in (VPN, rules.NEWCOMERS):
        lines = [
            f"dn: CN={name},OU=Groups,{BASE_DN}",
            "changetype: add",
            "objectClass: group",
            f"sAMAccountName: {name}",
            "groupType: -2147483646",
        ]
        _modify(domain, "\n".join(lines) + "\n")


def give_desks(domain: Domain, desks: dict[str, str]) -> None:
    """Write desks, {DN: desk}, as one file of changes."""
    changes = []
    for dn, desk in desks.items():
        lines = [f"dn:: {_coded(dn)}", "changetype: modify", f"replace: {DESK}", f"{DESK}: {desk}"]
        changes.append("\n".join(lines))
    if changes:
        _modify(domain, "\n\n".join(changes) + "\n")


def switch(domain: Domain, entry: Entry, enabled: bool) -> None:
    """Enable or disable an account."""
    value = int(entry["attributes"]["userAccountControl"][0])
    value = value & ~2 if enabled else value | 2
    change(domain, entry["dn"], "replace", "userAccountControl", str(value))


def join(domain: Domain, entry: Entry) -> None:
    """Make an account a member of IT's own group."""
    change(domain, f"CN={VPN},OU=Groups,{BASE_DN}", "add", "member", entry["dn"])
