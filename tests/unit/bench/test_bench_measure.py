"""Measuring, LDIF and the writes of a first load, by example."""
import base64
import sys

import pytest

from bench import feeds, floor, ldif, measure, people


def test_a_command_is_measured():
    found = measure.run([sys.executable, "-c", "import time; time.sleep(0.2); print('done')"])
    assert found["output"] == "done\n" and 0.2 <= found["wall"] < 5 and found["cpu"] < found["wall"]
    assert 0.001 < found["gib"] < 0.2


def test_the_memory_of_whoever_measures_does_not_count():
    ballast = bytearray(200 * 2**20)
    for place in range(0, len(ballast), 4096):
        ballast[place] = 1
    assert measure.run([sys.executable, "-S", "-c", "pass"])["gib"] < 0.1


def test_a_command_that_fails_is_no_measurement():
    with pytest.raises(measure.BenchError, match="(?s)failed:.*nobody is here"):
        measure.run([sys.executable, "-c", "raise SystemExit('nobody is here')"])


def test_jobs_take_turns_and_medians_are_told():
    order, values = [], {"a": iter([1.0, 9.0, 2.0]), "b": iter([2.0, 9.0, 8.0])}

    def job(name):
        order.append(name)
        return {"wall": next(values[name]), "output": name}

    found = measure.interleaved({name: lambda name=name: job(name) for name in "ab"}, 3)
    assert "".join(order) == "ababab" and (found["a"]["wall"], found["b"]["wall"]) == (2.0, 8.0)
    assert measure.ratio(found["b"], found["a"]) == 2.0, "the median of 2, 1 and 4"


def test_ldif_is_safe_whatever_the_value():
    assert ldif.line("cn", "Ann Lee") == "cn: Ann Lee\n"
    for value in ("Zoë", " space", "space ", ":colon", "<file", "two\nlines"):
        assert ldif.line("cn", value) == f"cn:: {base64.b64encode(value.encode()).decode()}\n"
    assert ldif.modification("CN=a", [("add", "member", ["CN=b"])]) == "dn: CN=a\nchangetype: modify\nadd: member\nmember: CN=b\n-\n\n"


def test_the_tools_write_what_the_plan_does():
    def create(name, **more):
        return {"action": "create", "dn": f"CN={name}", "attributes": {"cn": {"before": [], "after": [name]}} | more}

    plan = {"changes": [
        create("boss"), create("worker", manager={"before": [], "after": ["cn=Boss"]}),
        *({"action": "group_add", "dn": f"CN={number}", "group": "CN=all"} for number in range(501)),
    ]}
    accounts, references, members = floor.ldif_of(plan, lambda: "secret")
    assert accounts.count("dn: ") == 2 and accounts.count("unicodePwd:: ") == 2 and "manager" not in accounts
    assert references == "dn: CN=worker\nchangetype: modify\nreplace: manager\nmanager: cn=Boss\n-\n\n"
    assert members.count("changetype: modify") == 2 and members.count("member: ") == 501
    with pytest.raises(measure.BenchError, match="delete"):
        floor.ldif_of({"changes": [{"action": "delete", "dn": "CN=a"}]}, lambda: "secret")


def test_a_feed_holds_the_people_and_one_in_a_hundred_changed(tmp_path):
    plain, changed = (feeds.record(tmp_path, 300, every).read_text(encoding="utf-8").splitlines() for every in (0, 100))
    assert len(plain) == 300 and sum(one != other for one, other in zip(plain, changed, strict=True)) == 3
    assert people.key(0) in plain[0]
