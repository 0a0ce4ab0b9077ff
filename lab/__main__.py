"""The lab's command line: python -m lab COMMAND."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import time

from . import faults
from .errors import LabError
from .site import KINDS, Site


def _up(site: Site, given: argparse.Namespace) -> None:
    began = time.monotonic()
    site.up(
        people=given.people,
        seed=given.seed,
        address=given.address,
        elmo_port=given.elmo_port,
        icehrm_port=given.icehrm_port,
        tls=given.tls,
    )
    _status(site, given)
    print(
        f'up in {time.monotonic() - began:.1f} s; `eval "$(python -m lab env)"` sets what a playbook needs'
    )


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
        print(
            f"{date}  {kind:7} {event['kind']:16} {event['number']:>6}  {event['name']}: {event['what']}"
        )


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
    found = domain.writes_since(given.since)
    for write in [] if given.count else found:
        if given.json:
            print(json.dumps(write, ensure_ascii=False))
        else:
            print(
                f"{write['operation']:7} {write['dn'] or '(a rename or move)'}  {' '.join(write['attributes'])}"
            )
    if not given.json:
        print(len(found) if given.count else f"{len(found)} writes")


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
    for found in site.ask(given.server, "GET", "faults"):
        print(json.dumps(found))


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--root", default=os.environ.get("LAB_ROOT"), help="the lab's folder (LAB_ROOT; .cache/lab)"
    )
    parser = argparse.ArgumentParser(
        prog="python -m lab",
        description="A company on one machine: a real Active Directory domain, and HR servers "
        "that speak ELMO's and IceHrm's contracts.",
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, run, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, parents=[common])
        added.set_defaults(run=run)
        return added

    up = command("up", _up, "bring up the domain and both HR servers")
    up.add_argument("--address", help="loopback address of all three (127.0.0.10)")
    up.add_argument("--elmo-port", type=int, help="8180; 0 = any free one")
    up.add_argument("--icehrm-port", type=int, help="8181; 0 = any free one")
    up.add_argument(
        "--tls", action=argparse.BooleanOptionalAction, help="the HR servers speak HTTPS"
    )
    reset = command("reset", _reset, "a clean domain and new companies, on their first day")
    for parser_ in (up, reset):
        parser_.add_argument("--people", type=int, help="records a company, 5 to 200000 (40)")
        parser_.add_argument("--seed", help="what the companies are made from (1)")
    command("down", _down, "stop everything; the state stays")
    command("status", _status, "what runs where; exit code 1 unless all of it does")
    command("day", _day, "the companies move on").add_argument(
        "--days", type=int, default=1, help="so many (1)"
    )
    command("date", _date, "the companies' date")
    command("env", _env, "shell lines that set LAB_LDAP_URL and all else; secrets included")
    token = command("token", _token, "a token for IceHrm")
    token.add_argument("--level", default="Admin", choices=("Admin", "Manager", "Employee"))
    token.add_argument("--owner", type=int, help="employee id of its user (the head of People)")
    token.add_argument("--days", type=float, default=180, help="valid for so many (180)")
    writes = command("writes", _writes, "what clients wrote to the domain, as the domain saw it")
    writes.add_argument("--mark", action="store_true", help="print a mark of this moment instead")
    writes.add_argument(
        "--since", type=int, default=0, metavar="MARK", help="only what came after this mark"
    )
    writes.add_argument("--json", action="store_true", help="one JSON object a line")
    writes.add_argument("--count", action="store_true", help="only how many")
    fault = command("fault", _fault, "let an HR server fail; without --kind: list what is to come")
    fault.add_argument("server", choices=KINDS)
    fault.add_argument(
        "--kind",
        choices=faults.KINDS,
        metavar="KIND",
        help="; ".join(f"{name}: {text}" for name, text in faults.KINDS.items()).replace("%", "%%"),
    )
    fault.add_argument("--clear", action="store_true", help="first take all others away")
    fault.add_argument("--page", type=int, help="only at this page")
    fault.add_argument(
        "--times", type=int, help="how often (1, of lying lists 0; 0: until cleared)"
    )
    fault.add_argument("--after", type=int, help="after so many matching requests (0)")
    fault.add_argument("--path", help="only paths that contain this")
    fault.add_argument("--status", type=int, help="for error")
    fault.add_argument("--retry-after", help="for rate_limit: seconds, or any text")
    fault.add_argument("--seconds", type=float, help="for slow")
    fault.add_argument("--share", type=float, help="for short")
    fault.add_argument("--honest", action="store_true", default=None, help="for empty and short")
    fault.add_argument("--by", type=int, help="for total")
    return parser


def main() -> int:
    given = _parser().parse_args()
    try:
        return given.run(Site(given.root), given) or 0
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
