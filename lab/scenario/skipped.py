"""The domain on which nothing ran for a while: one run later it must hold what daily runs made of
the other one.

What may differ, because it follows from the days of the runs and not from HR's dates: who was
locked for being absent or dismissed without a last day (the day in the mark, and what hangs on it),
accounts of people who came and went in the meantime, accounts that are locked late and kept for
their whole retention from then on, the attributes of leavers (what HR changed before they left has
not arrived any more), groups that no rule names, and names, since an account gets them once: of
those who came back to find their account deleted (where nothing ran it still stands, and with it
the names), and of those who came and were renamed in the meantime (daily runs named them before,
the late one after it).
"""

from __future__ import annotations

from . import compare, directory, rules, runs

SAME = ("enabled", "mark", "ou")


def converge(place: dict, daily_domain, accounts: list[dict], as_of: str) -> list[str]:
    """Run once; once more, which must write nothing; then compare with the domain of the daily
    runs.

    place: as of runs.sync.
    """
    before = _by_key(directory.read(place["domain"]))
    differences, writes = runs.sync(place, as_of)
    differences += [f"the run after wrote: {write['operation']} {write['dn']}" for write in writes]
    daily, late = (_by_key(directory.read(domain)) for domain in (daily_domain, place["domain"]))
    undated = {
        (account["source"], account["key"])
        for account in accounts
        if account["undated"] or account["absent"]
    }
    deleted = {_human(account) for account in accounts if account["gone"]}
    renewed = {
        (account["source"], account["key"]) for account in accounts if _human(account) in deleted
    }
    renewed |= {
        (account["source"], account["key"])
        for account in accounts
        if account["called"] != account["name"]
    } - before.keys()
    for key in sorted((daily.keys() | late.keys()) - undated, key=str):
        if key in before and key in daily and key not in late:
            differences.append(
                f"{key[0]} {key[1]}: deleted, but with daily runs {daily[key]['dn']} stands, since {daily[key]['since']}"
            )
            continue
        names = () if key in renewed else compare.NAMES
        differences += [
            f"{key[0]} {key[1]}: {text}"
            for text in _differ(daily.get(key), late.get(key), daily, late, names)
        ]
    return differences


def _human(account: dict) -> tuple:
    return account["source"], account["values"].get("otherMailbox")


def _by_key(entries: list[dict]) -> dict[tuple, dict]:
    return {
        (
            entry["source"],
            *entry["attributes"].get(rules.KEY_ATTRIBUTE[entry["source"]], [None]),
        ): entry
        for entry in entries
    }


def _differ(here: dict | None, there: dict | None, daily: dict, late: dict, names: tuple):
    if here is None or there is None:
        only = here or there
        if only["mark"] != "disabled" or only["enabled"]:
            yield f"only in the domain with {'daily' if here else 'skipped'} runs: {only['dn']}"
        return
    for name in SAME:
        if here[name] != there[name]:
            yield f"{name}: {here[name]} with daily runs, {there[name]} with skipped ones"
    if here["mark"] == "disabled":
        return
    if here["expires"] != there["expires"]:
        yield f"expires: {here['expires']} with daily runs, {there['expires']} with skipped ones"
    managed = rules.POLICY[here["source"]]["managed"]
    if here["groups"] & managed != there["groups"] & managed:
        yield f"groups: {sorted(here['groups'])} with daily runs, {sorted(there['groups'])} with skipped ones"
    for name in (*compare.CHECKED, *names, "description"):
        if here["attributes"].get(name) != there["attributes"].get(name):
            yield f"{name}: {here['attributes'].get(name)} with daily runs, {there['attributes'].get(name)} with skipped ones"
    bosses = [
        next(
            (
                key
                for key, one in entries.items()
                if [one["dn"]] == entry["attributes"].get("manager")
            ),
            None,
        )
        for entries, entry in ((daily, here), (late, there))
    ]
    still_there = (
        bosses[0] is None and bosses[1] in late.keys() - daily.keys()
    )  # deleted on the other side, and with it what pointed there
    if bosses[0] != bosses[1] and not still_there:
        yield f"manager: {bosses[0]} with daily runs, {bosses[1]} with skipped ones"
