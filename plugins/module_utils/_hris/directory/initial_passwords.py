# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Initial passwords of new accounts, encrypted and on disk before the accounts exist."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..ad_values.dn import normal, object_of
from ..data_class import frozen
from ..errors import HrisError
from ..model.actions import CREATE, ENABLE
from ..model.directory import Account
from ..model.plan import Change
from ..option_names import option_name
from ..private_file import append_private
from ..user_files import open_trusted
from .operations import target
from .password import CLASSES, SHORTEST, random_password

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_NAMES = ("sAMAccountName", "userPrincipalName")  # by which somebody logs on
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


@frozen
class PasswordOptions:
    """The option group `passwords` of module sync."""

    length: int  # characters
    classes: Sequence[str]  # keys of password.CLASSES
    certificate: str | None  # path of a PEM file; None: nobody learns the passwords
    dest: str | None  # path of the file that the encrypted passwords are added to

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> PasswordOptions:
        """The options as ARGUMENTS describes them."""
        return cls(params["length"], params["classes"], params["certificate"], params["dest"])


def check_password_options(params: Mapping[str, Any]) -> None:
    """Raise HrisError for options that would fail when the accounts are created."""
    options = PasswordOptions.from_params(params)
    if options.length < SHORTEST:
        raise HrisError(
            f"{options.length} characters are too few",
            place=option_name("passwords.length"),
            hint=f"Set at least {SHORTEST}",
        )
    if len(set(options.classes)) < 3:
        raise HrisError(
            "Active Directory wants characters of three classes",
            place=option_name("passwords.classes"),
            hint=f"Choose three or more of {', '.join(CLASSES)}",
        )
    if bool(options.certificate) != bool(options.dest):
        raise HrisError(
            "only one of certificate and dest is set",
            place=option_name("passwords"),
            hint="Set both, or neither: then nobody learns the passwords",
        )
    if options.certificate:
        read_certificate(options.certificate, option_name("passwords.certificate"))


def make_passwords(
    changes: Sequence[Change], options: PasswordOptions, accounts: Mapping[str, Account]
) -> dict[str, str]:
    """{normal form of operations.target: password} of the accounts that the changes create, and of
    those that they enable with a new password. accounts: {objectGUID: as it is} of the latter.

    With a certificate, each password is encrypted and written to the file `dest` first, so that a
    run that is killed after a create has lost none. The file has one line of JSON for each account:
    {"source", "key", "dn", "sAMAccountName", "userPrincipalName", "password"}. The password is CMS
    (DER, base64), which ``base64 -d | openssl cms -decrypt -inform DER -inkey key.pem`` decrypts.
    Raises HrisError when the file cannot be written.
    """
    receiving = [change for change in changes if is_delivered(change)]
    passwords = {
        normal(target(change)): random_password(options.length, options.classes)
        for change in receiving
    }
    if receiving and options.certificate and options.dest:
        certificate = read_certificate(options.certificate, option_name("passwords.certificate"))
        after = _values_after(changes, receiving, accounts)
        lines = [
            _line(change, after[object_of(change)], passwords[normal(target(change))], certificate)
            for change in receiving
        ]
        append_private(options.dest, lines)
    return passwords


def is_delivered(change: Change) -> bool:
    """Whether somebody will be told the password of the change: of a new account, and of one that
    is enabled again. The one that a lock sets is for nobody.
    """
    return change.action == CREATE or (change.action == ENABLE and change.random_password)


def _values_after(
    changes: Sequence[Change], receiving: Iterable[Change], accounts: Mapping[str, Account]
) -> dict[str, dict[str, str]]:
    """{object: {name: value}} of DN and names, as they are after all changes."""
    found: dict[str, dict[str, str]] = {}
    for change in receiving:
        account = accounts.get(change.guid or "")
        names = {} if account is None else account.attributes
        values = {name: names[name][0] for name in _NAMES if names.get(name)}
        found[object_of(change)] = {"dn": change.dn, **values}
    for change in changes:
        values = found.get(object_of(change), {})
        if change.to:
            values["dn"] = change.to
        for name in _NAMES:
            if name in change.attributes and change.attributes[name].after:
                values[name] = change.attributes[name].after[0]
    return found


def _line(
    change: Change, values: Mapping[str, str], password: str, certificate: Certificate
) -> str:
    """A line of the file `dest`."""
    entry = {
        "source": change.source,
        "key": change.key,
        "dn": values["dn"],
        "sAMAccountName": values.get("sAMAccountName"),
        "userPrincipalName": values.get("userPrincipalName"),
        "password": _encrypt(password, certificate),
    }
    return json.dumps(entry) + "\n"


def read_certificate(path: str, place: str) -> Certificate:
    """The certificate that passwords are encrypted for. place: the option that names it. Raises
    HrisError for an unusable one.
    """
    try:
        # Only with this option; pylint: disable=import-outside-toplevel,unused-import
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
        from cryptography.hazmat.primitives.serialization.pkcs7 import (  # noqa: F401
            PKCS7EnvelopeBuilder,
        )
    except ImportError as error:
        raise HrisError(
            f"the Python library cryptography (43 or newer) cannot be loaded here ({error})",
            place=place,
            hint="Install it where the module runs",
        ) from None
    try:
        with open_trusted(path) as file:
            certificate = x509.load_pem_x509_certificate(file.read())
    except HrisError as error:
        raise error.at(f"{place} {path}") from None
    except ValueError:
        raise HrisError(
            f"{path} holds no certificate", place=place, hint="It must be a PEM file"
        ) from None
    if not isinstance(certificate.public_key(), RSAPublicKey):
        raise HrisError(
            f"the key of {path} is not RSA", place=place, hint="CMS encryption needs an RSA key"
        )
    return certificate


def _encrypt(password: str, certificate: Certificate) -> str:
    """A password as CMS (DER, base64)."""
    # Only with this option; pylint: disable=import-outside-toplevel
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.hazmat.primitives.serialization.pkcs7 import (
        PKCS7EnvelopeBuilder,
        PKCS7Options,
    )

    builder = PKCS7EnvelopeBuilder().set_data(password.encode()).add_recipient(certificate)
    return base64.b64encode(builder.encrypt(Encoding.DER, [PKCS7Options.Binary])).decode()
