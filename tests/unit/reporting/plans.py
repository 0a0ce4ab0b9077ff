"""Plans as sync writes them, of any size, with names that try to be more than names."""
from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

from ansible_collections.hris.ad.plugins.module_utils._hris.directory.journal import AHEAD, Journal
from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import Finding
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    Change,
    LimitVerdict,
    Outcome,
    Plan,
    PlanDomain,
    Provenance,
    ValueChange,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import plan_file

STAFF, LEAVERS, GROUPS = "OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example", "OU=Groups,DC=corp,DC=example"
EVIL = "</script><script>alert(1)</script>"
FIRST = ("Ann", "Bo", "Chloé", "Dmitri", "Eun-ji", "Fatima", "Gülşen", "Hōne", "Ines", "José", "Kahurangi", "Łukasz", "Mia", "Ngọc", "Oisín", "Priya", "Ruaridh")
LAST = ("Lee", "O'Brien", "Nguyễn", "van der Merwe", "Szczepański", "Kowalczyk", "Te Rangi", "Fernández-Castillo", "Silva", "Chen", "Smith", "Ek", "Papadopoulos")
TITLES = ("Clerk", "Accountant", "Head of Finance", "Site Engineer", "Payroll Officer", "Registered Nurse", "Software Developer", "Procurement Manager")
# Outcomes as directory.writing.apply returns them
APPLIED = Outcome("applied")
REFUSED = Outcome("refused", "insufficientAccessRights: the account of the run may not write here", "insufficientAccessRights")
TOWNS = ("Sydney", "Melbourne", "Wellington", "Hobart", "Perth")


def guid(number: int) -> str:
    return f"{number:08x}-6c0e-4d0a-9d1b-0f1f5a1d7c11"


def values(**attributes) -> dict[str, ValueChange]:
    """Values of attributes: name=(before, after), each one text or a list."""
    return {name: ValueChange(*([side] if isinstance(side, str) else side for side in sides)) for name, sides in attributes.items()}


def change(action, key="1", guid="g", dn=f"CN=Ann,{STAFF}", reason="r", **more) -> Change:
    return Change(action, "elmo", key, guid, dn, reason, **more)


def changes_of(number: int) -> list[Change]:
    """One account's changes; which ones goes by the number."""
    first, last = FIRST[number % len(FIRST)], LAST[number // 3 % len(LAST)]
    key, name = f"E{1000 + number}", f"{first} {last}"
    dn = f"CN={name},{STAFF}"

    def one(action, reason, **more):
        return change(action, key, guid(number), dn, reason, **{"risk": "low", "name": name} | more)

    title = values(title=(TITLES[number % 8], TITLES[(number + 3) % 8]))
    kind = number % 10
    if kind == 0:
        given = {"givenName": first, "sn": last, "displayName": name, "title": TITLES[number % 8], "l": TOWNS[number % 5], "employeeID": key,
                 "sAMAccountName": f"user{number}", "mail": f"user{number}@example.com", "manager": f"CN=Mia Chen,{STAFF}", "telephoneNumber": "+61 400 000 001"}
        attributes = values(**{name: ([], value) for name, value in given.items()}, userAccountControl=([], "512"))
        made = [one("create", "starts 2026-03-02", attributes=attributes),
                one("group_add", "birthright groups", group=f"CN=All Staff,{GROUPS}"),
                one("group_add", "birthright groups", group=f"CN=Finance,{GROUPS}")]
        return [replace(entry, guid=None) for entry in made]
    if kind == 1:
        high = {"risk": "high", "risks": ["many disables"]}
        return [one("disable", "last day was 2026-02-27", attributes=values(
                    userAccountControl=("512", "514"), accountExpires=("9223372036854775807", "134168256000000000")), **high),
                one("group_remove", "leaver.groups", group=f"CN=Finance,{GROUPS}", **high),
                one("move", "leaver.move_to", to=f"CN={name},{LEAVERS}", **high)]
    if kind == 2:
        return [one("rename", "the name changed", to=f"CN={name} Brown,{STAFF}", risk="high", risks=["rename"]),
                one("update", "differs from HR", attributes=values(
                    sn=(last, f"{last} Brown"),
                    proxyAddresses=([f"SMTP:user{number}@example.com", "smtp:sales@example.com"],
                                    [f"smtp:user{number}@example.com", f"SMTP:user{number}.brown@example.com", "smtp:sales@example.com"])))]
    if kind == 3:
        return [one("enable", "first day is today", attributes=values(userAccountControl=("514", "512")))]
    if kind == 4:
        return [one("delete", "locked since 2025-11-01, kept for 90 days", risk="high", risks=["delete"])]
    phone = values(telephoneNumber=("+61 2 5550 1234", [])) if kind == 5 else {}
    return [one("update", "differs from HR", attributes=title | phone)]


def finding(severity: str, kind: str, key: str | None, place: str | None, message: str, name: str | None = None) -> Finding:
    return Finding(kind, message, key, place, severity, name, "elmo")


FINDINGS = [
    finding("error", "held", "E2001", "dates.start", "employee E2001: '31.02.2026' is not a date. Give it as YYYY-MM-DD in HR. Nothing is done for this employee until then.", "Old Boy"),
    finding("warning", "unmapped", "E2002", "mapping.department", "'Shared Services' is in none of the lines of the table. Add it to department_names."),
    finding("warning", "absent", "E2003", "correlation.key", f"no employee has the key of CN=Old Hand,{STAFF}. Absent is not terminated: see the rules for absent."),
    finding("info", "drift", "E1001", "mapping.title", "title is Clerk, and HR has Head of Finance.", "Bo Lee"),
]


def limit(action, changes, of, message, count=None, percent=None, exceeded=False) -> LimitVerdict:
    return LimitVerdict("elmo", action, changes, of, count, percent, exceeded, message)


def bare(*changes, findings=(), **more) -> Plan:
    """A plan with no more than it must have."""
    plan = Plan(sources=["elmo"], as_of="", domain=PlanDomain("", "", ""), changes=list(changes), findings=list(findings), limits=[],
                people={}, counts={}, matched={})
    return replace(plan, **more)


def plan_of(changes: int, evil: bool = False, exceeded: bool = False) -> Plan:
    """A plan with so many changes; evil: with one account whose every text is an attack."""
    made, number = [], 0
    if evil:
        made.append(change("update", EVIL, guid(0), f"CN={EVIL},{STAFF}", EVIL, risk="high", risks=[EVIL], name=EVIL, attributes=values(
            description=([EVIL, "=HYPERLINK(1)"], ["<img src=x onerror=alert(1)>", "| `x` @admin **b**"]))))
    while len(made) < changes:
        made += changes_of(number)
        number += 1
    made = made[:changes]
    counts = Counter(entry.action for entry in made)
    accounts = max(number, 200)
    disables, deletes = counts["disable"], counts["delete"]
    findings = list(FINDINGS) + ([finding("error", "held", EVIL, EVIL, EVIL, EVIL)] if evil else [])
    findings += [finding("warning", "unmapped", f"E{1000 + row}", "mapping.department", f"'Department {row}' is in none of the lines of the table. Add it to department_names.")
                 for row in range(changes // 20)]
    source = EVIL if evil else "elmo"
    made, findings = ([replace(entry, source=source) for entry in entries] for entries in (made, findings))
    return named(Plan(
        sources=[source], as_of="2026-03-02T09:00:00+11:00", made="2026-03-01T22:00:04+00:00",
        expires="2026-03-02T22:00:04+00:00", domain=PlanDomain("corp.example", "DC=corp,DC=example", "ldaps://dc1.corp.example:636"),
        digests={"feed": f"sha256:{'11aa22bb' * 8}", "rules": f"sha256:{'aa11bb22' * 8}", "code": "hris.ad 0.1.0"},
        people={"active": accounts, "prepared": 12, "leave": 7, "leaver": 41, "held": 1}, counts=dict(sorted(counts.items())),
        matched={"by_key": accounts, "people_without_account": counts["create"], "accounts_without_person": 31},
        rules={source: {"title": Provenance("mapping.title", "position.title"), "sn": Provenance("mapping.sn", "lastName")}},
        labels=["displayName"], changes=made, findings=findings,
        limits=[
            limit("absent", 2, accounts, f"2 of {accounts} accounts are absent from the feed (0.1 %)", percent=10.0),
            limit("delete", deletes, accounts, f"{deletes} of {accounts} accounts would get the action 'delete'", count=max(deletes, 5)),
            limit("disable", disables, accounts, f"{disables} of {accounts} accounts would get the action 'disable'" + (": at most 0 are allowed" if exceeded else ""),
                  count=0 if exceeded else disables + 5, percent=5.0, exceeded=exceeded),
        ],
    ))


def named(plan: Plan) -> Plan:
    return replace(plan, digest=plan_file.digest_of(plan))


def sealed(plan: Plan, key: str | None = None) -> dict:
    """The plan as sync writes it to a file, whatever a test has done to it."""
    return json.loads("".join(plan_file.sealed_text(named(plan), key)))


def journal_of(plan: Plan, path) -> str:
    """The path of a journal, written as a run writes it: every 40th change was refused, and the run was killed in its last fifth.

    The writer announces changes in blocks; a plan of more than one block ends between two of them, so that some changes were
    not announced. The last change that was sent has no result.
    """
    sent = len(plan.changes) * 4 // 5
    sent = sent // AHEAD * AHEAD or sent
    journal = Journal(str(path), plan)
    for index in range(sent):
        journal.intent(index)
        if index < sent - 1:
            journal.result(index, REFUSED if index % 40 == 39 else APPLIED)
    journal.close()
    return str(path)
