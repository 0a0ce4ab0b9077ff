# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach an HR system over HTTP (module_utils/_hris/web/options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  action_group:
    support: full
    membership: [hris.ad.http_connection]
    description: The options of the connection can be given once, as module defaults of this group.
requirements:
  - requests >= 2.28 (where something is asked over HTTP)
options:
  validate_certs:
    description:
      - Whether the server's certificate must be trusted and issued for the server's name.
    type: bool
    default: true
  ca_cert:
    description:
      - File with the certificates (PEM) of the authorities to trust instead of the system's.
      - It is read on the machine that the task runs on.
    type: path
  proxy:
    description:
      - Address of the proxy for all requests, for example V(http://proxy.example.com:3128).
      - If unset, the environment variables E(HTTPS_PROXY), E(HTTP_PROXY) and E(NO_PROXY) are used.
    type: str
  connect_timeout:
    description:
      - Seconds to wait for a connection.
    type: float
    default: 10
  timeout:
    description:
      - Seconds to wait for the server's next data. Then the request fails.
    type: float
    default: 60
  retries:
    description:
      - How often a request is sent again when the connection fails, breaks or times out, or when
        the server answers with status 429, 500, 502, 503 or 504.
      - Only requests that are safe to repeat are sent again, such as reading and token requests.
    type: int
    default: 4
  retry_backoff:
    description:
      - Seconds from which the pauses between retries grow. The first retry has no pause, the
        next pauses are two, four and eight times as long.
      - A C(Retry-After) of the server takes precedence.
    type: float
    default: 1
  retry_after_max:
    description:
      - The longest pause in seconds that a server may request with C(Retry-After). A longer one is
        an error.
    type: float
    default: 120
  max_response_mb:
    description:
      - The largest response to accept, in MiB.
    type: int
    default: 64
  max_response_seconds:
    description:
      - Seconds within which a whole response must arrive, from its status line to its last byte,
        even when the server keeps sending data. A request that takes longer is not sent again.
    type: float
    default: 600
notes:
  - Redirects are never followed. A redirect is an error that names its target, because it leads to
    a login page or shows that the address is wrong.
"""
