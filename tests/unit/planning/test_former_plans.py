# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plan files and journals of the former format, of one source: read, checked and undone as they were."""
from __future__ import annotations

import hashlib
import json
from datetime import datetime, timezone

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.journal import application_of
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan_file import read_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.undo import undo_of

CHANGE = {"key": "E1", "action": "update", "guid": "g1", "dn": "CN=Ann Lee,DC=corp,DC=example", "reason": "differs from HR",
          "attributes": {"title": {"before": ["Clerk"], "after": ["Head"]}}, "risk": "low", "name": "Ann Lee"}


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def former(**changes):
    """A plan file as the version before this one wrote it."""
    domain = {"name": "corp.example", "dn": "DC=corp,DC=example", "server": "ldaps://dc1:636"}
    named = {"format": "hris.ad plan 1", "source": "elmo", "domain": domain["dn"], "changes": [CHANGE]}
    plan = {"format": "hris.ad plan 1", "source": "elmo", "as_of": "2026-03-02T00:00:00+00:00", "domain": domain, "changes": [CHANGE],
            "findings": [{"severity": "info", "kind": "drift", "key": "E1", "name": "Ann Lee", "place": None, "message": "x"}],
            "limits": [{"action": "update", "changes": 1, "of": 10, "count": 5.0, "percent": None, "exceeded": False, "message": "m"}],
            "people": {"active": 10}, "counts": {"update": 1}, "matched": {"by_key": 10}, "digest": "sha256:" + hashlib.sha256(canonical(named)).hexdigest(),
            "made": "2026-03-02T00:00:00+00:00", "expires": "9999-12-31T00:00:00+00:00", "digests": {"feed": "sha256:1"},
            "rules": {"title": {"place": "mapping.title", "source": "title"}}, "redact": [], "label": "displayName"} | changes
    plan["seal"] = {"kind": "sha256", "value": hashlib.sha256(canonical(plan)).hexdigest()}
    return plan


def test_a_former_plan_is_read():
    written = former()
    plan = read_plan([json.dumps(written)], "plan.json", None)
    assert plan.sources == ["elmo"] and plan.digest == written["digest"] and plan.labels == ["displayName"] and plan.left_out == []
    assert [change.source for change in plan.changes] == [finding.source for finding in plan.findings] == [limit.source for limit in plan.limits] == ["elmo"]
    assert plan.rules["elmo"]["title"].place == "mapping.title"
    undone = undo_of(plan, {0: "applied"})
    assert undone.changes[0].attributes["title"].after == ["Clerk"] and undone.undoes == written["digest"]


@pytest.mark.parametrize(("changes", "words"), [
    ({"digest": "sha256:0"}, "the digest of the plan is not the one of its changes"),
    ({"source": "other"}, "the digest of the plan is not the one of its changes"),
    ({"changes": None}, "the plan is not complete"),
    ({"domain": {}}, "the plan is not complete"),
])
def test_a_former_plan_that_is_none(changes, words):
    with pytest.raises(HrisError, match=words):
        read_plan([json.dumps(former(**changes))], "plan.json", None)


def test_a_former_plan_that_was_edited():
    plan = json.loads(json.dumps(former()))
    plan["changes"][0]["dn"] = "CN=Else,DC=corp,DC=example"
    with pytest.raises(HrisError, match="the plan was changed after it was made"):
        read_plan([json.dumps(plan)], "plan.json", None)


def test_a_former_journal_is_read():
    plan = former()
    now = datetime(2026, 3, 2, tzinfo=timezone.utc).isoformat()
    result = {"at": now, "event": "result", "plan": plan["digest"], "index": 0, "key": "E1", "action": "update", "guid": "g1", "dn": CHANGE["dn"], "status": "applied"}
    lines = [json.dumps(one).encode() + b"\n" for one in ({"event": "plan", "plan": plan}, result)]
    application = application_of(lines, "journal.jsonl", None)
    assert application.plan.changes[0].source == "elmo" and application.states[0].status == "applied"
