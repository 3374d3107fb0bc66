"""Tiles and outlines hold the provinces, and say what they lack."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data import read_table
from kesos_sim.data.regions import mpu_provinces, provinces
from kesos_sim.reports import analyses
from kesos_sim.reports.analyses import MEASURES
from kesos_sim.reports.analyses.convert_outlines import convert, simplified
from kesos_sim.reports.analyses.outlines import outlines, shared
from kesos_sim.reports.charts.style import NARROW

FOLDER = Path(analyses.__file__).parent


@pytest.mark.parametrize(("layout", "codes"), [("nation", provinces()), ("mpu", mpu_provinces())])
def test_tiles_hold_every_province_once_in_its_own_place(
    layout: str, codes: tuple[int, ...]
) -> None:
    table = read_table("province_tiles").where(layout=layout)
    assert sorted(table["bps_code"].tolist()) == sorted(codes)
    places = list(zip(table["row"].tolist(), table["column"].tolist(), strict=True))
    assert len(set(places)) == len(places)


def test_tiles_are_roughly_where_the_provinces_are() -> None:
    table = read_table("province_tiles").where(layout="nation")
    middles = {
        c: np.mean([p for ring in rings for p in ring], 0) for c, rings in outlines().items()
    }
    rows = [row for row in table.rows() if row["bps_code"] in middles]
    west = [middles[row["bps_code"]][0] for row in rows]
    north = [-middles[row["bps_code"]][1] for row in rows]
    assert np.corrcoef(west, [row["column"] for row in rows])[0, 1] > 0.85
    assert np.corrcoef(north, [row["row"] for row in rows])[0, 1] > 0.8


def test_breaks_name_measures_that_exist() -> None:
    assert set(read_table("series_breaks")["measure"].tolist()) <= {"any", *MEASURES}


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_has_a_tile_map(measure: str) -> None:
    for scope in ("mpu", "indonesia"):
        found = analyses.tile_map(scope, measure)  # type: ignore[arg-type]
        data = found.charts[0].table.data
        assert len(data) in {10, 34, 38}
        values = [row[2] for row in data if row[2] is not None]
        assert values == sorted(values, reverse=True)  # type: ignore[type-var]


@pytest.mark.parametrize("region", ["3316", "Blora", 33])
def test_the_province_of_a_region_stands_out(region: str | int) -> None:
    plain = analyses.tile_map("indonesia", lang="en", year=2024)
    found = analyses.tile_map("indonesia", lang="en", region=region, year=2024)
    chart = found.charts[0]
    assert "In a thick frame: Central Java." in chart.note
    assert "thick frame" not in plain.charts[0].note
    rank = [row[1] for row in chart.table.data].index("Central Java") + 1
    assert found.sentences[0].startswith(f"Central Java: 10.47%, number {rank} of 38 provinces")
    assert found.sentences[1:] == plain.sentences
    assert chart.svg() != plain.charts[0].svg()


def test_where_every_province_is_the_region_none_stands_out() -> None:
    for found in (analyses.tile_map("mpu"), analyses.tile_map("mpu", region="mpu")):
        assert "Berbingkai" not in found.charts[0].note
    found = analyses.tile_map("indonesia", region="mpu")
    assert "Berbingkai tebal: " in found.charts[0].note
    assert found.sentences == analyses.tile_map("indonesia").sentences


def test_maps_are_drawn_for_screen_and_phone() -> None:
    assert "<svg" in analyses.tile_map(lang="en").charts[0].svg(NARROW)
    assert "<svg" in analyses.tile_map("indonesia").charts[0].svg()
    assert "<svg" in analyses.outline_map().charts[0].svg()


def test_the_outline_map_says_which_provinces_it_lacks() -> None:
    found = analyses.outline_map()
    for name in ("Kalimantan Utara", "Papua Selatan", "Papua Tengah", "Papua Pegunungan"):
        assert name in found.charts[0].note
    assert shared(provinces()) == {64, 91, 94}
    assert shared([code for code in provinces() if code not in {65, 92, 95, 96, 97}]) == set()


def test_outlines_are_small_and_come_with_their_licence() -> None:
    assert (FOLDER / "outlines.json").stat().st_size < 250_000
    licence = (FOLDER / "outlines.LICENSE.txt").read_text(encoding="utf-8")
    assert licence.startswith("The MIT License (MIT)")
    assert len(outlines()) == 33
    assert outlines().keys() <= provinces().keys()
    for rings in outlines().values():
        x, y = np.concatenate([np.array(ring) for ring in rings]).T
        assert 94.0 < x.min() < x.max() < 142.0
        assert -12.0 < y.min() < y.max() < 7.0


LINES = st.lists(st.tuples(st.floats(0, 5), st.floats(0, 5)), min_size=2, max_size=40)


@given(LINES)
def test_simplified_lines_keep_their_ends_and_stay_near(points: list[tuple[float, float]]) -> None:
    line = np.array(points)
    kept = simplified(line)
    assert (kept[0] == line[0]).all()
    assert (kept[-1] == line[-1]).all()
    assert len(kept) <= len(line)
    rows = {tuple(point) for point in line.tolist()}
    assert {tuple(point) for point in kept.tolist()} <= rows


def test_a_topology_becomes_rings_of_whole_steps() -> None:
    square = [[0, 0], [10, 0], [0, 10], [-10, 0], [0, -10]]
    topology = {
        "transform": {"scale": [0.1, 0.1], "translate": [106.0, -6.0]},
        "arcs": [square],
        "objects": {
            "map": {
                "geometries": [
                    {"type": "Polygon", "arcs": [[0]], "properties": {"name": "Jakarta Raya"}},
                    {"type": "Polygon", "arcs": [[~0]], "properties": {"name": None}},
                ]
            }
        },
    }
    made = convert(topology)
    assert made["provinces"].keys() == {"31"}
    assert made["provinces"]["31"] == [[[5300, -300], [5350, -300], [5350, -250], [5300, -250]]]
