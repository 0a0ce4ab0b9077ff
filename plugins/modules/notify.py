# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: notify
short_description: Send a notification about a run, by mail and by a webhook
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Sends one message by mail (O(mail)), to a chat room or another system by a webhook (O(webhook)),
    or by both.
  - Both are tried, even when one fails. Each failure is one clear error, without the address of the
    chat room, passwords or tokens.
  - The role P(hris.ad.lifecycle#role) uses this module after a run, with
    RV(hris.ad.sync#module:chat) as O(text).
  - To call a webhook once for each account, use M(hris.ad.webhook).
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.http_connection
  - hris.ad.authentication
  - hris.ad.variable_names
attributes:
  check_mode:
    support: full
    description: Nothing is sent, unless O(send_in_check_mode). What would be sent is returned.
  diff_mode:
    support: none
    description: Returns details on what has changed, or would change, in diff mode.
  idempotent:
    support: none
    description: Each run sends the message.
options:
  subject:
    description: The subject of the mail. Line breaks in it become spaces.
    type: str
    required: true
  text:
    description: The message.
    type: str
    required: true
  details:
    description: Further lines for the mail, below O(text). The webhook does not send them.
    type: list
    elements: str
    default: []
  attachments:
    description: Files for the mail, such as the page of M(hris.ad.plan_report). The webhook does
      not send them.
    type: list
    elements: path
    default: []
  variables:
    description: Values that expressions of O(webhook) see by their names, beside C(subject) and
      C(text).
    type: dict
    default: {}
  mail:
    description:
      - Sends a mail. Of the options of the HTTP connection, O(validate_certs), O(ca_cert) and
        O(timeout) also apply to it.
    type: dict
    suboptions:
      host:
        description:
          - The mail server that accepts the message.
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
        description: The addresses of the recipients, one in each element.
        type: list
        elements: str
        required: true
  webhook:
    description:
      - Makes one HTTP request, authenticated by O(auth). It is never sent twice, because a chat
        room would show the message twice.
    type: dict
    suboptions:
      url:
        description:
          - The whole address, with its query if it has one. It is treated as a secret, because the
            addresses of chat rooms are secrets. Messages show only the name of its server.
          - If unset, the environment variable E(HRIS_NOTIFY_URL) is used.
        type: str
        required: true
      method:
        description: The HTTP method.
        type: str
        choices: [POST, PUT, PATCH]
        default: POST
      headers:
        description: The headers. Credentials belong into O(auth).
        type: dict
      message_type:
        description: The format of O(webhook.body), see O(hris.ad.webhook#module:message_type).
        type: str
        choices: [json, form, xml, text]
        default: json
      body:
        description:
          - The body. In its texts, C({…}) is an expression over C(text), C(subject) and
            O(variables). Any other name is an error.
          - If unset, an object whose C(text) is the message, as Slack, Mattermost and Google Chat
            take it; with O(webhook.message_type=text), the message alone.
        type: raw
      success:
        description: When the message counts as delivered, see O(hris.ad.webhook#module:success).
          With any status from 200 to 299 if unset.
        type: dict
        suboptions:
          status:
            description: The statuses of success, each like V(200), V(200-204) or V(2xx).
            type: list
            elements: str
          when:
            description: A condition over the C(status), C(headers), C(body) and C(text) of the
              response.
            type: str
  send_in_check_mode:
    description: Whether the message is sent in check mode too, for runs in check mode that somebody
      approves.
    type: bool
    default: false
  on_failure:
    description: Whether a message that cannot be delivered fails the task, or is a warning.
    type: str
    choices: [fail, warn]
    default: fail
seealso:
  - module: hris.ad.webhook
  - module: hris.ad.sync
"""

EXAMPLES = r"""
- name: Notify the chat room of the service desk
  hris.ad.notify:
    subject: HR and Active Directory
    text: "{{ lifecycle_outcome.chat }}"
    webhook:
      url: "{{ chat_room_url }}"

- name: Send the report by mail, and notify a monitoring system
  hris.ad.notify:
    subject: "HR and Active Directory: {{ run.msg }}"
    text: "{{ run.chat }}"
    details: "{{ run.report }}"
    attachments: [/var/lib/hris/elmo.html]
    mail:
      host: smtp.example.com
      username: hris
      password: "{{ vault_mail_password }}"
      from: HR Systems <hr-systems@example.com>
      to: [service-desk@example.com]
    webhook:
      url: https://monitoring.example.com/api/events
      body:
        source: hris.ad
        summary: "{text}"
        failed: "{failed}"
    auth:
      type: bearer
      token: "{{ vault_monitoring_token }}"
    variables: "{{ run.brief }}"
"""

RETURN = r"""
msg:
  description: What could not be delivered, and why.
  returned: failure
  type: str
  sample: >-
    mail server smtp.example.com:587: user name and password are refused: 535 5.7.8 Authentication
    credentials invalid.
mail:
  description: The result of the mail.
  returned: with O(mail)
  type: dict
  contains:
    status: {description: "V(sent), V(would_send) or V(failed).", type: str}
    reason: {description: "Why it failed.", type: str}
    to: {description: "The recipients.", type: list, elements: str}
    subject: {description: "The subject.", type: str}
webhook:
  description: The result of the webhook.
  returned: with O(webhook)
  type: dict
  contains:
    status: {description: "V(sent), V(would_send) or V(failed).", type: str}
    reason: {description: "Why it failed.", type: str}
    server: {description: "The server's name.", type: str}
    body: {description: "The body that was, or would be, sent.", type: str}
"""

from ansible.module_utils.basic import env_fallback
from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import notify as command
from ansible_collections.hris.ad.plugins.module_utils._hris.web.authentication import (
    ARGUMENTS as AUTHENTICATION,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import ARGUMENTS

MAIL = {
    "host": dict(type="str", required=True, fallback=(env_fallback, ["HRIS_MAIL_HOST"])),
    "port": dict(type="int"),
    "tls_mode": dict(type="str", choices=["start_tls", "tls", "none"], default="start_tls"),
    "username": dict(type="str", fallback=(env_fallback, ["HRIS_MAIL_USERNAME"])),
    "password": dict(type="str", no_log=True, fallback=(env_fallback, ["HRIS_MAIL_PASSWORD"])),
    "from": dict(type="str", required=True),
    "to": dict(type="list", elements="str", required=True),
}
WEBHOOK = dict(
    url=dict(type="str", required=True, no_log=True, fallback=(env_fallback, ["HRIS_NOTIFY_URL"])),
    method=dict(type="str", choices=["POST", "PUT", "PATCH"], default="POST"),
    headers=dict(type="dict"),
    message_type=dict(type="str", choices=["json", "form", "xml", "text"], default="json"),
    body=dict(type="raw"),
    success=dict(
        type="dict", options=dict(status=dict(type="list", elements="str"), when=dict(type="str"))
    ),
)


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("requests", "jmespath"),
        argument_spec=dict(
            **variable_names.ARGUMENTS,
            **ARGUMENTS,
            **AUTHENTICATION,
            subject=dict(type="str", required=True),
            text=dict(type="str", required=True),
            details=dict(type="list", elements="str", default=[]),
            attachments=dict(type="list", elements="path", default=[]),
            variables=dict(type="dict", default={}),
            mail=dict(type="dict", options=MAIL),
            webhook=dict(type="dict", options=WEBHOOK),
            send_in_check_mode=dict(type="bool", default=False),
            on_failure=dict(type="str", choices=["fail", "warn"], default="fail"),
        ),
        required_one_of=[("mail", "webhook")],
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
