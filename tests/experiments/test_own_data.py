"""Runs on own data: the base month is theirs, and worlds with and without are not compared."""

from __future__ import annotations

import pytest

from kesos_sim.data.own import OwnData, OwnFigure
from kesos_sim.errors import InputError
from kesos_sim.experiments.compare import check_worlds
from kesos_sim.experiments.run import run
from kesos_sim.model.opening import anchor_key
from kesos_sim.scenario import Scenario, from_document
from kesos_sim.scenario.load import with_own_data

OWN = OwnData("uji", "Dinas Sosial", 2024, (OwnFigure(3471, "p0", "total", 9.5, 2024),))


def scenario(name: str = "uji") -> Scenario:
    return from_document(
        {
            "schema": 1,
            "name": name,
            "title": {"id": "Uji", "en": "Test"},
            "region": [3471],
            "start": "2024-03",
            "months": 2,
            "households": 4000,
            "seed": 1,
            "growth": "none",
        }
    )


def test_worlds_with_and_without_own_data_are_not_compared() -> None:
    plain, own = scenario(), with_own_data(scenario("lain"), OWN)
    with pytest.raises(InputError, match="KS3001") as refused:
        check_worlds(plain, [own])
    assert refused.value.field == "own_data"
    assert str(OWN) in refused.value.text("id")
    check_worlds(with_own_data(plain, OWN), [own])
    assert anchor_key(plain) != anchor_key(own)


@pytest.mark.full
def test_base_month_is_that_of_the_own_data() -> None:
    own = run(with_own_data(scenario(), OWN), 1)
    assert own.at("poverty_rate", "2024-03") == pytest.approx(9.5, abs=0.3)
    assert own.provenance["own_data"] == OWN.record()
    assert not own.base_misses
    (point,) = own.context().published
    assert (point.value, point.own) == (9.5, True)
