# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source elmo_webhook: ELMO says that something changed."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: elmo_webhook
short_description: Receive webhooks from ELMO
version_added: 0.1.0
author:
  - hris.ad contributors (@hris-ad)
description:
  - Receives the webhooks that ELMO sends when something changed, and tells whose account to
    synchronise.
  - A webhook counts only with a valid signature of ELMO, the header C(elmo-webhook-signature). Its
    body is bounded in size and time before anything reads it, and counts once.
  - Webhooks are collected for some seconds into one event, because each event costs a run that
    reads all of HR.
  - An event has the fields C(source), C(kind), C(everybody), C(only) and C(changes). C(only) is a
    list of keys for the variable C(lifecycle_only). Where anybody may have changed, C(everybody) is
    true and C(only) is null. An event holds no other value of HR.
  - The first event comes at the start and is about everybody, because nobody received the webhooks
    before.
options:
  source:
    description: The name of the source in events, such as the name of its host in the inventory.
    type: str
    default: elmo
  elmo_certificate:
    description:
      - File with the certificate (X.509, PEM) that ELMO gives for webhooks. It may hold several
        while ELMO changes it.
    type: path
    required: true
  key:
    description:
      - Expression (JMESPath) over the body for the key of the person. It is the value that
        C(lifecycle_mapping) gives the attribute in C(lifecycle_correlation.key).
      - ELMO publishes no format of the body. If unset, or without a value, the event is about
        everybody.
    type: str
  identifier:
    description:
      - Expression (JMESPath) over the body for what is different in each webhook, such as the
        identifier of the event. Only the first one with it counts.
      - If unset, or without a value, the whole body is the identifier.
    type: str
  replay_seconds:
    description:
      - For how long webhooks are remembered, so that nobody can send a recorded one again. They are
        kept in memory and forgotten at a restart.
      - Set V(0) where two changes may have the same body, because ELMO sends neither time nor
        identifier. A replay then costs a run, at most one in O(min_interval_seconds).
    type: float
    default: 3600
  host:
    description:
      - Address to listen on. Addresses that others can reach need O(certfile), or O(allow_http).
    type: str
    default: 127.0.0.1
  port:
    description: Port to listen on.
    type: int
    default: 5001
  path:
    description: Path of the webhook. Any other is not found.
    type: str
    default: /elmo
  token:
    description:
      - A bearer token that ELMO must send besides its signature, where ELMO can.
      - If unset, the environment variable E(HRIS_ELMO_WEBHOOK_TOKEN) is used; without it, no token
        is asked for.
    type: str
  certfile:
    description: File with the certificate of this server (PEM). With it, the server speaks TLS.
    type: path
  keyfile:
    description: File with its private key, if it is not in O(certfile).
    type: path
  password:
    description:
      - Password of the private key.
      - If unset, the environment variable E(HRIS_ELMO_WEBHOOK_KEY_PASSWORD) is used.
    type: str
  cafile:
    description:
      - File with certificates of authorities (PEM). With it, a client must show a certificate of
        one of them.
    type: path
  allow_http:
    description: Whether to listen without TLS on an address that others can reach.
    type: bool
    default: false
  max_body_kb:
    description: The largest body in KiB.
    type: int
    default: 256
  body_seconds:
    description: How long a body may take to arrive.
    type: float
    default: 10
  request_seconds:
    description: How long a connection may last.
    type: float
    default: 30
  max_concurrent:
    description: How many requests are received at the same time. More are refused with status 503.
    type: int
    default: 20
  max_connections:
    description: How many connections there may be. More are closed.
    type: int
    default: 100
  collect_seconds:
    description: How long further changes are collected after the first one.
    type: float
    default: 5
  min_interval_seconds:
    description:
      - The least time between two events. It should be longer than a run takes.
    type: float
    default: 30
  max_keys:
    description:
      - With more keys than this, an event is about everybody, and also with keys that are together
        longer than 1000 characters, which is what a survey of AWX takes.
    type: int
    default: 20
notes:
  - Runs where ansible-rulebook runs, with the libraries of C(extensions/eda/requirements.txt).
  - An accepted webhook is answered with status 200. Refused ones are answered with the status
    alone, 401 (token), 403 (signature), 404, 405, 408, 409 (came before), 413, 503. The log counts
    them.
"""

EXAMPLES = r"""
- hris.ad.elmo_webhook:
    host: 0.0.0.0
    port: 8443
    certfile: /etc/hris/tls/server.pem
    keyfile: /etc/hris/tls/server.key
    elmo_certificate: /etc/hris/elmo-webhook.pem

- hris.ad.elmo_webhook:
    source: elmo_au
    elmo_certificate: /etc/hris/elmo-webhook.pem
    key: data.id
    identifier: eventId
    min_interval_seconds: 180
"""

import asyncio
import importlib
import sys
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import env_fallback

# ansible-rulebook runs this file by its path, without Ansible's loader of collections, and a Python
# package may bring an ansible_collections of its own (the one that is named ansible does).
COLLECTIONS = str(Path(__file__).absolute().parents[6])
sys.path.append(str(Path(COLLECTIONS).parent))
ansible_collections = importlib.import_module("ansible_collections")
if COLLECTIONS not in ansible_collections.__path__:
    ansible_collections.__path__ = [COLLECTIONS, *ansible_collections.__path__]

from ansible_collections.hris.ad.plugins.module_utils._hris import event_source
from ansible_collections.hris.ad.plugins.module_utils._hris.events import (
    collector,
    listening,
    signatures,
    webhooks,
)

NAME = "hris.ad.elmo_webhook"
ARGUMENT_SPEC: dict[str, Any] = dict(
    source=dict(type="str", default="elmo"),
    elmo_certificate=dict(type="path", required=True),
    key=dict(type="str", no_log=False),
    identifier=dict(type="str"),
    replay_seconds=dict(type="float", default=3600),
    host=dict(type="str", default="127.0.0.1"),
    port=dict(type="int", default=5001),
    path=dict(type="str", default="/elmo"),
    token=dict(type="str", no_log=True, fallback=(env_fallback, ["HRIS_ELMO_WEBHOOK_TOKEN"])),
    certfile=dict(type="path"),
    keyfile=dict(type="path"),
    password=dict(
        type="str", no_log=True, fallback=(env_fallback, ["HRIS_ELMO_WEBHOOK_KEY_PASSWORD"])
    ),
    cafile=dict(type="path"),
    allow_http=dict(type="bool", default=False),
    max_body_kb=dict(type="int", default=256),
    body_seconds=dict(type="float", default=10),
    request_seconds=dict(type="float", default=30),
    max_concurrent=dict(type="int", default=20),
    max_connections=dict(type="int", default=100),
    collect_seconds=dict(type="float", default=5),
    min_interval_seconds=dict(type="float", default=30),
    max_keys=dict(type="int", default=20, no_log=False),
)


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Receive webhooks until cancelled. Raises HrisError for arguments that cannot work."""
    params = event_source.checked(NAME, args, ARGUMENT_SPEC, ("aiohttp", "cryptography"))
    logger = event_source.log_of(NAME)
    where = listening.Listening.from_params(params)
    options = webhooks.Options.from_params(params)
    pace = collector.Pace.from_params(params)
    keys = signatures.public_keys(params["elmo_certificate"], logger.warning)
    collected = collector.Collector(queue, params["source"], pace)
    collected.add(None, "unknown")  # nobody received what was sent before

    def changed(key: str | None) -> None:
        collected.add(key, "changed")

    receiver = webhooks.Receiver(options, keys, changed, logger.warning)
    async with listening.listening(receiver.application(), where, receiver.refused) as port:
        logger.info("Receiving ELMO's webhooks at %s, port %s.", where.host, port)
        await collected.run()
