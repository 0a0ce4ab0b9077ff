# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How new passwords are handed over (module_utils/_hris/directory/initial_passwords.py). The module
says whose they are.
"""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - cryptography >= 43 (only for initial passwords that are encrypted for a certificate)
options:
  passwords:
    description: How new passwords are handed over.
    type: dict
    suboptions:
      length:
        description: The number of characters, at least 16.
        type: int
        default: 32
      classes:
        description: The classes of characters that each password contains. At least three.
        type: list
        elements: str
        choices: [lower, upper, digits, symbols]
        default: [lower, upper, digits, symbols]
      certificate:
        description:
          - The certificate (PEM file with an RSA key) of the person or system that hands the
            passwords over. Set O(passwords.dest) as well.
          - It requires the Python library cryptography, version 43 or newer.
        type: path
      dest:
        description:
          - The file to which the passwords are added, encrypted for O(passwords.certificate) (mode
            0600). It has one line of JSON for each account.
          - A password is in the file before its account is created or enabled, so that a run that
            is killed loses none. If a key has several lines, the last one is valid.
          - A place that is lost with the job, such as the file system of a container, is refused
            before the first write (O(kept_state)).
          - The field C(password) is CMS in base64.
            C(base64 -d | openssl cms -decrypt -inform DER -inkey key.pem) decrypts it.
        type: path
"""
