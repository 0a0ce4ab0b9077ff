# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables, credentials and their files, as AWX hands them to a job."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2.sandbox import ImmutableSandboxedEnvironment


@dataclass(frozen=True)
class Credential:
    """A credential of a custom type: the injectors of its type, filled in with its inputs."""

    injectors: Mapping[str, Mapping[str, Any]]  # env, extra_vars, file, as AWX takes them
    inputs: Mapping[str, Any]


def injected(credential: Credential, folder: Path) -> tuple[dict[str, str], list[Path]]:
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
        write_private(files[0], as_yaml(filled(injectors["extra_vars"]), {}))
    return filled(dict(injectors.get("env", {}))), files


class _Unsafe(yaml.SafeDumper):
    def represent_data(self, data: Any) -> Any:
        """Each text, also a key, is marked as one that is no template."""
        if isinstance(data, str):
            return self.represent_scalar("!unsafe", data)
        return super().represent_data(data)


def as_yaml(variables: Mapping[str, Any], trusted: Mapping[str, Any]) -> str:
    """Variables as YAML; only those with the value of the job template may have templates."""
    return "".join(
        yaml.dump({name: value}, Dumper=yaml.SafeDumper if trusted.get(name) == value else _Unsafe)
        for name, value in variables.items()
    )


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.touch(0o600)
    path.write_text(text, encoding="utf-8")
