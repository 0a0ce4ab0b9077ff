# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles the options of the rules once, and checks them before anything is read or written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial

from ..ad_values.attribute_checks import LOGON_NAME_MAX
from ..errors import HrisError, did_you_mean
from ..model import actions
from ..option_names import option_name
from .adoption import compile_adoption
from .definitions import defined, definition_trees
from .expressions import Expression, compile_condition, compile_rule
from .group_rules import compile_groups
from .identity import compile_identity
from .lifecycle_state import compile_dates
from .mapping import compile_mapping
from .mapping_lines import ConstantLine, ExpressionLine, MappingLine, ValueLine
from .naming import compile_naming
from .placement import compile_dn, compile_placement
from .policies import (
    Absent,
    Joiner,
    Leave,
    Leaver,
    Limits,
    Options,
    OutOfScope,
    compile_exceptions,
    compile_ownership,
    compile_rehire,
    compile_source_limits,
)
from .proposals import compile_proposals
from .risk import compile_risk
from .ruleset import Fallback, Ruleset, Scope
from .silences import compile_silences
from .single_expressions import compile_expression

SHORTEST_NAME = 8  # the smallest naming.max_length


def compile_ruleset(options: Options, as_of: datetime | None = None) -> Ruleset:
    """The rules of one source. options: those of options.ARGUMENTS. as_of: the moment of the run,
    for rules that call today(); where it is not known yet, Ruleset.on compiles them again. Raises
    HrisError naming the place.
    """
    given = options["definitions"]
    with defined(definition_trees(given, option_name("definitions")), as_of) as scope:
        rules = _compiled(options)
    if scope.asks_for_day:
        return replace(rules, of_day=partial(compile_ruleset, options))
    return rules


def _compiled(options: Options) -> Ruleset:
    definitions = _definitions(options["definitions"])
    mapping = _mapping(options)
    names = [line.name for line in mapping]
    key_line = _key_line(options["correlation"]["key"], mapping)
    _check_places(options)
    _check_days(options)
    _check_attributes(options, names)
    leaver, correlation = options["leaver"], options["correlation"]
    redact = frozenset(name.casefold() for name in options["redact"])
    return Ruleset(
        source=_source(options["source"]),
        key=key_line.name,
        key_line=key_line,
        mapping=mapping,
        fallbacks=[_fallback(rule, number) for number, rule in enumerate(correlation["fallbacks"])],
        relink=correlation["relink"],
        proposals=compile_proposals(correlation["proposals"], mapping, key_line.name),
        ownership=compile_ownership(options["ownership"]),
        adopt_when=compile_adoption(options["ownership"]),
        naming=compile_naming(options["naming"], names),
        placement=compile_placement(options["placement"]),
        groups=compile_groups(options["groups"]),
        dates=compile_dates(options["dates"]),
        joiner=Joiner(**options["joiner"]),
        leave=Leave(**options["leave"]),
        leaver=Leaver(**leaver),
        leaver_mapping=_leaver_mapping(leaver["attributes"] or {}, key_line.name),
        rehire=compile_rehire(options["rehire"]["restore"]),
        absent=Absent(**options["absent"]),
        required=_required(options["required"]),
        unique=options["unique"],
        scope=_scope(options["scope"]),
        identity=compile_identity(options["identity"], mapping),
        primary=_primary(options["primary"]["prefer"]),
        exceptions=compile_exceptions(options["exceptions"]),
        silenced=compile_silences(options["silenced"]),
        limits=_limits(options, names),
        actions=options["actions"],
        risk=compile_risk(options["risk"], actions.CONFIGURABLE),
        optional_fields=options["optional_fields"],
        redact=redact,
        label=None if options["label"].casefold() in redact else options["label"],
        definitions=definitions,
    )


def _definitions(sources: Mapping[str, str]) -> dict[str, Expression]:
    """The named expressions: compiled before all rules, so that what is wrong in one is said of it
    and not of the rules that call it.
    """
    return {
        name: compile_expression(source, option_name(f"definitions.{name}"))
        for name, source in sources.items()
    }


def _required(texts: Iterable[str]) -> list[Expression]:
    return [
        compile_rule(text, option_name(f"required[{number}]")) for number, text in enumerate(texts)
    ]


def _primary(texts: Iterable[str]) -> list[Expression]:
    return [
        compile_condition(text, option_name(f"primary.prefer[{number}]"))
        for number, text in enumerate(texts)
    ]


def _limits(options: Options, names: Iterable[str]) -> Limits:
    """names: of the mapping."""
    return compile_source_limits(
        options["limits"] or {}, [*names, *options["naming"]["attributes"]]
    )


def _mapping(options: Options) -> list[MappingLine]:
    if not options["mapping"]:
        raise HrisError(
            "no attribute is mapped",
            place=option_name("mapping"),
            hint="Map at least the key attribute",
        )
    return compile_mapping(options["mapping"], option_name("mapping"))


def _source(name: str) -> str:
    if not name.strip() or set(name) & set(" =;,"):
        raise HrisError(
            f"{name!r} cannot be the name of a source",
            place=option_name("source"),
            hint="Use a word without spaces and commas, such as the inventory host's name",
        )
    return name


def _key_line(name: str, mapping: list[MappingLine]) -> ExpressionLine:
    line = next((line for line in mapping if line.name.casefold() == name.casefold()), None)
    if line is None:
        raise HrisError(
            f"the key attribute {name} is not mapped",
            place=option_name("correlation.key"),
            hint=did_you_mean(name, [line.name for line in mapping]),
        )
    if not isinstance(line, ExpressionLine):
        raise HrisError(
            "the key attribute needs a rule that reads a field of the employee", place=line.place
        )
    return line


def _check_places(options: Options) -> None:
    for base in options["ownership"]["bases"]:
        compile_dn(base, option_name("ownership.bases"))
    record = option_name("leaver.record")
    if options["ownership"]["adopted_groups"] == "keep" and not options["leaver"]["record"]:
        raise HrisError(
            f"groups that are kept are noted in the attribute {record}, which is empty",
            place=option_name("ownership.adopted_groups"),
            hint=f"Set {record}, such as extensionName",
        )
    for text in options["ownership"]["protected"]:
        if not text.strip():
            raise HrisError("a name is empty", option_name("ownership.protected"), "Remove it")
        if "=" in text:
            compile_dn(text, option_name("ownership.protected"))
    if options["leaver"].get("move_to"):
        compile_dn(options["leaver"]["move_to"], option_name("leaver.move_to"))


def _check_days(options: Options) -> None:
    length = options["naming"]["max_length"]
    if not SHORTEST_NAME <= length <= LOGON_NAME_MAX:
        raise HrisError(
            f"{length} is not between {SHORTEST_NAME} and {LOGON_NAME_MAX}",
            place=option_name("naming.max_length"),
            hint=f"AD takes logon names of at most {LOGON_NAME_MAX} characters",
        )
    for group, option in (
        ("joiner", "create_days_before"),
        ("leaver", "delete_after_days"),
        ("leaver", "bridge_days"),
        ("absent", "grace_days"),
        ("scope", "grace_days"),
    ):
        days = options[group][option]
        if days is not None and days < 0:
            place = option_name(f"{group}.{option}")
            raise HrisError("the number of days is negative", place=place, hint="Give 0 or more")


def _check_attributes(options: Options, names: list[str]) -> None:
    """Raise HrisError for an attribute with two rules, and for one to redact that no rule names."""
    mapped = {name.casefold() for name in names}
    ownership = options["ownership"]["attribute"]
    if ownership.casefold() in mapped:
        raise HrisError(
            f"{ownership} is mapped, but it keeps the mark of ownership",
            place=option_name("ownership.attribute"),
            hint="Choose an attribute that nothing else uses",
        )
    expires = option_name("leaver.account_expires")
    if options["leaver"]["account_expires"] and "accountexpires" in mapped:
        raise HrisError(
            f"accountExpires is mapped, and {expires} sets it too",
            place=expires,
            hint="Keep one of the two",
        )
    known = mapped.union(name.casefold() for name in options["naming"]["attributes"])
    for name in options["redact"]:
        if name.casefold() not in known:
            hint = did_you_mean(name, names)
            raise HrisError(f"unknown attribute '{name}'", place=option_name("redact"), hint=hint)


def _leaver_mapping(mapping: Options, key: str) -> list[ValueLine]:
    lines: list[ValueLine] = []
    for line in compile_mapping(mapping, option_name("leaver.attributes")):
        if not isinstance(line, (ExpressionLine, ConstantLine)):
            raise HrisError(
                "a leaver's attribute cannot name another employee",
                place=line.place,
                hint="Use an expression or a constant",
            )
        if line.name.casefold() == key.casefold():
            raise HrisError(
                "the key attribute cannot be changed", place=line.place, hint="Remove this line"
            )
        lines.append(line)
    return lines


def _scope(options: Options) -> Scope:
    when = options["when"]
    return Scope(
        compile_condition(when, option_name("scope.when")) if when else None,
        OutOfScope(options["action"], options["grace_days"]),
    )


def _fallback(rule: Options, number: int) -> Fallback:
    place = option_name(f"correlation.fallbacks[{number}]")
    when = None
    if rule.get("when"):
        when = compile_condition(rule["when"], f"{place}.when")
    return Fallback(rule["attribute"], compile_rule(rule["value"], f"{place}.value"), when)


def moment(text: str | None, now: datetime) -> datetime:
    """The aware datetime that a run is computed for.

    text: the option as_of, a date (its midnight in UTC) or a date and time; now where it is not
    given. Raises HrisError for other text.
    """
    if not text:
        return now
    try:
        value = datetime.fromisoformat(text.strip())
    except ValueError:
        raise HrisError(
            f"{text!r} is neither a date nor a date and time",
            place=option_name("as_of"),
            hint="Write it as 2026-03-02 or 2026-03-02T18:00:00+10:00",
        ) from None
    return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
