"""What planners' notebooks show and save: analyses, polite refusals, families, documents."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from joblib import parallel_config

import kesos_sim
from kesos_sim import compare, i18n
from kesos_sim.errors import InputError
from kesos_sim.reports.analyses import Analysis, effectiveness, position, profile, trend
from kesos_sim.reports.office import Bullets, Listing, Note, Picture
from kesos_sim.reports.plans.naming import scenario_file
from kesos_sim.scenario import Scenario, dump_scenario, load_scenario
from kesos_sim.workbench import reproduction
from kesos_sim.workbench.files import forms_of, write_files
from kesos_sim.workbench.planning import analyses_document, analysis

BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"


@pytest.fixture(scope="module")
def blora() -> Scenario:
    return load_scenario(BASELINE, {"region": "3316", "households": 2000, "months": 12})


def shown(one: object) -> dict[str, str]:
    return dict(one._repr_mimebundle_())  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_finding_shows_the_analysis_itself(lang: str) -> None:
    found = analysis(position, "3316", "poverty_rate", bahasa=lang)
    plain = position("3316", "poverty_rate", lang)
    bundle = shown(found)
    assert bundle["text/plain"] == plain.text()
    assert plain.charts[0].title in bundle["text/html"]
    assert found.call == (
        f"kesos_sim.reports.analyses.position('3316', 'poverty_rate', lang='{lang}')"
    )


@pytest.mark.slow
def test_the_call_of_a_simulated_analysis_computes_it_again(
    blora: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = load_scenario(
        BASELINE.with_name("tanpa-bansos.yaml"),
        {"region": "3316", "households": 2000, "months": 12},
    )
    with parallel_config(backend="sequential"):
        result = compare(blora, [bare], draws=1)
        found = analysis(effectiveness, "3316", 2018, comparison=result)
        again = analysis(profile, "3316", scenario=blora, households=2000)
        for one in (blora, bare):
            (tmp_path / scenario_file(one)).write_text(dump_scenario(one), encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        for one in (found, again):
            made = eval(one.call, {"kesos_sim": kesos_sim})  # noqa: S307 - our own words
            assert one.analysis is not None
            assert made.sentences == one.analysis.sentences
            assert [c.table.data for c in made.charts] == [
                c.table.data for c in one.analysis.charts
            ]


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_missing_figures_are_refused_in_a_sentence_of_one_language(lang: str) -> None:
    found = analysis(position, "3316", "gini", bahasa=lang)
    assert found.analysis is None
    said = shown(found)["text/plain"]
    assert {"id": "rasio gini", "en": "gini ratio"}[lang] in said.lower()
    assert {"id": "dipasok", "en": "supplied"}[lang] in said
    assert not said.startswith("region")
    assert 'class="refused"' in shown(found)["text/html"]
    assert found.contents == (Note(said),)


def test_other_errors_are_not_swallowed() -> None:
    def broken(region: str, lang: str) -> Analysis:
        raise ZeroDivisionError(region, lang)

    with pytest.raises(ZeroDivisionError):
        analysis(broken, "33")


def test_further_charts_are_shown_or_said_to_be_missing() -> None:
    found = analysis(position, "3316")
    assert "<img" in shown(found.chart(1))["text/html"]
    assert "<img" not in shown(found.chart(2))["text/html"]
    assert shown(found.chart(2))["text/plain"] == i18n.text(
        "planner_notebooks.no_further_chart", "id"
    )


def test_document_holds_what_was_found_and_what_was_refused(
    blora: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rate = analysis(position, "3316", "poverty_rate")
    gini = analysis(position, "3316", "gini")
    document = analyses_document([rate, gini], [blora])
    assert document.name == "posisi-relatif-3316"
    assert document.subtitle == "Kabupaten Blora"
    assert document.provenance.scenario_hash == blora.hash
    assert sum(isinstance(block, Picture) for block in document.blocks) == 1
    assert Note(gini.refusal) in document.blocks
    assert document.commands == ("python hitung_lagi_3316.py",)
    lines, _ = (block for block in document.blocks if isinstance(block, Listing))
    path = tmp_path / lines.name
    path.write_text(lines.text, encoding="utf-8")
    runpy.run_path(str(path), run_name="__main__")
    assert rate.analysis is not None
    assert capsys.readouterr().out == f"{rate.analysis.text()}\n", "what was found, and no refusal"
    assert not any(
        "kesos_sim." in item
        for block in document.blocks
        if isinstance(block, Bullets)
        for item in block.items
    ), "lines of Python stand in the annex alone"


def test_findings_are_saved_with_their_scenario_only(blora: Scenario, tmp_path: Path) -> None:
    rate = analysis(trend, "3316", bahasa="en")
    with pytest.raises(InputError) as caught:
        forms_of([rate])
    assert caught.value.code == "KS9100"
    assert forms_of([rate, blora]) == ("docx", "pdf", "xlsx", "images", "scenario")
    (path,) = write_files([rate, blora], "xlsx", tmp_path, "en")
    assert path.name == "development-over-time-3316.xlsx"
    assert {one.suffix for one in write_files([rate, blora], "images", tmp_path, "en")} == {
        ".png",
        ".svg",
    }


def test_scenario_that_was_not_run_can_be_reproduced(blora: Scenario) -> None:
    text = shown(reproduction(blora))["text/plain"]
    assert blora.hash in text
    assert "Reproduksi" in text
