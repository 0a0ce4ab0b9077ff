"""Everything that a later run believes is sealed when a key is set: nothing of it can be edited, added, moved or taken out."""
from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.journal import Journal
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    Change,
    Outcome,
    Plan,
    PlanDomain,
    ValueChange,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import (
    dead_letters,
    outcome_file,
    step_ledger,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.dead_letters import DeadLetter
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import plan_file
from ansible_collections.hris.ad.plugins.module_utils._hris.private_file import write_private
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.feed_profile import (
    FeedProfile,
    profile_to_json,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run import feed_guard, journals
from ansible_collections.hris.ad.plugins.module_utils._hris.seals import seal_of

KEY = "a secret"
DAY = date(2026, 3, 2)


def plan() -> Plan:
    changes = [Change("update", "elmo", f"E{number}", f"g{number}", f"CN={number},DC=x", "title", {"title": ValueChange(["Clerk"], ["Chief"])})
               for number in range(3)]
    made = Plan(["elmo"], "2026-03-02", PlanDomain("x", "DC=x", "dc1"), changes, [], [], {}, {}, {}, expires="9999-12-31T00:00:00+00:00")
    made.digest = plan_file.digest_of(made)
    return made


def make_plan(path, key):
    write_private(path, plan_file.sealed_text(plan(), key))


def make_journal(path, key):
    journal = Journal(path, plan(), key)
    for index in range(3):
        journal.intent(index)
        journal.result(index, Outcome("applied"))
    journal.close()


def make_outcome(path, key):
    outcome_file.write(path, [outcome_file.parse({"key": f"E{number}", "source": "elmo", "events": ["created"]}, path) for number in range(3)], key)


def make_ledger(path, key):
    for number in range(3):
        step_ledger.add(path, [step_ledger.step_entry(f"step {number}", DAY)], key)


def make_letters(path, key):
    for number in range(3):
        dead_letters.append(path, [DeadLetter("hook", {"key": f"E{number}"}, "2026-03-02", "", None, None, None, False, 1, "")], key)


def make_profile(path, key):
    data = profile_to_json(FeedProfile(948, 0, 0, {}))
    write_private(path, [json.dumps(data | ({"seal": seal_of(data, key)} if key else {}), indent=1)])


# {what: (make, read)}; each of a file of lines has three or more
FILES = {
    "plan": (make_plan, lambda path, key: plan_file.read_plan([Path(path).read_text(encoding="utf-8")], path, key)),
    "profile": (make_profile, lambda path, key: feed_guard._last_profile({"file": path, "last": None}, key)),
    "journal": (make_journal, journals.read_journal),
    "outcome": (make_outcome, lambda path, key: outcome_file.read(path, True, key)),
    "ledger": (make_ledger, step_ledger.read),
    "undelivered": (make_letters, dead_letters.read),
}
LINES = ("journal", "outcome", "ledger", "undelivered")


@pytest.fixture(params=FILES)
def kind(request):
    return request.param


def refused(kind: str, path, key) -> str:
    with pytest.raises(HrisError) as caught:
        FILES[kind][1](str(path), key)
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("key", [None, KEY])
def test_what_was_written_is_read(tmp_path, kind, key):
    make, read = FILES[kind]
    make(str(tmp_path / "file"), key)
    assert read(str(tmp_path / "file"), key)


def test_the_key_must_be_the_one_it_was_made_with(tmp_path, kind):
    make = FILES[kind][0]
    make(str(tmp_path / "signed"), KEY)
    make(str(tmp_path / "bare"), None)
    assert "is signed, and the key is not given. Set plan_key" in refused(kind, tmp_path / "signed", None)
    assert "changed after it was made" in refused(kind, tmp_path / "signed", "another")
    assert "not signed" in refused(kind, tmp_path / "bare", KEY) or "no seal" in refused(kind, tmp_path / "bare", KEY)


def edited(text: str) -> list[str]:
    """The same with one digit or letter of a value changed, at every place where it stays JSON."""
    found = []
    for old, new in (("Chief", "Admin"), ("E1", "E9"), ("948", "949"), ("applied", "refused"), ("created", "deleted"), ("step 1", "step 9"),
                     ("2026-03-02", "2026-03-09"), ('"seal": "', '"seals": "'), ('"kind"', '"kinds"'), ("hmac-sha256", "hmac-sha512")):
        for number in range(text.count(old)):
            parts = text.split(old)
            found.append(old.join(parts[:number + 1]) + new + old.join(parts[number + 1:]))
    return found


def test_every_value_is_sealed(tmp_path, kind):
    path = tmp_path / "file"
    FILES[kind][0](str(path), KEY)
    texts = edited(path.read_text(encoding="utf-8"))
    assert len(texts) > 2
    for text in texts:
        path.write_text(text, encoding="utf-8")
        refused(kind, path, KEY)


@pytest.mark.parametrize("kind", LINES)
def test_no_line_is_taken_out_or_moved_or_doubled(tmp_path, kind):
    path = tmp_path / "file"
    FILES[kind][0](str(path), KEY)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for number in range(len(lines) - 1):
        first, second = lines[number], lines[number + 1]
        for changed in ([*lines[:number], *lines[number + 1:]], [*lines[:number], second, first, *lines[number + 2:]],
                        [*lines[:number], first, first, *lines[number + 1:]]):
            path.write_text("".join(changed), encoding="utf-8")
            refused(kind, path, KEY)


@pytest.mark.parametrize("kind", LINES)
def test_no_line_is_added(tmp_path, kind):
    """Also none without its end, as a killed run leaves one."""
    path = tmp_path / "file"
    FILES[kind][0](str(path), KEY)
    text = path.read_text(encoding="utf-8")
    forged = text.splitlines()[-1].replace("E2", "E7").replace("step 2", "step 7").replace('"index": 2', '"index": 0')
    path.write_text(text + forged + "\n", encoding="utf-8")
    refused(kind, path, KEY)
    if kind in ("journal", "ledger"):
        path.write_text(text, encoding="utf-8")
        before = FILES[kind][1](str(path), KEY)
        path.write_text(text + forged, encoding="utf-8")
        assert FILES[kind][1](str(path), KEY) == before


def test_an_outcome_that_lacks_accounts_is_refused(tmp_path):
    path = tmp_path / "outcome.jsonl"
    make_outcome(str(path), KEY)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for count in range(len(lines)):
        path.write_text("".join(lines[:count]), encoding="utf-8")
        assert "its end is missing" in refused("outcome", path, KEY)


def test_a_line_of_one_kind_of_file_is_none_of_another(tmp_path):
    make_letters(str(tmp_path / "letters"), KEY)
    assert "changed after it was made" in refused("ledger", tmp_path / "letters", KEY)


def test_a_ledger_that_a_killed_run_has_cut_off_goes_on(tmp_path):
    path = tmp_path / "ledger"
    make_ledger(str(path), KEY)
    path.write_bytes(path.read_bytes()[:-20])
    assert set(step_ledger.read(str(path), KEY).steps) == {"step 0", "step 1"}
    step_ledger.add(str(path), [step_ledger.step_entry("step 9", DAY)], KEY)
    assert set(step_ledger.read(str(path), KEY).steps) == {"step 0", "step 1", "step 9"}


@pytest.mark.parametrize("kind_of_seal", ["sha512", "", None, 5, ["sha256"], {}])
def test_another_kind_of_seal_is_none(kind_of_seal):
    data = json.loads("".join(plan_file.sealed_text(plan(), None)))
    data["seal"]["kind"] = kind_of_seal
    with pytest.raises(HrisError, match="the plan has no seal"):
        plan_file.read_plan([json.dumps(data)], "plan.json", None)


def guard(company, folder, records, key, **options):
    given = {"file": str(folder / "profile.json"), "last": None, "fewer": 10, "empty": 20, "duplicate_keys": 10, "new_values": "report", "accept": False}
    return feed_guard.FeedGuard(given | options, records, company.rules(), key)


def test_a_profile_that_somebody_made_is_not_believed_until_the_feed_is_accepted(company, tmp_path):
    records = [company.employee(str(number)) for number in range(20)]
    guard(company, tmp_path, records, KEY).remember()
    guard(company, tmp_path, records, KEY)
    make_profile(str(tmp_path / "profile.json"), None)
    with pytest.raises(HrisError, match="set guard.accept for one run"):
        guard(company, tmp_path, records, KEY)
    guard(company, tmp_path, records, KEY, accept=True).remember()
    guard(company, tmp_path, records, KEY)
