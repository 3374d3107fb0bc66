"""Which strategy and which lines of the books a lever serves."""

from __future__ import annotations

from pathlib import Path

import pytest

from kesos_sim.experiments.compare import compare
from kesos_sim.i18n import LANGUAGES, text
from kesos_sim.institutions import accounts
from kesos_sim.institutions.programmes import TOPUPS
from kesos_sim.reports.plans import activities as made
from kesos_sim.reports.plans import strategies
from kesos_sim.reports.plans.activities import activities, lines_of_lever, payers_of_lever
from kesos_sim.reports.plans.package import chosen
from kesos_sim.reports.plans.renaksi import action_table
from kesos_sim.reports.plans.strategies import (
    STRATEGIES,
    strategy_of_lever,
    strategy_of_line,
)
from kesos_sim.scenario import load_scenario
from kesos_sim.scenario.levers import LEVERS

FREE = {"none", "reports", "programme", "within_share"}
"""Rules of cost that write on no line of a government, or on that of a programme."""


def test_strategies_name_levers_and_lines_that_exist_and_each_once() -> None:
    levers = [name for names in strategies._LEVERS.values() for name in names]
    lines = [name for names in strategies._LINES.values() for name in names]
    assert set(levers) <= LEVERS.keys() and len(set(levers)) == len(levers)
    assert set(lines) <= {*accounts.INSTRUMENT_LINES, *TOPUPS} and len(set(lines)) == len(lines)
    for strategy in STRATEGIES:
        assert all(text(f"plans.strategy_{strategy}", lang) for lang in LANGUAGES)


@pytest.mark.parametrize("name", LEVERS)
def test_every_rule_of_cost_says_on_which_lines_it_writes(name: str) -> None:
    lines = lines_of_lever(name)
    cost = LEVERS[name].cost
    assert lines or cost in FREE, f"{name}: no lines for {cost}"
    known = {*accounts.INSTRUMENT_LINES, *TOPUPS, "PKH", "SEMBAKO", "BLT_DESA", "PBI"}
    assert set(lines) <= known
    assert strategy_of_lever(name) in STRATEGIES


def test_rules_of_cost_are_those_of_levers() -> None:
    assert made._LINES_OF_COST.keys() <= {lever.cost for lever in LEVERS.values()}
    assert made._WITHIN_SHARE.keys() <= LEVERS.keys()


@pytest.mark.parametrize(
    ("line", "strategy"),
    [
        ("TOPUP_REGIONAL", "burden"),
        ("kartu-lansia", "burden"),
        ("PKH", "burden"),
        ("ENTERPRISE", "income"),
        ("HOUSING", "pockets"),
        ("POLITICS", "support"),
    ],
)
def test_lines_have_the_strategy_of_their_purpose(line: str, strategy: str) -> None:
    assert strategy_of_line(line) == strategy


@pytest.mark.usefixtures("anchors")
def test_a_budget_share_is_named_where_its_own_budget_pays(scenario_folder: Path) -> None:
    """Cash of the nation is no activity of a province's share, nor the other way round."""
    world = {"region": "3471", "households": 2000, "months": 21}
    shares = ("apbd_poverty_share", "apbn_poverty_share")
    early = {f"levers.{name}.from": "2024-04" for name in shares}
    baseline = load_scenario(scenario_folder / "baseline.yaml", world)
    both = load_scenario(scenario_folder / "apbd-apbn-10.yaml", world | early)
    package = chosen(compare(baseline, [both], draws=0), None, "en")
    found = {one.line: one for one in activities(package, 2025)}
    assert found["TOPUP_NATIONAL"].levers == ("apbn_poverty_share",)
    assert found["TOPUP_REGIONAL"].levers == ("apbd_poverty_share",)
    for one in found.values():
        for name in shares:
            paid = not one.by_stream.keys().isdisjoint(payers_of_lever(name))
            assert (name in one.levers) == (paid and one.line in lines_of_lever(name))
    table = action_table(package)
    fund = table.fields.index("fund")
    regional, national = (row[fund] for row in table.rows)
    assert "APBD" in regional and "APBN" not in regional
    assert "APBN" in national and "APBD" not in national
