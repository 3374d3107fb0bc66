"""Futures: the usual one is the plain comparison, sizes come from the tables."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from kesos_sim.data import read_table
from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError
from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.futures import FUTURES
from kesos_sim.experiments.stress import INDICATORS, Stress, stress, verdict
from kesos_sim.institutions.places import province_totals
from kesos_sim.scenario import Scenario, changed, load_scenario

pytestmark = pytest.mark.slow

WORLD = {"region": "34", "households": 2000, "months": 13}


@pytest.fixture(scope="module")
def base(scenario_folder: Path, anchors: Path) -> Scenario:
    return load_scenario(scenario_folder / "baseline.yaml", WORLD)


@pytest.fixture(scope="module")
def package(base: Scenario) -> Scenario:
    return replace(changed(base, {"levers.pkh_amount.value": 2.0}), name="pkh-dua-kali")


@pytest.fixture(scope="module")
def found(base: Scenario, package: Scenario) -> Stress:
    return stress(base, package, ("recession",), draws=1, executor=Serial())


@pytest.fixture(scope="module")
def plain(base: Scenario, package: Scenario) -> Comparison:
    return compare(base, [package], draws=1, executor=Serial())


def test_the_usual_future_is_the_plain_comparison(found: Stress, plain: Comparison) -> None:
    own = plain.alternatives[0]
    pair = plain.pairs[0]
    for name in INDICATORS:
        cell = found.of(name)["usual"]
        assert cell.value == pytest.approx(own.last_year(name), abs=1e-12)
        assert cell.baseline == pytest.approx(plain.baseline.last_year(name), abs=1e-12)
        drawn = (pair.alternatives[own.scenario.name][name] - pair.baseline[name])[-12:, 0].mean()
        ends = sorted((cell.difference, float(drawn)))
        assert [cell.low, cell.high] == pytest.approx(ends)


def test_a_recession_makes_more_people_poor_with_the_package_or_without(found: Stress) -> None:
    cells = found.of("poverty_rate")
    assert found.futures == ("usual", "recession")
    assert cells["recession"].baseline > cells["usual"].baseline + 0.5
    assert cells["recession"].value > cells["usual"].value + 0.5
    for cell in found.cells:
        assert cell.difference == pytest.approx(cell.value - cell.baseline)
        assert cell.low <= cell.difference <= cell.high


def test_what_lies_between_two_percentages_is_told_in_points(found: Stress) -> None:
    for lang, unit in (("id", "persen poin"), ("en", "percentage points")):
        (told,) = [
            part
            for sentence in found.sentences(lang)
            for part in sentence.split("; ")
            if {"id": "tambahan pengangguran", "en": "more unemployment"}[lang] in part
        ]
        assert f"1{',' if lang == 'id' else '.'}8 {unit}" in told.replace("\u00a0", " ")


def test_nothing_helps_where_nothing_is_done(base: Scenario) -> None:
    same = stress(base, replace(base, name="tetap"), ("prices",), draws=0, executor=Serial())
    assert all(cell.difference == 0.0 and cell.verdict == "never" for cell in same.cells)
    assert all(math.isnan(cell.low) for cell in same.cells)


@pytest.mark.parametrize("name", FUTURES)
def test_every_future_is_a_valid_scenario_of_the_same_world(name: str, base: Scenario) -> None:
    from kesos_sim.scenario import from_document

    future = FUTURES[name].change(base)
    assert from_document(future.document()).hash == future.hash
    assert (future.months, future.seed, future.name) == (base.months, base.seed, base.name)
    assert (future.hash == base.hash) == (name == "usual")
    facts = FUTURES[name].facts(base)
    assert bool(facts) == (name not in {"usual", "no_coordination"})
    table = parameter_table()
    for fact in facts:
        if fact.year:
            assert fact.year <= 2024
        else:
            row = table[fact.source]
            assert (fact.low, fact.high) == (row.low, row.high)
            assert row.low <= fact.value <= row.high


def test_sizes_are_those_of_the_tables(base: Scenario) -> None:
    rows = read_table("growth_prices").where(bps_code=0).rows()
    rise = [row["cpi_inflation_percent"] for row in rows if row["year"] <= 2024]
    (event,) = FUTURES["prices"].change(base).events
    assert event.severity == pytest.approx((max(rise) - sum(rise) / len(rise)) / 100.0)
    assert event.month + 12 == base.end + 1
    (flood,) = FUTURES["flood"].change(base).events
    people = province_totals(2024)
    shares = [
        row["affected_displaced"] / people[row["bps_code"]].population
        for row in read_table("disasters_province").where(hazard_type="all").rows()
        if row["year"] in {2023, 2024} and row["bps_code"] > 0
    ]
    assert flood.share == pytest.approx(max(shares))
    # As in covid-2020.yaml, whose numbers are written out there.
    second, first = FUTURES["recession"].change(base).events
    assert first.severity == pytest.approx(0.69, abs=0.005)
    assert first.share == pytest.approx(0.037, abs=0.0005)
    assert second.severity == pytest.approx(0.090, abs=0.001)


@pytest.mark.parametrize(
    ("difference", "ends", "usual", "expected"),
    [
        (-0.8, (-0.9, -0.5), -0.8, "holds"),
        (-0.3, (-0.5, -0.1), -0.8, "weaker"),
        (-0.3, (-0.5, 0.1), -0.8, "unsure"),
        (0.1, (0.0, 0.2), -0.8, "fails"),
        (0.0, (math.nan, math.nan), -0.8, "fails"),
        (-0.8, (math.nan, math.nan), 0.0, "never"),
        (math.nan, (math.nan, math.nan), -0.8, "never"),
    ],
)
def test_verdicts(
    difference: float, ends: tuple[float, float], usual: float, expected: str
) -> None:
    assert verdict("poverty_rate", difference, ends, usual) == expected
    turned = (-ends[1], -ends[0])
    assert verdict("cases_served", -100.0 * difference, turned, -100.0 * usual) == expected


def test_what_is_not_known_is_refused(base: Scenario, package: Scenario) -> None:
    with pytest.raises(InputError) as error:
        stress(base, package, ("floood",), executor=Serial())
    assert error.value.code == "KS8010" and error.value.suggestion == "flood"
    short = [changed(one, {"months": 6}) for one in (base, package)]
    with pytest.raises(InputError) as error:
        stress(*short, ("flood",), executor=Serial())  # type: ignore[misc]
    assert error.value.code == "KS8003"
