"""What the bench found, as rows and as the flat figures that releases are compared by: pure."""

from __future__ import annotations

import math

# The figures of results/latest.json, with what each must reach (see README.md); None until its part has run
TARGETS = {
    "no_change_vs_floor": ("at most", 1.5),
    "no_change_cpu_ms_per_person": ("at most", 0.2),
    "first_load_vs_ldapadd": ("at most", 1.0),
    "latency_rate_kept": ("at least", 0.9),
    "per_person_vs_ansible_loop": ("at least", 100),
    "planning_people_per_second": ("at least", 20_000),
    "peak_memory_gib_100k": ("at most", 1.0),
    "growth_exponent_1k_100k": ("at most", 1.05),
    "import_ms_over_bare_module": ("at most", 150),
    "playbook_vs_noop": ("at most", 4),
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


def row(size: int | None, work: str, who: str, found: dict, note: str = "") -> dict:
    """A row of the table. found: {"wall", "cpu", "gib"} in seconds and GiB, each as far as it is known, and "runs"."""
    return {
        "size": size,
        "work": work,
        "who": who,
        **{key: found.get(key) for key in ("wall", "cpu", "gib")},
        "runs": len(found.get("runs", [found])),
        "note": note,
    }


def exponent(points: dict[int, float]) -> float:
    """The slope of log(value) over log(size), by least squares: 1 is linear, 2 quadratic. points: {size: value}, at least two."""
    if len(points) < 2:
        raise ValueError("a slope needs two points")
    pairs = [(math.log(size), math.log(value)) for size, value in points.items()]
    middle_x = sum(x for x, _y in pairs) / len(pairs)
    middle_y = sum(y for _x, y in pairs) / len(pairs)
    return sum((x - middle_x) * (y - middle_y) for x, y in pairs) / sum(
        (x - middle_x) ** 2 for x, _y in pairs
    )


def complete(found: dict) -> dict:
    """The flat figures: every key of TARGETS, None for what was not run, three significant digits."""
    unknown = sorted(set(found) - set(TARGETS))
    if unknown:
        raise ValueError(f"no such figure: {', '.join(unknown)}")
    return {name: None if found.get(name) is None else rounded(found[name]) for name in TARGETS}


def rounded(value: float) -> float | int:
    """Three significant digits; all of a whole number above a thousand is kept whole."""
    if value == 0:
        return 0
    digits = 2 - math.floor(math.log10(abs(value)))
    return round(value, digits) if digits > 0 else round(value)


def reached(name: str, value: float | None) -> str:
    """The verdict in a word: yes, no, or not run."""
    if value is None:
        return "not run"
    kind, bound = TARGETS[name]
    return "yes" if (value <= bound if kind == "at most" else value >= bound) else "no"


def markdown(rows: list[dict], figures: dict, about: dict) -> str:
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
        lines.append(
            f"| `{name}` | {'–' if value is None else value} | {kind} {bound:,} | {reached(name, value)} |"
        )
    lines += ["", "| " + " | ".join(COLUMNS) + " |", "|---:|---|---|---:|---:|---:|---:|---:|---|"]
    lines += ["| " + " | ".join(_cells(entry)) + " |" for entry in rows]
    return "\n".join(lines) + "\n"


def _cells(entry: dict) -> list[str]:
    size, cpu = entry["size"], entry["cpu"]
    per_person = "" if cpu is None or not size else f"{1000 * cpu / size:.3f}"
    numbers = [
        "" if entry[key] is None else f"{entry[key]:.{digits}f}"
        for key, digits in (("wall", 2), ("cpu", 2))
    ]
    gib = "" if entry["gib"] is None else f"{entry['gib']:.2f}"
    return [
        "" if size is None else f"{size:,}",
        entry["work"],
        entry["who"],
        *numbers,
        per_person,
        gib,
        str(entry["runs"]),
        entry["note"],
    ]
