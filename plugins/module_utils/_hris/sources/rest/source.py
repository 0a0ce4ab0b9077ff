# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any REST source, and files: endpoints read, joined on one key, as one list of employees in one shape."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from functools import partial
from urllib.parse import urlsplit

from ...errors import HrisError, did_you_mean
from ...rules.compile_ruleset import moment
from ...web import urls
from ...web.authentication import authenticate
from ...web.client import Client
from ...web.options import HttpOptions
from .. import field_overview, record_shapes
from . import joining
from .endpoints import DEPENDENT, Endpoint, compile_endpoints
from .macros import compile_macros
from .reading import read_endpoint
from .requests_made import address, check_server

OWN_NAMES = ("as_of", "today")


def fetch(settings: dict, warn, tell=lambda *_figures: None) -> dict:
    """{"employees": [record], "counts", "seconds", "endpoints", "join", and with `describe` "fields", "fields_left_out"}.

    The module's RETURN shows them.

    settings: the options of the module endpoint_info. warn: callable(text).
    tell: callable(phase, how many, of how many or None), which is told of the progress. Raises HrisError.
    """
    began = time.monotonic()
    variables = macro_variables(settings)
    endpoints = compile_endpoints(settings, variables)
    client = _client(settings, endpoints, variables, warn)
    try:
        return {
            **_read(settings, endpoints, variables, client, warn, tell),
            "seconds": round(time.monotonic() - began, 3),
        }
    except HrisError as error:  # it may repeat what a server said
        raise client.clean(error) if client else error from None


def _read(
    settings: dict, endpoints: list[Endpoint], variables: dict, client: Client | None, warn, tell
) -> dict:
    most_pages = settings["describe_pages"] if settings["describe"] else 0
    rows, readings, report = [], {}, []
    into = {endpoint.name: endpoint.settings["into"] for endpoint in endpoints}
    for endpoint in endpoints:
        of = endpoint.settings["dependent"]["of"] if endpoint.value else None
        parents = [record for _value, record in readings[of].records] if of else []
        if endpoint.value:
            joining.check_read(endpoint.value, parents)
        reading = readings[endpoint.name] = read_endpoint(
            client,
            endpoint,
            variables,
            parents,
            most_pages,
            partial(tell, f"fetch {endpoint.name}"),
        )
        for text in reading.warnings:
            warn(text)
        if endpoint is endpoints[0]:
            rows = joining.begin(endpoint, reading, warn)
        else:
            report.append(joining.join(rows, endpoint, reading, into, warn))
    for endpoint in endpoints:
        _only(rows, endpoint)
    employees, conflicts = joining.merge(rows, into, settings["wins"])
    employees = record_shapes.one_shape(employees)
    for endpoint in endpoints:
        _one_shape_inside(employees, endpoint)
    result = {
        "employees": employees,
        "counts": {
            "employees": len(employees),
            **(client.counts if client else {"requests": 0, "retries": 0}),
        },
        "endpoints": {name: reading.figures for name, reading in readings.items()},
        "join": {"endpoints": report, "conflicts": dict(list(conflicts.items())[:100])},
    }
    _tell(report, conflicts, warn)
    if settings["describe"]:
        result["fields"], result["fields_left_out"] = field_overview.fields_found(
            employees, settings["redact_samples"]
        )
    return result


def macro_variables(settings: dict) -> dict:
    """What macros may use: the variables given, `as_of` and `today`. Raises HrisError for a name that is taken."""
    for name in (*OWN_NAMES, DEPENDENT):
        if name in settings["variables"]:
            raise HrisError(
                f"'{name}' has a meaning of its own in macros",
                f"variables.{name}",
                "Choose another name",
            )
    as_of = moment(settings["as_of"], datetime.now(timezone.utc))
    return {
        **settings["variables"],
        "as_of": as_of.isoformat(timespec="seconds"),
        "today": as_of.date().isoformat(),
    }


def _client(settings: dict, endpoints: list[Endpoint], variables: dict, warn) -> Client | None:
    """The one server that all endpoints are on: credentials are never sent to another."""
    remote = [endpoint for endpoint in endpoints if endpoint.url]
    if not remote:
        return None
    base = settings["base_url"] and compile_macros(
        settings["base_url"], "base_url", set(variables)
    )(variables, lambda text: urls.path_part(text, "base_url"))
    whole = {endpoint: address(endpoint, {**variables, DEPENDENT: "0"}) for endpoint in remote}
    if not base:
        first = whole[remote[0]]
        if "://" not in first:
            raise HrisError(
                "it is not given", "base_url", "Set it, or give each endpoint's whole address"
            )
        parts = urlsplit(first)
        base = f"{parts.scheme}://{parts.netloc}"
    client = Client(base, HttpOptions.from_params(settings), warn)
    for endpoint, url in whole.items():
        check_server(client, url, endpoint)
    authenticate(client, settings["auth"], warn)
    return client


def _only(rows: list[dict], endpoint: Endpoint) -> None:
    """Keep the chosen fields of an endpoint's records, in place. Raises HrisError for one that no record has."""
    chosen = endpoint.settings["fields"]
    if not chosen:
        return
    there = {
        name
        for row in rows
        for record in _records(row["parts"].get(endpoint.name))
        for name in record
    }
    for field in chosen:
        if there and field not in there:
            raise HrisError(
                f"there is no field '{field}' in the records",
                f"{endpoint.place}.fields",
                did_you_mean(field, there),
            )
    for row in rows:
        part = row["parts"].get(endpoint.name)
        if isinstance(part, list):
            row["parts"][endpoint.name] = [
                {field: record.get(field) for field in chosen} for record in part
            ]
        elif part is not None:
            row["parts"][endpoint.name] = {field: part.get(field) for field in chosen}


def _records(part) -> list[dict]:
    return part if isinstance(part, list) else [] if part is None else [part]


def _one_shape_inside(employees: list[dict], endpoint: Endpoint) -> None:
    """Whoever has no record of an endpoint that fills a field of its own has null there, and no list but an empty one."""
    field = endpoint.settings["into"]
    if not field:
        return
    keys = dict.fromkeys(
        name
        for employee in employees
        for record in _records(employee.get(field))
        for name in record
    )
    for employee in employees:
        found = [
            {name: record.get(name) for name in keys} for record in _records(employee.get(field))
        ]
        employee[field] = found if endpoint.settings["many"] else found[0] if found else None


def _tell(report: list[dict], conflicts: dict, warn) -> None:
    for line in report:
        if line["missing"]:
            warn(
                f"Endpoint {line['endpoint']} has nothing for {line['missing']} keys, such as {line['missing_keys'][0]}."
            )
        if line["unmatched"] and not line["added"]:
            warn(
                f"Endpoint {line['endpoint']} has {line['unmatched']} keys that belong to no employee, "
                f"such as {line['unmatched_keys'][0]}."
            )
    for field, number in list(conflicts.items())[:10]:
        warn(
            f"Endpoints disagree about the field '{field}' of {number} employees; the first one counts. wins.{field} decides."
        )
