"""What the domain controller saw: binds, searches and writes, read from its own audit log.

A mark is a position in the log. Operations that a client sent carry the client's address; what the server does on its
own (lastLogonTimestamp at an account's first bind, password hashes, RID pools) carries none, and is left out.
"""
from __future__ import annotations

import json
import re
from pathlib import Path

SEARCH = re.compile(r"LDAP Query: Duration was ([\d.]+)s, SearchRequest by (\S+) from (\S+) filter: \[(.*)\] "
                    r"basedn: \[(.*)\] scope: \[(\w+)\] result: (.*)")


def _write(body: dict) -> dict | None:
    if not body["remoteAddress"] or body.get("performedAsSystem"):
        return None
    return {"kind": "write", "operation": body["operation"].lower(), "dn": body["dn"],
            "attributes": sorted(body.get("attributes") or {}), "done": body["statusCode"] == 0,
            "status": body["status"], "by": body["userSid"], "from": body["remoteAddress"]}


def _password(body: dict) -> dict | None:
    """The server logs a password set beside the write that carried it: told for tests, not counted as a write."""
    if not body["remoteAddress"]:
        return None
    return {"kind": "password", "operation": body["action"].lower(), "dn": body["dn"],
            "done": body["statusCode"] == 0, "status": body["status"], "from": body["remoteAddress"]}


def _bind(kind: str, body: dict) -> dict | None:
    if body["serviceDescription"] != "LDAP":
        return None
    if kind == "Authorization":
        return {"kind": "bind", "account": body["account"], "method": body["authType"],
                "transport": body["transportProtection"], "done": True, "from": body["remoteAddress"]}
    if body["status"] != "NT_STATUS_OK":
        return {"kind": "bind", "account": body["clientAccount"], "method": body["authDescription"],
                "transport": None, "done": False, "status": body["status"], "from": body["remoteAddress"]}
    return None


def _event(line: str) -> dict | None:
    if line.startswith("{"):
        record = json.loads(line)
        kind = record["type"]
        if kind == "dsdbChange":
            return _write(record[kind])
        if kind == "passwordChange":
            return _password(record[kind])
        if kind in ("Authorization", "Authentication"):
            return _bind(kind, record[kind])
        return None
    found = SEARCH.search(line)
    if found:
        _seconds, by, source, text, base, scope, result = found.groups()
        return {"kind": "search", "filter": text, "base": base, "scope": scope.lower(), "status": result, "by": by,
                "from": source}
    return None


def mark(log: Path) -> int:
    return log.stat().st_size


def events(log: Path, since: int = 0) -> list[dict]:
    """Everything that clients did since the mark, in the server's order: dicts with `kind` bind, search, write, password.

    A write has operation (add, modify, delete, rename), dn, attributes (names, never values), done, status. A page of a
    paged search is a search of its own. A password appears as its own event beside the write that carried it.
    """
    with log.open("rb") as handle:
        handle.seek(since)
        text = handle.read().decode("utf-8", "replace")
    return [event for event in map(_event, text.split("\n")) if event]
