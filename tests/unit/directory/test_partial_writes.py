"""A modify that is refused because of one value: directory/partial_writes.py, and what is noted of it."""
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.operations import Operation
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.partial_writes import (
    parts_of,
    to_take_back,
    whole,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.plan import (
    Change,
    Outcome,
    Plan,
    PlanDomain,
    ValueChange,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.run.execution import (
    Executed,
    _undo_plan,
)

REFUSED = Outcome("refused", "no", "constraintViolation")


def step(kind="modify", random_password=False, **attributes):
    return Operation(kind, "<GUID=a>", [0], {name: [value] for name, value in attributes.items()}, random_password)


@pytest.mark.parametrize(("operation", "code", "names"), [
    (step(title="T", info="I"), "constraintViolation", ["title", "info"]), (step(title="T"), "constraintViolation", []),
    (step(info="I", userAccountControl="514", mark="m"), "insufficientAccessRights", ["userAccountControl", "info", "mark"]),
    (step(userAccountControl="514", random_password=True), "constraintViolation", ["userAccountControl", "password"]),
    (step(info="I", userAccountControl="512"), "constraintViolation", []), (step("add", title="T", info="I"), "constraintViolation", []),
    (step("restore_values", info="I", userAccountControl="512", x="X", random_password=True), "busy", ["password", "info", "x", "userAccountControl"]),
    (step(title="T", info="I"), "busy", []), (step(title="T", info="I"), "unavailable", []), (step(title="T", info="I"), "noSuchObject", []),
])
def test_parts(operation, code, names):
    found = parts_of(operation, Outcome("refused", "no", code))
    assert [name for name, _part in found] == names
    for name, part in found:
        assert part.target == operation.target and part.changes == [0]
        assert (part.attributes, part.random_password) == (({}, True) if name == "password" else ({name: operation.attributes[name]}, False))


def test_the_whole():
    one, applied, first = step(a="A", b="B"), Outcome("applied"), Outcome("refused", "first")
    assert whole(one, [], REFUSED) == REFUSED and whole(one, [("a", REFUSED), ("b", REFUSED)], first) == first
    assert whole(one, [("a", applied), ("b", applied)], REFUSED) == Outcome("applied", incomplete=[])
    assert whole(one, [("a", applied), ("b", REFUSED)], REFUSED) == Outcome("applied", "b not written: no", "constraintViolation", ["b"])


def test_a_restored_account_exists_whatever_became_of_its_values():
    found = whole(step("restore_values", a="A", random_password=True), [("password", REFUSED), ("a", REFUSED)], REFUSED)
    assert found == Outcome("applied", "password not written: no; a not written: no", "constraintViolation", ["password", "a"])


def test_names_that_are_taken_back():
    operation, name, place = step(title="T", userPrincipalName="u"), step(userPrincipalName="old"), Operation("rename", "<GUID=a>", [0])
    operation.on_refusal = [name, place]
    assert to_take_back(operation, REFUSED) == [name, place] and to_take_back(operation, Outcome("applied")) == []
    assert to_take_back(operation, Outcome("applied", "x", "", ["userPrincipalName"])) == [name]
    assert to_take_back(operation, Outcome("applied", "x", "", ["title"])) == []


def test_what_was_not_written_was_not_made_and_is_not_undone():
    change = Change("update", "elmo", "1", "g", "CN=a,DC=x", "", {"title": ValueChange(["A"], ["B"]), "info": ValueChange([], ["I"])})
    outcome = Outcome("applied", "info not written: no", "constraintViolation", ["info"])
    assert [one.attributes for one in Executed([change], [outcome]).made] == [{"title": ValueChange(["A"], ["B"])}]
    plan = Plan(["elmo"], "2026-03-02", PlanDomain("x", "DC=x", "dc1"), [change], [], [], {}, {}, {})
    assert [one.attributes for one in _undo_plan(plan, [outcome]).changes] == [{"title": ValueChange(["B"], ["A"])}]
