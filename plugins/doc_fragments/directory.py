# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach Active Directory (module_utils/directory/options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - ldap3 >= 2.9.1
  - gssapi and cryptography (only for Kerberos)
options:
  directory:
    description:
      - How to reach the domain. Everything that has an environment variable may be left to it, so that no playbook holds it.
      - One server is bound to once, and everything that the task does goes over that connection, always inside TLS.
      - Continuation references and referrals to other domains are never followed.
    type: dict
    suboptions:
      servers:
        description:
          - Domain controllers, as C(host) or C(host:port). They are tried in this order until one answers.
          - A server that refuses the log-on ends the attempts, since each refusal counts towards the lockout of the account.
          - The environment variable E(HRIS_AD_SERVERS) is used when this is not set, names separated by commas.
        type: list
        elements: str
        required: true
      tls_mode:
        description:
          - V(ldaps) speaks TLS from the start, V(start_tls) turns to it before anything else is said.
          - There is no way without TLS. Active Directory would neither take passwords nor, mostly, a log-on.
        type: str
        choices: [ldaps, start_tls]
        default: ldaps
      port:
        description: Port of the servers that name none. The default is 636 for V(ldaps) and 389 for V(start_tls).
        type: int
      ca_cert:
        description:
          - File with the certificates (PEM) of the authorities to trust instead of the system's. It is read where the task runs.
          - The environment variable E(HRIS_AD_CA_CERT) is used when this is not set.
        type: path
      validate_certs:
        description:
          - Whether the server's certificate must be trusted, and made out for the name or address in O(directory.servers).
          - Switched off, anyone on the way can read the password of the log-on.
        type: bool
        default: true
      auth_protocol:
        description:
          - V(simple) sends O(directory.username) and O(directory.password) inside TLS.
          - V(kerberos) takes the ticket that C(kinit) has got. The servers must then be given by the names of their service principals
            and accept Kerberos inside TLS without channel binding, which ldap3 2.9.1 cannot do as Windows wants it when it is enforced.
        type: str
        choices: [simple, kerberos]
        default: simple
      username:
        description:
          - Whom to log on as, written V(name@domain), V(DOMAIN\\name) or as a DN. Needed for V(simple). For V(kerberos) it chooses among
            several tickets.
          - The environment variable E(HRIS_AD_USERNAME) is used when this is not set.
        type: str
      password:
        description:
          - The password for V(simple). An empty one is refused here, a server would take it for an anonymous log-on.
          - The environment variable E(HRIS_AD_PASSWORD) is used when this is not set.
        type: str
      base:
        description:
          - Where searches begin. The default is the whole domain.
          - Objects elsewhere are not seen. A narrower base is for an account that may not read the rest, since a name that is taken
            outside of it is only noticed when the server refuses it.
        type: str
      timeout:
        description: Seconds to wait for a connection, and for any one answer, before the server is given up.
        type: int
        default: 30
"""
