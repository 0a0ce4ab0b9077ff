"""The bench's company: the same everywhere, and in line with the rules of the bench."""
import hashlib
import json

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan import make_plan
from ansible_collections.hris.ad.plugins.module_utils._hris.rules.people import people_of

from bench import front, inside, people


def test_the_people_are_the_same_on_every_machine():
    text = json.dumps([people.employee(number) for number in range(200)], sort_keys=True)
    assert hashlib.sha256(text.encode()).hexdigest() == "2724818a21845c8c8c9980135e254a5115c26fbebfa487a256bd3002f5856664"
    raw = repr([people.entry(number, 100) for number in range(200)])
    assert hashlib.sha256(raw.encode()).hexdigest() == "e3fa2ce589eca0a26f34d82999ae59a40cd9d50d3668941c16253767a6f03374"


def test_nobody_shares_what_must_be_unique():
    size = 20_000
    found = [people.entry(number) for number in range(size)]
    assert len({dn.casefold() for dn, _values in found}) == size
    for name in ("sAMAccountName", "userPrincipalName", "mail", "employeeID", "employeeNumber", "objectGUID", "objectSid"):
        assert len({values[name][0].lower() if name != "objectSid" else values[name][0] for _dn, values in found}) == size, name
    assert len({(people.name(number)[0], people.name(number)[1]) for number in range(size)}) == size - size // 50


def test_an_account_has_as_many_attributes_as_real_ones():
    _dn, values = people.entry(7)
    assert len(set(values) - {"extensionName", "objectGUID", "objectSid", "memberOf", "primaryGroupID", "whenCreated", "userAccountControl", "accountExpires"}) == 25


@pytest.mark.parametrize(("changed", "updates"), [(0, 0), (100, 3)])
def test_the_accounts_are_in_line_but_for_those_that_are_meant_not_to_be(changed, updates):
    compiled = inside.ruleset()
    snapshot = inside.empty_snapshot(compiled)
    decode = inside.decoder(snapshot)
    snapshot.accounts = [decode(body) for body in inside.search_entries(300, snapshot, changed)]
    source = people_of([people.employee(number) for number in range(300)], compiled, inside.AS_OF)
    plan = make_plan([source], snapshot, inside.AS_OF).plan
    assert plan.counts == ({"update": updates} if updates else {}) and plan.findings == []
    assert plan.matched["by_key"] == 300


def test_an_answer_is_what_a_server_would_send():
    dn, values = people.entry(3)
    (tag, content), = front.elements(inside.search_entry(dn, values))
    (_kind, name), (_other, attributes) = front.elements(content)
    assert (tag, name.decode()) == (front.CONTINUED[0], dn)
    found = {}
    for _sequence, pair in front.elements(attributes):
        (_kind, key), (_set, held) = front.elements(pair)
        found[key.decode()] = [value for _tag, value in front.elements(held)]
    assert found == values


def test_both_encodings_say_the_same():
    snapshot = inside.empty_snapshot(inside.ruleset())
    short, wide = (list(inside.search_entries(20, snapshot, wide=wide)) for wide in (False, True))
    decode = inside.decoder(snapshot)
    assert [decode(body) for body in short] == [decode(body) for body in wide] and short[0] != wide[0]
    assert wide[0][:3] == b"\x64\x84\x00", "a length in four bytes"


def test_a_filter_is_read_back_as_text():
    equal = inside.element(0xA3, inside.element(4, b"objectClass") + inside.element(4, b"user"))
    present = inside.element(0x87, b"mail")
    (part,) = front.elements(inside.element(0xA0, equal + inside.element(0xA2, present)))
    assert front.filter_text(*part) == "(&(objectClass=user)(!(mail=*)))"
    with pytest.raises(ValueError, match="0xa4"):
        front.filter_text(0xA4, b"")
