"""What the collection's imports cost over those of a bare Ansible module: everything that a run of
sync has loaded when it ends.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lab.domain import Domain
from lab.paths import CHECKOUT

from . import feeds, measure, ours
from .figures import Row, row
from .measure import Measured

PATH = {"PYTHONPATH": str(CHECKOUT / ".cache/dev")}
SYNC = "ansible_collections.hris.ad.plugins.modules.sync"
PLAN = "ansible_collections.hris.ad.plugins.module_utils._hris.planning.plan"
# A module that does nothing, and one run as `python -m` does
BARE = (
    "from ansible.module_utils.basic import AnsibleModule; "
    "AnsibleModule(argument_spec={}).exit_json()"
)
RUN = f"import runpy; runpy.run_module({SYNC!r}, run_name='__main__')"
# Before either of them: writes the names of everything that is loaded at the end
LISTED = """import atexit, json, sys
path, sys.argv = sys.argv[1], sys.argv[1:]
def write():
    modules = sys.modules.items()
    names = [name for name, module in modules if getattr(module, "__spec__", None)]
    json.dump(names, open(path, "w"))
atexit.register(write)
"""
OF_THE_PROGRAM = ("__main__", "runpy", "atexit")  # loaded by the lines above


def loaded(code: str, options: dict[str, Any], folder: Path) -> list[str]:
    """The names of what a module has imported when it ends, in that order."""
    names, arguments = folder / "loaded.json", folder / "arguments.json"
    arguments.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}), encoding="utf-8")
    arguments.chmod(0o600)
    measure.run([sys.executable, "-c", LISTED + code, str(names), str(arguments)], PATH)
    found = json.loads(names.read_text("utf-8"))
    return [name for name in found if name not in OF_THE_PROGRAM]


def imports(domain: Domain, folder: Path, times: int) -> tuple[list[Row], float]:
    """(rows, milliseconds that the imports take over those of a bare module): medians of processes
    that only import and end.
    """
    options = ours.sync_options(feeds.record(folder, 10), ours.directory(domain))
    bare = loaded(BARE, {}, folder)
    whole = loaded(RUN, {**options, "_ansible_check_mode": True}, folder)
    if PLAN not in whole:
        raise measure.BenchError(f"the run of sync has not loaded {PLAN}: it did not plan")
    results = measure.interleaved({"bare": _importing(bare), "whole": _importing(whole)}, times)
    rounds = zip(results["whole"]["runs"], results["bare"]["runs"], strict=True)
    more = 1000 * statistics.median(one["wall"] - other["wall"] for one, other in rounds)
    work = "module start"
    return [
        row(None, work, "imports of a bare Ansible module", results["bare"]),
        row(None, work, "imports of a whole run of sync", results["whole"], f"{more:.0f} ms more"),
    ], more


def _importing(names: list[str]) -> Callable[[], Measured]:
    code = f"import importlib\nfor name in {names!r}:\n    importlib.import_module(name)\n"
    return lambda: measure.run([sys.executable, "-c", code], PATH)
