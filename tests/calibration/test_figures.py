"""A figure is judged by the tolerance of its measure, and only where that is fair."""

from __future__ import annotations

import math

import pytest

from kesos_sim.calibration.figures import RELATIVE, TOLERANCES, Figure, Use, counts


def figure(
    published: float,
    modelled: float,
    measure: str = "poverty_rate",
    use: Use = "scored",
) -> Figure:
    return Figure(
        "anchor",
        "province",
        "33",
        measure,
        (),
        published,
        modelled,
        "percent",
        "official",
        use,
        "t",
    )


@pytest.mark.parametrize(
    ("published", "modelled", "verdict"),
    [
        (10.0, 10.1, "hit"),
        (10.0, 9.9, "hit"),
        (10.0, 10.11, "miss"),
        (10.0, math.nan, "miss"),
        (math.nan, 10.0, "not_judged"),
    ],
)
def test_verdict(published: float, modelled: float, verdict: str) -> None:
    assert figure(published, modelled).verdict == verdict


def test_some_tolerances_are_shares_of_the_published() -> None:
    assert figure(200.0, 209.0, "programme_total").hit
    assert not figure(20.0, 29.0, "programme_total").hit
    assert TOLERANCES.keys() >= RELATIVE


def test_small_shares_of_panels_are_judged_more_closely() -> None:
    assert figure(0.5, 0.54, "transition").hit
    assert not figure(0.07, 0.05, "transition").hit


@pytest.mark.parametrize(("measure", "use"), [("registered", "scored"), ("gini", "shown")])
def test_not_everything_is_judged(measure: str, use: Use) -> None:
    shown = figure(1.0, 2.0, measure, use)
    assert shown.hit is None
    assert shown.tolerance is None


def test_counts_tell_tests_from_what_set_the_model() -> None:
    found = counts([figure(1.0, 1.0), figure(1.0, 2.0), figure(1.0, 2.0, use="set")])
    assert found["scored", "hit"] == found["scored", "miss"] == found["set", "miss"] == 1
    assert sum(found.values()) == 3


def test_record_holds_everything() -> None:
    record = figure(10.0, 10.5).record()
    assert record["difference"] == pytest.approx(0.5)
    assert record["verdict"] == "miss"
    assert record["tolerance"] == TOLERANCES["poverty_rate"]
