"""Intervals of modelled figures: other worlds, none lived twice, and the figure itself inside."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim import i18n
from kesos_sim.calibration import intervals, transfer_study
from kesos_sim.calibration.figure_words import words_of
from kesos_sim.calibration.figures import Figure
from kesos_sim.calibration.intervals import VARIED, WITHOUT, with_intervals, worlds
from kesos_sim.calibration.published import validate
from kesos_sim.calibration.table import figure_table, within_intervals
from kesos_sim.data.parameters import parameter_table
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.store import Store
from kesos_sim.scenario import Scenario

RATE = Figure(
    "anchor", "province", "34", "poverty_rate", (), 10.0, 10.0, "percent", "official", "scored", "t"
)
NUMBERS = st.floats(0.0, 100.0)


def answer(monkeypatch: pytest.MonkeyPatch, values: list[float]) -> None:
    """Let worlds have these poverty rates, in their order."""

    def figures_of(asked: list[Scenario], *_: Any, **__: Any) -> list[dict[Any, Figure]]:
        found = [replace(RATE, modelled=value) for value in values]
        return [{intervals.key_of(one): one} for one in found]

    monkeypatch.setattr(intervals, "figures_of", figures_of)


@given(NUMBERS, st.lists(NUMBERS, min_size=1, max_size=12))
def test_an_interval_is_that_of_the_worlds_and_holds_the_figure(
    small: Scenario, own: float, drawn: list[float]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        answer(patch, drawn)
        (found,) = with_intervals(small, [replace(RATE, modelled=own)], len(drawn))
    assert found.low == min(own, np.percentile(drawn, 10))
    assert found.high == max(own, np.percentile(drawn, 90))
    assert replace(found, low=math.nan, high=math.nan).modelled == own


def test_what_some_world_does_not_have_has_no_interval(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, [9.0, math.nan])
    assert with_intervals(small, [RATE], 2)[0].inside is None
    answer(monkeypatch, [9.0])
    assert with_intervals(small, [RATE], 2)[0].inside is None


@pytest.mark.parametrize(
    ("low", "high", "inside"),
    [
        (9.0, 11.0, True),
        (10.004, 11.0, True),
        (10.006, 11.0, False),
        (math.nan, math.nan, None),
    ],
)
def test_inside_is_what_the_written_figures_say(
    low: float, high: float, inside: bool | None
) -> None:
    figure = replace(RATE, low=low, high=high)
    assert figure.inside is inside
    assert figure.record()["inside"] is inside
    told = words_of(figure, "en").verdict
    assert ("inside" in told, "outside" in told) == (inside is True, inside is False)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_a_table_has_a_column_of_intervals_only_with_intervals(lang: str) -> None:
    heading = i18n.text("validation.heading_interval", lang)
    for figure, there in ((RATE, False), (replace(RATE, low=9.5, high=10.5), True)):
        table = figure_table("t", "t", [figure], lang)
        assert (heading in [column.label for column in table.columns]) is there
        assert len(table.rows[0]) == len(table.columns)
        assert bool(within_intervals([figure], lang, 8)) is there
    text = within_intervals(
        [replace(RATE, low=9.5, high=10.5), replace(RATE, part="overlap")], lang, 8
    )
    assert "8" in text[0] and i18n.text("validation.part_overlap", lang) in text[1]


def test_worlds_differ_in_seed_and_within_ranges_and_backcasts_know_no_calibration(
    small: Scenario,
) -> None:
    table = parameter_table()
    for parts in (("anchor",), ("path",)):
        drawn = worlds(small, parts, 4)
        assert len({world.seed for world in drawn} | {small.seed}) == 5
        for name in VARIED:
            values = [world.parameter(name) for world in drawn]
            assert len(set(values)) == 4
            assert table[name].low <= min(values) <= max(values) <= table[name].high
        assert {world.calibration for world in drawn} == (
            {0} if parts == ("path",) else {small.calibration}
        )


def test_what_is_known_is_not_computed_again(
    small: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    words: dict[str, Any] = {"store": store, "draws": 2, "executor": Serial()}
    first = validate(small, ["transfer"], **words)
    assert first.provenance["replicates"] == 3
    assert all(one.low <= one.modelled <= one.high for one in first.figures if one.inside)
    assert any(one.low < one.high for one in first.figures)
    monkeypatch.setattr(transfer_study, "transfer_figures", None)
    again = validate(small, ["transfer"], **words)
    assert json.dumps(again.records()) == json.dumps(first.records())


def test_parts_without_intervals_are_not_lived_again(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intervals, "figures_of", None)
    figures = [replace(RATE, part=part) for part in WITHOUT]
    assert with_intervals(small, figures, 2) == tuple(figures)
