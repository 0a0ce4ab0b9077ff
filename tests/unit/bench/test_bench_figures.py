"""Figures, slopes and the table, by example."""
import json
from pathlib import Path

import pytest

from bench import figures


@pytest.mark.parametrize(("points", "slope"), [
    ({1_000: 1.0, 10_000: 10.0, 100_000: 100.0}, 1.0),
    ({1_000: 2.0, 100_000: 20_000.0}, 2.0),
    ({10: 3.0, 100: 3.0}, 0.0),
    ({1: 1.0, 10: 10.0, 100: 10.0}, 0.5),  # least squares, not the ends alone: by hand 0, 1, 1 over 0, 1, 2
])
def test_the_exponent_is_the_slope_between_logarithms(points, slope):
    assert figures.exponent(points) == pytest.approx(slope)


def test_one_point_has_no_slope():
    with pytest.raises(ValueError, match="two points"):
        figures.exponent({1_000: 1.0})


@pytest.mark.parametrize(("value", "shown"), [(0.123456, 0.123), (1.0049, 1.0), (123.4, 123), (23456.7, 23457), (0, 0), (0.00012345, 0.000123)])
def test_figures_have_three_digits(value, shown):
    assert figures.rounded(value) == shown


def test_every_figure_is_there_and_none_where_it_was_not_run():
    flat = figures.complete({"no_change_vs_floor": 1.234567})
    assert list(flat) == [
        "no_change_vs_floor", "no_change_cpu_ms_per_person", "first_load_vs_ldapadd", "latency_rate_kept", "per_person_vs_ansible_loop",
        "planning_people_per_second", "peak_memory_gib_100k", "growth_exponent_1k_100k", "import_ms_over_bare_module",
        "playbook_vs_noop", "fetch_100k_vs_curl", "one_person_vs_no_change", "apply_plan_memory_vs_file", "report_page_10k_mb",
        "report_page_10k_seconds_to_use", "report_page_10k_memory_mb"]
    assert flat.pop("no_change_vs_floor") == 1.23 and set(flat.values()) == {None}
    with pytest.raises(ValueError, match="no_change_vs_flor"):
        figures.complete({"no_change_vs_flor": 1.0})


def test_the_committed_results_have_these_figures():
    kept = Path(__file__).resolve().parents[3] / "bench/results/latest.json"
    flat = json.loads(kept.read_text(encoding="utf-8"))
    assert list(flat) == list(figures.TARGETS)
    assert all(value is None or isinstance(value, (int, float)) for value in flat.values())


@pytest.mark.parametrize(("name", "value", "verdict"), [
    ("no_change_vs_floor", 1.5, "yes"), ("no_change_vs_floor", 1.51, "no"), ("no_change_vs_floor", None, "not run"),
    ("latency_rate_kept", 0.9, "yes"), ("latency_rate_kept", 0.89, "no"), ("planning_people_per_second", 25_000, "yes"),
])
def test_the_verdict_knows_which_side_is_good(name, value, verdict):
    assert figures.reached(name, value) == verdict


def test_the_table_has_a_line_for_each_row():
    rows = [figures.row(10_000, "no change", "sync", {"wall": 2.345, "cpu": 1.5, "gib": 0.0712, "runs": [{}, {}, {}]}, "1.20 × ldapsearch"),
            figures.row(None, "module start", "bare", {"wall": 0.1})]
    text = figures.markdown(rows, figures.complete({"latency_rate_kept": 0.95}), {"machine": "2 cores"})
    assert "- machine: 2 cores" in text
    assert "| `latency_rate_kept` | 0.95 | at least 0.9 | yes |" in text
    assert "| `no_change_vs_floor` | – | at most 1.5 | not run |" in text
    assert "| 10,000 | no change | sync | 2.35 | 1.50 | 0.150 | 0.07 | 3 | 1.20 × ldapsearch |" in text
    assert "|  | module start | bare | 0.10 |  |  |  | 1 |  |" in text
    assert {line.count("|") for line in text.splitlines() if line.startswith("|")} == {5, 10}
