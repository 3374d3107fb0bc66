"""Every part shows its figures, the anchor holds, and misses are as plain as hits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kesos_sim import i18n
from kesos_sim.calibration.anchor import anchor_figures, household_figures
from kesos_sim.calibration.budgets import budget_figures
from kesos_sim.calibration.figure_words import words_of
from kesos_sim.calibration.figures import Figure
from kesos_sim.calibration.mobility import mobility_figures
from kesos_sim.calibration.published import Validation, validate
from kesos_sim.calibration.sealing import is_sealed
from kesos_sim.calibration.table import FIELDS, against_forecasts, part_tables
from kesos_sim.calibration.targeting import targeting_figures
from kesos_sim.data.regions import region_name
from kesos_sim.i18n import numbers
from kesos_sim.model.sample import Sample
from kesos_sim.reports.references import study_words

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario import Scenario


@pytest.fixture(scope="module")
def figures(small: Scenario, open_small: Callable[..., WelfareModel]) -> list[Figure]:
    model = open_small(small)
    sample = Sample.of(model)
    return [
        *anchor_figures(model, sample),
        *household_figures(model, sample),
        *targeting_figures(sample),
        *budget_figures(sample, small.parameter, small.start.year),
        *mobility_figures(model),
    ]


def of(figures: list[Figure], **wanted: str) -> list[Figure]:
    return [f for f in figures if all(getattr(f, name) == value for name, value in wanted.items())]


def test_no_figure_is_shown_twice(figures: list[Figure]) -> None:
    keys = [(f.part, f.level, f.code, f.measure, f.detail, f.source) for f in figures]
    assert len(set(keys)) == len(keys)


def test_province_and_districts_are_anchored(figures: list[Figure]) -> None:
    provinces = of(figures, part="anchor", level="province", measure="poverty_rate")
    assert [figure.code for figure in provinces] == ["34"]
    districts = of(figures, measure="district_poverty_rate")
    assert len(districts) == 5
    # The promise of the anchor is for 100,000 households; a household of this sample is 0.1 points.
    assert all(abs(figure.difference) < 0.3 for figure in [*provinces, *districts])
    assert {figure.use for figure in [*provinces, *districts]} == {"set"}


def test_district_gaps_contradict_provinces_and_are_only_shown(figures: list[Figure]) -> None:
    gaps = of(figures, part="anchor", level="district", measure="poverty_gap")
    assert gaps
    assert {figure.verdict for figure in gaps} == {"not_judged"}


def test_experiments_compare_two_lists(figures: list[Figure]) -> None:
    errors = [*of(figures, measure="undercoverage"), *of(figures, measure="leakage")]
    assert {figure.detail[0] for figure in errors} == {"registry", "census"}
    assert {figure.use for figure in errors} == {"scored"}
    for coverage in ("29%", "33%"):
        missed = {
            figure.detail[0]: figure.modelled
            for figure in errors
            if figure.detail[1:] == (coverage, "poorest", "10%")
        }
        assert missed["registry"] > missed["census"]


def test_receipt_falls_with_consumption(figures: list[Figure]) -> None:
    rates = [figure.modelled for figure in of(figures, measure="quintile_receipt")]
    assert len(rates) == 5
    assert rates == sorted(rates, reverse=True)


def test_budgets_without_families_follow_from_the_rules(figures: list[Figure]) -> None:
    totals = {figure.detail: figure for figure in of(figures, measure="programme_total")}
    assert totals["SEMBAKO", 2025].modelled == pytest.approx(18.27e6 * 200_000 * 12 / 1e12)
    assert totals["PBI", 2025].hit
    assert totals["PKH", 2019].use == "scored"
    assert totals["PKH", 2024].use == "set"


def test_panel_rows_are_judged_where_they_can_be(figures: list[Figure]) -> None:
    panel = of(figures, part="mobility")
    computed = [figure for figure in panel if math.isfinite(figure.modelled)]
    assert {figure.code for figure in panel} >= {"T01", "T06", "T12", "A07"}
    assert all(figure.hit is not None for figure in computed)
    assert all(figure.use == "shown" for figure in panel if figure not in computed)


def test_the_nation_has_figures_of_its_own(
    small: Scenario, open_small: Callable[..., WelfareModel]
) -> None:
    model = open_small(small)
    sample = replace(Sample.of(model), nation=True, region="00")
    found = [
        *anchor_figures(model, sample),
        *household_figures(model, sample),
        *targeting_figures(sample),
    ]
    own = {figure.measure: figure for figure in of(found, level="nation")}
    assert own["poverty_rate"].published == pytest.approx(9.03)
    assert {"poverty_gap", "poor_household_size", "age_share", "overlap_families"} <= own.keys()
    assert own["age_share"].use == "set"


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_misses_are_listed_whatever_the_detail(figures: list[Figure], lang: str) -> None:
    bad = replace(
        of(figures, measure="district_poverty_rate")[0], published=1.0, modelled=20.0, code="3401"
    )
    own = [*figures, bad]
    short = {table.name: table for table in part_tables(own, lang)}
    long = {table.name: table for table in part_tables(own, lang, districts=True)}
    assert short.keys() == long.keys()
    missed = [figure.record()["verdict"] for figure in own].count("miss")
    verdict = FIELDS.index("verdict")
    for tables in (short, long):
        assert sum(row[verdict] == "miss" for t in tables.values() for row in t.data) == missed
    assert sum(len(table.rows) for table in long.values()) == len(own)
    assert len(short["validation_anchor"].rows) < len(long["validation_anchor"].rows)
    assert "{" not in short["validation_targeting"].text()


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_a_figure_of_elsewhere_is_not_labelled_as_the_region_s(
    figures: list[Figure], lang: str
) -> None:
    """Here Yogyakarta lives: what was published of the nation or by a study says so."""
    placed = {figure: words_of(figure, lang)[0] for figure in figures}
    for figure, place in placed.items():
        if figure.level == "region":
            assert place.endswith("; model: 34 " + region_name(34, lang))
            study = figure.source.startswith("targeting_errors")
            assert place.startswith("Indonesia;") is not study
        elif figure.level == "province":
            assert place == f"{figure.code} {region_name(figure.code, lang)}"
    (overlap,) = of(figures, measure="overlap")
    assert placed[overlap].startswith("Indonesia; ")
    (panel, *_) = of(figures, measure="undercoverage")
    study = {"id": "Bah dkk. 2019; ", "en": "Bah et al. 2019; "}[lang]
    assert placed[panel].startswith(study)
    # The same figure in a world of the whole country, of many places, and of a named region.
    for code, words in (
        ("00", "00 Indonesia"),
        ("mpu", "Mitra Praja Utama"),
        ("34+51", "34 " + region_name(34, lang) + ", 51 Bali"),
    ):
        own = replace(panel, level="nation" if code == "00" else "region", code=code)
        told = words_of(own, lang)[0]
        assert told.startswith(study) and words in told
    for panel in of(figures, measure="transition"):
        *survey, study = placed[panel].removesuffix(f" ({panel.code})").split(", ")
        named = study_words("world_bank_pip", lang).split(", ")
        assert [*survey, study] == named or survey in (["Susenas"], ["IFLS"], [])
        assert study != panel.code
    totals = of(figures, measure="programme_total", level="nation")
    due = {figure.detail[0] for figure in totals if ";" in placed[figure]}
    assert due == {"PKH"} and {figure.detail[0] for figure in totals} > due
    own = replace(overlap, level="nation", code="00")
    assert words_of(own, lang)[0] == "00 Indonesia"


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_it_is_said_where_simple_forecasts_beat_the_model(lang: str) -> None:
    def error(base: int, forecast: str, published: float, modelled: float) -> Figure:
        return Figure("path", "study", "backcast", "path_error", (base, forecast), published,
                      modelled, "percent", "derived", "shown", "t")  # fmt: skip

    rows = [
        error(2015, "NO_CHANGE", 1.91, 1.65),
        error(2015, "ELASTICITY", 0.53, 1.65),
        error(2019, "NO_CHANGE", 0.4301, 0.4299),
    ]
    first, second = against_forecasts(rows, lang)
    better, worse, same = (
        {"id": ("lebih baik", "lebih buruk", "sama dengan"), "en": ("better", "worse", "as the")}
    )[lang]
    assert "2015" in first and first.index(better) < first.index(worse) and same not in first
    for value in (1.65, 1.91, 0.53):
        assert numbers.points(value, lang, 2) in first
    assert "2019" in second and same in second and worse not in second
    assert against_forecasts([], lang) == ()
    path = replace(rows[0], measure="poverty_path", detail=(2015, 2022))
    assert words_of(path, lang)[1].endswith("(2015 → 2022)")
    assert "backcast" not in words_of(rows[0], lang)[0]


def test_the_study_needs_no_world(small: Scenario) -> None:
    found = validate(small, ("transfer",))
    assert isinstance(found, Validation)
    assert {figure.part for figure in found.figures} == {"transfer"}
    for lang in i18n.LANGUAGES:
        assert found.text(lang).splitlines()[-1].startswith("kesos-sim")
    assert {"scenario_hash", "code_hash", "seed"} <= found.provenance.keys()
    assert all(set(record) == set(FIELDS) for record in found.records())


def test_parts_come_in_their_order(small: Scenario, anchors: object) -> None:
    told: list[str] = []
    found = validate(small, ("budgets", "anchor"), progress=lambda stage, *_: told.append(stage))
    assert list(dict.fromkeys(figure.part for figure in found.figures)) == ["anchor", "budgets"]
    assert "targets" in told


def test_figures_that_a_calibration_has_read_are_no_tests_of_it(
    small: Scenario, anchors: object
) -> None:
    parts = ("anchor", "budgets")
    fitted, plain = (validate(one, parts).figures for one in (small, small.uncalibrated))
    read = {
        figure.source
        for figure, before in zip(fitted, plain, strict=True)
        if figure.use != before.use
    }
    assert read and all(source.startswith("programme_beneficiaries") for source in read)
    for figure, before in zip(fitted, plain, strict=True):
        changed = before.part == "budgets" and before.use == "scored" and not is_sealed(before)
        assert figure.use == ("set" if changed else before.use)
