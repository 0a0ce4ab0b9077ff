"""The results of the bench: rows of the table, and the flat figures that releases are compared
by.
"""

from __future__ import annotations

import math
from typing import Any, TypedDict

# The figures of results/latest.json, with what each must reach (README.md); None where its part has
# not run
TARGETS = {
    "no_change_vs_floor": ("at most", 1.5),
    "no_change_100k_vs_floor": ("at most", 6),
    "no_change_cpu_ms_per_person": ("at most", 0.2),
    "first_load_vs_ldapadd": ("at most", 1.0),
    "first_load_cpu_ms_per_person": ("at most", 0.4),
    "latency_rate_kept": ("at least", 0.9),
    "per_person_vs_ansible_loop": ("at least", 100),
    "planning_people_per_second": ("at least", 40_000),
    "ldap3_vs_decode": ("at least", 15),
    "peak_memory_gib_100k": ("at most", 0.4),
    "growth_exponent_1k_100k": ("at most", 1.05),
    "import_ms_over_bare_module": ("at most", 150),
    "playbook_vs_noop": ("at most", 2.5),
    "fetch_100k_vs_curl": ("at most", 2.5),
    "one_person_vs_no_change": ("at most", 1.05),
    "apply_plan_memory_vs_file": ("at most", 4),
    "report_page_10k_mb": ("at most", 5),
    "report_page_10k_seconds_to_use": ("at most", 1),
    "report_page_10k_memory_mb": ("at most", 150),
}
COLUMNS = (
    "people",
    "work",
    "who",
    "wall s",
    "CPU s",
    "CPU ms a person",
    "peak GiB",
    "runs",
    "note",
)


class Row(TypedDict):
    """One row of the table."""

    size: int | None  # people
    work: str  # what was done
    who: str  # what did it
    wall: float | None  # seconds
    cpu: float | None  # seconds
    gib: float | None  # peak memory
    runs: int  # how many times it was measured
    note: str


def row(size: int | None, work: str, who: str, measured: dict[str, Any], note: str = "") -> Row:
    """A row of the table. measured: as of measure.py; figures that it lacks are empty cells."""
    return {
        "size": size,
        "work": work,
        "who": who,
        "wall": measured.get("wall"),
        "cpu": measured.get("cpu"),
        "gib": measured.get("gib"),
        "runs": len(measured.get("runs", [measured])),
        "note": note,
    }


def exponent(points: dict[int, float]) -> float:
    """The slope of log(value) over log(size), by least squares: 1 is linear, 2 quadratic.

    points: {size: value}, at least two.
    """
    if len(points) < 2:
        raise ValueError("a slope needs two points")
    pairs = [(math.log(size), math.log(value)) for size, value in points.items()]
    middle_x = sum(x for x, _y in pairs) / len(pairs)
    middle_y = sum(y for _x, y in pairs) / len(pairs)
    covariance = sum((x - middle_x) * (y - middle_y) for x, y in pairs)
    return covariance / sum((x - middle_x) ** 2 for x, _y in pairs)


def complete(figures: dict[str, float]) -> dict[str, float | None]:
    """The flat figures with three significant digits: every key of TARGETS, None for what was not
    run.
    """
    unknown = sorted(set(figures) - set(TARGETS))
    if unknown:
        raise ValueError(f"no such figure: {', '.join(unknown)}")
    return {name: rounded(figures[name]) if name in figures else None for name in TARGETS}


def rounded(value: float) -> float | int:
    """Three significant digits; a number above a thousand becomes a whole number."""
    if value == 0:
        return 0
    digits = 2 - math.floor(math.log10(abs(value)))
    return round(value, digits) if digits > 0 else round(value)


def reached(name: str, value: float | None) -> str:
    """The verdict: yes, no, or not run."""
    if value is None:
        return "not run"
    kind, bound = TARGETS[name]
    good = value <= bound if kind == "at most" else value >= bound
    return "yes" if good else "no"


def markdown(rows: list[Row], figures: dict[str, float | None], about: dict[str, str]) -> str:
    """The whole result as Markdown. about: {what: text} of the machine and the run."""
    lines = [
        "# Bench",
        "",
        *(f"- {what}: {text}" for what, text in about.items()),
        "",
        "| figure | value | must be | reached |",
        "|---|---:|---|---|",
    ]
    for name, value in figures.items():
        kind, bound = TARGETS[name]
        shown = "–" if value is None else value
        lines.append(f"| `{name}` | {shown} | {kind} {bound:,} | {reached(name, value)} |")
    lines += ["", "| " + " | ".join(COLUMNS) + " |", "|---:|---|---|---:|---:|---:|---:|---:|---|"]
    lines += ["| " + " | ".join(_cells(entry)) + " |" for entry in rows]
    return "\n".join(lines) + "\n"


def _cells(entry: Row) -> list[str]:
    size, cpu = entry["size"], entry["cpu"]
    cpu_per_person = None
    if cpu is not None and size:
        cpu_per_person = 1000 * cpu / size
    return [
        f"{size:,}" if size is not None else "",
        entry["work"],
        entry["who"],
        _number(entry["wall"], 2),
        _number(cpu, 2),
        _number(cpu_per_person, 3),
        _number(entry["gib"], 2),
        str(entry["runs"]),
        entry["note"],
    ]


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"
