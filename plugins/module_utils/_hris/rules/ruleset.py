# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All rules of one source, compiled once and checked before anything is read or written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timezone

from ..ad_values.attribute_checks import LOGON_NAME_MAX
from ..ad_values.dn import normal
from ..errors import HrisError, did_you_mean
from .assignment import Assignment, compile_groups, compile_placement, literal_or_text
from .expressions import Expression, compile_condition, compile_rule
from .lifecycle_state import compile_dates
from .mapping import Attribute, compile_mapping, value_steps
from .naming import Naming, compile_naming
from .options import ACTIONS
from .risk import Risk, compile_risk


@dataclass(frozen=True)
class Fallback:
    """One further way to find a person's account when no account has the key."""

    attribute: str
    value: Expression
    when: Expression | None


@dataclass(frozen=True)
class Ruleset:
    """The compiled rules, in the words of the options (see options.py)."""

    source: str
    key: str
    mapping: list[Attribute]
    mapping_steps: list[tuple]  # mapping.value_steps of them
    fallbacks: list[Fallback]
    ownership: dict
    naming: Naming
    placement: list[Assignment]
    groups: list[Assignment]
    dates: dict[str, Expression | None]
    joiner: dict
    leave: dict
    leaver: dict
    leaver_mapping: list[Attribute]
    leaver_steps: list[tuple]
    rehire: dict
    absent: dict
    relink: bool
    required: list[Expression]
    primary: dict | None
    exceptions: list[dict]
    limits: dict
    actions: list[str] | None
    risk: Risk
    optional_fields: list[str]
    redact: frozenset

    @property
    def attributes(self) -> list[str]:
        """Every AD attribute that the rules read or write."""
        names = [line.name for line in self.mapping + self.leaver_mapping] + list(
            self.naming.attributes
        )
        names += [fallback.attribute for fallback in self.fallbacks] + [self.ownership["attribute"]]
        names += [self.leaver["record"]] if self.leaver["record"] else []
        names += ["accountExpires"] if self.leaver["account_expires"] else []
        return list({name.casefold(): name for name in names}.values())

    @property
    def employee_expressions(self) -> list[Expression]:
        """Every expression that reads an employee's fields."""
        found = [
            expression
            for line in self.mapping + self.leaver_mapping
            for expression in line.expressions
        ]
        found += self.required + (
            [self.primary["same"], *self.primary["prefer"]] if self.primary else []
        )
        found += [rule for rule in self.dates.values() if rule]
        for rule in self.placement + self.groups:
            found += [expression for expression in (rule.when, rule.ou) if expression]
        for fallback in self.fallbacks:
            found += [expression for expression in (fallback.value, fallback.when) if expression]
        return found


def compile_ruleset(options: dict) -> Ruleset:
    """Compile the options of the rules (options.ARGUMENTS) into a Ruleset. Raises HrisError naming the place."""
    if not options["mapping"]:
        raise HrisError(
            "no attribute is mapped", place="mapping", hint="Map at least the key attribute"
        )
    mapping = compile_mapping(options["mapping"])
    names = [line.name for line in mapping]
    key = _key(options["correlation"]["key"], mapping)
    ownership = options["ownership"]
    if ownership["attribute"].casefold() in {name.casefold() for name in names}:
        raise HrisError(
            f"{ownership['attribute']} is mapped, but it keeps the mark of ownership",
            place="ownership.attribute",
            hint="Choose an attribute that nothing else uses",
        )
    for base in ownership["bases"]:
        literal_or_text(base, "ownership.bases")
    if options["leaver"].get("move_to"):
        literal_or_text(options["leaver"]["move_to"], "leaver.move_to")
    if not 8 <= options["naming"]["max_length"] <= LOGON_NAME_MAX:
        raise HrisError(
            f"{options['naming']['max_length']} is not between 8 and {LOGON_NAME_MAX}",
            place="naming.max_length",
            hint=f"AD takes logon names of at most {LOGON_NAME_MAX} characters",
        )
    for place, days in (
        ("joiner.create_days_before", options["joiner"]["create_days_before"]),
        ("leaver.delete_after_days", options["leaver"]["delete_after_days"]),
        ("rehire.restore_within_days", options["rehire"]["restore_within_days"]),
        ("absent.grace_days", options["absent"]["grace_days"]),
    ):
        if days is not None and days < 0:
            raise HrisError("days are counted from 0", place=place)
    if options["leaver"]["account_expires"] and "accountexpires" in {
        name.casefold() for name in names
    }:
        raise HrisError(
            "accountExpires is mapped, and leaver.account_expires sets it too",
            place="leaver.account_expires",
            hint="Keep one of the two",
        )
    known = {name.casefold() for name in names} | {
        name.casefold() for name in options["naming"]["attributes"]
    }
    for name in options["redact"]:
        if name.casefold() not in known:
            raise HrisError(
                f"unknown attribute '{name}'", place="redact", hint=did_you_mean(name, names)
            )
    leaver_mapping = _leaver_mapping(options["leaver"]["attributes"] or {}, key)
    return Ruleset(
        source=_source(options["source"]),
        key=key,
        mapping=mapping,
        mapping_steps=value_steps(mapping),
        fallbacks=[
            _fallback(rule, index) for index, rule in enumerate(options["correlation"]["fallbacks"])
        ],
        ownership=dict(ownership, bases=[normal(base) for base in ownership["bases"]]),
        naming=compile_naming(options["naming"], names),
        placement=compile_placement(options["placement"]),
        groups=compile_groups(options["groups"]),
        dates=compile_dates(options["dates"]),
        joiner=options["joiner"],
        leave=options["leave"],
        leaver=options["leaver"],
        leaver_mapping=leaver_mapping,
        leaver_steps=value_steps(leaver_mapping),
        rehire=options["rehire"],
        absent=options["absent"],
        relink=options["correlation"]["relink"],
        required=[
            compile_rule(text, f"required[{index}]")
            for index, text in enumerate(options["required"])
        ],
        primary=_primary(options["primary"]),
        exceptions=_exceptions(options["exceptions"]),
        limits=_limits(options["limits"] or {}, [*names, *options["naming"]["attributes"]]),
        actions=options["actions"],
        risk=compile_risk(options["risk"], ACTIONS),
        optional_fields=options["optional_fields"],
        redact=frozenset(name.casefold() for name in options["redact"]),
    )


def _source(name: str) -> str:
    if not name.strip() or set(name) & set(" =;"):
        raise HrisError(
            f"{name!r} cannot be the name of a source",
            place="source",
            hint="Use a word without spaces, such as the inventory host's name",
        )
    return name


def _leaver_mapping(mapping: dict, key: str) -> list[Attribute]:
    lines = compile_mapping(mapping, "leaver.attributes")
    for line in lines:
        if line.is_reference:
            raise HrisError("a leaver's attributes name no other employee", place=line.place)
        if line.name.casefold() == key.casefold():
            raise HrisError("the key stays with the account", place=line.place)
    return lines


def _primary(options: dict | None) -> dict | None:
    if not options:
        return None
    prefer = [
        compile_condition(text, f"primary.prefer[{index}]")
        for index, text in enumerate(options["prefer"])
    ]
    return {"same": compile_rule(options["same"], "primary.same"), "prefer": prefer}


def _exceptions(entries: list[dict]) -> list[dict]:
    for index, entry in enumerate(entries):
        place = f"exceptions[{index}]"
        if entry["until"]:
            try:
                date.fromisoformat(entry["until"])
            except ValueError:
                raise HrisError(
                    f"{entry['until']!r} is not a date",
                    place=f"{place}.until",
                    hint="Dates are written YYYY-MM-DD",
                ) from None
        if entry["action"] == "link" and not entry["account"]:
            raise HrisError(
                "a link needs the account",
                place=f"{place}.account",
                hint="Its logon name, DN or objectGUID",
            )
    return entries


def _limits(options: dict, names: list[str]) -> dict:
    """{action, or ("attribute", name): {"count", "percent"}} of the limits that are set."""
    found = {action: limit for action, limit in options.items() if limit and action != "attributes"}
    for name, limit in (options.get("attributes") or {}).items():
        place = f"limits.attributes.{name}"
        if name not in names:
            raise HrisError(
                f"unknown attribute '{name}'", place=place, hint=did_you_mean(name, names)
            )
        if not isinstance(limit, dict) or not limit or set(limit) - {"count", "percent"}:
            raise HrisError(
                "a limit is count, percent or both", place=place, hint="Such as {percent: 40}"
            )
        for word, value in limit.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
                raise HrisError(f"{value!r} is not a number", place=f"{place}.{word}")
        found["attribute", name] = limit
    return found


def _key(name: str, mapping: list[Attribute]) -> str:
    for line in mapping:
        if line.name.casefold() == name.casefold():
            if line.is_reference or line.source is None:
                raise HrisError(
                    "the key attribute needs a rule that reads a field of the employee",
                    place=line.place,
                )
            return line.name
    raise HrisError(
        f"the key attribute {name} is not mapped",
        place="correlation.key",
        hint=did_you_mean(name, [line.name for line in mapping]),
    )


def _fallback(rule: dict, index: int) -> Fallback:
    place = f"correlation.fallbacks[{index}]"
    when = compile_condition(rule["when"], f"{place}.when") if rule.get("when") else None
    return Fallback(rule["attribute"], compile_rule(rule["value"], f"{place}.value"), when)


def moment(text: str | None, now: datetime) -> datetime:
    """The aware datetime that a run is computed for: ``now``, or as_of as a date (its midnight, UTC) or a date and time.

    Raises HrisError for what is neither.
    """
    if not text:
        return now
    try:
        value = datetime.fromisoformat(text.strip())
    except ValueError:
        raise HrisError(
            f"{text!r} is neither a date nor a date and time",
            place="as_of",
            hint="Such as 2026-03-02 or 2026-03-02T18:00:00+10:00",
        ) from None
    return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
