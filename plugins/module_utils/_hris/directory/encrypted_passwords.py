# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Initial passwords as initial_passwords.py has kept them: found, and decrypted for one person."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from ..ad_values.dn import normal
from ..data_class import frozen
from ..errors import HrisError
from ..json_files import read_lines
from ..model.records import Record
from ..option_names import option_name
from ..user_files import open_trusted
from .initial_passwords import read_certificate

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_NAMES = ("key", "sAMAccountName", "userPrincipalName")
_NEEDS = "the Python library cryptography (44 or newer)"


@frozen
class KeyOptions:
    """With what passwords are decrypted."""

    certificate: str  # path of the PEM file that they are encrypted for
    private_key: str  # path of its PEM file
    passphrase: str | None


def find_password(path: str, who: str, source: str | None) -> Record:
    """The newest line about somebody: by key, logon name, user principal name or DN.

    Raises HrisError where there is none, or where several people are meant.
    """
    lines = [
        line
        for line in read_lines(path, torn=True, trusted=True)
        if _is_meant(line, who) and (not source or line.get("source") == source)
    ]
    if not lines:
        raise HrisError(
            f"there is no initial password of '{who}'",
            path,
            "Give the key, the logon name, the user principal name or the DN of the account",
        )
    people = {(line.get("source"), line.get("key")) for line in lines}
    if len(people) > 1:
        told = ", ".join(sorted(f"{key} of {source}" for source, key in people))
        raise HrisError(
            f"'{who}' means {len(people)} people ({told})",
            option_name("who"),
            f"Give another name, or {option_name('source')}",
        )
    return lines[-1]


def _is_meant(line: Record, who: str) -> bool:
    wanted = who.strip().casefold()
    if any(str(line.get(name) or "").casefold() == wanted for name in _NAMES):
        return True
    try:
        return normal(str(line.get("dn"))) == normal(who)
    except HrisError:  # one of them is no DN
        return False


def decrypt(line: Record, options: KeyOptions, place: str) -> str:
    """The password of a line. place: the file. Raises HrisError."""
    # Only here; pylint: disable=import-outside-toplevel
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import pkcs7

        decrypt_der: Any = pkcs7.pkcs7_decrypt_der
    except (ImportError, AttributeError) as error:
        raise HrisError(
            f"{_NEEDS} cannot be loaded here ({error})", hint="Install it where the task runs"
        ) from None
    certificate = read_certificate(options.certificate, option_name("certificate"))
    key = _private_key(options)
    try:
        content = base64.b64decode(str(line.get("password")), validate=True)
        return bytes(decrypt_der(content, certificate, key, [])).decode()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise HrisError(
            f"the password of {line.get('key')} cannot be decrypted with this key",
            place,
            f"Is it encrypted for the certificate in {option_name('certificate')}, and is this"
            f" its {option_name('private_key')}?",
        ) from None


def _private_key(options: KeyOptions) -> RSAPrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    place = f"{option_name('private_key')} {options.private_key}"
    passphrase = options.passphrase.encode() if options.passphrase else None
    try:
        with open_trusted(options.private_key) as file:
            key = load_pem_private_key(file.read(), passphrase)
    except HrisError as error:
        raise error.at(place) from None
    except TypeError:  # a passphrase is missing, or is given for a key without one
        hint = f"Set or leave out {option_name('passphrase')}"
        raise HrisError("the passphrase does not fit the key", place, hint) from None
    except (ValueError, UnsupportedAlgorithm):
        hint = f"It must be a PEM file, and {option_name('passphrase')} the right one"
        raise HrisError("the private key cannot be read", place, hint) from None
    if not isinstance(key, RSAPrivateKey):
        raise HrisError("the private key is not RSA", place)
    return key
