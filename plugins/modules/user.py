# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: user
short_description: Manage one Active Directory user
description:
  - Creates, changes, moves, renames, enables, disables or deletes one user, and changes its group
    memberships. It is for tasks that the rules do not cover. For all employees use
    P(hris.ad.sync#module).
  - An option that is not set changes nothing. An option that is set to an empty value clears the
    attribute. Only differences are written.
  - Everything is checked before the first write, in check mode as well. The module fails for
    values that the schema does not allow, for groups, OUs and managers that do not exist, and for
    names that another object has.
  - Privileged and built-in accounts, the account of the task itself, and the memberships of
    privileged groups are never changed, and the module fails instead. The same is true for users
    and groups that Entra governs (O(directory.cloud_governed)). This is checked right before the
    writes.
  - A user that is locked out (M(hris.ad.lock_out)) is not enabled. The module fails instead.
  - Unless O(password) is set, a new user gets a random password that nobody knows. The password is
    part of the write that creates the user.
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.directory
  - hris.ad.variable_names
options:
  identity:
    description:
      - Which user. An objectGUID, a DN, a C(sAMAccountName), a C(userPrincipalName) or an
        objectSid. The module recognises the form.
      - If not set, the user is found by O(sam_account_name), else by O(upn).
      - With O(state=present), a user that does not exist is created. It gets the
        C(sAMAccountName), C(userPrincipalName) or DN that is given here.
      - When the identity is a DN and there is no user at it, the module also looks where O(name)
        and O(path) would put the user. So a task that moves or renames a user by its DN can run
        again.
      - The module fails when several users match.
    type: str
  identity_attribute:
    description:
      - Find the user by the value of this attribute, for example V(employeeID). O(identity) is the
        value. A new user gets the attribute with this value.
    type: str
  state:
    description:
      - V(present) makes sure that the user exists as described, and creates it where it does not
        exist. V(updated) changes a user that exists, and fails where it does not, so that a
        misspelled O(identity) never creates one. V(absent) deletes the user.
      - A user that has objects below it is not deleted.
    type: str
    choices: [present, updated, absent]
    default: present
  name:
    description:
      - Common name (C(cn), the RDN). An existing user is renamed and keeps everything else.
      - The default for a new user is the name in the DN of O(identity), else the C(sAMAccountName).
    type: str
  path:
    description:
      - DN of the OU or container. An existing user is moved there.
      - The default for a new user is the parent in the DN of O(identity), else the domain's
        container for new users.
    type: str
  sam_account_name:
    description:
      - Logon name (C(sAMAccountName)), at most 20 characters. A new user needs one, here or in
        O(identity).
    type: str
  upn:
    description: C(userPrincipalName).
    type: str
  enabled:
    description: Whether the user is enabled. A new user is, unless this is V(false).
    type: bool
  password:
    description:
      - A password to set. It is never compared, shown or logged.
    type: str
  update_password:
    description:
      - V(on_create) sets O(password) for a new user only.
      - V(always) sets it in every run, so that the task always reports a change.
    type: str
    choices: [on_create, always]
    default: on_create
  display_name:
    description: C(displayName).
    type: str
  firstname:
    description: C(givenName).
    type: str
    aliases: [given_name, first_name]
  surname:
    description: C(sn).
    type: str
    aliases: [last_name]
  email:
    description: C(mail).
    type: str
    aliases: [mail]
  description:
    description: C(description).
    type: str
  title:
    description: C(title).
    type: str
  department:
    description: C(department).
    type: str
  company:
    description: C(company).
    type: str
  office:
    description: C(physicalDeliveryOfficeName).
    type: str
  telephone:
    description: C(telephoneNumber).
    type: str
  mobile:
    description: C(mobile).
    type: str
  manager:
    description: The user's manager, in any form that O(identity) can have.
    type: str
  attributes:
    description:
      - Other attributes by their LDAP names, each with one value or a list of values. Numbers and
        booleans can be written as such, binary values as Base64, DNs as DNs.
      - Values are compared by what they mean to the directory. Of C(proxyAddresses), one is the
        primary address (C(SMTP:)). To clear C(countryCode) or C(codePage) writes 0, to clear
        C(accountExpires) writes that the account never expires.
    type: dict
    suboptions:
      add:
        description: Values that the attribute must have. Other values are kept.
        type: dict
      remove:
        description: Values that the attribute must not have.
        type: dict
      set:
        description: All values of the attribute. An empty value (V([]) or V("")) clears it.
        type: dict
  groups:
    description:
      - Memberships, by C(sAMAccountName), DN, SID or objectGUID of the group.
      - The primary group counts as a membership. It cannot be left.
    type: dict
    suboptions:
      add:
        description: Groups that the user must be in. Other memberships are kept.
        type: list
        elements: str
      remove:
        description: Groups that the user must not be in.
        type: list
        elements: str
      set:
        description: All groups of the user. V([]) removes it from every group but the primary one.
        type: list
        elements: str
  protected:
    description:
      - Groups, accounts and OUs that are protected beside those that always are. Each is a
        C(sAMAccountName), DN, SID or objectGUID, as in
        O(hris.ad.sync#module:sources[].ownership.protected).
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
    description: Everything is checked, nothing is written.
  diff_mode:
    support: full
    description: Shows what changes and nothing else. Of a password it only shows that it changes.
  idempotent:
    support: partial
    description: A second run changes nothing, except with O(update_password=always).
  action_group:
    support: full
    membership: [hris.ad.directory]
    description:
      - The options of O(directory) can be set once, as module defaults of the group
        C(hris.ad.directory).
seealso:
  - module: hris.ad.user_info
  - module: hris.ad.sync
  - module: hris.ad.lift_lock_out
"""

EXAMPLES = r"""
- name: A contractor who is not in the HR system
  hris.ad.user:
    directory:
      servers: [dc1.corp.example, dc2.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
      ca_cert: /etc/pki/corp-ca.pem
    identity: jroe
    name: Jane Roe
    path: OU=Contractors,DC=corp,DC=example
    firstname: Jane
    surname: Roe
    display_name: Jane Roe
    upn: jroe@corp.example
    manager: mia.chen@corp.example
    attributes:
      set:
        accountExpires: "134432352000000000"
    groups:
      add: [Contractors]

- name: Find the user by employee number, and set all groups
  hris.ad.user:
    directory:
      servers: [dc1.corp.example]
    identity: "1042"
    identity_attribute: employeeID
    state: updated
    department: Finance
    title: ""
    groups:
      set: [All Staff, Finance]

- name: Disable and move a leaver
  hris.ad.user:
    directory:
      servers: [dc1.corp.example]
    identity: 3f2504e0-4f89-11d3-9a0c-0305e82c3301
    state: updated
    enabled: false
    path: OU=Leavers,DC=corp,DC=example

- name: Delete a test user
  hris.ad.user:
    directory:
      servers: [dc1.corp.example]
    identity: test1
    state: absent
"""

RETURN = r"""
object_guid:
  description:
    - The objectGUID of the user. Null for a user that check mode would create, and when there is no
      user to delete.
  returned: success
  type: str
  sample: 3f2504e0-4f89-11d3-9a0c-0305e82c3301
distinguished_name:
  description: The DN of the user after the changes. In check mode, as it would be.
  returned: success
  type: str
  sample: CN=Jane Roe,OU=Contractors,DC=corp,DC=example
sid:
  description: The objectSid of the user. Null where RV(object_guid) is null.
  returned: success
  type: str
  sample: S-1-5-21-3541869056-809090835-424241632-1107
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import user as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.user_attributes import (
    ATTRIBUTE_OPTIONS,
)

ALIASES = {"firstname": ["given_name", "first_name"], "surname": ["last_name"], "email": ["mail"]}
ARGUMENT_SPEC = dict(
    **ARGUMENTS,
    **variable_names.ARGUMENTS,
    **{option: dict(type="str", aliases=ALIASES.get(option, [])) for option in ATTRIBUTE_OPTIONS},
    identity=dict(type="str"),
    identity_attribute=dict(type="str"),
    state=dict(type="str", choices=["present", "updated", "absent"], default="present"),
    protected=dict(type="list", elements="str", default=[]),
    name=dict(type="str"),
    path=dict(type="str"),
    enabled=dict(type="bool"),
    password=dict(type="str", no_log=True),
    update_password=dict(
        type="str", choices=["on_create", "always"], default="on_create", no_log=False
    ),
    attributes=dict(
        type="dict",
        options=dict(add=dict(type="dict"), remove=dict(type="dict"), set=dict(type="dict")),
    ),
    groups=dict(
        type="dict",
        options={kind: dict(type="list", elements="str") for kind in ("add", "remove", "set")},
    ),
)


def main():
    module_runner.run_module(
        command.run,
        libraries=("ldap3",),
        argument_spec=ARGUMENT_SPEC,
        required_one_of=[("identity", "sam_account_name", "upn")],
        required_by={"identity_attribute": ("identity",)},
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
