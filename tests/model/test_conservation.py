"""Every rupiah with everything on, counted again from the exported books alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kesos_sim.experiments.effects import trial
from kesos_sim.experiments.run import run
from kesos_sim.scenario import load_scenario
from kesos_sim.scenario.levers import LEVERS, PORTFOLIO
from kesos_sim.scenario.parts import LeverSetting

IN = ["opening", "revenue", "transfer_in", "grant_in"]
OUT = [
    "delivered", "services", "administration", "leakage", "other_spending", "returned",
    "transfer_out", "grant_out", "carry_over",
]  # fmt: skip
ACCOUNT = ["stream", "region", "month"]
OFF = {"social_assistance", "coordination", *PORTFOLIO}
"""Switches whose trial switches something off, and shares that add up to one."""


@pytest.fixture(scope="module")
def books(scenario_folder: Path, anchors: Path) -> pd.DataFrame:
    """All lines of three years in which every lever is moved and a flood strikes."""
    world = {"region": "34,53", "households": 4000, "months": 36}
    flood = load_scenario(scenario_folder / "banjir-antarprovinsi.yaml", world)
    moved = {name: LeverSetting(trial(LEVERS[name])) for name in LEVERS if name not in OFF}
    shares = {name: LeverSetting(0.2) for name in PORTFOLIO}
    events = tuple(replace(event, month=flood.start + 8) for event in flood.events)
    return run(replace(flood, events=events, levers=moved | shares), 1).ledger()


def sums(books: pd.DataFrame) -> pd.DataFrame:
    """Rupiah by account and stage."""
    wide = wide_of(books, ACCOUNT, "stage", "rupiah")
    return wide.reindex(columns=[*IN, *OUT], fill_value=0)


def wide_of(frame: pd.DataFrame, index: list[str], columns: str, values: str) -> pd.DataFrame:
    """Sums in whole numbers, a column for each word; no sum comes near 2**53."""
    wide = frame.pivot_table(
        index=index, columns=columns, values=values, aggfunc="sum", fill_value=0, observed=True
    )
    return wide.astype("int64")


@pytest.mark.slow
def test_everything_is_on(books: pd.DataFrame) -> None:
    assert set(books["stream"]) == {
        "apbn", "apbd_province", "apbd_district", "village_fund", "orsos", "business", "wksbm",
    }  # fmt: skip
    paid = set(books[books["rupiah"] > 0]["programme"])
    assert paid >= {
        "PKH", "SEMBAKO", "PBI", "BLT_DESA", "TOPUP_NATIONAL", "TOPUP_REGIONAL", "ENTERPRISE",
        "REGISTRY", "SERVICES", "COORDINATION", "ORSOS_GRANTS", "ORSOS_TRAINING", "POLITICS",
        "SOCIAL_MARKETING", "DISASTER", "WKSBM", "MUTUAL_HELP", "ARISAN", "LINKING",
        "EMPOWERMENT", "MONITORING", "PREPAREDNESS", "PARTICIPATION", "DONATION", "CSR",
        "OWN_BUSINESS", "INTERNATIONAL",
    }  # fmt: skip


@pytest.mark.slow
def test_in_every_month_and_account_as_much_goes_out_as_came_in(books: pd.DataFrame) -> None:
    found = sums(books)
    assert (books["rupiah"] >= 0).all()
    assert (found[IN].sum(axis=1) == found[OUT].sum(axis=1)).all()


@pytest.mark.slow
def test_what_is_left_of_a_month_opens_the_next(books: pd.DataFrame) -> None:
    found = sums(books).reset_index()
    left, begun = (
        wide_of(found, ["stream", "region"], "month", stage).sort_index(axis=1)
        for stage in ("carry_over", "opening")
    )
    assert (left.iloc[:, :-1].to_numpy() == begun.iloc[:, 1:].to_numpy()).all()


@pytest.mark.slow
def test_what_is_moved_arrives(books: pd.DataFrame) -> None:
    by_stream = sums(books).groupby(["stream", "month"], observed=True).sum()
    assert (by_stream["transfer_in"] == by_stream["transfer_out"]).all()
    by_month = by_stream.groupby("month", observed=True).sum()
    assert (by_month["grant_in"] == by_month["grant_out"]).all()
    assert by_month["grant_in"].sum() > 0
    assert by_stream["transfer_in"].sum() > 0


@pytest.mark.slow
def test_in_every_year_sources_equal_uses_and_what_reserves_gained(books: pd.DataFrame) -> None:
    used = ["delivered", "services", "administration", "leakage", "other_spending", "returned"]
    found = sums(books).groupby("month", observed=True).sum()
    for year in ("2024", "2025", "2026"):
        own = found[[str(month).startswith(year) for month in found.index]].sort_index()
        gained = own["carry_over"].iloc[-1] - own["opening"].iloc[0]
        assert own["revenue"].sum() == own[used].sum().sum() + gained
