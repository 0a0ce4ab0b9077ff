"""The main job, as people run it: the playbook hris.ad.sync with the inventories of the README and the examples."""
from __future__ import annotations

import re
import shutil

import pytest
from hr_playbook import ROOT, run

from lab import day, hr, population

SYNC = "Make the domain follow {}"
TASKS = 29  # of a run of one source with nothing to change


@pytest.fixture(scope="module")
def servers(clean):
    """Both HR systems over TLS, with companies that may be changed."""
    tls = clean.root / "private/tls"
    with hr.serve("elmo", population.generate(40, company="elmo"), address=clean.address, tls=tls) as elmo, \
            hr.serve("icehrm", population.generate(40, company="icehrm"), address=clean.address, tls=tls) as icehrm:
        yield {"elmo": elmo, "icehrm": icehrm}


@pytest.fixture
def sync(clean, servers, tmp_path):
    """sync(inventory, *options) -> what hr_playbook.run gives, with "writes" and "binds" as the domain controller saw them."""
    environment = {
        "HRIS_AD_SERVERS": clean.address, "HRIS_AD_USERNAME": clean.service_name, "HRIS_AD_PASSWORD": clean.service_password,
        "HRIS_AD_CA_CERT": clean.ca_file, "HRIS_ELMO_BASE_URL": servers["elmo"].url, "HRIS_ELMO_CLIENT_ID": "lab-client",
        "HRIS_ELMO_CLIENT_SECRET": "lab-secret", "HRIS_ICEHRM_BASE_URL": servers["icehrm"].url, "HRIS_ICEHRM_TOKEN": servers["icehrm"].token(),
    }

    def run_sync(inventory, *options):
        mark = clean.mark()
        found = run(tmp_path, ["hris.ad.sync", "-i", str(inventory), "-e", f"lifecycle_as_of={servers['elmo'].company['date']}",
                               "-e", f"elmo_ca_cert={clean.ca_file}", "-e", f"icehrm_ca_cert={clean.ca_file}", *options], environment)
        assert clean.service_password not in found["output"] and "lab-secret" not in found["output"]
        assert not list((tmp_path / "tmp").glob("hris.ad-*")), "a file with employees was left behind"
        return found | {"writes": clean.writes_since(mark), "binds": clean.binds_since(mark)}
    return run_sync


def accounts(domain, source):
    """{employeeID: attributes} of the accounts that carry the mark of a source, as ldapsearch reads them."""
    found = domain.search(f"(adminDescription=hris.ad source={source} *)", ["*", "memberOf"])
    return {entry["attributes"]["employeeID"][0]: {"dn": entry["dn"], **entry["attributes"]} for entry in found}


@pytest.mark.compat
def test_the_readme_inventory(clean, servers, sync, tmp_path):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(re.search(r"```yaml\n(hr:\n.*?)```", text, re.DOTALL)[1], encoding="utf-8")
    assert len(inventory.read_text(encoding="utf-8").splitlines()) <= 30, "one screen"
    options = ["-e", f"elmo_base_url={servers['elmo'].url}"]
    checked = sync(inventory, "--check", "--diff", *options)
    assert (checked["stats"]["failures"], checked["stats"]["changed"], checked["writes"]) == (0, 1, []), checked["output"]
    assert accounts(clean, "elmo") == {}
    done = sync(inventory, *options)
    assert (done["stats"]["failures"], done["stats"]["changed"]) == (0, 1), done["output"]
    planned, made = (found["results"]["elmo", SYNC.format("elmo")] for found in (checked, done))
    assert planned["summary"] == made["summary"] and made["refused"] == [] and made["applied"] == sum(made["summary"]["changes"].values())
    here = {entry["sAMAccountName"][0]: entry for entry in accounts(clean, "elmo").values()}
    assert len(here) == made["summary"]["changes"]["create"] > 25
    dry_run_names = set(re.findall(r"^\+sAMAccountName: (.*)$", checked["output"], re.MULTILINE))
    assert dry_run_names == set(here), "the dry run showed the very names"
    assert all(entry["userAccountControl"] == ["512"] for entry in here.values())
    assert all(any("All Staff" in group for group in entry["memberOf"]) for entry in here.values())
    again = sync(inventory, *options)
    assert (again["stats"]["failures"], again["stats"]["changed"], again["writes"]) == (0, 0, [])
    assert [bind["done"] for bind in again["binds"]] == [True], "one bind a run"
    assert again["output"].count("\nTASK [") <= TASKS, "a task takes as long as a hundred people, and a skipped one nearly so"


def test_both_companies_follow_through_two_days(clean, servers, sync, tmp_path):
    clean.reset()
    inventory = shutil.copytree(ROOT / "examples/both", tmp_path / "both")
    first = sync(inventory)
    assert (first["stats"]["failures"], first["stats"]["changed"]) == (0, 1), first["output"]
    again = sync(inventory)
    assert (again["stats"]["changed"], again["writes"]) == (0, [])
    elmo, icehrm = accounts(clean, "elmo"), accounts(clean, "icehrm")
    assert len(elmo) > 25 and len(icehrm) > 25
    names = [entry["sAMAccountName"][0].lower() for entry in (elmo | icehrm).values()]
    assert len(names) == len(set(names)) == len(elmo) + len(icehrm), "the sources share one name space"
    happened = {}
    for _count in range(2):
        for server in servers.values():
            for event in day.pass_day(server.company):
                happened.setdefault((server.company["company"], event["kind"]), []).append(event["number"])
            server.changed()
        assert sync(inventory)["stats"] | {"ok": 0} == {"ok": 0, "changed": 1, "failures": 0}
    again = sync(inventory)
    assert (again["stats"]["failures"], again["stats"]["changed"], again["writes"]) == (0, 0, [])
    for source, kinds in (("elmo", elmo), ("icehrm", icehrm)):
        check_company(clean, servers[source].company, kinds, {kind: numbers for (name, kind), numbers in happened.items() if name == source})


def check_company(domain, company, before, happened):
    """The directory against the company itself, by a simple reading of the example's rules."""
    today = company["date"]
    now = accounts(domain, company["company"])
    by_number = {person["number"]: person for person in company["people"]}

    def account(number):
        return now.get(f"E{10000 + number}" if company["company"] == "elmo" else f"EMP{number:04d}")

    for number, person in by_number.items():
        entry = account(number)
        if entry is None:
            continue
        left = person["end"] is not None and person["end"] < today
        assert bool(int(entry["userAccountControl"][0]) & 2) is (left or person["start"] > today), person
        assert ("OU=Leavers" in entry["dn"]) is left, person
        if left:
            assert "memberOf" not in entry, person
            continue
        assert entry.get("title") == ([person["title"]] if person["title"] else None), person
        assert entry["sn"] == [person["last"] or None] if person["last"] else "sn" not in entry
        assert (f"OU={person['department']},OU=Staff" in entry["dn"]) is bool(person["department"]), person
        boss = account(person["manager"]) if person["manager"] else None
        if boss:
            assert entry.get("manager") == [boss["dn"]], person
    for kind in ("joiner", "mover", "leaver", "marriage", "rehire"):
        assert happened[kind], kind
    assert any(account(number) for number in happened["joiner"])
    rehired = account(happened["rehire"][1])
    assert rehired["userAccountControl"] == ["512"] and before[rehired["employeeID"][0]]["objectGUID"] == rehired["objectGUID"], "the same account came back"
    for number in happened["marriage"]:
        married = account(number)
        assert by_number[number]["last"] in married["cn"][0]
        assert married["sAMAccountName"] == before[married["employeeID"][0]]["sAMAccountName"]
