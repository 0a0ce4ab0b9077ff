# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: user
short_description: Manage one Active Directory user
description:
  - Creates, changes, moves, renames, enables, disables or deletes one user, and its memberships in groups. It is for playbooks that go
    beyond the rules; P(hris.ad.sync#module) is for a whole population.
  - What is not given is left alone, what is given empty is cleared. Only differences are written.
  - Everything is looked up and checked before the first write, in check mode as well, such as values that the schema refuses, groups,
    OUs and managers that do not exist, and names that belong to somebody else.
  - A new user gets a random password that nobody sees unless O(password) is given. It is set in the same write that creates the user.
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
extends_documentation_fragment:
  - hris.ad.directory
options:
  identity:
    description:
      - Which user. An objectGUID, a DN, a C(sAMAccountName), a C(userPrincipalName) or an objectSid; the form tells which.
      - Without it the user is found by O(sam_account_name), else by O(upn).
      - A user that is not found is created. A C(sAMAccountName), a C(userPrincipalName) or a DN given here is then the new user's.
      - When the identity is a DN and no user is there, the user is also looked for where O(name) and O(path) would put it, so that a
        task that moves or renames by DN can run again.
      - Several users that match are an error.
    type: str
  identity_attribute:
    description: Look for O(identity) in this attribute instead, for example V(employeeID). A new user gets the attribute with that value.
    type: str
  state:
    description:
      - V(present) makes the user be there as described, V(absent) deletes it.
      - A user with objects below it is not deleted.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - Common name (RDN). An existing user is renamed, which keeps everything else of it.
      - The default for a new user is the DN in O(identity), else the C(sAMAccountName).
    type: str
  path:
    description:
      - DN of the OU or container. An existing user is moved there.
      - The default for a new user is the DN in O(identity), else the container that the domain has for new users.
    type: str
  sam_account_name:
    description: Logon name (C(sAMAccountName)), at most 20 characters. A new user needs one, here or in O(identity).
    type: str
  upn:
    description: C(userPrincipalName).
    type: str
  enabled:
    description: Whether the user may log on. A new user may unless this is V(false).
    type: bool
  password:
    description:
      - A password to set. It is never compared, shown or logged.
    type: str
  update_password:
    description:
      - V(on_create) gives O(password) to a new user only.
      - V(always) sets it at every run, so that the task always reports a change.
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
    description: The user's manager, in any form that O(identity) has.
    type: str
  attributes:
    description:
      - Any other attribute by its LDAP name, with one value or a list of them. Numbers and booleans may be given as such, binary values
        as Base64, DNs as DNs.
    type: dict
    suboptions:
      add:
        description: Values that shall be there, whatever others are.
        type: dict
      remove:
        description: Values that shall not be there.
        type: dict
      set:
        description: All values. Empty (V([]) or V("")) clears the attribute.
        type: dict
  groups:
    description:
      - Memberships, by C(sAMAccountName), DN, SID or objectGUID of the group.
      - The primary group counts as a membership, and it can neither be joined again nor left.
    type: dict
    suboptions:
      add:
        description: Groups to be in, whatever others there are.
        type: list
        elements: str
      remove:
        description: Groups not to be in.
        type: list
        elements: str
      set:
        description: All groups to be in. V([]) leaves every group but the primary one.
        type: list
        elements: str
attributes:
  check_mode:
    support: full
    description: Everything is looked up and checked, nothing is written.
  diff_mode:
    support: full
    description: Shows what changes and nothing else. Of a password only that it changes.
  idempotent:
    support: partial
    description: A second run changes nothing, except with O(update_password=always).
  action_group:
    support: full
    membership: [hris.ad.directory]
    description: The options of O(directory) can be given once, as module defaults of the group C(hris.ad.directory).
seealso:
  - module: hris.ad.user_info
  - module: hris.ad.sync
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

- name: Find her by employee number, whatever she is called now, and let her be in exactly these groups
  hris.ad.user:
    directory:
      servers: [dc1.corp.example]
    identity: "1042"
    identity_attribute: employeeID
    department: Finance
    title: ""
    groups:
      set: [All Staff, Finance]

- name: Disable and move a leaver
  hris.ad.user:
    directory:
      servers: [dc1.corp.example]
    identity: 3f2504e0-4f89-11d3-9a0c-0305e82c3301
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
  description: The user's objectGUID; null for a user that check mode would create, and when there was none to delete.
  returned: success
  type: str
  sample: 3f2504e0-4f89-11d3-9a0c-0305e82c3301
distinguished_name:
  description: The user's DN, after the changes or, in check mode, as it would be.
  returned: success
  type: str
  sample: CN=Jane Roe,OU=Contractors,DC=corp,DC=example
sid:
  description: The user's objectSid; null where RV(object_guid) is.
  returned: success
  type: str
  sample: S-1-5-21-3541869056-809090835-424241632-1107
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import user as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import ARGUMENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.user_attributes import OPTIONS

ALIASES = {"firstname": ["given_name", "first_name"], "surname": ["last_name"], "email": ["mail"]}
ARGUMENT_SPEC = dict(
    **ARGUMENTS,
    **{option: dict(type="str", aliases=ALIASES.get(option, [])) for option in OPTIONS},
    identity=dict(type="str"),
    identity_attribute=dict(type="str"),
    state=dict(type="str", choices=["present", "absent"], default="present"),
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
