"""What can go wrong with an HR server, on demand.

A fault is a dict; a server's `faults` is a plain list of them. Every request is compared with them
in their order, and the first that matches applies:
  kind     see KINDS
  page     only when this page is asked for (None: any)
  times    how often (default 1, of a wrong list 0; 0: until it is removed)
  after    how many matching requests are answered normally before (default 0)
  path     only paths that contain this text (default: the list of people for what concerns lists,
           otherwise any but those of the token and of the lab itself)
  and what the kind needs: status, retry_after (seconds), seconds, share, honest, by
"""

from __future__ import annotations

from .errors import LabError

KINDS = {
    "token_expired": "every token given out so far stops being valid",
    "unauthorised": "one request is answered as not authorised",
    "rate_limit": "429 with Retry-After: `retry_after` seconds (default 1; or any text)",
    "error": "an HTTP error: `status` (default 500)",
    "drop": "the connection is closed without an answer",
    "truncate": "the body ends in the middle, and Content-Length counts only what is sent",
    "cut": "the connection ends in the middle of the announced body",
    "html": "200 and a web page instead of JSON",
    "slow": "the answer takes `seconds` (default 1)",
    "empty": "a list without rows; `honest` (default false): the total says so too",
    "short": "a list that ends early: `share` (default 0.5) of its rows exist; `honest` as above",
    "total": "the total is wrong `by` so many (default 7)",
    "remove": "before a page is read, the first record of the list is removed: later ones move up",
    "insert": "before a page is read, a record is inserted at the beginning: later ones move down",
    "edit": "before a page is read, the first record changes and becomes the last: others move up",
    "revoked": "IceHrm only: the answer to a revoked token",
    "password_changed": "IceHrm only: 200 and an error without a message, as after a new password",
    "disabled": "IceHrm only: REST is disabled, 200 and a sentence",
}
SHIFT = ("remove", "insert", "edit")
BEFORE = (
    "token_expired",
    "unauthorised",
    "rate_limit",
    "error",
    "drop",
    "slow",
    *SHIFT,
    "revoked",
    "password_changed",
    "disabled",
)
LIST = ("empty", "short", "total")
AFTER = ("truncate", "cut", "html")
DEFAULTS = {"page": None, "times": 1, "after": 0, "path": None}
OWN = {"retry_after", "status", "seconds", "share", "honest", "by"}


def fault(kind: str, **options) -> dict:
    """A checked fault, complete with its defaults. Raises LabError."""
    if kind not in KINDS:
        raise LabError(f"There is no fault {kind}. Choose one of {', '.join(KINDS)}.")
    unknown = set(options) - set(DEFAULTS) - OWN
    if unknown:
        raise LabError(f"A fault has no option {', '.join(sorted(unknown))}.")
    return {"kind": kind, **DEFAULTS, "times": 0 if kind in LIST else 1, **options}


def _concerns(found: dict, path: str, people: str) -> bool:
    if found.get("path"):
        return found["path"] in path
    if found["kind"] in LIST + SHIFT:
        return path.endswith(people)
    return "token" not in path


def take(
    faults: list[dict], kinds: tuple[str, ...], path: str, page: int | None, people: str
) -> dict | None:
    """The first fault of `kinds` that is due for this request, counted down; None if there is none.

    people: the end of the path of the list of people.
    """
    for found in faults:
        if found["kind"] not in kinds:
            continue
        if found.get("page") is not None and found["page"] != page:
            continue
        if not _concerns(found, path, people):
            continue
        if found.get("after", 0) > 0:
            found["after"] -= 1
            continue
        times = found.get("times", 0 if found["kind"] in LIST else 1)
        if times == 1:
            faults.remove(found)
        elif times > 1:
            found["times"] = times - 1
        return found
    return None


def on_list(found: dict | None, rows: list) -> tuple[list, int]:
    """(rows, total) of a list, changed by the fault."""
    if found is None:
        return rows, len(rows)
    if found["kind"] == "total":
        return rows, max(0, len(rows) + int(found.get("by", 7)))
    share = 0 if found["kind"] == "empty" else float(found.get("share", 0.5))
    kept = rows[: int(len(rows) * share)]
    return kept, len(kept) if found.get("honest") else len(rows)
