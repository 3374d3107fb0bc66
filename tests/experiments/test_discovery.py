"""Discovery of worlds in which a package falls short: planted boxes are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError
from kesos_sim.experiments.design import DRAWN, Design
from kesos_sim.experiments.discovery import Discovery, discover
from kesos_sim.experiments.ensemble import Ensemble, ensemble
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.outcomes import Outcome
from kesos_sim.i18n import numbers
from kesos_sim.reports.discovery import worlds_table
from kesos_sim.reports.influence import factor_name
from kesos_sim.scenario import Scenario, changed
from kesos_sim.scenario.levers import LEVERS

CONSUMED, TRUTH = "household.propensity_to_consume", "registry.truth"
NAMES = (CONSUMED, TRUTH, "orsos.visibility_spread", "wksbm.usul.strength", "fiscal.crowding_out")
STRENGTH = LEVERS["slrt_capacity"].strengths[0]
Formula = Callable[[Scenario], float]


def share(scenario: Scenario, name: str) -> float:
    row = parameter_table()[name]
    return (scenario.parameter(name) - row.low) / (row.high - row.low)


@pytest.fixture
def worlds(
    small: Scenario, anchors: object, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Formula, int], Ensemble]:
    """An ensemble, in the table's ranges, in which a package moves poverty by a formula."""
    small = small.uncalibrated
    package = changed(
        small, {"levers.apbd_poverty_share.value": 0.1, "levers.slrt_capacity.value": 1.0}
    )
    object.__setattr__(package, "name", "package")

    def lived(formula: Formula, number: int) -> Ensemble:
        def live(scenario: Scenario) -> Outcome:
            moved = formula(scenario) if scenario.levers else 0.0
            rate = np.full((25, 1), 10.0 + moved)
            flat = np.ones((25, 1))
            figures = {"poverty_rate": rate, "budget_spent": flat, "yearly_spending": 12 * flat,
                       "poor_people": flat, "poverty_gap": flat, "population": flat,
                       "disaster_waiting": flat}  # fmt: skip
            months = tuple(str(small.start + row) for row in range(25))
            return Outcome(months, ("34",), figures, np.ones(1), 0.0)

        monkeypatch.setattr("kesos_sim.experiments.outcomes.live", live)
        design = Design(NAMES, ("take_up", "coordination_effect"))
        return ensemble([small, package], number, design, Serial())

    return lived


def found(worlds: Ensemble, asked: float | None = None) -> Discovery:
    return discover(worlds, "package", "poverty_rate", asked)


@pytest.mark.slow
def test_a_planted_box_is_found_and_said(worlds) -> None:
    """It fails where little is consumed and the registry sees badly."""
    result = found(
        worlds(lambda s: -0.1 if share(s, CONSUMED) < 0.4 and share(s, TRUTH) < 0.5 else -1.0, 128),
        0.5,
    )
    assert result.short.sum() == pytest.approx(0.2 * 128, abs=4)
    assert result.box is not None
    assert {limit.name for limit in result.box.limits} == {CONSUMED, TRUTH}
    assert result.box.coverage > 0.85 and result.box.density >= 0.8
    row = parameter_table()[CONSUMED]
    (limit,) = (one for one in result.box.limits if one.name == CONSUMED)
    assert limit.low is None and limit.high is not None
    assert (limit.high - row.low) / (row.high - row.low) == pytest.approx(0.4, abs=0.06)
    said = {lang: " ".join(result.sentences(lang)) for lang in ("id", "en")}
    assert "bagian bantuan yang dibelanjakan paling tinggi" in said["id"]
    assert "is at most" in said["en"]
    # A share between a tenth and one is not rounded to a whole number.
    (consumed,) = (limit for limit in result.box.limits if limit.name == CONSUMED)
    for lang in ("id", "en"):
        told = numbers.number(consumed.high, lang, 2)
        assert len(told) == 4 and told in said[lang]
        table = worlds_table(result, lang)
        place = table.fields.index(CONSUMED)
        shown = {row[place] for row in table.rows}
        assert len(shown) > 20 and all(len(cell) == 4 for cell in shown)
    frame = result.frame()
    assert frame.short[frame.inside].mean() == pytest.approx(result.box.density)
    assert frame.inside[frame.short].mean() == pytest.approx(result.box.coverage)


def test_the_package_without_coordination_is_said(worlds) -> None:
    result = found(worlds(lambda s: -2.0 if s.parameter(STRENGTH) > 0.0 else -0.5, 32), 0.7)
    for lang, words in (("id", "−0,50 persen poin"), ("en", "−0.50 percentage points")):
        last = result.sentences(lang)[-1]
        assert words in last and ("sama sekali" in last or "no effect at all" in last)


def test_a_rule_that_decides_is_named(worlds) -> None:
    by_rule = worlds(lambda s: -1.0, 60)
    options = Design(NAMES, ("take_up", "coordination_effect"))
    weak = {number: options.options(number)["take_up"] == "weak" for number in range(1, 61)}
    moved = worlds(lambda s: -0.1 if weak.get(s.seed - by_rule.runs[0].scenario.seed) else -1.0, 60)
    result = found(moved, 0.5)
    assert result.box is not None
    assert [(limit.name, limit.options) for limit in result.box.limits] == [("take_up", ("weak",))]
    assert result.box.density == result.box.coverage == 1.0
    assert "worse" in " ".join(result.sentences("en"))


def test_luck_makes_no_box(worlds) -> None:
    """Whether it falls short depends on the seed alone."""
    luck = np.random.default_rng(8).random(200)
    result = found(worlds(lambda s: -2.0 * float(luck[s.seed % 200]), 64), 1.0)
    assert result.box is None or result.box.coverage < 0.6


def test_without_failures_or_with_nothing_else_there_is_no_box(worlds) -> None:
    for moved, key in ((-1.0, "In all of"), (0.0, "In none of")):
        result = found(worlds(lambda s, moved=moved: moved, 20), 0.5)
        assert result.box is None
        assert any(sentence.startswith(key) for sentence in result.sentences("en"))


def test_worlds_that_differ_by_their_seed_alone_are_listed(worlds) -> None:
    many = worlds(lambda s: -1.0, 24)
    pairs = tuple(replace(pair, parameters={}, options={}) for pair in many.pairs)
    assert found(replace(many, pairs=pairs), 0.5).frame()["reached"].tolist() == [-1.0] * 24


def test_half_of_the_mean_is_asked_if_nothing_is(worlds) -> None:
    result = found(worlds(lambda s: -1.0 - share(s, CONSUMED), 32))
    assert result.asked == pytest.approx(0.75, abs=0.02)


def test_too_few_worlds_and_no_better_side_are_refused(worlds) -> None:
    few = worlds(lambda s: -1.0, 19)
    with pytest.raises(InputError) as caught:
        found(few)
    assert caught.value.code == "KS3029"
    with pytest.raises(InputError) as caught:
        discover(few, "package", "population")
    assert caught.value.code == "KS3028"


def test_all_drawn_parameters_are_looked_at(worlds) -> None:
    frame = found(worlds(lambda s: -1.0, 20)).frame()
    assert set(NAMES) <= set(frame.columns) and set(NAMES) <= set(DRAWN)
    assert {"take_up", "coordination_effect", "reached", "short", "inside"} <= set(frame.columns)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_worlds_are_drawn_along_what_tells_them_apart(worlds, lang: str) -> None:
    result = found(worlds(lambda s: -0.1 if share(s, CONSUMED) < 0.4 else -1.0, 64), 0.5)
    drawn = result.chart(lang)
    assert f"{result.short.sum()} {'dari' if lang == 'id' else 'of'} 64" in drawn.title
    assert len(drawn.table.rows) == 64
    (panel,) = drawn.figure().axes
    assert panel.get_xlabel() == factor_name(CONSUMED, lang)
    marks = [line for line in panel.lines if line.get_linestyle() == "None"]
    assert sorted(len(line.get_xdata()) for line in marks) == sorted(
        [int(result.short.sum()), int((~result.short).sum())]
    )
    assert all(words in drawn.alt for words in result.sentences(lang))


def test_a_package_that_moves_nothing_is_not_said_to_reach_it(worlds) -> None:
    result = found(worlds(lambda s: 0.0, 20))
    said = " ".join(result.sentences("en"))
    assert "does not change it in any of the 20 worlds" in said and "reaches" not in said
    assert "does not move" in result.chart("en").title
