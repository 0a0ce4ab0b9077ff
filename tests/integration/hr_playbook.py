"""Runs a play of a few tasks with the real ansible-playbook and gives back what each task answered."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def play(folder: Path, tasks: list[dict], variables: dict, check: bool = False, environment: dict | None = None) -> dict:
    """{"results": {task name: its result}, "stats": {"ok", "changed", "failures"}, "output": all that was printed, at -vvv}.

    folder: where the playbook goes, and in its folder tmp the temporary files of the run.
    """
    (folder / "tmp").mkdir(exist_ok=True)
    kept = folder / "results.jsonl"
    playbook = [{"name": "Test", "hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}]
    (folder / "play.yml").write_text(json.dumps(playbook), encoding="utf-8")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-playbook")), "-vvv", *(["--check"] if check else []), "play.yml"],
        env={"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/dev"), **os.environ, "TMPDIR": str(folder / "tmp"),
             "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests/integration/callback_plugins"),
             "ANSIBLE_CALLBACKS_ENABLED": "keep_results", "HRIS_TEST_RESULTS": str(kept), **(environment or {})},
        cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    lines = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()] if kept.exists() else [{}]
    assert "stats" in lines[-1], done.stdout + done.stderr
    return {"results": {line["task"]: line["result"] for line in lines[:-1]}, "stats": lines[-1]["stats"],
            "output": done.stdout + done.stderr}
