"""What the collection's imports cost over those of a bare Ansible module: all that a run of sync has loaded at its end."""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path

from lab.paths import CHECKOUT

from . import feeds, measure, ours
from .figures import row

PATH = {"PYTHONPATH": str(CHECKOUT / ".cache/dev")}
SYNC = "ansible_collections.hris.ad.plugins.modules.sync"
PLAN = "ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan"
# A module that does nothing, and one run as `python -m` does; either is followed by the names of all that was loaded at its end.
BARE = "from ansible.module_utils.basic import AnsibleModule; AnsibleModule(argument_spec={}).exit_json()"
RUN = f"import runpy; runpy.run_module({SYNC!r}, run_name='__main__')"
LISTED = """import atexit, json, sys
names, sys.argv = sys.argv[1], sys.argv[1:]
atexit.register(lambda: json.dump([name for name, module in sys.modules.items() if getattr(module, "__spec__", None)], open(names, "w")))
"""


def loaded(code: str, options: dict, folder: Path) -> list[str]:
    """The names of what a module has imported when it ends, in that order."""
    names, arguments = folder / "loaded.json", folder / "arguments.json"
    arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}), encoding="utf-8")
    arguments.chmod(0o600)
    measure.run([sys.executable, "-c", LISTED + code, str(names), str(arguments)], PATH)
    return [
        name
        for name in json.loads(names.read_text("utf-8"))
        if name not in ("__main__", "runpy", "atexit")
    ]


def imports(domain, folder: Path, times: int) -> tuple[list[dict], float]:
    """(rows, milliseconds that the imports take over a bare module's): medians of processes that only import and end."""
    feed = feeds.record(folder, 10)
    bare = loaded(BARE, {}, folder)
    all_of_it = loaded(
        RUN,
        {**ours.sync_options(feed, ours.directory(domain)), "_ansible_check_mode": True},
        folder,
    )
    if PLAN not in all_of_it:
        raise measure.BenchError(
            "the run of sync has loaded no planning: something else was measured"
        )

    def importing(names: list[str]):
        code = f"import importlib\nfor name in {names!r}:\n    importlib.import_module(name)\n"
        return lambda: measure.run([sys.executable, "-c", code], PATH)

    found = measure.interleaved({"bare": importing(bare), "whole": importing(all_of_it)}, times)
    more = 1000 * statistics.median(
        whole["wall"] - bare["wall"]
        for whole, bare in zip(found["whole"]["runs"], found["bare"]["runs"], strict=True)
    )
    return [
        row(None, "module start", "imports of a bare Ansible module", found["bare"]),
        row(
            None,
            "module start",
            "imports of a whole run of sync",
            found["whole"],
            f"{more:.0f} ms more",
        ),
    ], more
