"""One Active Directory domain controller (Samba) on a loopback address: start, stop, reset, and
what it logged.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from . import audit, ldif, paths, processes, provision, seed
from .audit import Event
from .domain_config import BASE_DN, DNS_DOMAIN, LOG_LEVEL, REALM
from .errors import LabError

START_SECONDS = 30
DEFAULT_ADDRESS = "127.0.0.10"


class Domain:
    """A domain controller below `root`, listening on `address` only.

    Ports: 389, 636, 3268, 3269, 88 and 464. Several can run at once, each with its own root and
    loopback address.
    """

    admin_name = f"administrator@{DNS_DOMAIN}"
    admin_password = provision.ADMIN_PASSWORD
    service_name = f"{seed.SERVICE}@{DNS_DOMAIN}"
    service_password = provision.SERVICE_PASSWORD
    base_dn = BASE_DN
    realm = REALM

    def __init__(self, root: str | os.PathLike | None = None, address: str = DEFAULT_ADDRESS):
        self.root = Path(root).resolve() if root else paths.cache() / "dc"
        if self.root in (Path("/"), Path("/etc"), Path("/var"), Path.home()):
            raise LabError(
                f"{self.root} cannot be the folder of a domain: every reset deletes the folder."
            )
        self.address = address
        self.url = f"ldaps://{address}"
        self.plain_url = f"ldap://{address}"
        self.ca_file = str(self.root / "etc/ca.pem")  # a copy that every user can read
        self.krb5_config = str(self.root / "etc/krb5.conf")
        self.log = self.root / "log/samba.log"
        self._pid_file = self.root / "samba.pid"

    @property
    def pid(self) -> int | None:
        return processes.living(self._pid_file)

    def environment(self) -> dict[str, str]:
        """The variables that OpenLDAP's and MIT Kerberos' tools need for this domain."""
        return {
            "LDAPCONF": str(self.root / "etc/ldap.conf"),
            "LDAPTLS_CACERT": self.ca_file,
            "KRB5_CONFIG": self.krb5_config,
        }

    def start(self) -> None:
        """Start the domain, a clean one if there is none below the root. Nothing happens if it
        runs.
        """
        if self.pid:
            return
        provision.check_packages()
        if not (self.root / "private/sam.ldb").exists():
            provision.restore(self.root, self.address)
        provision.settle(self.root, self.address)
        if self._answers():
            raise LabError(
                f"{self.url} answers already, and not from below {self.root}. "
                "Stop that server, or choose another address."
            )
        command = [provision.program("samba"), "-s", str(self.root / "etc/smb.conf"), "-i"]
        command += ["-M", "single", "--debug-stdout", f"--debuglevel={LOG_LEVEL}"]
        self._wait(processes.spawn(command, self._pid_file, self.log))

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until the server answers. Raises LabError when it ends or does not answer."""
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if process.poll() is not None:
                self._pid_file.unlink(missing_ok=True)
                question = "Are its ports in use?"
                raise LabError(
                    f"Samba did not start on {self.address}. {question} {self._log_end()}"
                )
            if time.monotonic() > until:
                self.stop()
                raise LabError(
                    f"Samba gave no answer on {self.url} in {START_SECONDS} s: {self._log_end()}"
                )
            time.sleep(0.05)

    def stop(self) -> bool:
        """Stop the server; its data is kept. False if it was not running."""
        return processes.stop(self._pid_file)

    def reset(self) -> None:
        """A clean, seeded domain that runs."""
        self.wipe()
        self.start()

    def wipe(self) -> None:
        """Stop the server and delete the domain."""
        processes.stop(self._pid_file, patience=0)
        if (self.root / "private/sam.ldb").exists():
            shutil.rmtree(self.root)

    def _log_end(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return " | ".join(line.strip() for line in lines[-8:])[-1200:]

    def _ldapsearch(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [
            provision.program("ldapsearch"),
            "-LLL",
            "-x",
            "-o",
            "ldif-wrap=no",
            "-o",
            "nettimeout=5",
            "-H",
            self.url,
            *arguments,
        ]
        return subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, **self.environment()}
        )

    def _answers(self) -> bool:
        return self._ldapsearch("-s", "base", "-b", "", "1.1").returncode == 0

    def search(
        self,
        text: str = "(objectClass=*)",
        attributes: tuple[str, ...] | list[str] = ("*",),
        base: str = BASE_DN,
        scope: str = "sub",
    ) -> list[ldif.Entry]:
        """Read back with ldapsearch, as administrator: [{"dn", "attributes": {name: [value]}}],
        values as text.
        """
        answer = self._ldapsearch(
            "-D",
            self.admin_name,
            "-w",
            self.admin_password,
            "-E",
            "pr=1000/noprompt",
            "-b",
            base,
            "-s",
            scope,
            text,
            *attributes,
        )
        if answer.returncode == 32:  # no such object
            return []
        if answer.returncode:
            raise LabError(f"ldapsearch {text}: {answer.stderr.strip()}")
        return ldif.parse(answer.stdout)

    def usn(self) -> int:
        """highestCommittedUSN: grows with every write that the server made, also with its own."""
        answer = self._ldapsearch("-s", "base", "-b", "", "highestCommittedUSN")
        return int(ldif.parse(answer.stdout)[0]["attributes"]["highestCommittedUSN"][0])

    def mark(self) -> int:
        """A moment, for events() and the functions after it."""
        return audit.mark(self.log)

    def events(self, mark: int = 0) -> list[Event]:
        """All that clients did since the mark, or since the start: see audit.events."""
        return audit.events(self.log, mark)

    def writes_since(self, mark: int = 0) -> list[Event]:
        """The write operations of clients that the server made: {operation, dn, attributes, …}."""
        return [event for event in self.events(mark) if event["kind"] == "write" and event["done"]]

    def refusals_since(self, mark: int = 0) -> list[Event]:
        """The write operations that the server refused, with its `status`."""
        return [
            event for event in self.events(mark) if event["kind"] == "write" and not event["done"]
        ]

    def binds_since(self, mark: int = 0) -> list[Event]:
        """Binds by name, good and bad ({account, method, done}); anonymous ones are left out."""
        return [
            event
            for event in self.events(mark)
            if event["kind"] == "bind" and event["account"] not in ("ANONYMOUS LOGON", "")
        ]

    def searches_since(self, mark: int = 0) -> list[Event]:
        """Searches; each page of a paged one counts."""
        return [event for event in self.events(mark) if event["kind"] == "search"]
