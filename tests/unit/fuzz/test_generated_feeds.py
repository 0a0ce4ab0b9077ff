# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules that look at a feed without a directory give a result for every feed, and the result is JSON of a bounded size."""
from __future__ import annotations

import json

from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    data_report,
    feed_info,
    forecast_info,
    record_feed,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.files import write_feed
from hypothesis import given, settings
from hypothesis import strategies as st
from odd_values import real
from test_generated_records import ODD, OTHERS, RULES

MOST = 5_000_000  # characters of a result


def _warn(_text):
    """Warnings are not looked at here."""


# A tenth of what the other tests do: each example runs four modules and reads and writes files
@settings(max_examples=max(settings().max_examples // 10, 10))
@given(odd=st.lists(ODD, min_size=1, max_size=3))
def test_a_feed_file(options, tmp_path, odd):
    feed, dest = str(tmp_path / "feed.jsonl"), str(tmp_path / "out")
    try:
        write_feed(feed, [*map(real, odd), *OTHERS])
    except RecursionError:
        return  # this is not JSON that any parser of Python reads
    given_feed = {"src": feed, "employees": None}
    rules = options(**RULES) | given_feed
    results = [
        feed_info.run(rules | {"redact_samples": [], "report_limit": 100}, True, _warn),
        record_feed.run(given_feed | {"key": None, "dest": dest, "keep": [], "shift": []}, False, _warn),
        forecast_info.run({"sources": [rules | {"allow_empty": False, "steps": []}], "domain_limits": None, "directory": None, "simulated": True, "days": 3, "dest": dest, "report_limit": 100, "as_of": "2026-03-02", "progress_file": None,
                      "names": dict.fromkeys(("reuse_after_days", "ledger", "key", "taken_file")) | {"released": []}}, False, _warn),
        data_report.run({"src": feed, "plan": None, "source": "elmo", "as_of": "2026-03-02", "last_report": None, "report_limit": 100, "format": ["html", "markdown", "csv", "json"], "dest": dest,
                         "key": "number", "required": ["first"], "unique": ["phone"], "redact": []}, False, _warn),
    ]
    for result in results:
        assert len(json.dumps(result)) < MOST
