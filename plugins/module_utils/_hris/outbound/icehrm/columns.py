# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What IceHrm's columns can hold, checked before a value is sent.

IceHrm refuses what does not fit without a reason. Two values it takes and then breaks over: a time
zone that PHP does not know is stored, and from then on each GET and PUT of the employee answers
500; and an employee without a time zone is shown with the server's.
"""

from __future__ import annotations

from zoneinfo import available_timezones

from ...errors import HrisError, did_you_mean

TIME_ZONE = "timezone"
_STATUSES = ("Active", "Terminated")
# Characters, by IceHrm's table Employees. Columns that are not here have no limit that is known.
_LENGTHS = {
    "employee_id": 50,
    "first_name": 100,
    "middle_name": 100,
    "last_name": 100,
    "ssn_num": 100,
    "nic_num": 100,
    "other_id": 100,
    "driving_license": 100,
    "work_station_id": 100,
    "address1": 100,
    "address2": 100,
    "city": 150,
    "postal_code": 20,
    "home_phone": 50,
    "mobile_phone": 50,
    "work_phone": 50,
    "work_email": 100,
    "private_email": 100,
    "indirect_supervisors": 250,
} | {f"custom{number}": 250 for number in range(4, 11)}
# Files of the zone database that name no zone, and that PHP does not know
_NO_ZONES = ("localtime", "posixrules", "Factory")


def check(name: str, text: str, place: str) -> None:
    """Raise HrisError for a text that the column cannot hold. name: of the column."""
    longest = _LENGTHS.get(name)
    if longest is not None and len(text) > longest:
        raise HrisError(
            f"{name} has {len(text)} characters, and IceHrm keeps at most {longest}", place
        )
    if name == "status" and text not in _STATUSES:
        raise HrisError(f"the status '{text}' is none of IceHrm's", place, "Active or Terminated")
    if name == TIME_ZONE and not is_time_zone(text):
        zones = _time_zones()
        hint = "Install the Python library tzdata" if not zones else did_you_mean(text, zones)
        raise HrisError(
            f"'{text}' is not a time zone: IceHrm would store it, and could neither show nor "
            "change the employee any more",
            place,
            hint or "Use an IANA name such as Australia/Sydney",
        )


def check_clear(name: str, place: str) -> None:
    """Raise HrisError for a column that cannot be cleared."""
    if name == "first_name":
        raise HrisError("first_name cannot be cleared", place)
    if name == TIME_ZONE:
        raise HrisError(
            "timezone cannot be cleared: IceHrm shows the server's for an employee without one",
            place,
        )


def is_time_zone(name: str) -> bool:
    """Whether IceHrm knows the time zone, as far as one can tell from here."""
    return name in _time_zones()


def _time_zones() -> set[str]:
    return available_timezones().difference(_NO_ZONES)
