# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How to reach an HR system over HTTP (module_utils/web/options.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  action_group:
    support: full
    membership: [hris.ad.http_connection]
    description: The options of the connection can be given once, as module defaults of this group.
requirements:
  - requests
options:
  validate_certs:
    description:
      - Whether the server's certificate must be one that is trusted, and made for its name.
    type: bool
    default: true
  ca_cert:
    description:
      - File with the certificates (PEM) of the authorities to trust instead of the usual ones.
      - It is read on the machine that the task runs on.
    type: path
  proxy:
    description:
      - Address of the proxy for all requests, for example V(http://proxy.example.com:3128).
      - Without it, E(HTTPS_PROXY), E(HTTP_PROXY) and E(NO_PROXY) of the environment hold.
    type: str
  connect_timeout:
    description:
      - Seconds until a connection must stand.
    type: float
    default: 10
  timeout:
    description:
      - Seconds of silence after which the server is given up.
    type: float
    default: 60
  retries:
    description:
      - How often a request is sent again when the connection fails, breaks or times out, or when the server answers 429, 500,
        502, 503 or 504.
      - Only what is harmless to repeat is, such as reading and asking for a token.
    type: int
    default: 4
  retry_backoff:
    description:
      - Seconds that the pauses between retries grow from. The first retry comes at once, the next ones after two, four, eight
        times as long.
      - A C(Retry-After) of the server goes before it.
    type: float
    default: 1
  retry_after_max:
    description:
      - The longest pause in seconds that a server may ask for with C(Retry-After). A longer one is an error.
    type: float
    default: 120
  max_response_mb:
    description:
      - The largest answer to accept, in MiB.
    type: int
    default: 64
  max_response_seconds:
    description:
      - Seconds within which a whole answer must have come, however steadily it drips.
    type: float
    default: 600
notes:
  - Redirects are never followed. A redirect is an error that names its target, because it is a login page or a wrong address.
"""
