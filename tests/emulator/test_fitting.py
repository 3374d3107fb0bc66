"""Parts of the fit against truths that are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kesos_sim.emulator.evidence import Relevance, Rows, folds, found_relevance, predicted, weights
from kesos_sim.emulator.fitting import fit_pair
from kesos_sim.emulator.packing import pack, unpack
from kesos_sim.emulator.question import NAMES, SHOCKS, START, YEARS, Life, baseline, scenario_of
from kesos_sim.emulator.sample import ALL_NINE, MONEY, Sample, package
from kesos_sim.emulator.spread import Band, covered, crossed, fitted_spread, spread_terms
from kesos_sim.emulator.table import Changes
from kesos_sim.emulator.terms import Terms, today
from kesos_sim.scenario.coordination import STRENGTHS
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.load import load_scenario
from kesos_sim.units import Month

TERMS = Terms.of(baseline())


def made_up(worlds: int = 40, packages: int = 10) -> tuple[Rows, np.ndarray, np.ndarray]:
    """Changes that follow the first two curves, scaled by the first parameter of the world."""
    rng = np.random.default_rng(7)
    world = np.repeat(np.arange(1, worlds + 1), packages)
    terms = np.array(
        [TERMS.row(dict(package(int(w), turn % packages))) for turn, w in enumerate(world)]
    )
    parameters = rng.normal(size=(worlds, 5))
    parameters -= parameters.mean(axis=0)
    places = parameters[world - 1]
    truth = np.zeros((terms.shape[1], 3))
    truth[NAMES.index("apbd_poverty_share")] = [-1.0, -2.0, -0.5]
    truth[NAMES.index("partnership_platform")] = [-0.01, 0.0, -0.02]
    noise = (
        1e-3 * rng.normal(size=(len(world), 3)) * (terms[:, : len(NAMES)].max(axis=1) > 0)[:, None]
    )
    figures = (1.0 + 0.5 * places[:, :1]) * (terms @ truth) + noise
    rows = Rows(terms, places, world, spread_terms(terms), len(TERMS.curves))
    return rows, figures, truth


@pytest.fixture(scope="module")
def relevance() -> Relevance:
    """What is found in the changes that are made up."""
    rows, figures, _ = made_up()
    return found_relevance(rows, figures)


@pytest.mark.slow
def test_weights_are_found_although_worlds_differ(relevance: Relevance) -> None:
    rows, figures, truth = made_up()
    fitted = rows.terms @ weights(relevance, rows, figures)
    assert fitted == pytest.approx(rows.terms @ truth, abs=0.02)
    idle = NAMES.index("social_marketing")
    assert np.abs(weights(relevance, rows, figures)[idle]).max() < 1e-3
    assert relevance.parameter.argmax() == 0, "the parameter that matters is told from the others"


@pytest.mark.slow
def test_worlds_that_were_left_out_are_predicted_by_their_parameters(
    relevance: Relevance,
) -> None:
    rows, figures, _ = made_up()
    out = folds(rows.world) == 3
    middle, own = predicted(relevance, rows.of(~out), figures[~out], rows.of(out))
    assert np.abs(figures[out] - own).mean() < 0.2 * np.abs(figures[out] - middle).mean()


def test_without_a_lever_every_prediction_is_zero() -> None:
    rows, figures, _ = made_up(worlds=9, packages=6)
    blank = Rows(
        np.zeros((1, TERMS.size)), np.ones((1, 5)), np.array([1]), np.zeros((1, 23)), rows.curves
    )
    for found in predicted(found_relevance(rows, figures), rows, figures, blank):
        assert (found == 0.0).all()


def test_variances_of_parts_are_found_at_every_size() -> None:
    rng = np.random.default_rng(3)
    parts = rng.uniform(size=(4000, 3)) * [1.0, 1e-4, 1.0]
    truth = np.array([2.0, 5.0, 0.0])
    squares = (parts @ truth) * rng.chisquare(1, 4000)
    found = fitted_spread(parts, squares)
    assert found[0] == pytest.approx(2.0, rel=0.1)
    assert found[2] < 0.1
    assert (fitted_spread(parts, np.zeros(4000)) >= 0.0).all()


def test_a_band_holds_what_it_says_of_worlds_it_has_not_seen() -> None:
    rng = np.random.default_rng(5)
    world = np.repeat(np.arange(1, 201), 5)
    curves = rng.uniform(size=(1000, len(NAMES))) * (rng.uniform(size=(1000, len(NAMES))) < 0.4)
    parts, years = spread_terms(curves), 2
    size = np.concatenate([np.full(years, 1.0), np.full(2 * years, 3.0)])
    sd = np.sqrt(curves[:, 0] ** 2 + 0.01 * curves[:, 3] ** 2)
    left_over = rng.normal(size=(1000, 3 * years)) * sd[:, None] * size
    least = np.full(3 * years, 1e-3)
    known, seen = crossed(parts, left_over, folds(world), least, years)
    inside = covered(known, seen, folds(world), years)
    assert 0.8 <= inside.mean() <= 0.9, "a little more than 80 percent, see HELD"
    band = Band.of(parts, left_over, folds(world), least, years)
    told = band.deviation(parts)[:, -1]
    some = sd > 0.2
    assert told[some] == pytest.approx(3.0 * sd[some], rel=0.35)
    assert (band.deviation(np.zeros((1, parts.shape[1]))) == 0.0).all()


@given(
    table=arrays(np.float64, (3, 4, 5), elements=st.floats(-1e12, 1e12)),
    shared=st.integers(0, 3),
)
def test_packed_tables_come_back(table: np.ndarray, shared: int) -> None:
    back = unpack(pack({"first": (np.ones(7), 0), "table": (table, shared)}))
    assert (back["first"] == 1.0).all()
    axes = tuple(range(3 - shared, 3))
    largest = np.abs(table).max(axis=axes, keepdims=True) if shared else np.abs(table)
    bound = largest / 2047.0 * 0.51 if shared else largest * 1e-7
    assert (np.abs(back["table"] - table) <= bound + 1e-30).all()


@pytest.mark.parametrize("name", NAMES)
def test_curves_are_zero_today_and_within_one(name: str) -> None:
    lever = LEVERS[name]
    assert (TERMS.row({name: today(name, baseline())}) == 0.0).all()
    for value in np.linspace(lever.low, lever.high, 31):
        row = TERMS.row({name: float(value)})
        assert np.isfinite(row).all() and (np.abs(row) <= 1.0 + 1e-12).all()
    assert TERMS.row({name: lever.high}).any()


def test_room_of_budgets_is_a_bend() -> None:
    """Half of the proposed tenth of APBD is feasible; more brings it sooner, not more of it."""
    first = NAMES.index("apbd_poverty_share")
    height = [
        TERMS.row({"apbd_poverty_share": value})[first] for value in (0.015, 0.04, 0.065, 0.15)
    ]
    assert height == pytest.approx([0.0, 0.5, 1.0, 1.0])


def test_baseline_is_that_of_the_scenario_file(scenario_folder) -> None:
    own, other = baseline().document(), load_scenario(scenario_folder / "baseline.yaml").document()
    for name in ("months", "households", "name", "title"):
        del own[name], other[name]
    assert own == other
    assert baseline().end == Month.parse("2031-12") and YEARS[-1] == 2031


def test_all_nine_points_are_those_of_the_scenario_file(scenario_folder) -> None:
    other = load_scenario(scenario_folder / "semua-butir.yaml")
    assert {name: setting.value for name, setting in other.levers.items()} == dict(ALL_NINE)
    own = scenario_of(Life(1, levers=tuple(ALL_NINE.items())))
    for name, setting in other.levers.items():
        assert own.levers[name].ramp_months == setting.ramp_months
        assert own.levers[name].start == START


def test_package_and_baseline_share_world_and_anchor() -> None:
    for shock in SHOCKS:
        for effect in (True, False):
            life = Life(4, effect, shock, (("apbd_poverty_share", 0.1),))
            own, usual = scenario_of(life), scenario_of(life.baseline)
            assert own.seed == usual.seed and own.parameters == usual.parameters
            assert own.events == usual.events
            assert own.anchor.document() == usual.anchor.document()
            if not effect:
                assert all(own.parameter(name) == 0.0 for name in STRENGTHS)


def test_a_sample_covers_corners_single_levers_and_money() -> None:
    lives = Sample().lives()
    assert len(lives) == len(set(lives)) == 1000
    first = {life: place for place, life in enumerate(lives)}
    assert all(first[life.baseline] < place for life, place in first.items() if life.levers)
    alone = {life.levers[0][0] for life in lives if len(life.levers) == 1}
    assert alone == set(NAMES)
    assert any(life.levers and {name for name, _ in life.levers} <= set(MONEY) for life in lives)
    for name in NAMES:
        values = {dict(life.levers)[name] for life in lives if name in dict(life.levers)}
        assert LEVERS[name].high in values
        assert all(LEVERS[name].low <= value <= LEVERS[name].high for value in values)
    for shock in SHOCKS:
        assert sum(life.shock == shock and not life.levers for life in lives) >= 19


def test_a_larger_sample_contains_a_smaller_one() -> None:
    small, large = Sample(worlds=8), Sample(worlds=12)
    assert set(small.lives()) <= set(large.lives())


def test_an_outcome_that_never_moves_has_a_flat_surface() -> None:
    rows, _, _ = made_up(worlds=9, packages=6)
    lives = tuple(
        Life(int(world), levers=package(int(world), turn % 6))
        for turn, world in enumerate(rows.world)
    )
    change = np.zeros((len(lives), 1, 2, 2))
    changes = Changes(lives, rows.terms, change, rows.world)
    still = np.zeros((len(lives), 4))
    for fit in fit_pair(changes, changes, still, still, rows.curves, 2, 0.01):
        assert not fit.mean(rows.terms).any() and not fit.deviation(rows.terms).any()
        assert fit.errors.mae == 0.0 and fit.errors.coverage == 1.0
