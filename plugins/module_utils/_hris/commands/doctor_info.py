# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of module doctor_info: whether a run of these rules will work. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ..data_class import frozen
from ..directory import reading, samples, schema
from ..directory.connection import Connection
from ..directory.failover import with_directory
from ..directory.password import CLASSES
from ..directory.permissions import read_permissions
from ..doctor.checks import ERROR, WARNING, Check, as_result, lines_for_people
from ..doctor.dangerous import check_dangerous, privileged_groups
from ..doctor.domain import (
    Generator,
    PasswordPolicy,
    check_passwords,
    check_recycle_bin,
    check_schema,
)
from ..doctor.libraries import check_libraries
from ..doctor.rights import Examined, check_accounts, check_names, check_rights
from ..doctor.script import FORMS, POWERSHELL, script_of
from ..doctor.servers import check_servers
from ..doctor.state import check_state, check_token
from ..errors import Warn
from ..model.directory import Group
from ..planning.delegation import Trustee
from ..planning.group_names import GroupNames
from ..planning.needed_rights import MEMBER, RENAMED
from ..planning.rule_rights import (
    needs_of_rules,
    on_known_attributes,
    places_of,
    written_by,
)
from ..private_file import write_private
from ..rules.compile_ruleset import compile_ruleset, moment
from ..rules.ruleset import Ruleset
from ..run.kept_state import KeptStateOptions
from ..run.result import Result
from ..web.icehrm_token import payload
from ..wording import counted

ARGUMENTS: dict[str, Any] = dict(
    password_length=dict(type="int", default=32, no_log=False),
    password_classes=dict(
        type="list", elements="str", choices=list(CLASSES), default=list(CLASSES), no_log=False
    ),
    state_dir=dict(type="path"),
    state_lasting=dict(type="list", elements="path", default=[]),
    hr_token=dict(type="str", no_log=True),
    delegation_dest=dict(type="path"),
    delegation_format=dict(type="str", choices=list(FORMS), default=POWERSHELL),
)


@frozen
class _Read:
    """What was read of the domain for one source."""

    examined: Examined
    groups: Sequence[Group]


def run(params: Mapping[str, Any], _check_mode: bool, warn: Warn) -> Result:
    """The checks. RETURN of hris.ad.doctor_info describes the result.

    Raises HrisError for rules that cannot be compiled. What is wrong with the directory is a check,
    until no server accepts the log-on: then nothing more can be looked at.
    """
    rules, now = compile_ruleset(params), datetime.now(timezone.utc)
    as_of = moment(params["as_of"], now)
    checks = [*check_libraries(), *check_servers(params["directory"], now, as_of)]
    script: list[str] = []
    if any(one.check == "server" and one.status == "ok" for one in checks):

        def work(connection: Connection) -> tuple[list[Check], list[str]]:
            return _domain(rules, params, connection)

        of_domain, script = with_directory(params["directory"], work, warn)
        checks += of_domain
    kept = KeptStateOptions(params["state_dir"], False, False, params["state_lasting"])
    checks.append(check_state(kept))
    if params["hr_token"]:
        checks.append(check_token(payload(params["hr_token"]), as_of))
    result = _result(rules.source, checks)
    if params["delegation_dest"] and script:
        write_private(params["delegation_dest"], (f"{text}\n" for text in script))
        result["delegation_dest"] = params["delegation_dest"]
    return result


def _domain(
    rules: Ruleset, params: Mapping[str, Any], connection: Connection
) -> tuple[list[Check], list[str]]:
    """(the checks of the domain, the lines of the script that delegates what the rules need)."""
    made = Generator(params["password_length"], params["password_classes"])
    policies = [PasswordPolicy(*one) for one in samples.read_password_rules(connection)]
    checks = [*check_passwords(policies, made)]
    checks.append(check_recycle_bin(reading.has_recycle_bin(connection), rules))
    read = _read(rules, connection)
    examined = read.examined
    definitions = examined.permissions.definitions
    checks += check_schema(rules, definitions, written_by(rules, moves=False) - {*RENAMED})
    checks += check_names(rules, examined.places, GroupNames(read.groups))
    checks += check_rights(examined)
    accounts = samples.read_sample(connection, examined.places.people, examined.permissions)
    checks += check_accounts(examined, accounts)
    checks += check_dangerous(examined.permissions, read.groups, connection.domain_dn)
    return checks, script_of(rules.source, examined, params["delegation_format"])


def _read(rules: Ruleset, connection: Connection) -> _Read:
    containers = reading.read_containers(connection, connection.domain_dn)
    groups = reading.read_groups(connection)
    names = {*rules.attributes, *written_by(rules, moves=True), *RENAMED, MEMBER}
    definitions = schema.read(connection, names)
    places = places_of(rules, containers)
    needs = needs_of_rules(rules, places, GroupNames(groups), definitions)
    needs = on_known_attributes(needs, definitions)  # check_schema names the others
    dns = [grant.place for one in needs for grant in one.need.any_of]
    dns += [group.dn for group in privileged_groups(groups)]
    permissions = read_permissions(connection, dns, [], names)
    trustee = Trustee(samples.bound_account(connection), connection.bound_sid or "")
    return _Read(Examined(needs, places, permissions, trustee), groups)


def _result(source: str, checks: Sequence[Check]) -> Result:
    errors = sum(one.status == ERROR for one in checks)
    warnings = sum(one.status == WARNING for one in checks)
    order = sorted(checks, key=lambda one: (ERROR, WARNING, "ok").index(one.status))
    return {
        "changed": False,
        "msg": f"{source}: {counted(len(checks), 'check', 'checks')}, "
        f"{counted(errors, 'error', 'errors')}, {counted(warnings, 'warning', 'warnings')}.",
        "errors_total": errors,
        "warnings_total": warnings,
        "checks": as_result(checks),
        "report": [text for one in order for text in lines_for_people(one)],
    }
