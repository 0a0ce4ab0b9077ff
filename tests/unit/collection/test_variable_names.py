# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages name what somebody wrote: the variables of a role in place of the options of its module."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import collection_parts as parts
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.errors import HrisError
from ansible_collections.hris.ad.plugins.module_utils._hris.option_names import (
    option_name,
    options_called,
    said,
    with_options,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.variable_names import variables_of
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import TUNING, HttpOptions


def names(prefix, module):
    spec = parts.spec(module)["argument_spec"]
    return variables_of(prefix, module, spec, TUNING if "retries" in spec and module != "notify" else ())


@pytest.mark.parametrize(("prefix", "module", "path", "expected"), [
    ("lifecycle_", "sync", "mapping.title", "lifecycle_mapping.title"),
    ("lifecycle_", "sync", "naming.candidates[1]", "lifecycle_naming.candidates[1]"),
    ("lifecycle_", "sync", "groups[0].when", "lifecycle_groups[0].when"),
    ("lifecycle_", "sync", "limits.held", "lifecycle_limits.held"),
    ("lifecycle_", "sync", "domain_limits.disable", "lifecycle_domain_limits.disable"),
    ("lifecycle_", "sync", "allow_empty", "lifecycle_allow_empty"),
    ("lifecycle_", "sync", "kept_state.lasting", "lifecycle_state.lasting"),
    ("lifecycle_", "sync", "directory.servers", "lifecycle_directory.servers"),
    ("lifecycle_", "sync", "kept_for.fields", "lifecycle_keep_fields"),
    ("lifecycle_", "forecast_info", "days", "lifecycle_forecast_days"),
    ("lifecycle_", "impact_info", "rules_before", "lifecycle_rules_before"),
    ("lifecycle_", "apply_plan", "protected", "lifecycle_ownership.protected"),
    ("lifecycle_", "apply_plan", "ownership.bases", "lifecycle_ownership.bases"),
    ("lifecycle_", "lock_out", "who", "lifecycle_lock_out_who"),
    ("hris_", "lock_out", "who", "hris_lock_out_who"),
    ("hris_", "lock_out", "directory.servers", "lifecycle_directory.servers"),
    ("hris_", "lift_lock_out", "sources", "lifecycle_lock_out_sources"),
    ("hris_", "forecast_info", "days", "hris_forecast_days"),
    ("hris_", "impact_info", "mapping.title", "lifecycle_mapping.title"),
    ("lifecycle_", "notify", "mail.host", "lifecycle_notify.mail.host"),
    ("lifecycle_", "notify", "auth.token", "lifecycle_notify.auth.token"),
    ("orchestration_", "webhook", "body", "body"),
    ("orchestration_", "webhook", "plan_key", "orchestration_plan_key"),
    ("orchestration_", "webhook", "retries", "retries"),
    ("orchestration_", "user", "directory.servers", "orchestration_directory.servers"),
    ("elmo_", "elmo_employee_info", "page_size", "elmo_page_size"),
    ("elmo_", "elmo_employee_info", "retry_after_max", "elmo_http.retry_after_max"),
    ("elmo_", "elmo_employee_info", "ca_cert", "elmo_ca_cert"),
    ("elmo_", "elmo_employee_info", "kept_for.fields", "lifecycle_keep_fields"),
    ("elmo_", "elmo_employee_info", "mapping.title", "lifecycle_mapping.title"),
    ("elmo_", "endpoint_info", "auth.client_id", "elmo_client_id"),
    ("elmo_", "endpoint_info", "endpoints[1] (people).paging.total", "elmo_endpoints[0] (people).paging.total"),
    ("elmo_", "endpoint_info", "endpoints[0] (elmo).key", "elmo_key"),
    ("elmo_", "webhook", "body", "elmo_writeback.body"),
    ("elmo_", "webhook", "plan_key", "lifecycle_plan_key"),
    ("icehrm_", "icehrm_employee", "mapping.work_email", "icehrm_writeback.work_email"),
    ("icehrm_", "endpoint_info", "auth.token", "icehrm_token"),
    ("rest_", "endpoint_info", "endpoints[1] (people).paging.total", "rest_endpoints[1] (people).paging.total"),
    ("rest_", "endpoint_info", "auth.type", "rest_auth.type"),
    ("rest_", "endpoint_info", "wins.phone", "rest_wins.phone"),
    (None, "sync", "mapping.title", "mapping.title"),
])
def test_names(prefix, module, path, expected):
    with options_called(names(prefix, module)):
        assert option_name(path) == expected
    assert option_name(path) == path, "afterwards options have their own names again"


def test_threads_use_the_same_names():
    with options_called(names("lifecycle_", "sync")), ThreadPoolExecutor(1) as beside:
        assert beside.submit(option_name, "directory.timeout").result() == "lifecycle_directory.timeout"


def test_texts():
    with options_called(names("lifecycle_", "sync")):
        assert with_options("Set {leaver.record}, or {} of {other words}") == "Set lifecycle_leaver.record, or {} of {other words}"
        assert said("leave kept_for out", "set lifecycle_keep_all_fields") == "set lifecycle_keep_all_fields"
    assert said("leave kept_for out", "set lifecycle_keep_all_fields") == "leave kept_for out"


def test_an_error_of_a_module_in_a_role():
    with options_called(names("elmo_", "elmo_employee_info")), pytest.raises(HrisError) as caught:
        HttpOptions.from_params({"validate_certs": True, "ca_cert": None, "proxy": None, "connect_timeout": 10, "timeout": 60, "retries": -1,
                                 "retry_backoff": 1, "retry_after_max": 1, "max_response_mb": 1, "max_response_seconds": 1})
    assert str(caught.value) == "elmo_http.retries: -1 is too small. It is at least 0."
