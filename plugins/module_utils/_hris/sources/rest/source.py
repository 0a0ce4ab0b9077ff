# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any REST source, and files.

Endpoints are read and joined on one key into one list of employees in one form.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from ...errors import HrisError, Warn
from ...model.records import Record
from ...option_names import option_name
from ...progress import Progress, no_progress
from ...rules.compile_ruleset import moment
from ...web import urls
from ...web.authentication import authenticate
from ...web.client import Client
from ...web.options import HttpOptions
from ...wording import counted
from .. import field_overview, record_shapes
from ..delivery import Fetched
from . import joining
from .endpoint_requests import address, check_server
from .endpoints import DEPENDENT, Endpoint, compile_endpoints
from .joining import JoinRow, Part, Row
from .macros import compile_macros
from .options import Options
from .reading import Reader, Reading

OWN_NAMES = ("as_of", "today")
MOST_CONFLICTS = 100  # fields in the result
MOST_WARNED = 10  # fields in the warnings


def fetch(params: Mapping[str, Any], warn: Warn, progress: Progress = no_progress) -> Fetched:
    """All employees of the endpoints. The module's RETURN describes the details.

    params: the options of the module endpoint_info. Raises HrisError.
    """
    began = time.monotonic()
    options = Options.from_params(params)
    variables = macro_variables(options)
    endpoints = compile_endpoints(options, variables)
    client = _client(params, options, endpoints, variables, warn)
    try:
        fetched = _read(options, endpoints, _reader(options, client, variables), warn, progress)
    except HrisError as error:  # it may repeat what a server said
        raise client.clean(error) if client else error from None
    fetched.seconds = round(time.monotonic() - began, 3)
    return fetched


def macro_variables(options: Options) -> Record:
    """What macros may use: the variables given, `as_of` and `today`.

    Raises HrisError for a variable with one of these names.
    """
    for name in (*OWN_NAMES, DEPENDENT):
        if name in options.variables:
            raise HrisError(
                f"'{name}' has a meaning of its own in macros",
                option_name(f"variables.{name}"),
                "Choose another name",
            )
    as_of = moment(options.as_of, datetime.now(timezone.utc))
    return {
        **options.variables,
        "as_of": as_of.isoformat(timespec="seconds"),
        "today": as_of.date().isoformat(),
    }


def _reader(options: Options, client: Client | None, variables: Record) -> Reader:
    most_pages = options.describe_pages if options.describe else 0
    return Reader(client, variables, most_pages)


def _read(
    options: Options, endpoints: Sequence[Endpoint], reader: Reader, warn: Warn, progress: Progress
) -> Fetched:
    into = {endpoint.name: endpoint.options.into for endpoint in endpoints}
    rows: list[Row] = []
    readings: dict[str, Reading] = {}
    report: list[JoinRow] = []
    for endpoint in endpoints:
        reading = _read_one(endpoint, readings, reader, progress)
        readings[endpoint.name] = reading
        for text in reading.warnings:
            warn(text)
        if endpoint is endpoints[0]:
            rows = joining.begin(endpoint, reading, warn)
        else:
            report.append(joining.join(rows, endpoint, reading, into, warn))
    for endpoint in endpoints:
        _choose_fields(rows, endpoint)
    employees, conflicts = joining.merge(rows, into, options.wins)
    employees = record_shapes.one_shape(employees)
    for endpoint in endpoints:
        _one_shape_inside(employees, endpoint)
    _warn_of(report, conflicts, endpoints, warn)
    details: dict[str, Any] = {
        "endpoints": {name: reading.figures for name, reading in readings.items()},
        "join": {
            "endpoints": report,
            "conflicts": dict(list(conflicts.items())[:MOST_CONFLICTS]),
        },
    }
    if options.describe:
        fields, left_out = field_overview.fields_found(employees, options.redact_samples)
        details |= {"fields": fields, "fields_left_out": left_out}
    counts = {"requests": 0, "retries": 0}
    if reader.client is not None:
        counts = reader.client.counts
    return Fetched(employees, {"employees": len(employees), **counts}, 0.0, details)


def _read_one(
    endpoint: Endpoint, readings: Mapping[str, Reading], reader: Reader, progress: Progress
) -> Reading:
    """Read an endpoint. readings: of the endpoints above."""
    parents: list[Record] = []
    if endpoint.options.dependent and endpoint.value:
        parents = [found.record for found in readings[endpoint.options.dependent.of].records]
        joining.check_read(endpoint.value, parents)
    count = partial(progress, f"fetch {endpoint.name}")
    return reader.read(endpoint, parents, count, is_first=not readings)


def _client(
    params: Mapping[str, Any],
    options: Options,
    endpoints: Iterable[Endpoint],
    variables: Record,
    warn: Warn,
) -> Client | None:
    """The one server that all endpoints are on: credentials are never sent to another.

    None if all endpoints are files.
    """
    sample = {**variables, DEPENDENT: "0"}
    addresses = [(one, address(one, sample)) for one in endpoints if one.url]
    if not addresses:
        return None
    base = _base_url(options, variables) or _server_of(addresses[0][1])
    client = Client(base, HttpOptions.from_params(params), warn)
    client.traffic.most_received = client.options.most_of_a_feed
    for endpoint, url in addresses:
        check_server(client, url, endpoint)
    authenticate(client, params["auth"], warn)
    return client


def _base_url(options: Options, variables: Record) -> str | None:
    if not options.base_url:
        return None
    place = option_name("base_url")
    macro = compile_macros(
        options.base_url, place, set(variables), lambda text: urls.path_part(text, place)
    )
    return macro(variables)


def _server_of(url: str) -> str:
    if "://" not in url:
        raise HrisError(
            "it is not given",
            option_name("base_url"),
            "Set it, or give each endpoint's whole address",
        )
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _choose_fields(rows: Sequence[Row], endpoint: Endpoint) -> None:
    """Keep the chosen fields of an endpoint's records, in place.

    Raises HrisError for one that no record has.
    """
    chosen = endpoint.options.fields
    if not chosen:
        return
    parts = [row.parts.get(endpoint.name) for row in rows]
    present = {name for part in parts for record in _records(part) for name in record}
    if present:
        record_shapes.check_fields(chosen, present, f"{endpoint.place}.fields")
    for row, part in zip(rows, parts, strict=True):
        kept = record_shapes.restricted(_records(part), chosen)
        if part is not None:
            row.parts[endpoint.name] = kept if isinstance(part, list) else kept[0]


def _records(part: Part) -> list[Record]:
    if part is None:
        return []
    if isinstance(part, list):
        return part
    return [part]


def _one_shape_inside(employees: Sequence[Record], endpoint: Endpoint) -> None:
    """One form for the records in the field that an endpoint fills, in place.

    An employee without a record has null there, or an empty list where there may be several.
    """
    field = endpoint.options.into
    if not field:
        return
    parts = [_records(employee.get(field)) for employee in employees]
    keys = dict.fromkeys(name for part in parts for record in part for name in record)
    record_shapes.check_size(sum(map(len, parts)), len(keys))
    for employee, part in zip(employees, parts, strict=True):
        records = record_shapes.restricted(part, keys)
        if endpoint.options.many:
            employee[field] = records
        else:
            employee[field] = next(iter(records), None)


def _warn_of(
    report: Iterable[JoinRow],
    conflicts: Mapping[str, int],
    endpoints: Sequence[Endpoint],
    warn: Warn,
) -> None:
    # Most people have nothing on a list of whatever somebody may have several of, or is asked for
    some = [one.name for one in endpoints if one.options.many or one.options.dependent]
    for row in report:
        name, missing, unmatched = row["endpoint"], row["missing_keys"], row["unmatched_keys"]
        if missing and not (name in some and row["matched"]):
            keys = counted(row["missing"], "key", "keys")
            warn(f"Endpoint {name} has nothing for {keys}, such as {missing[0]}.")
        if unmatched and not row["added"]:
            keys = counted(row["unmatched"], "key", "keys")
            warn(f"Endpoint {name} has {keys} of no employee, such as {unmatched[0]}.")
    for field, number in list(conflicts.items())[:MOST_WARNED]:
        employees = counted(number, "employee", "employees")
        warn(
            f"Endpoints disagree about the field '{field}' of {employees}; the first one"
            f" counts. {option_name(f'wins.{field}')} decides."
        )
