# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom to believe: the certificates that servers are verified with."""

from __future__ import annotations

import ssl

from ..errors import HrisError


def verified_with(options: dict, warn):
    """What requests verifies with: True, False or a file. Given with each request: REQUESTS_CA_BUNDLE would win over the session's.

    options: validate_certs, ca_cert. Raises HrisError for a file that holds no certificates.
    """
    if not options["validate_certs"]:
        warn("validate_certs is false: whoever answers in the HR system's place is believed.")
        return False
    if not options["ca_cert"]:
        return True
    place = f"ca_cert {options['ca_cert']}"
    try:
        ssl.create_default_context(cafile=options["ca_cert"])
    except ssl.SSLError as error:
        raise HrisError(
            "the file holds no certificate that can be read", place, "It is a PEM file"
        ) from error
    except OSError as error:
        raise HrisError(
            f"the file cannot be read: {error.strerror}",
            place,
            "It is read on the machine that the task runs on",
        ) from error
    return options["ca_cert"]
