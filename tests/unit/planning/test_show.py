# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Diffs and summaries: readable, bounded, and without what is to be hidden."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.model import actions
from ansible_collections.hris.ad.plugins.module_utils._hris.model.findings import Finding
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    Change,
    Plan,
    PlanDomain,
    ValueChange,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.summary import (
    diffs,
    done_words,
    in_file,
    made_sentence,
    report,
    sentence,
    summary,
)


def plan(*changes, findings=()):
    counts = {}
    for entry in changes:
        counts[entry.action] = counts.get(entry.action, 0) + 1
    return Plan(["elmo"], "", PlanDomain("", "", ""), list(changes), list(findings), [], {"active": 1}, counts, {})


def update(key="1", before=("a",), after=("b",)):
    return change("update", key, {"title": ValueChange(list(before), list(after))})


def change(action, key="1", attributes=None, **more):
    return Change(action, "elmo", key, f"guid-{key}", f"CN={key}", "", attributes or {}, **more)


def test_one_account_one_diff():
    moved = change("move", to="CN=1,OU=x")
    given = change("group_add", group="CN=g")
    taken = change("group_remove", group="CN=h")
    off = change("disable", attributes={"userAccountControl": ValueChange(["512"], ["514"])})
    (one,) = diffs([update(), off, moved, given, taken], frozenset(), 10)
    assert one == {"before_header": "1 CN=1", "after_header": "1 CN=1 (update, disable, move, group_add, group_remove)",
                   "before": "title: a\naccount: enabled\ndn: CN=1\ngroup: CN=h\n", "after": "title: b\naccount: disabled\ndn: CN=1,OU=x\ngroup: CN=g\n"}


def test_a_value_that_stays_is_no_difference_wherever_the_server_lists_it():
    addresses = ValueChange(["smtp:old@x.y", "SIP:a@x.y", "SMTP:a@x.y"], ["SMTP:a@x.y", "smtp:new@x.y", "SIP:a@x.y"])
    (one,) = diffs([change("update", attributes={"proxyAddresses": addresses})], frozenset(), 10)
    lines = [one[side].replace("proxyAddresses: ", "").split() for side in ("before", "after")]
    assert lines == [["smtp:old@x.y", "SIP:a@x.y", "SMTP:a@x.y"], ["SIP:a@x.y", "SMTP:a@x.y", "smtp:new@x.y"]]


def test_deleted_and_scrambled():
    gone = change("delete")
    locked = change("disable", "2", random_password=True)
    first, second = diffs([gone, locked], frozenset(), 10)
    assert (first["before"], first["after"]) == ("dn: CN=1\n", "") and second["after"] == "password: (random, shown to nobody)\n"


def test_hidden_values():
    (one,) = diffs([update()], frozenset({"title"}), 10)
    assert (one["before"], one["after"]) == ("title: (hidden)\n", "title: (hidden)\n")
    (one,) = diffs([update(before=())], frozenset({"title"}), 10)
    assert (one["before"], one["after"]) == ("", "title: (hidden)\n")


def test_bounded_by_number_and_size():
    many = diffs([update(str(number)) for number in range(50)], frozenset(), 10)
    assert len(many) == 11 and "and 40 more accounts" in many[-1]["after"]
    large = diffs([update(str(number), after=("x y " * 250,)) for number in range(2000)], frozenset(), 5000)
    assert sum(len(text) for one in large for text in one.values()) < 250_000 and "more accounts" in large[-1]["after"]


def test_summary_and_sentence():
    made = plan(update(), update("2"), findings=[Finding("held", ""), Finding("held", "")])
    assert summary(made) == {"people": {"active": 1}, "changes": {"update": 2}, "accounts": 2, "findings": {"held": 2}, "matched": {},
                             "open_access": {}}
    assert sentence(made) == "elmo: 2 update; 2 findings"
    assert sentence(plan()) == "elmo: nothing to change"


def test_after_a_run_texts_speak_of_what_was_made():
    planned = plan(*(change("create", f"E{number}") for number in range(13)), findings=[Finding("held", "it is held", key="9")])
    made = planned.changes[:2]
    assert summary(planned, made)["changes"] == {"create": 2} and summary(planned, made)["accounts"] == 2
    assert summary(planned, [])["changes"] == {} and summary(planned, [])["accounts"] == 0
    assert made_sentence(planned, made) == "elmo: 2 accounts created; 1 finding"
    assert made_sentence(planned, []) == "elmo: nothing was changed; 1 finding"
    assert made_sentence(plan(), []) == "elmo: nothing to change"
    assert report(planned, 5, made_sentence(planned, made)) == ["elmo: 2 accounts created; 1 finding", "error: 9: it is held"]
    assert sentence(planned, made) == "elmo: 2 create; 1 finding", "in check mode, of what would be made"


def test_the_words_for_every_action():
    assert done_words({"group_add": 1200, "create": 1, "disable": 2}) == "1 account created, 2 disabled, 1,200 memberships given"
    assert all(done_words({name: 1}) for name in actions.NAMES) and done_words({}) == ""


@pytest.mark.parametrize("where, expected", [
    (in_file("/s/plans/x.json"), "the plan file /s/plans/x.json has them all"),
    (in_file("/s/x.jsonl", "the journal"), "the journal /s/x.jsonl has them all"),
    (in_file(None), "no plan file that lasts has them: set plan_dest, or raise report_limit"),
    (in_file(""), "no plan file that lasts has them: set plan_dest, or raise report_limit"),
    (in_file("/s/\u202eplans\n"), "the plan file /s/\\u202eplans\\n has them all"),
])
def test_where_all_are_is_said_as_it_is(where, expected):
    many = diffs([update(str(number)) for number in range(5)], frozenset(), 2, rest=where)
    assert many[-1]["after"] == f"and 3 more accounts; {expected}\n"
    found = plan(findings=[Finding(f"kind{number}", f"{'abcde'[number]} is wrong") for number in range(5)])
    assert report(found, 2, rest=where)[-1] == f"and 3 more findings; {expected}"
    if not where.startswith("no plan"):
        assert "has them all" not in str(diffs([update(str(number)) for number in range(5)], frozenset(), 2)) + str(report(found, 2))
