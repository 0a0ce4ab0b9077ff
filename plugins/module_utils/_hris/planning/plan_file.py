# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as a document: named by what it would do, sealed against every later change (docs/plan.schema.json has its shape)."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta

from ..errors import HrisError
from ..rules.ruleset import Ruleset
from .plan import FORMAT

VERSION = "0.1.0"  # of the collection; tests keep it equal to galaxy.yml
PLAIN, KEYED = "sha256", "hmac-sha256"


def digest_of(plan: dict) -> str:
    """The name of what a plan would do: equal for two plans of one source and domain that have the same changes."""
    done = {
        "format": plan["format"],
        "source": plan["source"],
        "domain": plan["domain"]["dn"],
        "changes": plan["changes"],
    }
    return f"sha256:{hashlib.sha256(_canonical(done)).hexdigest()}"


def text_digest(value) -> str:
    """The digest of plain data, such as the options of the rules."""
    return f"sha256:{hashlib.sha256(_canonical(value)).hexdigest()}"


def completed(
    plan: dict, rules: Ruleset, made: datetime, valid_hours: float, digests: dict
) -> dict:
    """The plan with its digest, its dates, where each attribute comes from, and the digests of what it was made from.

    made: an aware moment. digests: {"feed", "rules"}: "sha256:…".
    """
    return plan | {
        "digest": digest_of(plan),
        "made": made.isoformat(timespec="seconds"),
        "expires": (made + timedelta(hours=valid_hours)).isoformat(timespec="seconds"),
        "digests": digests | {"code": f"hris.ad {VERSION}"},
        "rules": provenance(rules),
        "redact": sorted(rules.redact),
    }


def provenance(rules: Ruleset) -> dict[str, dict]:
    """{attribute: {"place": the rule, "source": its expression, None for a constant}}."""
    lines = rules.leaver_mapping + rules.mapping
    found = {
        line.name: {"place": line.place, "source": line.source.source if line.source else None}
        for line in lines
    }
    return found | {
        name: {"place": rule.place, "source": rule.source}
        for name, rule in rules.naming.attributes.items()
    }


def sealed(plan: dict, key: str | None) -> dict:
    """The plan with a seal over all of it. key: makes the seal one that only its holders can make."""
    bare = {name: value for name, value in plan.items() if name != "seal"}
    return bare | {"seal": {"kind": KEYED if key else PLAIN, "value": _seal(bare, key)}}


def refusal(plan: dict, approved: str | None) -> str | None:
    """Why nothing of the plan is written, or None: it is over its limits, or another plan than the approved one.

    approved: the digest of the plan that a human has approved; it lets exactly this plan through, over its limits too.
    """
    source, digest = plan["source"], plan["digest"]
    if approved:
        return (
            None
            if approved == digest
            else (
                f"{source}: nothing was written, this is not the approved plan. Approved was {approved}, and now it would be {digest}. "
                "Look at the new plan, and approve it."
            )
        )
    exceeded = [verdict["message"] for verdict in plan["limits"] if verdict["exceeded"]]
    if not exceeded:
        return None
    return (
        f"{source}: nothing was written, the plan is over its limits. {'; '.join(exceeded)}. Look at the plan (check mode, --diff, "
        f"plan_dest); when it is right, approve exactly this one, once: approved_digest={digest}"
    )


def opened(text: str, place: str, key: str | None, now: datetime) -> dict:
    """The plan of a document's text, if it may be applied. place: the file, for messages.

    Raises HrisError for a text that is no plan, a broken seal, a seal of another kind than the key asks for, a digest that
    is not that of the changes, and an expired plan.
    """
    try:
        plan = json.loads(text)
    except ValueError as error:
        raise HrisError(f"the file is not JSON ({error})", place=place) from None
    if not isinstance(plan, dict) or plan.get("format") != FORMAT:
        raise HrisError(
            f"the file is no plan of the format '{FORMAT}'",
            place=place,
            hint="Make it with plan_dest of hris.ad.sync",
        )
    unbroken(plan, place, key)
    if now >= datetime.fromisoformat(plan["expires"]):
        raise HrisError(
            f"the plan expired at {plan['expires']}",
            place=place,
            hint="Make a new one, and look at it",
        )
    return plan


def unbroken(plan: dict, place: str, key: str | None) -> None:
    """Raise HrisError for a plan that is not as it was made: no seal, a broken one, one of another kind than the key asks for, or
    a digest that is not that of the changes."""
    seal = plan.get("seal")
    if not isinstance(seal, dict):
        raise HrisError(
            "the plan has no seal",
            place=place,
            hint="Make a new one; the seal is in every plan that hris.ad.sync writes",
        )
    if key and seal.get("kind") != KEYED:
        raise HrisError(
            "the plan is not signed",
            place=place,
            hint="Make it with the same plan_key, or leave plan_key out",
        )
    if not key and seal.get("kind") == KEYED:
        raise HrisError(
            "the plan is signed, and the key is not given", place=place, hint="Set plan_key"
        )
    bare = {name: value for name, value in plan.items() if name != "seal"}
    if not hmac.compare_digest(str(seal.get("value")), _seal(bare, key)):
        raise HrisError(
            "the plan is not as it was made",
            place=place,
            hint="Make a new one; a plan is never edited by hand",
        )
    try:
        right = plan["digest"] == digest_of(plan)
    except (KeyError, TypeError):
        right = False
    if not right:
        raise HrisError(
            "the plan's digest is not that of its changes", place=place, hint="Make a new one"
        )


def _canonical(value) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _seal(bare: dict, key: str | None) -> str:
    if key:
        return hmac.new(key.encode(), _canonical(bare), hashlib.sha256).hexdigest()
    return hashlib.sha256(_canonical(bare)).hexdigest()
