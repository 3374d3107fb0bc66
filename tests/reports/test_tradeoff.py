"""Coordination and cash of the same cost: titles from figures, tables, charts, and the folder."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from kesos_sim.experiments.tradeoff import EFFECTS, INDICATORS, PACKAGES, Tradeoff, tradeoff
from kesos_sim.reports.tradeoff import readings, sentences, title, tradeoff_table
from kesos_sim.scenario import load_scenario

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(scenario_folder: Path, anchors: Path) -> Tradeoff:
    """Standing of the coordinating bodies, from the third month."""
    changes: dict[str, object] = {"region": "3471", "households": 2000, "months": 12}
    levers = ("bkkks_standing", "partnership_platform")
    changes |= {f"levers.{lever}.from": "2024-06" for lever in levers}
    changes |= {f"levers.{lever}.ramp_months": 0 for lever in levers}
    return tradeoff(load_scenario(scenario_folder / "sistem-kemitraan.yaml", changes), 1)


def planted(
    found: Tradeoff,
    name: str,
    changes: dict[str, float],
    reach: float = 0.0,
    package: str = "coordination",
) -> Tradeoff:
    """Give one package alone other changes of an indicator, by effect."""
    rows = []
    for row in found.rows:
        ours = (row["package"], row["indicator"]) == (package, name)
        moved = changes[str(row["effect"])]
        ends = {"difference": moved, "low": moved - reach, "high": moved + reach}
        rows.append({**row, **(ends if ours else {})})
    return replace(found, rows=tuple(rows))


@pytest.mark.parametrize(
    ("lang", "hardly", "moves"),
    [
        (
            "id",
            "hampir tidak berubah lewat koordinasi: dengan pengaruh terkuat pun −0,02",
            "lewat koordinasi: −0,30 persen poin dengan pengaruh yang diasumsikan, −0,71",
        ),
        (
            "en",
            "hardly any change through coordination, −0.02",
            "through coordination: −0.30 percentage points with the assumed effect, −0.71",
        ),
    ],
)
def test_the_title_follows_the_figures(found: Tradeoff, lang: str, hardly: str, moves: str) -> None:
    little = planted(found, "poverty_rate", {"zero": 0.0, "middle": -0.01, "top": -0.02})
    assert hardly in title(little, "poverty_rate", lang).replace("\u00a0", " ")
    much = planted(found, "poverty_rate", {"zero": 0.0, "middle": -0.3, "top": -0.71})
    assert moves in title(much, "poverty_rate", lang).replace("\u00a0", " ")


def test_cash_is_called_too_little_only_where_it_is(found: Tradeoff) -> None:
    for moved, told in ((-0.01, True), (-0.3, False)):
        cash = planted(found, "poverty_rate", dict.fromkeys(EFFECTS, moved), package="cash")
        assert ("too little" in " ".join(readings(cash, "en"))) == told
        assert ("terlalu kecil" in " ".join(readings(cash, "id"))) == told


def test_a_band_is_said_where_there_is_one(found: Tradeoff) -> None:
    still = {"zero": 0.0, "middle": -0.01, "top": -0.02}
    assert (
        "(" not in title(planted(found, "poverty_rate", still), "poverty_rate", "id").split(":")[1]
    )
    wide = title(planted(found, "poverty_rate", still, 0.03), "poverty_rate", "id")
    assert "(−0,05 sampai +0,01)" in wide.replace("\u00a0", " ")
    moved = planted(found, "poverty_rate", {"zero": 0.0, "middle": -0.3, "top": -0.71}, 0.1)
    told = title(moved, "poverty_rate", "en").replace("\u00a0", " ")
    assert "−0.30 percentage points (−0.40 to −0.20) with the assumed effect" in told


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("name", INDICATORS)
def test_every_chart_has_a_table_of_the_same_figures(found: Tradeoff, name: str, lang: str) -> None:
    chart = found.chart(name, lang)
    assert chart.table == tradeoff_table(found, name, lang)
    assert len(chart.table.rows) == len(EFFECTS) * len(PACKAGES)
    fields = chart.table.fields
    for cells in chart.table.data:
        row = dict(zip(fields, cells, strict=True))
        (same,) = (
            one
            for one in found.rows
            if (one["effect"], one["package"], one["indicator"])
            == (row["effect"], row["package"], name)
        )
        assert row == {field: same[field] for field in fields}
    assert chart.source and "kesos-sim" in chart.provenance
    assert chart.title in chart.alt and chart.alt.count(";") >= len(PACKAGES)


def test_the_folder_holds_rows_charts_and_tables(found: Tradeoff, tmp_path: Path) -> None:
    folder = found.export(tmp_path / "out", "id")
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "tradeoff.parquet"), found.frame())
    for name in INDICATORS:
        assert (folder / "charts" / f"tradeoff_{name}.svg").stat().st_size > 1000
        assert (folder / "charts" / f"tradeoff_{name}.png").stat().st_size > 1000
        lines = (folder / "tables" / f"tradeoff_{name}.csv").read_text("utf-8").splitlines()
        assert len(lines) == 1 + len(EFFECTS) * len(PACKAGES)
    record = json.loads((folder / "run.json").read_text("utf-8"))
    assert record["titles"]["sistem-kemitraan"]["id"] == "Sistem kemitraan"
    assert set(record["scenarios"]) == {"baseline", "sistem-kemitraan"}
    page = unescape((folder / "index.html").read_text("utf-8"))
    assert all(f"<li>{told}</li>" in page for told in sentences(found, "id"))
    assert record["provenance"]["seconds"] == found.seconds > 0.0
    # What is said of ranges is of the comparison, not of the packages' seeds.
    assert record["provenance"]["replicates"] == found.comparison.provenance["replicates"]
