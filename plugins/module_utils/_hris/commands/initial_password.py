# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module initial_password: one encrypted initial password → the person who hands it over."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ..data_class import frozen
from ..directory.encrypted_passwords import KeyOptions, decrypt, find_password
from ..errors import HrisError, Warn
from ..model.audit import line_of_password
from ..model.records import Record
from ..option_names import option_name
from ..outbound.options import Params, read_options
from ..private_file import write_private
from ..run.audit import add_line
from ..terminal import check_terminal, show_once
from ..user_files import check_destinations
from ..visible_text import visible

TERMINAL, FILE, RESULT = "terminal", "file", "result"  # how it is shown
SHOWN = ("source", "key", "dn", "sAMAccountName", "userPrincipalName")
_WHERE = {TERMINAL: "shown at the terminal", RESULT: "in the result of the task"}


@frozen
class PasswordOptions:
    """The options of the module."""

    src: str
    who: str
    certificate: str
    private_key: str
    asked_by: str
    audit: str
    seconds: float
    in_result: bool
    source: str | None = None
    passphrase: str | None = None
    dest: str | None = None
    plan_key: str | None = None


def run(params: Params, check_mode: bool, _warn: Warn) -> dict[str, Any]:
    """Show the password. The module's RETURN describes the result.

    Raises HrisError; then it was not shown.
    """
    options = read_options(PasswordOptions, params)
    for name in ("who", "asked_by"):
        if not params[name].strip():
            raise HrisError("the option is empty", option_name(name), "Say who it is")
    shown = _shown(options)
    check_destinations([options.dest], [options.audit])
    if shown == TERMINAL:
        check_terminal()
    line = find_password(options.src, options.who, options.source)
    keys = KeyOptions(options.certificate, options.private_key, options.passphrase)
    password = decrypt(line, keys, options.src)
    found = {name: line.get(name) for name in SHOWN}
    name = visible(str(line.get("sAMAccountName") or line.get("dn")))
    where = _WHERE.get(shown, f"in {options.dest}")
    verb = "was" if shown == TERMINAL else "is"
    if check_mode:
        return {"changed": True, **found, "msg": f"The initial password of {name} would be {where}"}
    # First told, then shown: nobody sees a password without a line about it
    now = datetime.now(timezone.utc)
    about = (line.get("source"), line.get("key"), str(line.get("dn")))
    add_line(
        options.audit, options.plan_key, line_of_password(options.asked_by, *about, shown, now)
    )
    result = {"changed": True, **found, "msg": f"The initial password of {name} {verb} {where}"}
    if shown == RESULT:
        return result | {"password": password}
    _show(options, line, password)
    return result


def _shown(options: PasswordOptions) -> str:
    """How the password is shown."""
    if options.dest:
        return FILE
    return RESULT if options.in_result else TERMINAL


def _show(options: PasswordOptions, line: Record, password: str) -> None:
    if options.dest:
        write_private(options.dest, [f"{password}\n"])
        return
    names = [str(line.get(name)) for name in ("sAMAccountName", "userPrincipalName", "dn")]
    text = [
        "Initial password of " + visible(", ".join(names)),
        "",
        f"    {password}",
        "",
        f"Press Enter: it is removed from the screen (after {options.seconds:g} seconds at the"
        " latest).",
    ]
    show_once("\r\n".join(text), options.seconds)
