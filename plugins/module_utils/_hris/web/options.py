# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How HTTP requests are sent: the options that the modules share.

They are documented in doc_fragments/http_connection.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self

from ..data_class import frozen
from ..errors import HrisError
from ..option_names import option_name

ARGUMENTS: dict[str, dict[str, Any]] = dict(
    validate_certs=dict(type="bool", default=True),
    ca_cert=dict(type="path"),
    proxy=dict(type="str", no_log=True),
    connect_timeout=dict(type="float", default=10),
    timeout=dict(type="float", default=60),
    retries=dict(type="int", default=4),
    retry_backoff=dict(type="float", default=1),
    retry_after_max=dict(type="float", default=120),
    max_response_mb=dict(type="int", default=64),
    max_response_seconds=dict(type="float", default=600),
)
# What the roles have in one dictionary; the others are variables of their own
TUNING = frozenset(ARGUMENTS) - {"validate_certs", "ca_cert", "proxy"}
DEFAULTS: dict[str, Any] = {name: argument.get("default") for name, argument in ARGUMENTS.items()}


@frozen
class HttpOptions:
    """The values of ARGUMENTS, checked."""

    validate_certs: bool
    ca_cert: str | None  # path of a PEM file
    proxy: str | None  # address; it may hold a password
    connect_timeout: float  # seconds
    timeout: float  # seconds without a byte of the response
    retries: int  # how often a request is sent again
    retry_backoff: float  # seconds; the pauses are 0, 2x, 4x, …
    retry_after_max: float  # seconds
    max_response_mb: int  # MiB
    max_response_seconds: float

    @property
    def most_of_a_feed(self) -> int:
        """Bytes of all responses that are kept in memory together."""
        return 32 * self.max_response_mb * 1024 * 1024

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Self:
        """The options of a module that has ARGUMENTS. Raises HrisError for a number too small."""
        options = cls(**{field.name: params[field.name] for field in fields(cls)})
        for name in ("connect_timeout", "timeout", "max_response_seconds"):
            check_minimum(option_name(name), params[name], 0.01)
        for name in ("retries", "retry_backoff", "retry_after_max"):
            check_minimum(option_name(name), params[name], 0)
        check_minimum(option_name("max_response_mb"), options.max_response_mb, 1)
        return options


def check_minimum(option: str, value: float, minimum: float) -> None:
    """Raise HrisError for a number below its minimum. option: its name, for the message."""
    if value < minimum:
        raise HrisError(f"{value} is too small", option, f"It is at least {minimum}")
