"""Organisations: as many as are registered, drawn by who they are, as large as is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kesos_sim.institutions.orsos import OrsosTable
from kesos_sim.institutions.places import Places, province_totals
from kesos_sim.institutions.rules import default_parameter
from kesos_sim.kernels.places import EMPTY
from kesos_sim.population.needs import KINDS
from kesos_sim.rng import draw_key

KEY = draw_key(2008)
FEW = settings(max_examples=15)
Parameters = Callable[..., Callable[[str], float]]


def draw(places: Places, unit: int = 1, key: int = KEY, parameter=default_parameter) -> OrsosTable:
    return OrsosTable.draw(places, parameter, key, unit)


def by_identity(table: OrsosTable) -> dict[int, tuple[float, ...]]:
    """What is drawn of each organisation, by its identity."""
    rows = zip(
        table.identity.tolist(),
        table.field.tolist(),
        table.state.tolist(),
        table.ego.tolist(),
        np.diff(table.place_start).tolist(),
        strict=True,
    )
    found = {identity: tuple(what) for identity, *what in rows}
    assert len(found) == table.home.size
    return found


def part_of(places: Places, inside: np.ndarray) -> Places:
    arrays = ("codes", "population", "poor", "households", "rural")
    return replace(places, **{name: getattr(places, name)[inside] for name in arrays})


# How many


@pytest.mark.parametrize("pull", [0.0, 0.2, 0.6])
def test_every_district_has_its_part_of_the_registered(
    nation: Places, parameters: Parameters, pull: float
) -> None:
    table = draw(nation, parameter=parameters({"orsos.need_pull": pull}))
    whole = province_totals(nation.year)[0]
    rate, usual = nation.poor / nation.population, whole.poor / whole.population
    expected = default_parameter("orsos.registered") * nation.population / whole.population
    pulled = expected * (rate / usual) ** pull
    number = np.bincount(table.home, minlength=nation.codes.size)
    assert np.all(np.abs(number - pulled) < 1.0)
    assert abs(number.sum() - pulled.sum()) < 4.5 * 0.5 * np.sqrt(number.size)
    # Need pulls organisations from place to place and hardly changes how many there are.
    assert number.sum() == pytest.approx(expected.sum(), rel=0.05)
    assert expected.sum() == pytest.approx(default_parameter("orsos.registered"), rel=0.02)


@FEW
@given(more=st.floats(1.0, 3.0), place=st.integers(0, 34))
def test_more_poor_people_never_mean_fewer_organisations(java: Places, more, place) -> None:
    poor = java.poor.copy()
    poor[place] *= more
    poorer = np.bincount(draw(replace(java, poor=poor)).home, minlength=java.codes.size)
    before = np.bincount(draw(java).home, minlength=java.codes.size)
    assert poorer[place] >= before[place]
    assert np.all(np.delete(poorer == before, place))


# What they are


@FEW
@given(seed=st.integers(0, 2**31), data=st.data())
def test_organisations_do_not_depend_on_which_districts_take_part(java: Places, seed, data):
    n, key = java.codes.size, draw_key(seed)
    inside = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    part = part_of(java, inside)
    few, all_ = draw(part, key=key), draw(java, key=key)
    whole = by_identity(all_)
    code = all_.identity >> np.uint32(16)
    np.testing.assert_array_equal(code, java.codes[all_.home])
    np.testing.assert_array_equal(few.identity >> np.uint32(16), part.codes[few.home])
    expected = {k: v for k, v in whole.items() if k >> 16 in set(part.codes.tolist())}
    assert by_identity(few) == expected


def test_fields_and_work_are_as_often_as_known(nation: Places) -> None:
    table = draw(nation)
    n = table.home.size
    shares = np.array([default_parameter(f"orsos.field.{kind}") for kind in KINDS])
    shares = [*(shares / shares.sum()), default_parameter("orsos.working")]
    counts = [*np.bincount(table.field, minlength=len(KINDS)), table.working.sum()]
    for count, p in zip(counts, shares, strict=True):
        assert abs(count - n * p) < 4.5 * np.sqrt(n * p * (1 - p))


def test_clients_have_the_mean_and_spread_of_their_parameters(nation: Places) -> None:
    found = draw(nation)
    clients, full = found.clients, default_parameter("orsos.occupancy")
    assert clients.mean() == pytest.approx(default_parameter("orsos.clients") / full, rel=0.03)
    places = np.diff(found.place_start)
    assert np.all(np.abs(places - default_parameter("orsos.room") * clients) < 1.0)
    spread = default_parameter("orsos.clients_spread")
    assert np.log(clients).std() == pytest.approx(spread, rel=0.05)
    assert clients.min() >= 3


@pytest.mark.parametrize("ego", [0.1, 0.5, 0.8])
def test_reluctance_spreads_evenly_around_its_mean(
    nation: Places, parameters: Parameters, ego: float
) -> None:
    found = draw(nation, parameter=parameters({"orsos.ego": ego})).ego
    reach = min(ego, 1.0 - ego)
    assert found.min() >= ego - reach - 1e-6
    assert found.max() <= ego + reach + 1e-6
    assert abs(found.mean() - ego) < 4.5 * reach / np.sqrt(3 * found.size)
    assert found.std() == pytest.approx(reach / np.sqrt(3), rel=0.03)


@pytest.mark.parametrize("unit", [2, 4, 9])
def test_places_stand_for_as_many_clients_in_any_unit(nation: Places, unit: int) -> None:
    """Each organisation to within one place, and all together within what is drawn."""
    one, other = draw(nation), draw(nation, unit)
    clients, places = np.diff(one.place_start), np.diff(other.place_start)
    for name in ("identity", "home", "field", "state", "ego"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert np.all(np.abs(places - clients / unit) < 1.0)
    assert abs(unit * places.sum() - clients.sum()) < 4.5 * unit / 2 * np.sqrt(clients.size)


def test_nobody_is_served_and_nobody_a_member_at_first(java: Places) -> None:
    table = draw(java)
    assert not table.members.any()
    assert not table.trust.any()
    assert np.all(table.place_case == EMPTY)
    assert table.place_case.size == table.place_number.size == table.place_start[-1]


def test_other_seeds_draw_other_organisations(java: Places) -> None:
    one, other = draw(java), draw(java, key=draw_key(2009))
    assert one.home.size != other.home.size or not np.array_equal(one.field, other.field)
    assert by_identity(one) == by_identity(draw(java))
