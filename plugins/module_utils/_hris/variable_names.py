# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the roles that the options of a module are taken from, for messages
(option_names.py).

A task of a role gives its module the option variable_prefix, what the variables of the role begin
with. Most of them have the name of the option behind that; the tables have the others.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .option_names import Names, Variable
from .rules.options import ARGUMENTS as RULES

ARGUMENTS = dict(variable_prefix=dict(type="str"))
LIFECYCLE, ORCHESTRATION, PLAYBOOKS = "lifecycle_", "orchestration_", "hris_"
# What the roles that read HR have in one dictionary: options of HTTP requests
_HTTP = "http"
# Options of all modules whose variables are those of one role, whichever role runs the module
EVERYWHERE = {
    "as_of": "lifecycle_as_of",
    "definitions": "lifecycle_definitions",
    "kept_for.fields": "lifecycle_keep_fields",
    "kept_state": "lifecycle_state",
    "ledger": "orchestration_ledger",
    "outcome_also": "lifecycle_outcome_also",
    "plan_dest": "lifecycle_plan_dest",
    "plan_key": "lifecycle_plan_key",
}
# Of each source in hris.ad.sync, where they are part of the option sources
OF_SOURCES = {
    "allow_empty": "lifecycle_allow_empty",
    "employees": "lifecycle_employees",
    "guard": "lifecycle_guard",
    "steps": "orchestration_steps",
    "outcome_dest": "lifecycle_outcome_file",
    "src": "lifecycle_employees_file",
}
_LOCK_OUT = {
    name: f"lifecycle_lock_out_{name}"
    for name in ("asked_by", "reason", "sources", "ticket", "who")
}
_ELMO_AUTH = {
    "auth.client_id": "elmo_client_id",
    "auth.client_secret": "elmo_client_secret",
    "auth.token_encoding": "elmo_token_encoding",
    "auth.token_url": "elmo_paths.token",
}
_ICEHRM_AUTH = {"auth.token": "icehrm_token", "auth.token_warn_days": "icehrm_token_warn_days"}
# {(prefix, module): {option: its variable}}; a variable of a dictionary is named with the word in
# it, lifecycle_ownership.protected. Under "" is what the other options of the module begin with
# in place of the prefix: nothing, where they are words in orchestration_webhooks or _steps
OF_MODULES: Mapping[tuple[str, str], Mapping[str, str]] = {
    (LIFECYCLE, "apply_plan"): {
        "protected": "lifecycle_ownership.protected",
        "src": "lifecycle_undo_file",
    },
    (LIFECYCLE, "doctor_info"): {
        "delegation_dest": "lifecycle_delegation_file",
        "password_classes": "lifecycle_passwords.classes",
        "password_length": "lifecycle_passwords.length",
        "state_dir": "lifecycle_state.dir",
        "state_lasting": "lifecycle_state.lasting",
    },
    (LIFECYCLE, "first_contact_info"): {
        "dest": "lifecycle_contact_file",
        "format": "lifecycle_contact_formats",
        "links_dest": "lifecycle_links_file",
    },
    (LIFECYCLE, "forecast_info"): {
        "days": "lifecycle_forecast_days",
        "dest": "lifecycle_forecast_file",
    },
    (LIFECYCLE, "impact_info"): {
        "at_most": "lifecycle_impact_at_most",
        "dest": "lifecycle_impact_file",
    },
    (LIFECYCLE, "initial_password"): {
        **{
            name: f"lifecycle_initial_password_{name}"
            for name in ("asked_by", "dest", "passphrase", "source", "who")
        },
        "certificate": "lifecycle_passwords.certificate",
        "private_key": "lifecycle_initial_password_key",
        "src": "lifecycle_passwords.dest",
    },
    (LIFECYCLE, "lift_lock_out"): _LOCK_OUT,
    (LIFECYCLE, "lock_out"): {**_LOCK_OUT, "unowned": "lifecycle_lock_out_unowned"},
    (LIFECYCLE, "notify"): {"": "lifecycle_notify."},
    (LIFECYCLE, "plan_report"): {
        "dest": "lifecycle_report_file",
        "format": "lifecycle_report_formats",
    },
    (ORCHESTRATION, "mail"): {
        "": "mail.",
        "as_of": "orchestration_as_of",
        "ca_cert": "orchestration_mail.ca_cert",
        "mail": "orchestration_mail",
        "optional_fields": "orchestration_optional_fields",
        "plan_key": "orchestration_plan_key",
        "redact": "lifecycle_redact",
        "report_limit": "orchestration_report_limit",
        "step": "name",
        "timeout": "orchestration_mail.timeout",
        "validate_certs": "orchestration_mail.validate_certs",
    },
    (ORCHESTRATION, "step_accounts"): {
        "": "",
        "as_of": "orchestration_as_of",
        "optional_fields": "orchestration_optional_fields",
        "plan_key": "orchestration_plan_key",
        "report_limit": "orchestration_report_limit",
        "source": "lifecycle_source",
        "src": "orchestration_outcome_file",
    },
    (ORCHESTRATION, "user"): {"": "user.", "directory": "orchestration_directory"},
    (ORCHESTRATION, "webhook"): {
        "": "",
        "as_of": "orchestration_as_of",
        "directory": "orchestration_directory",
        "optional_fields": "orchestration_optional_fields",
        "plan_key": "orchestration_plan_key",
    },
    # Of the playbook hris.ad.record, which has variables of its own
    ("hris_record_", "record_feed"): {
        "employees": "lifecycle_employees",
        "src": "lifecycle_employees_file",
    },
    ("elmo_", "endpoint_info"): _ELMO_AUTH,
    ("elmo_", "webhook"): {
        "": "elmo_writeback.",
        "base_url": "elmo_base_url",
        "events": "elmo_writeback_events",
        "inbound_mapping": "lifecycle_mapping",
        "optional_fields": "elmo_writeback_optional_fields",
        "src": "elmo_writeback_outcome_file",
        "unchanged": "elmo_writeback_unchanged",
        "undelivered_dest": "elmo_writeback_undelivered_file",
        "when": "elmo_writeback_when",
        "ca_cert": "elmo_ca_cert",
        "proxy": "elmo_proxy",
        "validate_certs": "elmo_validate_certs",
        **_ELMO_AUTH,
    },
    ("icehrm_", "endpoint_info"): _ICEHRM_AUTH,
    ("icehrm_", "icehrm_employee"): {
        "custom_fields": "icehrm_writeback_custom_fields",
        "events": "icehrm_writeback_events",
        "failed_dest": "icehrm_writeback_failed_file",
        "inbound_mapping": "lifecycle_mapping",
        "key": "icehrm_writeback_key",
        "key_field": "icehrm_writeback_key_field",
        "mapping": "icehrm_writeback",
        "optional_fields": "icehrm_writeback_optional_fields",
        "outcome": "icehrm_writeback_outcome_file",
        "unchanged": "icehrm_writeback_unchanged",
        "when": "icehrm_writeback_when",
    },
}

# {module: {option: its variable}} where a playbook of the collection runs the role lifecycle and
# gives these of its variables. The other options are from the variables of the role
OF_PLAYBOOKS: Mapping[str, Mapping[str, str]] = {
    "doctor_info": {
        "delegation_dest": "hris_delegation_dest",
        "delegation_format": "hris_delegation_format",
    },
    "first_contact_info": {"dest": "hris_contact_dest", "links_dest": "hris_links_dest"},
    "forecast_info": {
        "days": "hris_forecast_days",
        "dest": "hris_forecast_dest",
        "simulated": "hris_forecast_simulated",
    },
    "impact_info": {
        "at_most": "hris_impact_at_most",
        "dest": "hris_impact_dest",
        "rules_before": "hris_rules_before",
        "rules_dest": "hris_rules_dest",
    },
    "initial_password": {
        "dest": "hris_initial_password_dest",
        "private_key": "hris_initial_password_key",
        "source": "hris_initial_password_source",
        "who": "hris_initial_password_who",
    },
    "lift_lock_out": {name: f"hris_lock_out_{name}" for name in ("reason", "ticket", "who")},
    "lock_out": {name: f"hris_lock_out_{name}" for name in ("reason", "ticket", "unowned", "who")},
    "test_rules": {"cases": "hris_rules_cases", "junit": "hris_rules_junit"},
}


def variables_of(
    prefix: str | None, module: str, options: Collection[str], tuning: Collection[str] = ()
) -> Names:
    """What messages of a module call its options.

    prefix: the option variable_prefix; without one options keep their names. module: its name.
    options: of it. tuning: those among them that a role has in its dictionary, elmo_http.
    """
    if not prefix:
        return {}
    if prefix == PLAYBOOKS:
        own = OF_PLAYBOOKS.get(module, {})
        given = {name: Variable(variable) for name, variable in own.items()}
        return {**variables_of(LIFECYCLE, module, options, tuning), **given}
    others = dict(OF_MODULES.get((prefix, module), {}))
    beginning = others.pop("", prefix)
    names = {name: f"{LIFECYCLE}{name}" for name in RULES}
    names |= {name: f"{beginning}{name}" for name in options}
    if prefix == LIFECYCLE:
        names |= OF_SOURCES
    if beginning:
        names |= {name: f"{prefix}{_HTTP}.{name}" for name in tuning}
    names |= EVERYWHERE | others
    found = {name: Variable(variable) for name, variable in names.items()}
    if prefix != "rest_" and "endpoints" in options:
        # The first endpoint of elmo and icehrm is what their other module has read
        found["endpoints"] = Variable(f"{prefix}endpoints", 1, prefix)
    return found
