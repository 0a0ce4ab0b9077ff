"""How much a run asks of the domain controller and of HR, counted per person: no time is measured here (that is bench/)."""
from __future__ import annotations

import copy
from collections import Counter

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import sync as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.ldap_stream import (
    LdapStream,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.sources.icehrm import source
from ansible_collections.hris.ad.plugins.modules import icehrm_employee_info, sync
from module_process import one_source
from test_sync_module import RULES, employee

from lab import hr, population

PEOPLE = 300


@pytest.fixture
def options(monkeypatch):
    """options(module, **given) -> the options as the module hands them to its work."""
    def complete(module, **given):
        asked = {}
        with monkeypatch.context() as patch:
            patch.setattr(module.module_runner, "run_module", lambda _work, **spec: asked.update(spec["argument_spec"]))
            module.main()
        checked = ArgumentSpecValidator(asked).validate(given)
        assert not checked.error_messages
        return checked.validated_parameters
    return complete


@pytest.fixture
def run(clean, service, monkeypatch, options):
    """run(employees, **options) -> (the result, {"operations", "sent", "received": bytes}) of one sync of ours, in this process."""
    counted = Counter()
    send, next_message = LdapStream.send, LdapStream._next_message
    monkeypatch.setattr(LdapStream, "send", lambda stream, operation, controls=b"", *more: (
        counted.update(operations=1, sent=len(operation) + len(controls)), send(stream, operation, controls, *more))[1])

    def received(stream, *deadline):
        data = next_message(stream, *deadline)
        counted.update(received=len(data))
        return data
    monkeypatch.setattr(LdapStream, "_next_message", received)

    def one(employees, **more):
        counted.clear()
        given = options(sync, **one_source(copy.deepcopy(RULES) | {"directory": service, "employees": employees} | more))
        return command.run(given, False, lambda text: None), dict(counted)
    return one


def test_operations_and_bytes_for_each_person(clean, run):
    clean.reset()
    staff = [employee(number, f"First{number % 40}", f"Last{number}", manager="0" if number else None) for number in range(PEOPLE)]
    done, first = run(staff)
    assert done["summary"]["changes"] == {"create": PEOPLE, "group_add": PEOPLE} and not done.get("failed")
    searches = 8 + 1  # what there is, and who the new ones are
    assert first["operations"] <= 2 * PEOPLE + searches + 20, "a create, its manager, and the members of a group in one"
    assert first["sent"] / PEOPLE <= 1_000
    done, again = run(staff)
    assert not done["changed"]
    assert again["operations"] <= 12 and again["sent"] <= 4_000, "pages of a thousand, nothing for single people"
    assert again["received"] / PEOPLE <= 1_500, "only the attributes that rules name"


def test_requests_to_hr_for_a_thousand_people(options):
    with hr.serve("icehrm", population.generate(1000, 1, "icehrm")) as server:
        settings = options(icehrm_employee_info, base_url=server.url, token=server.token())
        found = source.fetch(settings, lambda text: None)
        assert len(found.employees) > 900
        assert found.counts["requests"] == len(server.requests) <= len(found.employees) / settings["page_size"] + 2
