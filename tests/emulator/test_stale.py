"""The shipped surface still says what the model says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kesos_sim.emulator import load_surface
from kesos_sim.emulator.build import PROBES, digest, probes
from kesos_sim.emulator.checking import check
from kesos_sim.emulator.identity import PARTS, changed, hashes
from kesos_sim.emulator.lives import live
from kesos_sim.emulator.question import scenario_of
from kesos_sim.experiments.executors import Serial

REBUILD = "The surface of the forum is stale; renew it with: kesos emulator build"
QUICK = (0, 1)
"""Probes that are lived in a quick test: the baseline and all nine points."""


def test_question_parameters_and_data_are_those_of_the_surface() -> None:
    stale = set(load_surface().stale()) - {"code"}
    assert not stale, f"{REBUILD} ({', '.join(sorted(stale))} changed)"


def test_the_model_still_says_what_the_surface_was_fitted_to(anchors: Path) -> None:
    """Code may change without any figure changing; then two probes tell, and say so."""
    made = load_surface().made
    if not changed(made):
        return
    size = made["households"]
    for number in QUICK:
        found = live(scenario_of(PROBES[number], size))
        assert digest(found.years) == made["probes"][number], REBUILD


def test_any_part_that_differs_is_named() -> None:
    made = hashes()
    assert set(made) == set(PARTS) and changed(made) == ()
    for part in PARTS:
        assert changed(made | {part: "another"}) == (part,)
    assert changed({}) == PARTS


@pytest.mark.full
def test_all_probes_give_the_figures_of_the_surface(anchors: Path) -> None:
    made = load_surface().made
    assert probes({}, made["households"], Serial()) == made["probes"], REBUILD


@pytest.mark.full
def test_fresh_runs_of_random_packages_agree(anchors: Path) -> None:
    """Other packages in other worlds: means near the middle, most changes inside the band."""
    found = check(load_surface(), packages=6, worlds=6, executor=Serial())
    by_name = {one.name: one for one in found.outcomes}
    poverty, money = by_name["poverty_rate"], by_name["budget_spent"]
    # Six worlds differ by chance; beyond four times that something is wrong.
    assert poverty.error <= 4.0 * poverty.luck + 0.02
    assert money.error <= 0.02 * money.change
    assert 0.7 <= found.covered <= 0.97
    assert np.isfinite([one.error for one in found.outcomes]).all()
