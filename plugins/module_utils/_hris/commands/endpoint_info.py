# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module endpoint_info: all employees of any REST source, or of files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import Warn
from ..garbage_collection import nothing_to_collect
from ..progress import progress_to
from ..sources.delivery import deliver
from ..sources.rest import source
from .kept_for import selection_of


def libraries(params: Mapping[str, Any]) -> tuple[str, ...]:
    """What its options need: files are read without requests."""
    is_asked = any(endpoint.get("url") for endpoint in params["endpoints"])
    return ("jmespath", "requests") if is_asked else ("jmespath",)


def run(params: Mapping[str, Any], _check_mode: bool, warn: Warn) -> dict[str, Any]:
    """The work of module hris.ad.endpoint_info, whose RETURN describes the result."""
    selection = selection_of(params, warn)
    with progress_to(params["progress_file"], warn) as progress, nothing_to_collect():
        return deliver(
            source.fetch(params, warn, progress=progress),
            params["dest"],
            selection,
            keep=not params["describe"],
        )
