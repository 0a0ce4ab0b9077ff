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
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from shutil import copytree
from typing import Any

import yaml
from awx_processes import below, end_all
from jinja2.sandbox import ImmutableSandboxedEnvironment

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
class Credential:
    """A credential of a custom type: the injectors of its type, filled in with its inputs."""

    injectors: Mapping[str, Mapping[str, Any]]  # env, extra_vars, file, as AWX takes them
    inputs: Mapping[str, Any]


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
    ended: float  # seconds, of the clock time.time

    def stored(self) -> Iterator[tuple[str, str]]:
        """(name, text) of all that AWX keeps of a job in its database."""
        for path in [*self.folder.glob("artifacts/*/job_events/*"), *self.folder.glob("artifacts/*/std*")]:
            yield path.name, path.read_text(encoding="utf-8")

    def result(self, task: str, host: str | None = None) -> dict[str, Any]:
        """The result of the last task whose name begins so; {} where it did not run."""
        found: dict[str, Any] = {}
        for event in self.events:
            data = event.get("event_data") or {}
            name = (data.get("task") or "").rpartition(" : ")[2]
            if name.startswith(task) and host in (None, data.get("host")) and "res" in data:
                found = data["res"]
        return found


@dataclass
class Running:
    """A job that was started."""

    process: subprocess.Popen[bytes]
    folder: Path

    def wait(self, limit: float = LIMIT) -> Job:
        """The job when it has ended. Fails the test where it takes longer than limit seconds."""
        try:
            code = self.process.wait(limit)
        except subprocess.TimeoutExpired:
            end_all(below(self.process.pid))
            self.process.wait(GRACE)
            job = _ended(self.folder, "failed")
            raise AssertionError(f"the job hangs; its output: {job.output[-3000:]}") from None
        return _ended(self.folder, "failed" if code else "successful")

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
        return _ended(self.folder, "canceled")


def run(template: Template, place: Path, **options: Any) -> Job:
    """One job, from its start to its end. Options: as of start."""
    return start(template, place, **options).wait()


def run_slices(template: Template, place: Path, **options: Any) -> list[Job]:
    """The jobs of a sliced template, all at the same time, in the order of the slices."""
    numbers = range(1, min(template.slices, len(_hosts(template.inventory))) + 1)
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
    for name in ("env", "inventory", "home", "tmp"):
        (folder / name).mkdir(0o700)
    copytree(template.project, folder / "project")
    script = folder / "inventory/hosts"
    hosts = json.dumps(slice_of(template.inventory, number, template.slices))
    script.write_text(f"#!/usr/bin/env python3\nprint({hosts!r})\n", encoding="utf-8")
    script.chmod(0o700)
    environment = _environment(folder, job)
    arguments = ["-u", "root", "--forks", str(template.forks)]
    arguments += ["--check"] * (template.job_type == "check") + ["--diff"] * template.diff
    for credential in template.credentials:
        made, files = _injected(credential, folder / "env")
        environment.update(made)
        arguments += [part for file in files for part in ("-e", f"@{file}")]
    about = {"job_id": job, "job_template_name": template.name, "job_launch_type": "workflow"}
    meta = {f"{start}_{name}": value for start in ("awx", "tower") for name, value in about.items()}
    variables = {**template.extra_vars, **(given or {}), **meta}
    _private(folder / "env/extravars", _yaml(variables, template.extra_vars))
    _private(folder / "env/envvars", json.dumps(environment))
    _private(folder / "env/cmdline", " ".join(arguments))
    with (folder / "runner.log").open("wb") as log:
        process = subprocess.Popen(
            [RUNNERS[runner], "run", folder, "-p", template.playbook, "--ident", str(job)],
            env={"PATH": environment["PATH"], "HOME": environment["HOME"], "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
    return Running(process, folder)


def inventory_of(path: Path) -> dict[str, Any]:
    """An inventory as AWX imports it from a project: groups with their variables, and no files."""
    command = [Path(sys.executable).with_name("ansible-inventory"), "-i", path, "--list", "--export"]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def slice_of(inventory: Mapping[str, Any], number: int, of: int) -> dict[str, Any]:
    """The inventory of one slice: its hosts only, in the groups and with the variables of all."""
    hosts = set(_hosts(inventory)[number - 1::of])
    known = inventory.get("_meta", {}).get("hostvars", {})
    more = {"remote_tower_enabled": "true"}
    found: dict[str, Any] = {
        name: {**group, "hosts": [host for host in group.get("hosts", []) if host in hosts]}
        for name, group in inventory.items() if name != "_meta"
    }
    return {**found, "_meta": {"hostvars": {host: {**known.get(host, {}), **more} for host in hosts}}}


def _hosts(inventory: Mapping[str, Any]) -> list[str]:
    """All hosts, by name."""
    groups = [group for name, group in inventory.items() if name != "_meta"]
    return sorted({host for group in groups for host in group.get("hosts", [])})


def _environment(folder: Path, job: int) -> dict[str, str]:
    """What AWX sets for a job, beside what ansible-runner sets itself."""
    programs = str(Path(sys.executable).parent)
    return {
        "PATH": f"{programs}:/usr/bin:/bin", "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"),
        "LC_ALL": "C.UTF-8", "JOB_ID": str(job), "MAX_EVENT_RES": str(EVENT_BYTES),
        "ANSIBLE_COLLECTIONS_PATH": os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(ROOT / ".cache/dev")),
        "ANSIBLE_FORCE_COLOR": "True", "ANSIBLE_HOST_KEY_CHECKING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True", "ANSIBLE_RETRY_FILES_ENABLED": "False",
    }  # fmt: skip


def _injected(credential: Credential, folder: Path) -> tuple[dict[str, str], list[Path]]:
    """(environment, files of extra variables) of a credential; its own files go to folder."""
    templates = ImmutableSandboxedEnvironment()
    injectors, inputs = credential.injectors, dict(credential.inputs)
    names: Any = {}
    for name, text in injectors.get("file", {}).items():
        handle, path = tempfile.mkstemp(dir=folder)
        os.close(handle)
        Path(path).write_text(templates.from_string(text).render(inputs), encoding="utf-8")
        kind = name.partition(".")[2]
        names = {**names, kind: path} if kind else path
    inputs["tower"] = {"filename": names}

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [filled(one) for one in value]
        return templates.from_string(value).render(inputs)

    files = []
    if injectors.get("extra_vars"):
        files.append(Path(tempfile.mkdtemp(dir=folder)) / "extravars")
        _private(files[0], _yaml(filled(injectors["extra_vars"]), {}))
    return filled(dict(injectors.get("env", {}))), files


class _Unsafe(yaml.SafeDumper):
    def represent_data(self, data: Any) -> Any:
        """Each text, also a key, is marked as one that is no template."""
        if isinstance(data, str):
            return self.represent_scalar("!unsafe", data)
        return super().represent_data(data)


def _yaml(variables: Mapping[str, Any], trusted: Mapping[str, Any]) -> str:
    """Variables as YAML; only those with the value of the job template may have templates."""
    return "".join(
        yaml.dump({name: value}, Dumper=yaml.SafeDumper if trusted.get(name) == value else _Unsafe)
        for name, value in variables.items()
    )


def _private(path: Path, text: str) -> None:
    path.touch(0o600)
    path.write_text(text, encoding="utf-8")


def _ended(folder: Path, status: str) -> Job:
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("artifacts/*/job_events/*-*.json")]
    events = sorted((json.loads(text) for text in texts if text), key=lambda event: event.get("counter", 0))
    stats = [event for event in events if event.get("event") == "playbook_on_stats"]
    artifacts = stats[-1]["event_data"].get("artifact_data", {}) if stats and status != "canceled" else {}
    stdout = [path.read_text(encoding="utf-8") for path in folder.glob("artifacts/*/stdout")]
    output = "".join(stdout) or (folder / "runner.log").read_text(encoding="utf-8")
    return Job(status, output, events, artifacts, folder, time.time())
