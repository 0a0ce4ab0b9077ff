"""Writes the guides as pages of the documentation site.

site_pages.py FOLDER: gets a page for each file of docs/ and an index. Links to files of the
repository that are no page become addresses there. What the pages say of Ansible itself leads to
its documentation, by a list of labels that needs no network (ansible.inv, read by intersphinx).
"""

from __future__ import annotations

import re
import shutil
import sys
import zlib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
_LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")
# The guides that a newcomer reads first; the others follow by name
FIRST = ("overview", "first-contact", "lifecycle")

# {label: page of Ansible's documentation} that the pages of modules and roles refer to
OF_ANSIBLE = {
    "action_plugins": "plugins/action.html",
    "ansible_collections.ansible.builtin.set_stats_module": (
        "collections/ansible/builtin/set_stats_module.html"
    ),
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}


def inventory() -> bytes:
    """OF_ANSIBLE in the form that Sphinx reads."""
    head = (
        "# Sphinx inventory version 2\n# Project: Ansible\n# Version: latest\n"
        "# The remainder of this file is compressed using zlib.\n"
    )
    lines = (f"{label} std:label -1 {page} {label}\n" for label, page in OF_ANSIBLE.items())
    return head.encode() + zlib.compress("".join(lines).encode())


def as_page(text: str, folder: Path, address: str) -> str:
    """The Markdown of a guide. folder: where it is. address: of the repository's files."""

    def link(match: re.Match[str]) -> str:
        there = (folder / match[1]).resolve()
        if there.parent == ROOT / "docs":
            return match[0]
        return f"]({address}/{there.relative_to(ROOT)}{match[2] or ''})"

    return _LINK.sub(link, text)


def index(guides: list[str]) -> str:
    """The first page, with the guides and the pages of modules and roles below it."""
    names = [name for name in FIRST if name in guides]
    names += [name for name in guides if name not in FIRST]
    pages = "\n".join(names)
    return (
        "# hris.ad: Active Directory follows HR\n\n"
        f"```{{toctree}}\n:caption: Guides\n:maxdepth: 1\n\n{pages}\n```\n\n"
        "```{toctree}\n:caption: Reference\n:maxdepth: 1\n\ncollection/index\n```\n"
    )


def main() -> None:
    pages = Path(sys.argv[1])
    galaxy = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    address = f"{galaxy['repository']}/blob/{galaxy['version']}"
    guides = sorted((ROOT / "docs").glob("*.md"))
    for guide in guides:
        text = as_page(guide.read_text(encoding="utf-8"), guide.parent, address)
        (pages / guide.name).write_text(text, encoding="utf-8")
    for other in (ROOT / "docs").glob("*.json"):
        shutil.copy(other, pages)
    (pages / "ansible.inv").write_bytes(inventory())
    (pages / "index.md").write_text(index([guide.stem for guide in guides]), encoding="utf-8")


if __name__ == "__main__":
    main()
