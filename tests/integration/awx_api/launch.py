"""A job as AWX would start it: which variables it gets, which environment, which files."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from . import checks
from .store import Store


@dataclass(frozen=True)
class Job:
    """What `ansible-playbook` is called with."""

    playbook: str
    check: bool
    diff: bool
    extra_vars: dict  # all of them; AWX marks every one `!unsafe` that is not the template's own
    own: frozenset  # names of extra_vars that are the template's own, and so are templated
    environment: dict
    ignored: list  # what the launch gave, and AWX dropped


def start(store: Store, name: str, answers: dict, folder: Path, artifacts: dict | None = None) -> Job:
    """The job that a launch with these answers starts. folder: where the files of credentials go.

    artifacts: of earlier nodes of its workflow. Raises RefusedError as the API does.
    """
    (template,) = store.find("job_templates", {"name": name})
    taken, ignored, errors = store.answers("job_templates", template["id"], answers)
    checks.require(not errors, "variables_needed_to_start", "; ".join(errors))
    own = json.loads(template["extra_vars"] or "{}")
    environment, credential_variables = filled_in(store, store.list_of("job_templates", template["id"], "credentials"), folder)
    variables = {**credential_variables, **own, **taken, **(artifacts or {})}
    same = frozenset(key for key, value in own.items() if variables[key] == value)
    return Job(template["playbook"], template["job_type"] == "check", template["diff_mode"], variables, same, environment, ignored)


def filled_in(store: Store, credentials: list[dict], folder: Path) -> tuple[dict, dict]:
    """(environment, extra variables) of a job with these credentials. Raises RefusedError where a required input is missing."""
    environment: dict[str, str] = {}
    variables: dict = {}
    for credential in credentials:
        kind = store.get("credential_types", credential["credential_type"])
        given = {field["id"]: False for field in kind["inputs"]["fields"] if field.get("type") == "boolean"} | credential["inputs"]
        missing = [name for name in kind["inputs"].get("required", []) if not given.get(name)]
        checks.require(not missing, "job_explanation",
                       f"Job cannot start because Credential {credential['name']} does not provide one or more required fields ({', '.join(missing)})")
        made = inject(kind["injectors"], given, folder, f"tmp{credential['id']}")
        environment |= made[0]
        variables |= made[1]
    return environment, variables


def inject(injectors: dict, given: dict, folder: Path, prefix: str) -> tuple[dict, dict]:
    files = {}
    for name, text in injectors.get("file", {}).items():
        path = folder / f"{prefix}-{name.partition('.')[2] or 'file'}"
        path.write_text(checks.SANDBOX.from_string(text).render(**given), encoding="utf-8")
        path.chmod(0o600)
        files[name.partition(".")[2]] = str(path)
    values = {**given, "tower": {"filename": files.get("") or files}}

    def rendered(value):
        if isinstance(value, dict):
            return {key: rendered(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [rendered(inner) for inner in value]
        return checks.SANDBOX.from_string(value).render(**values)
    return rendered(injectors.get("env", {})), rendered(injectors.get("extra_vars", {}))
