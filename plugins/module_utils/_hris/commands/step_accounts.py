# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module step_accounts: the accounts that a step is due for, and the note that it is done."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone

from ..errors import HrisError
from ..outbound import objects, step_ledger, steps, templates
from ..private_file import write_private
from ..sources.files import read_feed

SHOWN = ("key", "guid", "dn", "state")
ATTRIBUTES = ("sAMAccountName", "userPrincipalName", "mail", "displayName")


def run(params: dict, check_mode: bool, _warn) -> dict:
    """What the module does, by its state; its RETURN describes the result. Raises HrisError; then nothing was noted."""
    day = _day(params["as_of"])
    if params["state"] == "record":
        return _record(params, check_mode, day)
    if params["state"] == "done":
        return _done(params, check_mode, day or _today())
    return _due(params, check_mode, day or _today())


def _record(params: dict, check_mode: bool, day: date | None) -> dict:
    if not params["ledger"]:
        raise HrisError("there is no ledger to note events in", "ledger")
    known = step_ledger.read(params["ledger"])
    lines = objects.read_lines(params["src"], True)
    if any(line.get("check_mode") for line in lines):
        return {"changed": False, "count": 0}  # what would have been done has not happened
    # An outcome that a killed run left behind is of the day that it was written.
    new = step_ledger.take_run(
        known, params["src"], lines, steps.identity, day or step_ledger.written_on(params["src"])
    )
    if not check_mode:
        step_ledger.add(params["ledger"], new)
    return {"changed": bool(new), "count": sum(line["what"] == "event" for line in new)}


def _due(params: dict, check_mode: bool, today: date) -> dict:
    step = steps.compile_step(params["step"], bool(params["ledger"]))
    leaves: list = []
    rendered = (
        templates.compile_tree(params["render"], "render", leaves) if params["render"] else None
    )
    lines = objects.read_lines(params["src"], check_mode)
    everyone = [objects.flat(line) for line in lines]
    objects.check_names(
        [*([step.when] if step.when else []), *leaves], everyone, params["optional_fields"] or ()
    )
    known = None
    if params["ledger"]:
        known = step_ledger.read(params["ledger"])
        new = step_ledger.take_run(known, params["src"], lines, steps.identity, today)
        if step.name not in known["steps"]:
            new.append({"what": "step", "step": step.name, "day": today.isoformat()})
        if not check_mode:
            step_ledger.add(params["ledger"], new)
    found = steps.due(lines, step, known, today)
    limit = params["step"].get("limit")
    if limit is not None and len(found) > limit:
        raise HrisError(
            f"{len(found)} accounts are due, at most {limit} are allowed",
            f"step '{step.name}', limit",
            "Nothing was done for any of them. Look at them with --check; when they are right, raise the limit for one run",
        )
    write_private(
        params["dest"], (json.dumps(line, separators=(",", ":")) + "\n" for line in found)
    )
    most = params["report_limit"]
    return {
        "changed": False,
        "count": len(found),
        "dest": params["dest"],
        "truncated": len(found) > most,
        "accounts": [_shown(line, rendered) for line in found[:most]],
    }


def _shown(line: dict, rendered) -> dict:
    flat = objects.flat(line)
    shown = {
        **{name: flat[name] for name in SHOWN},
        **{name: flat.get(name) for name in ATTRIBUTES},
        "occurrences": line["occurrences"],
    }
    return shown | ({"rendered": rendered.evaluate(flat)} if rendered else {})


def _done(params: dict, check_mode: bool, today: date) -> dict:
    if not params["ledger"]:
        return {"changed": False, "count": 0}
    known = step_ledger.read(params["ledger"])
    failed = set()
    for path in params["failed"] or ():
        failed |= {
            steps.identity(line["object"])
            for line in read_feed(path)
            if isinstance(line.get("object"), dict)
        }
    keys = set(params["failed_keys"] or ())
    name = params["step"]["name"]
    new = []
    for line in read_feed(params["src"]):
        who = steps.identity(line)
        if who in failed or line.get("key") in keys:
            continue
        new += [
            {
                "what": "done",
                "id": who,
                "step": name,
                "occurrence": occurrence,
                "day": today.isoformat(),
            }
            for occurrence in line.get("occurrences") or ()
            if (who, name, occurrence) not in known["done"]
        ]
    if not check_mode:
        step_ledger.add(params["ledger"], new)
    return {"changed": bool(new), "count": len({line["id"] for line in new})}


def _day(text: str | None) -> date | None:
    """The day of as_of, which may be a moment."""
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise HrisError(f"'{text}' is no day", "as_of", "Write it as 2026-03-31") from None


def _today() -> date:
    return datetime.now(timezone.utc).date()
