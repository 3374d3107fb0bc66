"""Draws: a pair is two runs of one world, without what nobody asks of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kesos_sim.experiments.draws import Pair, against
from kesos_sim.experiments.run import run, shown_regions
from kesos_sim.scenario import load_scenario


@pytest.mark.parametrize(("region", "columns"), [("34,51", 3), ("34", 1), ("3471", 1)])
def test_a_pair_has_the_top_regions_of_its_runs(
    scenario_folder: Path, anchors: Path, region: str, columns: int
) -> None:
    """To the bit: the whole region, and provinces where there are several."""
    world = {"region": region, "households": 2000, "months": 13}
    scenarios = [
        load_scenario(scenario_folder / f"{n}.yaml", world) for n in ("baseline", "apbd-10")
    ]
    pair = Pair.of(scenarios)
    usual, changed = (run(scenario, 1) for scenario in scenarios)
    shown = shown_regions(usual.regions, "province")
    assert len(shown) == columns
    for found, whole in (
        (pair.baseline, usual.figures),
        (pair.alternatives["apbd-10"], against(changed, usual).figures),
    ):
        assert found.keys() == whole.keys()
        for name, table in found.items():
            np.testing.assert_array_equal(table, whole[name][:, shown], err_msg=name)
