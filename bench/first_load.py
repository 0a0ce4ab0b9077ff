"""The first load of a company into an empty domain: ours, ours over a slow network, and OpenLDAP's
tools with the same writes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ansible_collections.hris.ad.plugins.module_utils._hris.directory.password import (
    random_password,
)

from lab.delay import Delay
from lab.domain import Domain

from . import feeds, floor, measure, ours
from .figures import Row, row
from .measure import Measured

EACH_WAY = 5  # ms
CHANGED, UNCHANGED = {"changed": True}, {"changed": False}


class FirstLoad:
    """The ways to load a company. The domain is cleaned before each load, which is not measured."""

    def __init__(self, domain: Domain, size: int, folder: Path):
        self.domain, self.size, self.folder = domain, size, folder
        self.feed, self.plan = feeds.record(folder, size), folder / "plan.json"
        names = ("accounts.ldif", "references.ldif", "members.ldif")
        self.files = [folder / name for name in names]
        self.options = ours.sync_options(self.feed, ours.directory(domain))

    def prepare(self) -> None:
        """Write the files for OpenLDAP's tools, from the plan of the collection."""
        self.domain.reset()
        options = {**self.options, "plan_dest": str(self.plan)}
        ours.module("sync", options, self.folder, check=True, expect=CHANGED)
        plan = json.loads(self.plan.read_text("utf-8"))
        texts = floor.ldif_of(plan, random_password)
        for path, text in zip(self.files, texts, strict=True):
            path.write_text(text, encoding="utf-8")
            path.chmod(0o600)

    def close(self) -> None:
        """Remove the files."""
        for path in (self.feed, self.plan, *self.files):
            path.unlink()

    def _load(self, load: Callable[[], Measured]) -> Measured:
        self.domain.reset()
        mark = self.domain.mark()
        result = load()
        return {**result, "writes": len(self.domain.writes_since(mark)) / self.size}

    def module(self) -> Measured:
        """sync as the module's process."""
        return self._load(
            lambda: ours.module("sync", self.options, self.folder, expect=CHANGED),
        )

    def playbook(self) -> Measured:
        """sync as ansible-playbook."""
        return self._load(
            lambda: ours.playbook("sync", self.options, self.folder, expect=CHANGED),
        )

    def slow(self) -> Measured:
        """sync as the module's process, over a network with latency."""

        def load() -> Measured:
            address = self.domain.address
            with Delay(address, (address, 636), EACH_WAY) as delay:
                directory = ours.directory(self.domain, delay.address)
                options = ours.sync_options(self.feed, directory)
                return ours.module("sync", options, self.folder, expect=CHANGED)

        return self._load(load)

    def tools(self) -> Measured:
        """OpenLDAP's tools. A run of sync afterwards must find nothing to change."""

        def load() -> Measured:
            result = floor.write(self.domain, self.files[0], self.files[1:])
            ours.module("sync", self.options, self.folder, expect=UNCHANGED)
            return result

        return self._load(load)


def at_size(
    domain: Domain, size: int, folder: Path, times: int
) -> tuple[list[Row], dict[str, Measured]]:
    """(rows, {"module", "slow", "tools", "playbook"} as measured)."""
    first_load = FirstLoad(domain, size, folder)
    first_load.prepare()
    results = measure.interleaved(
        {"module": first_load.module, "tools": first_load.tools, "slow": first_load.slow}, times
    )
    results["playbook"] = measure.medians([first_load.playbook()])
    first_load.close()
    return _rows(size, results), results


def _rows(size: int, results: dict[str, Measured]) -> list[Row]:
    module, tools, slow = results["module"], results["tools"], results["slow"]
    versus = f"{measure.ratio(module, tools):.2f} × the tools; {_writes(module)}"
    kept = f"{measure.ratio(module, slow):.2f} of its rate without"
    delayed = f"first load, {EACH_WAY} ms each way"
    return [
        row(size, "first load", "ldapadd, ldapmodify", tools, _writes(tools)),
        row(size, "first load", "sync: module's process", module, versus),
        row(size, "first load", "sync: whole ansible-playbook", results["playbook"]),
        row(size, delayed, "sync: module's process", slow, kept),
    ]


def _writes(result: Measured) -> str:
    return f"{result['writes']:.3f} writes a person"
