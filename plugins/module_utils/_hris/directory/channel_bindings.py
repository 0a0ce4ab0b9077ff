# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ties a log-on to the TLS connection that it is made in: tls-server-end-point (RFC 5929, 4).

Client and server put a hash of the server's certificate into the log-on. A log-on that somebody
in between passes on does not fit the server's certificate, and is refused.
"""

from __future__ import annotations

import contextlib

with contextlib.suppress(ImportError):  # kerberos.check_libraries reports it
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

_PREFIX = b"tls-server-end-point:"  # RFC 5056, 2.1


def tls_server_end_point(certificate: bytes) -> bytes | None:
    """The channel bindings for a server's certificate (DER); None where there are none for it."""
    algorithm = _hash(x509.load_der_x509_certificate(certificate))
    if algorithm is None:
        return None
    digest = hashes.Hash(algorithm)
    digest.update(certificate)
    return _PREFIX + digest.finalize()


def _hash(certificate: x509.Certificate) -> hashes.HashAlgorithm | None:
    """The hash of the signature, which for RSA-PSS is in its parameters; MD5 and SHA-1 count as
    SHA-256.
    """
    if certificate.signature_algorithm_oid == x509.SignatureAlgorithmOID.ED25519:
        # RFC 5929 says nothing. Samba takes the hash that Ed25519 itself uses; Windows has no TLS
        # with such certificates.
        return hashes.SHA512()
    algorithm = certificate.signature_hash_algorithm
    if isinstance(algorithm, (hashes.MD5, hashes.SHA1)):
        return hashes.SHA256()
    return algorithm
