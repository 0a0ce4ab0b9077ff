"""A domain controller that dies while a run still reads costs nothing: the next one is asked from the start."""
from __future__ import annotations

import contextlib
import socket
import threading

import pytest
from few import few
from test_apply_plan import site  # noqa: F401  (the fixture)
from test_sync_module import STAFF, employee

GO = 1 << 40  # bytes: for ever


class DyingServer:
    """Passes connections on to a domain controller, until it has passed on so many bytes of answers, or of requests; then it is dead."""

    def __init__(self, address):
        self.address, self.left, self.left_of_requests, self.connections = address, GO, GO, 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.name = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _peer = self._listener.accept()
                self.connections += 1
                server = socket.create_connection((self.address, 636))
                threading.Thread(target=self._pass, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, True), daemon=True).start()

    def _pass(self, source, target, counted):
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                if counted:
                    self.left -= len(data)
                else:
                    self.left_of_requests -= len(data)
                if self.left < 0 or self.left_of_requests < 0:
                    self._listener.close()
                    break
                target.sendall(data)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.close()


@pytest.fixture
def dying(clean):
    server = DyingServer(clean.address)
    yield server
    server.close()


@pytest.mark.parametrize("answers", few([6_000, 12_000, 18_000, 26_000], 2))
@pytest.mark.parametrize("check", [True, False])
def test_the_next_server_is_tried_from_the_start(site, read, service, dying, answers, check, clean):  # noqa: F811
    dying.left = answers
    key = f"f{answers // 1000}{int(check)}"
    servers = [dying.name, clean.address]
    done = site.sync([employee(key, "Fail", key)], check, directory=service | {"servers": servers}, journal=site.journal)
    assert dying.left < 0 and dying.connections == 1, "the server died under way"
    assert not done.get("failed") and done["changed"] and bool(read(f"(employeeID={key})")) is not check, done
    again = site.run("user_info", directory=service | {"servers": servers}, identities=[])
    assert not again.get("failed") or "identities" in again["msg"]


def test_a_run_that_has_written_ends(site, read, service, dying, clean):  # noqa: F811
    """The other server may not know yet what the first one has written."""
    staff = [employee(f"w{number}", "Wri", f"No{number}") for number in range(200)]
    dying.left_of_requests = 80_000  # what only reads asks with a tenth of that; the 400 writes take twice as much
    done = site.sync(staff, directory=service | {"servers": [dying.name, clean.address]})
    assert done["failed"] and done["changed"] and 0 < done["applied"] < 400 and dying.connections == 1, done
    assert not site.sync(staff).get("failed") and read("(employeeID=w199)")


def test_the_last_server_says_what_happened(site, service, dying):  # noqa: F811
    dying.left = 12_000
    failed = site.sync([employee("l1", "Las", "One")], directory=service | {"servers": [dying.name, "127.0.0.1:1"]})
    assert failed["failed"] and failed["writes"] == [] and "before anything was written" in failed["msg"] and "127.0.0.1:1" in failed["msg"], failed
    alone = site.sync([employee("l1", "Las", "One")], directory=service | {"servers": [dying.name]})
    assert alone["failed"] and alone["writes"] == []


@pytest.mark.parametrize("options", [{"identity": "fo.user", "path": STAFF, "name": "Fo User"}, {"identity": "fo.user", "title": "Clerk"}])
def test_module_user_too(site, service, dying, clean, read, options):  # noqa: F811
    dying.left = 4_500
    done = site.run("user", directory=service | {"servers": [dying.name, clean.address]}, **options)
    assert dying.left < 0 and not done.get("failed") and done["changed"] and read("(sAMAccountName=fo.user)"), done


def test_a_stored_plan_too(site, service, dying, clean, read):  # noqa: F811
    site.sync([employee("p1", "Pla", "One")], check=True, plan_dest=site.plan)
    dying.left = 6_000
    done = site.apply(directory=service | {"servers": [dying.name, clean.address]}, journal=site.journal)
    assert dying.left < 0 and not done.get("failed") and read("(employeeID=p1)"), done
