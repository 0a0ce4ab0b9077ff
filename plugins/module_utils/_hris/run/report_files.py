# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of reports: the plan that is read, and the texts that are written."""

from __future__ import annotations

from ..errors import HrisError, quoted
from ..json_files import read_json
from ..planning.plan import FORMAT
from ..planning.plan_file import unbroken
from ..private_file import write_private

ENDINGS = {"html": ".html", "markdown": ".md", "csv": ".csv", "json": ".json"}


def write_texts(dest: str, texts: dict[str, str]) -> dict[str, str]:
    """Write each text; one goes to dest itself, several to dest with the ending of each. {format:
    path}.
    """
    paths = {name: dest if len(texts) == 1 else dest + ENDINGS[name] for name in texts}
    for name, text in texts.items():
        write_private(paths[name], [text])
    return paths


def read_plan(path: str, key: str | None) -> dict:
    """A plan that is as it was made: a page is believed, so none is made of a plan that somebody
    has altered.
    """
    plan = read_json(path)
    if not isinstance(plan, dict) or not isinstance(plan.get("changes"), list):
        raise HrisError("this is no plan", path, "It is the file that sync writes to plan_dest")
    if plan.get("format") != FORMAT:
        raise HrisError(
            f"this plan has the format {quoted(plan.get('format'))}, and '{FORMAT}' is known here",
            path,
            "Use the version of hris.ad that made it",
        )
    for number, entry in enumerate(plan.changes):
        if not isinstance(entry, dict) or not isinstance(entry.get("action"), str):
            raise HrisError(
                "a change is an object with an action",
                f"{path}, changes[{number}]",
                "The plan is damaged: make it anew",
            )
    unbroken(plan, path, key)
    return plan
