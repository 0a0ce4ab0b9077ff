"""Reading HR: the ELMO module beside curl asking for the same pages of the lab's server, over TLS."""

from __future__ import annotations

import json
import ssl
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from lab import hr, population

from . import floor, measure, ours
from .figures import row

CLIENT = {"client_id": "lab-client", "client_secret": "lab-secret"}


def company(size: int, block: int = population.LARGEST) -> dict:
    """A company of the lab with `size` records; beyond `block`, the same people again under other numbers and ids."""
    made = population.generate(min(size, block))
    for start in range(block, size, block):
        for person in made["people"][: min(block, size - start)]:
            again = {
                **person,
                "number": person["number"] + start,
                "id": f"{start // block:08x}{person['id'][8:]}",
            }
            made["people"].append(
                again | ({"manager": person["manager"] + start} if person["manager"] else {})
            )
    return made


def token_of(server) -> str:
    """An access token, as the module gets it."""
    asked = urllib.request.Request(
        f"{server.url}/oauth/token",
        json.dumps({"grant_type": "client_credentials", **CLIENT}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(
        asked, context=ssl.create_default_context(cafile=server.ca_file)
    ) as answer:
        return json.load(answer)["access_token"]


def at_size(size: int, folder: Path, tls: Path, address: str, times: int) -> list[dict]:
    """Rows of the module's process, the whole ansible-playbook and curl. tls: folder with the lab's certificates for the address."""
    feed = folder / "fetched.jsonl"
    with hr.serve("elmo", company(size), address=address, tls=tls) as server:
        options = {"base_url": server.url, "ca_cert": server.ca_file, "dest": str(feed), **CLIENT}
        ours.module("elmo_employee_info", options, folder)
        pages = [
            f"{server.url}{asked['path']}?{urlencode(asked['query'])}"
            for asked in server.requests
            if asked["method"] == "GET"
        ]
        token = token_of(server)
        found = measure.interleaved(
            {
                "floor": lambda: floor.fetch(pages, token, server.ca_file, folder),
                "module": lambda: ours.module("elmo_employee_info", options, folder),
                "playbook": lambda: ours.playbook("elmo_employee_info", options, folder),
            },
            times,
        )
    count = found["module"]["runs"][0]["result"]["counts"]["employees"]
    if count != size:
        raise measure.BenchError(f"{count} of {size} employees were fetched")
    feed.unlink()
    return [
        row(size, "fetch", "curl", found["floor"], f"{len(pages)} pages, the lab's server"),
        row(
            size,
            "fetch",
            "elmo_employee_info: module's process",
            found["module"],
            f"{measure.ratio(found['module'], found['floor']):.2f} × curl",
        ),
        row(size, "fetch", "elmo_employee_info: whole ansible-playbook", found["playbook"]),
    ]
