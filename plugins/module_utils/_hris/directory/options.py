# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How modules are told of the directory: the option group `directory` (documented in doc_fragments/directory.py)."""

from __future__ import annotations

from ansible.module_utils.basic import env_fallback

ARGUMENTS = {
    "directory": {
        "type": "dict",
        "apply_defaults": True,
        "options": {
            "servers": {
                "type": "list",
                "elements": "str",
                "required": True,
                "fallback": (env_fallback, ["HRIS_AD_SERVERS"]),
            },
            "tls_mode": {"type": "str", "choices": ["ldaps", "start_tls"], "default": "ldaps"},
            "port": {"type": "int"},
            "ca_cert": {"type": "path", "fallback": (env_fallback, ["HRIS_AD_CA_CERT"])},
            "validate_certs": {"type": "bool", "default": True},
            "auth_protocol": {
                "type": "str",
                "choices": ["simple", "kerberos"],
                "default": "simple",
            },
            "username": {"type": "str", "fallback": (env_fallback, ["HRIS_AD_USERNAME"])},
            "password": {
                "type": "str",
                "no_log": True,
                "fallback": (env_fallback, ["HRIS_AD_PASSWORD"]),
            },
            "base": {"type": "str"},
            "timeout": {"type": "int", "default": 30},
        },
    },
}
