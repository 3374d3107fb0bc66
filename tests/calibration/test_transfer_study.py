"""The study of five transfers: what is given is met, and the rest follows without fitting."""

from __future__ import annotations

import numpy as np
import pytest

from kesos_sim.calibration.figure_words import words_of
from kesos_sim.calibration.figures import Figure
from kesos_sim.calibration.transfer_study import study_households, transfer_figures
from kesos_sim.data import read_table
from kesos_sim.data.parameters import parameter_table

HOUSEHOLDS = 30_000
SEED = 2008
LINE = 320_000.0


def parameter(name: str) -> float:
    return parameter_table()[name].value


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    return transfer_figures(parameter, SEED, HOUSEHOLDS)


def headcounts(figures: list[Figure], line: str) -> list[Figure]:
    return [f for f in figures if f.measure == "study_headcount" and f.detail[0] == line]


def test_the_place_is_the_study_as_readers_know_it(figures: list[Figure]) -> None:
    own = [figure for figure in figures if figure.level == "study"]
    assert {words_of(figure, "id").place for figure in own} == {"Alatas dkk. 2012"}
    assert {words_of(figure, "en").place for figure in own} == {"Alatas et al. 2012"}


def test_all_rows_of_the_study_are_there(figures: list[Figure]) -> None:
    table = read_table("targeting_errors").where(study="Alatas et al. 2012 Table 5", method="PMT")
    shown = {f.source for f in figures if f.measure == "study_headcount"}
    assert shown == {f"targeting_errors:{row}" for row in table["id"]}
    assert [f.detail[1] for f in headcounts(figures, "poor")] == [
        0,
        50_000,
        100_000,
        200_000,
        500_000,
    ]


@pytest.mark.parametrize("line", ["poor", "very_poor"])
def test_only_the_headcounts_before_are_given(figures: list[Figure], line: str) -> None:
    first, *rest = headcounts(figures, line)
    assert first.use == "set"
    assert first.modelled == pytest.approx(first.published, abs=0.01)
    assert all(figure.use == "scored" for figure in rest)


@pytest.mark.parametrize("line", ["poor", "very_poor"])
def test_larger_transfers_leave_fewer_below(figures: list[Figure], line: str) -> None:
    modelled = [figure.modelled for figure in headcounts(figures, line)]
    assert modelled == sorted(modelled, reverse=True)
    assert len(set(modelled)) == len(modelled)


def test_the_model_meets_the_study_at_the_poor_line(figures: list[Figure]) -> None:
    assert all(figure.hit for figure in headcounts(figures, "poor"))


def test_no_parameter_was_fitted_to_a_transfer() -> None:
    fitted = [row for row in parameter_table().values() if row.source.startswith("fitted")]
    assert all(
        "G5" not in row.source.split("not used")[0].split("(G1, G5, G7)")[0] for row in fitted
    )


def test_a_share_of_every_province_and_area_is_selected() -> None:
    study = study_households(parameter, SEED, HOUSEHOLDS)
    cell = study.province * 2 + study.area
    assert np.unique(cell).size == 6
    for number in np.unique(cell):
        inside = cell == number
        assert study.selected[inside].mean() == pytest.approx(0.3, abs=0.001)
        assert (
            study.score[inside & study.selected].max() < study.score[inside & ~study.selected].min()
        )


def test_everything_received_is_consumed() -> None:
    study = study_households(parameter, SEED, HOUSEHOLDS)
    gain = (study.after(100_000.0, LINE) - study.welfare) * study.size * LINE
    assert gain[study.selected] == pytest.approx(100_000.0)
    assert not gain[~study.selected].any()


def test_same_seed_same_households() -> None:
    one, other = (study_households(parameter, SEED, 3000) for _ in range(2))
    assert np.array_equal(one.welfare, other.welfare)
    assert not np.array_equal(one.welfare, study_households(parameter, SEED + 1, 3000).welfare)
