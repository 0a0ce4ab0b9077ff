"""Names of variables that look like ours: which are errors, with which suggestion, and which are somebody's own."""
from __future__ import annotations

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.variable_spelling import (
    Unknown,
    distance,
    ignored_text,
    misspelled_text,
    unknown_variables,
)
from ansible_collections.hris.ad.plugins.plugin_utils._role_variables import RESULTS, options

OPTIONS = sorted(options())


def found(*names, own=()):
    return {one.name: one.meant for one in unknown_variables(names, OPTIONS, RESULTS, own)}


@pytest.mark.parametrize(("name", "meant"), [
    ("lifecycle_limit", "lifecycle_limits"),
    ("lifecycle_aproved_digest", "lifecycle_approved_digest"),
    ("lifecycle_approval_digest", "lifecycle_approved_digest"),
    ("lifecycle_redacted", "lifecycle_redact"),
    ("lifecycle_leavers", "lifecycle_leaver"),
    ("lifecycle_Limits", "lifecycle_limits"),
    ("elmo_client_ids", "elmo_client_id"),
    ("elmo_writeback_event", "elmo_writeback_events"),
    ("icehrm_tokne", "icehrm_token"),
    ("rest_endpoint", "rest_endpoints"),
    ("rest_ky", "rest_key"),
    ("orchestration_webhook", "orchestration_webhooks"),
    ("lifecyle_limits", "lifecycle_limits"),
    ("Lifecycle_limits", "lifecycle_limits"),
    ("ichrm_token", "icehrm_token"),
    ("orchestation_steps", "orchestration_steps"),
    ("hris_forecast_dst", "hris_forecast_dest"),
    ("hris_lock_out_unownd", "hris_lock_out_unowned"),
    ("hris_recoded_feed", "hris_recorded_feed"),
    ("hirs_forecast_days", "hris_forecast_days"),
    ("forecast_dest", "hris_forecast_dest"),
    ("lock_out_unowned", "hris_lock_out_unowned"),
])
def test_close_to_a_variable(name, meant):
    assert found(name) == {name: meant}


@pytest.mark.parametrize("name", [
    "lifecycle_site_ou", "lifecycle_base_dn", "lifecycle_owner", "lifecycle_groups_sydney", "lifecycle_limits_2", "lifecycle_mapping_of_contractors", "elmo_tenant",
    "icehrm_company", "rest_url", "rest_api_key", "orchestration_chat", f"lifecycle_{'a' * 60}",
])
def test_own_names_are_no_misspellings(name):
    assert found(name) == {name: None}


@pytest.mark.parametrize("name", [
    *sorted(OPTIONS), *sorted(RESULTS), "ansible_host", "inventory_hostname", "__lifecycle_kept", "test_endpoints", "best_key", "lifeline_limits", "life_limits", "elm_key", "restic_key",
    "orchestrator_url", "lifecycle", "hris_run", "hris_run_report", "hris_undo", "hris_elmo_part_1_of_4", "hris_employees", "hris_feed", "hris_record",
    "hris_state_dir", "hris_interval_seconds", "forecast_dst", "contact_email", "record_ttl", "feed", "days", f"lifecycle_{'a' * 600}",
])
def test_names_that_nobody_is_told_of(name):
    assert found(name) == {}


def test_names_of_ones_own():
    assert found("lifecycle_limit", "rest_login", "rest_logins", own=["lifecycle_limit", "rest_log*"]) == {}
    assert found("lifecycle_limit", own=["lifecycle_lim"]) == {"lifecycle_limit": "lifecycle_limits"}


def errors_in(name):
    """The name with each single typing error in what is behind its prefix."""
    start = name.index("_") + 1
    for at in range(start, len(name), 7):
        yield name[:at] + name[at + 1:]
        yield name[:at] + name[at] + name[at:]
        yield name[:at] + name[at:at + 2][::-1] + name[at + 2:]


def test_one_typing_error_is_found():
    """Each is one, and nearly all get the name that was meant: lifecycle_leavr could be two."""
    wrong = [(name, written) for name in OPTIONS for written in errors_in(name) if written not in OPTIONS and written not in RESULTS]
    told = {written: one.meant for _name, written in wrong for one in unknown_variables([written], OPTIONS, RESULTS, [])}
    assert len(wrong) > 700 and [written for _name, written in wrong if told[written] is None] == []
    assert sum(told[written] != name for name, written in wrong) < len(wrong) / 200


@pytest.mark.parametrize(("one", "other", "far"), [
    ("limits", "limits", 0), ("limit", "limits", 1), ("limtis", "limits", 1), ("limixs", "limits", 1), ("", "ab", 2), ("ab", "", 2), ("redacted", "redact", 2),
    ("key", "dest", 3),
])
def test_distance(one, other, far):
    assert distance(one, other) == distance(other, one) == far


def test_texts():
    one, other = Unknown("lifecycle_limit", "lifecycle_limits"), Unknown("elmo_tenant", None)
    assert misspelled_text([one, other]) == ("No role has the variable lifecycle_limit. Did you mean 'lifecycle_limits'? "
                                             "List a name that is your own in lifecycle_own_variables.")
    assert ignored_text([one, other]) == ("No role of hris.ad reads these variables: elmo_tenant. Correct their names, or list those that are your own in "
                                          "lifecycle_own_variables.")
    assert misspelled_text([Unknown("lock_out_who", "hris_lock_out_who")]).startswith("No playbook has the variable lock_out_who. Did you mean 'hris_lock_out_who'? ")
    assert misspelled_text([other]) == ignored_text([one]) == ""
