"""Scenarios that start from a calibrated set: its values hold where the file says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kesos_sim.data import calibrated as module
from kesos_sim.data.calibrated import Calibrated, Fitted
from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError
from kesos_sim.experiments.design import Design
from kesos_sim.scenario import Scenario, changed, difference, from_document, load_scenario
from kesos_sim.scenario.words import summary

NAME, OTHER, FREE = "registry.truth", "registry.listed_poorest", "household.propensity_to_consume"
ROW = parameter_table()[NAME]
MIDDLE = (ROW.low + ROW.high) / 2.0


@pytest.fixture
def small(small: Scenario) -> Scenario:
    """A small world with the values of the parameter table."""
    return small.uncalibrated


@pytest.fixture
def sets(monkeypatch: pytest.MonkeyPatch, small: Scenario) -> Iterator[None]:
    """A set 1 that says something of two parameters, and a set 2 that says nothing."""
    other = parameter_table()[OTHER]
    fitted = {
        NAME: Fitted(MIDDLE, MIDDLE - 0.01, MIDDLE + 0.01, 0.2),
        OTHER: Fitted(other.high, other.value, other.high, 0.5),
    }
    known = MappingProxyType(
        {
            1: Calibrated(1, MappingProxyType(fitted), {}),
            2: Calibrated(2, MappingProxyType({}), {}),
        }
    )
    monkeypatch.setattr(module, "_sets", lambda: known)
    yield


def with_set(scenario: Scenario, version: int, **parameters: float) -> Scenario:
    document = scenario.document() | {"calibration": version}
    return from_document(document | ({"parameters": parameters} if parameters else {}))


@pytest.mark.usefixtures("sets")
def test_the_set_holds_where_the_scenario_says_nothing(small: Scenario) -> None:
    plain = from_document({**small.document(), "calibration": 0})
    own = with_set(plain, 1)
    assert own.parameter(NAME) == MIDDLE != plain.parameter(NAME)
    assert own.parameter(FREE) == plain.parameter(FREE)
    assert own.own_parameters == {} and "parameters" not in own.document()
    assert own.hash != plain.hash
    assert own.range_of(NAME) == (MIDDLE - 0.01, MIDDLE + 0.01)
    assert own.range_of(FREE) == plain.range_of(FREE)
    for lang, word in (("id", "Kalibrasi"), ("en", "Calibration")):
        assert (word, "1") in summary(own, lang)
        assert any(word in line for line in difference(plain, own, lang))


@pytest.mark.usefixtures("sets")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(share=st.floats(0.0, 1.0), version=st.sampled_from([0, 1, 2]))
def test_what_the_scenario_sets_stays_and_reads_back(
    small: Scenario, share: float, version: int
) -> None:
    value = ROW.low + share * (ROW.high - ROW.low)
    own = with_set(small, version, **{NAME: value})
    assert own.parameter(NAME) == value
    again = from_document(own.document())
    assert again == own and again.hash == own.hash
    assert again.parameter(OTHER) == own.parameter(OTHER)


@pytest.mark.usefixtures("sets")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(share=st.floats(0.0, 1.0), version=st.sampled_from([0, 1, 2]))
def test_without_its_set_a_scenario_keeps_what_it_says_itself(
    small: Scenario, share: float, version: int
) -> None:
    value = ROW.low + share * (ROW.high - ROW.low)
    bare = with_set(small, version, **{FREE: value, NAME: ROW.value}).uncalibrated
    assert bare.calibration == 0
    assert bare.parameter(FREE) == value and bare.parameter(NAME) == ROW.value
    assert bare.parameter(OTHER) == parameter_table()[OTHER].value
    assert bare == bare.uncalibrated == from_document(bare.document())
    assert bare == changed(with_set(small, version, **{FREE: value}), {"calibration": 0})


def test_no_change_uses_a_calibration_and_backcasts_none(scenario_folder: Path) -> None:
    """What extends a file without change has its set; what opens before the fit has none."""
    for file in scenario_folder.glob("*.yaml"):
        scenario = load_scenario(file)
        early = scenario.start < load_scenario(scenario_folder / "baseline.yaml").start
        assert bool(scenario.calibration) is not early, file.name


@pytest.mark.usefixtures("sets")
def test_the_value_of_the_table_can_be_asked_for_against_the_set(small: Scenario) -> None:
    own = changed(with_set(small, 1), {f"parameters.{NAME}": ROW.value})
    assert own.parameter(NAME) == ROW.value
    assert own.own_parameters == {NAME: ROW.value}
    assert own.parameter(OTHER) == parameter_table()[OTHER].high


@pytest.mark.usefixtures("sets")
def test_worlds_are_drawn_from_the_interval_of_the_set(small: Scenario) -> None:
    design = Design((NAME, FREE))
    worlds = [design.world(with_set(small, 1), number) for number in range(1, 17)]
    drawn = [world.parameter(NAME) for world in worlds]
    assert min(drawn) < MIDDLE < max(drawn)
    assert all(MIDDLE - 0.01 <= value <= MIDDLE + 0.01 for value in drawn)
    assert max(w.parameter(FREE) for w in worlds) - min(w.parameter(FREE) for w in worlds) > 0.5
    fixed = with_set(small, 1, **{NAME: ROW.value})
    assert {design.world(fixed, number).parameter(NAME) for number in range(1, 9)} == {ROW.value}


@pytest.mark.usefixtures("sets")
def test_a_set_that_nobody_made_is_refused(small: Scenario) -> None:
    with pytest.raises(InputError) as caught:
        with_set(small, 3)
    assert caught.value.field == "calibration"
