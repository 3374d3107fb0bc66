"""Cepu Raya: each element of PSKS that it moves changes its own figure beside the others.

All of them work; then one at a time is left as today, in the same small world. What differs is
what that element adds to the others.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from kesos_sim.indicators.coordination import SERVICE_MEASURES
from kesos_sim.model.model import WelfareModel
from kesos_sim.scenario import Scenario, from_document, load_scenario
from kesos_sim.scenario.lever import DOWN, UP
from tests.model.lives import figures, live

OWN: Final = {
    "bkkks_standing": ("coordination_active", UP),
    "partnership_platform": ("duplicate_service_rate", DOWN),
    "slrt_capacity": ("slrt_cases", UP),
    "social_workers": ("slrt_days", DOWN),
    "extension_workers": ("slrt_cases", UP),
    "volunteer_support": ("volunteers", UP),
    "disaster_preparedness": ("houses_unrepaired", DOWN),
    "youth_groups": ("youth_groups_active", UP),
    "pkh_graduation": ("pioneer_families", UP),
    "facilitator_ratio": ("facilitator_caseload", DOWN),
    "orsos_training": ("cases_served", UP),
    "orsos_certification": ("orsos_government_share", UP),
    "wksbm_growth": ("wksbm_active", UP),
    "wksbm_training": ("wksbm_dormancy_rate", DOWN),
    "women_leaders": ("wksbm_women_led", UP),
}
"""The figure of each element; what matching of CSR does is seen between districts."""

_FROM: Final = "2024-06"
_MONTHS: Final = 24

Lived = Callable[..., WelfareModel]


@pytest.fixture(scope="module")
def cepu_raya(scenario_folder: Path) -> Scenario:
    """The shipped scenario with few households and two years."""
    world = {"households": 4000, "months": _MONTHS}
    return load_scenario(scenario_folder / "cepu-raya.yaml", world)


@pytest.fixture(scope="module")
def lived(cepu_raya: Scenario, open_small: Callable[..., WelfareModel]) -> Lived:
    """Live it with its settings from the third month on, one of them left as today."""

    def without(lever: str = "") -> WelfareModel:
        settings = {
            name: {"value": setting.value, "from": _FROM}
            for name, setting in cepu_raya.levers.items()
            if name != lever
        }
        document = cepu_raya.document() | {"anchor": {}, "levers": settings}
        return live(open_small(from_document(document)))

    return without


@pytest.fixture(scope="module")
def together(lived: Lived) -> WelfareModel:
    """All of them work."""
    return lived()


def test_every_element_that_is_moved_has_its_figure(cepu_raya: Scenario) -> None:
    assert set(cepu_raya.levers) == {*OWN, "csr_matching"}


@pytest.mark.parametrize("lever", OWN)
def test_every_element_moves_its_own_figure_beside_the_others(
    lever: str, lived: Lived, together: WelfareModel
) -> None:
    name, direction = OWN[lever]
    ours, theirs = (figures(model)[name][:, 0] for model in (together, lived(lever)))
    np.testing.assert_array_equal(ours[:3], theirs[:3])
    year = slice(_MONTHS - 12, None)
    assert direction * (ours[year].mean() - theirs[year].mean()) > 1e-3 * theirs[year].mean()


def test_matched_money_of_firms_goes_elsewhere_beside_the_others(
    lived: Lived, together: WelfareModel
) -> None:
    column = SERVICE_MEASURES.index("csr")
    money = []
    for model in (together, lived("csr_matching")):
        assert model.observer is not None
        money.append(model.observer.counted["serving"][3:, :, column].sum(axis=0).astype(float))
    ours, theirs = money
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.15)
    assert np.abs(ours / theirs - 1.0).max() > 0.02
