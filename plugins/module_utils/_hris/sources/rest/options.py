# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an endpoint is told by: the options of the module endpoint_info (documented there)."""

from __future__ import annotations

METHODS = ["GET", "POST", "PUT"]
PAGING = ["none", "page", "offset", "cursor", "link"]

_PAGING = dict(
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
    max_pages=dict(type="int", default=10000),
)

_ENDPOINT = dict(
    name=dict(type="str", required=True),
    url=dict(type="str"),
    file=dict(type="path"),
    format=dict(type="str", choices=["csv", "json", "jsonl"]),
    delimiter=dict(type="str"),
    encoding=dict(type="str", default="utf-8"),
    method=dict(type="str", choices=METHODS, default="GET"),
    headers=dict(type="dict"),
    params=dict(type="dict"),
    body=dict(type="raw"),
    body_format=dict(type="str", choices=["json", "form", "text"], default="json"),
    records=dict(type="str"),
    key=dict(type="str", no_log=False),
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

ARGUMENTS = dict(
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
    redact_samples=dict(type="bool", default=False),
)
