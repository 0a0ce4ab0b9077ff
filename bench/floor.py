"""The C tools that stand for the least that the work can cost: OpenLDAP's ldapsearch, ldapadd and
ldapmodify, and curl.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypedDict

from lab import provision
from lab.domain import Domain

from . import ldif, measure
from .measure import Measured


class AccountSearch(TypedDict):
    """The search for accounts, as sync sends it."""

    base: str  # DN
    filter: str  # RFC 4515
    attributes: list[str]


def search(domain: Domain, asked: AccountSearch, url: str | None = None) -> Measured:
    """ldapsearch of the accounts in pages of 1,000, output to /dev/null.

    Nothing else of what sync reads (schema, containers, groups, contacts, deleted accounts) is in
    it.
    """
    command = [*_tool(domain, "ldapsearch", url), "-LLL", "-E", "pr=1000/noprompt"]
    command += ["-b", asked["base"], asked["filter"], *asked["attributes"]]
    return measure.run(command, domain.environment(), keep=False)


def write(domain: Domain, additions: Path, modifications: list[Path]) -> Measured:
    """ldapadd of one LDIF file, then ldapmodify of others, one after the other: the sum of both."""
    commands = [[*_tool(domain, "ldapadd"), "-f", str(additions)]]
    commands += [[*_tool(domain, "ldapmodify"), "-f", str(path)] for path in modifications]
    runs = [measure.run(command, domain.environment(), keep=False) for command in commands]
    return {
        "wall": sum(run["wall"] for run in runs),
        "cpu": sum(run["cpu"] for run in runs),
        "gib": max(run["gib"] for run in runs),
    }


def _tool(domain: Domain, name: str, url: str | None = None) -> list[str]:
    options = ["-x", "-o", "nettimeout=5", "-H", url or domain.url]
    return [
        provision.program(name),
        *options,
        "-D",
        domain.admin_name,
        "-w",
        domain.admin_password,
    ]


def fetch(urls: list[str], token: str, ca_file: str, folder: Path) -> Measured:
    """curl of pages over one connection, output to /dev/null."""
    config = folder / "curl.txt"
    lines = [
        f'header = "Authorization: Bearer {token}"',
        f'cacert = "{ca_file}"',
        "silent",
        "show-error",
        "fail",
    ]
    for url in urls:
        lines += [f'url = "{url}"', f'output = "{os.devnull}"']
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    config.chmod(0o600)
    return measure.run(["curl", "--config", str(config)], keep=False)


def ldif_of(plan: dict[str, Any], new_password: Callable[[], str]) -> tuple[str, str, str]:
    """(LDIF of the accounts, of their references, of the groups' members): what the plan of a first
    load writes, for ldapadd and ldapmodify.

    plan: of a plan file. new_password: gives a password for each account, as the collection makes
    them. The writes are those of the collection: one add for each account, with its password; one
    modify for a reference to an account that is added in the same run; one modify for 500 members
    of a group.
    """
    changes = plan["changes"]
    created = {change["dn"].casefold() for change in changes if change["action"] == "create"}
    accounts, references = [], []
    members: dict[str, list[str]] = {}
    for change in changes:
        if change["action"] == "create":
            account, reference = _account(change, created, new_password())
            accounts.append(account)
            references.append(reference)
        elif change["action"] == "group_add":
            members.setdefault(change["group"], []).append(change["dn"])
        else:
            raise measure.BenchError(f"a first load has no change '{change['action']}'")
    return "".join(accounts), "".join(references), "".join(ldif.member_additions(members))


def _account(change: dict[str, Any], created: set[str], password: str) -> tuple[str, str]:
    """(LDIF that adds an account, LDIF of its references to accounts that are created too or
    "").
    """
    values: dict[str, list[bytes | str]] = {
        "objectClass": ["user"],
        "unicodePwd": [f'"{password}"'.encode("utf-16-le")],
    }
    references = []
    for name, value in change["attributes"].items():
        if any(text.casefold() in created for text in value["after"]):
            references.append(("replace", name, value["after"]))
        else:
            values[name] = value["after"]
    reference = ldif.modification(change["dn"], references) if references else ""
    return ldif.addition(change["dn"], values), reference
