"""A run in a few words: what is said, that it always fits, and that nothing of people but keys is in it."""
from __future__ import annotations

import json

import plans
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan_json import change_to_json
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan_file import Refusal
from ansible_collections.hris.ad.plugins.module_utils._hris.reporting.brief import (
    LONGEST,
    brief,
    chat,
)

DIGEST = f"sha256:5f3a0f6f{'0' * 56}"
ANN = "CN=Ann Lee,OU=Staff,DC=corp,DC=example"


def change(action="update", key="E1", **more):
    return plans.change(action, key, None, ANN, attributes=plans.values(title=("Clerk", "Head")), name="Ann Lee", **more)


def plan(*changes, findings=(), limits=()):
    return plans.bare(*changes, as_of="2026-03-02T09:00:00+11:00", digest=DIGEST,
                      findings=[plans.finding(severity, "held", None, None, "m") for severity in findings],
                      limits=[plans.limit("disable", 9, 20, text, exceeded=exceeded) for text, exceeded in limits])


def said(given, made, outcome, check, refusal=None) -> str:
    return chat(brief(given, made, outcome, check, refusal))


def result(msg="elmo: said", changed=True, **more):
    return {"changed": changed, "msg": msg} | more


NOTHING, ONE, SIX = [], [change()], [change("create", f"E{number}") for number in range(3)] + [change("group_add"), change("disable"), change("disable", "E9")]
STOPPED = result("elmo: nothing was written, …", changed=False, failed=True)
LIMITS = [("9 of 20 accounts would get the action 'disable' (45.0 %): at most 2 are allowed", True), ("0 of 20 accounts are absent (0.0 %)", False)]
DENIED = {"key": "E1", "action": "update", "dn": ANN, "status": "refused", "message": f"insufficientAccessRights: {ANN} may not become 'Head'"}


@pytest.mark.parametrize(("given", "made", "outcome", "check", "text"), [
    (plan(*NOTHING), NOTHING, result(changed=False), False, "elmo, 2026-03-02: nothing to change. Plan 5f3a0f6f."),
    (plan(*NOTHING), NOTHING, result(changed=False), True, "elmo, check mode, 2026-03-02: nothing to change. Plan 5f3a0f6f."),
    (plan(*ONE), NOTHING, result(changed=False, held=1, held_digest=DIGEST), False,
     "elmo, 2026-03-02: nothing was changed. 1 change waits for approval (5f3a0f6f). Plan 5f3a0f6f."),
    (plan(*SIX), NOTHING, result("elmo: 6 of 6 changes were not or not wholly made", changed=False, failed=True, applied=0, refused=[DENIED], refused_total=6), False,
     "elmo, 2026-03-02: FAILED: 6 changes were not wholly made, first E1, update: insufficientAccessRights: CN=(hidden),OU=Staff,DC=corp,DC=example may not "
     "become 'Head'; nothing was made. Plan 5f3a0f6f."),
    (plan(*SIX), SIX, result(applied=6), False, "elmo, 2026-03-02: 3 accounts created, 2 disabled, 1 membership given. Plan 5f3a0f6f."),
    (plan(*ONE), ONE, result(), True, "elmo, check mode, 2026-03-02: would be 1 updated. Plan 5f3a0f6f."),
    (plan(*ONE, findings=["info", "warning", "error", "warning"]), ONE, result(), False,
     "elmo, 2026-03-02: 1 updated. Findings: 1 error, 2 warnings, 1 note. Plan 5f3a0f6f."),
    (plan(*ONE), ONE, result(held=2, held_digest=f"sha256:beef{'1' * 60}"), False,
     "elmo, 2026-03-02: 1 updated. 2 changes wait for approval (beef1111). Plan 5f3a0f6f."),
    (plan(*ONE), ONE, result(held=0, held_digest=DIGEST, waiting=1), False,
     "elmo, 2026-03-02: 1 updated. 1 value waits for the run without shards. Plan 5f3a0f6f."),
    (plan(*SIX), SIX[:5], result(failed=True, applied=5, refused=[DENIED | {"key": "E9", "action": "disable"}], refused_total=1), False,
     "elmo, 2026-03-02: FAILED: 1 change was not wholly made, first E9, disable: insufficientAccessRights: CN=(hidden),OU=Staff,DC=corp,DC=example may not "
     "become '(hidden)'; 3 accounts created, 1 disabled, 1 membership given was made. Plan 5f3a0f6f."),
    (plan(*ONE), ONE, result("elmo: 1 update; besides: /var/audit: the file cannot be written: No space left.", failed=True, applied=1, refused_total=0), False,
     "elmo, 2026-03-02: FAILED after writing (1 updated): 1 update; besides: /var/audit: the file cannot be written: No space left. Plan 5f3a0f6f."),
])
def test_what_is_said(given, made, outcome, check, text):
    assert said(given, made, outcome, check) == text


OVER = Refusal("elmo: nothing was written, because the plan is over its limits. …", f"the plan is over its limits: {LIMITS[0][0]}")
OTHER = Refusal("elmo: nothing was written, because this is not the approved plan. …", "this is not the approved plan. Approved is x")
DRIFT = Refusal("elmo: nothing was written, because 1 changes are for accounts that have changed since.", "1 changes are for accounts that have changed since",
                "First: E1 (Ann Lee): title is 'Secret'")


@pytest.mark.parametrize(("given", "made", "outcome", "check", "refusal", "text"), [
    (plan(*SIX, limits=LIMITS), NOTHING, STOPPED, False, OVER,
     "elmo, 2026-03-02: FAILED, nothing was written: the plan is over its limits: 9 of 20 accounts would get the action 'disable' (45.0 %): "
     "at most 2 are allowed. Plan 5f3a0f6f."),
    (plan(*SIX, limits=LIMITS), SIX, STOPPED, True, OVER,
     "elmo, check mode, 2026-03-02: FAILED, nothing was written: the plan is over its limits: 9 of 20 accounts would get the action 'disable' (45.0 %): "
     "at most 2 are allowed; it would be 3 accounts created, 2 disabled, 1 membership given. Plan 5f3a0f6f."),
    (plan(*ONE, limits=LIMITS), NOTHING, STOPPED, False, OTHER,
     "elmo, 2026-03-02: FAILED, nothing was written: this is not the approved plan. Approved is x. Plan 5f3a0f6f."),
    (plan(*ONE), NOTHING, STOPPED | {"left_out_total": 1}, False, DRIFT,
     "elmo, 2026-03-02: FAILED, nothing was written: 1 changes are for accounts that have changed since. "
     "1 change left out, because the account is not as the plan says. Plan 5f3a0f6f."),
])
def test_why_nothing_was_written(given, made, outcome, check, refusal, text):
    figures = brief(given, made, outcome, check, refusal)
    assert chat(figures) == text and figures.msg == refusal.message and "not_written" not in figures.to_json()


def test_the_figures():
    found = brief(plan(*SIX, findings=["error"], limits=LIMITS), SIX, result(applied=6, refused=[], refused_total=0, held=1, held_digest=DIGEST), False).to_json()
    assert found == {
        "sources": ["elmo"], "as_of": "2026-03-02T09:00:00+11:00", "digest": DIGEST, "check_mode": False, "changed": True,
        "changes": {"create": 3, "disable": 2, "group_add": 1}, "accounts": 4, "findings": {"error": 1}, "open_access": {}, "limits": [LIMITS[0][0]], "failed": False,
        "msg": "elmo: said", "held": 1, "held_digest": DIGEST, "applied": 6, "refused": 0}


@pytest.mark.parametrize("size", [10, 10_000])
def test_it_always_fits_and_names_nobody(size):
    given = plans.plan_of(size, exceeded=True)
    refused = [{"key": entry.key, "name": entry.name, "action": entry.action, "dn": entry.dn, "status": "refused", "message": json.dumps(change_to_json(entry)) * 3}
               for entry in given.changes]
    for outcome in (result(), result("x" * 5000, failed=True), result(failed=True, applied=0, refused=refused, refused_total=len(refused))):
        figures = brief(given, given.changes, outcome, False)
        text = chat(figures)
        assert len(text) <= LONGEST and "\n" not in text and text.endswith(f"Plan {given.digest[7:15]}.") and len(json.dumps(figures.to_json())) < 5000
        assert not any(f"{first} {last}" in text for first in plans.FIRST for last in plans.LAST) and "@example.com" not in text


def test_every_value_of_the_refused_change_is_hidden():
    entry = plans.changes_of(10)[0]
    values = [value for both in entry.attributes.values() for value in both.after]
    refused = {"key": entry.key, "name": entry.name, "action": "create", "dn": entry.dn, "status": "refused", "message": " ".join(values)}
    msg = f"elmo: 1 of 1 changes were not or not wholly made. Nothing was changed. First: {entry.key} ({entry.name}): create: {' '.join(values)}"
    figures = brief(plan(entry), [], result(msg, failed=True, applied=0, refused=[refused], refused_total=1), False)
    for text in (chat(figures), figures.msg):
        assert not [value for value in values if len(value) > 2 and value != entry.key and value in text] and entry.name not in text
    assert "First: (hidden): create: (hidden)" in figures.msg
