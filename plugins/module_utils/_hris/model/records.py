# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records: what an HR system gives."""

from __future__ import annotations

from typing import Any

# One employee record or contract as the source gives it: {field: value}. The values are plain JSON:
# texts, numbers, booleans, null, and lists and objects of them. Rules read it, nothing changes it.
Record = dict[str, Any]
