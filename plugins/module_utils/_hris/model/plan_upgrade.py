# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans and journals of the form before one plan had several sources: read as they were, so that a
run can be shown and undone after an upgrade.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]  # a JSON object
ONE_SOURCE = "hris.ad plan 1"  # the format


def is_of_one_source(data: Json) -> bool:
    """Whether a plan has the former form."""
    return data.get("format") == ONE_SOURCE


def named_content(data: Json) -> Json:
    """What the digest of a plan of the former form is made of."""
    return {
        "format": ONE_SOURCE,
        "source": data["source"],
        "domain": data["domain"]["dn"],
        "changes": data["changes"],
    }


def upgraded(data: Json) -> Json:
    """A plan in the form of today; its digest and seal stay. One of today is given back as it is.

    Raises KeyError, TypeError or AttributeError for data that is not a plan.
    """
    if not is_of_one_source(data):
        return data
    source = data["source"]
    kept = {name: value for name, value in data.items() if name not in ("source", "label")}
    return {
        **kept,
        "sources": [source],
        "changes": [{"source": source, **change} for change in data["changes"]],
        "findings": [{"source": source, **finding} for finding in data["findings"]],
        "limits": [{"source": source, **verdict} for verdict in data["limits"]],
        "rules": {source: data["rules"]} if "rules" in data else {},
        "labels": [data["label"]] if data.get("label") else [],
    }
