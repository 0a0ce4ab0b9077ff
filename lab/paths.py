"""Where the lab keeps its files: below `.cache/lab` of the checkout, or where LAB_CACHE says."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def cache() -> Path:
    """The folder that holds the cached provision, the default domain and the HR state."""
    return Path(os.environ.get("LAB_CACHE") or CHECKOUT / ".cache" / "lab").resolve()


def write_private(path: Path, text: str) -> None:
    """Write `text` as a whole or not at all, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
    os.replace(draft, path)
