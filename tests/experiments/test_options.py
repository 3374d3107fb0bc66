"""Packages beside each other: figures are those of the comparison, the best one is the best."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.errors import InputError
from kesos_sim.experiments.compare import compare
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.options import Option, Options, helps, options
from kesos_sim.experiments.winners import winners
from kesos_sim.scenario import Scenario, changed, load_scenario

WORLD = {"region": "3471", "households": 2000, "months": 13}
AIMS = ("poverty_rate", "unmet_need_rate", "cases_served")


@pytest.fixture(scope="module")
def base(scenario_folder: Path, anchors: Path) -> Scenario:
    return load_scenario(scenario_folder / "baseline.yaml", WORLD)


@pytest.fixture(scope="module")
def packages(base: Scenario) -> tuple[Scenario, ...]:
    cash = replace(changed(base, {"levers.pkh_amount.value": 2.0}), name="pkh-dua-kali")
    body = replace(changed(base, {"levers.bkkks_standing.value": 3}), name="bkkks")
    return cash, body


@pytest.fixture(scope="module")
def found(base: Scenario, packages: tuple[Scenario, ...]) -> Options:
    return options(base, packages, AIMS, draws=1, executor=Serial())


@pytest.mark.slow
def test_figures_are_those_of_the_plain_comparison(
    found: Options, base: Scenario, packages: tuple[Scenario, ...]
) -> None:
    plain = compare(base, packages, draws=1, executor=Serial())
    for option, run in zip(found.options, plain.alternatives, strict=True):
        assert option.name == run.scenario.name
        for aim in AIMS:
            drawn = plain.pairs[0].change(option.name, aim)
            central = run.last_year(aim) - plain.baseline.last_year(aim)
            assert option.change[aim] == pytest.approx([central, drawn])
        spent = plain.difference("budget_spent", run)[-12:, 0].sum()
        assert option.cost[0] == pytest.approx(spent)


def test_who_gains_and_loses_is_that_of_winners(
    found: Options, base: Scenario, packages: tuple[Scenario, ...]
) -> None:
    one = winners(base, packages[0], executor=Serial())
    gain, loss = found.options[0].moved
    assert gain == pytest.approx(one.shares[0, :2].sum())
    assert loss == pytest.approx(one.losers)
    assert gain > 0.0


def test_only_a_package_that_rests_on_coordination_has_a_case_without_it(found: Options) -> None:
    cash, body = found.options
    assert not cash.rests and np.isnan(cash.without_cost) and cash.without_moved is None
    assert body.rests and set(body.without) == set(AIMS) and body.without_moved is not None


def test_cash_is_the_best_against_poverty(found: Options) -> None:
    best = found.best("poverty_rate")
    assert best.package == best.without == "pkh-dua-kali"
    assert best.certain


def test_what_cannot_be_compared_is_refused(base: Scenario, packages: tuple[Scenario, ...]) -> None:
    with pytest.raises(InputError) as few:
        options(base, packages[:1])
    assert few.value.code == "KS9150"
    with pytest.raises(InputError) as aimless:
        options(base, packages, ("population",))
    assert aimless.value.code == "KS9151"
    short = [replace(one, months=8) for one in (base, *packages)]
    with pytest.raises(InputError) as brief:
        options(short[0], short[1:])
    assert brief.value.code == "KS8003"


CHANGES = st.lists(st.lists(st.floats(-5.0, 5.0), min_size=3, max_size=3), min_size=2, max_size=5)


def made_up(found: Options, changes: list[list[float]], aim: str) -> Options:
    made = tuple(
        Option(
            name=f"p{number}",
            change={aim: np.array(row)},
            cost=np.zeros(3),
            moved=(0.0, 0.0),
            without={},
            without_cost=float("nan"),
            without_moved=None,
        )
        for number, row in enumerate(changes)
    )
    return replace(found, options=made, aims=(aim,))


@given(changes=CHANGES, aim=st.sampled_from(["poverty_rate", "cases_served"]))
def test_the_best_does_most_and_sureness_is_a_whole_interval(
    found: Options, changes: list[list[float]], aim: str
) -> None:
    sense = 1.0 if aim == "cases_served" else -1.0
    many = made_up(found, changes, aim)
    best = many.best(aim)
    central = {one.name: float(one.change[aim][0]) for one in many.options}
    helping = [name for name, value in central.items() if helps(aim, value)]
    assert bool(best.package) == bool(helping)
    assert bool(best.second) == (len(helping) > 1)
    if best.package:
        assert sense * central[best.package] == max(sense * central[name] for name in helping)
        own = next(one.change[aim] for one in many.options if one.name == best.package)
        if (sense * own > 0.0).all():
            assert best.certain
    if best.sure:
        one, two = (
            next(other.change[aim] for other in many.options if other.name == name)
            for name in (best.package, best.second)
        )
        assert np.median(sense * (one - two)) > 0.0
    turned = made_up(found, changes[::-1], aim).best(aim)
    assert sense * central.get(best.package, 0.0) == sense * (
        float(changes[::-1][int(turned.package[1:])][0]) if turned.package else 0.0
    )
