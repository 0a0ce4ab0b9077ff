# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach an HR system over HTTP: the options that the modules share (documented in doc_fragments/http_connection.py)."""

from __future__ import annotations

from ..errors import HrisError

ARGUMENTS = dict(
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

# Numbers below which an option makes no sense; page_size and concurrency are the sources' own options.
LEAST = {
    "connect_timeout": 0.01,
    "timeout": 0.01,
    "retries": 0,
    "retry_backoff": 0,
    "retry_after_max": 0,
    "max_response_mb": 1,
    "max_response_seconds": 0.01,
    "page_size": 1,
    "concurrency": 1,
}
DEFAULTS = {name: argument.get("default") for name, argument in ARGUMENTS.items()}


def check(settings: dict) -> None:
    """Raise HrisError for a number that is out of its range."""
    for name, least in LEAST.items():
        if name in settings and settings[name] < least:
            raise HrisError(f"{settings[name]} is too small", name, f"It is at least {least}")
