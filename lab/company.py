"""A company's state on disk, shared by the HR servers and the calendar: one JSON file, always
replaced as a whole.
"""

from __future__ import annotations

import json
import random
import threading
from datetime import date
from pathlib import Path

from . import paths, population
from .errors import LabError


def load(path: Path) -> dict:
    """The company in a file."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LabError(
            f"There is no company at {path}: start the lab with `python -m lab up`."
        ) from None


def save(path: Path, company: dict) -> None:
    """Replace the file of a company."""
    paths.write_private(path, json.dumps(company, ensure_ascii=False))


class Store:
    """The company that a server shows: a dict in memory, or a file that is read again when it was
    replaced.
    """

    def __init__(self, source: dict | str | Path):
        self.lock = threading.RLock()
        self._path = None if isinstance(source, dict) else Path(source)
        self._company = source if isinstance(source, dict) else {}
        self._seen: tuple | None = None
        # Rises when the people may have changed: servers then compute again what they derived
        self.version = 0

    def company(self) -> dict:
        with self.lock:
            if self._path:
                status = self._path.stat()
                seen = (status.st_mtime_ns, status.st_ino)
                if seen != self._seen:
                    self._company, self._seen = load(self._path), seen
                    self.version += 1
            return self._company

    def changed(self) -> None:
        """Save the people, which were changed in place."""
        with self.lock:
            self.version += 1
            if self._path:
                save(self._path, self._company)
                status = self._path.stat()
                self._seen = (status.st_mtime_ns, status.st_ino)


def shift(store: Store, kind: str, listed: list[dict]) -> None:
    """Change the company so that later pages do not continue the earlier ones (faults remove,
    insert, edit).
    """
    company = store.company()
    first = listed[0]
    if kind == "insert":
        company["last_number"] += 1
        person = population.new_person(
            random.Random(company["last_number"]),
            company["last_number"],
            ("Newly", "Inserted", None),
            "People",
            date.fromisoformat(company["date"]),
        )
        person["email"] = f"newly.inserted{person['number']}@example.com"
        company["people"].insert(0, person)
    elif kind == "remove":
        first["archived"] = True
    else:
        company["people"].remove(first)
        first["mobile"] = "+61 400 000 000"
        company["people"].append(first)
    store.changed()
