"""The panel, the views below it and the family explorer, with the real model in a tiny world."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesos_sim.errors import InputError
from kesos_sim.scenario import load_scenario
from kesos_sim.workbench import (
    ComparisonView,
    ExportButton,
    HouseholdExplorer,
    MoneyFlow,
    ReproductionView,
    RunPanel,
    ScenarioEditor,
)
from kesos_sim.workbench.files import write_files
from kesos_sim.workbench.worlds import in_world_of, worlds_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASELINE = SCENARIOS / "baseline.yaml"
TINY = {"region": "3471", "households": 2000, "months": 12, "start": "2024-03"}


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ScenarioEditor:
    monkeypatch.setenv("KESOS_STORE", str(tmp_path / "store"))
    return ScenarioEditor(SCENARIOS / "sembako-naik.yaml", baseline=BASELINE, world=TINY)


def test_scenarios_are_brought_into_the_world_of_the_edited_one(editor: ScenarioEditor) -> None:
    editor.set("parameters.coordination.routing.strength", 0.0)
    assert editor.scenario is not None
    usual, packages = worlds_of(editor.scenario, BASELINE, [SCENARIOS / "apbd-10.yaml"])
    assert [one.name for one in (usual, *packages)] == ["baseline", "sembako-naik", "apbd-10"]
    for one in (usual, *packages):
        assert (one.region, one.months, one.households) == ((3471,), 12, 2000)
        assert one.parameter("coordination.routing.strength") == 0.0
    assert not in_world_of(editor.scenario, BASELINE).own_parameters
    for version in (0, 1):
        editor.set("calibration", version)
        usual, packages = worlds_of(editor.scenario, BASELINE)
        assert usual.calibration == packages[0].calibration == version
        assert usual.parameters == packages[0].parameters
    with pytest.raises(InputError, match="KS9010"):
        worlds_of(load_scenario(BASELINE), BASELINE)


def test_what_cannot_be_run_is_said_in_words_and_nothing_starts(editor: ScenarioEditor) -> None:
    panel = RunPanel(editor, BASELINE, draws=0)
    views = [ComparisonView(panel), MoneyFlow(panel), ReproductionView(panel)]
    assert all("setelah dijalankan" in view.content.value for view in views)
    button = ExportButton(panel, "nowhere")
    button.export()
    assert "Belum ada hasil" in button.status.value
    choice = ExportButton(panel, "nowhere", choice=True)
    forms = [form for _, form in choice.form.options]
    assert forms == ["folder", "docx", "pdf", "xlsx", "images", "scenario"]
    choice.form.value = "docx"
    choice.export()
    assert "Belum ada hasil" in choice.status.value and not Path("nowhere").exists()
    editor.set("months", 0)
    panel.start.click()
    assert "perlu diperbaiki" in panel.status.value and not panel.running
    editor.editing.undo()
    editor.set("name", "baseline")
    panel.start.click()
    assert 'class="error"' in panel.status.value and "sama" in panel.status.value
    assert panel.result is None and panel.cancel.disabled


@pytest.mark.full
def test_a_run_stops_runs_again_and_is_shown_in_every_part(
    editor: ScenarioEditor, tmp_path: Path
) -> None:
    panel = RunPanel(editor, BASELINE, draws=0)
    view, money = ComparisonView(panel), MoneyFlow(panel)
    panel.run()
    assert panel.running and panel.start.disabled and not panel.cancel.disabled
    panel.cancel.click()
    assert not panel.running and panel.result is None
    assert "dihentikan" in panel.status.value and not panel.start.disabled
    panel.run(wait=True)
    assert "Selesai dalam" in panel.status.value, panel.status.value
    assert "Kota Yogyakarta" in view.content.value
    shown = {}
    for part in ComparisonView.PARTS:
        view.parts.value = part
        shown[part] = view.content.value
    assert len(set(shown.values())) == len(shown)
    assert "<img" in shown["charts"] and "<table>" in shown["tables"]
    assert '<th scope="col">Skenario' not in shown["tables"], "the only package is no column"
    assert "<img" in money.content.value and "kesos-sim" in money.content.value
    assert panel.result.alternatives[0].scenario.hash == editor.scenario.hash  # type: ignore[union-attr]
    assert (panel.export(tmp_path / "out") / "index.html").is_file()
    assert [path.name for path in write_files(panel, "docx", tmp_path, "id")] == ["hasil-3471.docx"]


@pytest.mark.full
def test_a_family_is_found_by_its_traits_and_followed_in_both(editor: ScenarioEditor) -> None:
    explorer = HouseholdExplorer(editor, BASELINE)
    explorer.members["elderly"].value = "yes"
    explorer.poor.value = "no"
    explorer.size.value = "3_4"
    explorer.follow()
    explorer.wait()
    found = explorer.found
    assert found is not None, explorer.status.value
    assert 0 < found.alike < 2000 and found.stands_for > found.alike
    usual, package = found.lives
    assert usual.years[0].year == package.years[0].year == 2024
    assert sum(year.months for year in usual.years) == 13
    assert "60 tahun ke atas" in found.intro["id"]
    for title in (usual.title["id"], package.title["id"], found.intro["id"]):
        assert title in explorer.content.value
    explorer.another.click()
    explorer.wait()
    assert explorer.found is not None and explorer.found.intro != found.intro
    assert explorer.found.alike == found.alike
    for kind in ("pregnant", "disabled", "small_children"):
        explorer.members[kind].value = "yes"
    explorer.size.value = "1_2"
    explorer.follow()
    explorer.wait()
    assert "Longgarkan satu ciri" in explorer.status.value
