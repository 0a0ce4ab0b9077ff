# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library that Kerberos needs, which is loaded only where it is used."""

from __future__ import annotations

from ..errors import HrisError
from ..option_names import option_name


def check_gssapi() -> None:
    """Raise HrisError where Kerberos cannot be used."""
    try:
        import gssapi  # noqa: F401  pylint: disable=unused-import,import-outside-toplevel
    except ImportError as error:
        raise HrisError(
            f"Kerberos needs the Python library gssapi, which cannot be loaded here ({error})",
            place=option_name("directory.auth_protocol"),
            hint="Install gssapi where the module runs (it needs MIT krb5), or use simple",
        ) from error


def principal() -> str:
    """The principal of the default Kerberos ticket."""
    import gssapi  # pylint: disable=import-outside-toplevel

    return str(gssapi.Credentials(usage="initiate").name)
