# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS for every protocol: which certificates are trusted, and how a connection verifies them."""

from __future__ import annotations

import ssl

from .errors import HrisError
from .option_names import option_name
from .user_files import check_trusted


def client_context(
    validate_certs: bool, ca_cert: str | None, option: str | None = None
) -> ssl.SSLContext:
    """The context of a client's connection.

    validate_certs: False switches the verification off.
    ca_cert: file with the certificates (PEM) of the authorities to trust instead of the system's.
    option: the name of the option that holds ca_cert, for messages; None: ca_cert.
    Raises HrisError for a file that holds no certificates.
    """
    context = _context(ca_cert, option)
    if not validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def check_ca_cert(ca_cert: str, option: str | None = None) -> None:
    """Raise HrisError for a file that holds no certificates."""
    _context(ca_cert, option)


def _context(ca_cert: str | None, option: str | None) -> ssl.SSLContext:
    place = f"{option or option_name('ca_cert')} {ca_cert}"
    try:
        if ca_cert:
            check_trusted(ca_cert)
        return ssl.create_default_context(cafile=ca_cert)
    except ssl.SSLError as error:
        raise HrisError(
            "the file holds no certificate that can be read", place, "It must be a PEM file"
        ) from error
    except OSError as error:
        raise HrisError(f"the file cannot be read: {error.strerror}", place) from error
    except HrisError as error:
        raise error.at(place) from None
