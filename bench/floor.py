"""The C tools that stand for the least that the work can cost: OpenLDAP's ldapsearch, ldapadd and ldapmodify, and curl."""

from __future__ import annotations

import os
from pathlib import Path

from lab import provision

from . import ldif, measure

OPENED = ("-x", "-o", "nettimeout=5")


def search(domain, asked: dict, url: str | None = None) -> dict:
    """ldapsearch of the accounts, paged by 1,000, answers written to /dev/null; as measure.run.

    asked: {"base", "filter", "attributes"} of the search for accounts, as sync sends it. Nothing else of what sync reads (schema,
    containers, groups, contacts, deleted accounts) is in it.
    """
    return measure.run(
        [
            *_tool(domain, "ldapsearch", url),
            "-LLL",
            "-E",
            "pr=1000/noprompt",
            "-b",
            asked["base"],
            asked["filter"],
            *asked["attributes"],
        ],
        domain.environment(),
        keep=False,
    )


def write(domain, additions: Path, modifications: list[Path]) -> dict:
    """ldapadd of one LDIF file, then ldapmodify of others, one after the other, as measure.run of both together."""
    runs = [
        measure.run(
            [*_tool(domain, "ldapadd"), "-f", str(additions)], domain.environment(), keep=False
        )
    ]
    runs += [
        measure.run(
            [*_tool(domain, "ldapmodify"), "-f", str(path)], domain.environment(), keep=False
        )
        for path in modifications
    ]
    return {
        "wall": sum(run["wall"] for run in runs),
        "cpu": sum(run["cpu"] for run in runs),
        "gib": max(run["gib"] for run in runs),
    }


def _tool(domain, name: str, url: str | None = None) -> list[str]:
    return [
        provision.program(name),
        *OPENED,
        "-H",
        url or domain.url,
        "-D",
        domain.admin_name,
        "-w",
        domain.admin_password,
    ]


def fetch(urls: list[str], token: str, ca_file: str, folder: Path) -> dict:
    """curl of pages over one connection, answers written to /dev/null; as measure.run."""
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


def records_of(plan: dict, passwords) -> tuple[str, str, str]:
    """(LDIF of the accounts, of their references, of the groups' members): what a plan of a first load writes, for ldapadd and ldapmodify.

    passwords: callable() -> a password for each account, as the collection makes them. The same writes: one add an account, with its
    password; one modify for a reference to an account that is added in the same run; for each group one modify for 500 members.
    """
    created = {
        change["dn"].casefold() for change in plan["changes"] if change["action"] == "create"
    }
    accounts, references, members = [], [], {}
    for change in plan["changes"]:
        if change["action"] == "create":
            later = {}
            values: dict[str, list] = {
                "objectClass": ["user"],
                "unicodePwd": [f'"{passwords()}"'.encode("utf-16-le")],
            }
            for name, value in change["attributes"].items():
                kept = (
                    later if any(text.casefold() in created for text in value["after"]) else values
                )
                kept[name] = value["after"]
            accounts.append(ldif.addition(change["dn"], values))
            if later:
                references.append(
                    ldif.modification(
                        change["dn"], [("replace", name, texts) for name, texts in later.items()]
                    )
                )
        elif change["action"] == "group_add":
            members.setdefault(change["group"], []).append(change["dn"])
        else:
            raise measure.BenchError(f"a first load has no change '{change['action']}'")
    batches = [
        ldif.modification(group, [("add", "member", found[start : start + 500])])
        for group, found in members.items()
        for start in range(0, len(found), 500)
    ]
    return "".join(accounts), "".join(references), "".join(batches)
