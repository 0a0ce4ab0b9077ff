# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Initial passwords of new accounts: made, encrypted for whoever hands them over, and on disk before the accounts exist."""

from __future__ import annotations

import base64
import json

from ..ad_values.dn import normal
from ..errors import HrisError
from ..private_file import append_private
from .password import CLASSES, SHORTEST, random_password

ARGUMENTS = dict(
    type="dict",
    apply_defaults=True,
    no_log=False,
    options=dict(
        length=dict(type="int", default=32),
        classes=dict(type="list", elements="str", choices=list(CLASSES), default=list(CLASSES)),
        certificate=dict(type="path"),
        dest=dict(type="path"),
    ),
)


def check_delivery(options: dict) -> None:
    """Raise HrisError for options that could not be followed when the accounts are created."""
    if options["length"] < SHORTEST:
        raise HrisError(
            f"{options['length']} is too short",
            place="passwords.length",
            hint=f"A password that nobody types has at least {SHORTEST} characters",
        )
    if len(options["classes"]) < 3:
        raise HrisError(
            "AD wants characters of three classes",
            place="passwords.classes",
            hint=f"Choose three or more of {', '.join(CLASSES)}",
        )
    if bool(options["certificate"]) != bool(options["dest"]):
        raise HrisError(
            "certificate and dest go together",
            place="passwords",
            hint="Give both, or neither: the passwords are then known to nobody",
        )
    if options["certificate"]:
        _recipient(options["certificate"])


def make_passwords(changes: list[dict], options: dict, source: str) -> dict[str, str]:
    """{normal DN: password} for the accounts that the changes create.

    With a certificate, each password is written to ``dest`` first, encrypted for it: a run that is killed after a create
    has lost none. One line of JSON an account: {"source", "key", "dn", "sAMAccountName", "userPrincipalName", "password"},
    the password as CMS (DER, base64), which
    ``base64 -d | openssl cms -decrypt -inform DER -inkey key.pem`` opens. Raises HrisError when they cannot be written.
    """
    created = [change for change in changes if change["action"] == "create"]
    passwords = {
        normal(change["dn"]): random_password(options["length"], options["classes"])
        for change in created
    }
    if created and options["dest"]:
        recipient = _recipient(options["certificate"])
        append_private(
            options["dest"],
            [
                json.dumps(_entry(change, passwords[normal(change["dn"])], source, recipient))
                + "\n"
                for change in created
            ],
        )
    return passwords


def _entry(change: dict, password: str, source: str, recipient) -> dict:
    names = {
        name: change["attributes"].get(name, {"after": [None]})["after"][0]
        for name in ("sAMAccountName", "userPrincipalName")
    }
    return {
        "source": source,
        "key": change["key"],
        "dn": change["dn"],
        **names,
        "password": _encrypted(password, recipient),
    }


def _recipient(path: str):
    """The certificate that passwords are encrypted for. Raises HrisError for one that cannot be used."""
    place = "passwords.certificate"
    try:
        from cryptography import x509  # pylint: disable=import-outside-toplevel
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # pylint: disable=import-outside-toplevel
        from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder  # noqa: F401  pylint: disable=import-outside-toplevel,unused-import
    except ImportError as error:
        raise HrisError(
            f"the Python library cryptography (43 or newer) cannot be loaded here ({error})",
            place=place,
            hint="Install it where the module runs",
        ) from None
    try:
        with open(path, "rb") as file:
            certificate = x509.load_pem_x509_certificate(file.read())
    except OSError as error:
        raise HrisError(f"{path} cannot be read: {error.strerror}", place=place) from None
    except ValueError:
        raise HrisError(
            f"{path} holds no certificate", place=place, hint="It is a PEM file"
        ) from None
    if not isinstance(certificate.public_key(), RSAPublicKey):
        raise HrisError(
            f"the key of {path} is not RSA", place=place, hint="CMS encryption needs an RSA key"
        )
    return certificate


def _encrypted(password: str, recipient) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding  # pylint: disable=import-outside-toplevel
    from cryptography.hazmat.primitives.serialization.pkcs7 import (
        PKCS7EnvelopeBuilder,
        PKCS7Options,
    )  # pylint: disable=import-outside-toplevel

    builder = PKCS7EnvelopeBuilder().set_data(password.encode()).add_recipient(recipient)
    return base64.b64encode(builder.encrypt(Encoding.DER, [PKCS7Options.Binary])).decode()
