"""The first load of a company into an empty domain: ours, ours over a slow network, and OpenLDAP's tools doing the same writes."""

from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.hris.ad.plugins.module_utils._hris.directory.password import (
    random_password,
)

from lab.delay import Delay

from . import feeds, floor, measure, ours
from .figures import row

EACH_WAY = 5  # ms


def at_size(domain, size: int, folder: Path, times: int) -> tuple[list[dict], dict]:
    """(rows, {"module", "slow", "tools", "playbook"} as measured). The domain is cleaned before each load, untimed."""
    feed, plan = feeds.record(folder, size), folder / "plan.json"
    domain.reset()
    options = ours.sync_options(feed, ours.directory(domain))
    ours.module(
        "sync", {**options, "plan_dest": str(plan)}, folder, check=True, expect={"changed": True}
    )
    files = [folder / name for name in ("accounts.ldif", "references.ldif", "members.ldif")]
    for path, text in zip(
        files, floor.records_of(json.loads(plan.read_text("utf-8")), random_password), strict=True
    ):
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)

    def load(how) -> dict:
        domain.reset()
        mark = domain.mark()
        found = how()
        return {**found, "writes": len(domain.writes_since(mark)) / size}

    def slow() -> dict:
        with Delay(domain.address, (domain.address, 636), EACH_WAY) as delay:
            return ours.module(
                "sync",
                ours.sync_options(feed, ours.directory(domain, delay.address)),
                folder,
                expect={"changed": True},
            )

    def tools() -> dict:
        found = floor.write(domain, files[0], files[1:])
        ours.module("sync", options, folder, expect={"changed": False})  # they did write the same
        return found

    found = measure.interleaved(
        {
            "module": lambda: load(
                lambda: ours.module("sync", options, folder, expect={"changed": True})
            ),
            "tools": lambda: load(tools),
            "slow": lambda: load(slow),
        },
        times,
    )
    found["playbook"] = measure.medians(
        [load(lambda: ours.playbook("sync", options, folder, expect={"changed": True}))]
    )
    for path in (feed, plan, *files):
        path.unlink()
    versus = f"{measure.ratio(found['module'], found['tools']):.2f} × the tools; "
    kept = measure.ratio(found["module"], found["slow"])
    writes = {
        name: f"{found[name]['writes']:.3f} writes a person" for name in ("module", "tools", "slow")
    }
    return [
        row(size, "first load", "ldapadd, ldapmodify", found["tools"], writes["tools"]),
        row(
            size, "first load", "sync: module's process", found["module"], versus + writes["module"]
        ),
        row(size, "first load", "sync: whole ansible-playbook", found["playbook"]),
        row(
            size,
            f"first load, {EACH_WAY} ms each way",
            "sync: module's process",
            found["slow"],
            f"{kept:.2f} of its rate without",
        ),
    ], found
