"""What a rupiah buys: figures of the runs, strengths on the way, refusals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import Serial
from kesos_sim.experiments.strength import Candidate, steps_of
from kesos_sim.experiments.worth import GAINS, Line, Worth, interval, worth
from kesos_sim.institutions.shares import starting_share
from kesos_sim.reports.measures.worth import figure
from kesos_sim.scenario import Scenario, changed, load_scenario
from kesos_sim.scenario.levers import LEVERS

pytestmark = pytest.mark.slow

WORLD = {"region": "34", "households": 2000, "months": 12}


@pytest.fixture(scope="module")
def base(scenario_folder: Path, anchors: Path) -> Scenario:
    return load_scenario(scenario_folder / "baseline.yaml", WORLD)


@pytest.fixture(scope="module")
def found(base: Scenario) -> Worth:
    same = replace(base, name="tetap")
    candidates = ["pkh_amount", "partnership_platform", same]
    return worth(base, candidates, (0.5, 1.0), 1, Serial())


def at(found: Worth, name: str) -> Line:
    return next(line for line in found.lines if line.candidate == name)


def test_costs_and_gains_are_those_of_the_runs(found: Worth) -> None:
    line = at(found, "pkh_amount")
    comparison = found.comparisons[0]
    runs = {run.scenario.name: run for run in comparison.alternatives}
    own, usual = runs["pkh-amount-100"], comparison.baseline
    spent = own.figures["budget_spent"] - usual.figures["budget_spent"]
    assert line.cost[0, -1] == pytest.approx(spent[-12:, 0].sum())
    poor = usual.last_year("poor_people") - own.last_year("poor_people")
    assert line.gain["people_out"][0, -1] == pytest.approx(poor)
    per = line.per_billion("people_out")[0]
    assert per * line.cost[0, -1] / 1e9 == pytest.approx(poor)
    assert line.costs and line.cost[0, 0] < line.cost[0, 1]


def test_marginal_gains_add_up_to_the_whole(found: Worth) -> None:
    line = at(found, "pkh_amount")
    for name in GAINS:
        more = np.diff(line.cost, axis=1, prepend=0.0) / 1e9
        total = (line.marginal(name) * more).sum(axis=1)
        assert total == pytest.approx(line.gain[name][:, -1])


def test_a_package_that_changes_nothing_is_worth_nothing(found: Worth) -> None:
    line = at(found, "tetap")
    assert not line.costs and not line.cost.any()
    assert all(not table.any() for table in line.gain.values())
    assert np.isnan(line.per_billion("people_out")).all()
    assert line not in found.ranked()


def test_coordination_has_the_zero_case_beside_it(found: Worth) -> None:
    line = at(found, "partnership_platform")
    assert line.without["people_served"] == pytest.approx(0.0)
    assert line.without_per_billion("people_served") == 0.0
    assert not at(found, "pkh_amount").without
    assert np.isnan(at(found, "pkh_amount").without_per_billion("people_served"))


def made(cost: list[float], out: list[float]) -> Line:
    gain = {name: np.array([out]) for name in GAINS}
    strengths = tuple((1.0 + place) / len(cost) for place in range(len(cost)))
    return Line("x", {"id": "x", "en": "x"}, strengths, np.array([cost]), gain, {}, np.zeros(0))


@pytest.mark.parametrize(
    ("cost", "out", "saturates", "stalls"),
    [
        ([1e9, 2e9, 3e9, 4e9], [100.0, 190.0, 239.0, 250.0], 2, None),
        ([1e9, 2e9, 3e9, 4e9], [100.0, 190.0, 250.0, 305.0], None, None),
        ([1e9, 2e9, 2e9, 2e9], [100.0, 190.0, 190.0, 190.0], None, 2),
        ([1e9, 2e9, 3e9, 4e9], [0.0, 190.0, 250.0, 305.0], None, None),
    ],
)
def test_where_it_saturates(
    cost: list[float], out: list[float], saturates: int | None, stalls: int | None
) -> None:
    line = made(cost, out)
    assert line.saturates("people_out") == saturates
    assert line.stalls() == stalls


def test_a_range_is_told_only_where_there_is_one(found: Worth) -> None:
    line = at(found, "pkh_amount")
    low, high = interval(line.per_billion("people_out"))
    assert low < high
    served = {**line.gain, "people_served": np.zeros_like(line.gain["people_out"])}
    for gain, told in ((served, 1), ({name: np.zeros_like(line.cost) for name in GAINS}, 0)):
        known = replace(found, lines=(replace(line, gain=gain),))
        for lang, word in (("id", "kisaran"), ("en", "range")):
            first = known.sentences(lang)[0]
            assert f"({word} \N{EN DASH})" not in first
            assert first.count(f"({word} ") >= told
            assert (f"({'tanpa' if lang == 'id' else 'no'} {word})" in first) == (told == 0)


@pytest.mark.parametrize(
    ("worlds", "told"),
    [
        ([8.9, 9.2, 11.1], ("9", "9\N{EN DASH}11")),
        ([0.0, -66.0, -10.0], ("0", "\N{MINUS SIGN}60 sampai 0")),
        ([0.14, 0.02, 0.1], ("0,1", "0,0\N{EN DASH}0,1")),
        ([8.9], ("8,9", "\N{EN DASH}")),
    ],
)
def test_a_figure_and_its_range_are_equally_exact(
    worlds: list[float], told: tuple[str, str]
) -> None:
    assert figure("people_served", np.array(worlds), "id") == told


@pytest.mark.parametrize("lang", ["id", "en"])
def test_where_the_first_rupiah_gives_nothing_no_saturation_is_told(
    found: Worth, lang: str
) -> None:
    line = at(found, "pkh_amount")
    none = {name: np.zeros_like(line.cost) for name in GAINS}
    said = replace(found, lines=(replace(line, gain=none),)).sentences(lang)[1]
    assert {"id": "tidak dapat dinilai", "en": "cannot be told"}[lang] in said


def test_strengths_lie_on_the_way_from_today(base: Scenario) -> None:
    share = Candidate.of_lever("apbd_poverty_share", base)
    today, most = starting_share("province", base.parameter), LEVERS["apbd_poverty_share"].high
    values = [
        step.scenario.levers["apbd_poverty_share"].value for step in steps_of(share, (0.25, 1.0))
    ]
    assert values == pytest.approx([today + 0.25 * (most - today), most])
    name = "partnership_platform"
    whole = steps_of(Candidate.of_lever(name, base), (0.25, 0.5, 0.6, 1.0))
    assert [step.scenario.levers[name].value for step in whole] == [1.0, 2.0, 3.0]


def test_what_a_lever_needs_beside_it_is_in_its_ground(base: Scenario) -> None:
    name = next(name for name, lever in LEVERS.items() if lever.beside)
    candidate = Candidate.of_lever(name, base)
    for other, value in LEVERS[name].beside.items():
        assert candidate.ground.levers[other].value == value
        assert candidate.full.levers[other].value == value


def test_places_of_a_local_programme_grow_with_the_strength(scenario_folder: Path) -> None:
    world = {"households": 2000, "months": 12}
    base = load_scenario(scenario_folder / "baseline.yaml", world | {"region": "33"})
    package = load_scenario(scenario_folder / "tambahan-pkh-jateng.yaml", world)
    steps = steps_of(Candidate.of_package(package, base), (0.25, 1.0))
    assert [step.scenario.programmes[0].quota for step in steps] == [125_000, 500_000]


def test_intervals_hold_the_first_world() -> None:
    low, high = interval(np.array([9.0, 1.0, 2.0, 3.0]))
    assert low <= 1.5 and high == 9.0
    assert np.isnan(interval(np.array([1.0]))).all()


@pytest.mark.parametrize(
    ("candidates", "strengths", "months", "code"),
    [
        (["pkh_amuont"], (1.0,), 12, "KS8000"),
        (["sembako_amount"], (1.0,), 12, "KS8001"),
        (["pkh_amount"], (0.5, 0.25), 12, "KS8002"),
        (["pkh_amount"], (0.5, 1.5), 12, "KS8002"),
        (["pkh_amount"], (), 12, "KS8002"),
        (["pkh_amount"], (1.0,), 6, "KS8003"),
    ],
)
def test_what_cannot_be_ranked_is_refused(
    candidates: list[str], strengths: tuple[float, ...], months: int, code: str, base: Scenario
) -> None:
    scenario = changed(base, {"months": months, "levers.sembako_amount.value": 1.2})
    with pytest.raises(InputError) as error:
        worth(scenario, candidates, strengths, 0, Serial())
    assert error.value.code == code
    for lang in ("id", "en"):
        assert error.value.text(lang)
