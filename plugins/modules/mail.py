# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: mail
short_description: Send a mail for each account
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Sends one mail for each account that a step is due for, such as a welcome to the private
    address of a new employee, or a notice to the manager. All of them go over one connection.
  - Recipients, subject and text are templates with C({…}), with the same functions as the rules.
  - What is wrong with one account stops its mail only. A value that is missing, an address that is
    none, or more than one, and a line break in a subject are errors. Values in a text never begin
    another line, and are escaped in O(html).
  - A template that reads a field for a password or another secret is refused.
  - A mail goes to all of its recipients or to none. When the mail server ends in the middle, what
    it has taken is known, and the rest is not sent.
  - The role P(hris.ad.orchestration#role) uses this module for steps with C(mail).
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.definitions
  - hris.ad.variable_names
attributes:
  check_mode:
    support: full
    description: Nothing is sent. The mails are rendered and returned.
  diff_mode:
    support: none
    description: Returns details on what has changed, or would change, in diff mode.
  idempotent:
    support: partial
    description: Each run sends the mails to all accounts in O(src). M(hris.ad.step_accounts)
      leaves those out for which the ledger says that it is done.
options:
  src:
    description:
      - The accounts that a step is due for, as M(hris.ad.step_accounts) has written them
        (O(hris.ad.step_accounts#module:dest)). Any other file is refused, because an outcome file
        has everybody.
    type: path
    required: true
  plan_key:
    description: The secret that O(src) was signed with (O(hris.ad.sync#module:plan_key)).
    type: str
  mail:
    description: The mail server and the sender.
    type: dict
    required: true
    suboptions:
      host:
        description:
          - The mail server that accepts the messages.
          - If unset, the environment variable E(HRIS_MAIL_HOST) is used.
        type: str
        required: true
      port:
        description: Its port. If unset, 587 for V(start_tls), 465 for V(tls) and 25 for V(none).
        type: int
      tls_mode:
        description:
          - V(start_tls) changes to TLS before anything else is sent, and fails when the server
            cannot. V(tls) uses TLS from the start.
          - V(none) sends everything unencrypted.
        type: str
        choices: [start_tls, tls, none]
        default: start_tls
      username:
        description:
          - User name. If unset, the environment variable E(HRIS_MAIL_USERNAME) is used. Without a
            user name there is no login.
        type: str
      password:
        description:
          - Password. If unset, the environment variable E(HRIS_MAIL_PASSWORD) is used.
        type: str
      from:
        description: The address of the sender, such as V(HR Systems <hr@example.com>).
        type: str
        required: true
  to:
    description:
      - The recipients, each a template that gives one address, such as V({mail}),
        V({employee.privateEmail}), V({manager_account.mail}) or V(desk@example.com).
    type: list
    elements: str
    required: true
  subject:
    description: The template of the subject, on one line.
    type: str
    required: true
  text:
    description:
      - The template of the text. The names are those of M(hris.ad.webhook), with C(today) and
        C(now). A part without a value is an error; V({title || ''}) is for one that may be missing.
    type: str
    required: true
  html:
    description: The same text as HTML. Values in it are escaped. Without it the mail has the text
      only.
    type: str
  validate_certs:
    description: Whether the certificate of the server is verified.
    type: bool
    default: true
  ca_cert:
    description: A PEM file with the authorities to trust. Those of the system if unset.
    type: path
  timeout:
    description: The most seconds for each reply of the server.
    type: float
    default: 60
  ledger:
    description:
      - The ledger of the orchestration, in which each mail is noted before and after it is sent
        (O(hris.ad.step_accounts#module:ledger)). It needs O(step).
    type: path
  step:
    description: The name of the step in O(ledger).
    type: str
  failed_dest:
    description: A file for the accounts whose mail was not sent, for
      O(hris.ad.step_accounts#module:failed).
    type: path
  as_of:
    description: The day that C(today) is, YYYY-MM-DD. Today in UTC if unset.
    type: str
  optional_fields:
    description: Names that templates may use although no account has them.
    type: list
    elements: str
    default: []
  redact:
    description: Attributes, or fields of HR, whose values the result does not show. A text that
      reads one of them is hidden.
    type: list
    elements: str
    default: []
  report_limit:
    description: The most mails that the result shows.
    type: int
    default: 100
seealso:
  - module: hris.ad.step_accounts
  - module: hris.ad.notify
"""

EXAMPLES = r"""
- name: Welcome the new employees
  hris.ad.mail:
    src: /run/hris/due.jsonl
    mail:
      host: smtp.example.com
      username: hris
      password: "{{ vault_mail_password }}"
      from: HR Systems <hr-systems@example.com>
    to: ["{employee.privateEmail}"]
    subject: "Welcome, {givenName}"
    text: |
      Dear {givenName},

      your first day is {start}. Your user name is {sAMAccountName}.
"""

RETURN = r"""
msg:
  description: How many mails were not sent, and why the first one was not.
  returned: failure
  type: str
counts:
  description: How many accounts there are (C(objects)), and how many mails have each status.
  returned: success and failure
  type: dict
  sample: {objects: 3, sent: 2, would_send: 0, failed: 1, not_sent: 0}
mails:
  description: The mails, at most O(report_limit), those that were not sent first.
  returned: success and failure
  type: list
  elements: dict
  contains:
    object: {description: The account (key or logon name)., type: str}
    status:
      description: V(sent), V(would_send), V(failed), or V(not_sent) when the server takes no more.
      type: str
    reason: {description: Why it was not sent., type: str}
    to: {description: The recipients., type: list, elements: str}
    subject: {description: The subject., type: str}
    text: {description: The text., type: str}
    html: {description: The HTML text., type: str}
"""

from ansible.module_utils.basic import env_fallback
from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import mail as command
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import definitions

MAIL = {
    "host": dict(type="str", required=True, fallback=(env_fallback, ["HRIS_MAIL_HOST"])),
    "port": dict(type="int"),
    "tls_mode": dict(type="str", choices=["start_tls", "tls", "none"], default="start_tls"),
    "username": dict(type="str", fallback=(env_fallback, ["HRIS_MAIL_USERNAME"])),
    "password": dict(type="str", no_log=True, fallback=(env_fallback, ["HRIS_MAIL_PASSWORD"])),
    "from": dict(type="str", required=True),
}


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("jmespath",),
        argument_spec=dict(
            **definitions.ARGUMENTS,
            **variable_names.ARGUMENTS,
            src=dict(type="path", required=True),
            plan_key=dict(type="str", no_log=True),
            mail=dict(type="dict", required=True, options=MAIL),
            to=dict(type="list", elements="str", required=True),
            subject=dict(type="str", required=True),
            text=dict(type="str", required=True),
            html=dict(type="str"),
            validate_certs=dict(type="bool", default=True),
            ca_cert=dict(type="path"),
            timeout=dict(type="float", default=60),
            ledger=dict(type="path"),
            step=dict(type="str"),
            failed_dest=dict(type="path"),
            as_of=dict(type="str"),
            optional_fields=dict(type="list", elements="str", default=[]),
            redact=dict(type="list", elements="str", default=[]),
            report_limit=dict(type="int", default=100),
        ),
        required_together=[("ledger", "step")],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
