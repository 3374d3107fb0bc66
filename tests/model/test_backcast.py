"""A backcast reads no outcome after its base month: with garbage in their place it is the same."""

from __future__ import annotations

import functools
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from kesos_sim.data import reading
from kesos_sim.data.table import Table
from kesos_sim.model.opening import open_model
from kesos_sim.scenario import Scenario, load_scenario
from kesos_sim.units import Month
from tests.model.lives import figures, fingerprint, live

MARCH: Final = 3
OUTCOMES: Final = {
    "poverty_province": ("poverty_rate_p0", "gap_p1", "severity_p2", "poor_thousand"),
    "poverty_kabupaten": (
        "poverty_rate_p0", "gap_p1", "severity_p2", "poor_thousand",
        "implied_susenas_population_thousand",
    ),
    "inequality_province": ("gini", "share_bottom40", "share_mid40", "share_top20"),
    "expenditure_province": ("total_idr", "food_idr", "nonfood_idr"),
    "consumption_percentiles": ("ratio_to_median", "median_2011ppp_day"),
    "decile_shares": (*(f"d{tenth}" for tenth in range(1, 11)), "gini", "mean_2017ppp_day",
                      "median_2017ppp_day", "headcount_215_2017ppp", "poverty_gap_215"),
    "extreme_poverty": ("extreme_poverty_rate", "extreme_poor_thousand"),
}  # fmt: skip
"""Everything that a model of poverty should predict, by table. Household sizes and urban shares are
known for few years only; they describe who lives where and are taken from the nearest survey."""

INPUTS: Final = {
    "poverty_province": ("poverty_line_idr",),
    "growth_prices": ("gdp_growth_percent", "cpi_inflation_percent", "unemployment_feb_percent"),
}
"""What comes from outside the model and may be read after the base month."""

Columns = dict[str, tuple[str, ...]]
Rule = Callable[[int, int], bool]


def spoilt(table: Table, columns: tuple[str, ...], which: Rule) -> Table:
    """Return a table with garbage in some columns of some months."""
    month = table["month"] if "month" in table else np.full(len(table), MARCH)
    month = np.nan_to_num(month, nan=MARCH)
    rows = np.array([which(y, m) for y, m in zip(table["year"], month, strict=True)], np.bool_)
    chance = np.random.default_rng(1)
    changed = dict(table.columns)
    for name in columns:
        values = changed[name].astype(np.float64)
        values[rows] = values[rows] * chance.uniform(0.2, 3.0, rows.sum()) + 1.0
        changed[name] = values.astype(changed[name].dtype)
    return Table.from_columns(table.name, changed, table.meta)


def forget_tables() -> None:
    """Clear what the package remembers of its tables."""
    for found in gc.get_objects():
        if type(found) is functools._lru_cache_wrapper and found.__module__.startswith(
            "kesos_sim."
        ):
            found.cache_clear()


@contextmanager
def garbage(columns: Columns, which: Rule) -> Iterator[list[str]]:
    """Let the package read garbage; yields the tables that were read."""
    read: list[str] = []
    parse = reading.parse

    def parse_and_spoil(meta: Any, content: bytes, path: Path) -> Table:
        table = parse(meta, content, path)
        read.append(table.name)
        return spoilt(table, columns[table.name], which) if table.name in columns else table

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "parse", parse_and_spoil)
        forget_tables()
        try:
            yield read
        finally:
            patch.undo()
            forget_tables()


def short(folder: Path, name: str, months: int) -> Scenario:
    world = {"region": "34", "households": 2500, "months": months}
    return load_scenario(folder / f"{name}.yaml", world)


@pytest.fixture(scope="module")
def backcast(scenario_folder: Path) -> Scenario:
    return short(scenario_folder, "backcast-2019", 30)


def lived(scenario: Scenario) -> dict[str, str]:
    return fingerprint(live(open_model(scenario, 1, fresh=True)))


@pytest.fixture(scope="module")
def truth(anchors: Path, backcast: Scenario) -> dict[str, str]:
    return lived(backcast)


@pytest.mark.slow
def test_it_goes_on_beyond_the_inputs(anchors: Path, scenario_folder: Path) -> None:
    """From 2019 for eight years; its first months are those of a shorter one."""
    shorter, longer = (
        figures(live(open_model(short(scenario_folder, "backcast-2019", months), 1)))
        for months in (69, 96)
    )
    for name, values in longer.items():
        np.testing.assert_array_equal(values[:69], shorter[name][:69], name)
    rates = longer["poverty_rate"][70:, 0]
    assert rates.size == 27 and np.all((rates > 0.0) & (rates < 100.0))


def after(base: Month) -> Rule:
    return lambda year, month: Month(int(year), int(month)) > base


def until(base: Month) -> Rule:
    return lambda year, month: Month(int(year), int(month)) <= base


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("backcast-2015", marks=pytest.mark.full),
        pytest.param("backcast-2017", marks=pytest.mark.full),
        "backcast-2019",
    ],
)
def test_no_outcome_after_the_base_month_is_read(
    anchors: Path, scenario_folder: Path, name: str
) -> None:
    scenario = short(scenario_folder, name, 30)
    before = lived(scenario)
    with garbage(OUTCOMES, after(scenario.start)) as read:
        assert lived(scenario) == before
    assert {"poverty_province", "poverty_kabupaten", "growth_prices"} <= set(read)


@pytest.mark.slow
@pytest.mark.parametrize("table", ["poverty_province", "poverty_kabupaten", "inequality_province"])
def test_outcomes_of_the_base_month_are_read(
    backcast: Scenario, truth: dict[str, str], table: str
) -> None:
    """The garbage works: where it may be read, it changes the world."""
    with garbage({table: OUTCOMES[table][:1]}, until(backcast.start)):
        assert lived(backcast)["observer.sums"] != truth["observer.sums"]


@pytest.mark.slow
def test_outside_inputs_after_the_base_month_are_read(
    backcast: Scenario, truth: dict[str, str]
) -> None:
    for table, columns in INPUTS.items():
        with garbage({table: columns}, after(backcast.start)):
            assert lived(backcast)["observer.sums"] != truth["observer.sums"], table


@pytest.mark.slow
def test_a_forecast_reads_no_outcome_after_its_base_month(
    anchors: Path, scenario_folder: Path
) -> None:
    world = {"region": "34", "households": 2000, "start": "2019-03", "months": 14}
    scenario = load_scenario(scenario_folder / "apbd-10.yaml", world)
    before = lived(scenario)
    with garbage(OUTCOMES, after(scenario.start)):
        assert lived(scenario) == before
