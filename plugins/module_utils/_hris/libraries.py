# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Third-party Python libraries: the oldest versions that work, and what to do where some are
missing.
"""

from __future__ import annotations

import importlib
import shlex
import sys
from collections.abc import Iterable, Mapping

# {library: oldest version; "" where requirements.txt has none}
OLDEST = {
    "requests": "2.28",
    "ldap3": "2.9.1",
    "jmespath": "1.0",
    "anyascii": "0.3.2",
    "regex": "2023.12.25",
    "phonenumbers": "8.13",
    "openpyxl": "3.1",
    "gssapi": "1.8",
    "cryptography": "43",
    "aiohttp": "3.9",
}


def not_loaded(libraries: Iterable[str]) -> dict[str, str]:
    """{library: why} for those that cannot be imported here; "" where one is not installed."""
    found = {}
    for library in libraries:
        try:
            importlib.import_module(library)
        except ImportError as error:
            is_absent = isinstance(error, ModuleNotFoundError) and error.name == library
            found[library] = "" if is_absent else str(error)
    return found


def how_to_install(libraries: Iterable[str]) -> str:
    """The line that installs them for the Python that runs this."""
    wanted = [f"{name}>={OLDEST[name]}" for name in libraries]
    return shlex.join([sys.executable or "python3", "-m", "pip", "install", *wanted])


def what_is_missing(reasons: Mapping[str, str]) -> str:
    """All of them in one sentence. reasons: of not_loaded."""
    names = list(reasons)
    several = len(names) > 1
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if several else names[0]
    text = f"the Python {'libraries' if several else 'library'} {listed} cannot be loaded here"
    why = "; ".join(filter(None, reasons.values()))
    return f"{text} ({why})" if why else text
