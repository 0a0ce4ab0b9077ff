"""What ansible-rulebook asks of AWX: it finds a template by its name, launches it, and asks for the job until it has ended."""
from __future__ import annotations

from pathlib import Path

import yaml
from receiver import said

from .checks import RefusedError
from .store import Store

URL = "https://git.example.com/it/hris.git"


class Loader(yaml.SafeLoader):
    """Takes !unsafe for the text behind it."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def templates_of(example: Path) -> Store:
    """A store with the organization and the job templates of examples/awx, and no credentials."""
    store = Store({URL: example / "project"})
    settings, templates = (yaml.load((example / name).read_text(encoding="utf-8"), Loader) for name in ("settings.yml", "vars/job_templates.yml"))
    organization = store.create("organizations", {"name": settings["awx_organization"]})["id"]
    project = store.create("projects", {"name": "P", "organization": organization, "scm_type": "git", "scm_url": URL})
    inventory = store.create("inventories", {"name": "I", "organization": organization})
    for one in templates["awx_job_templates"]:
        made = store.create("job_templates", {"name": one["name"], "project": project["id"], "inventory": inventory["id"], "playbook": one["playbook"],
                                              "survey_enabled": "questions" in one})
        if "questions" in one:
            store.set_survey("job_templates", made["id"], {"name": one["name"], "description": "", "spec": one["questions"]})
    return store


class Controller:
    """Answers the requests that a receiver takes. launched: [(name of the template, variables that the job has, what was ignored)]."""

    def __init__(self, store: Store, token: str):
        self.store, self.token = store, token
        self.launched: list[tuple[str, dict, dict]] = []
        self.status = "successful"  # of every job

    def __call__(self, request: dict) -> tuple:
        if request["headers"].get("authorization") != f"Bearer {self.token}":
            return said({"detail": "Authentication credentials were not provided. To establish a login session, visit /api/login/."}, 401)
        parts = request["path"].removeprefix("/api/v2").strip("/").split("/")
        query = {name: values[0] for name, values in request["query"].items()}
        try:
            match [request["method"], *parts]:
                case "GET", "config":
                    return said({"version": "24.6.1"})
                case "GET", "unified_job_templates":
                    found = [self._shown(item) for item in self.store.find("unified_job_templates", query)]
                    return said({"count": len(found), "next": None, "previous": None, "results": found})
                case "POST", "job_templates", number, "launch":
                    return self._launch(int(number), request["json"])
                case "GET", "jobs":
                    jobs = [self._job(int(number)) for number in query["id__in"].split(",")]
                    return said({"count": len(jobs), "next": None, "previous": None, "results": jobs})
        except RefusedError as error:
            return said(error.body, 400)
        return said({"detail": "Not found."}, 404)

    def _shown(self, item: dict) -> dict:
        organization = self.store.get("organizations", item["organization"])
        return {**item, "summary_fields": {"organization": {"id": item["organization"], "name": organization["name"]}},
                "related": {"launch": f"{item['url']}launch/"}}

    def _launch(self, number: int, given: dict) -> tuple:
        """AWX answers 201 whatever it ignores."""
        template = self.store.get("job_templates", number)
        variables, ignored_variables, errors = self.store.answers("job_templates", number, given.get("extra_vars", {}))
        if errors:
            return said({"variables_needed_to_start": errors}, 400)
        ignored = {name: given[name] for name in ("limit", "inventory") if name in given and not template[f"ask_{name}_on_launch"]}
        if ignored_variables:
            ignored["extra_vars"] = {name: given["extra_vars"][name] for name in ignored_variables}
        self.launched.append((template["name"], variables, ignored))
        return said({**self._job(len(self.launched)), "status": "pending", "ignored_fields": ignored}, 201)

    def _job(self, number: int) -> dict:
        return {"id": number, "type": "job", "url": f"/api/v2/jobs/{number}/", "name": self.launched[number - 1][0], "status": self.status,
                "created": "2026-03-02T00:00:00Z", "artifacts": {}}
