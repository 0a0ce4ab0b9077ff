# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each domain controller by itself: whether it is reached, its certificate, clock and level."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from ..data_class import frozen
from ..directory.connection import Connection, connect
from ..directory.root_dse import read_facts
from ..directory.stream_errors import LogOnRefusedError
from ..errors import HrisError, as_sentence
from ..wording import counted
from .checks import ERROR, WARNING, Check, good

_DAY = timedelta(days=1)
_SOON = 30  # days of a certificate
_KERBEROS_MINUTES = 5  # a ticket is refused when the clocks differ by more
# domainFunctionality ([MS-ADTS] 6.1.4.3)
_LEVELS = {
    0: "2000",
    1: "2003 mixed",
    2: "2003",
    3: "2008",
    4: "2008 R2",
    5: "2012",
    6: "2012 R2",
    7: "2016",
    10: "2025",
}
_OLDEST_LEVEL = 4  # the first one that has the recycle bin


@frozen
class Seen:
    """What was seen of one server."""

    server: str  # URL
    certificate_ends: str | None  # as of getpeercert; None: it was not verified
    clock: datetime | None
    level: int | None


def check_servers(params: Mapping[str, Any], now: datetime, as_of: datetime) -> Iterator[Check]:
    """Yield the checks of every server of the options. params: as of connect. as_of: the day from
    which the days of certificates are counted.
    """
    refused = False
    for server in params["servers"]:
        if refused:
            message = f"{server} was not tried, because the log-on was refused."
            yield Check("server", WARNING, message, "Each refusal counts towards the lockout.")
            continue
        try:
            with connect({**params, "servers": [server]}) as connection:
                yield good("server", f"{connection.server} accepts {connection.bound_as}.")
                yield from of_seen(_seen(connection), now, as_of)
        except HrisError as error:
            refused = isinstance(error, LogOnRefusedError)
            yield Check("server", ERROR, f"{server}: {error.message}.", _remedy(error.hint))


def _remedy(hint: str | None) -> str:
    return as_sentence(hint) if hint else ""


def _seen(connection: Connection) -> Seen:
    facts = read_facts(connection.stream)
    ends = connection.stream.certificate_ends()
    return Seen(connection.server, ends, facts.clock, facts.level)


def of_seen(seen: Seen, now: datetime, as_of: datetime) -> Iterator[Check]:
    """Yield the checks of what was seen of a server."""
    yield _certificate(seen, as_of)
    if seen.clock:
        yield _clock(seen, seen.clock, now)
    if seen.level is not None:
        yield _level(seen.server, seen.level)


def _certificate(seen: Seen, as_of: datetime) -> Check:
    if seen.certificate_ends is None:
        message = f"The certificate of {seen.server} is not verified (validate_certs is false)."
        return Check("certificate", WARNING, message, "Set directory.ca_cert and validate it.")
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(seen.certificate_ends), timezone.utc)
    days = (ends - as_of) // _DAY
    left = counted(days, "day", "days")
    message = f"The certificate of {seen.server} ends on {ends:%Y-%m-%d}, in {left}."
    if days < _SOON:
        return Check("certificate", WARNING, message, "Renew it before that day.")
    return good("certificate", message)


def _clock(seen: Seen, clock: datetime, now: datetime) -> Check:
    seconds = abs((clock - now).total_seconds())
    apart = counted(round(seconds), "second", "seconds")
    message = f"The clocks of {seen.server} and of this machine differ by {apart}."
    if seconds > _KERBEROS_MINUTES * 60:
        remedy = "Set the clock with NTP: Kerberos refuses tickets, and first and last days shift."
        return Check("clock", ERROR, message, remedy)
    if seconds > 60:
        return Check("clock", WARNING, message, "Set the clock with NTP.")
    return good("clock", message)


def _level(server: str, level: int) -> Check:
    name = _LEVELS.get(level, f"of number {level}")
    message = f"The functional level of the domain is Windows Server {name} ({server})."
    if level < _OLDEST_LEVEL:
        remedy = "Raise it to 2008 R2 or newer: older levels have no recycle bin."
        return Check("functional_level", WARNING, message, remedy)
    return good("functional_level", message)
