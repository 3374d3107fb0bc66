"""Households as the figures see them: ranks, shares, places and who is in what."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.model.sample import Sample, ranks, share

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario import Scenario

LISTS = st.lists(
    st.tuples(st.integers(0, 2), st.floats(-3, 3, width=32), st.integers(1, 9)), min_size=1
)


@given(LISTS)
def test_ranks_are_the_middle_of_a_households_own_weight(
    rows: list[tuple[int, float, int]],
) -> None:
    group, value, weight = (np.array(column) for column in zip(*rows, strict=True))
    found = ranks(value.astype(np.float64), weight.astype(np.float64), group)
    for number in np.unique(group):
        inside = group == number
        total = weight[inside].sum()
        assert np.average(found[inside], weights=weight[inside]) == pytest.approx(0.5)
        for own, rank in zip(value[inside], found[inside], strict=True):
            below = weight[inside][value[inside] < own].sum() / total
            upto = weight[inside][value[inside] <= own].sum() / total
            assert below <= rank <= upto


def test_share_is_weighted_and_missing_for_nobody() -> None:
    mask, weight = np.array([True, False, True]), np.array([1.0, 2.0, 1.0])
    assert share(mask, weight) == 50.0
    assert share(mask, weight, np.array([True, True, False])) == pytest.approx(100.0 / 3.0)
    assert np.isnan(share(mask, weight, np.zeros(3, np.bool_)))


@pytest.fixture(scope="module")
def model(small: Scenario, open_small: Callable[..., WelfareModel]) -> WelfareModel:
    return open_small(small)


@pytest.fixture(scope="module")
def sample(model: WelfareModel) -> Sample:
    return Sample.of(model)


def test_people_and_poverty_are_those_of_the_observer(model: WelfareModel, sample: Sample) -> None:
    assert model.observer is not None
    seen = model.observer.values(model.world.reference_line)
    assert sample.persons.sum() == pytest.approx(seen["population"][0, 0])
    assert share(sample.poor, sample.persons) == pytest.approx(seen["poverty_rate"][0, 0])


def test_a_whole_province_is_recognised(sample: Sample) -> None:
    assert sample.whole_provinces == {34}
    assert sample.whole_cells == {(34, 0), (34, 1)}
    assert sample.place == ("region", "34")
    assert sample.inside(34).all()
    assert sample.inside(0).all()
    assert 0 < sample.inside(3471).sum() < sample.size.size


def test_a_district_alone_is_no_province(
    small: Scenario, open_small: Callable[..., WelfareModel]
) -> None:
    from dataclasses import replace

    alone = Sample.of(open_small(replace(small, region=(3471,), districts=(3471,))))
    assert not alone.whole_provinces
    assert not alone.nation


def test_help_is_the_difference_to_consumption_before(sample: Sample) -> None:
    helped = sample.enrolled["PKH"] | sample.enrolled["SEMBAKO"] | sample.enrolled["BLT_DESA"]
    assert (sample.before[helped] < sample.welfare[helped]).all()
    assert sample.before[~helped] == pytest.approx(sample.welfare[~helped], abs=1e-6)
    assert sample.pkh_rupiah > 0.0


def test_a_visit_today_sees_more_than_an_old_record(sample: Sample) -> None:
    def agreement(score: np.ndarray) -> float:
        one, two = (
            ranks(value, sample.households, sample.stratum) for value in (score, sample.welfare)
        )
        return float(np.corrcoef(one, two)[0, 1])

    assert agreement(sample.seen_today) > agreement(sample.on_record) > 0.0
