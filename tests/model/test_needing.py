"""What needs do to the households of a whole run: years of school, and how soon they end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kesos_sim.model.model import WelfareModel
from kesos_sim.population.needs import KINDS
from kesos_sim.scenario import Scenario, changed
from tests.model.lives import live

Open = Callable[..., WelfareModel]
EDUCATION = KINDS.index("education")


def test_children_whom_nobody_helps_lose_school_and_a_cell_keeps_its_mean(
    small: Scenario, open_small: Open
) -> None:
    """The same households with and without what a missed year costs, over one January."""
    year = {"months": 11}
    lives = []
    for loss in (0.0, 1.0):
        change = year | {"parameters.need.education.school_loss": loss}
        lives.append(live(open_small(changed(small, change))))
    without, with_loss = lives
    people = with_loss.world.households
    needs = without.world.households.needs
    # Some few become poor by it, and get other needs.
    assert (people.needs != needs).mean() < 0.01
    needy = (people.needs & needs) >> np.uint16(EDUCATION) & np.uint16(1) != 0
    differ = people.gain.astype(np.float64) - without.world.households.gain
    parameter = small.parameter
    once = parameter("humancapital.return_to_year") * parameter("humancapital.earner_share")
    assert differ[needy].mean() < -0.5 * once
    assert differ[~needy].mean() > differ[needy].mean()
    # What some lose the others are expected not to: the mean of all moves by far less than a year.
    assert abs(differ.mean()) < 0.05 * once


def test_poor_households_get_over_a_need_later(small: Scenario, open_small: Open) -> None:
    """Cases that end in a year, against the gap that the parameter names."""
    ended = np.zeros((2, 2))
    change = {"months": 12, "households": 8000, "parameters.need.recovery_gap": 0.8}
    model = open_small(changed(small, change))
    usual = np.log1p(-model.parts.serving.needing.needs.end[0].astype(np.float64))
    while model.row < 12:
        cases, welfare = model.parts.serving.cases, model.world.households.welfare
        (open_,) = np.nonzero(cases.household >= 0)
        home, kind = cases.household[open_].copy(), cases.kind[open_].copy()
        poor = (welfare[home] < 1.0).astype(int)
        model.step()
        over = (model.world.households.needs[home] >> kind.astype(np.uint16)) & 1 == 0
        for group in (0, 1):
            ended[group] += over[poor == group].sum(), -usual[kind[poor == group]].sum()
    pace = ended[:, 0] / ended[:, 1]
    assert pace[1] < 0.75 * pace[0]
