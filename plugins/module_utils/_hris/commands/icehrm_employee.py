# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module icehrm_employee: updates → what differs → written one by one, each verified."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..data_class import field, frozen, mutable
from ..errors import HrisError, Warn
from ..model.records import Record
from ..outbound import dead_letters
from ..outbound.definitions import definitions_of
from ..outbound.icehrm import (
    company,
    employee,
    employee_updates,
    fields,
    reading,
    write_diff,
    writing,
)
from ..outbound.icehrm.employee import Employee
from ..outbound.icehrm.employee_updates import EmployeeUpdate, UpdateFailure, UpdateOptions
from ..outbound.icehrm.fields import CustomFields, Field, WantedValue
from ..outbound.icehrm.names import Names
from ..outbound.options import Params, read_options
from ..private_file import write_private
from ..sources.icehrm import connection
from ..web.client import Client

# So many employees are read one by one. For more, or for references by name, all are read.
FEW = 20


@frozen
class WriteOptions:
    """How employees are written, and how much of it the result shows."""

    page_size: int
    report_limit: int
    failed_dest: str | None = None
    plan_key: str | None = None


@mutable
class PlannedWrite:
    """An update, and what differs in the record of its employee."""

    update: EmployeeUpdate
    id: str  # IceHrm's own
    employee_id: str | None  # the employee number
    wanted: dict[Field, WantedValue]
    differences: writing.Differences
    certain: bool  # whether the differences are all: a list does not show each value as it is kept

    @property
    def label(self) -> str:
        """The employee in diffs."""
        return f"employee {self.employee_id or self.id}"


@mutable
class Plan:
    """The writes that can be made."""

    writes: list[PlannedWrite]
    choices: frozenset[str]  # labels of the choices that some employee has


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
    custom_fields = fields.checked_custom_fields(params["custom_fields"])
    options = read_options(WriteOptions, params)
    update_options = read_options(UpdateOptions, params | {"custom_fields": custom_fields})
    with definitions_of(params):
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
        plan = _plan_all(client, collected.updates, options, custom_fields, written.failures)
        if check_mode:
            _look(client, plan, custom_fields, written)
        else:
            shared = writing.Writing(client, custom_fields, plan.choices)
            _write(shared, plan, written)
    if options.failed_dest:
        lines = (failure.to_json() for failure in written.failures)
        dead_letters.write_failures(options.failed_dest, lines, options.plan_key)
    return _result(client, total, written, options.report_limit)


def _plan_all(
    client: Client,
    updates: list[EmployeeUpdate],
    options: WriteOptions,
    custom_fields: CustomFields,
    failures: list[UpdateFailure],
) -> Plan:
    """The writes of all updates; an update that cannot be made is added to the failures."""
    people = _read_employees(client, updates, options.page_size)
    records = [person.record for person in people]
    names = Names(
        records, lambda: company.countries(client), lambda: company.departments(client, records)
    )
    planned = []
    for update in updates:
        try:
            planned.append(_plan(update, people, names, custom_fields))
        except HrisError as error:
            failures.append(_failure(update, str(error)))
    choices = set().union(*map(employee.choices, people))
    return Plan(_without_duplicates(planned, failures), frozenset(choices))


def _read_employees(
    client: Client, updates: list[EmployeeUpdate], page_size: int
) -> list[Employee]:
    """The employees of the updates; all employees where a few would not do."""
    if len(updates) > FEW or employee_updates.needs_all_employees(updates):
        return reading.everyone(client, page_size)
    people: dict[str, Employee] = {}  # by id: two updates may name one employee
    for update in updates:
        matches = reading.find(client, update.key_field, update.key)
        if matches is None:
            return reading.everyone(client, page_size)
        people |= {person.id: person for person in matches}
    return list(people.values())


def _plan(
    update: EmployeeUpdate, people: list[Employee], names: Names, custom_fields: CustomFields
) -> PlannedWrite:
    """What differs for an update. Raises HrisError when it cannot be made."""
    person = _employee(update, people)
    wanted = {
        field: fields.wanted_value(field, value, names, update.place)
        for field, value in update.fields.items()
        if not fields.has_name(field, value, person.record)
    }
    certain = all(
        employee.is_certain(person, custom_fields[field.name]) for field in wanted if field.custom
    )
    return PlannedWrite(
        update=update,
        id=person.id,
        employee_id=person.record.get("employee_id"),
        wanted=wanted,
        differences=writing.differences(person, wanted, custom_fields),
        certain=certain,
    )


def _employee(update: EmployeeUpdate, people: list[Employee]) -> Employee:
    """The employee of the update. Raises HrisError when it is not exactly one."""
    key = reading.comparable(update.key)
    matches = [
        person for person in people if reading.comparable(person.record[update.key_field]) == key
    ]
    if len(matches) == 1:
        return matches[0]
    message = "there is no employee"
    if matches:
        message = f"there are {len(matches)} employees"
    raise HrisError(
        f"{message} with the {update.key_field} '{update.key}': nothing is written", update.place
    )


def _without_duplicates(
    planned: list[PlannedWrite], failures: list[UpdateFailure]
) -> list[PlannedWrite]:
    """The same without employees of several updates, one by number and one by id."""
    count = Counter(plan.id for plan in planned)
    for plan in planned:
        if count[plan.id] > 1:
            message = f"named more than once (id {plan.id}): nothing is written."
            failures.append(_failure(plan.update, message))
    return [plan for plan in planned if count[plan.id] == 1]


def _look(client: Client, plan: Plan, custom_fields: CustomFields, written: Written) -> None:
    """What would be written, as the employees are alone where the list does not show it."""
    for planned in plan.writes:
        try:
            if not planned.certain:
                person = writing.read(client, planned.id)
                planned.differences = writing.checked_differences(
                    person, planned.wanted, custom_fields
                )
        except writing.StopError:
            raise
        except HrisError as error:
            written.failures.append(_failure(planned.update, str(error)))
            continue
        if planned.differences:
            written.changed.append(planned)


def _write(shared: writing.Writing, plan: Plan, written: Written) -> None:
    """Write what differs, one employee after the other, until an error stops the run."""
    waiting = [planned for planned in plan.writes if planned.differences or not planned.certain]
    for number, planned in enumerate(waiting, start=1):
        try:
            planned.differences = _change(shared, planned, written)
        except HrisError as error:
            written.failures.append(_failure(planned.update, str(error)))
            if isinstance(error, writing.StopError):
                left = waiting[number:]
                written.stopped = str(error)
                written.unattempted = len(left)
                message = "not attempted, because of an earlier failure"
                written.failures += [_failure(later.update, message) for later in left]
                return
            continue
        if planned.differences:
            written.changed.append(planned)


def _change(
    shared: writing.Writing, planned: PlannedWrite, written: Written
) -> writing.Differences:
    """Write one employee. Who has only some of the fields is changed, and a failure as well."""
    try:
        return writing.change(shared, planned.id, planned.wanted)
    except writing.PartlyWrittenError as partly:
        planned.differences = partly.written
        written.changed.append(planned)
        raise partly.error from None


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
        "diff": [write_diff.diff(plan.label, plan.differences) for plan in written.changed[:limit]],
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
