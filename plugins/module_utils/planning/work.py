# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person's part of the plan: where the account belongs, and the changes that bring it there."""

from __future__ import annotations

from datetime import datetime

from ..errors import HrisError
from ..rules.dates import LEAVER
from ..rules.dn import normal, parent
from ..rules.findings import INFO, WARNING, finding
from ..rules.ruleset import Ruleset
from . import compare, ownership, record, switching
from .checks import check_attributes, check_containers, check_values, resolve_groups, written_by
from .names import TakenNames, choose_names, settle_dn
from .ownership import mark_of, privileged_groups, read_mark
from .renaming import addresses_with, outdated, settle_names
from .show import HIDDEN
from .transitions import ABSENT, DISABLED_BY_HAND, START_MOVED, Step

WORDS = {
    DISABLED_BY_HAND: ("is disabled, and not by us: it stays so. Enable it by hand when that is right.", INFO),
    START_MOVED: ("is enabled, but its first day is ahead: it stays so. Disable it by hand, or set joiner.moved_start.", WARNING),
    switching.REENABLED: (
        "is a leaver's and was enabled by hand: it is left alone. Disable it by hand, or set leaver.reenabled.",
        WARNING,
    ),
}
REASONS = {"enable": "works here", "pause": "is on leave", switching.UNSTART: "the first day was moved"}


class Work:
    """What every person's comparison needs, looked up once. Raises HrisError for rules that do not fit this directory."""

    def __init__(self, snapshot: dict, rules: Ruleset, as_of: datetime):
        self.rules, self.schema = rules, snapshot["schema"]
        check_attributes(rules, self.schema)
        self.written_by = written_by(rules)
        self.containers = {normal(dn) for dn in snapshot["containers"]}
        check_containers(rules, self.containers)
        self.named = resolve_groups(rules.groups, snapshot["groups"])
        self.managed = {normal(group["dn"]): group for group in self.named.values()}
        self.groups = {normal(group["dn"]): group for group in snapshot["groups"]}
        self.privileged = privileged_groups(snapshot["groups"])
        self.taken = TakenNames(snapshot, [*rules.naming.attributes, "mail", "proxyAddresses"], rules.naming.reserved)
        self.today = as_of.date().isoformat()
        self.reports_names = rules.naming.on_change == "report"
        self.new_containers: list[str] = []  # in the order in which they are created
        self.mark = self.spelled(rules.ownership["attribute"])
        self.record = self.spelled(rules.leaver["record"]) if rules.leaver["record"] else None
        self.merged = frozenset(line.name.casefold() for line in rules.mapping if line.merge)
        self.places: dict[str, tuple[str | None, str]] = {}  # key: (DN now, DN at the end of the run)

    def spelled(self, attribute: str) -> str:
        """The attribute's name as the directory spells it."""
        return self.schema[attribute.casefold()]["name"]

    def decide(self, person: dict, account: dict | None) -> tuple[Step, dict, str]:
        """(what is done, names to give, the DN at the end of the run). Raises HrisError for what holds the person."""
        mark = mark_of(account, self.mark) if account else None
        step = switching.choose_step(person, account, mark, self.rules)
        dn = account["dn"] if account else ""
        if step.care:
            check_values(person["wanted"], self.schema, self.written_by, self.rules.redact)
        if account is None and step.switch:
            names, dn = choose_names(self.rules.naming, self._words(person, None), self._container(person), self.taken)
            check_values({name: [text] for name, text in names.items()}, self.schema, self.written_by, self.rules.redact)
            return step, names, dn
        if step.care == "line":
            ou = parent(dn) if person["ou_on_create"] else self._container(person)
            names, dn = settle_names(self.rules.naming, self._words(person, account), account, ou, self.taken)
            check_values({name: [text] for name, text in names.items()}, self.schema, self.written_by, self.rules.redact)
            return step, names, dn
        if step.care == "leave" and self.rules.leaver["move_to"]:
            dn = settle_dn(None, account, self.rules.leaver["move_to"], self.taken)
        return step, {}, dn

    def _container(self, person: dict) -> str:
        missing, dn = [], person["ou"]
        while normal(dn) not in self.containers:
            if not person["ou_create"] or not normal(dn).startswith("ou="):
                raise HrisError(f"the OU {dn} does not exist", place="placement", hint="Create it, or mend the rule")
            missing.append(dn)
            dn = parent(dn)
        self.new_containers += reversed(missing)
        self.containers.update(map(normal, missing))
        return person["ou"]

    def _words(self, person: dict, account: dict | None) -> dict:
        """What naming rules may use: the attributes as they will be after the run, and the employee."""
        words = {"employee": person["employee"]}
        for line in self.rules.mapping:
            has = [] if account is None else account["attributes"].get(self.spelled(line.name), [])
            values = has if account is not None and line.apply != "always" else person["wanted"].get(line.name, has)
            words[line.name] = None if not values else values[0] if len(values) == 1 else values
        return words

    def changes(self, person: dict, account: dict | None, step: Step, names: dict, dn: str) -> tuple[list[dict], list[dict]]:
        """The changes of one person in the order that is safe (access first), and findings."""
        if account is None:
            return self._creation(person, step, names, dn) if step.switch else ([], [])
        if step.switch == switching.DELETE:
            return [compare.change("delete", person["key"], account, account["dn"], "the retention is over")], []
        findings = []
        if step.finding:
            words, severity = WORDS[step.finding]
            findings.append(finding(step.finding, f"{account['dn']} {words}", key=person["key"], severity=severity))
        if step.switch is None and step.care is None and person["state"] != ABSENT:
            return [], findings
        written, later, found = self._attributes(person, account, step, names)
        gain, lose, kept = self._groups(person, account, step)
        written |= kept
        changes = self._written(person, account, step, written)
        changes += compare.relocation(person, account, dn)
        changes += compare.group_changes(
            person, account, account["dn"], gain, lose, ("birthright or restored group", "no rule gives this group")
        )
        if later:
            changes.append(
                compare.change("update", person["key"], account, account["dn"], "the record has been used", attributes=later, last=True)
            )
        return changes, findings + found

    def _creation(self, person: dict, step: Step, names: dict, dn: str) -> tuple[list[dict], list[dict]]:
        references, findings = self._references(person)
        attributes = compare.first_values(person, names, references)
        attributes[self.mark] = {"before": [], "after": [switching.wanted_mark(person, None, None, step, self.rules)]}
        attributes = dict(sorted(attributes.items(), key=lambda pair: pair[0].casefold()))
        attributes["userAccountControl"] = compare.uac_attribute(None, step.switch == "create")
        if self.rules.joiner["must_change_password"]:
            attributes["pwdLastSet"] = {"before": [], "after": ["0"]}
        reason = f"starts {person['start']}" if person["start"] else "is in the feed"
        gain, _lose, _kept = self._groups(person, None, step)
        return [
            compare.change("create", person["key"], None, dn, reason, attributes=attributes),
            *compare.group_changes(person, None, dn, gain, [], ("birthright group", "")),
        ], findings

    def _attributes(self, person: dict, account: dict, step: Step, names: dict) -> tuple[dict, dict, list[dict]]:
        """(what is written at once, what is written last, findings)."""
        mark = mark_of(account, self.mark)
        wanted = {self.mark: [switching.wanted_mark(person, account, mark, step, self.rules)]}
        lines = self.rules.leaver_mapping if person["state"] == LEAVER else self.rules.mapping
        enforced, reported = compare.split_authority(lines, person["wanted"]) if step.care else ({}, {})
        written = compare.differences(wanted | enforced, account, self.schema, self.merged)
        findings = [
            finding(
                "drift",
                f"{name} is {self._shown(name, values['before'])}, and HR has {self._shown(name, values['after'])}.",
                key=person["key"],
                place=self.written_by.get(name),
                severity=INFO,
            )
            for name, values in compare.differences(reported, account, self.schema).items()
        ]
        later = {}
        if step.care == "line":
            written |= compare.differences(self._renamed(names, account), account, self.schema)
            findings += [
                finding(
                    "name_changed",
                    f"{name} is no longer what the rules would give ({account['attributes'].get(name, [''])[0]}): it stays.",
                    key=person["key"],
                    place=f"naming.attributes.{name}",
                    severity=WARNING,
                )
                for name in (outdated(self.rules.naming, self._words(person, account), account) if self.reports_names else ())
            ]
            references, found = self._references(person)
            findings += found
            enforced_too = {line.name for line in self.rules.mapping if line.apply == "always"}
            written |= compare.reference_differences(
                {name: place for name, place in references.items() if name in enforced_too}, account, self.schema
            )
            if step.switch == "enable" or account["enabled"]:  # somebody may have enabled it by hand before HR did
                undone = {line.name: [] for line in self.rules.leaver_mapping if line.name not in person["wanted"]}
                written |= compare.differences(undone, account, self.schema) if mark and mark["state"] == ownership.DISABLED else {}
            if record.entries_of(account, self.record) and (account["enabled"] or step.switch == "enable"):
                cleared = record.without_groups(account, self.record)
                if self._restored(person, account, step):
                    later = cleared  # when the groups have been given back
                else:
                    written |= cleared
        return written, later, findings

    def _shown(self, name: str, values: list[str]) -> str:
        """Values for a finding; those of personal attributes are hidden."""
        return HIDDEN if values and name.casefold() in self.rules.redact else "; ".join(values) or "empty"

    def _renamed(self, names: dict, account: dict) -> dict[str, list[str]]:
        """The values of names that follow; a new address keeps the former ones as aliases, where the rules want that."""
        wanted = {self.spelled(name): [text] for name, text in names.items()}
        if "mail" in wanted and self.rules.naming.keep_addresses:
            wanted[self.spelled("proxyAddresses")] = addresses_with(wanted["mail"][0], account)
        return wanted

    def _groups(self, person: dict, account: dict | None, step: Step) -> tuple[list[dict], list[dict], dict]:
        """(groups to give, groups to take, the record's attribute where groups are taken from a leaver)."""
        direct, whole = compare.memberships(account, self.groups)
        if step.care == "line":
            wanted = {normal(self.named[name]["dn"]) for name in person["groups"]}
            gain = [self.groups[dn] for dn in wanted - whole]
            lose = [group for dn, group in self.managed.items() if dn in direct and dn not in wanted]
            gain += [group for group in self._restored(person, account, step) if normal(group["dn"]) not in whole | wanted]
            return gain, lose, {}
        policy = self.rules.leaver["groups"]
        if step.care != "leave" or policy == "keep":
            return [], [], {}
        lose = [
            group
            for dn, group in self.groups.items()
            if dn in direct and dn not in self.privileged and (policy == "remove_all" or dn in self.managed)
        ]
        mark = switching.wanted_mark(person, account, mark_of(account, self.mark), step, self.rules)
        since = read_mark(mark)["since"] or person["locked"] or person["today"]
        return [], lose, record.with_groups(account, self.record, lose, since) if self.record and lose else {}

    def _restored(self, person: dict, account: dict | None, step: Step) -> list[dict]:
        """The recorded groups that a rehire gets back: those that no rule decides, and that are not too old."""
        entries = record.entries_of(account, self.record) if account else []
        if not entries or not (account["enabled"] or step.switch == "enable"):
            return []
        guids = record.restorable(entries, person["today"], self.rules.rehire["restore_within_days"])
        return [
            group for dn, group in self.groups.items() if group["guid"] in guids and dn not in self.managed and dn not in self.privileged
        ]

    def _written(self, person: dict, account: dict, step: Step, written: dict) -> list[dict]:
        """The attributes as one change, or as two where the account is turned over: that one first, alone."""
        key, dn, found = person["key"], account["dn"], []
        turned = switching.switch_attributes(account, step)
        if turned:
            own = [self.mark, self.record, *(line.name for line in self.rules.leaver_mapping if step.switch == "enable")]
            turned |= {name: written.pop(name) for name in own if name in written}
            more = {"password": "random"} if step.switch == "lock" and self.rules.leaver["scramble_password"] else {}
            found.append(
                compare.change(switching.ACTIONS[step.switch], key, account, dn, self._why(person, step), attributes=turned, **more)
            )
        if written:
            found.append(
                compare.change(
                    "update",
                    key,
                    account,
                    dn,
                    "differs from HR" if step.care else "absent from the feed",
                    attributes=dict(sorted(written.items())),
                )
            )
        return found

    @staticmethod
    def _why(person: dict, step: Step) -> str:
        if step.switch == "lock":
            return (
                f"left on {person['end']}"
                if person["end"]
                else "has left"
                if person["state"] == LEAVER
                else "absent from the feed for too long"
            )
        return f"started {person['start']}" if step.switch == "enable" and person["start"] else REASONS[step.switch]

    def _references(self, person: dict) -> tuple[dict, list[dict]]:
        """{attribute: (DN now, DN at the end of the run), or None to clear}; a finding where the other has no account."""
        references, findings = {}, []
        for name, other in person["references"].items():
            place = other and self.places.get(other.casefold())
            if other and not place:
                message = f"the employee {other} has no account: the attribute is left as it is."
                findings.append(finding("reference", message, key=person["key"], place=self.written_by[name], severity=WARNING))
            else:
                references[name] = place
        return references, findings
