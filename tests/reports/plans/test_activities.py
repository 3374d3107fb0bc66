"""Which strategy and which lines of the books a lever serves."""

from __future__ import annotations

import pytest

from kesos_sim.i18n import LANGUAGES, text
from kesos_sim.institutions import accounts
from kesos_sim.institutions.programmes import TOPUPS
from kesos_sim.reports.plans import activities as made
from kesos_sim.reports.plans import strategies
from kesos_sim.reports.plans.activities import lines_of_lever
from kesos_sim.reports.plans.strategies import (
    STRATEGIES,
    strategy_of_lever,
    strategy_of_line,
)
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
