"""The playbook that shows one initial password: at a terminal, in a file, through Vault; and in no log, result or event."""
from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.directory import initial_passwords
from ansible_collections.hris.ad.plugins.module_utils._hris.outbound import outcome_file
from hr_playbook import ROOT, play, run
from mail_server import certificate, mailing
from receiver import receiving, said

SECRET, PASSPHRASE = "s3cret-Wörd-4711", "key-phrase-0815"


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-passout", f"pass:{PASSPHRASE}", "-days", "2", "-subj", "/CN=desk", "-keyout",
                    str(folder / "desk.key"), "-out", str(folder / "desk.pem")], check=True, capture_output=True)
    return folder


@pytest.fixture
def site(tmp_path, keys):
    """An inventory with one encrypted password of each of Ann and Bo."""
    made = initial_passwords.read_certificate(str(keys / "desk.pem"), "certificate")
    state = tmp_path / "state"
    (state / "passwords").mkdir(parents=True)
    with os.fdopen(os.open(state / "passwords/initial.jsonl", os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        for key, name in (("1", "ann"), ("2", "bo")):
            line = {"source": "hr", "key": key, "dn": f"CN={name},OU=Staff,DC=corp,DC=example", "sAMAccountName": name, "userPrincipalName": f"{name}@corp.example"}
            file.write(json.dumps(line | {"password": initial_passwords._encrypt(f"{SECRET}-{name}", made)}) + "\n")
    variables = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}", "lifecycle_source": "hr",
                 "lifecycle_state": {"dir": str(state)}, "lifecycle_passwords": {"certificate": str(keys / "desk.pem")}}
    (tmp_path / "hosts.json").write_text(json.dumps({"hr": {"hosts": {"one": variables}}}), encoding="utf-8")
    return tmp_path


def arguments(keys, *more, who="ann"):
    return ["-i", "hosts.json", "-e", f"hris_initial_password_who={who}", "-e", f"hris_initial_password_key={keys / 'desk.key'}", *more, "hris.ad.initial_password"]


def audit(site):
    path = site / "state/audit.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_in_a_file_and_in_no_output(site, keys):
    dest = site / "ann.password"
    environment = {"HRIS_PASSWORD_PASSPHRASE": PASSPHRASE, "SUDO_USER": "grace", "ANSIBLE_LOG_PATH": str(site / "ansible.log")}
    more = ["-e", f"hris_initial_password_dest={dest}", "-vvv", "--diff"]
    checked = run(site, arguments(keys, *more, "--check"), environment)
    assert checked["stats"]["failures"] == 0 and not dest.exists() and audit(site) == [], checked["output"]
    done = run(site, arguments(keys, *more), environment)
    assert done["stats"]["failures"] == 0 and dest.read_text() == f"{SECRET}-ann\n" and dest.stat().st_mode & 0o777 == 0o600, done["output"]
    (line,) = audit(site)
    assert (line["event"], line["who"], line["source"], line["key"], line["shown"]) == ("initial_password", "grace", "hr", "1", "file") and line["at"] and line["seal"]
    for text in (done["output"], (site / "ansible.log").read_text(), json.dumps(list(done["results"].values())), json.dumps(line)):
        assert SECRET not in text and "4711" not in text and PASSPHRASE not in text
    runner = run(site, arguments(keys), environment | {"AWX_ISOLATED_DATA_DIR": "/runner/artifacts/1"})
    assert runner["stats"]["failures"] == 1 and "ansible-runner or AWX keeps what is shown" in runner["output"] and len(audit(site)) == 1
    assert SECRET not in runner["output"]


def test_at_the_terminal_until_enter(site, keys):
    """Whoever has a terminal sees it there, and nothing else has it: no log, no result, and not what the terminal keeps."""
    kept = site / "results.jsonl"
    environment = {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache/dev"), **os.environ, "HRIS_PASSWORD_PASSPHRASE": PASSPHRASE, "TERM": "xterm",
                   "ANSIBLE_LOG_PATH": str(site / "ansible.log"), "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests/integration/callback_plugins"),
                   "ANSIBLE_CALLBACKS_ENABLED": "keep_results", "HRIS_TEST_RESULTS": str(kept)}
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(site)
        os.execve(program, [program, *arguments(keys, "-v")], environment)
    shown, answered, ends = b"", False, time.monotonic() + 240
    while time.monotonic() < ends:
        ready, _write, _other = select.select([terminal], [], [], 1)
        try:
            shown += os.read(terminal, 65536) if ready else b""
        except OSError:  # the other end is closed
            break
        if not answered and b"latest)." in shown:
            os.write(terminal, b"\n")
            answered = True
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, shown.decode()
    before, _other, rest = shown.decode().partition("\x1b[?1049h")
    screen, _first, after = rest.partition("\x1b[?1049l")
    assert f"{SECRET}-ann" in screen and "ann@corp.example" in screen
    assert SECRET not in before + after and "was shown at the terminal" in after
    assert SECRET not in (site / "ansible.log").read_text() and SECRET not in kept.read_text() and audit(site)[0]["shown"] == "terminal"


class Vault:
    """What docs of Vault say of sys/wrapping: a token in the header, a time to live in the header, a string map as the body; a token opens it once."""

    def __init__(self):
        self.kept, self.down = {}, set()

    def __call__(self, request):
        if request["headers"].get("x-vault-token") != "vault-token-1":
            return said({"errors": ["permission denied"]}, 403)
        body = request["json"]
        if (request["method"], request["path"]) == ("POST", "/v1/sys/wrapping/wrap"):
            if body.get("user") in self.down:
                return said({"errors": ["sealed"]}, 503)
            if not all(isinstance(value, str) for value in body.values()) or not request["headers"].get("x-vault-wrap-ttl", "").isdigit():
                return said({"errors": ["bad request"]}, 400)
            token = f"hvs.CAES{len(self.kept)}"
            self.kept[token] = body
            return said({"request_id": "", "lease_id": "", "renewable": False, "lease_duration": 0, "data": None, "warnings": None, "auth": None, "wrap_info": {
                "token": token, "accessor": "a", "ttl": int(request["headers"]["x-vault-wrap-ttl"]), "creation_time": "2026-03-02T10:00:00Z",
                "creation_path": "sys/wrapping/wrap"}})
        return said({"errors": ["unsupported path"]}, 404)


def test_a_one_time_hand_over_through_vault(site, keys, tmp_path):
    """examples/steps/vault.yml as it stands: the manager gets a token that opens the password once; who fails is tried again, alone."""
    subprocess.run(["openssl", "rsa", "-in", str(keys / "desk.key"), "-passin", f"pass:{PASSPHRASE}", "-out", str(tmp_path / "open.key")], check=True, capture_output=True)
    os.chmod(tmp_path / "open.key", 0o600)

    def outcome(*events):
        lines = [{"key": key, "guid": f"guid-{key}", "source": "hr", "dn": f"CN={name},DC=corp,DC=example", "state": "active", "start": "2026-03-02", "events": list(events),
                  "attributes": {"displayName": [name], "sAMAccountName": [name]}, "manager_account": {"key": "9", "mail": "boss@corp.example"}}
                 for key, name in (("1", "ann"), ("2", "bo"))]
        outcome_file.write(str(tmp_path / "outcome.jsonl"), [outcome_file.parse(line, "x") for line in lines], None)
        return str(tmp_path / "outcome.jsonl")

    vault = Vault()
    vault.down = {"bo"}
    task = [{"name": "Steps", "ansible.builtin.include_role": {"name": "hris.ad.orchestration"}}]
    step = {"name": "initial-password", "events": ["created"], "when": "is_present(manager_account.mail)", "limit": 20, "fields": [],
            "tasks": str(ROOT / "examples/steps/vault.yml")}
    with receiving(vault) as server, mailing(tmp_path, auth=False) as post:
        variables = json.loads((site / "hosts.json").read_text())["hr"]["hosts"]["one"] | {
            "orchestration_steps": [step], "orchestration_ledger": str(tmp_path / "ledger.jsonl"), "hand_over_vault": server.url, "hand_over_hours": 72,
            "hand_over_key": str(tmp_path / "open.key"),
            "orchestration_mail": {"host": "127.0.0.1", "port": post.port, "from": "hr@corp.example", "ca_cert": str(certificate(tmp_path))}}
        variables.pop("ansible_connection")
        for day, events, arrived, failed in (("2026-03-02", ["created"], 1, True), ("2026-03-03", [], 2, False), ("2026-03-04", [], 2, False)):
            found = play(tmp_path, task, variables | {"orchestration_outcome_file": outcome(*events), "orchestration_as_of": day}, environment={"VAULT_TOKEN": "vault-token-1"})
            assert bool(found["stats"]["failures"]) is failed and len(post.seen) == len(vault.kept) == arrived, found["output"]
            assert SECRET not in found["output"] and "hvs.CAES" not in found["output"] and "vault-token-1" not in found["output"]
            vault.down = set()
    assert list(vault.kept.values()) == [{"user": "ann", "password": f"{SECRET}-ann"}, {"user": "bo", "password": f"{SECRET}-bo"}]
    for one, token, name in zip(post.seen, vault.kept, ("ann", "bo"), strict=True):
        text = one["message"].get_content()
        assert one["to"] == ["boss@corp.example"] and f"vault unwrap {token}\n" in text.replace("\r\n", "\n") and f"{name} starts on 2026-03-02" in text
        assert SECRET not in text
    assert [(line["key"], line["who"]) for line in audit(site)] == [(key, "Vault, for boss@corp.example") for key in ("1", "2", "2")]
