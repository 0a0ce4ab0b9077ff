# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every format that a report module offers is written, alone and together with the others."""
from __future__ import annotations

import json
import sys
from pathlib import Path

import feeds
import plans
import pytest
from ansible_collections.hris.ad.plugins.module_utils._hris.commands import (
    data_report,
    plan_report,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "collection"))

import collection_parts as parts

RUNS = {"plan_report": plan_report.run, "data_report": data_report.run}


def formats(module) -> list[str]:
    return parts.spec(module)["argument_spec"]["format"]["choices"]


@pytest.fixture
def report(tmp_path):
    """report(module, formats) -> the module's result, about a small plan or feed."""
    sources = {"plan_report": plans.sealed(plans.plan_of(5)), "data_report": feeds.feed()}

    def make(module, wanted):
        source = tmp_path / "source.json"
        source.write_text(json.dumps(sources[module]), encoding="utf-8")
        defaults = {name: option.get("default") for name, option in parts.spec(module)["argument_spec"].items()}
        given = {"source": "elmo", "src": str(source), "dest": str(tmp_path / "report"), "format": wanted}
        return RUNS[module](defaults | given, False, pytest.fail)
    return make


@pytest.mark.parametrize(("module", "kind"), [(module, kind) for module in RUNS for kind in formats(module)])
def test_each_format_alone(module, kind, report, tmp_path):
    assert report(module, [kind])["dest"] == {kind: str(tmp_path / "report")}
    written = (tmp_path / "report").stat()
    assert written.st_size > 0 and written.st_mode & 0o777 == 0o600


@pytest.mark.parametrize("module", RUNS)
def test_all_formats_together(module, report):
    written = report(module, formats(module))["dest"]
    assert list(written) == formats(module) and len(set(written.values())) == len(written)
    assert all(Path(path).suffix and Path(path).stat().st_size > 0 for path in written.values())


def test_a_journal_alone_is_enough(tmp_path):
    plan = plans.plan_of(20)
    journal = plans.journal_of(plan, tmp_path / "20260302T040506.789Z-lock-out-journal.jsonl")
    defaults = {name: option.get("default") for name, option in parts.spec("plan_report")["argument_spec"].items()}
    done = plan_report.run(defaults | {"journal": journal, "dest": f"{tmp_path}/", "format": ["markdown"]}, False, pytest.fail)
    assert done["dest"] == {"markdown": f"{tmp_path}/20260302T040506.789Z-lock-out-journal.md"} and done["digest"] == plan.digest
    assert "15 of 20 changes were applied: 5 unknown" in done["msg"]


def test_a_folder_gets_reports_with_the_name_of_the_plan(tmp_path):
    (tmp_path / "20260302T040506.789Z-elmo.json").write_text(json.dumps(plans.sealed(plans.plan_of(5))), encoding="utf-8")
    defaults = {name: option.get("default") for name, option in parts.spec("plan_report")["argument_spec"].items()}
    for wanted in (["html"], ["html", "csv"]):
        given = {"src": str(tmp_path / "20260302T040506.789Z-elmo.json"), "dest": f"{tmp_path}/new/plans/", "format": wanted}
        written = plan_report.run(defaults | given, False, pytest.fail)["dest"]
        assert written == {kind: f"{tmp_path}/new/plans/20260302T040506.789Z-elmo.{kind}" for kind in wanted}
    assert (tmp_path / "new").stat().st_mode & 0o777 == (tmp_path / "new/plans").stat().st_mode & 0o777 == 0o700
