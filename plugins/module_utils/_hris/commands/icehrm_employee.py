# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write-back to IceHrm: updates → what differs → written one by one, each read before and after."""

from __future__ import annotations

import json

from ..errors import HrisError
from ..outbound.icehrm import employee_updates, fields, writing
from ..outbound.icehrm.names import Names, needs_everyone
from ..private_file import write_private
from ..sources.icehrm import record_format, source

FEW = 20  # so many employees are looked up one by one; for more, or for references by name, the whole list is read
HIDDEN = "********"


def run(params: dict, check_mode: bool, warn) -> dict:
    """Bring fields of employees in line; the work of module hris.ad.icehrm_employee, whose RETURN describes the result.

    Raises HrisError when nothing can be done at all; then nothing was written.
    """
    params = {**params, "check_mode": check_mode}
    custom_fields = {
        str(name): str(label) for name, label in (params["custom_fields"] or {}).items()
    }
    updates, failures = employee_updates.collect(params, check_mode, warn)
    client = source.connect(params, warn)
    if params["failed_dest"] and not check_mode:
        write_private(
            params["failed_dest"], ()
        )  # an error now, and not when there is something to lose
    asked = len(updates) + len(failures)
    if not updates:
        return _result(params, client, asked, [], failures)
    source.check_owner(client)
    found = _records(client, updates, params["page_size"])
    planned = []
    names = Names(found, lambda: _countries(client), lambda: _departments(client, found))
    for update in updates:
        try:
            planned.append(_plan(update, found, names, custom_fields))
        except HrisError as error:
            failures.append(_failure(update, error))
    if check_mode:
        return _result(
            params, client, asked, [plan for plan in planned if plan["written"]], failures
        )
    return _write(params, client, asked, planned, failures, custom_fields)


def _records(client, updates: list[dict], page_size: int) -> list[dict]:
    """The records that the updates concern; everybody's where one by one would not do."""
    if len(updates) > FEW or needs_everyone(updates):
        return source.everyone(client, page_size)
    records = []
    for update in updates:
        found = writing.find(client, update["by"], update["who"])
        if found is None:
            return source.everyone(client, page_size)
        records += found
    return records


def _plan(update: dict, records: list[dict], names: Names, custom_fields: dict) -> dict:
    """What to do about an update. Raises HrisError when it cannot be carried out.

    {"who", "id", "employee_id", "wanted": {field: (compared, sent, as given)}, "written": {field: (before, after)}}
    """
    by, who = update["by"], update["who"]
    matches = [
        record for record in records if str(record.get(by) or "").casefold() == who.casefold()
    ]
    if len(matches) != 1:
        what = "there is no employee" if not matches else f"there are {len(matches)} employees"
        raise HrisError(f"{what} with the {by} '{who}': nothing is written", update["place"])
    record = matches[0]
    wanted = {
        field: (*fields.wanted(field, value, names, update["place"]), value)
        for field, value in update["fields"].items()
        if not fields.is_called(field, value, record)
    }
    return {
        "who": who,
        "object": update.get("object"),
        "id": record["id"],
        "employee_id": record.get("employee_id"),
        "wanted": wanted,
        "written": writing.differences(record, wanted, custom_fields),
    }


def _write(
    params: dict, client, asked: int, planned: list[dict], failures: list[dict], custom_fields: dict
) -> dict:
    done, left = [], [plan for plan in planned if plan["written"]]
    while left:
        plan = left.pop(0)
        try:
            plan["written"] = writing.change(client, plan["id"], plan["wanted"], custom_fields)
            if plan["written"]:
                done.append(plan)
        except writing.StopError as error:
            failures.append(_failure(plan, error))
            failures += [
                _failure(later, "not attempted, because of a failure before") for later in left
            ]
            return _result(params, client, asked, done, failures, len(left), str(error))
        except HrisError as error:
            failures.append(_failure(plan, error))
    return _result(params, client, asked, done, failures)


def _failure(of: dict, error) -> dict:
    return {"employee": of["who"], "message": str(error), "object": of.get("object")}


def _result(
    params: dict,
    client,
    asked: int,
    done: list[dict],
    failures: list[dict],
    left: int = 0,
    stopped: str | None = None,
) -> dict:
    most = params["report_limit"]
    if params["failed_dest"] and not params["check_mode"]:
        write_private(params["failed_dest"], (json.dumps(failure) + "\n" for failure in failures))
    result = {
        "changed": bool(done),
        "counts": {
            "updates": asked,
            "changed": len(done),
            "failed": len(failures) - left,
            "unattempted": left,
        }
        | client.counts,
        "updated": [
            {
                "employee_id": plan["employee_id"],
                "id": plan["id"],
                "fields": list(map(fields.shown, plan["written"])),
            }
            for plan in done[:most]
        ],
        "failures": [
            {name: failure[name] for name in ("employee", "message")} for failure in failures[:most]
        ],
        "diff": [_diff(plan) for plan in done[:most]],
    }
    if not failures:
        return result
    first = f"{failures[0]['employee']}: {failures[0]['message']}"
    msg = (
        f"stopped with {left} employees unattempted. {stopped}"
        if stopped
        else f"{len(failures)} of {asked} employees could not be served, the others were. First: {first}"
    )
    return result | {"failed": True, "msg": msg}


def _diff(plan: dict) -> dict:
    header = f"employee {plan['employee_id'] or plan['id']}"
    return {
        "before_header": header,
        "after_header": header,
        **{
            side: "".join(
                f"{fields.shown(field)}: {_visible(field, pair[number])}\n"
                for field, pair in plan["written"].items()
                if pair[number] is not None or side == "after"
            )
            for number, side in enumerate(("before", "after"))
        },
    }


def _visible(field, value) -> str:
    if value is None:
        return ""
    return HIDDEN if field in record_format.SENSITIVE else str(value)


def _countries(client) -> dict:
    value = source.trusted(client, client.get("/meta/countries"), "/meta/countries")
    rows = value.get("data") if isinstance(value, dict) else None
    if not isinstance(rows, list):
        raise HrisError(
            "the answer is not a list of countries",
            f"{client.base_url}/meta/countries",
            "Give the two-letter code",
        )
    return {str(row.get("code")): str(row.get("name")) for row in rows if isinstance(row, dict)}


def _departments(client, records: list[dict]) -> dict:
    """{id: name} of the structure around the departments that employees are in: there is no list of departments."""
    known = {
        record["department"]["id"]
        for record in records
        if record["department"] and record["department"]["id"]
    }
    waiting, seen, found = sorted(known), set(), {}
    while waiting and len(seen) < 500:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        value = client.get(f"/company/structures/{number}/details", tolerate=(404, 500))
        if not isinstance(value, dict):
            continue
        found[number] = str(value.get("title") or "")
        children = [
            child
            for child in value.get("children") or []
            if isinstance(child, dict) and child.get("id")
        ]
        found.update({str(child["id"]): str(child.get("title") or "") for child in children})
        waiting += [str(child["id"]) for child in children] + (
            [str(value["parent"])] if value.get("parent") else []
        )
    return found
