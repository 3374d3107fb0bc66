"""An action is measured by what it is for, and a target that is a deterioration says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kesos_sim.experiments.compare import Comparison
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.frames import Estimate
from kesos_sim.reports.office import Paragraph, Table
from kesos_sim.reports.plans import rat, renaksi
from kesos_sim.reports.plans.aims import aim_of, passed_over
from kesos_sim.reports.plans.package import Package, chosen
from kesos_sim.reports.plans.renaksi import action_table
from kesos_sim.reports.values import say
from kesos_sim.scenario import LEVERS

pytestmark = pytest.mark.slow

Moved = Callable[..., Package]


@pytest.fixture
def moved(city: Comparison, monkeypatch: pytest.MonkeyPatch) -> Moved:
    """A package whose indicators are moved by given amounts from ten, and others not at all."""

    def made(lang: str = "id", **by: float) -> Package:
        def at(_: Package, name: str, *__: object) -> Estimate:
            step = by.get(name, 0.0)
            return Estimate(10.0 + step, 10.0, step)

        monkeypatch.setattr(Package, "at", at)
        return chosen(city, None, lang)

    return made


def test_the_nearest_indicator_that_gets_no_worse_is_the_aim(moved: Moved) -> None:
    names = ("duplicate_service_rate", "cases_served", "unmet_need_rate")
    for by, name, skipped in (
        ({}, names[0], []),
        ({names[0]: -1.0}, names[0], []),
        ({names[0]: 0.01}, names[0], []),
        ({names[0]: 1.0}, names[1], [names[0]]),
        ({names[0]: 1.0, names[1]: -100.0}, names[2], list(names[:2])),
        ({names[0]: 1.0, names[1]: -100.0, names[2]: 1.0}, names[0], []),
    ):
        aim = aim_of(moved(**by), names)
        assert aim is not None
        assert aim.definition.name == name
        assert [one.name for one, _ in aim.skipped] == skipped
        assert aim.worse == (len(by) == len(names))


def test_what_counts_nothing_is_no_target_while_another_has_a_value(
    city: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing, ten = Estimate(0.0, 0.0, 0.0), Estimate(10.0, 10.0, 0.0)
    names = ("returned_home", "cases_served")
    for values, name in (((nothing, ten), names[1]), ((nothing, nothing), names[0])):
        at = dict(zip(names, values, strict=True))
        monkeypatch.setattr(Package, "at", lambda _, asked, *__, at=at: at[asked])
        aim = aim_of(chosen(city, None, "id"), names)
        assert aim is not None and aim.definition.name == name and not aim.skipped


def test_what_is_neither_good_nor_bad_is_never_a_deterioration(moved: Moved) -> None:
    assert indicator("orsos_income").direction == "neutral"
    aim = aim_of(moved(orsos_income=-9.0), ("orsos_income", "cases_served"))
    assert aim is not None
    assert aim.definition.name == "orsos_income"


def test_an_action_without_figures_has_no_aim(
    city: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Package, "at", lambda *_: None)
    assert aim_of(chosen(city, None, "id"), ("poverty_rate",)) is None


@pytest.mark.parametrize("lang", ["id", "en"])
def test_indicators_passed_over_are_named_with_their_figures(moved: Moved, lang: str) -> None:
    asked = moved(lang, duplicate_service_rate=2.0, poverty_rate=1.0)
    both = ("duplicate_service_rate", "cases_served"), ("poverty_rate",)
    aims = [aim for names in both if (aim := aim_of(asked, names))]
    words = passed_over(aims, asked)
    for name, value in (("duplicate_service_rate", 12.0), ("poverty_rate", 11.0)):
        before, after = (say(one, indicator(name), lang) for one in (10.0, value))
        assert f"{indicator(name).label(lang)}: {before} → {after}" in words
    assert ("kapasitas" if lang == "id" else "capacity") in words, "why services are doubled"
    assert passed_over(aims[:0], asked) == ""
    alone = passed_over(aims[1:], asked)
    assert indicator("duplicate_service_rate").label(lang).lower() not in alone.lower()


def test_renaksi_and_rat_say_where_a_target_is_a_deterioration(
    moved: Moved, city: Comparison
) -> None:
    worse = {
        name: 5.0 if indicator(name).direction == "lower" else -5.0
        for name in LEVERS["federations"].acts_on
    }
    asked = moved(**worse)
    rows = action_table(asked).rows
    (row,) = (one for one in rows if one[1].startswith(LEVERS["federations"].label("id")))
    assert row[6].startswith("5,0%; tanpa paket 10,0%")
    assert all("tanpa paket" not in one[6] for one in rows if one[5] != row[5])
    plan = rat(city, year=2025)
    for document in (renaksi(city), plan):
        said = [b.text for b in document.blocks if isinstance(b, Paragraph)]
        assert any(words.startswith("Memburuk dengan seluruh paket") for words in said)
    cells = [
        cell for b in plan.blocks if isinstance(b, Table) for line in b.table.rows for cell in line
    ]
    assert any(cell.endswith("seluruh paket memperburuknya") for cell in cells)
