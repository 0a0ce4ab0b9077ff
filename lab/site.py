"""The whole lab below one folder: the domain, two companies, and their HR servers as background
processes.
"""

from __future__ import annotations

import http.client
import json
import secrets
import socket
import ssl
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from . import company, day, paths, population, processes, tokens
from .domain import DEFAULT_ADDRESS, Domain
from .errors import LabError

KINDS = population.KINDS
DEFAULTS = {
    "address": DEFAULT_ADDRESS,
    "people": 40,
    "seed": "1",
    "elmo_port": 8180,
    "icehrm_port": 8181,
    "tls": False,
}
BASES = {"elmo": "", "icehrm": "/app/api"}


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


class Site:
    """The lab below `root`.

    Its settings are written by `up` and kept in lab.json, secrets in files of their own; all
    readable by the owner only.
    """

    def __init__(self, root: str | Path | None = None):
        self.root = Path(root).resolve() if root else paths.cache()
        self._file = self.root / "lab.json"
        self.settings: dict[str, Any] = dict(DEFAULTS)
        if self._file.exists():
            self.settings.update(json.loads(self._file.read_text()))

    @property
    def domain(self) -> Domain:
        return Domain(self.root / "dc", self.settings["address"])

    def company_file(self, kind: str) -> Path:
        return self.root / "hr" / f"{kind}.json"

    def _pid_file(self, kind: str) -> Path:
        return self.root / "hr" / f"{kind}.pid"

    def hr_settings(self, kind: str) -> dict:
        """The server's settings with its secrets, which are created once."""
        path = self.root / "hr" / f"{kind}.settings.json"
        if not path.exists():
            new = {
                "elmo": {
                    "client_id": f"lab-{secrets.token_hex(4)}",
                    "client_secret": secrets.token_urlsafe(24),
                },
                "icehrm": {"key": secrets.token_urlsafe(32)},
            }
            paths.write_private(path, json.dumps(new[kind]))
        return json.loads(path.read_text())

    def url(self, kind: str) -> str:
        scheme = "https" if self.settings["tls"] else "http"
        return f"{scheme}://{self.settings['address']}:{self.settings[f'{kind}_port']}{BASES[kind]}"

    def running(self, kind: str) -> int | None:
        return processes.living(self._pid_file(kind))

    def up(self, **wanted) -> None:
        """Start everything.

        wanted: people, seed, address, elmo_port, icehrm_port (0: any free one), tls. What exists
        already goes on as it was. Raises LabError when it was made with other settings.
        """
        wanted = {name: value for name, value in wanted.items() if value is not None}
        for name in ("elmo_port", "icehrm_port"):
            if wanted.get(name) == 0:
                wanted[name] = _free_port(wanted.get("address", self.settings["address"]))
        if self._file.exists():
            self._check(wanted)
        self.settings.update(wanted)
        self._begin_companies()
        paths.write_private(self._file, json.dumps(self.settings))
        if self.settings["tls"]:
            self.domain.start()  # the HR servers use its certificates
        for kind in KINDS:
            self._start(kind)
        self.domain.start()
        for kind in KINDS:
            self._wait(kind)

    def _check(self, wanted: dict[str, Any]) -> None:
        """Raise LabError for settings that what exists does not have."""
        for name in ("people", "seed"):
            if name in wanted and str(wanted[name]) != str(self.settings[name]):
                raise LabError(
                    f"The company below {self.root} has {name} {self.settings[name]}. "
                    f"For another one: `python -m lab reset --{name} {wanted[name]}`."
                )
        if not self.domain.pid and not any(self.running(kind) for kind in KINDS):
            return
        for name in ("address", "elmo_port", "icehrm_port", "tls"):
            if name in wanted and wanted[name] != self.settings[name]:
                raise LabError(
                    f"The lab runs with {name} {self.settings[name]}. "
                    "Stop it first: `python -m lab down`."
                )

    def _begin_companies(self, anew: bool = False) -> None:
        people, seed = int(self.settings["people"]), self.settings["seed"]
        for kind in KINDS:
            if anew or not self.company_file(kind).exists():
                company.save(self.company_file(kind), population.generate(people, seed, kind))

    def _start(self, kind: str) -> None:
        if self.running(kind):
            return
        self.hr_settings(kind)
        folder = self.root / "hr"
        command = [sys.executable, "-m", "lab.hr", kind, str(self.company_file(kind))]
        command += ["--address", self.settings["address"]]
        command += ["--port", str(self.settings[f"{kind}_port"])]
        command += ["--settings", str(folder / f"{kind}.settings.json")]
        if self.settings["tls"]:
            command += ["--tls", str(self.root / "dc/private/tls")]
        processes.spawn(command, self._pid_file(kind), folder / f"{kind}.log", cwd=paths.CHECKOUT)

    def _wait(self, kind: str, seconds: float = 20) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                self.ask(kind, "GET", "requests")
                return
            except (OSError, http.client.HTTPException):
                if not self.running(kind):
                    break
                time.sleep(0.03)
        output = (self.root / "hr" / f"{kind}.log").read_text().strip()[-400:]
        raise LabError(f"The HR server {kind} gives no answer on {self.url(kind)}: {output}")

    def ask(self, kind: str, method: str, what: str, body: dict[str, Any] | None = None) -> Any:
        """The lab's own routes of a running HR server: `faults` (GET, POST, DELETE) and `requests`
        (GET).
        """
        context = None
        if self.settings["tls"]:
            context = ssl.create_default_context(cafile=self.domain.ca_file)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        url = self.url(kind).removesuffix(BASES[kind]) + f"/_lab/{what}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, method=method, data=data)
        with opener.open(request, timeout=10) as response:
            return json.load(response)

    def down(self) -> list[str]:
        """Stop everything; the state is kept. The names of what was running."""
        stopped = [kind for kind in KINDS if processes.stop(self._pid_file(kind))]
        return stopped + (["domain"] if self.domain.stop() else [])

    def reset(self, people: int | None = None, seed: str | None = None) -> None:
        """A clean domain and new companies, running."""
        for name, value in (("people", people), ("seed", seed)):
            if value is not None:
                self.settings[name] = value
        self._begin_companies(anew=True)
        self.domain.wipe()
        self.up()

    def date(self) -> str:
        return company.load(self.company_file("elmo"))["date"]

    def pass_days(self, days: int = 1) -> list[tuple[str, str, dict]]:
        """Let days pass in both companies: [(date, kind of company, event)]."""
        events = []
        for kind in KINDS:
            state = company.load(self.company_file(kind))
            for _day in range(days):
                happened = day.pass_day(state)
                events += [(state["date"], kind, event) for event in happened]
            company.save(self.company_file(kind), state)
        return sorted(events, key=lambda event: event[0])

    def token(
        self, level: str = "Admin", owner: int | None = None, days: float = tokens.DAYS
    ) -> str:
        """An IceHrm token; by default that of the head of People, or of the last person where there
        is none.
        """
        if owner is None:
            people = company.load(self.company_file("icehrm"))["people"]
            heads = [person for person in people if person["title"] == "Head of People"]
            owner = (heads or people)[-1]["number"]
        return tokens.issue(self.hr_settings("icehrm")["key"], level, owner, days)

    def environment(self) -> dict[str, str]:
        """The environment variables that a playbook or a test needs to reach the lab, secrets
        included.
        """
        domain, elmo = self.domain, self.hr_settings("elmo")
        return {
            "LAB_ROOT": str(self.root),
            "LAB_LDAP_URL": domain.url,
            "LAB_LDAP_SERVER": domain.address,
            "LAB_BASE_DN": domain.base_dn,
            "LAB_CA": domain.ca_file,
            "LAB_USERNAME": domain.service_name,
            "LAB_PASSWORD": domain.service_password,
            "LAB_ADMIN_USERNAME": domain.admin_name,
            "LAB_ADMIN_PASSWORD": domain.admin_password,
            "LAB_ELMO_URL": self.url("elmo"),
            "LAB_ELMO_CLIENT_ID": elmo["client_id"],
            "LAB_ELMO_CLIENT_SECRET": elmo["client_secret"],
            "LAB_ICEHRM_URL": self.url("icehrm"),
            "LAB_ICEHRM_TOKEN": self.token(),
            "LAB_DATE": self.date(),
            **domain.environment(),
        }
