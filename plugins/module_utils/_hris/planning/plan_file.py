# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan file: named by what the plan would do, and sealed against every later change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ..data_class import frozen
from ..errors import HrisError
from ..json_pieces import indented
from ..json_reading import fields
from ..model.plan import Plan, Provenance
from ..model.plan_json import FORMAT, Json, change_to_json, plan_from_json, plan_in_parts
from ..model.plan_upgrade import ONE_SOURCE, is_of_one_source, named_content
from ..option_names import option_name, with_options
from ..rules.mapping_lines import ConstantLine
from ..rules.ruleset import Ruleset
from ..seals import canonical, canonical_pieces, check_seal, seal_of
from .plan_checks import check_content

VERSION = "0.1.0"  # of the collection; a test keeps it equal to galaxy.yml
MAKE_A_NEW_PLAN = "Make a new plan"
KNOWN = 20_000  # texts and lists of a plan that are shared
_CHANGES = "changes"  # the field
_TEXT = json.JSONEncoder(separators=(",", ":"))
NOT_COMPLETE = "the plan is not complete"


def digest_of(plan: Plan) -> str:
    """The name of what a plan would do: equal for plans of the same sources and domain with the
    same changes, and for the same people where it is for some people only.
    """
    named: Json = {
        "format": FORMAT,
        "sources": plan.sources,
        "left_out": plan.left_out,
        "domain": plan.domain.dn,
        "changes": map(change_to_json, plan.changes),
    }
    if plan.only is not None:
        named["only"] = plan.only
    return _digest(canonical_pieces(named))


def data_digest(value: Any) -> str:
    """The digest of plain data, such as the options of the rules."""
    return _digest([canonical(value)])


def _digest(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return f"sha256:{digest.hexdigest()}"


def complete(
    plan: Plan,
    rulesets: Sequence[Ruleset],
    made: datetime,
    valid_hours: float,
    digests: dict[str, str],
) -> None:
    """Set the digest of a plan, its dates, where each attribute comes from, and what it was made
    from.

    made: an aware moment. digests: of the feeds and of the rules.
    """
    plan.digest = digest_of(plan)
    plan.made = made.isoformat(timespec="seconds")
    plan.expires = (made + timedelta(hours=valid_hours)).isoformat(timespec="seconds")
    plan.digests = {**digests, "code": f"hris.ad {VERSION}"}
    plan.rules = {rules.source: provenance(rules) for rules in rulesets}
    plan.redact = sorted({name for rules in rulesets for name in rules.redact})
    labels = (rules.label for rules in rulesets if rules.label)
    plan.labels = list({label.casefold(): label for label in labels}.values())


def provenance(rules: Ruleset) -> dict[str, Provenance]:
    """{attribute: where its value comes from}."""
    found = {}
    for line in (*rules.leaver_mapping, *rules.mapping):
        found[line.name] = Provenance(line.place, None)
        if not isinstance(line, ConstantLine):
            found[line.name].source = line.source.source
    for name, rule in rules.naming.attributes.items():
        found[name] = Provenance(rule.place, rule.source)
    return found


def sealed_text(plan: Plan, key: str | None) -> Iterator[str]:
    """Yield the text of a plan file in pieces, with a seal over all of it.

    key: with it, only holders of the key can make the seal.
    """
    bare = replace(plan, seal=None)
    seal = {"seal": seal_of(plan_in_parts(bare), key)}
    yield from indented((plan_in_parts(bare) | seal).items())
    yield "\n"


@frozen
class Refusal:
    """Why nothing of a plan is written."""

    message: str  # what is wrong and what to do, without values of accounts
    summary: str  # what is wrong, as a part of a sentence, without values of accounts
    example: str = ""  # the first account that it is about; it may quote values


def refusal(plan: Plan, approved: str | None) -> Refusal | None:
    """Why nothing of a plan may be written, or None.

    It is over its limits, or it is not the approved plan. approved: the digest of the plan that a
    human approved; this plan is applied although it is over its limits.
    """
    start = f"{plan.title}: nothing was written"
    if approved == plan.digest:
        return None
    if approved:
        summary = f"this is not the approved plan. Approved is {approved}"
        return Refusal(
            f"{start}, because {summary}, and this plan is {plan.digest}. Read the new plan, and "
            "approve it.",
            summary,
        )
    exceeded = exceeded_limits(plan)
    if not exceeded:
        return None
    limits = "; ".join(exceeded)
    others = "What other runs did counts as well: if it was wrong, undo it. "
    if not any(one.exceeded and one.recent for one in plan.limits):
        others = ""
    return Refusal(
        f"{start}, because the plan is over its limits. {limits}. {others}Read the plan (check "
        f"mode, --diff, {option_name('plan_dest')}). When it is right, approve it for one run with "
        f"{option_name('approved_digest')}={plan.digest}",
        f"the plan is over its limits: {limits}",
    )


def exceeded_limits(plan: Plan) -> list[str]:
    """The messages of the limits that a plan exceeds; those of one source of several name it."""
    messages = []
    for verdict in plan.limits:
        is_named = verdict.source and len(plan.sources) > 1
        if verdict.exceeded:
            messages.append(f"{verdict.source}: {verdict.message}" if is_named else verdict.message)
    return messages


def open_plan(text: Iterable[str], place: str, key: str | None, now: datetime) -> Plan:
    """The plan of a plan file, if it may be applied: as read_plan, and not expired."""
    plan = read_plan(text, place, key)
    if now >= datetime.fromisoformat(plan.expires):
        raise HrisError(
            f"the plan expired at {plan.expires}", place, f"{MAKE_A_NEW_PLAN}, and read it"
        )
    return plan


def read_plan(text: Iterable[str], place: str, key: str | None) -> Plan:
    """The plan of a plan file, if nobody changed it. text: in parts. place: the file, for messages.

    Raises HrisError for text that is not a plan, for a missing or wrong seal, for a seal of another
    kind than the key asks for, and for a digest that is not the one of the changes.
    """
    try:
        data = {name: _kept(name, value) for name, value in fields(text)}
    except (ValueError, RecursionError) as error:
        message = f"the file is not one object of JSON ({type(error).__name__})"
        raise HrisError(message, place, MAKE_A_NEW_PLAN) from None
    if data.get("format") not in (FORMAT, ONE_SOURCE):
        raise HrisError(
            f"the file is not a plan of the format '{FORMAT}'",
            place,
            with_options("Make it with {plan_dest} of hris.ad.sync, in this version"),
        )
    check_seal(_with_changes(data), key, "the plan", place, MAKE_A_NEW_PLAN)
    former = data if is_of_one_source(data) else None
    plan = plan_from_json(
        _with_changes(data, drop=not former), NOT_COMPLETE, place, MAKE_A_NEW_PLAN
    )
    check_content(plan, NOT_COMPLETE, place, MAKE_A_NEW_PLAN)
    if not plan.expires:
        raise HrisError(f"{NOT_COMPLETE}: expires: it is missing", place, MAKE_A_NEW_PLAN)
    if plan.digest != (_digest_of_former(former) if former else digest_of(plan)):
        message = "the digest of the plan is not the one of its changes"
        raise HrisError(message, place, MAKE_A_NEW_PLAN)
    return plan


def _kept(name: str, value: Any) -> Any:
    """A field of a plan file as it is kept until the seal is checked. Each change is a text of JSON
    until then, which takes a sixth of the memory.
    """
    if isinstance(value, Iterator):
        return list(map(_TEXT.encode, value) if name == _CHANGES else value)
    return value


def _with_changes(data: Json, drop: bool = False) -> Json:
    """The same with changes that are decoded one by one. drop: their texts are not kept."""
    texts = data.get(_CHANGES)
    if not isinstance(texts, list):
        return data  # what is wrong with it is said later
    return data | {_CHANGES: _taken(texts) if drop else map(json.loads, texts)}


def _taken(texts: list[str]) -> Iterator[Any]:
    """Yield the value of each text, which is dropped then. Equal texts and lists in them become
    one: many people, few departments.
    """
    known: dict[Any, Any] = {}
    decoder = json.JSONDecoder(object_pairs_hook=partial(_shared, known))
    texts.reverse()
    while texts:
        yield decoder.decode(texts.pop())


def _shared(known: dict[Any, Any], pairs: list[tuple[str, Any]]) -> Json:
    return {_one(known, name): _one(known, value) for name, value in pairs}


def _one(known: dict[Any, Any], value: Any) -> Any:
    key = value
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        key = tuple(value)
    elif not isinstance(value, str):
        return value
    if key not in known and len(known) < KNOWN:
        known[key] = value
    return known.get(key, value)


def _digest_of_former(data: Json) -> str:
    return _digest(canonical_pieces(named_content(_with_changes(data))))
