"""Feeds of the bench's people, recorded below .cache/bench as an HR module writes them."""

from __future__ import annotations

import json
from pathlib import Path

from . import people


def record(folder: Path, size: int, changed: int = 0) -> Path:
    """The file of a feed of `size` people; every `changed`-th works on another floor."""
    path = folder / f"feed-{size}-{changed}.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for number in range(size):
            person = people.employee(number)
            if changed and number % changed == changed // 2:
                person["office"] = "Floor 99"
            out.write(json.dumps(person, ensure_ascii=False) + "\n")
    return path
