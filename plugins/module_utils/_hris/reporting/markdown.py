# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as Markdown, for pull requests and for the output of a job: bounded, and it says what it leaves out."""

from __future__ import annotations

from .escaping import code_in_markdown, in_markdown

CHARACTERS = 60_000  # GitHub takes comments of 65,536
SHARE_OF_FINDINGS = 0.4  # of the characters; what findings leave, the changes may use


def plan_markdown(view: dict, most: int) -> str:
    """The view of a plan (view.view_of): at most ``most`` findings and as many accounts, and CHARACTERS in all."""
    head = [
        f"# {'Application of the plan' if view['states'] else 'Plan'} for {in_markdown(view['source'])}",
        "",
    ]
    head += [in_markdown(view["description"]), ""] if view["description"] else []
    head += [f"**{in_markdown(view['verdict']['text'])}**", ""]
    head += [
        f"- {in_markdown(label)}: {code_in_markdown(text)}" for label, text in view["facts"]
    ] + [""]
    for title, counts in (
        ("Action", view["counts"]),
        ("State", view["states"]),
        ("Risk", view["risks"]),
        ("Employees", view["people"]),
    ):
        head += table(
            (title, "Count"), [(in_markdown(name), f"{count:,}") for name, count in counts.items()]
        )
    head += table(
        ("Limit", "Verdict", "In words"),
        [
            (
                in_markdown(verdict.get("action")),
                "**exceeded**" if verdict.get("exceeded") else "kept",
                in_markdown(verdict.get("message")),
            )
            for verdict in view["limits"]
        ],
    )
    return bounded(head, view["findings"], view["accounts"], most)


def table(head: tuple, rows: list[tuple]) -> list[str]:
    """A table of cells that are Markdown already; nothing when there are no rows."""
    if not rows:
        return []
    return [f"| {' | '.join(line)} |" for line in (head, ("---",) * len(head), *rows)] + [""]


def bounded(head: list[str], findings: list[dict], accounts: list[dict], most: int) -> str:
    """head, then findings and accounts as far as there is room for them, with the number of those that are left out."""
    parts = ["\n".join(head)]
    used = len(parts[0])
    for title, thing, whole, told, room in (
        (
            "Findings",
            "findings",
            findings,
            _finding,
            used + (CHARACTERS - used) * (SHARE_OF_FINDINGS if accounts else 1),
        ),
        ("Changes", "accounts", accounts, _account, CHARACTERS),
    ):
        if not whole:
            continue
        shown = []
        used += len(title) + 80  # the heading, and the line about the rest
        for text in map(told, whole[:most]):
            if used + len(text) > room:
                break
            used += len(text) + 1
            shown.append(text)
        left = len(whole) - len(shown)
        parts.append(
            "\n".join(
                [
                    f"## {title}",
                    "",
                    *shown,
                    *([f"\nand {left:,} more {thing} that are left out here"] if left else []),
                    "",
                ]
            )
        )
    return "\n".join(parts).rstrip() + "\n"


def _finding(entry: dict) -> str:
    who = f"{code_in_markdown(entry['key'])}: " if entry.get("key") else ""
    place = f" ({code_in_markdown(entry['place'])})" if entry.get("place") else ""
    return f"- **{in_markdown(entry.get('severity'))}** {in_markdown(entry.get('kind'))}: {who}{in_markdown(entry.get('message'))}{place}"


def _account(account: dict) -> str:
    lines = [
        f"### {in_markdown(account['name'])} {code_in_markdown(account['key'])}".rstrip(),
        "",
        code_in_markdown(account["dn"]),
        "",
    ]
    rows, told = [], None
    for change in account["changes"]:
        about = (
            change["action"],
            change.get("reason"),
            change["state"],
            change.get("risk"),
            change.get("message"),
        )
        if about != told:
            told = about
            more = [
                f"**{word}**"
                for word in (change["state"] if change["state"] != "planned" else "", _risk(change))
                if word
            ]
            more += [
                in_markdown(change[field]) for field in ("reason", "message") if change.get(field)
            ]
            lines.append("- " + ", ".join([f"**{in_markdown(change['action'])}**", *more]))
        rows += [
            (code_in_markdown(name), _values(before), _values(after))
            for name, before, after in change.get("values", ())
        ]
        if change.get("to"):
            rows.append(
                ("place", code_in_markdown(change.get("dn")), code_in_markdown(change["to"]))
            )
        if change.get("group"):
            group = code_in_markdown(change["group"])
            rows.append(
                ("group", group, "") if change["action"] == "group_remove" else ("group", "", group)
            )
    return "\n".join([*lines, "", *table(("Attribute", "Before", "After"), rows)])


def _risk(change: dict) -> str:
    if change.get("risk") != "high":
        return ""
    return (
        "high risk: " + in_markdown(", ".join(change["risks"]))
        if change.get("risks")
        else "high risk"
    )


def _values(texts: list[str]) -> str:
    return " ".join(code_in_markdown(text) for text in texts)
