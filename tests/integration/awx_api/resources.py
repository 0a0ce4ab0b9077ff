"""What each kind of object of AWX has."""
from __future__ import annotations

from dataclasses import dataclass, field

PROMPTS = ("variables", "limit", "tags", "skip_tags", "job_type", "verbosity", "inventory", "credential", "diff_mode", "scm_branch",
           "execution_environment", "forks", "instance_groups", "job_slice_count", "labels", "timeout")


@dataclass(frozen=True)
class Kind:
    """One kind of object, at /api/v2/<endpoint>/."""

    type: str  # as in the API's `type`
    fields: dict  # {name: value where none is given}; what is not here is refused
    required: tuple = ()
    references: dict = field(default_factory=dict)  # {field: endpoint}
    associations: dict = field(default_factory=dict)  # {sub-list: endpoint}
    unique: tuple = ("name",)  # no two objects have all of these in common
    roles: tuple = ()  # object roles
    identity: str = "name"
    hidden: tuple = ()  # accepted, and never returned


NOTIFIED = {f"notification_templates_{when}": "notification_templates" for when in ("started", "success", "error")}
NAMED = {"name": "", "description": ""}
JOB = {"extra_vars": "", "limit": "", "job_tags": "", "skip_tags": "", "scm_branch": "", "inventory": None, "survey_enabled": False,
       "allow_simultaneous": False, "webhook_service": "", "webhook_credential": None}

KINDS = {
    "organizations": Kind(
        "organization", {**NAMED, "default_environment": None, "max_hosts": 0}, ("name",), {"default_environment": "execution_environments"},
        {"galaxy_credentials": "credentials", "instance_groups": "instance_groups", **NOTIFIED,
         "notification_templates_approvals": "notification_templates"},
        roles=("admin", "execute", "member", "read", "approval", "auditor", "workflow_admin", "job_template_admin")),
    "execution_environments": Kind(
        "execution_environment", {**NAMED, "image": None, "pull": "", "organization": None, "credential": None}, ("name", "image"),
        {"organization": "organizations", "credential": "credentials"}),
    "credential_types": Kind(
        "credential_type", {**NAMED, "kind": None, "inputs": {}, "injectors": {}, "managed": False}, ("name", "kind"), unique=("name", "kind")),
    "credentials": Kind(
        "credential", {**NAMED, "credential_type": None, "organization": None, "inputs": {}}, ("name", "credential_type"),
        {"credential_type": "credential_types", "organization": "organizations"}, unique=("name", "credential_type", "organization"),
        roles=("admin", "use", "read")),
    "projects": Kind(
        "project",
        {**NAMED, "organization": None, "scm_type": "", "scm_url": "", "scm_branch": "", "scm_refspec": "", "scm_clean": False,
         "scm_delete_on_update": False, "scm_track_submodules": False, "scm_update_on_launch": False, "scm_update_cache_timeout": 0, "timeout": 0,
         "allow_override": False, "local_path": "", "credential": None, "default_environment": None},
        ("name", "organization"),
        {"organization": "organizations", "credential": "credentials", "default_environment": "execution_environments"}, NOTIFIED,
        ("name", "organization"), ("admin", "use", "update", "read")),
    "inventories": Kind(
        "inventory", {**NAMED, "organization": None, "kind": "", "host_filter": None, "variables": "", "prevent_instance_group_fallback": False},
        ("name", "organization"), {"organization": "organizations"}, {"instance_groups": "instance_groups"}, ("name", "organization"),
        ("admin", "use", "update", "adhoc", "read")),
    "inventory_sources": Kind(
        "inventory_source",
        {**NAMED, "inventory": None, "source": "", "source_path": "", "source_vars": "", "source_project": None, "credential": None,
         "execution_environment": None, "overwrite": False, "overwrite_vars": False, "update_on_launch": False, "update_cache_timeout": 0,
         "timeout": 0, "verbosity": 1, "enabled_var": "", "enabled_value": "", "host_filter": "", "limit": "", "scm_branch": ""},
        ("name", "inventory", "source"),
        {"inventory": "inventories", "source_project": "projects", "credential": "credentials", "execution_environment": "execution_environments"},
        NOTIFIED, ("name", "inventory")),
    "job_templates": Kind(
        "job_template",
        {**NAMED, **JOB, "organization": None, "job_type": "run", "project": None, "playbook": "", "execution_environment": None, "forks": 0,
         "verbosity": 0, "timeout": 0, "diff_mode": False, "force_handlers": False, "start_at_task": "", "use_fact_cache": False,
         "become_enabled": False, "job_slice_count": 1, "host_config_key": "", "prevent_instance_group_fallback": False,
         **{f"ask_{name}_on_launch": False for name in PROMPTS}},
        ("name", "project", "playbook", "inventory"),
        {"inventory": "inventories", "project": "projects", "execution_environment": "execution_environments"},
        {"credentials": "credentials", "labels": "labels", "instance_groups": "instance_groups", **NOTIFIED}, ("name", "organization"),
        ("admin", "execute", "read")),
    "workflow_job_templates": Kind(
        "workflow_job_template",
        {**NAMED, **JOB, "organization": None,
         **{f"ask_{name}_on_launch": False for name in ("variables", "inventory", "limit", "scm_branch", "labels", "tags", "skip_tags")}},
        ("name",), {"organization": "organizations", "inventory": "inventories"},
        {"labels": "labels", **NOTIFIED, "notification_templates_approvals": "notification_templates"}, ("name", "organization"),
        ("admin", "execute", "read", "approval")),
    "workflow_job_template_nodes": Kind(
        "workflow_job_template_node",
        {"identifier": "", "workflow_job_template": None, "unified_job_template": None, "extra_data": {}, "inventory": None, "limit": None,
         "job_type": None, "job_tags": None, "skip_tags": None, "diff_mode": None, "verbosity": None, "scm_branch": None, "forks": None,
         "job_slice_count": None, "timeout": None, "execution_environment": None, "all_parents_must_converge": False},
        ("workflow_job_template",), {"workflow_job_template": "workflow_job_templates", "inventory": "inventories"},
        {"always_nodes": "workflow_job_template_nodes", "success_nodes": "workflow_job_template_nodes",
         "failure_nodes": "workflow_job_template_nodes", "credentials": "credentials", "labels": "labels"},
        ("identifier", "workflow_job_template"), identity="identifier"),
    # The modules of awx.awx send what the node has too, and AWX does not return it
    "workflow_approval_templates": Kind(
        "workflow_approval_template", {**NAMED, "timeout": 0}, ("name",), unique=(),
        hidden=("identifier", "workflow_job_template", "unified_job_template", "all_parents_must_converge")),
    "schedules": Kind(
        "schedule",
        {**NAMED, "rrule": "", "unified_job_template": None, "enabled": True, "extra_data": {}, "inventory": None, "limit": None, "job_type": None,
         "job_tags": None, "skip_tags": None, "diff_mode": None, "verbosity": None, "scm_branch": None, "forks": None, "job_slice_count": None,
         "timeout": None, "execution_environment": None},
        ("name", "rrule", "unified_job_template"), {"inventory": "inventories"}, {"credentials": "credentials"},
        ("name", "unified_job_template")),
    "notification_templates": Kind(
        "notification_template",
        {**NAMED, "organization": None, "notification_type": None, "notification_configuration": {}, "messages": None},
        ("name", "organization", "notification_type"), {"organization": "organizations"}, unique=("name", "organization")),
    "teams": Kind("team", {**NAMED, "organization": None}, ("name", "organization"), {"organization": "organizations"},
                  unique=("name", "organization"), roles=("admin", "member", "read")),
    "users": Kind("user", {"username": "", "email": "", "password": ""}, ("username",), unique=("username",), identity="username"),
    "labels": Kind("label", {"name": "", "organization": None}, ("name", "organization")),
    "instance_groups": Kind("instance_group", {"name": ""}, ("name",)),
}
UNIFIED = ("job_templates", "workflow_job_templates", "projects", "inventory_sources", "workflow_approval_templates")
PROMPTED = {"extra_data": "variables", "inventory": "inventory", "limit": "limit", "job_type": "job_type", "job_tags": "tags",
            "skip_tags": "skip_tags", "diff_mode": "diff_mode", "verbosity": "verbosity", "scm_branch": "scm_branch", "forks": "forks",
            "job_slice_count": "job_slice_count", "timeout": "timeout", "execution_environment": "execution_environment"}
