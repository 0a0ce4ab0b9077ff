"""The stand-in over HTTP."""
from __future__ import annotations

import copy
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from .checks import RefusedError
from .resources import KINDS, UNIFIED
from .store import SECRET, Store

PAGE = 25
SURVEYED = ("job_templates", "workflow_job_templates")


class AwxApi:
    """A server on loopback. store: what it holds; requests: [(method, path, body)] of what it was asked, without reading."""

    def __init__(self, store: Store, token: str, address: str = "127.0.0.1"):
        self.store, self.token = store, token
        self.requests: list[tuple[str, str, dict]] = []
        self.updates: dict[int, int] = {}  # update of a project -> the project
        self.lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_arguments):
                pass

            def handle_one(handler):  # noqa: N805
                length = int(handler.headers.get("Content-Length") or 0)
                body = json.loads(handler.rfile.read(length) or b"{}") if length else {}
                with self.lock:
                    status, answer = self.answer(handler.command, handler.path, body, handler.headers.get("Authorization", ""))
                text = b"" if answer is None else json.dumps(answer).encode()
                handler.send_response(status)
                handler.send_header("Content-Type", "application/json")
                handler.send_header("Content-Length", str(len(text)))
                handler.send_header("X-API-Product-Name", "AWX")
                handler.send_header("X-API-Product-Version", "24.6.1")
                handler.end_headers()
                handler.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_DELETE = handle_one  # noqa: N815

        self.server = ThreadingHTTPServer((address, 0), Handler)
        self.url = f"http://{address}:{self.server.server_address[1]}"

    def __enter__(self) -> AwxApi:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error) -> None:
        self.server.shutdown()
        self.server.server_close()

    # ---- one request ----
    def answer(self, method: str, target: str, body: dict, authorization: str) -> tuple[int, dict | None]:
        if authorization != f"Bearer {self.token}":
            return 401, {"detail": "Authentication credentials were not provided."}
        url = urlsplit(target)
        parts = [part for part in url.path.removeprefix("/api/v2").split("/") if part]
        if method != "GET":
            self.requests.append((method, url.path, body))
        try:
            return self._route(method, parts, dict(parse_qsl(url.query)), body)
        except RefusedError as error:
            return 400, error.body
        except (KeyError, StopIteration):
            return 404, {"detail": "Not found."}

    def _route(self, method: str, parts: list[str], query: dict, body: dict) -> tuple[int, dict | None]:
        endpoint, *rest = parts
        if endpoint == "roles":
            return self._roles(method, int(rest[0]), rest[1], body)
        if endpoint == "project_updates":
            project = self.store.get("projects", self.updates[int(rest[0])])
            return 200, {"id": int(rest[0]), "status": project["status"], "failed": project["status"] != "successful", "finished": "2027-01-01T00:00:00Z"}
        if not rest:
            return self._list(method, endpoint, query, body)
        number = int(rest[0])
        self.store.objects[endpoint][number]  # 404
        if len(rest) == 1:
            return self._one(method, endpoint, number, body)
        return self._below(method, endpoint, number, rest[1], body)

    def _list(self, method: str, endpoint: str, query: dict, body: dict) -> tuple[int, dict | None]:
        if method == "GET":
            found = self.store.find(endpoint, query)
            page = int(query.get("page", 1))
            following = "&".join(f"{name}={value}" for name, value in (query | {"page": page + 1}).items())
            return 200, {"count": len(found), "results": [self.shown(item) for item in found[(page - 1) * PAGE:page * PAGE]],
                         "next": f"/api/v2/{endpoint}/?{following}" if len(found) > page * PAGE else None, "previous": None}
        made = self.store.create(endpoint, body)
        if endpoint == "projects":
            self.store.last += 1
            self.updates[self.store.last] = made["id"]
            answer = self.shown(made)
            answer["summary_fields"]["current_update"] = {"id": self.store.last}
            return 201, answer
        return 201, self.shown(made)

    def _one(self, method: str, endpoint: str, number: int, body: dict) -> tuple[int, dict | None]:
        if method == "DELETE":
            self.store.delete(endpoint, number)
            return 204, None
        if method == "PATCH":
            if endpoint == "credentials":
                body = self._kept_secrets(number, body)
            self.store.change(endpoint, number, body)
        return 200, self.shown(self.store.get(endpoint, number))

    def _below(self, method: str, endpoint: str, number: int, name: str, body: dict) -> tuple[int, dict | None]:
        if name == "survey_spec" and endpoint in SURVEYED:
            if method == "POST":
                self.store.set_survey(endpoint, number, body)
                return 200, None
            return 200, self.store.surveys.get((endpoint, number), {})
        if name == "create_approval_template" and endpoint == "workflow_job_template_nodes":
            made = self.store.create("workflow_approval_templates", body)
            self.store.objects[endpoint][number]["unified_job_template"] = made["id"]
            return 201, self.shown(made)
        if name not in KINDS[endpoint].associations:
            return 404, {"detail": "Not found."}
        if method == "POST":
            self.store.join(endpoint, number, name, body)
            return 204, None
        found = self.store.list_of(endpoint, number, name)
        return 200, {"count": len(found), "results": [self.shown(item) for item in found], "next": None, "previous": None}

    def _roles(self, method: str, role: int, actors: str, body: dict) -> tuple[int, dict | None]:
        if method == "POST":
            self.store.grant(role, actors, body)
            return 204, None
        found = [{"id": one} for one in self.store.grants[role][actors]]
        return 200, {"count": len(found), "results": found, "next": None, "previous": None}

    # ---- what is shown ----
    def shown(self, item: dict) -> dict:
        """The object without secrets, with its links."""
        answer, endpoint = copy.deepcopy(item), re.match(r"/api/v2/(\w+)/", item["url"])[1]
        if endpoint == "credentials":
            kind = self.store.get("credential_types", item["credential_type"])
            secret = {field["id"] for field in kind["inputs"].get("fields", []) if field.get("secret")}
            answer["inputs"] = {name: SECRET if name in secret and value else value for name, value in item["inputs"].items()}
        if endpoint == "notification_templates" and item["notification_configuration"].get("password"):
            answer["notification_configuration"]["password"] = SECRET
        related = {name: f"{item['url']}{name}/" for name in KINDS[endpoint].associations}
        if endpoint in SURVEYED:
            related["survey_spec"] = f"{item['url']}survey_spec/"
        below = item.get("unified_job_template")
        if below is not None:
            related["unified_job_template"] = next(f"/api/v2/{name}/{below}/" for name in UNIFIED if below in self.store.objects[name])
        return answer | {"related": related}

    def _kept_secrets(self, number: int, body: dict) -> dict:
        """$encrypted$ stands for what is there."""
        before = self.store.get("credentials", number)["inputs"]
        given = body.get("inputs", before)
        return body | {"inputs": {name: before[name] if value == SECRET else value for name, value in given.items()}}
