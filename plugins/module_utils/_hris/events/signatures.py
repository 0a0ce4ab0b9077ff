# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ELMO's signatures: RSA with PKCS #1 v1.5 and SHA-256, over the body exactly as it came."""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from ..errors import HrisError, Warn
from ..user_files import open_trusted

with contextlib.suppress(ImportError):  # the event source reports the missing library
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

HEADER = "elmo-webhook-signature"
LONGEST = 4096  # characters of a signature in base64; that of a key with 16,384 bits has 2,732
SMALLEST_KEY = 2048  # bits
_PLACE = "elmo_certificate"


def public_keys(path: str, warn: Warn) -> list[Any]:
    """The public keys of all certificates in a PEM file; several let ELMO change its key.

    Raises HrisError naming the file.
    """
    place = f"{_PLACE} {path}"
    try:
        with open_trusted(path) as file:
            certificates = x509.load_pem_x509_certificates(file.read())
    except HrisError as error:
        raise error.at(place) from None
    except ValueError as error:
        raise HrisError(
            "the file holds no certificate that can be read",
            place,
            "It must be a PEM file with the certificate that ELMO gives you for webhooks",
        ) from error
    return [_key(certificate, place, warn) for certificate in certificates]


def _key(certificate: Any, place: str, warn: Warn) -> Any:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise HrisError("the certificate has no RSA key, and ELMO signs with RSA", place)
    if key.key_size < SMALLEST_KEY:
        message = f"the key of the certificate has {key.key_size} bits, which others can forge"
        raise HrisError(message, place, f"It needs at least {SMALLEST_KEY}: ask ELMO for a new one")
    end = certificate.not_valid_after_utc
    if end < datetime.now(timezone.utc):
        warn(f"{place}: the certificate ended on {end:%Y-%m-%d}: ask ELMO for the new one.")
    return key


def is_signed(body: bytes, signature: str | None, keys: Sequence[Any]) -> bool:
    """Whether the body was signed with one of the keys. signature: the header, None without it."""
    if not signature or len(signature) > LONGEST:
        return False
    try:
        decoded = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    return any(_verifies(key, decoded, body) for key in keys)


def _verifies(key: Any, signature: bytes, body: bytes) -> bool:
    try:
        key.verify(signature, body, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
