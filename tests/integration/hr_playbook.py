"""Runs the real ansible-playbook and gives back what each task answered."""
from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILT_MODULES = tempfile.TemporaryDirectory(prefix="hris-built-modules-")  # of this process; see callback_plugins/keep_results.py


def play(folder: Path, tasks: list[dict], variables: dict, check: bool = False, environment: dict | None = None) -> dict:
    """A play of a few tasks: {"results": {task name: its result}, "stats", "output"} as of run().

    folder: where the playbook goes, and in its folder tmp the temporary files of the run.
    """
    playbook = [{"name": "Test", "hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}]
    (folder / "play.yml").write_text(json.dumps(playbook), encoding="utf-8")
    found = run(folder, ["-vvv", *(["--check"] if check else []), "play.yml"], environment or {})
    return {**found, "results": {task: result for (_host, task), result in found["results"].items()}}


def run(folder: Path, arguments: list[str], environment: dict, seconds: int = 300) -> dict:
    """ansible-playbook in folder: {"results": {(host, task name): its result}, "stats": {"ok", "changed", "failures"},
    "custom": what set_stats handed on, "output": all that was printed}."""
    (folder / "tmp").mkdir(exist_ok=True)
    kept = folder / "results.jsonl"
    kept.unlink(missing_ok=True)
    # Ends the workers too: one that hangs would keep the output open.
    limit = ["timeout", "--kill-after=10", str(seconds)]
    collections = {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/dev"), **os.environ, **environment}["ANSIBLE_COLLECTIONS_PATH"]
    modules = Path(BUILT_MODULES.name) / hashlib.sha256(collections.encode()).hexdigest()[:16]
    modules.mkdir(exist_ok=True)
    # ansible-core 2.21 shows callbacks the arguments of a task only when asked to; a secret in them would not be found
    done = subprocess.run(
        [*limit, str(Path(sys.executable).with_name("ansible-playbook")), *arguments],
        env={"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/dev"), **os.environ, "TMPDIR": str(folder / "tmp"),
             "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests/integration/callback_plugins"),
             "ANSIBLE_INJECT_INVOCATION": "true",
             "ANSIBLE_CALLBACKS_ENABLED": "keep_results", "HRIS_TEST_RESULTS": str(kept), "HRIS_TEST_MODULES": str(modules), **environment},
        cwd=folder, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()] if kept.exists() else [{}]
    assert "stats" in lines[-1], done.stdout + done.stderr
    return {"results": {(line["host"], line["task"]): line["result"] for line in lines[:-1]}, "stats": lines[-1]["stats"],
            "custom": lines[-1]["custom"], "output": done.stdout + done.stderr}
