"""The form of a scenario: made from the declarations, with every message beside its field."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim import i18n
from kesos_sim.reports.lever_figures import cost_figures, delay_words, figure_words
from kesos_sim.scenario import LEVERS, load_scenario
from kesos_sim.scenario.coordination import STRENGTHS
from kesos_sim.scenario.levers import POINTS, THEMES
from kesos_sim.scenario.words import lever_range
from kesos_sim.workbench import ScenarioEditor
from kesos_sim.workbench.lever_choice import facts, groups, levers_found

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASELINE = SCENARIOS / "baseline.yaml"


def make(name: str = "apbd-10", lang: str = "id") -> ScenarioEditor:
    return ScenarioEditor(SCENARIOS / f"{name}.yaml", lang, baseline=BASELINE)


def widgets_in(box: Any) -> Iterator[Any]:
    yield box
    for child in getattr(box, "children", ()):
        yield from widgets_in(child)


def text_of(box: Any) -> str:
    return " ".join(
        f"{getattr(one, 'description', '')} {getattr(one, 'value', '')}" for one in widgets_in(box)
    )


def pick(editor: ScenarioEditor, lever: str) -> Any:
    editor.groups.value = "all"
    editor.searching.value = ""
    editor.listed.value = lever
    assert editor.form is not None
    return editor.form


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_lever_shows_what_its_declaration_says(lang: str) -> None:
    editor = make(lang=lang)
    for name, lever in LEVERS.items():
        form = pick(editor, name)
        page = unescape(text_of(form.view))
        for words in (lever.label(lang), lever.help(lang), lever.cost_rule(lang)):
            assert words in page, name
        assert lever_range(name, lang) in page
        assert i18n.text(f"reports.grade_{lever.grade.lower()}", lang) in page
        assert ("ramp_months" in " ".join(form.form.fields)) == (lever.kind != "switch")
        assert any(
            "mengukur" in words or "measured" in words for _, words in facts(lever, lang)
        ) == (bool(lever.strengths))


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_lever_says_what_it_costs_and_when_it_begins_to_act(lang: str) -> None:
    """In the figures of the parameter table, with their grades."""
    for lever in LEVERS.values():
        told = dict(facts(lever, lang))
        assert told[i18n.text("planner.fact_delay", lang)] == delay_words(lever, lang)
        cost = told[i18n.text("planner.fact_cost", lang)]
        assert cost.startswith(lever.cost_rule(lang))
        assert all(figure_words(one, lang) in cost for one in cost_figures(lever))


def test_points_and_themes_hold_every_lever_that_belongs_to_them() -> None:
    keys = [key for _, key in groups("id")]
    by_theme = [one.name for key in keys if "theme" in key for one in levers_found(key, "", {})]
    assert sorted(by_theme) == sorted(LEVERS) and len(THEMES) == 6
    for point in POINTS:
        found = levers_found(f"point_{point}", "", {})
        assert found and all(lever.point == point for lever in found)
    assert [one.name for one in levers_found("all", "APBD porsi", {})] == ["apbd_poverty_share"]
    assert levers_found("all", "qqqq", {}) == []


def test_a_typed_setting_changes_the_scenario_and_says_so_in_words() -> None:
    editor = make("baseline")
    form = pick(editor, "apbd_poverty_share")
    assert "seperti hari ini" in form.value.control.placeholder
    assert "1,5%" in form.value.control.placeholder
    form.value.control.value = "10"
    assert editor.editing.value("levers.apbd_poverty_share.value") == 0.1
    assert "10%" in editor._changes.value
    assert any(label.startswith("●") for label, name in editor.listed.options)
    form.form.fields["levers.apbd_poverty_share.from"].control.value = "2026-01"
    form.form.fields["levers.apbd_poverty_share.ramp_months"].control.value = "3 tahun"
    apbd = load_scenario(SCENARIOS / "apbd-10.yaml")
    assert editor.scenario is not None and editor.scenario.hash == apbd.hash
    editor.undo.click()
    editor.undo.click()
    editor.undo.click()
    assert form.value.control.value == "" and editor.undo.disabled
    form.more.click()
    assert editor.editing.value("levers.apbd_poverty_share.value") == pytest.approx(0.02)


def test_a_mistake_is_told_below_its_field_in_both_languages_and_never_as_a_traceback() -> None:
    editor = make()
    form = pick(editor, "apbd_poverty_share")
    form.value.control.value = "20"
    said = "Di luar batas. Tertulis: 20 persen. Yang diharapkan: 0\N{EN DASH}15 persen."
    assert said in form.value.problem.value
    form.value.control.value = "1000"
    beyond = "Di luar batas. Tertulis: 1.000 persen. Yang diharapkan: 0\N{EN DASH}15 persen."
    assert f"{beyond}</p>" in form.value.problem.value
    editor.undo.click()
    editor.world.fields["households"].control.value = "80000001"
    told = editor.world.fields["households"].problem.value
    assert "Tertulis: 80.000.001. Yang diharapkan: 2.000\N{EN DASH}80.000.000." in told
    editor.undo.click()
    form.value.control.value = "1 9,48"
    assert "Tertulis: 1 9,48. Yang diharapkan: 0\N{EN DASH}15 persen." in form.value.problem.value
    editor.undo.click()
    assert 'role="alert"' in form.value.problem.value
    assert editor.saving.disabled and "1 isian" in editor._problems.value
    editor.world.fields["months"].control.value = "<b>sepuluh</b>"
    assert "&lt;b&gt;" in editor.world.fields["months"].problem.value
    editor.sources.fields["funding_sources.subsidi"].control.value = "50"
    assert "3 isian" in editor._problems.value
    editor.speak("en")
    assert "Found: 20 percent. Expected: 0\N{EN DASH}15 percent." in text_of(editor._lever_box)
    assert "3 to be mended" in editor._problems.value
    assert editor.world.fields["months"].control.value == "<b>sepuluh</b>", "typed text stays"
    for _ in range(3):
        editor.undo.click()
    assert editor._problems.value == "" and not editor.saving.disabled


def test_a_mistake_at_a_lever_that_is_not_shown_is_written_out() -> None:
    editor = make()
    pick(editor, "pkh_amount")
    editor.set("levers.sembako_quota.value", 9.0)
    assert "levers.sembako_quota.value" in editor._problems.value
    editor.listed.value = "sembako_quota"
    assert "levers.sembako_quota.value" not in editor._problems.value


def test_the_region_is_picked_and_its_problem_told_beside_it() -> None:
    editor = make("backcast-2019")
    editor.region.typed.value = "papua pegunungan"
    editor.region.found.value = "97"
    assert editor.editing.value("region") == [97]
    assert "2019" in editor.region_problem.value
    editor.undo.click()
    assert editor.region.value == "indonesia" and not editor.region_problem.value


def test_strengths_of_coordination_can_be_typed_zeroed_and_put_back() -> None:
    editor = make("sistem-kemitraan")
    first = editor.scenario
    editor.strengths.zero.click()
    assert editor.scenario is not None
    assert all(editor.scenario.parameter(name) == 0.0 for name in STRENGTHS)
    editor.strengths.usual.click()
    assert editor.scenario == first
    (field,) = editor.strengths.form.fields.values()  # type: ignore[union-attr]
    field.control.value = "130"
    assert "Di luar batas" in field.problem.value
    field.control.value = "80"
    assert editor.scenario.parameter(STRENGTHS[0]) == 0.8
    assert "● Daftar bersama: 80 persen" in [label for label, _ in editor.strengths.chosen.options]


def test_files_are_opened_and_saved_from_the_form(tmp_path: Path) -> None:
    for name in ("baseline", "banjir-ntt"):
        text = (SCENARIOS / f"{name}.yaml").read_text("utf-8")
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    editor = ScenarioEditor(tmp_path / "baseline.yaml")
    editor.files.value = "banjir-ntt.yaml"
    editor.opening.click()
    assert editor.scenario == load_scenario(tmp_path / "banjir-ntt.yaml")
    assert "guncangan: 1" in editor._kept.value
    editor.set("seed", 5)
    editor.saving.click()
    assert "KS" not in editor.status.value and "sudah ada" in editor.status.value
    editor.replacing.value = True
    editor.saving.click()
    assert load_scenario(tmp_path / "banjir-ntt.yaml").seed == 5
    assert not editor.replacing.value, "each replacement is asked for anew"
    editor.target.value = str(tmp_path / "paket-saya")
    editor.saving.click()
    assert load_scenario(tmp_path / "paket-saya.yaml").seed == 5, "an ending is put to a name"
    editor.target.value = str(tmp_path / "banjir-ntt.yaml")
    (tmp_path / "banjir-ntt.yaml").write_text("nothing: here\n", "utf-8")
    editor.opening.click()
    assert 'class="error"' in editor.status.value and editor.scenario is not None


def test_the_state_outlives_the_page_and_every_control_has_a_label() -> None:
    editor = make()
    editor.set("seed", 11)
    old = editor.world.fields["seed"].control
    editor.language.value = "en"
    assert editor.world.fields["seed"].control is not old
    assert editor.world.fields["seed"].control.value == "11"
    for one in widgets_in(editor.view):
        if (
            hasattr(one, "value")
            and hasattr(one, "description")
            and "HTML" not in type(one).__name__
        ):
            assert one.description, one
    assert "Batalkan" not in text_of(editor.view)


LEVER_TEXTS = st.one_of(
    st.sampled_from(["", "0", "10", "1,5", "abc", "-1", "1e3", "99999"]), st.text()
)


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from(sorted(LEVERS)), LEVER_TEXTS), max_size=4))
@settings(max_examples=15, deadline=None)
def test_whatever_is_typed_the_page_answers(typed: list[tuple[str, str]]) -> None:
    editor = make("baseline")
    for name, text in typed:
        form = pick(editor, name)
        if form.lever.kind in {"switch", "step"}:
            form.value.control.value = form.value.control.options[-1][1]
        else:
            form.value.control.value = text.replace("\0", "")
        told = bool(form.value.problem.value)
        own = [place for place in editor.editing.problems if place.startswith(f"levers.{name}")]
        assert told == bool(own)
        assert (editor.scenario is None) == bool(editor._problems.value)
    for _ in typed:
        editor.undo.click()
    assert editor.scenario == load_scenario(BASELINE)
