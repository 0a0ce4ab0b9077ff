# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of reports: the plan that is read, and the texts that are written."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ..json_files import read_parts
from ..model.plan import Plan
from ..planning import plan_file
from ..private_file import write_private
from ..user_files import make_folder

ENDINGS = {"html": ".html", "markdown": ".md", "csv": ".csv", "json": ".json"}


def write_texts(dest: str, texts: Mapping[str, str], name: str = "") -> dict[str, str]:
    """Write texts, and return {format: path}. texts: {format: text}.

    One text is written to dest itself; several get the endings of their formats. name: of the
    files, where dest is a folder (it ends with a slash), which is made.
    """
    is_folder = dest.endswith("/") and name
    if is_folder:
        make_folder(dest)
        dest = os.path.join(dest, name)
    paths = {kind: dest + ENDINGS[kind] for kind in texts}
    if len(texts) == 1 and not is_folder:
        paths = dict.fromkeys(texts, dest)
    for kind, text in texts.items():
        write_private(paths[kind], [text])
    return paths


def read_plan(path: str, key: str | None) -> Plan:
    """The plan of a file, if nobody changed it: people trust what a report shows.

    key: the secret that the plan was signed with. A plan that has expired is read as well. Raises
    HrisError, which quotes nothing of the plan.
    """
    return plan_file.read_plan(read_parts(path, trusted=True), path, key)
