"""The package's tables are what the registry says."""

import csv
import re

import numpy as np
import pytest

from kesos_sim.data import read_table, registry
from kesos_sim.data.poverty_checks import reserved
from kesos_sim.data.reading import FOLDER, path_of
from kesos_sim.data.sources import sources
from kesos_sim.data.structure_checks import GRADES
from kesos_sim.errors import InputError

NAMES = sorted(registry())
OUTCOMES = {
    "poverty_rate_p0",
    "gap_p1",
    "severity_p2",
    "poor_thousand",
    "gini",
    "share_bottom40",
    "share_mid40",
    "share_top20",
    "extreme_poverty_rate",
    "extreme_poor_thousand",
    "headcount_215_2017ppp",
    "poverty_gap_215",
    "poverty_line_idr",
}


def test_registry_and_folder_hold_the_same_tables():
    files = {path.stem for path in FOLDER.glob("*.csv")} - {"checksums"}
    assert files == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_table_has_its_description(name):
    meta = registry()[name]
    for text in (meta.title, meta.coverage, meta.used_for):
        assert set(text) == {"id", "en"}
        assert all(text.values())
    assert meta.origin
    assert meta.version >= 1
    assert set(meta.key) <= {column.name for column in meta.columns}
    for column in meta.columns:
        assert (column.type == "text") == (column.unit == ""), column.name


@pytest.mark.parametrize("name", NAMES)
def test_each_row_has_a_source_and_a_quality(name):
    table, meta = read_table(name), registry()[name]
    if name == "sources":
        return
    assert meta.grade in GRADES
    assert set(table[meta.grade].tolist()) <= GRADES[meta.grade]
    if name == "parameters":
        assert all(text.strip() for text in table["source"].tolist())
    else:
        assert set(table["source"].tolist()) <= set(sources())


@pytest.mark.parametrize("name", NAMES)
def test_files_are_plain_utf8_with_one_line_per_row(name):
    content = path_of(name).read_bytes()
    text = content.decode("utf-8")
    assert "\r" not in text
    assert "\ufeff" not in text
    assert text.endswith("\n")
    assert text.count("\n") == len(read_table(name)) + 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)


@pytest.mark.parametrize("name", NAMES)
def test_no_column_is_empty(name):
    table = read_table(name)
    for column, values in table.columns.items():
        if values.dtype.kind == "f":
            assert not np.isnan(values).all(), column
        elif values.dtype.kind == "U":
            assert (values != "").any(), column


def test_no_outcome_of_a_reserved_year_is_in_a_table():
    for name in NAMES:
        table = read_table(name)
        held = OUTCOMES & set(table.columns)
        if held and "year" in table:
            late = table.take(np.array([reserved(year) for year in table["year"].tolist()]))
            for column in held:
                assert np.isnan(late[column]).all(), (name, column)


def test_no_text_tells_a_reserved_outcome():
    # Words of a headline such as "miskin 8,47 persen" beside a reserved year.
    telling = re.compile(
        r"(?=.*\b(?:miskin|kemiskinan|poverty|gini)\b)(?=.*\b(?:2020|2021|2025|2026)\b)"
        r".*\b\d{1,2}[.,]\d{1,2} ?(?:%|percent|persen|million|juta)",
        re.IGNORECASE,
    )
    for name in NAMES:
        if name == "parameters":
            continue
        with path_of(name).open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert not telling.match(cell), (name, cell)


def test_a_table_is_read_once():
    assert read_table("provinces") is read_table("provinces")


def test_an_unknown_table_suggests_the_nearest():
    with pytest.raises(InputError) as caught:
        read_table("poverty_provinces")
    assert caught.value.suggestion == "poverty_province"
    assert "poverty_province" in caught.value.text("id")


def test_sources_have_texts():
    assert all(text.strip() for text in sources().values())
    assert "PIP" in sources()["world_bank_pip"]


def test_every_source_is_named_by_a_row():
    named = {
        source
        for name in NAMES
        if name not in ("sources", "parameters")
        for source in read_table(name)["source"].tolist()
    }
    assert set(sources()) == named


def test_numbers_that_everything_rests_on():
    march = read_table("poverty_province").where(year=2024, month=3, area="total")
    nation = march.where(bps_code=0)
    assert nation["poverty_rate_p0"].tolist() == [9.03]
    assert nation["poverty_line_idr"].tolist() == [582932]
    blora = read_table("poverty_kabupaten").where(bps_code=3316, year=2024)
    assert blora["poverty_rate_p0"].tolist() == [11.42]
    assert len(march) == 39
