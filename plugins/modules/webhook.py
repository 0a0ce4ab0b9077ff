# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: webhook
short_description: Notify other systems about users and groups by HTTP
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Makes one HTTP call for each object. Its address, headers, query parameters and body are
    rendered from the object.
  - The objects are the accounts of a run of P(hris.ad.sync#module) (O(src)), users or groups that a
    search finds (O(select)), or a list of the playbook (O(objects)).
  - In O(url), O(headers), O(params) and O(body), C({…}) is an expression over the object.
    Everything outside of braces is literal.
  - An expression sees every attribute by its LDAP name. For an account of a run it also sees
    C(key), C(source), C(type), C(guid), C(dn), C(state), C(start), C(end),
    C(first_day_without_access), C(timezone), C(events), C(before), C(groups_added),
    C(groups_removed), C(occurrences) and C(employee) (the HR record). It always sees O(variables)
    by their names, O(secrets) as C(secrets.name), C(today) and C(now).
  - A name that no object has is an error that shows the name.
  - After a failure a request is sent again only where that is safe. This is so for GET, HEAD,
    OPTIONS, PUT and DELETE, and for any method with O(idempotency).
  - A call that fails does not stop the others, unless O(on_failure=stop). The task fails at the
    end.
extends_documentation_fragment:
  - hris.ad.runs_on
  - hris.ad.expressions
  - hris.ad.http_connection
  - hris.ad.authentication
  - hris.ad.directory
  - hris.ad.definitions
  - hris.ad.variable_names
attributes:
  check_mode:
    support: full
    description: The requests are rendered and returned. Only the GET requests of O(compare) are
      sent.
  diff_mode:
    support: full
    description: With O(compare), the fields that differ. One diff for each object, at most
      O(report_limit).
  idempotent:
    support: partial
    description: With O(compare), a second run writes nothing. Without it, each run makes the calls.
  action_group:
    support: full
    membership: [hris.ad.directory, hris.ad.http_connection]
    description: The options of O(directory) and of the connection can be given once, as module
      defaults of these groups.
options:
  name:
    description: The webhook's name. O(resend) finds undelivered calls by it.
    type: str
    required: true
  description:
    description: What the webhook is for. It is returned, and has no other effect.
    type: str
  base_url:
    description:
      - The address that O(url) is appended to when O(url) is a path. Paths of O(auth) are appended
        to it as well.
    type: str
  url:
    description:
      - The address, or a path below O(base_url). The name of the server must be literal. A value in
        the path is percent-encoded.
      - Give a query as O(params).
    type: str
    required: true
  method:
    description: The HTTP method.
    type: str
    choices: [GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE]
    default: POST
  headers:
    description: The headers. A header is left out when a part of its text has no value.
    type: dict
  params:
    description: The query parameters. One is left out when a part of its text has no value.
    type: dict
  message_type:
    description:
      - The format of O(body). V(json) and V(form) take an object whose texts are rendered at every
        depth. A text that is one C({…}) and nothing else gives the value with its type (a list, a
        number or null).
      - V(xml) takes a document as text, whose texts and attributes are rendered, or an object with
        one name. In the object, C(@name) is an attribute and C(#text) the text.
      - V(text) takes a text.
    type: str
    choices: [json, form, xml, text]
    default: json
  body:
    description: The body. None is sent if unset.
    type: raw
  omit_empty:
    description: Whether values that are missing are left out of a body of V(json) or V(form). They
      are sent as null otherwise.
    type: bool
    default: false
  variables:
    description: Further values, which expressions see by their names.
    type: dict
  secrets:
    description:
      - Values that expressions see as C(secrets.name). No result, message or file shows them. An
        address that contains a secret belongs here, as in
        V(https://chat.example.com/hooks/{secrets.hook}).
    type: dict
  success:
    description: When a call counts as delivered.
    type: dict
    suboptions:
      status:
        description: The statuses of success, each like V(200), V(200-204) or V(2xx). V([2xx]) if
          unset.
        type: list
        elements: str
      when:
        description:
          - A condition over the response. It sees C(status), C(headers) (names in lower case),
            C(body) (the JSON value, or null), C(text), and C(object).
          - If unset, a response that is a web page is a failure, because it usually is a login
            page.
        type: str
  idempotency:
    description:
      - A header by which the receiver recognises a call that it already has. It makes every method
        safe to repeat.
    type: dict
    suboptions:
      header:
        description: The header's name. C(Idempotency-Key) if unset.
        type: str
      key:
        description: The expression, or text with C({…}), of its value. If unset, a value that is
          computed from the request, the same for the same request.
        type: str
  compare:
    description:
      - Reads the current object first, and writes only when something differs. This makes the
        webhook idempotent.
    type: dict
    suboptions:
      url:
        description: The address to read. That of O(url) if unset.
        type: str
      params:
        description: The query parameters for reading.
        type: dict
      from:
        description: The expression that selects the current object in the response, for example
          V(data[0]). The whole response if unset.
        type: str
      fields:
        description:
          - What to compare. Each name is an expression over the current object, each value an
            expression, or text with C({…}), over our object.
          - Values that our object does not have are not compared. If unset, every value of O(body)
            is compared with the value at the same path.
        type: dict
      unchanged_when:
        description: Instead of O(compare.fields), a condition under which nothing is written. It
          sees our object, and the current one as C(current).
        type: str
      missing:
        description: What to do when there is no current object (status 404 or 410, or
          O(compare.from) selects nothing).
        type: str
        choices: [fail, write, skip]
        default: fail
      verify:
        description: Whether to read again after writing. The call fails when something still
          differs.
        type: bool
        default: true
  objects:
    description:
      - The objects, each with attributes by their LDAP names.
    type: list
    elements: dict
  src:
    description:
      - The outcome file of a run, as O(hris.ad.sync#module:sources[].outcome_dest) writes it.
    type: path
  plan_key:
    description:
      - The secret that O(src) was signed with (O(hris.ad.sync#module:plan_key)). A signed file
        can only be read with it, and with it no other file is read.
      - O(undelivered_dest) is signed with it, too, and O(resend) is then read with it only.
    type: str
  select:
    description:
      - Users or groups of the directory. O(directory) says how to connect to it.
    type: dict
    suboptions:
      type:
        description: What to search for.
        type: str
        choices: [user, group]
        default: user
      identities:
        description: The objects, each by C(sAMAccountName), C(userPrincipalName), DN, SID or
          objectGUID. One that does not exist is an error.
        type: list
        elements: str
      filter:
        description: An LDAP filter that the objects must match.
        type: str
      search_base:
        description: DN below which to search. If unset, O(directory.base), or the whole domain.
        type: str
      attributes:
        description: Attributes to read besides those that the expressions use.
        type: list
        elements: str
  events:
    description:
      - With O(src), only accounts that had one of these events in the run. If unset, all accounts
        that the run changed.
    type: list
    elements: str
    choices:
      - created
      - enabled
      - disabled
      - deleted
      - moved
      - renamed
      - updated
      - relinked
      - taken_over
      - group_added
      - group_removed
  only:
    description:
      - With O(src), only the accounts with these keys, in any case. A key that no account has is an
        error, before anything is sent.
    type: list
    elements: str
  unchanged:
    description: With O(src), whether the webhook is also called for accounts that the run did not
      change.
    type: bool
    default: false
  when:
    description: A condition over the object.
    type: str
  optional_fields:
    description: Names that expressions may use although no object has them.
    type: list
    elements: str
  inbound_mapping:
    description:
      - The mapping from HR to the directory (C(lifecycle_mapping)), for a webhook that writes to
        HR. A field is refused when it is written back from the attribute that it is mapped to,
        unless the mapping of the attribute has C(apply=on_create).
    type: dict
  as_of:
    description: The value of C(today), YYYY-MM-DD. The day in UTC if unset.
    type: str
  concurrency:
    description: How many calls are made at the same time, at most 32.
    type: int
    default: 1
  on_failure:
    description: Whether the calls after one that fails are still made. With V(stop), calls that
      have begun are completed.
    type: str
    choices: [continue, stop]
    default: continue
  undelivered_dest:
    description:
      - A file to which undelivered calls are added (JSON Lines, mode 0600). It holds the objects,
        and no secret.
    type: path
  ledger:
    description:
      - With O(src) and O(step), the ledger of M(hris.ad.step_accounts), in which each call is
        noted, before it is made, where it may not be made twice, and when it is done.
      - So a run that is killed between two calls makes none of them again. The next run of
        M(hris.ad.step_accounts) tells of the one in the middle.
      - With O(plan_key), it is signed.
    type: path
  step:
    description: The step of an orchestration for whose accounts (O(src), written by
      M(hris.ad.step_accounts)) the calls are made.
    type: str
  resend:
    description:
      - A file of undelivered calls. Those of this webhook are sent, and removed from the file when
        they are delivered.
      - They are rendered again from the objects in the file, with the idempotency key, C(today) and
        C(now) of the first attempt.
    type: path
  resend_possibly_delivered:
    description:
      - Whether O(resend) also sends calls that the receiver may already have, and that are not safe
        to repeat.
    type: bool
    default: false
  report_limit:
    description: The most calls, failures and diffs that the task returns.
    type: int
    default: 20
  body_limit:
    description: The most characters of each body that the task returns.
    type: int
    default: 10000
seealso:
  - module: hris.ad.icehrm_employee
  - module: hris.ad.sync
"""

EXAMPLES = r"""
- name: Open a ticket for each new account of a run
  hris.ad.webhook:
    name: new-starter
    url: https://desk.example.com/api/tickets
    auth:
      type: bearer
      token: "{{ desk_token }}"
    src: /var/lib/hris/outcome.jsonl
    events: [created]
    when: department == 'Finance'
    body:
      summary: "Laptop for {displayName}"
      starts: "{start}"
      groups: "{groups_added}"
    idempotency:
      key: "laptop-{key}"
    undelivered_dest: /var/lib/hris/undelivered.jsonl

- name: Send again what was not delivered
  hris.ad.webhook:
    name: new-starter
    url: https://desk.example.com/api/tickets
    auth:
      type: bearer
      token: "{{ desk_token }}"
    body:
      summary: "Laptop for {displayName}"
      starts: "{start}"
      groups: "{groups_added}"
    idempotency:
      key: "laptop-{key}"
    resend: /var/lib/hris/undelivered.jsonl

- name: Write addresses back to ELMO where they differ
  hris.ad.webhook:
    name: elmo-address
    base_url: https://api.elmotalent.example
    url: /core/v1/users/{employee.id}
    method: PATCH
    auth:
      type: elmo
    src: /var/lib/hris/outcome.jsonl
    body:
      email: "{mail}"
    omit_empty: true
    compare:
      verify: true

- name: Post a message into a chat room whose address is a secret
  hris.ad.webhook:
    name: chat
    url: https://chat.example.com/hooks/{secrets.room}
    secrets:
      room: "{{ chat_room }}"
    message_type: text
    body: "{displayName || sAMAccountName} has left"
    directory:
      servers: [dc1.corp.example]
    select:
      identities: [jroe]
"""

RETURN = r"""
description:
  description: The text of O(description).
  returned: always, unless nothing could be done
  type: str
counts:
  description: How many objects there were, and how many calls had each result.
  returned: always, unless nothing could be done
  type: dict
  sample:
    objects: 3
    sent: 2
    would_send: 0
    unchanged: 0
    skipped: 0
    failed: 1
    not_sent: 0
    requests: 6
    retries: 3
calls:
  description:
    - The calls that were made, or would be made in check mode, at most O(report_limit) and 300,000
      characters. Secrets are hidden.
  returned: always, unless nothing could be done
  type: list
  elements: dict
  contains:
    object: {description: "The account's key, logon name, DN or GUID.", type: str}
    status: {description: "V(sent), V(would_send), V(skipped) or V(failed).", type: str}
    reason: {description: Why it failed., type: str}
    request: {description: "method, url, params, headers and body.", type: dict}
    response: {description: "status, headers, seconds, attempts and body.", type: dict}
failures:
  description: The objects whose call was not delivered, and why. C(possibly_delivered) says that
    the receiver may have the call.
  returned: always, unless nothing could be done
  type: list
  elements: dict
  sample:
    - object: E1042
      reason: "https://desk.example.com/api/tickets: HTTP 422: starts: This is not a date."
      possibly_delivered: false
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner, variable_names
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import webhook as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.model.actions import EVENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import definitions
from ansible_collections.hris.ad.plugins.module_utils._hris.web.authentication import (
    ARGUMENTS as AUTHENTICATION,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import ARGUMENTS, TUNING

ARGUMENT_SPEC = dict(
    **ARGUMENTS,
    **AUTHENTICATION,
    **definitions.ARGUMENTS,
    **variable_names.ARGUMENTS,
    directory={**DIRECTORY["directory"], "apply_defaults": False},  # most calls need none
    name=dict(type="str", required=True),
    description=dict(type="str"),
    base_url=dict(type="str"),
    url=dict(type="str", required=True),
    method=dict(
        type="str",
        choices=["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"],
        default="POST",
    ),
    headers=dict(type="dict"),
    params=dict(type="dict"),
    message_type=dict(type="str", choices=["json", "form", "xml", "text"], default="json"),
    body=dict(type="raw"),
    omit_empty=dict(type="bool", default=False),
    variables=dict(type="dict"),
    secrets=dict(type="dict", no_log=True),
    success=dict(
        type="dict", options=dict(status=dict(type="list", elements="str"), when=dict(type="str"))
    ),
    idempotency=dict(
        type="dict",
        options=dict(header=dict(type="str"), key=dict(type="str", no_log=False)),
        no_log=False,
    ),
    compare=dict(
        type="dict",
        options={
            "url": dict(type="str"),
            "params": dict(type="dict"),
            "from": dict(type="str"),
            "fields": dict(type="dict"),
            "unchanged_when": dict(type="str"),
            "missing": dict(type="str", choices=["fail", "write", "skip"], default="fail"),
            "verify": dict(type="bool", default=True),
        },
    ),
    objects=dict(type="list", elements="dict"),
    src=dict(type="path"),
    plan_key=dict(type="str", no_log=True),
    select=dict(
        type="dict",
        options=dict(
            type=dict(type="str", choices=["user", "group"], default="user"),
            identities=dict(type="list", elements="str"),
            filter=dict(type="str"),
            search_base=dict(type="str"),
            attributes=dict(type="list", elements="str"),
        ),
    ),
    events=dict(type="list", elements="str", choices=list(EVENTS)),
    only=dict(type="list", elements="str"),
    unchanged=dict(type="bool", default=False),
    when=dict(type="str"),
    optional_fields=dict(type="list", elements="str"),
    inbound_mapping=dict(type="dict"),
    as_of=dict(type="str"),
    concurrency=dict(type="int", default=1),
    on_failure=dict(type="str", choices=["continue", "stop"], default="continue"),
    undelivered_dest=dict(type="path"),
    ledger=dict(type="path"),
    step=dict(type="str"),
    resend=dict(type="path"),
    resend_possibly_delivered=dict(type="bool", default=False),
    report_limit=dict(type="int", default=20),
    body_limit=dict(type="int", default=10000),
)


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=command.libraries,
        tuning=TUNING,
        argument_spec=ARGUMENT_SPEC,
        mutually_exclusive=[("objects", "src", "select", "resend"), ("undelivered_dest", "resend")],
        required_one_of=[("objects", "src", "select", "resend")],
        required_together=[("ledger", "step")],
        required_by={"events": ("src",), "ledger": ("src",)},
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
