# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person's part of the plan: where the account belongs, and the changes that bring it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..ad_values.dn import normal, parent
from ..errors import HrisError
from ..model.findings import INFO, WARNING, finding
from ..rules.desired_state import wanted_of
from ..rules.lifecycle_state import LEAVER
from ..rules.naming import reads
from ..rules.ruleset import Ruleset
from . import compare, ownership, removed_groups, steps
from .checks import check_attributes, check_containers, check_values, written_by
from .memberships import Groups
from .names import TakenNames, choose_names, keeps_dn, settle_dn
from .ownership import mark_of, read_mark
from .reasons import WORDS, reason
from .renaming import addresses_with, outdated, settle_names, stays
from .summary import HIDDEN
from .transitions import ABSENT, Step

# Shared by all who are in line already, which nearly everybody is; never changed
NOTHING: dict = {}
NO_FINDING: list = []


@dataclass(slots=True)
class Decision:
    """What is done for one person, found before any change is made up, because others' references ask for its DN."""

    step: Step
    dn: str  # at the end of the run; "" for no account
    names: dict  # attribute: text of the names that are given
    attributes: dict  # wanted ones of a new account; of an existing one {attribute: {"before", "after"}} of those that differ
    groups: tuple[str, ...]
    findings: list


class Work:
    """What every person's comparison needs, looked up once. Raises HrisError for rules that do not fit this directory."""

    def __init__(self, snapshot: dict, rules: Ruleset, as_of: datetime):
        self.rules = rules
        schema = snapshot["schema"]
        check_attributes(rules, schema)
        self.written_by = written_by(rules)
        self.definitions = {
            name: schema[name.casefold()]
            for name in (*self.written_by, *rules.attributes, "proxyAddresses", "cn")
        }
        self.leavers_place = rules.leaver["move_to"]
        self.containers = {normal(dn) for dn in snapshot["containers"]}
        check_containers(rules, self.containers)
        self.groups = Groups(snapshot, rules)
        self.taken = TakenNames(
            snapshot, [*rules.naming.attributes, "mail", "proxyAddresses"], rules.naming.reserved
        )
        self.today = as_of.date().isoformat()
        self.reports_names = rules.naming.on_change == "report"
        self.new_containers: list[str] = []
        self.mark = self.spelled(rules.ownership["attribute"])
        self.record = self.spelled(rules.leaver["record"]) if rules.leaver["record"] else None
        self.merged = frozenset(line.name for line in rules.mapping if line.merge)
        self.enforced = frozenset(line.name for line in rules.mapping if line.apply == "always")
        self.authority = {line.name: line.apply for line in rules.mapping if line.apply != "always"}
        self.words = [line for line in rules.mapping if reads(rules.naming.expressions, line.name)]
        self.followed = [line for line in self.words if reads(rules.naming.followed, line.name)]
        self.spelled_alike = all(
            self.spelled(line.name) == line.name for line in rules.mapping + rules.leaver_mapping
        )
        self.links: dict[str, dict] = {}  # key: account
        self.places: dict[
            str, tuple[str | None, str]
        ] = {}  # key: (DN now, DN at the end of the run) of those who get another one
        self.shared: dict[tuple, tuple] = {}  # one tuple of groups, however many people are in them

    def spelled(self, attribute: str) -> str:
        """The attribute's name as the directory spells it."""
        return self.definitions[attribute]["name"]

    def decide(self, person: dict, account: dict | None, may_name: bool = True) -> Decision | None:
        """What is done; None where a name or a place has to be found and may_name is not given, because names go to whoever
        comes first. Raises HrisError for what holds the person."""
        mark = mark_of(account, self.mark) if account else None
        step = steps.choose_step(person, account, mark, self.rules)
        if account is None and not step.switch:
            return Decision(step, "", NOTHING, NOTHING, (), NO_FINDING)
        if account is None:
            if not may_name:
                return None
            wanted, findings = wanted_of(person, self.rules, NOTHING)
            self._check(wanted["attributes"])
            words = self._words(self.words, person, None, wanted)
            names, dn = choose_names(self.rules.naming, words, self._container(wanted), self.taken)
            self._check({name: [text] for name, text in names.items()})
            return Decision(step, dn, names, wanted["attributes"], wanted["groups"], findings)
        names, dn = NOTHING, account["dn"]
        wanted, findings = wanted_of(
            person, self.rules, account["attributes"] if self.spelled_alike else NOTHING
        )
        differ = (
            self._differ(person, account, step, wanted["attributes"], mark, findings)
            if step.care
            else {}
        )
        if step.care == "line":
            ou = parent(dn) if wanted["ou_on_create"] else self._container(wanted)
            words = self._words(self.followed, person, account, wanted)
            if not stays(self.rules.naming, words, account, ou):
                if not may_name:
                    return None
                names, dn = settle_names(
                    self.rules.naming,
                    self._words(self.words, person, account, wanted),
                    account,
                    ou,
                    self.taken,
                )
                self._check({name: [text] for name, text in names.items()})
            if self.reports_names:
                findings += [
                    self._name_changed(person, account, name)
                    for name in outdated(self.rules.naming, words, account)
                ]
        elif (
            step.care == "leave"
            and self.leavers_place
            and not keeps_dn(None, account, self.leavers_place)
        ):
            if not may_name:
                return None
            dn = settle_dn(None, account, self.leavers_place, self.taken)
        groups = self.shared.setdefault(wanted["groups"], wanted["groups"])
        return Decision(
            step, dn, names or NOTHING, differ or NOTHING, groups, findings or NO_FINDING
        )

    def _differ(
        self, person: dict, account: dict, step: Step, wanted: dict, mark, findings: list
    ) -> dict:
        """{attribute: {"before", "after"}} of the wanted attributes that are written. What the directory holds already it takes."""
        leaves = person["state"] == LEAVER
        enforced, reported = compare.split_authority({} if leaves else self.authority, wanted)
        found = compare.differences(enforced, account, self.definitions, self.merged)
        self._check({name: values["after"] for name, values in found.items()} if found else found)
        for name, values in (
            compare.differences(reported, account, self.definitions).items() if reported else ()
        ):
            message = f"{name} is {self._shown(name, values['before'])}, and HR has {self._shown(name, values['after'])}."
            findings.append(
                finding(
                    "drift",
                    message,
                    key=person["key"],
                    place=self.written_by.get(name),
                    severity=INFO,
                )
            )
        if (
            step.care == "line"
            and mark
            and mark["state"] == ownership.DISABLED
            and (step.switch == "enable" or account["enabled"])
        ):
            # Somebody may have enabled it by hand before HR did: a leaver's attributes are taken back all the same.
            given = wanted_of(person, self.rules, NOTHING)[0]["attributes"]
            undone = {line.name: [] for line in self.rules.leaver_mapping if line.name not in given}
            found |= compare.differences(undone, account, self.definitions)
        return found

    def _check(self, values: dict) -> None:
        check_values(values, self.definitions, self.written_by, self.rules.redact)

    def _container(self, wanted: dict) -> str:
        missing, dn = [], wanted["ou"]
        while normal(dn) not in self.containers:
            if not wanted["ou_create"] or not normal(dn).startswith("ou="):
                raise HrisError(
                    f"the OU {dn} does not exist",
                    place="placement",
                    hint="Create it, or mend the rule",
                )
            missing.append(dn)
            dn = parent(dn)
        self.new_containers += missing
        self.containers.update(map(normal, missing))
        return wanted["ou"]

    def _words(self, lines: list, person: dict, account: dict | None, wanted: dict) -> dict:
        """What naming rules use: the attributes of these lines as they will be after the run, and the employee."""
        words = {"employee": person["employee"]}
        for line in lines:
            has = [] if account is None else account["attributes"].get(self.spelled(line.name), [])
            values = (
                has
                if account is not None and line.apply != "always"
                else wanted["attributes"].get(line.name, has)
            )
            words[line.name] = None if not values else values[0] if len(values) == 1 else values
        return words

    def _name_changed(self, person: dict, account: dict, name: str) -> dict:
        return finding(
            "name_changed",
            f"{name} is no longer what the rules would give ({account['attributes'].get(name, [''])[0]}): it stays.",
            key=person["key"],
            place=f"naming.attributes.{name}",
            severity=WARNING,
        )

    def changes(
        self, person: dict, account: dict | None, decision: Decision
    ) -> tuple[list[dict], list[dict]]:
        """The changes of one person in the order that is safe (access first), and findings."""
        step, findings = decision.step, decision.findings
        if account is None:
            return self._creation(person, decision) if step.switch else ([], findings)
        if step.switch == steps.DELETE:
            return [compare.deletion(person, account)], findings
        if step.finding:
            words, severity = WORDS[step.finding]
            findings = [
                *findings,
                finding(
                    step.finding, f"{account['dn']} {words}", key=person["key"], severity=severity
                ),
            ]
        if step.switch is None and step.care is None and person["state"] != ABSENT:
            return [], findings
        written, later, found = self._attributes(person, account, decision)
        gain, lose, kept = self._groups(person, account, decision)
        if not (step.switch or written or later or gain or lose) and decision.dn == account["dn"]:
            return [], findings + found
        written |= kept
        changes = self._written(person, account, step, written)
        changes += compare.relocation(person, account, decision.dn)
        changes += compare.group_changes(
            person,
            account,
            account["dn"],
            gain,
            lose,
            ("birthright or restored group", "no rule gives this group"),
        )
        if later:
            changes.append(
                compare.change(
                    "update",
                    person["key"],
                    account,
                    account["dn"],
                    "the record has been used",
                    attributes=later,
                    last=True,
                )
            )
        return changes, findings + found

    def _creation(self, person: dict, decision: Decision) -> tuple[list[dict], list[dict]]:
        references, findings = self._references(person)
        step, dn = decision.step, decision.dn
        attributes = compare.first_values(decision.attributes, decision.names, references)
        attributes[self.mark] = {
            "before": [],
            "after": [steps.wanted_mark(person, None, None, step, self.rules)],
        }
        attributes = dict(sorted(attributes.items(), key=lambda pair: pair[0].casefold()))
        attributes["userAccountControl"] = compare.uac_attribute(None, step.switch == "create")
        if self.rules.joiner["must_change_password"]:
            attributes["pwdLastSet"] = {"before": [], "after": ["0"]}
        reason = f"starts {person['start']}" if person["start"] else "is in the feed"
        gain, _lose = self.groups.birthright(None, decision.groups)
        return [
            compare.change("create", person["key"], None, dn, reason, attributes=attributes),
            *compare.group_changes(person, None, dn, gain, (), ("birthright group", "")),
        ], decision.findings + findings

    def _attributes(
        self, person: dict, account: dict, decision: Decision
    ) -> tuple[dict, dict, list[dict]]:
        """(what is written at once, what is written last, findings)."""
        step, findings, later = decision.step, [], {}
        mark = steps.wanted_mark(person, account, mark_of(account, self.mark), step, self.rules)
        written = dict(decision.attributes)
        before = account["attributes"].get(self.mark, compare.NO_VALUE)
        if before != [mark]:
            written[self.mark] = {"before": before, "after": [mark]}
        if step.care == "line":
            if decision.names:
                written |= compare.differences(
                    self._renamed(decision.names, account), account, self.definitions
                )
            if person["references"]:
                references, findings = self._references(person)
                enforced = {
                    name: place for name, place in references.items() if name in self.enforced
                }
                written |= compare.reference_differences(enforced, account, self.definitions)
            if (account["enabled"] or step.switch == "enable") and removed_groups.entries_of(
                account, self.record
            ):
                cleared = removed_groups.without_groups(account, self.record)
                if self.groups.restored(account, self.record, person["today"]):
                    later = cleared  # when the groups have been given back
                else:
                    written |= cleared
        return written, later, findings

    def _shown(self, name: str, values: list[str]) -> str:
        """Values for a finding; those of personal attributes are hidden."""
        return (
            HIDDEN
            if values and name.casefold() in self.rules.redact
            else "; ".join(values) or "empty"
        )

    def _renamed(self, names: dict, account: dict) -> dict[str, list[str]]:
        """The values of names that follow; a new address keeps the former ones as aliases, where the rules want that."""
        wanted = {name: [text] for name, text in names.items()}
        if "mail" in wanted and self.rules.naming.keep_addresses:
            wanted["proxyAddresses"] = addresses_with(wanted["mail"][0], account)
        return wanted

    def _groups(self, person: dict, account: dict, decision: Decision) -> tuple[tuple, tuple, dict]:
        """(groups to give, groups to take, the record's attribute where groups are taken from a leaver)."""
        step = decision.step
        if step.care == "line":
            gain, lose = self.groups.birthright(account, decision.groups)
            if account["enabled"] or step.switch == "enable":
                gain += self.groups.restored(account, self.record, person["today"])
            return gain, lose, {}
        lose = (
            self.groups.lost(account, self.rules.leaver["groups"]) if step.care == "leave" else ()
        )
        if not lose:
            return (), (), {}
        mark = steps.wanted_mark(person, account, mark_of(account, self.mark), step, self.rules)
        since = read_mark(mark)["since"] or person["locked"] or person["today"]
        return (
            (),
            lose,
            removed_groups.with_groups(account, self.record, lose, since) if self.record else {},
        )

    def _written(self, person: dict, account: dict, step: Step, written: dict) -> list[dict]:
        """The attributes as one change, or as two where the account is turned over: that one first, alone."""
        key, dn, found = person["key"], account["dn"], []
        turned = steps.switch_attributes(account, step)
        if turned:
            own = [
                self.mark,
                self.record,
                *(line.name for line in self.rules.leaver_mapping if step.switch == "enable"),
            ]
            turned |= {name: written.pop(name) for name in own if name in written}
            more = (
                {"password": "random"}
                if step.switch == "lock" and self.rules.leaver["scramble_password"]
                else {}
            )
            found.append(
                compare.change(
                    steps.ACTIONS[step.switch],
                    key,
                    account,
                    dn,
                    reason(person, step),
                    attributes=turned,
                    **more,
                )
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

    def _place(self, key: str) -> tuple[str | None, str] | None:
        """(DN now, DN at the end of the run) of a person's account, None without one."""
        if key in self.places:
            return self.places[key]
        account = self.links.get(key)
        return (account["dn"], account["dn"]) if account else None

    def _references(self, person: dict) -> tuple[dict, list[dict]]:
        """{attribute: (DN now, DN at the end of the run), or None to clear}; a finding where the other has no account."""
        references, findings = {}, []
        for name, other in person["references"].items():
            place = self._place(other) if other else None
            if other and not place:
                message = f"the employee {other} has no account: the attribute is left as it is."
                findings.append(
                    finding(
                        "reference",
                        message,
                        key=person["key"],
                        place=self.written_by[name],
                        severity=WARNING,
                    )
                )
            else:
                references[name] = place
        return references, findings
