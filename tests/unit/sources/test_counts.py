"""The counts of a fetch are what the server saw: tokens, retries, renewed credentials and dependent calls included."""
from __future__ import annotations

import pytest
from hr_server import DROP, answer
from test_source_endpoint import fetched

AUTH = {"type": "oauth2", "client_id": "lab", "client_secret": "s3cr3t", "token_url": "/token"}
FIRST = {"busy": answer("busy", 503), "dropped": DROP, "cut": answer(b'{"data"', Content_Length="5000"), "refused": answer({}, 401), "good": None}


@pytest.mark.parametrize("kind", FIRST)
@pytest.mark.parametrize("auth", [AUTH, {"type": "none"}])
def test_every_request_is_counted(kind, auth):
    if kind == "refused" and auth != AUTH:
        pytest.skip("there are no credentials to renew")
    trouble = {path: FIRST[kind] for path in ("/people", "/badges/1", "/badges/2")}

    def respond(request):
        path = request["path"]
        if path == "/token":
            return answer({"access_token": "t"})
        if trouble.get(path) and request["query"].get("page", "2") == "2":
            return trouble.pop(path)
        rows = [{"id": 1}] if request["query"].get("page") == "1" else [{"id": 2}]
        return answer({"data": rows if path == "/people" else [], "total": 2 if path == "/people" else 0})
    found = fetched(respond, {"key": "id", "records": "data", "paging": {"type": "page", "total": "total"}},
                    {"name": "badges", "url": "/badges/{value}", "records": "data", "into": "badges", "many": True,
                     "dependent": {"of": "people", "value": "id", "concurrency": 1}}, auth=auth)
    seen = [request["path"] for request in found["seen"]]
    assert found["counts"]["requests"] == len(seen) and found["counts"]["employees"] == 2
    for name in ("people", "badges"):
        assert found["endpoints"][name]["requests"] == sum(path.startswith(f"/{name}") for path in seen), name
        assert found["endpoints"][name]["pages"] == 2
    retries = 0 if kind in ("good", "refused") else 3
    assert found["counts"]["retries"] == retries
