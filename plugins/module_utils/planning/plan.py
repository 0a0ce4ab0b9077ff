# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: everything that one run would do, as plain data that survives JSON."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from ..errors import HrisError
from ..rules.dates import ACTIVE, HELD, LEAVER, PREPARED, STATES
from ..rules.dn import normal, parent
from ..rules.findings import WARNING, finding, held
from ..rules.naming import render
from ..rules.ruleset import Ruleset
from .checks import check_attributes, check_containers, check_values, resolve_groups, written_by
from .compare import attribute_changes, change, creation, membership_changes, relocation, switch
from .correlation import correlate
from .limits import judge_limits
from .names import TakenNames, choose_names, settle_dn

FORMAT = "hris.ad plan 1"


def make_plan(people: list[dict], findings: list[dict], snapshot: dict, rules: Ruleset, as_of: datetime) -> dict:
    """Compare people with the directory.

    people, findings: what people_of gave. snapshot: what the directory room read. Returns::

        {"format", "source", "as_of", "domain": {…}, "people": {state: count}, "counts": {action: count},
         "changes": [change, …], "findings": [finding, …], "limits": [verdict, …]}

    Leavers come first among the changes, so that a run which dies early has locked them out. Raises HrisError where the
    rules do not fit this directory (missing attribute, OU or group): nobody's plan could be trusted then.
    """
    work = _Work(snapshot, rules, as_of)
    linked = correlate(people, snapshot, rules)
    findings = findings + linked["findings"]
    decided = []
    for person in people:
        if person["key"] in linked["blocked"]:
            continue
        account = linked["links"].get(person["key"])
        try:
            decision = None if person["state"] == HELD else work.decide(person, account)
        except HrisError as error:
            findings.append(held(error, person["key"]))
            decision = None
        if decision:
            decided.append((person, account, *decision))
        if decision or account:
            now = account and account["dn"]
            work.places[person["key"].casefold()] = now, decision[1] if decision else now
    changes = []
    for person, account, names, dn in sorted(decided, key=lambda row: row[0]["state"] != LEAVER):
        new, found = work.changes(person, account, names, dn)
        changes += new
        findings += found
    return {
        "format": FORMAT,
        "source": rules.source,
        "as_of": as_of.isoformat(),
        "domain": {name: snapshot["domain"][name] for name in ("name", "dn", "server")},
        "people": {state: count for state in STATES if (count := sum(person["state"] == state for person in people))},
        "counts": dict(sorted(Counter(entry["action"] for entry in changes).items())),
        "changes": changes,
        "findings": findings,
        "limits": judge_limits(rules.limits, changes, len(linked["absent"]), len(people), linked["owned"]),
    }


class _Work:
    """What every person's comparison needs, looked up once."""

    def __init__(self, snapshot: dict, rules: Ruleset, as_of: datetime):
        self.rules, self.schema = rules, snapshot["schema"]
        check_attributes(rules, self.schema)
        self.written_by = written_by(rules)
        self.containers = {normal(dn) for dn in snapshot["containers"]}
        check_containers(rules, self.containers)
        self.groups = resolve_groups(rules.groups, snapshot["groups"])
        self.managed = {normal(group["dn"]): group for group in self.groups.values()}
        self.taken = TakenNames(snapshot, [*rules.naming.attributes, "mail", "proxyAddresses"])
        self.today = as_of.date().isoformat()
        self.mark = self._spelled(rules.ownership["attribute"])
        self.places: dict[str, tuple[str | None, str]] = {}  # key: (DN now, DN at the end of the run)

    def _spelled(self, attribute: str) -> str:
        return self.schema[attribute.casefold()]["name"]

    def decide(self, person: dict, account: dict | None) -> tuple[dict, str] | None:
        """(names for a new account, its DN at the end of the run); None when nothing is to be done for the person.

        Raises HrisError for what holds the person.
        """
        state = person["state"]
        if account is None:
            return self._decide_new(person) if state in (ACTIVE, PREPARED) else None
        if state == LEAVER:
            target = self.rules.leaver.get("move_to")
            return {}, settle_dn(None, account, target, self.taken) if target else account["dn"]
        if state not in (ACTIVE, PREPARED):
            return None
        check_values(person["wanted"], self.schema, self.written_by)
        ou = parent(account["dn"]) if person["ou_on_create"] else self._container(person)
        text = render(self.rules.naming, "cn", self._words(person, account)) if self._renames() else None
        return {}, settle_dn(text, account, ou, self.taken)

    def _decide_new(self, person: dict) -> tuple[dict, str]:
        check_values(person["wanted"], self.schema, self.written_by)
        names, dn = choose_names(self.rules.naming, self._words(person, None), self._container(person), self.taken)
        check_values({name: [text] for name, text in names.items()}, self.schema, self.written_by)
        return names, dn

    def _renames(self) -> bool:
        """Whether a changed name in HR renames the account; a cn built from the logon name is given once, like that."""
        return self.rules.naming.rename and not self.rules.naming.is_numbered("cn")

    def _container(self, person: dict) -> str:
        if normal(person["ou"]) not in self.containers:
            raise HrisError(
                f"the OU {person['ou']} does not exist", place="placement", hint="Create it, or mend the rule"
            )
        return person["ou"]

    def _words(self, person: dict, account: dict | None) -> dict:
        """What naming rules may use: the attributes as they will be after the run, and the employee."""
        words = {"employee": person["employee"]}
        for line in self.rules.mapping:
            has = [] if account is None else account["attributes"].get(self._spelled(line.name), [])
            values = has if account is not None and line.on_create else person["wanted"].get(line.name, has)
            words[line.name] = None if not values else values[0] if len(values) == 1 else values
        return words

    def changes(self, person: dict, account: dict | None, names: dict, dn: str) -> tuple[list[dict], list[dict]]:
        """The changes of one person, and findings."""
        references, findings = self._references(person)
        wanted = {normal(self.groups[name]["dn"]) for name in person["groups"]}
        if account is None:
            new = creation(person, names, dn, self.rules.source, self.mark, self.rules.joiner, references)
            return [new, *membership_changes(person, None, dn, wanted, self.managed, remove=False)], findings
        action, attributes, found = switch(person, account, self.rules.source, self.mark, self.today)
        leaves = person["state"] == LEAVER
        key, at, changes = person["key"], account["dn"], []
        if action:
            changes.append(change(action, key, account, at, self._why(person), attributes=attributes))
        differences = {} if leaves else attribute_changes(self.rules.mapping, person, account, references, self.schema)
        if not action:
            differences |= attributes
        if differences:
            changes.append(change("update", key, account, at, "differs from HR", attributes=dict(sorted(differences.items()))))
        changes += relocation(person, account, dn)
        if not leaves or self.rules.leaver["groups"] == "remove_managed":
            changes += membership_changes(person, account, at, wanted, self.managed, remove=True)
        return changes, findings + ([found] if found else [])

    @staticmethod
    def _why(person: dict) -> str:
        if person["state"] == LEAVER:
            return f"left on {person['end']}" if person["end"] else "has left"
        return f"started {person['start']}" if person["start"] else "works here"

    def _references(self, person: dict) -> tuple[dict, list[dict]]:
        """{attribute: (DN now, DN at the end of the run), or None to clear}; a finding where the other has no account."""
        references, findings = {}, []
        for line in self.rules.mapping:
            if line.name not in person["references"]:
                continue
            other = person["references"][line.name]
            place = other and self.places.get(other.casefold())
            if other and not place:
                message = f"the employee {other} has no account: the attribute is left as it is."
                findings.append(finding("reference", message, key=person["key"], place=line.place, severity=WARNING))
            else:
                references[line.name] = place
        return references, findings
