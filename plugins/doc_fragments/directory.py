# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach Active Directory (module_utils/_hris/directory/options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - ldap3 >= 2.9.1 (where a directory is asked)
  - gssapi >= 1.8 and cryptography >= 43 (only for Kerberos)
options:
  directory:
    description:
      - How to reach the domain. An option that has an environment variable can be left to it, so
        that no playbook contains it.
      - The task binds once, to one server, and does everything over this connection, always inside
        TLS.
      - Continuation references and referrals to other domains are never followed.
    type: dict
    suboptions:
      servers:
        description:
          - Domain controllers, as C(host) or C(host:port). They are tried in this order until one
            answers.
          - When a server is lost before anything was written, the work begins anew with the next
            one, with a warning. After the first write it ends, because another server may not know
            of the write yet.
          - A read-only domain controller, and one that is not synchronized yet, are passed over,
            because what they lack would look empty.
          - A server that refuses the log-on ends the attempts, because each refusal counts towards
            the lockout of the account.
          - If not set, the environment variable E(HRIS_AD_SERVERS) is used, with names separated by
            commas.
        type: list
        elements: str
        required: true
      tls_mode:
        description:
          - V(ldaps) uses TLS from the start. V(start_tls) connects without TLS and changes to TLS
            before anything else is sent.
          - A connection without TLS is not possible. Over such a connection, Active Directory
            accepts no passwords for accounts and usually no log-on.
        type: str
        choices: [ldaps, start_tls]
        default: ldaps
      port:
        description:
          - Port of the servers that are named without one. The default is 636 for
            V(tls_mode=ldaps) and 389 for V(tls_mode=start_tls).
        type: int
      ca_cert:
        description:
          - File with the certificates (PEM) of the authorities to trust instead of the system's.
            It is read on the machine where the task runs.
          - If not set, the environment variable E(HRIS_AD_CA_CERT) is used.
        type: path
      validate_certs:
        description:
          - Whether the certificate of the server must be trusted, and valid for the name or
            address in O(directory.servers).
          - With V(false), an attacker on the network can read the password of the log-on.
        type: bool
        default: true
      auth_protocol:
        description:
          - V(simple) sends O(directory.username) and O(directory.password) inside TLS.
          - V(kerberos) gets a ticket for O(directory.username) with O(directory.password), and
            keeps it in memory. Without a password it uses the ticket of C(kinit), or gets one with
            the keytab that the environment variable E(KRB5_CLIENT_KTNAME) names. The servers must
            be named by the names of their service principals.
          - A log-on with Kerberos has channel bindings (C(tls-server-end-point), RFC 5929), so it
            works where the domain controllers require them (C(LdapEnforceChannelBinding) is 2).
            Something in between that ends TLS, such as a load balancer, then makes it fail.
          - Samba before 4.21 takes no Kerberos inside TLS, unless its configuration has
            C(ldap server require strong auth = allow_sasl_over_tls).
          - If not set, the environment variable E(HRIS_AD_AUTH_PROTOCOL) is used.
        type: str
        choices: [simple, kerberos]
        default: simple
      username:
        description:
          - The account of the log-on, written V(name@domain), V(DOMAIN\\name) or as a DN. Required
            for V(auth_protocol=simple).
          - For V(auth_protocol=kerberos) it is the principal, V(name@REALM), in which the realm is
            the name of the domain. It is required with O(directory.password), and otherwise
            chooses one of several tickets.
          - If not set, the environment variable E(HRIS_AD_USERNAME) is used.
        type: str
      password:
        description:
          - The password of O(directory.username). With V(auth_protocol=simple) an empty one is
            refused, because a server would treat it as an anonymous log-on. With
            V(auth_protocol=kerberos) it is only for the ticket, and no server is sent it.
          - If not set, the environment variable E(HRIS_AD_PASSWORD) is used.
        type: str
      base:
        description:
          - DN below which searches are made. The default is the whole domain.
          - Objects elsewhere are not read. Use a narrower base for an account that may not read
            the rest. A name that is in use outside of the base is then only noticed when the
            server refuses it.
        type: str
      timeout:
        description: Seconds to wait for a connection, and for each response of the server.
        type: int
        default: 30
      cloud_governed:
        description:
          - How a user or a group says that Entra governs it. Entra Cloud Sync can mark objects, and
            domain controllers can be told to refuse every other change of a marked object
            ("enforcement", a preview of 2026 for Windows Server 2022 and later).
          - Such an account is never changed here, and nobody is added to such a group or removed
            from it. The plan says so, instead of failing when it is applied.
          - An attribute that the schema of the directory lacks is not looked for.
        type: dict
        suboptions:
          attribute:
            description: The attribute that has the mark.
            type: str
            default: msDS-ObjectSoa
          marks:
            description:
              - The values that mean that Entra governs the object. Upper and lower case are the
                same.
              - Give an empty list where the policy of the domain allows the account of the task to
                write such objects, or only audits. Then nothing is left out.
            type: list
            elements: str
            default: [Cloud]
"""
