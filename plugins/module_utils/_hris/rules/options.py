# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules as typed module options: what ansible-doc documents and Ansible checks; see
doc_fragments/rules.py.
"""

from __future__ import annotations

from ..model import actions
from .times import AUTO, READINGS

ACTIONS = list(actions.CONFIGURABLE)
# What a limit can be set for beside actions
OTHER_LIMITS = ("absent", "adopted", "held", "out_of_scope")
LIMITED = (*ACTIONS, *OTHER_LIMITS)

_LIMIT = dict(type="dict", options=dict(count=dict(type="int"), percent=dict(type="float")))

ARGUMENTS = dict(
    source=dict(type="str", required=True),
    definitions=dict(type="dict", default={}),
    mapping=dict(type="dict", required=True),
    correlation=dict(
        type="dict",
        apply_defaults=True,
        options=dict(
            key=dict(type="str", default="employeeID", no_log=False),
            relink=dict(type="bool", default=False),
            proposals=dict(
                type="list",
                elements="dict",
                options=dict(
                    name=dict(type="str", required=True),
                    any=dict(type="list", elements="str", default=[]),
                    all=dict(type="list", elements="str", default=[]),
                    value=dict(type="str"),
                    compare=dict(
                        type="str",
                        choices=["words", "address", "number", "phone"],
                        default="words",
                    ),
                    weight=dict(type="int", required=True),
                    against=dict(type="int", default=0),
                ),
            ),
            fallbacks=dict(
                type="list",
                elements="dict",
                default=[],
                options=dict(
                    attribute=dict(type="str", required=True),
                    value=dict(type="str", required=True),
                    when=dict(type="str"),
                ),
            ),
        ),
    ),
    ownership=dict(
        type="dict",
        apply_defaults=True,
        options=dict(
            bases=dict(type="list", elements="str", default=[]),
            attribute=dict(type="str", default="adminDescription"),
            adopt=dict(type="bool", default=True),
            adopt_when=dict(type="str"),
            adopted_groups=dict(type="str", choices=["manage", "keep"], default="manage"),
            protected=dict(type="list", elements="str", default=[]),
            deletion_protection=dict(type="str", choices=["keep", "lift"], default="keep"),
        ),
    ),
    naming=dict(
        type="dict",
        required=True,
        options=dict(
            candidates=dict(type="list", elements="str", required=True),
            attributes=dict(type="dict", required=True),
            max_length=dict(type="int", default=20),
            reserved=dict(type="list", elements="str", default=[]),
            rename=dict(type="list", elements="str", default=["cn"]),
            on_change=dict(type="str", choices=["rename", "report"], default="rename"),
            keep_addresses=dict(type="bool", default=True),
        ),
    ),
    placement=dict(
        type="list",
        elements="dict",
        required=True,
        options=dict(
            ou=dict(type="str", required=True),
            when=dict(type="str"),
            apply=dict(type="str", choices=["always", "on_create"], default="always"),
            create=dict(type="bool", default=False),
        ),
    ),
    groups=dict(
        type="list",
        elements="dict",
        default=[],
        options=dict(
            groups=dict(type="list", elements="str", required=True),
            when=dict(type="str"),
            records=dict(type="str", choices=["primary", "current"], default="primary"),
            until=dict(type="str"),
            **{"from": dict(type="str")},
        ),
    ),
    dates=dict(
        type="dict",
        apply_defaults=True,
        options={
            name: dict(type="str")
            for name in (
                "start",
                "end",
                "timezone",
                "terminated",
                "on_leave",
                "leave_start",
                "leave_end",
            )
        }
        | dict(
            read_as=dict(
                type="dict",
                apply_defaults=True,
                options={
                    name: dict(type="str", choices=list(READINGS), default=AUTO)
                    for name in ("start", "end", "leave_start", "leave_end")
                },
            )
        ),
    ),
    joiner=dict(
        type="dict",
        apply_defaults=True,
        options=dict(
            create_days_before=dict(type="int", default=0),
            enable=dict(type="str", choices=["on_start", "on_create"], default="on_start"),
            moved_start=dict(type="str", choices=["report", "disable"], default="report"),
            must_change_password=dict(type="bool", default=False, no_log=False),
        ),
    ),
    leave=dict(
        type="dict",
        apply_defaults=True,
        options=dict(account=dict(type="str", choices=["keep", "disable"], default="keep")),
    ),
    leaver=dict(
        type="dict",
        apply_defaults=True,
        options=dict(
            disable=dict(type="str", choices=["end_of_day", "start_of_day"], default="end_of_day"),
            groups=dict(
                type="str", choices=["keep", "remove_managed", "remove_all"], default="keep"
            ),
            record=dict(type="str", default="extensionName"),
            move_to=dict(type="str"),
            attributes=dict(type="dict"),
            scramble_password=dict(type="bool", default=False, no_log=False),
            reenabled=dict(type="str", choices=["disable", "report"], default="disable"),
            account_expires=dict(type="bool", default=False),
            delete_after_days=dict(type="int"),
            bridge_days=dict(type="int", default=0),
        ),
    ),
    rehire=dict(
        type="dict",
        apply_defaults=True,
        options=dict(
            restore=dict(
                type="list",
                elements="dict",
                default=[{"within_days": 0, "what": "groups"}],
                options=dict(
                    within_days=dict(type="int", required=True),
                    what=dict(type="str", choices=["all", "groups"], required=True),
                ),
            )
        ),
    ),
    absent=dict(
        type="dict",
        apply_defaults=True,
        options=dict(
            grace_days=dict(type="int", default=14),
            action=dict(type="str", choices=["report", "disable"], default="report"),
        ),
    ),
    required=dict(type="list", elements="str", default=[]),
    unique=dict(
        type="list", elements="str", default=["employeeID", "mail", "proxyAddresses"], no_log=False
    ),
    scope=dict(
        type="dict",
        apply_defaults=True,
        options=dict(
            when=dict(type="str"),
            action=dict(type="str", choices=["report", "leaver", "keep"], default="report"),
            grace_days=dict(type="int", default=14),
        ),
    ),
    identity=dict(
        type="dict",
        apply_defaults=True,
        options=dict(
            same=dict(type="dict", default={}),
            similar=dict(type="dict", default={}),
            fixed=dict(type="list", elements="str", default=[]),
            absent=dict(type="list", elements="str"),
            confirmed=dict(type="str"),
        ),
    ),
    primary=dict(
        type="dict",
        apply_defaults=True,
        options=dict(prefer=dict(type="list", elements="str", default=[])),
    ),
    exceptions=dict(
        type="list",
        elements="dict",
        default=[],
        options=dict(
            key=dict(type="str", required=True, no_log=False),
            action=dict(
                type="str",
                choices=["exclude", "link", "join", "separate", "confirm"],
                required=True,
            ),
            account=dict(type="str"),
            other=dict(type="str"),
            other_source=dict(type="str"),
            reason=dict(type="str", required=True),
            until=dict(type="str"),
        ),
    ),
    silenced=dict(
        type="list",
        elements="dict",
        default=[],
        options=dict(
            kind=dict(type="str", required=True),
            only=dict(type="list", elements="str", default=[]),
            place=dict(type="str"),
            until=dict(type="str", required=True),
            reason=dict(type="str", required=True),
        ),
    ),
    actions=dict(type="list", elements="str", choices=ACTIONS),
    limits=dict(
        type="dict",
        options={**{name: _LIMIT for name in LIMITED}, "attributes": dict(type="dict")},
    ),
    risk=dict(
        type="dict",
        apply_defaults=True,
        options=dict(
            actions=dict(type="list", elements="str", choices=ACTIONS, default=[]),
            more_than=dict(type="dict"),
            groups=dict(type="list", elements="str", default=[]),
            people=dict(type="list", elements="str", default=[]),
            hold=dict(type="bool", default=False),
        ),
    ),
    label=dict(type="str", default="displayName"),
    optional_fields=dict(type="list", elements="str", default=[]),
    redact=dict(type="list", elements="str", default=[]),
    as_of=dict(type="str"),
)
