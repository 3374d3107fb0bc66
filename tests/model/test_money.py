"""Shares of pillars and of preventive spending, counted again from the printed books."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from kesos_sim.institutions.purposes import PILLAR_OF, PILLARS, Purpose, purposes
from kesos_sim.model.model import WelfareModel
from kesos_sim.model.money import money_indicators
from kesos_sim.scenario import Scenario, changed
from tests.model.lives import columns_of, figures, live

Open = Callable[..., WelfareModel]
GOVERNMENTS = ("apbn", "apbd_province", "apbd_district", "village_fund")
MORE_OF_ALL = {
    "levers.social_marketing.value": 10_000.0,
    "levers.wksbm_growth.value": 0.1,
    "levers.wksbm_stimulus.value": 5_000_000.0,
    "levers.social_marketing.from": "2024-04",
    "levers.wksbm_growth.from": "2024-04",
    "levers.wksbm_stimulus.from": "2024-04",
}


@pytest.fixture(scope="module")
def model(small: Scenario, open_small: Open) -> WelfareModel:
    """Two years in which donations, grants, dues and start-up money all flow."""
    return live(open_small(changed(small, MORE_OF_ALL)))


def of_region(model: WelfareModel) -> dict[str, float]:
    """Money indicators of the whole region in the last month."""
    assert model.observer is not None
    poor = figures(model)["poor_people"]
    found = money_indicators(model, model.observer.regions.codes, poor)
    return {name: float(values[-1, 0]) for name, values in found.items()}


def last_year(model: WelfareModel) -> pd.DataFrame:
    """The last twelve months of the books, with the purpose of each line."""
    books = pd.DataFrame(columns_of(model.ledger))
    books = books[books["month"].isin(sorted(books["month"].unique())[-12:])]
    kind = purposes(model.scenario.programmes)
    return books.assign(purpose=books["programme"].map(kind))


def test_pillars_are_those_of_the_books_and_add_up(model: WelfareModel) -> None:
    books = last_year(model)
    stage = books["stage"]
    help_ = books["purpose"].isin([Purpose.PREVENTIVE, Purpose.REACTIVE])
    direct = books["stream"].isin(GOVERNMENTS) & help_ & stage.isin(["delivered", "services"])
    given = dict.fromkeys(PILLARS, 0.0)
    given["government"] += books.loc[direct, "rupiah"].sum()
    into = stage.isin(["revenue", "grant_in"])
    orsos = books["stream"] == "orsos"
    served = books.loc[orsos & (stage == "services"), "rupiah"].sum()
    income = books[orsos & into & books["programme"].isin(PILLAR_OF)]
    by_pillar = income.groupby(income["programme"].map(PILLAR_OF))["rupiah"].sum().astype(float)
    for pillar, money in by_pillar.items():
        given[str(pillar)] += served * money / by_pillar.sum()
    pool = books[(books["stream"] == "wksbm") & (books["programme"] == "MUTUAL_HELP")]
    sums = pool.groupby("stage")["rupiah"].sum().astype(float)
    dues, grants = sums["revenue"], sums["grant_in"]
    given["community"] += sums["delivered"] * dues / (dues + grants)
    given["government"] += sums["delivered"] * grants / (dues + grants)
    found = of_region(model)
    total = sum(given.values())
    for pillar in PILLARS:
        assert found[f"pillar_share_{pillar}"] == pytest.approx(100.0 * given[pillar] / total)
        assert found[f"pillar_share_{pillar}"] > 0.0
    assert sum(found[f"pillar_share_{pillar}"] for pillar in PILLARS) == pytest.approx(100.0)


def test_preventive_spending_is_that_of_the_books(model: WelfareModel) -> None:
    books = last_year(model)
    spent = ["delivered", "services", "administration", "leakage", "grant_out"]
    books = books[books["stream"].isin(GOVERNMENTS) & books["stage"].isin(spent)]
    by_purpose = books.groupby("purpose")["rupiah"].sum()
    preventive, reactive = by_purpose[Purpose.PREVENTIVE], by_purpose[Purpose.REACTIVE]
    assert of_region(model)["preventive_share"] == pytest.approx(
        100.0 * preventive / (preventive + reactive)
    )


def test_shares_of_a_year_are_missing_before_there_is_one(model: WelfareModel) -> None:
    assert model.observer is not None
    found = money_indicators(model, model.observer.regions.codes, figures(model)["poor_people"])
    for name in ("preventive_share", "state_cost_per_poor", "pillar_share_community"):
        known = pd.notna(found[name][:, 0])
        assert not known[:12].any() and known[12:].all()


def test_programmes_that_build_ability_raise_the_preventive_share(
    small: Scenario, open_small: Open
) -> None:
    more = {"levers.pkh_amount.value": 1.5, "levers.pkh_amount.from": "2024-04"}
    food = {"levers.sembako_amount.value": 1.5, "levers.sembako_amount.from": "2024-04"}
    shares = [
        of_region(live(open_small(changed(small, change))))["preventive_share"]
        for change in (food, {}, more)
    ]
    assert shares == sorted(shares)
    assert shares[0] < shares[2]
