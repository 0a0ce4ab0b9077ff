# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several sources in one real domain: one plan, people who move between them, sources that fail, and undo."""
from __future__ import annotations

import copy
import json
import re
import shutil

import pytest
from few import few
from hr_playbook import ROOT, run
from test_sync import servers, sync  # noqa: F401  (fixtures)
from test_sync_module import RULES, STAFF, employee

ORDER = ("payroll", "agency")
TAX = {"same": {"tax_number": "tax"}}


def source_of(name, employees, **options):
    rules = {option: value for option, value in copy.deepcopy(RULES).items() if option != "as_of"}
    return rules | {"source": name, "employees": employees, "identity": TAX, "optional_fields": ["tax"]} | options


@pytest.fixture
def together(clean, module, service):
    """together({source: employees}, {source: rules}, check=False, **options of the domain) -> the result of sync, with "writes"."""
    def plan(feeds, rules=None, check=False, **options):
        sources = [source_of(name, employees, **(rules or {}).get(name, {})) for name, employees in feeds.items()]
        mark = clean.mark()
        result = module("sync", check=check, sources=sources, directory=service, **({"as_of": RULES["as_of"]} | options))
        return result | {"writes": clean.writes_since(mark)}
    return plan


@pytest.fixture
def check_do_again(together):
    """The results of a run in check mode, the real one, and one that has nothing to do; all with one digest but the last."""
    def runs(feeds, rules=None, **options):
        checked = together(feeds, rules, check=True, **options)
        done = together(feeds, rules, approved_digest=checked["digest"], **options)
        again = together(feeds, rules, **options)
        assert checked["writes"] == [] and not done.get("failed"), done["msg"]
        assert (checked["digest"], checked["summary"]) == (done["digest"], done["summary"])
        assert (again["changed"], again["writes"], again["diff"]) == (False, [], [])
        return done
    return runs


@pytest.mark.long
def test_the_dry_run_of_both_companies_has_the_names_of_the_real_run(clean, servers, sync, tmp_path):  # noqa: F811
    """examples/both in an empty domain, with the same people's names in both companies: one digest, in check mode and in the real run."""
    clean.reset()
    for person, twin in zip(*(company["people"][:12] for company in (servers["elmo"].company, servers["icehrm"].company)), strict=True):
        twin["first"], twin["last"] = person["first"], person["last"]
    for server in servers.values():
        server.changed()
    inventory = shutil.copytree(ROOT / "examples/both", tmp_path / "both")
    checked = sync(inventory, "--check", "--diff")
    assert (checked["stats"]["failures"], checked["stats"]["changed"], checked["writes"]) == (0, 1, []), checked["output"][-3000:]
    planned = checked["results"]["elmo", "Make the domain follow elmo, icehrm"]
    done = sync(inventory, "-e", f"lifecycle_approved_digest={planned['digest']}")
    made = done["results"]["elmo", "Make the domain follow elmo, icehrm"]
    assert made["digest"] == planned["digest"] and made["applied"] == sum(planned["summary"]["changes"].values()) and made["refused"] == []
    names = {diff["before_header"]: line.partition(": ")[2] for diff in planned["diff"] for line in diff["after"].splitlines() if line.startswith("sAMAccountName")}
    written = clean.search("(adminDescription=hris.ad source=*)", ["sAMAccountName", "adminDescription"])
    assert sorted(names.values()) == sorted(entry["attributes"]["sAMAccountName"][0] for entry in written) and len(names) > 50
    assert any(name[-1].isdigit() for name in names.values()), "names collided"
    again = sync(inventory)
    assert (again["stats"]["failures"], again["stats"]["changed"], again["writes"]) == (0, 0, [])
    assert [bind["done"] for bind in again["binds"]] == [True], "one bind for all sources"
    clean.reset()


@pytest.mark.parametrize(("old", "new"), few([ORDER, ORDER[::-1]]))
def test_hand_over(clean, check_do_again, together, read, old, new):
    """A person with everything that an account can have moves to the other source and keeps the account."""
    clean.reset()
    key, there = f"h-{old}", f"h-{new}-2"
    rules = {old: {"groups": [{"groups": ["Managers"]}]}, new: {"groups": [{"groups": ["All Staff"]}], "placement": [{"ou": f"OU=Finance,{STAFF}"}]}}
    boss = {name: employee(f"{name[:3]}-boss-{old[:3]}", "Boss", name.title()) for name in ORDER}
    first = {old: [boss[old], employee(key, "Hana", old.title(), tax=f"T-{old}", manager=boss[old]["number"])], new: [boss[new]]}
    check_do_again(first, rules)
    before = read(f"(employeeID={key})")
    second = {old: [boss[old], employee(key, "Hana", old.title(), tax=f"T-{old}", end="2026-02-28")],
              new: [boss[new], employee(there, "Hana", old.title(), tax=f"T-{old}", start="2026-03-01", title="Head", manager=boss[old]["number"])]}
    done = check_do_again(second, rules, as_of="2026-03-03")
    assert done["summary"]["changes"] == {"group_add": 1, "group_remove": 1, "move": 1, "take_over": 1, "update": 1}
    assert [account["key"] for account in done["accounts"]["taken_over"]] == [there] and done["accounts"]["disabled"] == []
    after = read(f"(sAMAccountName={before['sAMAccountName'][0]})")
    for name in ("objectGUID", "objectSid", "sAMAccountName", "userPrincipalName", "employeeID", "userAccountControl"):
        assert after[name] == before[name], name
    assert after["adminDescription"] == [f"hris.ad source={new} state=active key={there}"] and after["title"] == ["Head"]
    assert after["manager"] == read(f"(employeeID={boss[old]['number']})")["dn"], "a manager of the other source"
    assert after["memberOf"] == ["CN=All Staff,OU=Groups,DC=corp,DC=example"] and after["dn"] == [f"CN=Hana {old.title()},OU=Finance,{STAFF}"]
    third = {old: [boss[old]], new: second[new]}
    relinked = check_do_again(third, rules, as_of="2026-03-04")
    assert relinked["summary"]["changes"] == {"relink": 1, "update": 1}
    assert read(f"(employeeID={there})")["objectGUID"] == before["objectGUID"]


def test_one_key_of_two_people(check_do_again, read):
    """Situation 78, planned together: the account of the one goes on, and the other one gets nothing of it; also where both are new."""
    feeds = {"payroll": [employee("k1", "Kay", "Own")], "agency": [employee("k1", "Karim", "Osei"), employee("k3", "Nina", "Petrov", manager="k1")]}
    done = check_do_again(feeds)
    assert [(finding["source"], finding["kind"], finding["key"]) for finding in done["findings"] if finding["key"] in ("k1", "k3") and finding["kind"] != "reference"] == [
        ("agency", "other_source", "k1")]
    first = read("(employeeID=k1)")
    assert first["cn"] == ["Kay Own"] and read("(sAMAccountName=karim.osei)") is None and read("(employeeID=k3)")["cn"] == ["Nina Petrov"]
    feeds["payroll"][0]["title"] = "Head"
    again = check_do_again(feeds)
    assert again["summary"]["changes"]["update"] == 1 and read("(employeeID=k1)")["objectGUID"] == first["objectGUID"]
    left = check_do_again({**feeds, "payroll": [feeds["payroll"][0] | {"end": "2026-02-27"}]})
    assert left["summary"]["changes"]["disable"] == 1, "the leaver is locked, whoever else has the number"


def test_the_limit_of_take_overs(together, read):
    staff = [employee(f"l{number}", "Lim", f"It{number}", tax=f"L{number}") for number in range(4)]
    assert not together({"payroll": staff, "agency": []}, {"agency": {"allow_empty": True}}).get("failed")
    moved = {"payroll": [one | {"end": "2026-02-27"} for one in staff], "agency": [one | {"number": f"x{one['number']}"} for one in staff]}
    stopped = together(moved, {"agency": {"limits": {"take_over": {"count": 3}}}})
    assert stopped["failed"] and re.search("agency: 4 of \\d accounts would get the action 'take_over'", stopped["msg"]) and stopped["writes"] == []
    whole = together(moved, domain_limits={"take_over": {"count": 3}})
    assert whole["failed"] and re.search("4 of \\d+ accounts would get the action 'take_over'", whole["msg"]) and whole["writes"] == []
    assert not together(moved).get("failed") and read("(employeeID=l0)")["adminDescription"][0].startswith("hris.ad source=agency")


def test_undo_leaves_alone_what_the_other_source_rests_on(clean, together, module, service, read, tmp_path):
    """Parts of an undo plan are for accounts that another source took over since, or that its accounts name."""
    undo = str(tmp_path / "undo.json")
    feeds = {"payroll": [employee("u1", "Una", "Over", tax="U1"), employee("u2", "Bo", "Ss"), employee("u3", "Al", "One")], "agency": []}
    rules = {"agency": {"allow_empty": True}}
    together({"payroll": [one | {"title": None} for one in feeds["payroll"][:1]], "agency": []}, rules)
    assert not together(feeds, rules, undo_dest=undo).get("failed")
    later = {"payroll": [feeds["payroll"][0] | {"end": "2026-02-27"}, *feeds["payroll"][1:]],
             "agency": [employee("u1b", "Una", "Over", tax="U1"), employee("w1", "Will", "Work", manager="u2")]}
    assert not together(later).get("failed")
    mark = clean.mark()
    undone = module("apply_plan", src=undo, directory=service)
    messages = {entry["key"]: entry["message"] for entry in undone["left_out"]}
    assert set(messages) == {"u1", "u2"} and "it belongs to the source agency since" in messages["u1"], undone
    assert f"CN=Will Work,{STAFF} of the source agency names it" in messages["u2"]
    assert read("(employeeID=u3)") is None and read("(employeeID=u2)") and len(clean.writes_since(mark)) > 0
    assert read("(employeeID=w1)")["manager"] == [f"CN=Bo Ss,{STAFF}"]


@pytest.fixture
def site(clean, service, tmp_path):
    """site({host: employees, or None where there is no file}, *arguments, hosts={host: variables}, **variables of the group) -> run() of a playbook."""
    def play(feeds, *arguments, hosts=None, playbook="hris.ad.sync", **common):
        for name, employees in feeds.items():
            (tmp_path / f"{name}.jsonl").unlink(missing_ok=True)
            if employees is not None:
                (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in employees), encoding="utf-8")
        variables = {f"lifecycle_{name}": value for name, value in RULES.items() if name != "source"} | {
            "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle", "lifecycle_identity": TAX,
            "lifecycle_optional_fields": ["tax"], "lifecycle_employees_file": str(tmp_path / "{{ inventory_hostname }}.jsonl"), "lifecycle_directory": service,
            "lifecycle_limits": {}} | common
        inventory = {"hr": {"hosts": {name: (hosts or {}).get(name, {}) for name in feeds}, "vars": variables}}
        (tmp_path / "hosts.json").write_text(json.dumps(inventory), encoding="utf-8")
        mark = clean.mark()
        return run(tmp_path, ["-i", "hosts.json", playbook, *arguments], {}) | {"writes": clean.writes_since(mark)}
    return play


def follow(found, *names):
    return found["results"][names[0], f"Make the domain follow {', '.join(names)}"]


def test_a_source_that_fails_stops_the_domain_or_is_left_out(clean, site, read):
    feeds = {"one": [employee("s1", "So", "Urce")], "two": [employee("s2", "Se", "Cond")]}
    assert site(feeds)["stats"] == {"ok": 0, "changed": 1, "failures": 0} | {"ok": site(feeds)["stats"]["ok"]}
    broken = {"one": [feeds["one"][0] | {"title": "Head"}], "two": None}
    stopped = site(broken)
    assert stopped["stats"]["failures"] == 1 and stopped["writes"] == [] and "two: " in follow(stopped, "one", "two")["msg"]
    skipped = site(broken, lifecycle_on_bad_source="leave_out")
    result = follow(skipped, "one", "two")
    assert result["changed"] and result["brief"]["sources"] == ["one"] and result["brief"]["sources_left_out"] == ["two"], result
    assert "Without two!" in result["chat"] and read("(employeeID=s1)")["title"] == ["Head"] and read("(employeeID=s2)")["userAccountControl"] == ["512"]
    checked = site(broken, "--check", lifecycle_on_bad_source="leave_out")
    assert "error: " in "\n".join(follow(checked, "one", "two")["report"]) and "the source two is left out" in checked["output"]


@pytest.mark.long
def test_hosts_that_disagree_on_the_domain(clean, site, tmp_path):
    feeds = {"one": [employee("d1", "Dis", "Agree")], "two": [employee("d2", "Dis", "Cord")]}
    found = site(feeds, hosts={"two": {"lifecycle_plan_dest": str(tmp_path / "other.json")}})
    assert found["stats"]["failures"] == 1 and found["writes"] == []
    assert "the hosts one, two have different values of lifecycle_plan_dest" in found["output"]
    apart = site(feeds, hosts={"one": {"lifecycle_domain": "corp"}, "two": {"lifecycle_domain": "other", "lifecycle_plan_dest": str(tmp_path / "other.json")}})
    assert (apart["stats"]["failures"], apart["stats"]["changed"]) == (0, 2), apart["output"][-2000:]
    assert follow(apart, "one")["applied"] == follow(apart, "two")["applied"] == 2


def test_a_source_that_cannot_even_be_declared_stops_the_domain(clean, site, read):
    """Without it the plan would not be whole, whatever the policy for bad sources is. Another domain is served."""
    feeds = {"one": [employee("n1", "No", "Body")], "two": [employee("n2", "No", "One")], "three": [employee("n3", "Some", "Body")]}
    found = site(feeds, "-e", "lifecycle_refusal=", hosts={"two": {"lifecycle_mapping": ["no", "mapping"]}, "three": {"lifecycle_domain": "other"}},
                 lifecycle_on_bad_source="leave_out")
    assert found["stats"]["failures"] >= 2 and read("(|(employeeID=n1)(employeeID=n2))") is None, found["output"][-2000:]
    assert "these hosts failed before the plan was made: two. " in found["output"], found["output"][-3500:]
    assert follow(found, "three")["applied"] == 2 and read("(employeeID=n3)") and len(found["writes"]) >= 2


@pytest.mark.long
def test_the_order_of_the_sources(clean, site, read):
    feeds = {"one": [employee("o1", "Or", "Der", tax="O1", title="One")], "two": [employee("o2", "Or", "Der", tax="O1", title="Two")]}
    assert site(feeds)["stats"]["failures"] == 0 and read("(employeeID=o1)")["title"] == ["One"]
    turned = site(feeds, lifecycle_source_order=["two"])
    assert turned["results"]["one", "Make the domain follow two, one"]["summary"]["changes"]["take_over"] == 1
    assert read("(employeeID=o1)")["title"] == ["Two"] and read("(employeeID=o1)")["adminDescription"] == ["hris.ad source=two state=active contributors=one key=o2"]
    unknown = site(feeds, lifecycle_source_order=["tow"])
    assert unknown["stats"]["failures"] == 1 and "lifecycle_source_order names tow" in unknown["output"] and unknown["writes"] == []


def test_one_source_alone_takes_nothing_from_the_others(clean, site, read):
    feeds = {"one": [employee("a1", "Al", "One", tax="A1")], "two": [employee("a2", "Al", "One", tax="A1"), employee("a3", "An", "Other")]}
    assert site(feeds)["stats"]["failures"] == 0
    gone = {"one": [employee("a1", "Al", "One", tax="A1", end="2026-02-27")], "two": feeds["two"]}
    alone = site(gone, "--limit", "one")
    assert alone["writes"] == [] and "can still log on" in alone["output"]
    assert site(gone)["stats"]["failures"] == 0 and read("(employeeID=a1)")["adminDescription"] == ["hris.ad source=two state=active key=a2"]


def test_an_employee_of_the_second_source_is_explained(clean, site):
    feeds = {"one": [employee("e1", "Ex", "Plain")], "two": [employee("e2", "Ex", "Ample", manager="e1")]}
    found = site(feeds, "-e", "hris_explain_employee=e2", playbook="hris.ad.explain", lifecycle_approval_required=True)
    assert found["stats"]["failures"] == found["stats"]["changed"] == 0 and found["writes"] == []
    assert follow(found, "one", "two")["explanation"]["key"] == "e2" and "two" in found["output"]


@pytest.mark.long
def test_parts_of_two_sources(clean, service, tmp_path):
    """Each part plans both sources, and writes its own share of the one plan."""
    feeds = {name: [employee(f"{name}{number}", "Par", "Ts", manager=f"{name}{number - 1}" if number else None) for number in range(12)] for name in ("one", "two")}
    common = {f"lifecycle_{name}": value for name, value in RULES.items() if name != "source"} | {
        "ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "hr_system": "lifecycle",
        "lifecycle_employees_file": str(tmp_path / "{{ lifecycle_source }}.jsonl"), "lifecycle_directory": service, "lifecycle_limits": {}}
    for name, staff in feeds.items():
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in staff), encoding="utf-8")
    hosts = {f"{name}-{part}": {"lifecycle_source": name, "lifecycle_shard": {"part": part, "of": 2}} for name in feeds for part in (1, 2)}
    (tmp_path / "hosts.json").write_text(json.dumps({"hr_parts": {"hosts": hosts, "vars": common}}), encoding="utf-8")
    done = run(tmp_path, ["-i", "hosts.json", "--forks", "4", "hris.ad.sync_in_parts"], {})
    assert done["stats"]["failures"] == 0, done["output"][-3000:]
    found = clean.search("(|(employeeID=one*)(employeeID=two*))", ["sAMAccountName", "manager"])
    names = [entry["attributes"]["sAMAccountName"][0] for entry in found]
    assert len(names) == len(set(names)) == 24 and sum("manager" in entry["attributes"] for entry in found) == 22
    mark = clean.mark()
    again = run(tmp_path, ["-i", "hosts.json", "--forks", "4", "hris.ad.sync_in_parts"], {})
    assert again["stats"]["failures"] == again["stats"]["changed"] == 0 and clean.writes_since(mark) == []
