"""Profiles of the synthetic population, and trends beside a simulated counterfactual."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kesos_sim.errors import InputError
from kesos_sim.experiments.compare import compare
from kesos_sim.model.sample import Sample
from kesos_sim.reports import analyses
from kesos_sim.reports.analyses.groups import SIZES, groups_of
from kesos_sim.scenario import load_scenario

KINDS = ("area", "size", "members", "district")


def made_up(count: int, seed: int) -> Sample:
    """Households made up for arithmetic, without what groups do not read."""
    draws = np.random.default_rng(seed)
    size = draws.integers(1, 9, count).astype(np.float64)
    given: dict[str, Any] = {
        "households": draws.uniform(50.0, 150.0, count),
        "size": size,
        "members": {
            name: draws.integers(0, 3, count).astype(np.float64)
            for name in ("age_0_6", "primary", "junior", "senior", "elderly_60")
        },
        "district": draws.choice([3401, 3404], count),
        "province": np.full(count, 34),
        "area": draws.integers(0, 2, count),
        "welfare": draws.uniform(0.5, 3.0, count),
    }
    return Sample(**{item.name: given.get(item.name) for item in fields(Sample)})  # type: ignore[arg-type]


def test_groups_are_the_weighted_shares_of_pandas() -> None:
    sample = made_up(900, 1)
    everyone = np.ones(900, np.bool_)
    found = {(one.kind, one.name): one for one in groups_of(sample, everyone)}
    frame = pd.DataFrame(
        {
            "area": sample.area,
            "district": sample.district,
            "band": pd.cut(sample.size, [0, 2, 4, 6, 15], labels=[f"{a}-{b}" for a, b in SIZES]),
            "persons": sample.persons,
            "poor": sample.persons * sample.poor,
        }
    )
    for column, kind in (("area", "area"), ("band", "size"), ("district", "district")):
        sums = frame.groupby(column, observed=True)[["persons", "poor"]].sum()
        for name, row in sums.iterrows():
            key = ("urban", "rural")[int(name)] if kind == "area" else str(name)  # type: ignore[call-overload]
            one = found[kind, key]
            assert one.people == pytest.approx(100 * row["persons"] / frame["persons"].sum())
            assert one.rate == pytest.approx(100 * row["poor"] / row["persons"])
            assert one.poor == pytest.approx(100 * row["poor"] / frame["poor"].sum())
    for kind in ("area", "size", "district"):
        members = [one for one in found.values() if one.kind == kind]
        assert sum(one.people for one in members) == pytest.approx(100.0)
        assert sum(one.poor for one in members) == pytest.approx(100.0)


def test_no_rate_is_told_of_few_households() -> None:
    sample = made_up(40, 2)
    found = list(groups_of(sample, sample.inside(3401)))
    assert {one.kind for one in found} == set(KINDS)
    assert all(math.isnan(one.rate) == (one.households < 30) for one in found)


@pytest.mark.slow
def test_profile_meets_the_published_rate(anchors: Path) -> None:
    found = analyses.profile("3471", "id", households=2000)
    assert not anchors.is_file()
    table = found.charts[0].table
    urban = table.data[0]
    assert urban[0] == "area:urban"
    assert urban[1] == pytest.approx(100.0)
    published = found.tables[0].data[0][2]
    assert urban[2] == pytest.approx(published, abs=0.3)
    assert {row[-1] for row in table.data} == {"estimate"}
    assert "perkiraan" in found.charts[0].source


@pytest.mark.slow
def test_the_simulated_difference_stands_beside_the_trend(
    anchors: Path, scenario_folder: Path
) -> None:
    world = {"region": "3471", "households": 2000, "months": 8}
    usual, without = (
        load_scenario(scenario_folder / name, world)
        for name in ("baseline.yaml", "tanpa-bansos.yaml")
    )
    comparison = compare(usual, [without], 1, draws=0)
    assert not anchors.is_file()
    found = analyses.effectiveness("3471", 2018, comparison=comparison)
    last = found.charts[0].table.data[-1]
    change = comparison.difference("poverty_rate", comparison.alternatives[0])[-1, 0]
    assert last[-3] == pytest.approx(change)
    assert last[-2:] == (None, None)
    assert any("Menurut simulasi" in sentence for sentence in found.sentences)
    assert "<svg" in found.charts[0].svg()
    with pytest.raises(InputError) as caught:
        analyses.effectiveness("33", 2018, comparison=comparison)
    assert caught.value.code == "KS7006"


def test_a_simulation_of_a_divided_province_is_not_drawn_beside_the_undivided(
    scenario_folder: Path, anchors: Path
) -> None:
    world = {"region": "94", "households": 2000, "months": 2}
    usual, without = (
        load_scenario(scenario_folder / name, world)
        for name in ("baseline.yaml", "tanpa-bansos.yaml")
    )
    assert not anchors.is_file()
    comparison = compare(usual, [without], 1, draws=0)
    found = analyses.effectiveness("94", 2016, "poor_people", comparison=comparison)
    (chart,) = found.charts
    assert chart.table == analyses.effectiveness("94", 2016, "poor_people").charts[0].table
    assert "simulasi" not in chart.note + chart.alt
    assert any("Menurut simulasi" in sentence for sentence in found.sentences)
    assert "tidak digambar" in found.sentences[-1]
