# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""userAccountControl: the bits that say what kind of account it is and whether it is disabled.

[MS-ADTS] 2.2.16 has all bits. Only the bit that disables an account is ever changed here.
"""

from __future__ import annotations

DISABLED_BIT = 0x2  # ADS_UF_ACCOUNTDISABLE
NORMAL_ACCOUNT = 0x200  # ADS_UF_NORMAL_ACCOUNT
DISABLED_NORMAL_ACCOUNT = NORMAL_ACCOUNT | DISABLED_BIT


def is_enabled(uac: int) -> bool:
    """Whether an account with this userAccountControl is enabled."""
    return not uac & DISABLED_BIT


def with_enabled(uac: int, enabled: bool) -> int:
    """The same userAccountControl, with only the disabled bit set or cleared."""
    return uac & ~DISABLED_BIT if enabled else uac | DISABLED_BIT
