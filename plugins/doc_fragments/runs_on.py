# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module needs where it runs."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - Python 3.11 or newer
attributes:
  platform:
    platforms: posix
    support: full
    description:
      - The systems that the module runs on. The domain controllers and HR systems that it reaches
        may run on any.
"""
