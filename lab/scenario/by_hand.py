"""What IT sometimes does by hand: in the directory, and in what is expected of it."""

from __future__ import annotations

import random

from lab.domain import Domain

from . import directory, rules
from .accounts import Account
from .matching import keys_of

ACTS = ("disable", "enable_leaver", "group", "title", "enable_again")


def meddle(
    rng: random.Random, day: int, accounts: list[Account], domains: list[Domain]
) -> str | None:
    """One act on a day, in all the domains that have the account. What was done; None where no
    account fits.
    """
    act = ACTS[day % len(ACTS)]
    here = [account for account in accounts if not account["gone"] and account["guid"]]
    fit = {
        "disable": [one for one in here if one["enabled"] and one["mark"] == "active"],
        "enable_leaver": [one for one in here if not one["enabled"] and one["mark"] == "disabled"],
        "group": [one for one in here if one["enabled"] and directory.VPN not in one["groups"]],
        "title": [one for one in here if one["enabled"] and one["values"].get("title")],
        "enable_again": [
            one
            for one in here
            if not one["enabled"] and one["mark"] == "active" and one["ou"] != rules.LEAVERS
        ],
    }[act]
    if not fit:
        return None
    account = rng.choice(fit)
    for domain in domains:
        entry = next(
            (
                entry
                for entry in directory.read(domain)
                if directory.id_of(entry) in keys_of(account)  # another owner than in the first one
            ),
            None,
        )
        if entry:
            _act(act, domain, entry)
    if act == "group":
        account["groups"] = account["groups"] | {directory.VPN}
    elif act == "title":
        account["values"]["title"] = "Wizard"
    else:
        account.update(enabled=act != "disable", switched=day)
    return f"IT: {act.replace('_', ' ')}: {account['source']} {account['key']} {account['name']}"


def new_desks(accounts: list[Account], entries: list[directory.Entry]) -> dict[str, str]:
    """{DN: desk} for everybody who works and has none; the accounts have them then."""
    dns = {entry["guid"]: entry["dn"] for entry in entries}
    desks = {}
    for account in accounts:
        works = account["enabled"] and account["mark"] == "active" and not account["gone"]
        if works and account["desk"] is None and account["guid"] in dns:
            account["desk"] = f"Desk {account['id']}"
            desks[dns[account["guid"]]] = account["desk"]
    return desks


def _act(act: str, domain: Domain, entry: directory.Entry) -> None:
    if act == "group":
        if directory.VPN not in entry["groups"]:
            directory.join(domain, entry)
    elif act == "title":
        directory.change(domain, entry["dn"], "replace", "title", "Wizard")
    else:
        directory.switch(domain, entry, enabled=act != "disable")
