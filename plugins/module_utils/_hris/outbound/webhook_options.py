# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a webhook is described: options of the module webhook, some of them also of notify."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..data_class import field, frozen
from ..model.records import Record
from .options import Params, read_options

Texts = Mapping[str, Any]  # {name: text with {…}}; null leaves the name out


@frozen
class SuccessOptions:
    """When a call counts as delivered."""

    status: list[str]  # each like 200, 200-204 or 2xx
    when: str | None = None  # condition over the response


@frozen
class IdempotencyOptions:
    """The header by which the receiver recognises a call that it already has."""

    header: str
    key: str | None  # rule that gives its value; None: computed from the request


@frozen
class CompareOptions:
    """How the current object is read and compared before a call."""

    missing: str  # fail, write or skip
    verify: bool
    source: str | None = None  # the option "from": selects the object in the response
    url: str | None = None  # None: that of the webhook
    params: Texts = field(default_factory=dict)
    fields: Record = field(default_factory=dict)  # {expression over theirs: rule over ours}
    unchanged_when: str | None = None


DEFAULT_SUCCESS = SuccessOptions(["2xx"])


@frozen
class WebhookOptions:
    """One webhook, as its module's options describe it. Texts may have ``{…}``."""

    name: str
    url: str
    method: str
    message_type: str  # json, form, xml or text
    base_url: str = ""
    headers: Texts = field(default_factory=dict)
    params: Texts = field(default_factory=dict)
    body: Any = None  # JSON or text; None or "" for none
    omit_empty: bool = False
    success: SuccessOptions = DEFAULT_SUCCESS
    idempotency: IdempotencyOptions | None = None
    compare: CompareOptions | None = None
    error_bodies: bool = False  # whether the system reports errors with a status of success


def webhook_options(params: Params) -> WebhookOptions:
    """The options of the module webhook."""
    auth = params["auth"] or {}
    groups = {
        "success": success_options(params["success"]),
        "idempotency": _idempotency_options(params["idempotency"]),
        "compare": _compare_options(params["compare"]),
        "error_bodies": auth.get("type") == "icehrm",
    }
    return read_options(WebhookOptions, params | groups)


def success_options(given: Params | None) -> SuccessOptions:
    """The option success of the modules webhook and notify."""
    if given is None:
        return DEFAULT_SUCCESS
    return SuccessOptions(given["status"] or DEFAULT_SUCCESS.status, given["when"])


def _idempotency_options(given: Params | None) -> IdempotencyOptions | None:
    if given is None:
        return None
    return IdempotencyOptions(given["header"] or "Idempotency-Key", given["key"])


def _compare_options(given: Params | None) -> CompareOptions | None:
    if given is None:
        return None
    return read_options(CompareOptions, given | {"source": given["from"]})
