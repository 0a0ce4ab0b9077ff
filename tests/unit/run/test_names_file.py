# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of the names ledger: read as it was written, believed only with its key, and two runs at once."""
from __future__ import annotations

import copy
import json
import stat
from datetime import date

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.model.kept_state import (
    DOMAIN,
    NAMES,
    KeptSource,
    KeptState,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.names_ledger import GivenName
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import Outcome
from ansible_collections.hris.ad.plugins.module_utils._hris.planning import plan as planning
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.lost_state import lost_names
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of
from ansible_collections.hris.ad.plugins.module_utils._hris.run.names_file import (
    new_names,
    read_names,
    write_names,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.names_of_run import NamesOfRun
from ansible_collections.hris.ad.plugins.module_utils._hris.run.names_options import (
    ARGUMENTS,
    NamesOptions,
    taken_names,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.simulation.application import (
    apply_simulated,
)

KEY = "0123456789abcdef" * 2
DN = "DC=corp,DC=example"


def options(**given):
    checked = ArgumentSpecValidator({"names": ARGUMENTS}).validate({"names": copy.deepcopy(given)})
    assert not checked.error_messages, checked.error_messages
    return NamesOptions.from_params(checked.validated_parameters["names"])


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "names.ledger")


@pytest.fixture
def written(path):
    stored = new_names(DN, KEY)
    ledger = stored.ledger()
    owner, other = frozenset({ledger.hashes.account("g"), ledger.hashes.person("elmo", "1")}), frozenset({ledger.hashes.account("h")})
    ledger.names = {ledger.hashes.name("mail", text): one for text, one in {
        "a": GivenName(owner), "b": GivenName(owner, "2026-03-02"), "c": GivenName(other, "2026-03-01", True), "d": GivenName(owner, "2026-03-02")}.items()}
    ledger.seen = "f" * 32
    write_names(path, KEY, stored, ledger)
    return ledger


def test_read_as_written(path, written, tmp_path):
    stored = read_names(path, KEY)
    assert stored.ledger().names == written.names and stored.seen == "f" * 32 and stored.domain == DN
    assert stat.S_IMODE((tmp_path / "names.ledger").stat().st_mode) == 0o600
    write_names(path, KEY, stored, stored.ledger())
    assert read_names(path, KEY).ledger().names == written.names
    assert read_names(str(tmp_path / "none"), KEY) is None


@pytest.mark.parametrize(("change", "words"), [
    (lambda text: text[:-3] + "0\n", "the names ledger is damaged"),
    (lambda text: text.replace('"seen": "f', '"seen": "0'), "the names ledger was changed after it was made"),
    (lambda text: text + "x y\n", "the names ledger is damaged"),
    (lambda text: text.partition("\n")[0], "the names ledger is damaged"),
    (lambda text: text[:40], "it has not the format"),
    (lambda text: '{"format": "hris.ad names 1"}\n', "its first line is not complete"),
    (lambda text: "[1]\n", "it has not the format"),
    (lambda text: "", "it has not the format"),
    (lambda text: json.dumps({**json.loads(text.partition("\n")[0]), "seal": {"kind": "sha256", "value": "0"}}) + "\n", "is not signed"),
])
def test_what_is_not_believed(path, written, change, words, tmp_path):
    file = tmp_path / "names.ledger"
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(HrisError, match=words) as error:
        read_names(path, KEY)
    assert str(path) in str(error.value)


def test_another_key(path, written):
    with pytest.raises(HrisError, match="was made with another key"):
        read_names(path, "x" * 32)


@pytest.mark.parametrize(("given", "words"), [
    ({"reuse_after_days": "never", "key": KEY}, "names.ledger: the names ledger has no file"),
    ({"reuse_after_days": "never", "ledger": "/x"}, "names.key: there is no key"),
    ({"reuse_after_days": "never", "ledger": "/x", "key": "short"}, "it has 5 characters"),
    ({"reuse_after_days": "0", "ledger": "/x", "key": KEY}, "'0' is no number of days"),
    ({"reuse_after_days": "-3", "ledger": "/x", "key": KEY}, "is no number of days"),
    ({"reuse_after_days": "always", "ledger": "/x", "key": KEY}, "Write a number of days, at least 1, or never"),
    ({"key": KEY}, "there is none"),
    ({"released": ["x"]}, "there is none"),
    ({"global_catalogue": ["gc1"]}, "the forest is not asked"),
])
def test_options_that_do_nothing_or_cannot_work(given, words):
    with pytest.raises(HrisError, match=words):
        options(**given)


def test_the_options():
    assert options().is_empty and options(reuse_after_days="", ledger="", key="", taken_file="").is_empty
    assert (options(reuse_after_days="never", ledger="/x", key=KEY).reuse_after, options(reuse_after_days=30, ledger="/x", key=KEY).reuse_after) == (None, 30)
    assert not options(forest=True).is_empty and not options(taken_file="/x").is_empty


def test_the_file_of_another_system(tmp_path):
    (tmp_path / "taken").write_text("\ufeff# old\nJSmith \n\nSMTP:Ann@Example.com\nzoë@example.com\n", encoding="utf-8")
    assert taken_names(str(tmp_path / "taken")) == {"jsmith", "ann@example.com", "zoe@example.com"}


@pytest.fixture
def begin(company, path):
    """begin(employees, snapshot) -> (the names of a run that has begun, its plan)."""
    naming = {"candidates": ["{left(ascii(givenName), 1)}{ascii(sn)}"], "attributes": {"sAMAccountName": "{lower(name)}", "cn": "{displayName}"}}

    def run(employees, snapshot, day="2026-03-02", **more):
        names = NamesOfRun(options(reuse_after_days="never", ledger=path, key=KEY, **more))
        rules = company.rules(naming=naming)
        names.begin(snapshot, [rules], date.fromisoformat(day))
        plan = planning.make_plan([people_of(employees, rules, company.as_of)], snapshot, company.as_of, former=names.former).plan
        return names, plan
    return run


def test_two_runs_at_once_do_not_give_one_name(begin, company, path):
    snapshot = company.snapshot()
    first, plan = begin([company.employee("1")], snapshot)
    second, other = begin([company.employee("2")], snapshot)
    assert first.reserve(plan, plan.changes) == {}
    refused = second.reserve(other, other.changes)
    assert list(refused.values()) == ["the name 'alee' was reserved for somebody on 2026-03-02"]
    third, again = begin([company.employee("1")], snapshot)
    assert third.reserve(again, again.changes) == {}, "the same person, after a run that was killed"
    assert third.findings == [] and [one.kind for one in first.findings] == ["names_ledger"]


def test_nothing_is_written_where_nothing_is_new(begin, company, path, tmp_path):
    names, plan = begin([company.employee("1")], company.snapshot())
    names.reserve(plan, plan.changes)
    there = apply_simulated(company.snapshot(), plan.changes)
    for expected in (True, False):
        before = (tmp_path / "names.ledger").stat().st_ino
        names, again = begin([company.employee("1")], there)
        assert again.changes == [] and names.reserve(again, []) == {}
        assert ((tmp_path / "names.ledger").stat().st_ino != before) is expected


def test_what_was_refused_is_free_again(begin, company):
    names, plan = begin([company.employee("1")], company.snapshot())
    names.reserve(plan, plan.changes)
    names.settle(plan, plan.changes, [Outcome("refused", "no", "constraintViolation"), *[Outcome("skipped")] * (len(plan.changes) - 1)])
    _names, other = begin([company.employee("2")], company.snapshot())
    assert other.changes[0].attributes["sAMAccountName"].after == ["alee"]
    lost, plan = begin([company.employee("1")], company.snapshot())
    lost.reserve(plan, plan.changes)
    lost.settle(plan, plan.changes, [Outcome("refused", "lost", "connectionLost"), *[Outcome("skipped")] * (len(plan.changes) - 1)])
    _names, other = begin([company.employee("2")], company.snapshot())
    assert other.changes[0].attributes["sAMAccountName"].after == ["alee2"], "it may have been created"


def test_a_ledger_of_another_domain(begin, company, path):
    names, plan = begin([company.employee("1")], company.snapshot())
    names.reserve(plan, [])
    snapshot = company.snapshot()
    snapshot.domain.dn = "DC=other"
    with pytest.raises(HrisError, match="is of the domain DC=corp,DC=example, and this one is DC=other"):
        begin([company.employee("1")], snapshot)


@pytest.mark.parametrize(("known", "exists", "marked", "words"), [
    (None, True, {"elmo": 3}, None),
    (None, False, {}, None),
    (None, False, {"elmo": 0}, None),
    (None, False, {"elmo": 3}, "But 3 accounts have the mark of elmo"),
    (KeptState("2026-01-01", {DOMAIN: KeptSource("2026-01-01")}), False, {"elmo": 3}, None),
    (KeptState("2026-01-01", {DOMAIN: KeptSource("2026-01-01", {NAMES: "2026-02-01T00:00:00"})}), False, {}, "the names ledger that runs keep since 2026-02-01"),
])
def test_when_a_ledger_is_lost(known, exists, marked, words):
    found = lost_names(known, "/s/names.ledger", exists, marked)
    assert (found is None) if words is None else (words in found.message and found.message.startswith("/s/names.ledger is not there"))
