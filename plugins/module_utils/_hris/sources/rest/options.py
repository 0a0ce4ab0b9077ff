# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an endpoint is described: the options of the module endpoint_info (documented there)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Self

from ...data_class import frozen
from ..table_rows import TableOptions
from ..tables import FORMATS

METHODS = ["GET", "POST", "PUT"]
PAGING = ["none", "page", "offset", "cursor", "link"]

_PAGING: dict[str, dict[str, Any]] = dict(
    type=dict(type="str", choices=PAGING, default="none"),
    parameter=dict(type="str"),
    location=dict(type="str", choices=["params", "body"], default="params"),
    first=dict(type="int"),
    size_parameter=dict(type="str"),
    size=dict(type="int"),
    next=dict(type="str"),
    stop=dict(type="str"),
    total=dict(type="str"),
    concurrency=dict(type="int", default=1),
    max_pages=dict(type="int"),
)

_ENDPOINT: dict[str, dict[str, Any]] = dict(
    name=dict(type="str", required=True),
    url=dict(type="str"),
    file=dict(type="path"),
    format=dict(type="str", choices=list(FORMATS)),
    delimiter=dict(type="str"),
    encoding=dict(type="str", default="utf-8"),
    sheet=dict(type="str"),
    skip_lines=dict(type="int", default=0),
    skip_last_lines=dict(type="int", default=0),
    names=dict(type="list", elements="str"),
    null_values=dict(type="list", elements="str", default=[]),
    method=dict(type="str", choices=METHODS, default="GET"),
    headers=dict(type="dict"),
    params=dict(type="dict"),
    body=dict(type="raw"),
    body_format=dict(type="str", choices=["json", "form", "text"], default="json"),
    records=dict(type="str"),
    key=dict(type="str", no_log=False),
    identifier=dict(type="str"),
    match=dict(type="str"),
    into=dict(type="str"),
    many=dict(type="bool", default=False),
    unmatched=dict(type="str", choices=["leave_out", "add"], default="leave_out"),
    fields=dict(type="list", elements="str"),
    paging=dict(type="dict", apply_defaults=True, options=_PAGING),
    dependent=dict(
        type="dict",
        options=dict(
            of=dict(type="str", required=True),
            value=dict(type="str", required=True),
            concurrency=dict(type="int", default=4),
            missing_status=dict(type="list", elements="int", default=[]),
        ),
    ),
)

ARGUMENTS: dict[str, dict[str, Any]] = dict(
    base_url=dict(type="str"),
    key=dict(type="str", no_log=False),
    endpoints=dict(
        type="list",
        elements="dict",
        required=True,
        options=_ENDPOINT,
        required_one_of=[("url", "file")],
        mutually_exclusive=[("url", "file")],
    ),
    variables=dict(type="dict", default={}),
    as_of=dict(type="str"),
    wins=dict(type="dict", default={}),
    describe=dict(type="bool", default=False),
    describe_pages=dict(type="int", default=0),
    redact_samples=dict(type="bool", default=True),
)


@frozen
class PagingOptions:
    """How an endpoint gives its list in pages."""

    type: str  # none, page, offset, cursor or link
    parameter: str | None
    location: str  # of the parameters: params or body
    first: int | None  # number of the first page, or its offset
    size_parameter: str | None
    size: int | None  # records in a page
    next: str | None  # JMESPath
    stop: str | None  # condition
    total: str | None  # JMESPath
    concurrency: int
    max_pages: int | None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """The values of the option group."""
        return cls(**_values(cls, params))


@frozen
class DependentOptions:
    """An endpoint that is called once for each value of another endpoint."""

    of: str  # name of the other endpoint
    value: str  # JMESPath
    concurrency: int
    missing_status: Sequence[int]  # responses that mean that there are no records

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """The values of the option group."""
        return cls(**_values(cls, params))


@frozen
class EndpointOptions:
    """One entry of the option endpoints."""

    name: str
    url: str | None
    file: str | None
    format: str | None
    table: TableOptions
    method: str
    headers: Mapping[str, Any] | None
    params: Mapping[str, Any] | None
    body: Any
    body_format: str
    records: str | None  # JMESPath
    key: str | None  # JMESPath
    identifier: str | None  # JMESPath
    match: str | None  # JMESPath
    into: str | None  # the field that the endpoint's record goes into
    many: bool  # whether an employee may have several records
    unmatched: str  # leave_out or add
    fields: Sequence[str] | None
    paging: PagingOptions
    dependent: DependentOptions | None

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """The values of the option group."""
        values = _values(cls, params)
        values["table"] = TableOptions(**_values(TableOptions, params))
        values["paging"] = PagingOptions.from_params(params["paging"])
        if params["dependent"]:
            values["dependent"] = DependentOptions.from_params(params["dependent"])
        return cls(**values)


@frozen
class Options:
    """The values of ARGUMENTS."""

    base_url: str | None
    key: str | None  # JMESPath, for endpoints without a key of their own
    endpoints: Sequence[EndpointOptions]
    variables: Mapping[str, Any]
    as_of: str | None
    wins: Mapping[str, str]  # {field: name of the endpoint}
    describe: bool
    describe_pages: int  # 0 for all
    redact_samples: bool

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """The options of the module."""
        values = _values(cls, params)
        values["endpoints"] = list(map(EndpointOptions.from_params, params["endpoints"]))
        return cls(**values)


def _values(kind: type[Any], params: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: params.get(field.name) for field in fields(kind)}
