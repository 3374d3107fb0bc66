"""How many help: what is published stays, the rest is imputed and says so."""

from __future__ import annotations

import numpy as np
import pytest

from kesos_sim.data import read_table
from kesos_sim.data.regions import districts
from kesos_sim.institutions.psks import PSKS, psks_counts, psks_table, villages
from kesos_sim.institutions.rules import default_parameter

COUNTS = psks_counts(2024, default_parameter)
VILLAGES = read_table("provinces")["n_desa_kelurahan"].sum()


def of(kind: str, *codes: int) -> np.ndarray:
    return COUNTS.of(np.array(codes))[PSKS.index(kind)]


@pytest.mark.parametrize(
    ("kind", "code", "count"),
    [("psm", 3671, 987), ("psm", 3523, 328), ("tksk", 1810, 9), ("pendamping_pkh", 3308, 177)],
)
def test_published_counts_of_districts_stay(kind: str, code: int, count: float) -> None:
    assert of(kind, code) == [count]


def test_districts_of_a_province_add_up_to_its_count() -> None:
    lampung = [code for code in districts() if code // 100 == 18]
    assert of("tksk", *lampung).sum() == pytest.approx(227)
    assert of("pendamping_pkh", *lampung).sum() == pytest.approx(1902)


@pytest.mark.parametrize(
    ("kind", "count"), [("tksk", 7230), ("psm", 92_000), ("pekerja_sosial", 15_522)]
)
def test_the_nation_adds_up_to_its_latest_count(kind: str, count: float) -> None:
    assert COUNTS.count[PSKS.index(kind)].sum() == pytest.approx(count)


def test_every_village_has_a_youth_group_as_in_cirebon() -> None:
    published = read_table("psks_counts").where(psks_type="karang_taruna")
    assert of("karang_taruna", 3209) == published["count"]
    total = COUNTS.count[PSKS.index("karang_taruna")].sum()
    assert total == pytest.approx(default_parameter("psks.youth_groups_per_village") * VILLAGES)


def test_counts_of_a_part_of_a_province_are_not_its_count() -> None:
    """The hundreds of Madura under the code of Jawa Timur are not its facilitators."""
    east = [code for code in districts() if code // 100 == 35]
    assert of("pendamping_pkh", *east).sum() > 2_000


def test_villages_add_up_to_those_of_the_provinces() -> None:
    assert villages(2024).sum() == pytest.approx(VILLAGES)


def test_every_row_says_where_it_comes_from() -> None:
    table = psks_table(2024, default_parameter)
    assert len(table) == len(PSKS) * len(districts())
    for row in table.rows():
        assert row["count"] >= 0.0 and row["method"]
        assert ("published" in row["method"]) == (row["quality"] != "imputed, grade D")


@pytest.mark.parametrize("year", [2015, 2019, 2024])
def test_facilitators_follow_the_families_of_the_year(year: int) -> None:
    found = psks_counts(year, default_parameter).count[PSKS.index("pendamping_pkh")].sum()
    assert found > 3_000
    assert found <= 10_000_232 / default_parameter("lever.facilitator_ratio.default") * 1.2
