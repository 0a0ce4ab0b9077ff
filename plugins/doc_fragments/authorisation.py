# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks another system (module_utils/web/authorisation.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  auth:
    description:
      - How requests are authorised. Credentials are put into each request by it alone, and appear in no message and no result.
      - An option that does not belong to the chosen type is an error.
    type: dict
    suboptions:
      type:
        description:
          - V(api_key) sends O(auth.key) in a header or in the query.
          - V(basic) sends O(auth.username) and O(auth.password).
          - V(bearer) sends O(auth.token).
          - V(oauth2) asks O(auth.token_url) for a token by OAuth 2.0 client credentials, and asks again shortly before it
            expires, and once when it is refused.
          - V(elmo) is V(oauth2) as ELMO's API wants it.
          - V(icehrm) is V(bearer) with IceHrm's token, whose expiry is checked first.
        type: str
        choices: [none, api_key, basic, bearer, oauth2, elmo, icehrm]
        default: none
      key:
        description:
          - The API key.
          - If unset, the environment variable E(HRIS_AUTH_KEY) is used.
        type: str
      key_name:
        description: Name of the header or query parameter that holds O(auth.key). C(X-API-Key) if unset.
        type: str
      key_location:
        description: Where O(auth.key) is sent. V(header) if unset.
        type: str
        choices: [header, query]
      username:
        description:
          - User name for V(basic).
          - If unset, the environment variable E(HRIS_AUTH_USERNAME) is used.
        type: str
      password:
        description:
          - Password for V(basic).
          - If unset, the environment variable E(HRIS_AUTH_PASSWORD) is used.
        type: str
      token:
        description:
          - The token, without the word Bearer.
          - If unset, the environment variable E(HRIS_AUTH_TOKEN) is used for V(bearer), and E(HRIS_ICEHRM_TOKEN) for V(icehrm).
        type: str
      token_warn_days:
        description: Warn this many days before the token of V(icehrm) expires. 14 if unset.
        type: int
      token_url:
        description:
          - Where tokens are given, as a path below the base address or as a whole address. Required for V(oauth2).
          - C(/oauth/token) for V(elmo) if unset.
        type: str
      token_encoding:
        description:
          - How the request for a token is written, as a form or as a JSON body. V(form) for V(oauth2) if unset, V(json) for V(elmo).
        type: str
        choices: [json, form]
      token_parameters:
        description: Further fields of the request for a token, such as C(audience). Nothing secret.
        type: dict
      client_id:
        description:
          - Client id for V(oauth2) and V(elmo).
          - If unset, the environment variable E(HRIS_AUTH_CLIENT_ID) is used for V(oauth2), and E(HRIS_ELMO_CLIENT_ID) for V(elmo).
        type: str
      client_secret:
        description:
          - Client secret that belongs to O(auth.client_id).
          - If unset, the environment variable E(HRIS_AUTH_CLIENT_SECRET) is used for V(oauth2), and E(HRIS_ELMO_CLIENT_SECRET) for V(elmo).
        type: str
      client_authentication:
        description: Whether the client id and secret are sent in the body of the request for a token, or as Basic. V(body) if unset.
        type: str
        choices: [body, basic]
      scope:
        description: Scopes to ask for, with spaces between them.
        type: str
"""
