"""The shipped surface: zero without a lever, bounded, and the same in the browser."""

from __future__ import annotations

import gzip
import json
import math
import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from playwright._impl._driver import compute_driver_executable

from kesos_sim.emulator import Surface, load_surface
from kesos_sim.emulator.build import FAMILIES, FOLDER, SURFACE
from kesos_sim.emulator.question import NAMES
from kesos_sim.emulator.sample import ALL_NINE, MONEY
from kesos_sim.errors import InputError
from kesos_sim.scenario.levers import LEVERS

PAGE = Path(__file__).parents[2] / "src" / "kesos_sim" / "forum" / "page"
COORDINATION = {name: value for name, value in ALL_NINE.items() if LEVERS[name].strengths}
BANDS = ("base", "package", "change")
ASKED_FOR = {
    "poverty_rate", "poor_people", "poverty_gap", "extreme_poverty_rate", "gini",
    "exclusion_error", "inclusion_error", "duplicate_service_rate", "unmet_need_rate",
    "days_to_service", "cases_served", "coordination_active", "benefit_delivered",
    "budget_spent", "pillar_share_community", "orsos_membership",
    *(f"decile_mean_{tenth}" for tenth in range(1, 11)),
}  # fmt: skip


@cache
def surface() -> Surface:
    return load_surface()


@st.composite
def packages(draw: st.DrawFn) -> dict[str, float]:
    found = {}
    for lever in load_surface_levers():
        if draw(st.booleans()):
            found[lever["name"]] = draw(st.floats(lever["low"], lever["high"]))
    return found


@cache
def load_surface_levers() -> tuple[Any, ...]:
    return surface().levers


questions = st.fixed_dictionaries(
    {
        "levers": packages(),
        "shock": st.sampled_from(surface().shocks),
        "effect": st.booleans(),
        "place": st.sampled_from(surface().places),
    }
)


def figures(answer: dict[str, Any]) -> list[float]:
    """All figures of an answer in one list, missing years left out."""
    return [
        value
        for own in answer["outcomes"].values()
        for name in BANDS
        for band in own[name]
        if band is not None
        for value in band
    ]


def test_it_answers_what_the_pages_need() -> None:
    found = surface()
    assert found.places == ("mpu", "18", "31", "32", "33", "34", "35", "36", "51", "52", "53")
    assert found.years == (2026, 2027, 2028, 2029, 2030, 2031) and found.headline == 2031
    assert found.shocks == ("none", "flood", "price_rise", "donation_fall", "registry_delay")
    assert {lever["name"] for lever in found.levers} == set(NAMES) and len(NAMES) == 11
    assert {outcome["name"] for outcome in found.outcomes} >= ASKED_FOR
    units = {outcome["unit"] for outcome in found.outcomes}
    assert units <= {"percent", "points", "rupiah", "people", "days", "number"}
    for lever in found.levers:
        assert set(lever["now"]) == set(found.places)
        assert lever["low"] <= lever["now"]["33"] <= lever["high"]


def test_files_are_small_enough_for_bad_wifi() -> None:
    sizes = {
        name: len(gzip.compress((FOLDER / name).read_bytes(), 9)) for name in (SURFACE, FAMILIES)
    }
    assert sizes[SURFACE] <= 250_000 and sizes[FAMILIES] <= 80_000, sizes


@given(question=questions)
def test_without_a_lever_nothing_changes_at_all(question: dict[str, Any]) -> None:
    answer = surface().answer(**{**question, "levers": {}})
    assert answer["worse"] == 0.0
    for own in answer["outcomes"].values():
        for base, package, change in zip(*(own[name] for name in BANDS), strict=True):
            if base is not None:
                assert change == [0.0, 0.0, 0.0]
                assert package == pytest.approx(base, rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_a_lever_at_todays_setting_changes_nothing(name: str) -> None:
    (lever,) = (one for one in surface().levers if one["name"] == name)
    answer = surface().answer({name: lever["now"]["mpu"]})
    assert all(
        band == [0.0, 0.0, 0.0]
        for own in answer["outcomes"].values()
        for band in own["change"]
        if band is not None
    )


@given(question=questions)
@example({"levers": {"social_marketing": 14.0}, "shock": "none", "effect": False, "place": "mpu"})
def test_figures_are_possible_and_bands_ascend(question: dict[str, Any]) -> None:
    answer = surface().answer(**question)
    assert answer["inside"] and 0.0 <= answer["worse"] <= 1.0
    assert all(math.isfinite(value) for value in figures(answer))
    for outcome in surface().outcomes:
        own = answer["outcomes"][outcome["name"]]
        most = 100.0 if outcome["unit"] == "percent" else math.inf
        for year, (base, package, change) in enumerate(
            zip(*(own[name] for name in BANDS), strict=True)
        ):
            if base is None:
                assert package is None and change is None and year < len(surface().years) - 1
                continue
            assert base == sorted(base) and package == sorted(package) and change == sorted(change)
            assert package[0] >= 0.0 and package[2] <= most
            assert package[1] - base[1] == pytest.approx(change[1], rel=1e-6, abs=1e-6 * base[2])
            if year == 0:
                assert change == [0.0, 0.0, 0.0]


@given(
    name=st.sampled_from(NAMES),
    beyond=st.one_of(st.floats(1e-6, 1e6), st.just(math.inf), st.just(math.nan)),
    below=st.booleans(),
)
def test_what_was_not_sampled_is_refused(name: str, beyond: float, below: bool) -> None:
    lever = LEVERS[name]
    value = lever.low - beyond if below else lever.high + beyond
    answer = surface().answer({name: value})
    assert not answer["inside"] and answer["lever"] == name
    assert (answer["low"], answer["high"]) == (lever.low, lever.high)
    assert "outcomes" not in answer
    assert surface().tenths({name: value}) == answer
    assert surface().cost({name: value}) == answer


def test_unknown_levers_shocks_and_places_are_refused() -> None:
    answer = surface().answer({"pkh_amount": 1.0})
    assert not answer["inside"] and answer["low"] is None
    for asked in ({"shock": "tsunami"}, {"place": "11"}):
        with pytest.raises(InputError, match="KS9203"):
            surface().answer({}, **asked)


@pytest.mark.parametrize("place", surface().places)
def test_coordination_alone_hardly_moves_poverty(place: str) -> None:
    """At most a twentieth of a point; with no effect nothing that can be seen."""
    limit = 0.05 if place == "mpu" else 0.1
    for effect in (True, False):
        answer = surface().answer(COORDINATION, effect=effect, place=place)
        low, middle, high = answer["outcomes"]["poverty_rate"]["change"][-1]
        assert -limit <= low and high <= limit / 2.0
        if not effect:
            assert abs(middle) <= 0.01


def test_effect_of_coordination_is_a_switch_on_services() -> None:
    """What rests on it is smaller without it; that levers with other effects remain is right."""
    drawn, none = (
        surface().answer(COORDINATION, effect=effect)["outcomes"]["duplicate_service_rate"]
        for effect in (True, False)
    )
    assert drawn["change"][-1][1] < none["change"][-1][1]


def test_bounds_of_the_design_hold() -> None:
    """A tenth of APBD: about half is feasible, half of it cash; today's path of poverty."""
    answer = surface().answer({"apbd_poverty_share": 0.10})["outcomes"]["poverty_rate"]
    low, middle, high = answer["change"][-1]
    assert -1.8 <= low <= middle <= high <= -0.1
    assert -1.1 <= middle <= -0.2
    assert 7.0 <= answer["base"][-1][1] <= 8.5
    both = surface().answer({name: 0.10 for name in MONEY})["outcomes"]["poverty_rate"]
    assert both["change"][-1][1] < middle


@pytest.mark.parametrize("name", MONEY)
def test_more_money_costs_more_and_lowers_the_gap_until_the_room_is_full(name: str) -> None:
    (lever,) = (one for one in surface().levers if one["name"] == name)
    settings = [lever["low"] + step * 0.01 for step in range(16)]
    answers = [surface().answer({name: value})["outcomes"] for value in settings]
    costs = [answer["budget_spent"]["change"][-1][1] for answer in answers]
    gaps = [answer["poverty_gap"]["change"][-1][1] for answer in answers]
    assert all(after >= before - 1e-3 * costs[-1] for before, after in pairwise(costs))
    assert all(after <= before + 1e-3 for before, after in pairwise(gaps))
    assert costs[0] == 0.0 and costs[-1] > 1e13
    # Mandatory spending leaves a twentieth: a higher target brings no more in the last year.
    assert costs[-1] == pytest.approx(costs[-4], rel=0.02)


def test_the_poor_of_provinces_add_up() -> None:
    for levers in ({}, dict(ALL_NINE)):
        whole, *parts = (
            surface().answer(levers, place=place)["outcomes"]["poor_people"]["package"][-1][1]
            for place in surface().places
        )
        assert sum(parts) == pytest.approx(whole, rel=0.03)


def test_cost_says_where_money_may_come_from() -> None:
    found = surface().cost(dict(ALL_NINE), place="33")
    assert found["low"] <= found["change"] <= found["high"]
    lines = {line["line"]: line["rupiah"] for line in found["lines"]}
    assert lines["perjalanan_dinas"] is None, "not published as a line of its own"
    assert lines["belanja_barang"] > lines["belanja_hibah"] > 0
    assert 0 < found["room"]["apbd"] < found["own"]["apbd"]
    mpu = {line["line"]: line["rupiah"] for line in surface().cost({}, place="mpu")["lines"]}
    total = sum(
        {line["line"]: line["rupiah"] for line in surface().cost({}, place=place)["lines"]}[
            "belanja_modal"
        ]
        for place in surface().places[1:]
    )
    assert mpu["belanja_modal"] == pytest.approx(total, rel=1e-9)


def test_it_says_how_wrong_it_is() -> None:
    for name in ("poverty_rate", "poverty_gap", "budget_spent", "unmet_need_rate"):
        own = surface().errors[name]
        assert own["r2"] >= 0.8 and 0.75 <= own["coverage"] <= 0.9, (name, own)
    assert surface().errors["poverty_rate"]["mae"] <= 0.2
    covered = [own["coverage"] for own in surface().errors.values() if "coverage" in own]
    assert 0.75 <= sum(covered) / len(covered) <= 0.87


@given(levers=packages(), effect=st.booleans())
def test_classes_of_every_tenth_make_a_hundred(levers: dict[str, float], effect: bool) -> None:
    found = surface().tenths(levers, effect)
    assert found["inside"] and len(found["tenths"]) == 10
    for classes in found["tenths"]:
        assert len(classes) == 5 and sum(classes) == pytest.approx(100.0)
        assert min(classes) >= 0.0
    if not levers:
        assert found["tenths"] == [[0.0, 0.0, 100.0, 0.0, 0.0]] * 10


@pytest.mark.parametrize("effect", [True, False])
def test_tenths_together_are_everybody(effect: bool) -> None:
    """The mean of tenths and the median of everybody differ by twice their mean errors at most."""
    errors = surface().errors if effect else surface().errors_idle
    for levers in (dict(ALL_NINE), COORDINATION, {"apbd_poverty_share": 0.1}, _mixture(1)):
        tenths = surface().tenths(levers, effect)["tenths"]
        most, more, _, less, least = (sum(of) / 10.0 for of in zip(*tenths, strict=True))
        together = {"gaining": most + more, "losing": less + least, "gaining_much": most,
                    "losing_much": least}  # fmt: skip
        answer = surface().answer(levers, effect=effect)["outcomes"]
        for name, share in together.items():
            flow = f"people_{name}"
            wrong = 2.0 * (errors[flow]["places"][0] + errors[f"{flow}_by_decile"]["mae"])
            assert share == pytest.approx(answer[flow]["package"][-1][1], abs=wrong), name


def test_money_reaches_the_poorest_tenth_first() -> None:
    shares = [own[0] for own in surface().tenths({"apbd_poverty_share": 0.1})["tenths"]]
    assert all(poorer > richer for poorer, richer in pairwise(shares)) and shares[0] > 10.0


def test_a_file_that_is_no_surface_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="KS9201"):
        load_surface(tmp_path / "none.json")
    for text in ("{", "[]", "{}", '{"format": 99}'):
        (tmp_path / "bad.json").write_text(text)
        with pytest.raises(InputError, match="KS9202"):
            load_surface(tmp_path / "bad.json")


SCRIPT = """
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
const [page, file] = process.argv.slice(2);
const { openSurface } = await import(pathToFileURL(page));
const surface = openSurface(JSON.parse(readFileSync(file, "utf8")));
const asked = JSON.parse(readFileSync(0, "utf8"));
const refused = [];
for (const bad of [null, {}, { format: 2 }])
  try { openSurface(bad); } catch (error) { refused.push(error.message); }
const found = asked.map((one) => [surface.answer(one), surface.cost(one), surface.tenths(one)]);
const began = performance.now();
for (const one of asked) surface.answer(one);
const milliseconds = (performance.now() - began) / asked.length;
console.log(JSON.stringify({ found, refused, milliseconds }));
"""


@pytest.mark.slow
def test_the_page_gives_the_same_figures(tmp_path: Path) -> None:
    """Every kind of question, answered by the node that comes with the browser driver."""
    asked = [
        {"levers": levers, "shock": shock, "effect": effect, "place": place}
        for number, (shock, effect) in enumerate(
            (shock, effect) for shock in surface().shocks for effect in (True, False)
        )
        for place in (surface().places[0], surface().places[1 + number])
        for levers in ({}, dict(ALL_NINE), COORDINATION, _mixture(number), {"pkh_quota": 1.0})
    ]
    script = tmp_path / "ask.mjs"
    script.write_text(SCRIPT)
    node = compute_driver_executable()[0]
    # A module is told by its name; the page's own name has to stay as it is.
    page = tmp_path / "surface.mjs"
    page.write_text((PAGE / "surface.js").read_text("utf-8"), "utf-8")
    done = subprocess.run(
        [node, script, page, FOLDER / SURFACE],
        input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    said = json.loads(done.stdout)
    assert said["refused"] == ["format"] * 3
    assert said["milliseconds"] < 20.0
    for question, (answer, cost, tenths) in zip(asked, said["found"], strict=True):
        own = surface().answer(**question)
        assert answer["inside"] is own["inside"]
        if not own["inside"]:
            assert answer == own == tenths
            continue
        assert answer["worse"] == pytest.approx(own["worse"], abs=1e-9)
        assert list(answer["outcomes"]) == list(own["outcomes"])
        assert figures(answer) == pytest.approx(figures(own), rel=1e-9, abs=1e-9)
        by_tenth = surface().tenths(question["levers"], question["effect"])["tenths"]
        for classes, drawn in zip(by_tenth, tenths["tenths"], strict=True):
            assert drawn == pytest.approx(classes, rel=1e-9, abs=1e-9)
        mine = surface().cost(question["levers"], question["place"])
        assert cost["lines"] == mine["lines"]
        assert cost["change"] == pytest.approx(mine["change"], rel=1e-9, abs=1e-3)


def _mixture(number: int) -> dict[str, float]:
    """A package with odd settings."""
    return {
        lever["name"]: lever["low"] + (0.13 + 0.081 * number) * (lever["high"] - lever["low"])
        for turn, lever in enumerate(surface().levers)
        if (turn + number) % 3
    }


def test_the_page_reaches_for_nothing() -> None:
    text = (PAGE / "surface.js").read_text("utf-8")
    for word in ("document", "window", "fetch", "XMLHttpRequest", "import ", "localStorage"):
        assert word not in text.replace("No DOM", "")
    assert len(text) < 12_000


def test_families_tell_every_month_in_three_ways() -> None:
    found = json.loads((FOLDER / FAMILIES).read_text("utf-8"))
    months = found["months"]
    assert months[0] == "2027-01" and months[-1] == "2031-12" and len(months) == 60
    by_place: dict[str, int] = {}
    for family in found["families"]:
        by_place[family["place"]] = by_place.get(family["place"], 0) + 1
        for lang in ("id", "en"):
            assert family["title"][lang] and family["people"][lang]
        for case in ("baseline", "package", "idle"):
            assert len(family["received"][case]) == len(family["welfare"][case]) == 60
            for month in family["received"][case]:
                assert month.keys() <= found["programmes"].keys()
                assert all(rupiah > 0 for rupiah in month.values())
        assert 0 <= family["traits"]["earners"] <= family["traits"]["size"]
        assert ("rumah tidak layak huni" in family["people"]["id"]) is not family["traits"]["fit"]
    assert {one["traits"]["fit"] for one in found["families"]} == {True, False}
    assert set(by_place) == set(surface().places[1:])
    assert min(by_place.values()) >= 6
    poor = [one for one in found["families"] if one["kind"] == "poor_unlisted"]
    assert all(not one["listed"] for one in poor)
    gained = sum(
        sum(sum(month.values()) for month in one["received"]["package"])
        > sum(sum(month.values()) for month in one["received"]["baseline"])
        for one in found["families"]
    )
    assert gained > len(found["families"]) / 4
