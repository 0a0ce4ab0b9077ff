"""State that is not there: what is known of earlier runs, and what a run says about it."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.directory import Account
from ansible_collections.hris.ad.plugins.module_utils._hris.model.kept_state import (
    DOMAIN,
    GUARD,
    LEDGER,
    RECENT,
    KeptSource,
    KeptState,
    state_from_json,
    state_to_json,
    with_file,
    with_run,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.lost_state import (
    KeptFile,
    lost_state,
    marked_accounts,
)

OLD, NOW = "2026-01-05T04:00:00+00:00", "2026-03-02T04:00:00+00:00"
KNOWN = KeptState(OLD, {"elmo": KeptSource(OLD, {GUARD: OLD, LEDGER: NOW}), "icehrm": KeptSource(NOW)})
ELSEWHERE = ": earlier runs kept it elsewhere, or it is lost"


def kept(guard=None, ledger=None, path="/s/elmo"):
    """What a source keeps; None: not configured."""
    given = {GUARD: guard, LEDGER: ledger}
    return [KeptFile(kind, f"{path}/{kind}", exists) for kind, exists in given.items() if exists is not None]


@pytest.mark.parametrize("folder, known, files, marked, expected", [
    # the first run
    ("/s", None, {"elmo": kept(False, False)}, {}, []),
    ("/s", None, {"elmo": []}, {"icehrm": 3}, []),
    # the folder is new, but its accounts are not
    ("/s", None, {"elmo": kept(False, False)}, {"elmo": 1}, ["/s has no state of earlier runs. But 1 account has the mark of elmo" + ELSEWHERE]),
    ("/s", None, {"elmo": [], "icehrm": []}, {"elmo": 1200, "icehrm": 34},
     ["/s has no state of earlier runs. But 1,234 accounts have the mark of elmo and icehrm" + ELSEWHERE]),
    # all is there, or was never kept
    ("/s", KNOWN, {"elmo": kept(True, True), "icehrm": kept(False, False)}, {"elmo": 9, "icehrm": 9}, []),
    ("/s", KNOWN, {"elmo": kept(True)}, {"elmo": 9}, []),
    ("/s", KNOWN, {"elmo": []}, {"elmo": 9}, []),
    # a file is lost, also when all accounts of the source are gone
    ("/s", KNOWN, {"elmo": kept(False, True)}, {},
     ["the profile of its last good feed is not there any more, which runs have kept in /s/elmo/guard since 2026-01-05: this feed is compared with nothing"]),
    ("/s", KNOWN, {"elmo": kept(True, False)}, {"elmo": 9},
     ["its step ledger is not there any more, which runs have kept in /s/elmo/ledger since 2026-03-02: what earlier steps have done is not known, "
      "and steps that were due are not done"]),
    # a source whose state was elsewhere
    ("/s", KNOWN, {"payroll": kept(False)}, {"payroll": 2}, ["/s has no state of earlier runs of payroll. But 2 accounts have the mark of payroll" + ELSEWHERE]),
    ("/s", KNOWN, {"payroll": kept(False)}, {}, []),
    # a file of the whole domain
    ("/s", with_file(KNOWN, DOMAIN, RECENT, OLD), {"elmo": kept(True, True), DOMAIN: [KeptFile(RECENT, "/s/recent.json", False)]}, {"elmo": 9},
     ["the file of what runs have written lately is not there any more, which runs have kept in /s/recent.json since 2026-01-05: what they have written "
      "does not count for the limits"]),
    ("/s", KNOWN, {"elmo": kept(True, True), DOMAIN: [KeptFile(RECENT, "/s/recent.json", False)]}, {"elmo": 9}, []),
    (None, None, {DOMAIN: [KeptFile(RECENT, "/s/recent.json", False)]}, {"elmo": 9}, []),
    # single files without a folder of the domain
    (None, None, {"elmo": kept(False)}, {"elmo": 2},
     ["the profile of its last good feed is not in /s/elmo/guard: this feed is compared with nothing. But 2 accounts have the mark of elmo" + ELSEWHERE]),
    (None, None, {"elmo": kept(True, True)}, {"elmo": 2}, []),
    (None, None, {"elmo": kept(False, False)}, {}, []),
])
def test_what_a_run_says(folder, known, files, marked, expected):
    found = lost_state(folder, known, files, marked)
    assert [one.message for one in found] == expected
    assert {(one.kind, one.severity) for one in found} <= {("new_state", "warning")}


def test_accounts_count_for_the_source_of_their_mark():
    def account(mark, attribute="adminDescription"):
        return Account("g", f"CN={mark}", "S-1", True, 512, 513, False, False, [], {attribute: [mark]})

    accounts = [account("hris.ad source=elmo state=active"), account("hris.ad source=elmo state=disabled since=2026-01-01 contributors=icehrm"),
                account("hris.ad source=icehrm state=active"), account("hris.ad source=other state=active"), account("by hand"),
                account("hris.ad source=payroll state=active", "info")]
    names = {"elmo": "adminDescription", "icehrm": "adminDescription", "payroll": "info"}
    assert dict(marked_accounts(accounts, names)) == {"elmo": 2, "icehrm": 1, "payroll": 1}


def test_the_list_after_runs():
    first = with_run(None, {"elmo": [GUARD]}, OLD, {"elmo": [GUARD, LEDGER]})
    assert first == KeptState(OLD, {"elmo": KeptSource(OLD, {GUARD: OLD})})
    second = with_file(first, "elmo", LEDGER, NOW)
    assert second == KeptState(OLD, {"elmo": KeptSource(OLD, {GUARD: OLD, LEDGER: NOW})})
    other = with_run(second, {"icehrm": []}, NOW, {"icehrm": [GUARD]})
    assert other == KNOWN, "a run of one source says nothing of another one"
    assert with_run(KNOWN, {"elmo": [GUARD, LEDGER], "icehrm": []}, NOW, {"elmo": [GUARD, LEDGER]}) == KNOWN, "nothing new, nothing written"
    without = with_run(KNOWN, {"elmo": [GUARD]}, NOW, {"elmo": [GUARD]})
    assert without.sources["elmo"].files == {GUARD: OLD}, "what is switched off is not missed later"
    assert with_run(KNOWN, {"elmo": []}, NOW, {"elmo": [GUARD, LEDGER]}).sources["elmo"].files == KNOWN.sources["elmo"].files
    assert with_file(None, "elmo", LEDGER, NOW) == KeptState(NOW, {"elmo": KeptSource(NOW, {LEDGER: NOW})})


def test_the_list_as_json():
    assert state_from_json(state_to_json(KNOWN) | {"seal": {}}, "state.json", "Make one") == KNOWN


@pytest.mark.parametrize("damage", [
    {"format": "hris.ad plan 2"}, {"format": None}, {"since": 5}, {"sources": []}, {"sources": {"elmo": {}}}, {"sources": {"elmo": {"since": OLD, "files": 1}}},
    {"sources": {"elmo": {"since": OLD, "files": {GUARD: None}}}}, {"more": 1},
])
def test_a_damaged_list(damage):
    with pytest.raises(HrisError, match="state.json: this is no list of the state of a domain.*Make one"):
        state_from_json(state_to_json(KNOWN) | damage, "state.json", "Make one")
