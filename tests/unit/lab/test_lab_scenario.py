"""The scenario's checker: its reading of the table, and that it sees whatever stands otherwise. No domain is needed."""
import copy
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from lab import day, population
from lab.scenario import accounts as accounts_module
from lab.scenario import compare, directory, expect, names_seen, persons, rules, skipped

LAB = Path(rules.__file__).parent


def moment(company, hour="06:00"):
    return datetime.fromisoformat(f"{company['date']}T{hour}:00+00:00")


def standing(accounts):
    """A directory that holds exactly what is expected."""
    dns = {account["id"]: f"CN={account['values']['displayName']} {account['id']},{account['ou']}" for account in accounts}
    entries = []
    for account in accounts:
        if account["gone"]:
            continue
        logon = f"user{account['id']}"
        values = {name: [text] for name, text in account["values"].items()} | {
            "sAMAccountName": [logon], "userPrincipalName": [f"{logon}@corp.example"], "mail": [f"{logon}@example.com"]}
        if account["left"]:
            values["description"] = [account["left"]]
        if account["boss"] is not None:
            values["manager"] = [dns[account["boss"]]]
        entries.append({"dn": dns[account["id"]], "cn": account["values"]["displayName"], "ou": account["ou"], "guid": f"guid{account['id']}",
                        "enabled": account["enabled"], "source": account["source"], "contributors": set(account["contributors"]), "mark": account["mark"],
                        "since": account["since"] and account["since"].isoformat(),
                        "absent": account["absent"] and account["absent"].isoformat(), "expires": account["expires"], "groups": set(account["groups"]), "attributes": values})
    return entries


def played(kind="icehrm", days=20, people=40):
    made, accounts, history = population.generate(people, 1, kind), [], []
    for number in range(days):
        events = day.pass_day(made) if number else []
        expect.run(accounts, {kind: (made["people"], made["date"])}, moment(made))
        history.append((made["date"], events, copy.deepcopy(accounts)))
    return made, accounts, history


@pytest.mark.parametrize("kind", population.KINDS)
def test_what_is_expected_is_no_difference_and_every_change_is_one(kind):
    _made, accounts, _history = played(kind)
    entries = standing(accounts)
    assert compare.differences(accounts, entries) == []
    assert compare.differences(accounts, standing(accounts)) == []

    def tampered(change):
        ours, theirs = copy.deepcopy(accounts), copy.deepcopy(entries)
        entry = next(entry for entry in theirs if entry["enabled"] and "manager" in entry["attributes"] and "title" in entry["attributes"])
        change(theirs, entry)
        return compare.differences(ours, theirs)

    def value(name, text):
        return lambda _all, entry: entry["attributes"].update({name: text})

    for change in (lambda _all, entry: entry.update(enabled=False), lambda _all, entry: entry.update(mark="prepared"),
                   lambda _all, entry: entry.update(since="2026-03-02"), lambda _all, entry: entry.update(absent="2026-03-02"), lambda _all, entry: entry.update(expires=moment(_made)), lambda _all, entry: entry.update(ou=rules.LEAVERS),
                   lambda _all, entry: entry["groups"].add("ERP Users" if "ERP Users" not in entry["groups"] else "X"),
                   lambda _all, entry: entry["groups"].discard("All Staff"), lambda _all, entry: entry["attributes"].pop("manager"),
                   lambda _all, entry: entry.update(cn="Somebody Else"), lambda every, entry: every.remove(entry),
                   lambda every, entry: every.append(entry | {"guid": "other", "dn": "CN=Another"}),
                   *(value(name, ["Other"]) for name in (*compare.CHECKED, *compare.NAMES, "description", directory.DESK))):
        assert len(tampered(change)) >= 1


def test_a_difference_is_told_once():
    _made, accounts, _history = played(days=3)
    entries = standing(accounts)
    compare.differences(accounts, entries)
    entries[0]["attributes"]["title"], entries[1]["enabled"] = ["Other"], not entries[1]["enabled"]
    entries.pop()
    assert len(compare.differences(accounts, entries)) >= 3
    assert compare.differences(accounts, entries) == []


def person(**fields):
    made = population.generate(40, 1, "icehrm")["people"]
    found = next(one for one in made if one["end"] is None and one["location"] == "Sydney" and one["first"].isascii() and one["department"])
    return found | {"employment": "FULLTIME", "start": "2025-01-01", "leave": None, **fields}


@pytest.mark.parametrize(("fields", "hour", "state"), [
    ({}, "06:00", "active"),
    ({"start": "2026-03-08"}, "06:00", "not_due"), ({"start": "2026-03-08"}, "13:30", "prepared"),  # the next day has begun in Sydney
    ({"start": "2026-03-03"}, "06:00", "prepared"), ({"start": "2026-03-03"}, "13:30", "active"),
    ({"end": "2026-03-02"}, "06:00", "active"), ({"end": "2026-03-02"}, "13:30", "leaver"),
    ({"end": "2024-12-31"}, "06:00", "leaver"),  # HR itself takes the person for gone
    ({"start": "2027-01-01", "end": "2026-12-31"}, "06:00", "held"), ({"first": ""}, "06:00", "held"), ({"last": "x" * 65}, "06:00", "active"),
    ({"terminated": True}, "06:00", "leaver"), ({"terminated": True, "start": "2026-03-09"}, "06:00", "leaver"),
    ({"leave": {"start": "2026-03-03", "end": "2026-03-04"}}, "06:00", "active"),
    ({"leave": {"start": "2026-03-03", "end": "2026-03-04"}}, "13:30", "leave"),
    ({"leave": {"start": "2026-02-01", "end": "2026-03-02"}}, "06:00", "leave"),
    ({"leave": {"start": "2026-02-01", "end": "2026-03-02"}}, "13:30", "active"),
    ({"leave": {"start": None, "end": None, "status": True}}, "06:00", "leave"),
])
def test_states(fields, hour, state):
    found = rules.reading("icehrm", person(**fields), "2026-03-02", datetime.fromisoformat(f"2026-03-02T{hour}:00+00:00"))
    assert persons.persons([found])[0]["state"] == state


def told(history, name):
    """(the accounts before the story, [the accounts after each day from then on], the number) of the first one of a story."""
    index = next(index for index, (_date, events, _accounts) in enumerate(history) if any(event["kind"] == name for event in events))
    number = next(event["number"] for event in history[index][1] if event["kind"] == name)
    return history[index - 1][2], [accounts for _date, _events, accounts in history[index:]], number


def of(accounts, number):
    return next((account for account in accounts if account["number"] == number and not account["gone"]), None)


def test_the_stories_end_as_the_table_says():
    _made, _accounts, history = played(days=20)
    _before, after, number = told(history, "hidden")
    assert all(of(accounts, number)["enabled"] for accounts in after[:4]) and of(after[0], number)["absent"] and not of(after[2], number)["absent"]
    _before, after, number = told(history, "hidden_long")
    locked = [accounts for accounts in after if of(accounts, number)["mark"] == "disabled"]
    assert len(locked) == 3 and of(after[-1], number)["enabled"]
    _before, after, number = told(history, "hidden_for_good")
    assert of(after[0], number) and of(after[-1], number) is None
    _before, after, number = told(history, "leave")
    assert [of(accounts, number)["mark"] for accounts in after[:6]] == ["active", *["leave"] * 4, "active"]
    before, after, number = told(history, "new_key")
    one = of(before, number)
    again = next(account for account in after[5] if account["id"] == one["id"])
    assert again["key"] == one["key"] and again["number"] != number and again["enabled"] and not again["gone"], "both records are in the feed"
    before, after, number = told(history, "new_key_deleted")
    assert of(before, number)["id"] and next(account for account in after[-1] if account["id"] == of(before, number)["id"])["gone"]
    before, after, number = told(history, "end_before_start")
    assert [of(accounts, number)["mark"] for accounts in after[:4]] == ["disabled"] * 3 + ["active"], "HR takes the person for gone"
    before, after, number = told(history, "gap")
    one = of(before, number)["id"]
    marks = [accounts[one]["mark"] for accounts in after]
    assert marks[:2] == ["active"] * 2 and "disabled" in marks[2:8] and marks[-1] == "active"
    before, after, number = told(history, "second")
    one = of(after[-1], number)["id"]  # of the second contract
    assert "disabled" not in {accounts[one]["mark"] for accounts in (before, *after)} and before[one]["number"] != number
    _before, after, number = told(history, "rescinded")
    assert of(after[0], number)["mark"] == "prepared" and of(after[3], number)["mark"] == "disabled" and of(after[3], number)["undated"]
    _before, after, number = told(history, "much_later")
    assert [of(accounts, number)["mark"] for accounts in after[4:]] == ["prepared"] * 5 + ["active"] * (len(after) - 9)
    _before, after, number = told(history, "back_deleted")
    ids = {of(accounts, number)["id"] for accounts in after if of(accounts, number)}
    assert len(ids) == 2, "deleted, and made anew"


def test_who_becomes_casual_keeps_the_account():
    _made, _accounts, history = played("elmo")
    _before, after, number = told(history, "turns_casual")
    assert [of(accounts, number)["enabled"] for accounts in after[:6]] == [True] * 6, "reported, and left as it is"


@pytest.mark.parametrize(("end", "expires"), [(None, None), ("2026-04-04", "2026-04-04T13:00:00+00:00"), ("2026-04-05", "2026-04-05T14:00:00+00:00")])
def test_the_moment_of_expiry_knows_the_summer_time(end, expires):
    found = rules.reading("elmo", person(end=end), "2026-03-02", datetime.fromisoformat("2026-03-02T00:00:00+00:00"))
    assert persons.persons([found])[0]["expires"] == (expires and datetime.fromisoformat(expires))  # Sydney: an hour less from 2026-04-05, 3 o'clock


def test_groups_and_the_rest_come_back_within_their_days_and_not_after():
    who = {"today": date(2026, 3, 10), "source": "icehrm", "sources": {"icehrm"}, "wanted": set()}
    for days, groups, desk in ((2, {"VPN Users"}, "Desk 1"), (3, {"VPN Users"}, None), (4, {"VPN Users"}, None), (5, set(), None)):
        since = who["today"] - timedelta(days=days)
        account = {"mark": "disabled", "source": "icehrm", "contributors": set(), "left": "Left", "groups": set(), "record": [("VPN Users", since)], "desk": "Desk 1", "saved": None}
        accounts_module.clear_desk(account, since)
        assert account["desk"] is None
        accounts_module.enable(account, who)
        assert account["groups"] == groups and account["left"] is None and account["desk"] == desk and account["saved"] is None


def test_newcomers_until_their_last_day():
    for now, is_member in (("2026-03-07", True), ("2026-03-08", False)):
        (found,) = persons.persons([rules.reading("icehrm", person(start="2026-03-02"), now, datetime.fromisoformat(f"{now}T06:00:00+00:00"))])
        assert (rules.NEWCOMERS in found["groups"]) is is_member


@pytest.mark.parametrize(("end", "since", "gone"), [
    ("2026-03-04", "2026-03-05", True), ("2026-03-03", "2026-03-04", True), ("2026-03-09", "2026-03-10", False), (None, "2026-03-04", True)])
def test_the_day_in_the_mark_follows_the_last_day_and_never_goes_back(end, since, gone):
    accounts, one = [], person()
    for fields, day_now in (({}, "2026-03-02"), ({"end": "2026-03-03"}, "2026-03-04"), ({"end": end, "terminated": True}, "2026-03-10"), ({}, "2026-03-14")):
        one |= fields
        expect.run(accounts, {"icehrm": ([one], day_now)}, datetime.fromisoformat(f"{day_now}T06:00:00+00:00"))
    assert (accounts[0]["since"].isoformat(), accounts[0]["gone"]) == (since, gone)


def test_a_lock_that_comes_late_begins_the_retention():
    accounts, one, seen = [], person(), []
    for now, enabled in (("2026-03-02", True), ("2026-03-20", True), ("2026-03-27", False), ("2026-03-28", True), ("2026-03-29", False), ("2026-04-05", False)):
        one["end"] = "2026-03-05" if now > "2026-03-10" else None
        if accounts and not accounts[0]["gone"]:
            accounts[0]["enabled"] = enabled
        expect.run(accounts, {"icehrm": ([one], now)}, datetime.fromisoformat(f"{now}T06:00:00+00:00"))
        seen.append((accounts[0]["since"] and accounts[0]["since"].isoformat()[5:], accounts[0]["gone"]))
    assert seen == [(None, False), ("03-20", False), ("03-20", False), ("03-28", False), ("03-28", False), ("03-28", True)]


def test_who_is_missing_and_was_enabled_by_hand_is_locked_after_a_new_grace():
    accounts, one, seen = [], person(), []
    for number in range(2, 12):
        now = f"2026-03-{number:02}"
        one["hidden"] = number > 2
        if number == 7:
            accounts[0]["enabled"] = True
        expect.run(accounts, {"icehrm": ([one], now)}, datetime.fromisoformat(f"{now}T06:00:00+00:00"))
        seen.append((accounts[0]["enabled"], accounts[0]["mark"], accounts[0]["since"] and accounts[0]["since"].day))
    assert seen == [(True, "active", None)] * 4 + [(False, "disabled", 6)] + [(True, "disabled", 6)] * 3 + [(False, "disabled", 10)] * 2


def test_the_skipped_domain_is_compared():
    made, accounts, _history = played(days=2)
    entries = standing(accounts)
    humans = skipped.humans_of({"icehrm": made})
    here, there = (skipped._by_human(copy.deepcopy(entries), humans) for _time in range(2))
    key = next(key for key, entry in here.items() if entry["enabled"] and "manager" in entry["attributes"])
    assert list(skipped._differ(here[key], there[key], here, there, compare.NAMES)) == []
    for change in ({"enabled": False}, {"ou": rules.LEAVERS}, {"groups": set()}, {"attributes": {}}, {"mark": "disabled"}):
        assert list(skipped._differ(here[key], there[key] | change, here, there, ()))
    boss = next(other for other, entry in there.items() if [entry["dn"]] == there[key]["attributes"]["manager"])
    without = copy.deepcopy(here[key])
    del without["attributes"]["manager"]
    assert list(skipped._differ(without, there[key], here, there, ())), "no manager on one side only"
    gone = {other: entry for other, entry in here.items() if other != boss}
    assert not list(skipped._differ(without, there[key], gone, there, ())), "a manager whom daily runs have deleted"
    assert list(skipped._differ(here[key], None, here, there, ())) and list(skipped._differ(None, there[key], here, there, ()))


def test_a_name_with_a_comma_is_split_where_the_name_ends():
    assert directory._split(r"CN=Smith\, PhD Renée,OU=Staff,DC=x") == (r"CN=Smith\, PhD Renée", "OU=Staff,DC=x")


def test_the_inventory_and_the_python_rules_say_the_same_numbers():
    hosts = {kind: yaml.safe_load((LAB / f"inventory/host_vars/{kind}.yml").read_text(encoding="utf-8")) for kind in population.KINDS}
    both = yaml.safe_load((LAB / "inventory/group_vars/hr.yml").read_text(encoding="utf-8"))
    assert both["lifecycle_absent"] == {"grace_days": rules.GRACE_DAYS, "action": "disable"}
    assert both["lifecycle_rehire"]["restore"] == [{"within_days": rules.RESTORE_ALL_WITHIN_DAYS, "what": "all"},
                                                   {"within_days": rules.RESTORE_WITHIN_DAYS, "what": "groups"}]
    for kind, given in hosts.items():
        policy = rules.POLICY[kind]
        assert given["lifecycle_joiner"]["create_days_before"] == rules.CREATE_DAYS_BEFORE
        assert (given["lifecycle_joiner"]["moved_start"] == "disable") is policy["moved_start_disables"]
        assert given["lifecycle_leaver"].get("account_expires", False) is (kind == "elmo")
        assert (given["lifecycle_leave"]["account"] == "disable") is policy["leave_disables"]
        assert given["lifecycle_leaver"]["delete_after_days"] == rules.DELETE_AFTER_DAYS
        assert (given["lifecycle_leaver"]["groups"] == "remove_all") is policy["remove_all"]
        assert {group for rule in given["lifecycle_groups"] for group in rule["groups"]} == policy["managed"]
        (newcomers,) = [rule for rule in given["lifecycle_groups"] if rules.NEWCOMERS in rule["groups"]]
        assert f", {rules.NEWCOMER_DAYS}, 'days'" in newcomers["until"]
        excluded = {entry["key"]: date.fromisoformat(entry["until"]) for entry in given.get("lifecycle_exceptions", ())}
        assert excluded == rules.EXCLUDED[kind]
        assert given["lifecycle_correlation"]["key"] == rules.KEY_ATTRIBUTE[kind]


def test_the_checker_keeps_every_name():
    """A name that somebody else had, also long ago, and a former name that does not come back."""
    def account(number, human, **more):
        return {"source": "elmo", "key": f"k{number}", "keys": {("elmo", f"k{number}")}, "name": f"N{number}", "human": human, "guid": f"g{number}",
                "gone": False, "names": {"sAMAccountName": ["alee"]}, **more}

    def entry(number, name="alee"):
        return {"guid": f"g{number}", "attributes": {"sAMAccountName": [name], "mail": [f"{name}@x"], "givenName": ["Ann"], "sn": ["Lee"]}}
    seen = names_seen.nothing()
    ann = account(1, "H1")
    assert names_seen.differences(seen, [ann], [entry(1)]) == []
    ann["gone"] = True
    other = account(2, "H2")
    assert names_seen.differences(seen, [ann, other], [entry(2, "ann")]) == [] and seen["passed_over"] == 1
    taking = account(3, "H3")
    assert names_seen.differences(seen, [ann, taking], [entry(3, "ALee")]) == ["elmo k3 N3: alee was given to H1 before", "elmo k3 N3: alee@x was given to H1 before"]
    back = account(1, "H1", guid="g4")
    assert names_seen.differences(seen, [ann, back], [entry(4)]) == [] and seen["back"] == 1
    again = account(1, "H1", guid="g5")
    assert names_seen.differences(seen, [ann, again], [entry(5, "alee9")]) == ["elmo k1 N1: came back, was ['alee'] before, and is ['alee9']"]
