"""The scenario in memory: each day's plan makes of the directory what the scenario's checker expects, and the next plan is empty. No domain is needed."""
import copy
from dataclasses import replace
from datetime import datetime
from importlib import import_module

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from lab import day, hr, moves, population
from lab.scenario import by_hand, compare, directory, expect, names_seen
from lab.scenario import rules as rules_of_scenario
from lab.scenario.runs import INVENTORY
from lab.seed import DEPARTMENTS, GROUPS

PLUGINS = "ansible_collections.hris.ad.plugins"
CORE = f"{PLUGINS}.module_utils._hris"
make_plan = import_module(f"{CORE}.planning.plan").make_plan
apply_simulated = import_module(f"{CORE}.simulation.application").apply_simulated
people = import_module(f"{CORE}.rules.people")
ledgers = import_module(f"{CORE}.model.names_ledger")
over_time = import_module(f"{CORE}.planning.names_over_time")
present = import_module(f"{CORE}.planning.present_names")
FormerNames = import_module(f"{CORE}.planning.former_names").FormerNames
OF_THE_DOMAIN = ("lifecycle_directory", "lifecycle_names")
HOURS = ("00:00", "06:00", "13:30", "20:00")


def variables(kind):
    files = (INVENTORY.parent / "group_vars/hr.yml", INVENTORY.parent / f"host_vars/{kind}.yml")
    return {name: value for file in files for name, value in yaml.safe_load(file.read_text(encoding="utf-8")).items()}


def reader(kind, server):
    """A function that reads all employees, as the role does."""
    given = variables(kind)
    options = {name.removeprefix(f"{kind}_"): value for name, value in given.items() if name.startswith(f"{kind}_") and not name.endswith("_file")}
    options["base_url"] = server.url
    if kind == "elmo":
        options |= {name: server.app.settings[name] for name in ("client_id", "client_secret")}
    else:
        options["token"] = server.token()
    checked = ArgumentSpecValidator(import_module(f"{PLUGINS}.modules.{kind}_employee_info").ARGUMENT_SPEC).validate(options)
    assert not checked.error_messages
    fetch = import_module(f"{CORE}.sources.{kind}.source").fetch
    return lambda: fetch(checked.validated_parameters, lambda *_: None).employees


def shown(snapshot):
    """The accounts as directory.read has them."""
    for account in snapshot.accounts:
        attributes = {name: values for name, values in account.attributes.items() if values}
        mark = dict(word.split("=", 1) for word in attributes["adminDescription"][0].split()[1:])
        yield {"dn": account.dn, "cn": attributes["cn"][0], "ou": directory._split(account.dn)[1], "guid": account.guid, "enabled": account.enabled,
               "source": mark["source"], "contributors": set(filter(None, mark.get("contributors", "").split(","))), "mark": mark["state"],
               "since": mark.get("since"), "absent": mark.get("absent"), "expires": directory._moment(attributes.get("accountExpires", ["0"])[0]),
               "groups": {directory._split(dn)[0].removeprefix("CN=") for dn in account.groups}, "attributes": attributes}


def applied(snapshot, plan, number):
    """The directory after a plan; an account that was deleted and made anew has another objectGUID."""
    before = {account.guid for account in snapshot.accounts}
    after = apply_simulated(snapshot, plan.changes)
    fresh = (account if account.guid in before else replace(account, guid=f"{number}-{index}") for index, account in enumerate(after.accounts))
    return replace(after, accounts=list(fresh))


@pytest.mark.parametrize("seed", ["1", "2"])
def test_three_weeks(company, seed):
    companies = {kind: population.generate(40, seed, kind) for kind in population.KINDS}
    servers = {kind: hr.serve(kind, made) for kind, made in companies.items()}
    readers = {kind: reader(kind, server) for kind, server in servers.items()}
    options = {kind: {name.removeprefix("lifecycle_"): value for name, value in variables(kind).items()
                      if name.startswith("lifecycle_") and name not in OF_THE_DOMAIN} for kind in companies}
    rules = {kind: company.rules(source=kind, **given) for kind, given in options.items()}
    snapshot = company.snapshot(groups=[company.group(name, 3000 + number) for number, name in enumerate([*GROUPS, rules_of_scenario.NEWCOMERS])])
    snapshot.containers.extend(f"OU={name},{company.staff}" for name in DEPARTMENTS)
    accounts, owners, contributors, back = [], set(), set(), []
    ledger, seen = ledgers.NamesLedger(ledgers.Hashes("k" * 32, "salt")), names_seen.nothing()
    where = present.owner_attributes(snapshot, rules.values())
    try:
        for number in range(22):
            if number:
                moves.pass_day(companies, {kind: day.pass_day(made) for kind, made in companies.items()})
            for server in servers.values():
                server.changed()
            as_of = datetime.fromisoformat(f"{companies['elmo']['date']}T{HOURS[number * 7 % 4]}:00+00:00")
            employees = {kind: read() for kind, read in readers.items()}

            def plan(on, now=as_of, employees=employees):
                feeds = [people.Feed(rules[kind], copy.deepcopy(records)) for kind, records in employees.items()]
                over_time.note_present(ledger, present.present_names(on, where, ledger.hashes), now.date().isoformat())
                former = FormerNames(now.date(), on.domain.name, lambda: ledger)
                made = make_plan(people.people_of_sources(feeds, now), on, now, former=former).plan
                assert over_time.refused_names(made, made.changes, former) == {}
                over_time.note_names(ledger, made, made.changes, now.date().isoformat())
                return made

            snapshot = applied(snapshot, plan(snapshot), number)
            before = [account["saved"] for account in accounts]
            expect.run(accounts, {kind: (made["people"], made["date"]) for kind, made in companies.items()}, as_of)
            owners |= {(account["id"], account["source"]) for account in accounts}
            contributors |= {source for account in accounts for source in account["contributors"]}
            assert compare.differences(accounts, list(shown(snapshot))) == [], as_of
            back += [(account["desk"], saved, account["id"]) for account, saved in zip(accounts, before, strict=False) if saved and not account["saved"] and not account["gone"]]
            desks = by_hand.new_desks(accounts, list(shown(snapshot)))
            for account in snapshot.accounts:
                if account.dn in desks:
                    account.attributes[directory.DESK] = [desks[account.dn]]
            assert names_seen.differences(seen, accounts, list(shown(snapshot))) == [], as_of
            assert plan(snapshot).changes == [], as_of
    finally:
        for server in servers.values():
            server.close()
    assert {"elmo", "icehrm"} <= contributors and len(owners) > len(accounts), "some have moved"
    assert {bool(desk) for desk, (saved, _day), _id in back if saved} == {True, False}, "some came back in each band"
    assert seen["back"] > 0, "some came back after their account was deleted"
