"""Serves a company as an HR system: in this process (`serve`), or as a process of its own
(`python -m lab.hr`).
"""

from __future__ import annotations

import argparse
import gc
import json
import signal
import ssl
import sys
import threading
from pathlib import Path

from . import certificates
from .company import Store
from .crew import Crew
from .domain_config import DNS_DOMAIN, HOST
from .elmo import Elmo
from .icehrm import IceHrm
from .web import Listener, in_background

SERVERS = {"elmo": Elmo, "icehrm": IceHrm, "crew": Crew}


class Server:
    """A running HR server. `requests` and `faults` are the live lists: read, append, clear."""

    def __init__(
        self,
        kind: str,
        source: dict | str | Path,
        port: int = 0,
        address: str = "127.0.0.1",
        tls: str | Path | None = None,
        **settings,
    ):
        self.app = SERVERS[kind](Store(source), **settings)
        self.app.store.company()
        self._listener = Listener((address, port), self.app)
        self.port = self._listener.server_address[1]
        self.ca_file = None
        if tls:
            folder = Path(tls)
            certificates.ensure_authority(folder)
            certificates.ensure_server(folder, address, HOST, DNS_DOMAIN)
            self.ca_file = str(folder / "ca.pem")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
            # the handshake belongs into the connection's own thread: a silent client must not stop
            # the others
            self._listener.socket = context.wrap_socket(
                self._listener.socket, server_side=True, do_handshake_on_connect=False
            )
        self.origin = f"{'https' if tls else 'http'}://{address}:{self.port}"
        self.url = self.origin + self.app.base
        self._thread = in_background(self._listener)

    @property
    def requests(self) -> list[dict]:
        """[{method, path, query, status}] in the order of their answers."""
        return self.app.requests

    @property
    def faults(self) -> list[dict]:
        return self.app.faults

    @property
    def company(self) -> dict:
        """The company as it is now. Call changed() after changing it in place."""
        return self.app.store.company()

    def changed(self) -> None:
        self.app.store.changed()

    def token(self, *arguments, **options) -> str:
        """IceHrm only: a token for this server; see IceHrm.token."""
        return self.app.token(*arguments, **options)

    def close(self) -> None:
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join(5)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()


def serve(
    kind: str,
    company: dict | str | Path,
    port: int = 0,
    address: str = "127.0.0.1",
    tls: str | Path | None = None,
    **settings,
) -> Server:
    """Start an "elmo", "icehrm" or "crew" server over a company (from population.generate) or a
    company's file.

    tls: a folder with, or for, the certificates (a domain's `root/private/tls` fits); None is plain
    HTTP. settings: see SETTINGS in elmo.py, icehrm.py and crew.py. Close it at the end; it is a
    context manager.
    """
    return Server(kind, company, port, address, tls, **settings)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lab.hr", description=__doc__)
    parser.add_argument("kind", choices=SERVERS)
    parser.add_argument("company", help="the company's JSON file")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", help="folder with the certificates")
    parser.add_argument("--settings", help="JSON file with settings, secrets included")
    given = parser.parse_args()
    settings = json.loads(Path(given.settings).read_text()) if given.settings else {}
    gc.set_threshold(
        50_000, 20, 1_000
    )  # else every few pages the collector walks through all of a large company
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        server = serve(given.kind, given.company, given.port, given.address, given.tls, **settings)
    except OSError as error:
        print(f"{given.kind}: {given.address}:{given.port}: {error.strerror}", file=sys.stderr)
        return 1
    print(f"{given.kind} {server.url}", flush=True)
    stop.wait()
    server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
