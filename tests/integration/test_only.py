"""A run for some people only, on a real domain: rich accounts, references, files of the run, and what the domain controller was asked."""
from __future__ import annotations

import json
import sys
import time

import pytest
from few import few
from hr_playbook import run as playbook
from test_apply_plan import site  # noqa: F401  (the fixture)
from test_sync_module import LEAVERS, RULES, STAFF, employee
from test_work_done import options, run  # noqa: F401  (fixtures)

RICH = {
    "source": "only",
    "mapping": RULES["mapping"] | {"description": "note"},
    "naming": {"candidates": ["{ascii(givenName)}.{ascii(sn)}"], "rename": ["cn", "sAMAccountName", "mail"],
               "attributes": {"sAMAccountName": "{lower(name)}", "mail": "{lower(name)}@example.com", "cn": "{displayName}"}},
}


def staff(prefix, **changes):
    """A head with two reports, and one more; changes: {number: fields}."""
    people = [employee(f"{prefix}0", "Hed", f"{prefix}zero", title="Head", note="h"),
              employee(f"{prefix}1", "Ann", f"{prefix}one", manager=f"{prefix}0", note="a"),
              employee(f"{prefix}2", "Bo", f"{prefix}two", manager=f"{prefix}0", note="b"),
              employee(f"{prefix}3", "Cy", f"{prefix}three", manager=f"{prefix}1", note="c")]
    return [person | changes.get(f"n{number}", {}) for number, person in enumerate(people)]


def account_of(read, key):
    """All that the directory holds of an account, but what the server itself counts."""
    found = read(f"(employeeID={key})")
    return {name: sorted(values) for name, values in found.items() if name not in ("uSNChanged", "whenChanged", "dSCorePropagationData")}


def test_one_leaver_now(site, clean, read):  # noqa: F811
    """HR changes everybody; one is made. The others are, to the last attribute, as they were."""
    site.sync(staff("a"), **RICH)
    site.sync(staff("a", n1={"last": "Amoved"}), **RICH)  # an alias: the former address
    before = {key: account_of(read, key) for key in ("a0", "a1", "a2", "a3")}
    assert len(before["a1"]["proxyAddresses"]) == 2 and before["a0"]["directReports"] and len(before["a0"]["memberOf"]) == 2
    feed = staff("a", n0={"end": "2026-01-31"}, n1={"last": "Amoved", "end": "2026-01-31"}, n2={"title": "Head", "last": "Aother"}, n3={"note": "new"})
    checked = site.sync(feed, check=True, only=["a1"], **RICH)
    assert checked["changed"] and checked["writes"] == [] and checked["summary"]["changes"] == {"disable": 1, "group_remove": 1, "move": 1}
    done = site.sync(feed, only=["a1"], **RICH)
    assert done["diff"] == checked["diff"] and done["digest"] == checked["digest"] and not done.get("failed"), done
    assert done["summary"]["people"] == {"leaver": 1} and done["summary"]["accounts"] == 1 and done["brief"]["only"] == 1
    assert "only for 1 person" in done["msg"] and "Only for 1 person." in done["chat"]
    assert [(one["kind"], one["key"], one["severity"]) for one in done["findings"]] == [
        ("reports", "a1", "warning"), ("not_selected", None, "warning")], "a0 is to be disabled too"
    assert {write["dn"] for write in done["writes"]} - {None} <= {before["a1"]["dn"][0], f"CN=Ann Amoved,{LEAVERS}", "CN=All Staff,OU=Groups,DC=corp,DC=example"}
    gone = account_of(read, "a1")
    assert gone["userAccountControl"] == ["514"] and gone["dn"] == [f"CN=Ann Amoved,{LEAVERS}"] and "memberOf" not in gone
    assert gone["proxyAddresses"] == before["a1"]["proxyAddresses"] and gone["directReports"] == before["a1"]["directReports"]
    assert account_of(read, "a2") == before["a2"] and account_of(read, "a0") == before["a0"] | {"directReports": sorted(
        [f"CN=Ann Amoved,{LEAVERS}", before["a2"]["dn"][0]])}
    assert account_of(read, "a3") == before["a3"] | {"manager": gone["dn"]}
    again = site.sync(feed, only=["only:A1"], **RICH)
    assert not again["changed"] and again["writes"] == [] and again["digest"] != done["digest"]
    rest = site.sync(feed, **RICH)
    assert rest["summary"]["changes"]["disable"] == 1 and not site.sync(feed, **RICH)["changed"], "the run for everybody finds what is left"


def test_the_same_accounts_one_by_one_and_at_once(site, clean, read):  # noqa: F811
    """Joiners, a mover, and a manager who comes later: after all, the directory is as one run for everybody leaves it."""
    feed = staff("b")
    first = site.sync(feed, only=["b1", "b3"], **RICH)
    assert sorted((one["kind"], one["key"]) for one in first["findings"]) == [("waiting", "b1")], "b0 is not created, b1 is"
    assert read("(employeeID=b1)").get("manager") is None and read("(employeeID=b3)")["manager"] == [f"CN=Ann bone,{STAFF}"]
    assert read("(employeeID=b0)") is None
    for key in ("b0", "b2", "b1"):
        site.sync(feed, only=[key], **RICH)
    assert read("(employeeID=b1)")["manager"] == [f"CN=Hed bzero,{STAFF}"]
    whole = site.sync(feed, **RICH)
    assert not whole["changed"] and whole["writes"] == []


def test_an_empty_list_and_keys_of_nobody(site, clean):  # noqa: F811
    nothing = site.sync(staff("c"), only=[], **RICH)
    assert not nothing.get("failed") and not nothing["changed"] and nothing["writes"] == [] and nothing["brief"]["only"] == 0
    unknown = site.sync(staff("c"), only=["c404", "icehrm:c1"], **RICH)
    assert [(one["kind"], one["key"], one["severity"]) for one in unknown["findings"]] == [("unknown_key", key, "error") for key in ("c404", "icehrm:c1")]
    assert unknown["writes"] == [] and not unknown["changed"]
    for wrong, words in (({"only": [""]}, "empty"), ({"only": ["c1"], "shard": {"part": 1, "of": 2}}, "together")):
        refused = site.sync(staff("c"), **RICH, **wrong)
        assert refused["failed"] and words in refused["msg"] and refused["writes"] == []


def test_a_leaver_whom_hr_has_removed(site, clean, read):  # noqa: F811
    absent = {"absent": {"action": "disable", "grace_days": 3}}
    site.sync(staff("d"), **RICH, **absent)
    rest = staff("d")[:3]
    marked = site.sync(rest, only=["d3"], **RICH, **absent)
    assert marked["summary"]["changes"] == {"update": 1} and read("(employeeID=d3)")["userAccountControl"] == ["512"]
    assert [one["kind"] for one in marked["findings"]] == ["absent"]
    locked = site.sync(rest, only=["d3"], as_of="2026-03-09", **RICH, **absent)
    assert locked["summary"]["changes"]["disable"] == 1 and read("(employeeID=d3)")["userAccountControl"] == ["514"]


def test_files_of_the_run(site, clean, read):  # noqa: F811
    """Plan file, approval, journal, undo, outcome file and report are those of a plan for these people."""
    site.sync(staff("e"), **RICH)
    feed = staff("e", n1={"end": "2026-01-31"}, n2={"title": "Chief"})
    outcome = str(site.folder / "outcome.jsonl")
    whole = site.sync(feed, check=True, **RICH)
    planned = site.sync(feed, check=True, only=["e1"], plan_dest=site.plan, **RICH)
    stored = json.loads((site.folder / "plan.json").read_text(encoding="utf-8"))
    assert stored["only"] == ["only:e1"] and stored["digest"] == planned["digest"] != whole["digest"]
    refused = site.sync(feed, only=["e1"], approved_digest=whole["digest"], **RICH)
    assert refused["failed"] and "not the approved plan" in refused["msg"] and refused["writes"] == []
    other = site.sync(feed, only=["e2"], approved_digest=planned["digest"], **RICH)
    assert other["failed"] and other["writes"] == []
    before = account_of(read, "e1")
    done = site.sync(feed, only=["e1"], approved_digest=planned["digest"], limits={"disable": {"count": 0}}, journal=site.journal, undo_dest=site.undo,
                     outcome_dest=outcome, **RICH)
    assert done["changed"] and read("(employeeID=e1)")["userAccountControl"] == ["514"]
    shown, states = site.report()
    assert not shown.get("failed") and {key for key, _action in states} == {"e1"} and set(states.values()) == {"applied"}
    assert "only for 1 person" in (site.folder / "report.md").read_text(encoding="utf-8")
    assert [json.loads(line)["key"] for line in (site.folder / "outcome.jsonl").read_text(encoding="utf-8").splitlines()] == ["e1"]
    undone = site.apply(src=site.undo)
    assert not undone.get("failed"), undone
    after = account_of(read, "e1")
    assert {name: after[name] for name in ("dn", "memberOf", "manager", "userAccountControl")} == {name: before[name] for name in (
        "dn", "memberOf", "manager", "userAccountControl")}
    applied = site.apply()
    assert applied["applied"] == 3 and read("(employeeID=e1)")["userAccountControl"] == ["514"] and read("(employeeID=e2)")["title"] == ["Clerk"]


def test_explained(site, clean):  # noqa: F811
    feed = staff("f", n1={"title": "Chief"})
    mine = site.sync(feed, only=["f1"], explain="f1", **RICH)
    assert mine["explanation"]["key"] == "f1" and mine["writes"] == []
    other = site.sync(feed, only=["f1"], explain="f2", **RICH)
    assert other["failed"] and "'f2'" in other["msg"] and "only" in other["msg"]


def test_the_guard_compares_and_keeps_nothing(site, clean):  # noqa: F811
    """Else a feed that loses a few with every event would never be compared with the one of yesterday."""
    profile = site.folder / "profile.json"
    guard = {"guard": {"file": str(profile), "fewer": 10, "empty": 100}}
    feed = [employee(f"g{number}", "Gu", f"Ard{number}", note="n") for number in range(40)]
    site.sync(feed, **RICH, **guard)
    kept = profile.read_bytes()
    fewer = site.sync(feed[:37], only=["g1"], **RICH, **guard)
    assert not fewer.get("failed") and profile.read_bytes() == kept and "feed_profiles" not in fewer
    stopped = site.sync(feed[:34], only=["g1"], **RICH, **guard)
    assert stopped["failed"] and "not like the last good one" in stopped["msg"] and stopped["writes"] == []
    new = site.sync([feed[0] | {"title": "Robot"}, *feed[1:]], **RICH, **guard)
    assert "new_value" in {one["kind"] for one in new["findings"]}, "what the guard has seen is a finding"


def test_the_limits_of_the_feed_stop_it(site, clean):  # noqa: F811
    feed = [employee(f"h{number}", "Li", f"Mit{number}", note="n") for number in range(20)]
    site.sync(feed, **RICH)
    stopped = site.sync(feed[:10] + [feed[10] | {"end": "2026-01-01"}], only=["h10"], limits={"absent": {"percent": 10}}, **RICH)
    assert stopped["failed"] and "absent from the feed" in stopped["msg"] and stopped["writes"] == []


def test_the_same_reads_as_a_run_for_everybody_and_writes_for_one(clean, run):  # noqa: F811
    """Operations are counted: one person costs what a run without changes costs, and the writes."""
    clean.reset()
    people = [employee(number, f"First{number % 40}", f"Last{number}", manager="0" if number else None) for number in range(300)]
    run(people)
    _again, nothing = run(people)
    gone = [people[0], people[1] | {"end": "2026-01-31"}, *(person | {"title": "Chief"} for person in people[2:])]
    mark = clean.mark()
    done, one = run(gone, only=["1"])
    written = {(write["dn"] or "").partition(",")[0] for write in clean.writes_since(mark)}  # it notes a rename without its DN
    assert done["summary"]["changes"] == {"disable": 1, "group_remove": 1, "move": 1} and written <= {"CN=First1 Last1", "CN=All Staff", ""}
    writes = 3
    checks = one["operations"] - nothing["operations"] - writes
    assert 0 <= checks <= 12, "what is checked again before writing is for one person, not for 300"
    assert one["received"] <= nothing["received"] + 50_000


@pytest.mark.parametrize("given", few(["p1, p3", "p1\np3\n", ["p1", "parts:p3"], "", [], None], 2))
def test_as_the_role_hands_it_on(clean, service, tmp_path, read, given):
    """A list of an event, and the text of a survey: an empty text is "not given", an empty list is nothing to do."""
    clean.reset()
    feed = staff("p")
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in feed), encoding="utf-8")
    common = {f"lifecycle_{name}": value for name, value in (RULES | RICH | {"source": "parts"}).items()} | {
        "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
        "lifecycle_employees_file": str(tmp_path / "feed.jsonl"), "lifecycle_directory": service, "lifecycle_recent": str(tmp_path / "recent.json")}
    (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"one": {}}, "vars": common}}), encoding="utf-8")
    done = playbook(tmp_path, ["-i", "hosts.json", "-e", json.dumps({"lifecycle_only": given}), "hris.ad.sync"], {})
    assert done["stats"]["failures"] == 0, done["output"][-3000:]
    made = {key for key in ("p0", "p1", "p2", "p3") if read(f"(employeeID={key})")}
    assert made == ({"p0", "p1", "p2", "p3"} if given in ("", None) else set() if given == [] else {"p1", "p3"}), done["output"][-2000:]


@pytest.mark.long
def test_from_hr_to_the_locked_account(clean, service, tmp_path, read, capsys):
    """The time is printed for the documentation, and not asserted."""
    clean.reset()
    feed = [employee(number, f"First{number % 40}", f"Last{number}", note="n", manager="0" if number else None) for number in range(1000)]
    common = {f"lifecycle_{name}": value for name, value in (RULES | RICH).items()} | {
        "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
        "lifecycle_employees_file": str(tmp_path / "feed.jsonl"), "lifecycle_directory": service, "lifecycle_recent": str(tmp_path / "recent.json")}
    (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"one": {}}, "vars": common}}), encoding="utf-8")

    def play(people, *more):
        (tmp_path / "feed.jsonl").write_text("".join(json.dumps(person) + "\n" for person in people), encoding="utf-8")
        begun = time.monotonic()
        done = playbook(tmp_path, ["-i", "hosts.json", *more, "hris.ad.sync"], {})
        assert done["stats"]["failures"] == 0, done["output"][-3000:]
        return time.monotonic() - begun

    play(feed)
    nothing = play(feed)
    one = play([person | ({"end": "2026-01-31"} if person["number"] == "7" else {}) for person in feed], "-e", json.dumps({"lifecycle_only": ["7"]}))
    assert read("(employeeID=7)")["userAccountControl"] == ["514"]
    with capsys.disabled():
        sys.stdout.write(f"\n1,000 people: a run without changes {nothing:.1f} s, one leaver with lifecycle_only {one:.1f} s\n")
