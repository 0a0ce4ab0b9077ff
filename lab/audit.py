"""What the domain controller saw: binds, searches and writes, read from its own audit log.

A mark is a position in the log. Operations that a client sent carry the client's address; what the server does on its
own (lastLogonTimestamp at an account's first bind, password hashes, RID pools) carries none, and is left out.
Samba 4.17 has no audit record of renames and moves. They show as a committed transaction without any change record:
counted, but their DN is not known. (One such transaction of the server's own stands at its start, before any client
comes; none was seen later, RID pools and first binds included.) A write that Samba refuses may be logged twice, once
for each layer that saw the refusal.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

CONTINUED = (
    " +>\n"  # Samba breaks a long message so, and the record of a change with many members is one
)
SEARCH = re.compile(
    r"LDAP Query: Duration was ([\d.]+)s, SearchRequest by (\S+) from (\S+) filter: \[(.*)\] "
    r"basedn: \[(.*)\] scope: \[(\w+)\] result: (.*)"
)


def _write(body: dict) -> dict | None:
    if not body["remoteAddress"] or body.get("performedAsSystem"):
        return None
    return {
        "kind": "write",
        "operation": body["operation"].lower(),
        "dn": body["dn"],
        "attributes": sorted(body.get("attributes") or {}),
        "done": body["statusCode"] == 0,
        "status": body["status"],
        "by": body["userSid"],
        "from": body["remoteAddress"],
    }


def _password(body: dict) -> dict | None:
    """The server logs a password set beside the write that carried it: told for tests, not counted as a write."""
    if not body["remoteAddress"]:
        return None
    return {
        "kind": "password",
        "operation": body["action"].lower(),
        "dn": body["dn"],
        "done": body["statusCode"] == 0,
        "status": body["status"],
        "from": body["remoteAddress"],
    }


def _bind(kind: str, body: dict) -> dict | None:
    if body["serviceDescription"] != "LDAP":
        return None
    if kind == "Authorization":
        return {
            "kind": "bind",
            "account": body["account"],
            "method": body["authType"],
            "transport": body["transportProtection"],
            "done": True,
            "from": body["remoteAddress"],
        }
    if body["status"] != "NT_STATUS_OK":
        return {
            "kind": "bind",
            "account": body["clientAccount"],
            "method": body["authDescription"],
            "transport": None,
            "done": False,
            "status": body["status"],
            "from": body["remoteAddress"],
        }
    return None


def _search(found: re.Match) -> dict:
    _seconds, by, source, text, base, scope, result = found.groups()
    return {
        "kind": "search",
        "filter": text,
        "base": base,
        "scope": scope.lower(),
        "status": result,
        "by": by,
        "from": source,
    }


RENAME = {
    "kind": "write",
    "operation": "rename",
    "dn": None,
    "attributes": [],
    "done": True,
    "status": "Success",
    "by": None,
    "from": None,
}


def _read(lines: list[str], started: bool) -> list[dict]:
    found: list[dict] = []
    changed: set[str] = set()
    for line in lines:
        if line.startswith("{") and line.endswith("}"):
            record = json.loads(line)
            kind, body = record["type"], record[record["type"]]
            if kind == "dsdbChange":
                changed.add(body["transactionId"])
                found.append(_write(body))
            elif kind == "dsdbTransaction":
                if body["action"] == "commit" and body["transactionId"] not in changed and started:
                    found.append(dict(RENAME))
            elif kind == "passwordChange":
                found.append(_password(body))
            elif kind in ("Authorization", "Authentication"):
                started = True
                found.append(_bind(kind, body))
        elif search := SEARCH.search(line):
            found.append(_search(search))
    return [event for event in found if event]


def mark(log: Path) -> int:
    return log.stat().st_size


def events(log: Path, since: int = 0) -> list[dict]:
    """Everything that clients did since the mark, in the server's order: dicts with a `kind`.

    bind: account, method, done. search: filter, base, scope (each page of a paged search is one). write: operation
    (add, modify, delete, rename), dn (None of a rename), attributes (names, never values), done, status. password: an
    event of its own beside the write that carried it.
    """
    with log.open("rb") as handle:
        handle.seek(max(since - 1, 0))
        if since and handle.read(1) != b"\n":
            handle.readline()  # the server was writing when the mark was made: that line began before it
        text = handle.read().decode("utf-8", "replace")
    return _read(text.replace(CONTINUED, "").split("\n"), started=since > 0)
