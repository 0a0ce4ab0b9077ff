"""Reading HR: the ELMO module beside curl, which asks for the same pages of the lab's server, over
TLS.
"""

from __future__ import annotations

import json
import ssl
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from lab import hr, population

from . import floor, measure, ours
from .figures import Row, row

CLIENT = {"client_id": "lab-client", "client_secret": "lab-secret"}


def company(size: int, block: int = population.LARGEST) -> dict[str, Any]:
    """A company of the lab with `size` records; beyond `block`, the same people come again with
    other numbers and ids.
    """
    generated = population.generate(min(size, block))
    for start in range(block, size, block):
        for person in generated["people"][: min(block, size - start)]:
            again = {
                **person,
                "number": person["number"] + start,
                "id": f"{start // block:08x}{person['id'][8:]}",
            }
            if person["manager"]:
                again["manager"] = person["manager"] + start
            generated["people"].append(again)
    return generated


def token_of(server: hr.Server) -> str:
    """An access token, as the module gets it."""
    request = urllib.request.Request(
        f"{server.url}/oauth/token",
        json.dumps({"grant_type": "client_credentials", **CLIENT}).encode(),
        {"Content-Type": "application/json"},
    )
    context = ssl.create_default_context(cafile=server.ca_file)
    with urllib.request.urlopen(request, context=context) as response:
        return json.load(response)["access_token"]


def at_size(
    size: int, folder: Path, tls: Path, address: str, times: int
) -> tuple[list[Row], float]:
    """(rows of the module's process, the whole ansible-playbook and curl; the module's wall over
    that of curl).

    tls: folder with the lab's certificates for the address.
    """
    feed = folder / "fetched.jsonl"
    with hr.serve("elmo", company(size), address=address, tls=tls) as server:
        options = {"base_url": server.url, "ca_cert": server.ca_file, "dest": str(feed), **CLIENT}
        ours.module("elmo_employee_info", options, folder)
        pages = [
            f"{server.url}{request['path']}?{urlencode(request['query'])}"
            for request in server.requests
            if request["method"] == "GET"
        ]
        token = token_of(server)
        results = measure.interleaved(
            {
                "floor": lambda: floor.fetch(pages, token, server.ca_file, folder),
                "module": lambda: ours.module("elmo_employee_info", options, folder),
                "playbook": lambda: ours.playbook("elmo_employee_info", options, folder),
            },
            times,
        )
    module = results["module"]
    count = module["runs"][0]["result"]["counts"]["employees"]
    if count != size:
        raise measure.BenchError(f"{count} of {size} employees were fetched")
    feed.unlink()
    ratio = measure.ratio(module, results["floor"])
    return [
        row(size, "fetch", "curl", results["floor"], f"{len(pages)} pages, the lab's server"),
        row(size, "fetch", "elmo_employee_info: module's process", module, f"{ratio:.2f} × curl"),
        row(size, "fetch", "elmo_employee_info: whole ansible-playbook", results["playbook"]),
    ], ratio
