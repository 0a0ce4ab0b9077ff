"""The lab's command line: python -m lab COMMAND."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import sys
import time

from . import faults
from .day import event_line
from .errors import LabError
from .site import KINDS, Site


def _up(site: Site, given: argparse.Namespace) -> None:
    start = time.monotonic()
    site.up(
        people=given.people,
        seed=given.seed,
        address=given.address,
        elmo_port=given.elmo_port,
        icehrm_port=given.icehrm_port,
        tls=given.tls,
    )
    _status(site, given)
    seconds = time.monotonic() - start
    print(f'up in {seconds:.1f} s; `eval "$(python -m lab env)"` sets what a playbook needs')


def _down(site: Site, _given: argparse.Namespace) -> None:
    print("stopped: " + (", ".join(site.down()) or "nothing was running"))


def _status(site: Site, _given: argparse.Namespace) -> int:
    domain = site.domain
    lines = [("domain", domain.pid, f"{domain.url}  {domain.base_dn}  as {domain.service_name}")]
    lines += [(kind, site.running(kind), site.url(kind)) for kind in KINDS]
    for name, pid, what in lines:
        print(f"{name:8}{f'up, pid {pid}' if pid else 'down':16}{what}")
    if site.company_file("elmo").exists():
        people, seed = site.settings["people"], site.settings["seed"]
        print(f"{'company':8}{site.date():16}{people} people, seed {seed}, below {site.root}")
    return 0 if all(pid for _name, pid, _what in lines) else 1


def _reset(site: Site, given: argparse.Namespace) -> None:
    site.reset(given.people, given.seed)
    _status(site, given)


def _day(site: Site, given: argparse.Namespace) -> None:
    for date, kind, event in site.pass_days(given.days):
        print(event_line(date, kind, event))


def _date(site: Site, _given: argparse.Namespace) -> None:
    print(site.date())


def _env(site: Site, _given: argparse.Namespace) -> None:
    for name, value in site.environment().items():
        print(f"export {name}={shlex.quote(value)}")


def _token(site: Site, given: argparse.Namespace) -> None:
    print(site.token(given.level, given.owner, given.days))


def _writes(site: Site, given: argparse.Namespace) -> None:
    domain = site.domain
    if not domain.log.exists():
        raise LabError("The domain has not been started yet: `python -m lab up`.")
    if given.mark:
        print(domain.mark())
        return
    writes = domain.writes_since(given.since)
    if given.count:
        print(len(writes))
        return
    for write in writes:
        if given.json:
            print(json.dumps(write, ensure_ascii=False))
        else:
            dn = write["dn"] or "(a rename or move)"
            print(f"{write['operation']:7} {dn}  {' '.join(write['attributes'])}")
    if not given.json:
        print(f"{len(writes)} writes")


def _fault(site: Site, given: argparse.Namespace) -> None:
    if given.clear:
        site.ask(given.server, "DELETE", "faults")
    if given.kind:
        options = (
            "page",
            "times",
            "after",
            "path",
            "status",
            "retry_after",
            "seconds",
            "share",
            "honest",
            "by",
        )
        chosen = {
            name: getattr(given, name) for name in options if getattr(given, name) is not None
        }
        site.ask(given.server, "POST", "faults", faults.fault(given.kind, **chosen))
    for fault in site.ask(given.server, "GET", "faults"):
        print(json.dumps(fault))


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--root",
        default=os.environ.get("LAB_ROOT"),
        help="folder of the lab (LAB_ROOT; .cache/lab)",
    )
    parser = argparse.ArgumentParser(
        prog="python -m lab",
        description="A company on one machine: a real Active Directory domain, and HR servers "
        "that answer as ELMO and IceHrm do.",
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, run, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, parents=[common])
        added.set_defaults(run=run)
        return added

    up = command("up", _up, "start the domain and both HR servers")
    up.add_argument("--address", help="loopback address of all three (127.0.0.10)")
    up.add_argument("--elmo-port", type=int, help="8180; 0: any free one")
    up.add_argument("--icehrm-port", type=int, help="8181; 0: any free one")
    up.add_argument("--tls", action=argparse.BooleanOptionalAction, help="HTTPS for the HR servers")
    reset = command("reset", _reset, "a clean domain and new companies, on their first day")
    for parser_ in (up, reset):
        parser_.add_argument("--people", type=int, help="records of a company, 5 to 200000 (40)")
        parser_.add_argument("--seed", help="seed of the companies (1)")
    command("down", _down, "stop everything; the state is kept")
    command("status", _status, "what runs where; exit code 1 unless everything runs")
    command("day", _day, "let days pass in the companies").add_argument(
        "--days", type=int, default=1, help="how many (1)"
    )
    command("date", _date, "the date of the companies")
    command("env", _env, "shell lines that set LAB_LDAP_URL and all else; secrets included")
    token = command("token", _token, "a token for IceHrm")
    token.add_argument("--level", default="Admin", choices=("Admin", "Manager", "Employee"))
    token.add_argument("--owner", type=int, help="employee id of its user (the head of People)")
    token.add_argument("--days", type=float, default=180, help="days that it is valid (180)")
    writes = command("writes", _writes, "what clients wrote to the domain, by the domain's log")
    writes.add_argument("--mark", action="store_true", help="print a mark of this moment instead")
    writes.add_argument(
        "--since", type=int, default=0, metavar="MARK", help="only what came after this mark"
    )
    writes.add_argument("--json", action="store_true", help="one JSON object in each line")
    writes.add_argument("--count", action="store_true", help="only how many")
    _add_fault(command("fault", _fault, "let an HR server fail; without --kind: list the faults"))
    return parser


def _add_fault(fault: argparse.ArgumentParser) -> None:
    fault.add_argument("server", choices=KINDS)
    fault.add_argument(
        "--kind",
        choices=faults.KINDS,
        metavar="KIND",
        help="; ".join(f"{name}: {text}" for name, text in faults.KINDS.items()).replace("%", "%%"),
    )
    fault.add_argument("--clear", action="store_true", help="first remove all others")
    fault.add_argument("--page", type=int, help="only for this page")
    fault.add_argument(
        "--times", type=int, help="how often (1, of wrong lists 0; 0: until cleared)"
    )
    fault.add_argument("--after", type=int, help="matching requests that are answered first (0)")
    fault.add_argument("--path", help="only paths that contain this")
    fault.add_argument("--status", type=int, help="for error")
    fault.add_argument("--retry-after", help="for rate_limit: seconds, or any text")
    fault.add_argument("--seconds", type=float, help="for slow")
    fault.add_argument("--share", type=float, help="for short")
    fault.add_argument("--honest", action="store_true", default=None, help="for empty and short")
    fault.add_argument("--by", type=int, help="for total")


def _become_root() -> None:
    """Begin anew through sudo: the lab's servers, and so its files, are root's."""
    sudo = shutil.which("sudo")
    if not sudo:
        raise LabError("the lab needs root, and there is no sudo here.")
    # sudo puts a PATH of its own in place. -B: no compiled files of root's in the checkout
    path = f"PATH={os.environ.get('PATH', os.defpath)}"
    command = ["--preserve-env", "env", path, sys.executable, "-B", "-m", "lab", *sys.argv[1:]]
    os.execv(sudo, [sudo, *command])


def main() -> int:
    given = _parser().parse_args()
    try:
        if os.geteuid() != 0:
            _become_root()
        return given.run(Site(given.root), given) or 0
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
