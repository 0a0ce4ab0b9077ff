# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What webhooks, write-back and steps read of the employee whose account they are about.

They are given as the variables of the role orchestration have them, before any of them begins. What
cannot be used is an error later on; here it may read any field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..data_class import field, mutable
from ..errors import HrisError
from ..rules.expressions import Expression, compile_condition, compile_rule, inside
from . import templates
from .account_mail import compile_mail
from .icehrm.fields import CUSTOM
from .objects import EMPLOYEE
from .options import Params
from .webhook_options import webhook_options
from .webhook_template import compile_webhook

# Options of a webhook that have no part in what it reads, or that it need not have
_WEBHOOK: Params = {
    "name": "",
    "url": None,
    "method": "POST",
    "message_type": "json",
    "omit_empty": None,
    "auth": None,
    **dict.fromkeys(("headers", "params", "body", "success", "idempotency", "compare")),
}
_SUBOPTIONS: dict[str, Params] = {
    "success": dict.fromkeys(("status", "when")),
    "idempotency": dict.fromkeys(("header", "key")),
    "compare": {
        **dict.fromkeys(("url", "params", "from", "fields", "unchanged_when")),
        "missing": "fail",
        "verify": True,
    },
}
_ANY_SERVER = "https://localhost"  # base_url may be an option of all webhooks; nothing is called


@mutable
class EmployeeReads:
    """What is read of an employee."""

    expressions: list[Expression] = field(default_factory=list)  # over the record of HR
    named: list[Expression] = field(default_factory=list)  # those that are only names of fields
    unknown: list[str] = field(default_factory=list)  # what may read any field, and why


def employee_reads(webhooks: Mapping[str, Any], steps: Iterable[Params]) -> EmployeeReads:
    """webhooks: {name: options}. steps: those of an orchestration, and write-back in their form."""
    found = EmployeeReads()
    for name, webhook in webhooks.items():
        _add(found, f"the webhook {name}", _of_webhook, webhook)
    for step in steps:
        what = f"the step {step.get('name')}"
        _add(found, what, _of_step, step)
        found.named += _add(found, what, _named, step.get("fields") or ())
        if step.get("tasks") and step.get("fields") is None:
            found.unknown.append(
                f"the tasks of {what} may read any field (name those that they read in its fields)"
            )
    return found


def _add(
    found: EmployeeReads, what: str, read: Callable[[Any], list[Expression]], options: Any
) -> list[Expression]:
    """Add what the options of a webhook or step read, and return it."""
    try:
        expressions = read(options)
    except HrisError as error:
        found.unknown.append(f"{what} cannot be judged ({str(error).rstrip('.')})")
        return []
    except (TypeError, ValueError, LookupError, AttributeError):
        # An option of another type than the module takes: its task converts or refuses it
        found.unknown.append(f"{what} cannot be judged (an option has an unusual type)")
        return []
    added = [replace(inside(one, EMPLOYEE), place=f"{what}, {one.place}") for one in expressions]
    found.expressions += added
    return added


def _of_step(step: Params) -> list[Expression]:
    leaves: list[Expression] = []
    if step.get("when"):
        leaves.append(compile_condition(step["when"], "when"))
    if step.get("key"):
        leaves.append(compile_rule(step["key"], "key"))
    templates.compile_tree(step.get("user"), "user", leaves)
    if step.get("mail") is not None:
        leaves += _of_mail(_object(step["mail"], "mail"))
    if isinstance(step.get("webhook"), dict):  # else the name of one
        leaves += _of_webhook(step["webhook"])
    for system, options in _object(step.get("writeback"), "writeback").items():
        leaves += _of_mapping(options) if system == "icehrm" else _of_webhook(options)
    return leaves


def _of_mail(given: Mapping[str, Any]) -> list[Expression]:
    to = given.get("to") or []
    templates = compile_mail(
        [to] if isinstance(to, str) else to,
        given.get("subject") or "",
        given.get("text") or "",
        given.get("html"),
    )
    return templates.leaves


def _of_mapping(mapping: Any) -> list[Expression]:
    """Of write-back to IceHrm: {field: rule, or an object with from}. CUSTOM has more of them."""
    rules = dict(_object(mapping, "writeback"))
    custom = _object(rules.pop(CUSTOM, None), f"writeback.{CUSTOM}")
    found = []
    for name, rule in [*rules.items(), *custom.items()]:
        source = rule.get("from") if isinstance(rule, dict) else rule
        if source is not None:
            found.append(compile_rule(source, f"writeback.{name}"))
    return found


def _named(fields: Iterable[Any]) -> list[Expression]:
    """What reads the fields of HR that a step with tasks names."""
    found = []
    if not isinstance(fields, (list, tuple)):
        raise HrisError("it is not a list", "fields")
    for name in fields:
        if str(name).startswith(f"{EMPLOYEE}."):
            hint = f"Leave {EMPLOYEE} out"
            raise HrisError(f"'{name}' is not a field of HR", "fields", hint)
        found.append(compile_rule(f"{EMPLOYEE}.{name}", "fields"))
    return found


def _of_webhook(options: Any) -> list[Expression]:
    given = _object(options, "webhook")
    params = {**_WEBHOOK, **given, "base_url": given.get("base_url") or _ANY_SERVER}
    for name, inner in _SUBOPTIONS.items():
        if params[name] is not None:
            params[name] = {**inner, **_object(params[name], name)}
    if params["success"]:
        params["success"]["status"] = None  # it reads nothing, and may have any form of a list
    for name in ("headers", "params"):
        _object(params[name], name)
    if not params["url"]:
        raise HrisError("it has no url")
    leaves = compile_webhook(webhook_options(params)).leaves
    if given.get("when"):
        leaves.append(compile_condition(given["when"], "when"))
    return leaves


def _object(value: Any, place: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise HrisError("it is not an object", place)
    return value
