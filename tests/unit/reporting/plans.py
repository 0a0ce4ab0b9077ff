"""Plans as sync writes them, of any size, with names that try to be more than names."""
from __future__ import annotations

from ansible_collections.hris.ad.plugins.module_utils._hris.directory.journal import AHEAD, Journal
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import plan_file

STAFF, LEAVERS, GROUPS = "OU=Staff,DC=corp,DC=example", "OU=Leavers,DC=corp,DC=example", "OU=Groups,DC=corp,DC=example"
EVIL = "</script><script>alert(1)</script>"
FIRST = ("Ann", "Bo", "Chloé", "Dmitri", "Eun-ji", "Fatima", "Gülşen", "Hōne", "Ines", "José", "Kahurangi", "Łukasz", "Mia", "Ngọc", "Oisín", "Priya", "Ruaridh")
LAST = ("Lee", "O'Brien", "Nguyễn", "van der Merwe", "Szczepański", "Kowalczyk", "Te Rangi", "Fernández-Castillo", "Silva", "Chen", "Smith", "Ek", "Papadopoulos")
TITLES = ("Clerk", "Accountant", "Head of Finance", "Site Engineer", "Payroll Officer", "Registered Nurse", "Software Developer", "Procurement Manager")
# Outcomes as directory.writing.apply returns them
APPLIED = {"status": "applied", "code": "", "message": ""}
REFUSED = {"status": "refused", "code": "insufficientAccessRights",
           "message": "insufficientAccessRights: the account of the run may not write here"}
TOWNS = ("Sydney", "Melbourne", "Wellington", "Hobart", "Perth")


def guid(number: int) -> str:
    return f"{number:08x}-6c0e-4d0a-9d1b-0f1f5a1d7c11"


def switched(before: str, after: str) -> dict:
    return {"userAccountControl": {"before": [before] if before else [], "after": [after]}}


def changes_of(number: int) -> list[dict]:
    """One account's changes; which ones goes by the number."""
    first, last = FIRST[number % len(FIRST)], LAST[number // 3 % len(LAST)]
    key, name = f"E{1000 + number}", f"{first} {last}"
    dn = f"CN={name},{STAFF}"
    base = {"key": key, "guid": guid(number), "dn": dn, "risk": "low", "risks": []}
    title = {"title": {"before": [TITLES[number % 8]], "after": [TITLES[(number + 3) % 8]]}}
    kind = number % 10
    if kind == 0:
        made = {"givenName": first, "sn": last, "displayName": name, "title": TITLES[number % 8], "l": TOWNS[number % 5], "employeeID": key,
                "sAMAccountName": f"user{number}", "mail": f"user{number}@example.com", "manager": f"CN=Mia Chen,{STAFF}", "telephoneNumber": "+61 400 000 001"}
        attributes = {name: {"before": [], "after": [value]} for name, value in made.items()}
        return [base | {"guid": None, "action": "create", "reason": "starts 2026-03-02", "attributes": attributes | switched("", "512")},
                base | {"guid": None, "action": "group_add", "group": f"CN=All Staff,{GROUPS}", "reason": "birthright groups"},
                base | {"guid": None, "action": "group_add", "group": f"CN=Finance,{GROUPS}", "reason": "birthright groups"}]
    if kind == 1:
        high = base | {"risk": "high", "risks": ["many disables"]}
        return [high | {"action": "disable", "reason": "last day was 2026-02-27", "attributes": switched("512", "514")
                        | {"accountExpires": {"before": ["9223372036854775807"], "after": ["134168256000000000"]}}},
                high | {"action": "group_remove", "group": f"CN=Finance,{GROUPS}", "reason": "leaver.groups"},
                high | {"action": "move", "to": f"CN={name},{LEAVERS}", "reason": "leaver.move_to"}]
    if kind == 2:
        return [base | {"action": "rename", "to": f"CN={name} Brown,{STAFF}", "reason": "the name changed", "risk": "high", "risks": ["rename"]},
                base | {"action": "update", "reason": "differs from HR", "attributes": {
                    "sn": {"before": [last], "after": [f"{last} Brown"]},
                    "proxyAddresses": {"before": [f"SMTP:user{number}@example.com", "smtp:sales@example.com"],
                                       "after": [f"smtp:user{number}@example.com", f"SMTP:user{number}.brown@example.com", "smtp:sales@example.com"]}}}]
    if kind == 3:
        return [base | {"action": "enable", "reason": "first day is today", "attributes": switched("514", "512")}]
    if kind == 4:
        return [base | {"action": "delete", "reason": "locked since 2025-11-01, kept for 90 days", "risk": "high", "risks": ["delete"]}]
    return [base | {"action": "update", "reason": "differs from HR", "attributes": title | ({"telephoneNumber": {"before": ["+61 2 5550 1234"], "after": []}} if kind == 5 else {})}]


def finding(severity: str, kind: str, key: str | None, place: str | None, message: str) -> dict:
    return {"severity": severity, "kind": kind, "key": key, "place": place, "message": message}


FINDINGS = [
    finding("error", "held", "E2001", "dates.start", "employee E2001: '31.02.2026' is no day. Give it as YYYY-MM-DD in HR. Nothing is done for this employee until then."),
    finding("warning", "unmapped", "E2002", "mapping.department", "'Shared Services' is in none of the lines of the table. Add it to department_names."),
    finding("warning", "absent", "E2003", "correlation.key", f"no employee has the key of CN=Old Hand,{STAFF}. Absent is not terminated: see the rules for absent."),
    finding("info", "drift", "E1001", "mapping.title", "title is Clerk, and HR has Head of Finance."),
]


def plan_of(changes: int, evil: bool = False, exceeded: bool = False) -> dict:
    """A plan with so many changes; evil: with one account whose every text is an attack."""
    made, number = [], 0
    if evil:
        made.append({"key": EVIL, "action": "update", "guid": guid(0), "dn": f"CN={EVIL},{STAFF}", "reason": EVIL, "risk": "high", "risks": [EVIL],
                     "attributes": {"description": {"before": [EVIL, "=HYPERLINK(1)"], "after": ["<img src=x onerror=alert(1)>", "| `x` @admin **b**"]}}})
    while len(made) < changes:
        made += changes_of(number)
        number += 1
    made = made[:changes]
    counts = {}
    for entry in made:
        counts[entry["action"]] = counts.get(entry["action"], 0) + 1
    accounts = max(number, 200)
    disables = counts.get("disable", 0)
    findings = list(FINDINGS) + ([finding("error", "held", EVIL, EVIL, EVIL)] if evil else [])
    findings += [finding("warning", "unmapped", f"E{1000 + row}", "mapping.department", f"'Department {row}' is in none of the lines of the table. Add it to department_names.")
                 for row in range(changes // 20)]
    return named({
        "format": "hris.ad plan 1", "source": "elmo",
        "description": EVIL if evil else "ELMO, Australia and New Zealand", "as_of": "2026-03-02T09:00:00+11:00", "made": "2026-03-01T22:00:04+00:00",
        "expires": "2026-03-02T22:00:04+00:00", "domain": {"name": "corp.example", "dn": "DC=corp,DC=example", "server": "ldaps://dc1.corp.example:636"},
        "digests": {"feed": f"sha256:{'11aa22bb' * 8}", "rules": f"sha256:{'aa11bb22' * 8}", "code": "hris.ad 0.1.0"},
        "people": {"active": accounts, "prepared": 12, "leave": 7, "leaver": 41, "held": 1}, "counts": dict(sorted(counts.items())),
        "matched": {"by_key": accounts, "people_without_account": counts.get("create", 0), "accounts_without_person": 31},
        "rules": {"title": {"place": "mapping.title", "source": "position.title"}, "sn": {"place": "mapping.sn", "source": "lastName"}},
        "redact": [], "changes": made, "findings": findings,
        "limits": [
            {"action": "absent", "changes": 2, "of": accounts, "count": None, "percent": 10.0, "exceeded": False, "message": f"2 of {accounts} accounts are absent from the feed (0.1 %)"},
            {"action": "delete", "changes": counts.get("delete", 0), "of": accounts, "count": max(counts.get("delete", 0), 5), "percent": None, "exceeded": False,
             "message": f"{counts.get('delete', 0)} of {accounts} accounts would get the action 'delete'"},
            {"action": "disable", "changes": disables, "of": accounts, "count": 0 if exceeded else disables + 5, "percent": 5.0, "exceeded": exceeded,
             "message": f"{disables} of {accounts} accounts would get the action 'disable'" + (": at most 0 are allowed" if exceeded else "")},
        ],
    })


def named(plan: dict) -> dict:
    return plan | {"digest": plan_file.digest_of(plan)}


def sealed(plan: dict, key: str | None = None) -> dict:
    """The plan as sync writes it to a file, whatever a test has done to it."""
    return plan_file.sealed(named(plan), key)


def journal_of(plan: dict, path) -> str:
    """The path of a journal, written as a run writes it: every 40th change was refused, and the run was killed in its last fifth.

    The writer announces changes in blocks; a plan of more than one block ends between two of them, so that some changes were
    not announced. The last change that was sent has no result.
    """
    sent = len(plan["changes"]) * 4 // 5
    sent = sent // AHEAD * AHEAD or sent
    journal = Journal(str(path), plan)
    for index in range(sent):
        journal.intent(index)
        if index < sent - 1:
            journal.result(index, REFUSED if index % 40 == 39 else APPLIED)
    journal.close()
    return str(path)
