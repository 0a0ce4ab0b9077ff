"""A run that is killed in the middle of a step: no call is made twice that may not be, none is forgotten, and the one in the middle is told."""
from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from module_process import ROOT, run_module

KEYS = ["E1", "E2", "E3", "E4"]


@pytest.fixture
def desk():
    """A receiver. kill_at: the call (by number) in which it kills the process of the sender, before it answers or after."""
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.seen.append(body["k"])
            if len(server.seen) == server.kill_at:
                os.kill(server.pid(), signal.SIGKILL)
            status = 500 if body["k"] in server.refused else 200
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b"{}")

        def handle(self):
            with contextlib.suppress(ConnectionError):  # of a process that was killed
                super().handle()

        def log_message(self, *_arguments):
            """Nothing to be read."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.kill_at, server.refused, server.pid = [], None, (), None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(params=[None, "s3cret-plan-key"])
def site(request, tmp_path, desk):
    """A step with a ledger: due(), call(kill) and done(), each as the role runs them."""
    class Site:
        key, outcome, due_file, ledger, failed = request.param, *(str(tmp_path / name) for name in ("outcome", "due", "ledger", "failed"))
        kept = str(tmp_path / "kept")

        def run(self, module, **options):
            return run_module(tmp_path, module, {**options, **({"plan_key": self.key} if self.key else {})})

        def due(self):
            step = {"name": "tell", "events": ["created"]}
            return self.run("step_accounts", src=self.outcome, dest=self.due_file, ledger=self.ledger, step=step, as_of="2026-03-02", undelivered_dest=self.kept)

        def call(self, kill_at=None, **more):
            options = {"name": "tell", "url": f"http://127.0.0.1:{desk.server_port}/x", "body": {"k": "{key}"}, "src": self.due_file, "unchanged": True,
                       "ledger": self.ledger, "step": "tell", "undelivered_dest": self.failed, "concurrency": 1, "retries": 0, **more}
            if self.key:
                options["plan_key"] = self.key
            path = tmp_path / "call.json"
            path.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": options}))
            process = subprocess.Popen([sys.executable, "-m", "ansible_collections.hris.ad.plugins.modules.webhook", str(path)],
                                       env={**os.environ, "PYTHONPATH": str(ROOT / ".cache/dev")}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            desk.kill_at, desk.pid = kill_at, lambda: process.pid
            out, _err = process.communicate()
            return process.returncode, out

        def done(self):
            return self.run("step_accounts", state="done", src=self.due_file, ledger=self.ledger, step={"name": "tell"}, as_of="2026-03-02", failed=[self.failed],
                            undelivered_dest=self.kept)

    here = Site()
    lines = [{"key": key, "guid": f"guid-{key}", "source": "test", "events": ["created"], "attributes": {"mail": [f"{key}@x"]}} for key in KEYS]
    if here.key:
        from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import outcome_file
        outcome_file.write(here.outcome, [outcome_file.parse(line, "x") for line in lines], here.key)
    else:
        (tmp_path / "outcome").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return here


def keys(due):
    assert not due.get("failed"), due
    return [account["key"] for account in due["accounts"]]


def test_what_may_not_be_repeated(site, desk):
    assert keys(site.due()) == KEYS
    assert site.call(kill_at=3)[0] == -signal.SIGKILL and desk.seen == ["E1", "E2", "E3"]
    again = site.due()
    assert keys(again) == ["E4"] and again["unsure"] == ["E3"]
    warning = json.dumps(again["warnings"])
    assert "step 'tell'" in warning and "E3" in warning and site.kept in warning and "resend_possibly_delivered" in warning
    (letter,) = map(json.loads, Path(site.kept).read_text().splitlines())
    assert letter["object"]["key"] == "E3" and letter["possibly_delivered"] and letter["webhook"] == "tell" and letter["object"]["mail"] == "E3@x"
    assert site.call()[0] == 0 and desk.seen == ["E1", "E2", "E3", "E4"]
    site.done()
    once_more = site.due()
    assert keys(once_more) == [] == once_more["unsure"], "it is told once"
    resent = site.run("webhook", name="tell", url=f"http://127.0.0.1:{desk.server_port}/x", body={"k": "{key}"}, resend=site.kept, resend_possibly_delivered=True)
    assert resent["counts"]["sent"] == 1 and desk.seen[-1] == "E3", "a human has decided"


def test_what_may_be_repeated(site, desk):
    """Only the one in the middle is made again."""
    safe = {"idempotency": {"key": "tell-{guid}"}}
    site.due()
    assert site.call(kill_at=3, **safe)[0] == -signal.SIGKILL
    again = site.due()
    assert keys(again) == ["E3", "E4"] and again["unsure"] == [] and "warnings" not in again
    site.call(**safe)
    assert desk.seen == ["E1", "E2", "E3", "E3", "E4"]
    site.done()
    assert keys(site.due()) == []


def test_what_failed_is_due_again(site, desk):
    """A refusal says that it was not delivered, also where the run ends after it."""
    desk.refused = ("E2",)
    site.due()
    code, out = site.call(success={"when": "status == `200`"})
    assert code == 1 and json.loads(out)["counts"]["sent"] == 3
    due = site.due()
    assert due["unsure"] == ["E2"], "500 may have been carried out: the run ended before it was recorded"
    desk.seen.clear()
    assert keys(due) == []


def test_a_ledger_that_cannot_be_written(site, desk, tmp_path):
    """No call is made that is not noted."""
    site.due()
    os.chmod(site.ledger, 0o666)
    code, out = site.call()
    assert code == 1 and desk.seen == [] and "others" in out, out


def test_failures_are_verified(site, desk, tmp_path):
    site.due()
    Path(site.failed).write_text(json.dumps({"object": {"key": "E1", "guid": "guid-E1"}}) + "\n")
    os.chmod(site.failed, 0o600)
    result = site.done()
    assert bool(result.get("failed")) is bool(site.key) and (not site.key or "is not signed" in result["msg"])


def test_check_mode_notes_nothing(site, desk, tmp_path):
    site.due()
    before = Path(site.ledger).read_text()
    run_module(tmp_path, "webhook", {"name": "tell", "url": f"http://127.0.0.1:{desk.server_port}/x", "body": {"k": "{key}"}, "src": site.due_file, "unchanged": True,
                                     "ledger": site.ledger, "step": "tell", **({"plan_key": site.key} if site.key else {})}, check=True)
    assert Path(site.ledger).read_text() == before and desk.seen == []
