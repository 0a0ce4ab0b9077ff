# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module icehrm_employee: updates → what differs → written one by one, each verified."""

from __future__ import annotations

import json
from typing import Any

from ..data_class import field, frozen, mutable
from ..errors import HrisError, Warn
from ..model.records import Record
from ..outbound.comparison import Difference
from ..outbound.icehrm import company, employee_updates, fields, writing
from ..outbound.icehrm.employee_updates import EmployeeUpdate, UpdateFailure, UpdateOptions
from ..outbound.icehrm.fields import CustomFields, Field, WantedValue
from ..outbound.icehrm.names import Names
from ..outbound.options import Params, read_options
from ..outbound.redaction import HIDDEN
from ..private_file import write_private
from ..sources.icehrm import connection, record_format, source
from ..web.client import Client

# So many employees are read one by one. For more, or for references by name, all are read.
FEW = 20


@frozen
class WriteOptions:
    """How employees are written, and how much of it the result shows."""

    page_size: int
    report_limit: int
    failed_dest: str | None = None


@mutable
class PlannedWrite:
    """An update, and what differs in the record of its employee."""

    update: EmployeeUpdate
    id: str  # IceHrm's own
    employee_id: str | None  # the employee number
    wanted: dict[Field, WantedValue]
    differences: writing.Differences

    @property
    def label(self) -> str:
        """The employee in diffs."""
        return f"employee {self.employee_id or self.id}"


@mutable
class Written:
    """What became of the updates."""

    changed: list[PlannedWrite] = field(default_factory=list)
    failures: list[UpdateFailure] = field(default_factory=list)
    unattempted: int = 0  # how many of the failures are updates that were not begun
    stopped: str | None = None  # why the updates after one failure were not begun


def run(params: Params, check_mode: bool, warn: Warn) -> dict[str, Any]:
    """Make fields of employees what they shall be. The module's RETURN describes the result.

    Raises HrisError when nothing can be done at all; then nothing was written.
    """
    custom_fields = _custom_fields(params["custom_fields"])
    options = read_options(WriteOptions, params)
    update_options = read_options(UpdateOptions, params | {"custom_fields": custom_fields})
    collected = employee_updates.collect(update_options, check_mode, warn)
    client = connection.connect(params, warn)
    if check_mode:
        options = WriteOptions(options.page_size, options.report_limit)
    if options.failed_dest:
        # A file that cannot be written is an error before the first write.
        write_private(options.failed_dest, ())
    total = len(collected.updates) + len(collected.failures)
    written = Written(failures=collected.failures)
    if collected.updates:
        connection.check_owner(client)
        planned = _plan_all(client, collected.updates, options, custom_fields, written.failures)
        if check_mode:
            written.changed = [plan for plan in planned if plan.differences]
        else:
            _write(client, planned, custom_fields, written)
    if options.failed_dest:
        lines = (json.dumps(failure.to_json()) + "\n" for failure in written.failures)
        write_private(options.failed_dest, lines)
    return _result(client, total, written, options.report_limit)


def _custom_fields(given: Params | None) -> CustomFields:
    return {str(name): str(label) for name, label in (given or {}).items()}


def _plan_all(
    client: Client,
    updates: list[EmployeeUpdate],
    options: WriteOptions,
    custom_fields: CustomFields,
    failures: list[UpdateFailure],
) -> list[PlannedWrite]:
    """The writes of all updates; an update that cannot be made is added to the failures."""
    records = _read_employees(client, updates, options.page_size)
    names = Names(
        records, lambda: company.countries(client), lambda: company.departments(client, records)
    )
    planned = []
    for update in updates:
        try:
            planned.append(_plan(update, records, names, custom_fields))
        except HrisError as error:
            failures.append(_failure(update, str(error)))
    return planned


def _read_employees(client: Client, updates: list[EmployeeUpdate], page_size: int) -> list[Record]:
    """The records of the employees; those of all employees where a few would not do."""
    if len(updates) > FEW or employee_updates.needs_all_employees(updates):
        return source.everyone(client, page_size)
    records = []
    for update in updates:
        matches = writing.find(client, update.key_field, update.key)
        if matches is None:
            return source.everyone(client, page_size)
        records += matches
    return records


def _plan(
    update: EmployeeUpdate, records: list[Record], names: Names, custom_fields: CustomFields
) -> PlannedWrite:
    """What differs for an update. Raises HrisError when it cannot be made."""
    record = _employee(update, records)
    wanted = {
        field: fields.wanted_value(field, value, names, update.place)
        for field, value in update.fields.items()
        if not fields.has_name(field, value, record)
    }
    return PlannedWrite(
        update=update,
        id=record["id"],
        employee_id=record.get("employee_id"),
        wanted=wanted,
        differences=writing.differences(record, wanted, custom_fields),
    )


def _employee(update: EmployeeUpdate, records: list[Record]) -> Record:
    """The record of the update's employee. Raises HrisError when it is not exactly one."""
    key = update.key.casefold()
    matches = [
        record for record in records if str(record.get(update.key_field) or "").casefold() == key
    ]
    if len(matches) == 1:
        return matches[0]
    message = "there is no employee"
    if matches:
        message = f"there are {len(matches)} employees"
    raise HrisError(
        f"{message} with the {update.key_field} '{update.key}': nothing is written", update.place
    )


def _write(
    client: Client, planned: list[PlannedWrite], custom_fields: CustomFields, written: Written
) -> None:
    """Write what differs, one employee after the other, until an error stops the run."""
    waiting = [plan for plan in planned if plan.differences]
    for number, plan in enumerate(waiting, start=1):
        try:
            plan.differences = writing.change(client, plan.id, plan.wanted, custom_fields)
        except HrisError as error:
            written.failures.append(_failure(plan.update, str(error)))
            if isinstance(error, writing.StopError):
                left = waiting[number:]
                written.stopped = str(error)
                written.unattempted = len(left)
                message = "not attempted, because of an earlier failure"
                written.failures += [_failure(later.update, message) for later in left]
                return
            continue
        if plan.differences:
            written.changed.append(plan)


def _failure(update: EmployeeUpdate, message: str) -> UpdateFailure:
    return UpdateFailure(update.key, message, update.account)


def _result(client: Client, total: int, written: Written, limit: int) -> dict[str, Any]:
    failures = written.failures
    result = {
        "changed": bool(written.changed),
        "counts": {
            "updates": total,
            "changed": len(written.changed),
            "failed": len(failures) - written.unattempted,
            "unattempted": written.unattempted,
            **client.counts,
        },
        "updated": [_updated(plan) for plan in written.changed[:limit]],
        "failures": [
            {"employee": failure.employee, "message": failure.message}
            for failure in failures[:limit]
        ],
        "diff": [_diff(plan) for plan in written.changed[:limit]],
    }
    if failures:
        result |= {"failed": True, "msg": _message(total, written)}
    return result


def _message(total: int, written: Written) -> str:
    if written.stopped:
        return f"stopped before {written.unattempted} more employees. {written.stopped}"
    failures = written.failures
    first = f"{failures[0].employee}: {failures[0].message}"
    return f"{len(failures)} of {total} employees could not be updated. First: {first}"


def _updated(plan: PlannedWrite) -> Record:
    return {
        "employee_id": plan.employee_id,
        "id": plan.id,
        "fields": [field.label for field in plan.differences],
    }


def _diff(plan: PlannedWrite) -> dict[str, str]:
    before, after = "", ""
    for written, difference in plan.differences.items():
        shown = _shown(written, difference)
        if shown.before is not None:
            before += f"{written.label}: {shown.before}\n"
        after += f"{written.label}: {shown.after or ''}\n"
    return {
        "before_header": plan.label,
        "after_header": plan.label,
        "before": before,
        "after": after,
    }


def _shown(field: Field, difference: Difference) -> Difference:
    """The difference without values that are sensitive."""
    if field.custom or field.name not in record_format.SENSITIVE:
        return difference
    return Difference(*(None if value is None else HIDDEN for value in difference))
