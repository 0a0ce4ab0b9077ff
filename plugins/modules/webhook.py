# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: webhook
short_description: Tell other systems about users and groups
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Makes one HTTP call for each object, its address, headers, parameters and body rendered from the object.
  - The objects are the accounts of a run of P(hris.ad.sync#module) (O(src)), users or groups that a search finds (O(select)), or
    a list of the playbook's own (O(objects)).
  - In O(url), O(headers), O(params) and O(body), C({…}) is an expression over the object. It sees every attribute by its LDAP
    name, and C(key), C(source), C(type), C(guid), C(dn), C(state), C(start), C(end), C(locked), C(events), C(before),
    C(groups_added), C(groups_removed) and C(employee) (the HR record) of an account of a run, O(variables) by their names,
    O(secrets) as C(secrets.name), C(today) and C(now). Everything outside of braces is meant literally.
    A name that no object has is an error that names itself.
  - Only what is safe to repeat is sent again after a failure, which is GET, HEAD, OPTIONS, PUT and DELETE, and any method with
    O(idempotency).
  - One call that fails does not stop the others, unless O(on_failure) says so, and the task fails at the end.
extends_documentation_fragment:
  - hris.ad.http_connection
  - hris.ad.authentication
  - hris.ad.directory
attributes:
  check_mode:
    support: full
    description: The requests are rendered and returned, nothing is sent but the reading requests of O(compare).
  diff_mode:
    support: full
    description: With O(compare), the fields that differ. One diff an object, as far as O(report_limit) goes.
  idempotent:
    support: partial
    description: With O(compare), a second run sends nothing that writes. Otherwise each run calls.
  action_group:
    support: full
    membership: [hris.ad.directory]
    description: The options of O(directory) can be given once, as module defaults of the group C(hris.ad.directory).
options:
  name:
    description: The webhook's name. Undelivered calls are found again by it.
    type: str
    required: true
  description:
    description: What it is for. It is returned and has no other effect.
    type: str
  base_url:
    description:
      - The address that O(url) is below, when that is a path. Paths of O(auth) are below it as well.
    type: str
  url:
    description:
      - The address, or a path below O(base_url). The server's name is written out. A value in the path is percent-encoded.
      - What stands behind a question mark is given as O(params).
    type: str
    required: true
  method:
    description: The method.
    type: str
    choices: [GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE]
    default: POST
  headers:
    description: Headers. One whose text has a part without a value is left out.
    type: dict
  params:
    description: Parameters of the query. One whose text has a part without a value is left out.
    type: dict
  message_type:
    description:
      - How O(body) is written. V(json) and V(form) take an object whose texts are rendered at every depth. In it a text that is one
        C({…}) and nothing else gives the value as it is, a list, a number or null.
      - V(xml) takes a document as text, whose texts and attributes are rendered, or an object with one name, in which C(@name) is an
        attribute and C(#text) the text.
      - V(text) takes a text.
    type: str
    choices: [json, form, xml, text]
    default: json
  body:
    description: The body. Without it none is sent.
    type: raw
  omit_empty:
    description: Whether what has no value is left out of a body of V(json) or V(form), instead of being sent as null.
    type: bool
    default: false
  variables:
    description: Further values that expressions see by their names.
    type: dict
  secrets:
    description:
      - Values that expressions see as C(secrets.name), and that no result, message or file shows. An address that holds a secret
        belongs here, as in V(https://chat.example.com/hooks/{secrets.hook}).
    type: dict
  success:
    description: When a call counts as delivered.
    type: dict
    suboptions:
      status:
        description: The statuses of success, each like V(200), V(200-204) or V(2xx). V([2xx]) if unset.
        type: list
        elements: str
      when:
        description:
          - A condition over the answer. It sees C(status), C(headers), C(body) (JSON's value, or null), C(text), and C(object).
          - Without it, an answer that is a web page is no success, since that mostly is a login page.
        type: str
  idempotency:
    description:
      - A header by which the receiver knows a call that it has got already. It makes every method safe to repeat.
    type: dict
    suboptions:
      header:
        description: The header's name. C(Idempotency-Key) if unset.
        type: str
      key:
        description: The expression, or text with C({…}), of its value. If unset, a value that is the same for the same request.
        type: str
  compare:
    description:
      - Read first and write only what differs, so that the webhook becomes idempotent.
    type: dict
    suboptions:
      url:
        description: The address to GET. That of O(url) if unset.
        type: str
      params:
        description: Parameters of its query.
        type: dict
      from:
        description: The expression that gives the current object out of the answer, for example V(data[0]). The whole answer if unset.
        type: str
      fields:
        description:
          - What to compare, as expression over the current object and expression, or text with C({…}), over ours.
          - Values that our side has not are not compared. If unset, every value of O(body) is compared with that at its own place.
        type: dict
      unchanged_when:
        description: Instead of fields, a condition that nothing is to be written. It sees the object, and the current one as C(current).
        type: str
      missing:
        description: What to do when there is no current object (404, 410, or nothing by O(compare.from)).
        type: str
        choices: [fail, write, skip]
        default: fail
      verify:
        description: Whether to read again after writing. What still differs then is a failure.
        type: bool
        default: true
  objects:
    description:
      - The objects, each with attributes by their LDAP names.
    type: list
    elements: dict
  src:
    description:
      - The outcome file of a run, as O(hris.ad.sync#module:outcome_dest) writes it.
    type: path
  select:
    description:
      - Users or groups of the directory. O(directory) tells how to reach it.
    type: dict
    suboptions:
      type:
        description: What to look for.
        type: str
        choices: [user, group]
        default: user
      identities:
        description: Which ones, by C(sAMAccountName), C(userPrincipalName), DN, SID or objectGUID. One that is not there is an error.
        type: list
        elements: str
      filter:
        description: An LDAP filter that they must match as well.
        type: str
      search_base:
        description: DN of where to search. The whole domain, or O(directory.base), if unset.
        type: str
      attributes:
        description: Attributes to read besides those that the expressions use.
        type: list
        elements: str
  events:
    description:
      - With O(src), only accounts with one of these events in the run. If unset, all that the run changed.
    type: list
    elements: str
    choices: [created, enabled, disabled, deleted, moved, renamed, updated, group_added, group_removed]
  unchanged:
    description: With O(src), whether accounts that the run did not change are called for as well.
    type: bool
    default: false
  when:
    description: A condition over the object.
    type: str
  optional_fields:
    description: Names that an expression may use although no object has them.
    type: list
    elements: str
  inbound_mapping:
    description:
      - The mapping by which HR's fields go into the directory (C(lifecycle_mapping)), for a webhook that writes to HR. A field that is
        written back from the very attribute that it is mapped into is refused, unless that line says C(apply=on_create).
    type: dict
  as_of:
    description: The day that C(today) stands for, YYYY-MM-DD. The day in UTC if unset.
    type: str
  concurrency:
    description: How many calls to have under way at once, at most 32.
    type: int
    default: 1
  on_failure:
    description: Whether a call that fails stops those after it. V(stop) lets those that are under way end.
    type: str
    choices: [go_on, stop]
    default: go_on
  undelivered_dest:
    description:
      - A file that calls are added to that were not delivered (JSON Lines, mode 0600). It holds the objects and no secret.
    type: path
  resend:
    description:
      - A file of undelivered calls. Those of this webhook are sent, and taken out of the file when they are delivered.
      - They are rendered again from the kept objects, with the kept idempotency key and the C(today) and C(now) of the first time.
    type: path
  resend_possibly_delivered:
    description:
      - Whether O(resend) also sends calls that the receiver may have got, and that are not safe to repeat.
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
- name: Tell the service desk about new accounts of a run
  hris.ad.webhook:
    name: new-starter
    url: https://desk.example.com/api/tickets
    auth: {type: bearer, token: "{{ desk_token }}"}
    src: /var/lib/hris/outcome.jsonl
    events: [created]
    when: department == 'Finance'
    body:
      summary: "Laptop for {displayName}"
      starts: "{start}"
      groups: "{groups_added}"
    idempotency: {header: Idempotency-Key, key: "laptop-{guid}"}
    undelivered_dest: /var/lib/hris/undelivered.jsonl

- name: Send again what was not delivered
  hris.ad.webhook:
    name: new-starter
    url: https://desk.example.com/api/tickets
    auth: {type: bearer, token: "{{ desk_token }}"}
    body: {summary: "Laptop for {displayName}", starts: "{start}", groups: "{groups_added}"}
    idempotency: {key: "laptop-{guid}"}
    resend: /var/lib/hris/undelivered.jsonl

- name: Write addresses back to ELMO, only where they differ
  hris.ad.webhook:
    name: elmo-address
    base_url: https://api.elmotalent.example
    url: /core/v1/users/{employee.id}
    method: PATCH
    auth: {type: elmo}
    src: /var/lib/hris/outcome.jsonl
    body: {email: "{mail}"}
    omit_empty: true
    compare: {verify: true}

- name: Post a text into a chat room whose address is a secret
  hris.ad.webhook:
    name: chat
    url: https://chat.example.com/hooks/{secrets.room}
    secrets: {room: "{{ chat_room }}"}
    message_type: text
    body: "{displayName || sAMAccountName} has left"
    directory: {servers: [dc1.corp.example]}
    select: {identities: [jroe]}
"""

RETURN = r"""
description:
  description: What O(description) says.
  returned: always, unless nothing could be done
  type: str
counts:
  description: How many objects there were, and what became of the calls.
  returned: always, unless nothing could be done
  type: dict
  sample: {objects: 3, sent: 2, would_send: 0, unchanged: 0, skipped: 0, failed: 1, not_sent: 0, requests: 6, retries: 3}
calls:
  description:
    - The calls that were made, or would be made in check mode, as far as O(report_limit) and a bound on all of it go. Secrets are hidden.
  returned: always, unless nothing could be done
  type: list
  elements: dict
  contains:
    object: {description: "The account's key, logon name or DN.", type: str}
    status: {description: "V(sent), V(would_send), V(skipped) or V(failed).", type: str}
    reason: {description: Why it failed., type: str}
    request: {description: "method, url, params, headers and body.", type: dict}
    response: {description: "status, headers, seconds, attempts and body.", type: dict}
failures:
  description: The objects whose call was not delivered, and why. C(possibly_delivered) tells that the receiver may have got it.
  returned: always, unless nothing could be done
  type: list
  elements: dict
  sample: [{object: E1042, reason: "https://desk.example.com/api/tickets: HTTP 422: starts: This is no day.", possibly_delivered: false}]
"""

from ansible_collections.hris.ad.plugins.module_utils._hris import module_runner
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import webhook as command
from ansible_collections.hris.ad.plugins.module_utils._hris.directory.options import (
    ARGUMENTS as DIRECTORY,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound.objects import EVENTS
from ansible_collections.hris.ad.plugins.module_utils._hris.web.authentication import (
    ARGUMENTS as AUTHORISATION,
)
from ansible_collections.hris.ad.plugins.module_utils._hris.web.options import ARGUMENTS

ARGUMENT_SPEC = dict(
    **ARGUMENTS,
    **AUTHORISATION,
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
    unchanged=dict(type="bool", default=False),
    when=dict(type="str"),
    optional_fields=dict(type="list", elements="str"),
    inbound_mapping=dict(type="dict"),
    as_of=dict(type="str"),
    concurrency=dict(type="int", default=1),
    on_failure=dict(type="str", choices=["go_on", "stop"], default="go_on"),
    undelivered_dest=dict(type="path"),
    resend=dict(type="path"),
    resend_possibly_delivered=dict(type="bool", default=False),
    report_limit=dict(type="int", default=20),
    body_limit=dict(type="int", default=10000),
)


def main():
    """Run the module."""
    module_runner.run_module(
        command.run,
        libraries=("requests", "jmespath", "anyascii", "ldap3"),
        argument_spec=ARGUMENT_SPEC,
        mutually_exclusive=[("objects", "src", "select", "resend"), ("undelivered_dest", "resend")],
        required_one_of=[("objects", "src", "select", "resend")],
        required_by={"events": ("src",)},
        supports_check_mode=True,
    )


if __name__ == "__main__":
    main()
