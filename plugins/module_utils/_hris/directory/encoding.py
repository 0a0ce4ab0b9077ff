# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations as the bytes of LDAP requests, with new passwords."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ..ad_values.dn import normal
from ..ad_values.security_descriptor import DACL_INFORMATION
from . import ldap_messages, operations, values
from .operations import Operation
from .password import random_password, secret_forms, unicode_pwd
from .pipeline import Request

PASSWORD = "unicodePwd"  # the attribute


# Samba refuses to replace its value by none (65), but lets it be deleted (measured)
_DELETED_TO_CLEAR = "userprincipalname"


class Encoder:
    """Encodes the operations of one application."""

    def __init__(self, syntaxes: Mapping[str, str], passwords: Mapping[str, str]):
        """syntaxes: {attribute in lower case: syntax}.

        passwords: {normal form of Operation.target: password}; the others get a random one.
        """
        self._syntaxes = syntaxes
        self._encoders: dict[str, Callable[[str], bytes]] = {}  # of the attributes that came so far
        self._passwords = passwords

    def scrambles(self, step: Operation) -> bool:
        """Whether an operation gives an account a password that nobody is told."""
        is_modify = step.kind == operations.MODIFY and step.random_password
        return is_modify and normal(step.target) not in self._passwords

    def request(self, step: Operation) -> Request:
        """The bytes of an operation. Raises HrisError for a value that cannot be encoded."""
        if step.kind == operations.DELETE:
            return Request(ldap_messages.delete(step.target))
        if step.kind == operations.RESTORE:
            restored = ldap_messages.undelete(step.target, step.dn)
            return Request(restored, ldap_messages.show_deleted())
        if step.kind == operations.PERMISSIONS:
            change = (ldap_messages.REPLACE, "nTSecurityDescriptor", [step.descriptor])
            control = ldap_messages.security_flags(DACL_INFORMATION)
            return Request(ldap_messages.modify(step.target, [change]), control)
        if step.kind == operations.RENAME:
            return Request(ldap_messages.rename(step.target, step.rdn, step.parent))
        encoded = {name: self._encode(name, texts) for name, texts in step.attributes.items()}
        secrets: tuple[str, ...] = ()
        if step.kind == operations.ADD or step.random_password:
            password = self._passwords.get(normal(step.target)) or random_password()
            encoded[PASSWORD] = [unicode_pwd(password)]
            secrets = secret_forms(password)
        if step.kind in (operations.ADD, operations.ADD_OU):
            return Request(ldap_messages.add(step.target, encoded), b"", secrets)
        # Windows enables no account without a password, and no specification says in which order it
        # takes these
        names = sorted(encoded, key=lambda name: name != PASSWORD)
        modifications = [(_kind(name, encoded[name]), name, encoded[name]) for name in names]
        return Request(ldap_messages.modify(step.target, modifications), b"", secrets)

    def _encode(self, name: str, texts: Iterable[str]) -> list[bytes]:
        encode = self._encoders.get(name)
        if not encode:
            syntax = self._syntaxes.get(name.lower(), "text")
            encode = self._encoders[name] = values.encoder(name, syntax)
        return list(map(encode, texts))


def _kind(name: str, values: list[bytes]) -> int:
    """The kind of modification. To replace by nothing clears an attribute whether it is there or
    not.
    """
    if not values and name.lower() == _DELETED_TO_CLEAR:
        return ldap_messages.DELETE
    return ldap_messages.REPLACE
