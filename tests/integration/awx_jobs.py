# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX 24 runs them, for tests: with ansible-runner, in a private data directory, a home and
a folder for temporary files of their own, so that nothing of a job is there for the next one.

    template = Template(project, "sync.yml", inventory_of(path), credentials=(ad, elmo))
    checked = run(replace(template, job_type="check"), place)
    done = run(template, place, given=checked.artifacts)

What AWX does beyond that (its database, its queue, its permissions) is not here.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from awx_inventory import slice_of, slices_of
from awx_processes import below, end_all
from awx_variables import Credential, as_yaml, injected, write_private

ROOT = Path(__file__).resolve().parents[2]
# The release that AWX 24.6.1 has, and the newest one; scripts/venv has made their environments
RUNNERS = {
    "2.4.0": ROOT / ".cache/runner-2.4.0/bin/ansible-runner",
    "newest": ROOT / ".cache/runner/bin/ansible-runner",
}
GRACE = 10.0  # seconds between the request to end a cancelled job, and its end by force
LIMIT = 300.0  # seconds that a job may take in a test
EVENT_BYTES = 700_000  # AWX drops the result of an event that is longer
_NUMBERS = count(1)


@dataclass(frozen=True)
class Template:
    """A job template."""

    project: Path  # the folder that is copied for each job
    playbook: str
    inventory: Mapping[str, Any]  # as of inventory_of
    extra_vars: Mapping[str, Any] = field(default_factory=dict)  # templates in them are filled in
    credentials: tuple[Credential, ...] = ()
    job_type: str = "run"  # or check
    diff: bool = False
    slices: int = 1
    forks: int = 5
    name: str = "HR"


@dataclass(frozen=True)
class Job:
    """A job that has ended."""

    status: str  # successful, failed or canceled
    output: str
    events: list[dict[str, Any]]
    artifacts: dict[str, Any]  # what set_stats passes on to the next node; none when canceled
    folder: Path
    ended: float  # moment, in seconds
    left: list[str]  # the temporary files that were there at its end

    def stored(self) -> Iterator[tuple[str, str]]:
        """(name, text) of all that AWX keeps of a job in its database."""
        for path in [*self.folder.glob("artifacts/*/job_events/*"), *self.folder.glob("artifacts/*/std*")]:
            yield path.name, path.read_text(encoding="utf-8")

    def results(self, task: str) -> list[dict[str, Any]]:
        """The results of the tasks whose names begin so, in their order; none of skipped ones."""
        found = []
        for event in self.events:
            data = event.get("event_data") or {}
            name = (data.get("task") or "").rpartition(" : ")[2]
            if event["event"] in ("runner_on_ok", "runner_on_failed") and name.startswith(task):
                found.append(data["res"])
        return found


@dataclass
class Running:
    """A job that was started."""

    process: subprocess.Popen[bytes]
    folder: Path
    container: Path  # its home and its temporary files, which are gone with the job

    def wait(self, limit: float = LIMIT) -> Job:
        """The job when it has ended. Fails the test where it takes longer than limit seconds."""
        try:
            code = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            end_all(below(self.process.pid))
            self.process.wait(GRACE)
            job = _ended(self, "failed")
            raise AssertionError(f"the job hangs; its output: {job.output[-3000:]}") from None
        return _ended(self, "failed" if code else "successful")

    def output(self) -> str:
        """What it has shown so far."""
        return _output(self.folder)

    def cancel(self) -> Job:
        """Cancel the job: SIGINT, and SIGKILL to what is still there after GRACE seconds, or when
        ansible-playbook has ended: with it the container is gone.
        """
        (main,) = below(self.process.pid, depth=1)
        seen = below(main.pid)
        os.killpg(main.pid, signal.SIGINT)
        until = time.monotonic() + GRACE
        while main.is_alive() and time.monotonic() < until:
            seen |= below(main.pid)
            time.sleep(0.05)
        end_all(seen | {main})
        self.process.wait(GRACE)
        return _ended(self, "canceled")


def run(template: Template, place: Path, **options: Any) -> Job:
    """One job, from its start to its end. Options: as of start."""
    return start(template, place, **options).wait()


def run_slices(template: Template, place: Path, **options: Any) -> list[Job]:
    """The jobs of a sliced template, all at the same time, in the order of the slices."""
    numbers = range(1, slices_of(template.inventory, template.slices) + 1)
    started = [start(template, place, number=number, **options) for number in numbers]
    return [running.wait() for running in started]


def passed_on(jobs: Sequence[Job]) -> dict[str, Any]:
    """The artifacts of several jobs for the next node: of equal names, the last job's is kept."""
    merged: dict[str, Any] = {}
    for job in sorted(jobs, key=lambda job: job.ended):
        merged.update(job.artifacts)
    return merged


def start(
    template: Template,
    place: Path,
    given: Mapping[str, Any] | None = None,
    runner: str = "2.4.0",
    number: int = 1,
) -> Running:
    """Start a job of a template in a new folder below place.

    given: variables from a survey, a launch or the nodes before, with values that nobody fills in.
    runner: a key of RUNNERS. number: of the slice, from 1.
    """
    folder = Path(tempfile.mkdtemp(prefix="job-", dir=place))
    job = next(_NUMBERS)
    for name in ("env", "inventory"):
        (folder / name).mkdir(0o700)
    # Not below place: the address of a socket in it may have 107 characters
    container = Path(tempfile.mkdtemp(prefix="hris-awx-", dir="/tmp"))
    for name in ("home", "tmp"):
        (container / name).mkdir(0o700)
    shutil.copytree(template.project, folder / "project")
    script = folder / "inventory/hosts"
    hosts = json.dumps(slice_of(template.inventory, number, template.slices))
    script.write_text(f"#!/usr/bin/env python3\nprint({hosts!r})\n", encoding="utf-8")
    script.chmod(0o700)
    environment = _environment(container, job)
    arguments = ["-u", "root", "--forks", str(template.forks)]
    arguments += ["--check"] * (template.job_type == "check") + ["--diff"] * template.diff
    for credential in template.credentials:
        made, files = injected(credential, folder / "env")
        environment.update(made)
        arguments += [part for file in files for part in ("-e", f"@{file}")]
    about = {"job_id": job, "job_template_name": template.name, "job_launch_type": "workflow"}
    meta = {f"{head}_{name}": value for head in ("awx", "tower") for name, value in about.items()}
    variables = {**template.extra_vars, **(given or {}), **meta}
    write_private(folder / "env/extravars", as_yaml(variables, template.extra_vars))
    write_private(folder / "env/envvars", json.dumps(environment))
    write_private(folder / "env/cmdline", " ".join(arguments))
    with (folder / "runner.log").open("wb") as log:
        process = subprocess.Popen(
            [RUNNERS[runner], "run", folder, "-p", template.playbook, "--ident", str(job)],
            env={"PATH": environment["PATH"], "HOME": environment["HOME"], "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
    return Running(process, folder, container)


def _environment(container: Path, job: int) -> dict[str, str]:
    """What AWX sets for a job, beside what ansible-runner sets itself."""
    programs = str(Path(sys.executable).parent)
    return {
        "PATH": f"{programs}:/usr/bin:/bin", "HOME": str(container / "home"),
        "TMPDIR": str(container / "tmp"),
        "LC_ALL": "C.UTF-8", "JOB_ID": str(job), "MAX_EVENT_RES": str(EVENT_BYTES),
        "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".cache/dev")),
        "ANSIBLE_FORCE_COLOR": "True", "ANSIBLE_HOST_KEY_CHECKING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True", "ANSIBLE_RETRY_FILES_ENABLED": "False",
    }  # fmt: skip


def _ended(running: Running, status: str) -> Job:
    folder, temporary = running.folder, running.container / "tmp"
    left = sorted(str(path.relative_to(temporary)) for path in temporary.rglob("*") if path.is_file())
    shutil.rmtree(running.container)
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("artifacts/*/job_events/*-*.json")]
    events = sorted((json.loads(text) for text in texts if text), key=lambda event: event.get("counter", 0))
    stats = [event for event in events if event.get("event") == "playbook_on_stats"]
    artifacts = stats[-1]["event_data"].get("artifact_data", {}) if stats and status != "canceled" else {}
    ended = max((path.stat().st_mtime for path in folder.glob("artifacts/*/rc")), default=time.time())
    return Job(status, _output(folder), events, artifacts, folder, ended, left)


def _output(folder: Path) -> str:
    """What ansible-playbook has shown; before it has begun, what ansible-runner has."""
    shown = [path.read_text(encoding="utf-8") for path in folder.glob("artifacts/*/stdout")]
    return "".join(shown) or (folder / "runner.log").read_text(encoding="utf-8")
