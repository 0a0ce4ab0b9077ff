"""The objects of the stand-in: looked up, made, changed and joined as AWX does."""
from __future__ import annotations

import copy
import json
from pathlib import Path

from . import checks
from .checks import RefusedError, require
from .resources import KINDS, PROMPTED, UNIFIED

SECRET = "$encrypted$"
PLURAL = {kind.type: endpoint for endpoint, kind in KINDS.items()}


class Store:
    """repositories: {scm_url: folder with the playbooks of the project}. A project with another address fails its update."""

    def __init__(self, repositories: dict[str, Path]):
        self.repositories = repositories
        self.objects: dict[str, dict[int, dict]] = {endpoint: {} for endpoint in KINDS}
        self.joined: dict[tuple[str, int, str], list[int]] = {}  # (endpoint, id, sub-list) -> ids
        self.surveys: dict[tuple[str, int], dict] = {}
        self.grants: dict[int, dict] = {}  # role -> {"name", "endpoint", "object", "teams", "users"}
        self.last = 0
        # What an AWX has after its installation
        self.create("organizations", {"name": "Default"})
        galaxy = self._put("credential_types", {**KINDS["credential_types"].fields, "name": "Ansible Galaxy/Automation Hub API Token", "kind": "galaxy",
                                                "managed": True})
        self._put("credentials", {**KINDS["credentials"].fields, "name": "Ansible Galaxy", "credential_type": galaxy["id"]})

    # ---- reading ----
    def get(self, endpoint: str, number: int) -> dict | None:
        return self.objects[endpoint].get(number)

    def find(self, endpoint: str, query: dict[str, str]) -> list[dict]:
        """The objects that a query names. Raises RefusedError for a field that there is none of, as AWX does."""
        endpoints = UNIFIED if endpoint == "unified_job_templates" else (endpoint,)
        found = [item for name in endpoints for item in self.objects[name].values()]
        either = {name.removeprefix("or__"): value for name, value in query.items() if name.startswith("or__")}
        for name in {*query, *either} - {f"or__{name}" for name in either} - {"page", "page_size", "order_by"}:
            known = {"id", "type", *(field for one in endpoints for field in KINDS[one].fields)}
            if name not in known:
                raise RefusedError({"detail": f"{KINDS[endpoints[0]].type} has no field named '{name}'"})
        both = {name: value for name, value in query.items() if not name.startswith("or__") and name not in ("page", "page_size", "order_by")}
        found = [item for item in found if all(str(item.get(name)) == value for name, value in both.items())]
        return [item for item in found if not either or any(str(item.get(name)) == value for name, value in either.items())]

    def owner(self, number: int) -> tuple[str, dict]:
        """(endpoint, object) of a template of whatever kind."""
        return next((name, self.objects[name][number]) for name in UNIFIED if number in self.objects[name])

    def list_of(self, endpoint: str, number: int, name: str) -> list[dict]:
        return [self.objects[KINDS[endpoint].associations[name]][one] for one in self.joined.get((endpoint, number, name), [])]

    # ---- writing ----
    def create(self, endpoint: str, given: dict) -> dict:
        kind = KINDS[endpoint]
        missing = {name: ["This field is required."] for name in kind.required if given.get(name) in (None, "")}
        if missing:
            raise RefusedError(missing)
        return self._save(endpoint, None, copy.deepcopy(kind.fields), given)

    def change(self, endpoint: str, number: int, given: dict) -> dict:
        return self._save(endpoint, number, copy.deepcopy(self.objects[endpoint][number]), given)

    def delete(self, endpoint: str, number: int) -> None:
        del self.objects[endpoint][number]

    def _save(self, endpoint: str, number: int | None, item: dict, given: dict) -> dict:
        kind = KINDS[endpoint]
        unknown = sorted(set(given) - set(kind.fields) - set(kind.hidden))
        if unknown:
            raise RefusedError({name: ["AWX has no such field, and would ignore it"] for name in unknown})
        for name, value in given.items():
            if name in kind.fields:
                self._set(kind, item, name, value)
        self._check(endpoint, number, item)
        if number is None:
            return self._put(endpoint, item)
        self.objects[endpoint][number].update(item)
        return self.objects[endpoint][number]

    def _set(self, kind, item: dict, name: str, value) -> None:
        default = kind.fields[name]
        if value is None and default is not None:
            value = default  # AWX takes null for an empty choice
        if name in kind.references and value not in (None, ""):
            require(int(value) in self.objects[kind.references[name]], name, f'Invalid pk "{value}" - object does not exist.')
        elif default is not None and value is not None and type(value) is not type(default):
            raise RefusedError({name: [f"Not a valid {type(default).__name__}."]})
        if name == "extra_vars" and value:
            require(isinstance(json.loads(value), dict), name, "Must be a dictionary")
        item[name] = value

    def _put(self, endpoint: str, item: dict) -> dict:
        self.last += 1
        item["id"], item["type"] = self.last, KINDS[endpoint].type
        item["url"] = f"/api/v2/{endpoint}/{self.last}/"
        item["summary_fields"] = {"object_roles": {f"{role}_role": self._role(endpoint, item["id"], role) for role in KINDS[endpoint].roles}}
        self.objects[endpoint][item["id"]] = item
        return item

    def _role(self, endpoint: str, number: int, name: str) -> dict:
        self.last += 1
        self.grants[self.last] = {"name": name, "endpoint": endpoint, "object": number, "teams": [], "users": []}
        return {"id": self.last, "name": name}

    # ---- what is refused ----
    def _check(self, endpoint: str, number: int | None, item: dict) -> None:
        kind, checker = KINDS[endpoint], getattr(self, f"_check_{endpoint}", None)
        if checker:
            checker(item)
        for other in self.objects[endpoint].values():
            same = bool(kind.unique) and all(other[name] == item[name] for name in kind.unique)
            if same and other["id"] != number:
                names = " and ".join(name.replace("_", " ").capitalize() for name in kind.unique)
                raise RefusedError({"__all__": [f"{kind.type.replace('_', ' ').capitalize()} with this {names} already exists."]})

    def _check_credential_types(self, item: dict) -> None:
        if not item["managed"]:
            checks.credential_type(item)

    def _check_credentials(self, item: dict) -> None:
        checks.credential_inputs(self.objects["credential_types"][item["credential_type"]], item["inputs"])

    def _check_notification_templates(self, item: dict) -> None:
        checks.notification(item)

    def _check_projects(self, item: dict) -> None:
        require(item["scm_type"] in ("", "git", "svn", "archive", "insights"), "scm_type", "not a valid choice")
        require(not item["scm_type"] or item["scm_url"], "scm_url", "SCM URL is required.")
        item["status"] = "successful" if item["scm_url"] in self.repositories else "failed"
        item["scm_revision"] = "0" * 40 if item["status"] == "successful" else ""

    def _check_inventory_sources(self, item: dict) -> None:
        require(item["source"] == "scm", "source", "not a valid choice here")
        require(item["source_project"], "source_project", "Project required for scm type sources.")

    def _check_job_templates(self, item: dict) -> None:
        project = self.objects["projects"][item["project"]]
        item["organization"] = project["organization"]
        playbooks = self.playbooks(project)
        require(item["playbook"] in playbooks, "playbook", "Playbook not found for project.")
        require(item["job_type"] in ("run", "check"), "job_type", "not a valid choice")
        require(isinstance(item["timeout"], int), "timeout", "A valid integer is required.")

    def playbooks(self, project: dict) -> list[str]:
        """As AWX lists them: YAML with a play in it, not below roles, collections and the like."""
        folder = self.repositories.get(project["scm_url"])
        return sorted(path.name for path in folder.glob("*.yml") if "hosts:" in path.read_text() or "import_playbook:" in path.read_text()) if folder else []

    def _check_workflow_job_template_nodes(self, item: dict) -> None:
        if item["unified_job_template"] is not None:
            self._check_prompts(item, item["unified_job_template"])

    def _check_schedules(self, item: dict) -> None:
        checks.rrule(item["rrule"])
        self._check_prompts(item, item["unified_job_template"])

    def _check_prompts(self, item: dict, number: int) -> None:
        endpoint, template = self.owner(number)
        for name, prompt in PROMPTED.items():
            if item.get(name) not in (None, {}) and name != "extra_data":
                require(template.get(f"ask_{prompt}_on_launch"), name, "Field is not configured to prompt on launch.")
        _taken, ignored, errors = self.answers(endpoint, number, item["extra_data"])
        require(not ignored, "extra_data", f"Variables {', '.join(ignored)} are not allowed on launch. Check the Prompt on Launch setting.")
        require(not errors, "variables_needed_to_start", "; ".join(errors))

    # ---- surveys ----
    def set_survey(self, endpoint: str, number: int, spec: dict) -> None:
        checks.survey(spec)
        self.surveys[endpoint, number] = spec

    def answers(self, endpoint: str, number: int, given: dict) -> tuple[dict, list[str], list[str]]:
        """(variables that the launch sets, those that AWX ignores, what it refuses)"""
        item = self.objects[endpoint][number]
        spec = self.surveys.get((endpoint, number), {"spec": []})["spec"] if item.get("survey_enabled") else []
        asked = {question["variable"]: question for question in spec}
        errors = [f"'{name}' value missing" for name, question in asked.items() if question["required"] and name not in given]
        taken = {name: question["default"] for name, question in asked.items() if question.get("default", "") != "" and not question["required"]}
        for name, value in given.items():
            if name in asked:
                errors += _wrong(name, value, asked[name])
        ignored = [name for name in given if name not in asked and not item.get("ask_variables_on_launch")]
        return taken | {name: value for name, value in given.items() if name not in ignored}, ignored, errors

    # ---- joining ----
    def join(self, endpoint: str, number: int, name: str, given: dict) -> None:
        members = self.joined.setdefault((endpoint, number, name), [])
        one = given["id"]
        if given.get("disassociate"):
            members.remove(one)
            return
        target = KINDS[endpoint].associations[name]
        require(one in self.objects[target], "msg", f"{target} {one} does not exist")
        if endpoint == "job_templates" and name == "credentials":
            self._one_of_a_type(members, one)
        if name.endswith("_nodes"):
            self._check_link(number, one, name)
        if one not in members:
            members.append(one)

    def _one_of_a_type(self, members: list[int], one: int) -> None:
        credentials = self.objects["credentials"]
        kind = credentials[one]["credential_type"]
        if any(credentials[member]["credential_type"] == kind for member in members if member != one):
            raise RefusedError({"error": f"Cannot assign multiple {self.objects['credential_types'][kind]['name']} credentials."})

    def _check_link(self, parent: int, child: int, name: str) -> None:
        links = {"always_nodes", "success_nodes", "failure_nodes"}
        others = [kind for kind in links - {name} if child in self.joined.get(("workflow_job_template_nodes", parent, kind), [])]
        require(not others, "Error", "Relationship not allowed.")
        seen, waiting = set(), [child]
        while waiting:
            at = waiting.pop()
            require(at != parent, "Error", "Cycle detected.")
            seen.add(at)
            waiting += [one for kind in links for one in self.joined.get(("workflow_job_template_nodes", at, kind), []) if one not in seen]

    def grant(self, role: int, actors: str, given: dict) -> None:
        members = self.grants[role][actors]
        if given.get("disassociate"):
            members.remove(given["id"])
        elif given["id"] not in members:
            members.append(given["id"])


def _wrong(name: str, value, question: dict) -> list[str]:
    """What AWX says of an answer."""
    kind = question["type"]
    if kind in ("text", "textarea", "password"):
        if not isinstance(value, str):
            return [f"Value {value} for '{name}' expected to be a string."]
        least, most = question.get("min") or 0, question.get("max") or len(value)
        return [] if least <= len(value) <= most else [f"'{name}' value {value} has not from {least} to {most} characters"]
    if kind in ("integer", "float"):
        return [] if type(value) in (int, float) else [f"Value {value} for '{name}' expected to be an {kind}."]
    given = value if kind == "multiselect" and isinstance(value, list) else [value]
    return [] if set(given) <= set(checks.choices(question)) else [f"Value {value} for '{name}' expected to be one of {checks.choices(question)}."]
