"""Makes the links of the README full addresses, as the artefact has them.

full_links.py FOLDER: the collection as it is packed. galaxy.yml says where the repository is; the
links lead to the files of the tag that has the name of the version.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import yaml

_LINK = re.compile(r"\]\((?![a-z]+:|#)([^)\s]+)\)")


def with_full_links(text: str, repository: str, version: str) -> str:
    """The Markdown text; links to files beside it lead to the repository."""
    return _LINK.sub(rf"]({repository}/blob/{version}/\1)", text)


def main() -> None:
    folder = Path(sys.argv[1])
    galaxy = yaml.safe_load((folder / "galaxy.yml").read_text(encoding="utf-8"))
    readme = folder / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(
        with_full_links(text, galaxy["repository"], galaxy["version"]), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
