# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication to another system (module_utils/_hris/web/authentication.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  auth:
    description:
      - How requests are authenticated. Credentials belong here and in no other option. They
        appear in no message and no result.
      - An option that does not belong to the chosen type is an error.
    type: dict
    suboptions:
      type:
        description:
          - V(api_key) sends O(auth.key) in a header or in the query.
          - V(basic) sends O(auth.username) and O(auth.password).
          - V(bearer) sends O(auth.token).
          - V(oauth2) requests a token from O(auth.token_url) with OAuth 2.0 client credentials. It
            requests a new token shortly before the old one expires, and once when a token is
            refused.
          - V(elmo) is V(oauth2) with the defaults of ELMO's API.
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
        description:
          - Name of the header or query parameter that holds O(auth.key).
          - C(X-API-Key) if unset.
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
          - If unset, the environment variable E(HRIS_AUTH_TOKEN) is used for V(bearer), and
            E(HRIS_ICEHRM_TOKEN) for V(icehrm).
        type: str
      token_warn_days:
        description: Warn this many days before the token of V(icehrm) expires. 14 if unset.
        type: int
      token_url:
        description:
          - Where tokens are requested, as a path below the base address or as a whole address.
          - Required for V(oauth2). C(/oauth/token) for V(elmo) if unset.
        type: str
      token_encoding:
        description:
          - Whether the body of a token request is a form or JSON.
          - If unset, V(form) for V(oauth2) and V(json) for V(elmo).
        type: str
        choices: [json, form]
      token_parameters:
        description:
          - Further fields of the token request, such as C(audience).
          - Do not put secrets here.
        type: dict
      client_id:
        description:
          - Client id for V(oauth2) and V(elmo).
          - If unset, the environment variable E(HRIS_AUTH_CLIENT_ID) is used for V(oauth2), and
            E(HRIS_ELMO_CLIENT_ID) for V(elmo).
        type: str
      client_secret:
        description:
          - Client secret that belongs to O(auth.client_id).
          - If unset, the environment variable E(HRIS_AUTH_CLIENT_SECRET) is used for V(oauth2), and
            E(HRIS_ELMO_CLIENT_SECRET) for V(elmo).
        type: str
      client_authentication:
        description:
          - Whether the token request has the client id and secret in its body, or in a header
            C(Authorization) of the type Basic.
          - V(body) if unset.
        type: str
        choices: [body, basic]
      scope:
        description: Scopes to request, separated by spaces.
        type: str
"""
