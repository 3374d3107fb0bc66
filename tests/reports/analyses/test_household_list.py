"""A planner's own list of households as an analysis: deciles, the poor, receipts, all own."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kesos_sim.data.own import read_households
from kesos_sim.errors import InputError
from kesos_sim.i18n import LANGUAGES
from kesos_sim.reports.analyses import household_list
from kesos_sim.workbench.planning import analysis

HEADER = ["nama", "kabupaten", "daerah", "jumlah anggota", "anak", "dewasa", "lansia",
          "pengeluaran per kapita", "penimbang", "pkh"]  # fmt: skip
DISTRICTS = (3401, 3402, 3403, 3404, 3471)
COUNT = 900


def rows() -> list[list[object]]:
    rng = np.random.default_rng(5)
    found: list[list[object]] = []
    for number in range(COUNT):
        size = int(rng.integers(1, 9))
        children = int(rng.integers(0, size))
        spending = round(float(np.exp(rng.normal(13.9 - 0.08 * size, 0.5))))
        found.append(
            [
                f"Sari {number}",
                DISTRICTS[number % 5],
                1 + number % 2,
                size,
                children,
                size - children,
                0,
                spending,
                round(float(rng.uniform(200, 900)), 2),
                "ya" if spending < 700_000 else "tidak",
            ]
        )
    return found


def kept(folder: Path, drop: int | None = None) -> Path:
    source = folder / "daftar.csv"
    with source.open("w", encoding="utf-8", newline="") as stream:
        for row in [HEADER, *rows()]:
            csv.writer(stream, delimiter=";").writerow(
                [cell for place, cell in enumerate(row) if place != drop]
            )
    found = read_households(source, region=34)
    assert not found.problems, found.problems
    return found.write(folder / "rumah-tangga.parquet")


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept(tmp_path_factory.mktemp("list"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_deciles_are_weighted_tenths_of_people_and_say_that_they_are_own(
    listed: Path, lang: str
) -> None:
    found = household_list("34", listed, lang)
    deciles, groups = found.charts
    frame = pd.read_parquet(listed).sort_values("spending")
    people = (frame["weight"] * frame["size"].astype(float)).to_numpy()
    first = people.cumsum() <= people.sum() / 10
    mean = np.average(frame["spending"].to_numpy()[first], weights=people[first])
    means = [row[1] for row in deciles.table.data]
    assert means == sorted(means) and len(means) == 10
    assert means[0] == pytest.approx(mean, rel=0.02)
    own = {"id": "data sendiri", "en": "own data"}[lang]
    for chart in (deciles, groups):
        assert own in chart.note.lower() and own in chart.source.lower()
        assert {row[-1] for row in chart.table.rows} == {own}
        assert chart.svg()


def test_groups_add_up_to_the_rate_of_the_list(listed: Path) -> None:
    found = household_list("34", listed)
    frame = pd.read_parquet(listed)
    people = frame["weight"] * frame["size"].astype(float)
    rate = 100 * float(people[frame["poor"].astype(bool)].sum() / people.sum())
    areas = [row for row in found.charts[1].table.data if row[0].startswith("area:")]
    assert sum(row[1] * row[2] / 100 for row in areas) == pytest.approx(rate)
    assert f"{rate:.1f}".replace(".", ",") in found.sentences[1]
    assert sum(row[5] for row in areas) == pytest.approx(100.0)
    assert sum(row[0].startswith("district:") for row in found.charts[1].table.data) == 5


def test_receipts_by_decile_are_shares_of_people(listed: Path) -> None:
    (table,) = household_list("34", listed).tables
    shares = [row[1] for row in table.data]
    assert shares[0] == pytest.approx(100.0)
    assert shares[-1] == pytest.approx(0.0)


def test_what_cannot_be_shown_is_refused_with_what_to_do(listed: Path, tmp_path: Path) -> None:
    other = tmp_path / "lain.parquet"
    pd.DataFrame({"size": [1, 2]}).to_parquet(other)
    broken = tmp_path / "rusak.parquet"
    broken.write_bytes(b"PAR1 no")
    without = kept(tmp_path, HEADER.index("pengeluaran per kapita"))
    for region, path, code, word in (
        ("34", tmp_path / "tidak-ada.parquet", "KS7014", "buku 00"),
        ("34", other, "KS7015", "bukan daftar"),
        ("34", broken, "KS7015", "bukan daftar"),
        ("53", listed, "KS7016", 'region = "34"'),
        ("34", without, "KS7017", "pengeluaran"),
    ):
        with pytest.raises(InputError) as caught:
            household_list(region, path)
        assert caught.value.code == code
        assert word in caught.value.text("id")


def test_notebook_shows_how_to_bring_a_list_in_and_prints_nothing_of_it(tmp_path: Path) -> None:
    found = analysis(household_list, "34", str(tmp_path / "tidak-ada.parquet"))
    assert "rumah-tangga.parquet" in found.refusal
    assert found.supplied == ()
