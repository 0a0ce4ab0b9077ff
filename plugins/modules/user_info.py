# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: user_info
short_description: Find Active Directory users
description:
  - Reads users and their attributes with one paged search. Computers and contacts are not users.
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.directory
options:
  identity:
    description:
      - Which user. An objectGUID, a DN, a C(sAMAccountName), a C(userPrincipalName) or an
        objectSid. The module recognises the form. If not set, all users are read.
    type: str
  identity_attribute:
    description:
      - Find the user by the value of this attribute, for example V(employeeID). O(identity) is the
        value.
    type: str
  filter:
    description:
      - An LDAP filter that the users must match as well.
      - If a value in the filter comes from elsewhere, escape its parentheses, asterisks and
        backslashes as RFC 4515 describes. O(identity) with O(identity_attribute) does this itself.
    type: str
  search_base:
    description: DN below which to search. The default is O(directory.base), else the whole domain.
    type: str
  search_scope:
    description:
      - V(subtree) reads everything below O(search_base), V(one_level) its children, V(base) the
        object itself.
    type: str
    choices: [subtree, one_level, base]
    default: subtree
  attributes:
    description:
      - The attributes to return, by their LDAP names. V(*) means all attributes that have a value,
        except those that the server only computes on request.
    type: list
    elements: str
    default: [sAMAccountName, userPrincipalName, displayName, mail]
attributes:
  check_mode:
    support: full
    description: The module never writes.
  diff_mode:
    support: N/A
    description: The module never changes anything.
  idempotent:
    support: full
    description: The module never changes anything.
  action_group:
    support: full
    membership: [hris.ad.directory]
    description:
      - The options of O(directory) can be set once, as module defaults of the group
        C(hris.ad.directory).
seealso:
  - module: hris.ad.user
"""

EXAMPLES = r"""
- name: Find the user with employee number 1042
  hris.ad.user_info:
    directory:
      servers: [dc1.corp.example, dc2.corp.example]
      username: svc-hris@corp.example
      password: "{{ vault_ad_password }}"
      ca_cert: /etc/pki/corp-ca.pem
    identity: "1042"
    identity_attribute: employeeID
    attributes: [displayName, mail, manager]
  register: result

- name: Find the disabled users in Finance
  hris.ad.user_info:
    directory:
      servers: [dc1.corp.example]
    search_base: OU=Staff,DC=corp,DC=example
    filter: (&(department=Finance)(userAccountControl:1.2.840.113556.1.4.803:=2))
  register: disabled
"""

RETURN = r"""
users:
  description: The users found, in the order of their DNs. Empty when there are none.
  returned: success
  type: list
  elements: dict
  contains:
    object_guid:
      description: objectGUID.
      type: str
      sample: 3f2504e0-4f89-11d3-9a0c-0305e82c3301
    distinguished_name:
      description: DN.
      type: str
      sample: CN=Jane Roe,OU=Finance,OU=Staff,DC=corp,DC=example
    sid:
      description: objectSid.
      type: str
      sample: S-1-5-21-3541869056-809090835-424241632-1107
    enabled:
      description: Whether C(userAccountControl) says that the user is enabled.
      type: bool
      sample: true
    groups:
      description: DNs of the groups that the user is a direct member of, without the primary group.
      type: list
      elements: str
      sample: ["CN=Finance,OU=Groups,DC=corp,DC=example"]
    primary_group_sid:
      description: SID of the primary group.
      type: str
      sample: S-1-5-21-3541869056-809090835-424241632-513
    attributes:
      description:
        - Those of O(attributes) that have a value. Their names are spelled as in the schema.
        - One text where the schema allows one value, else a list of texts. Numbers and times are
          decimal texts, booleans C(TRUE) and C(FALSE), binary values Base64, GUIDs and SIDs as they
          are usually written.
      type: dict
      sample:
        displayName: Jane Roe
        mail: jane.roe@example.com
        proxyAddresses: ["SMTP:jane.roe@example.com"]
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import user_info as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import ARGUMENTS

ARGUMENT_SPEC = dict(
    **ARGUMENTS,
    identity=dict(type="str"),
    identity_attribute=dict(type="str"),
    filter=dict(type="str"),
    search_base=dict(type="str"),
    search_scope=dict(type="str", choices=["subtree", "one_level", "base"], default="subtree"),
    attributes=dict(
        type="list",
        elements="str",
        default=["sAMAccountName", "userPrincipalName", "displayName", "mail"],
    ),
)


def main():
    module_runner.run_module(
        command.run,
        libraries=("ldap3",),
        argument_spec=ARGUMENT_SPEC,
        required_by={"identity_attribute": ("identity",)},
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
