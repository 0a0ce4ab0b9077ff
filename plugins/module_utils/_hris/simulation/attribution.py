# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rule decided, in one line: for a case that fails, and for a change that new rules bring."""

from __future__ import annotations

from ..ad_values.dn import normal
from ..errors import HrisError
from ..model.people import LEAVER
from ..planning.checks import written_by
from ..planning.plan_file import provenance
from ..rules.placement import place_of
from ..rules.ruleset import Ruleset


def of_state(seen: dict) -> str:
    """Why a person has this state. seen: of expectations."""
    if seen["person"] is None:
        return of_findings(seen) or "dates: no employee has this key"
    dates = {name: value for name, value in seen["explained"]["dates"].items() if value}
    said = "dates: " + ", ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in dates.items()
    )
    held = of_findings(seen) if seen["person"]["state"] == "held" else ""
    return f"{said}; {held}" if held else said


def of_changes(seen: dict) -> str:
    """The changes with their reasons, and the findings that keep others back."""
    told = [f"{change['action']} ({change['reason']})" for change in seen["changes"]]
    told += [of_findings(seen)] if seen["findings"] else []
    return (
        "; ".join(dict.fromkeys(told))
        or f"the rules have nothing to do for state {seen['person']['state'] if seen['person'] else 'none'}"
    )


def of_attribute(name: str, seen: dict) -> str:
    """The line of the mapping, the naming rule, or what else writes the attribute."""
    explained = seen["explained"] or {"attributes": [], "names": []}
    for entry in (*explained["attributes"], *explained["names"]):
        if entry["attribute"].casefold() == name.casefold():
            held = f"; {of_findings(seen)}" if seen["findings"] else ""
            return f"{entry['rule']}: {entry['source']}: {entry['why']}{held}"
    place = {rule.casefold(): where for rule, where in written_by(seen["rules"]).items()}.get(
        name.casefold()
    )
    return place or of_findings(seen) or "no rule writes it"


def of_place(seen: dict) -> str:
    """The placement rule that holds, or what the rules say of leavers."""
    if seen["person"] is None:
        return of_findings(seen) or "no employee has this key"
    rules = seen["rules"]
    if seen["person"]["state"] == LEAVER:
        return f"leaver.move_to: {rules.leaver['move_to'] or 'a leaver stays in place'}"
    return placement_of(seen["person"]["employee"], rules)


def placement_of(employee: dict, rules: Ruleset) -> str:
    """The placement rule that holds for an employee."""
    try:
        _ou, rule = place_of(rules.placement, employee)
    except HrisError as error:
        return str(error)
    when = f" when {rule.when.source}" if rule.when else ""
    return f"{rule.place}{when}: {rule.ou.source}"


def of_groups(names: list[str], seen: dict) -> str:
    """The rules that name these groups (normal DNs), and whether they hold."""
    told = []
    for entry in (seen["explained"] or {"groups": []})["groups"]:
        group = entry.group
        if any(_is_called(group, name) for name in names):
            holds = "holds" if entry["holds"] else "does not hold"
            told.append(
                f"{entry['rule']} gives {group} {'always' if entry['when'] is None else 'when ' + entry['when'] + ', which ' + holds}"
            )
    if seen["person"] and seen["person"]["state"] == LEAVER:
        told.append(f"leaver.groups: {seen['rules'].leaver['groups']}")
    return "; ".join(told) or of_findings(seen) or "no rule names the group"


def _is_called(group: str, name: str) -> bool:
    return (
        normal(group) == name
        if "=" in group
        else name.partition(",")[0] == f"cn={group.casefold()}"
    )


def of_findings(seen: dict) -> str:
    """The findings, with their places."""
    return "; ".join(f"{entry['kind']}: {entry['message']}" for entry in seen["findings"])


def of_change(change: dict, person: dict | None, rules: Ruleset) -> dict[str, str]:
    """{what: the rule} of a change of a plan: its attributes, its place or its group by name."""
    known, places = (
        provenance(rules),
        {name.casefold(): place for name, place in written_by(rules).items()},
    )
    known = {name.casefold(): entry for name, entry in known.items()}
    places |= {
        rules.ownership.attribute.casefold(): "ownership.attribute",
        (rules.leaver.record or "").casefold(): "leaver.record",
    }
    if person and person.state == LEAVER:
        known |= {
            line.name.casefold(): {"source": line.source.source if line.source else None}
            for line in rules.leaver_mapping
        }
        places |= {line.name.casefold(): line.place for line in rules.leaver_mapping}
    employee = person.record if person else {}
    found = {}
    for name in change.attributes:
        entry = known.get(name.casefold())
        place = places.get(name.casefold())
        if place:
            found[name] = f"{place}: {entry['source']}" if entry and entry.source else place
    if change.to or change.action == "create":
        leaver = person and person.state == LEAVER
        found["place"] = (
            f"leaver.move_to: {rules.leaver['move_to']}"
            if leaver
            else placement_of(employee, rules)
        )
        if change.action == "rename":
            found["place"] = f"{known['cn']['place']}: {known['cn']['source']}"
    if change.group and (rule := _group_rule(change, person, rules)):
        found["group"] = rule
    return found


def _group_rule(change: dict, person: dict | None, rules: Ruleset) -> str | None:
    """The rule that gives the group, or that names it and does not hold; None where no rule names it."""
    if person and person.state == LEAVER:
        return f"leaver.groups: {rules.leaver['groups']}"
    name = normal(change.group)
    for rule in rules.groups:
        if any(_is_called(group, name) for group in rule.groups):
            when = f" when {rule.when.source}" if rule.when else ""
            if change.action == "group_remove" or (person and rule.holds(person.record)):
                return f"{rule.place}{when}"
    return None
