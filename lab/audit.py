"""What the domain controller saw: binds, searches and writes, read from its own audit log.

A mark is a position in the log. Operations that a client sent have the client's address; what the
server does on its own (lastLogonTimestamp at an account's first bind, password hashes, RID pools)
has none, and is left out.

Samba 4.17 has no audit record of renames and moves. They show as a committed transaction without
any change record: they are counted, but their DN is not known. The server makes one such
transaction itself when it starts, before any client connects; no later one was seen. A write that
Samba refuses may be logged twice, once for each layer that refuses it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

Event = dict[str, Any]  # one operation; events() says what it has
# Samba breaks a long message like this; the record of a change with many members is one line
CONTINUED = " +>\n"
SEARCH = re.compile(
    r"LDAP Query: Duration was ([\d.]+)s, SearchRequest by (\S+) from (\S+) filter: \[(.*)\] "
    r"basedn: \[(.*)\] scope: \[(\w+)\] result: (.*)"
)


def _write(body: Event) -> Event | None:
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


def _password(body: Event) -> Event | None:
    """A password that was set. The server logs it besides the write that contains it; it is not
    counted as a write.
    """
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


def _bind(kind: str, body: Event) -> Event | None:
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


def _search(match: re.Match[str]) -> Event:
    _seconds, by, source, text, base, scope, result = match.groups()
    return {
        "kind": "search",
        "filter": text,
        "base": base,
        "scope": scope.lower(),
        "status": result,
        "by": by,
        "from": source,
    }


RENAME: Event = {
    "kind": "write",
    "operation": "rename",
    "dn": None,
    "attributes": [],
    "done": True,
    "status": "Success",
    "by": None,
    "from": None,
}


def _read(lines: list[str], started: bool) -> list[Event]:
    """started: whether a client has connected before these lines."""
    events: list[Event | None] = []
    changed: set[str] = set()  # transactions with the record of a change
    for line in lines:
        if line.startswith("{") and line.endswith("}"):
            record = json.loads(line)
            kind, body = record["type"], record[record["type"]]
            if kind == "dsdbChange":
                changed.add(body["transactionId"])
            elif kind in ("Authorization", "Authentication"):
                started = True
            events.append(_event(kind, body, changed, started))
        elif search := SEARCH.search(line):
            events.append(_search(search))
    return [event for event in events if event]


def _event(kind: str, body: Event, changed: set[str], started: bool) -> Event | None:
    """The event in one JSON record of the log; None for one that no client caused."""
    if kind == "dsdbChange":
        return _write(body)
    if kind == "dsdbTransaction":
        unknown = body["action"] == "commit" and body["transactionId"] not in changed
        return dict(RENAME) if unknown and started else None
    if kind == "passwordChange":
        return _password(body)
    if kind in ("Authorization", "Authentication"):
        return _bind(kind, body)
    return None


def mark(log: Path) -> int:
    """The position at the end of the log."""
    return log.stat().st_size


def events(log: Path, since: int = 0) -> list[Event]:
    """Everything that clients did since the mark, in the server's order: dicts with a `kind`.

    bind: account, method, done. search: filter, base, scope (each page of a paged search is one).
    write: operation (add, modify, delete, rename), dn (None of a rename), attributes (names, never
    values), done, status. password: an event of its own besides the write that contains it.
    """
    with log.open("rb") as handle:
        handle.seek(max(since - 1, 0))
        if since and handle.read(1) != b"\n":
            handle.readline()  # a line that the server was writing when the mark was made
        text = handle.read().decode("utf-8", "replace")
    return _read(text.replace(CONTINUED, "").split("\n"), started=since > 0)
