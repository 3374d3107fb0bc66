"""A table holds what it was given, never changes, and reads back from its text."""

import csv
import io
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesos_sim.data import Column, Table, TableMeta
from kesos_sim.data.catalogue import cells
from kesos_sim.data.reading import parse
from kesos_sim.errors import InputError

META = TableMeta(
    name="example",
    domain="test",
    title={"id": "Contoh", "en": "Example"},
    origin="made up",
    coverage={"id": "-", "en": "-"},
    used_for={"id": "-", "en": "-"},
    version=1,
    key=("region", "year"),
    grade="",
    columns=(
        Column("region", "code", "BPS code"),
        Column("year", "int", "year"),
        Column("rate", "number", "percent"),
        Column("note", "text"),
    ),
)
# What a CSV file of the package may hold: any text without line ends or control characters.
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=20)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 9999),
        st.integers(1900, 2100),
        st.one_of(st.none(), st.integers(-(10**9), 10**9).map(lambda number: number / 1000)),
        TEXTS,
    ),
    max_size=20,
)


def table_of(rows):
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    rates = [math.nan if rate is None else rate for rate in columns[2]]
    return Table.from_columns(
        "example",
        {"region": columns[0], "year": columns[1], "rate": rates, "note": columns[3]},
        META,
    )


def file_of(table):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(cells(table))
    return out.getvalue().encode()


@given(ROWS)
def test_a_table_reads_back_from_its_text(rows):
    table = table_of(rows)
    again = parse(META, file_of(table), Path("example.csv"))
    assert len(again) == len(rows)
    for name, column in table.columns.items():
        np.testing.assert_array_equal(again[name], column)
        assert again[name].dtype.kind == column.dtype.kind


@given(ROWS)
def test_rows_are_the_columns_across(rows):
    for row, (region, year, rate, note) in zip(table_of(rows).rows(), rows, strict=True):
        assert (row["region"], row["year"], row["note"]) == (region, year, note)
        assert math.isnan(row["rate"]) if rate is None else row["rate"] == rate


@given(ROWS, st.integers(1900, 2100))
def test_where_keeps_exactly_the_rows_that_fit(rows, year):
    table = table_of(rows)
    kept = [row["region"] for row in table.where(year=year).rows()]
    assert kept == [row[0] for row in rows if row[1] == year]
    others = table.where(year=sorted({row[1] for row in rows} - {year}))
    assert len(others) + len(kept) == len(table)


@given(ROWS)
def test_conditions_act_together(rows):
    table = table_of(rows)
    for row in rows[:3]:
        both = table.where(region=row[0], year=row[1])
        assert [*both["region"]] == [*table.where(region=row[0]).where(year=row[1])["region"]]
        assert len(both) >= 1


def test_columns_cannot_be_changed():
    table = table_of([(33, 2024, 10.47, "")])
    for part in (table, table.where(year=2024)):
        with pytest.raises(ValueError, match="read-only"):
            part["rate"][0] = 0.0


def test_an_unknown_column_names_those_that_exist():
    with pytest.raises(KeyError, match="it has region, year, rate, note"):
        table_of([])["poverty"]
    with pytest.raises(KeyError, match="no column poverty"):
        table_of([]).where(poverty=1)


def test_columns_have_equal_length_and_one_dimension():
    with pytest.raises(ValueError, match="differ in length"):
        Table.from_columns("t", {"a": [1, 2], "b": [1]})
    with pytest.raises(ValueError, match="one-dimensional"):
        Table.from_columns("t", {"a": [[1, 2], [3, 4]]})


def test_types_follow_the_values_without_a_description():
    table = Table.from_columns("t", {"a": [1], "b": [1.5], "c": ["x"]})
    assert [table[name].dtype.kind for name in "abc"] == ["i", "f", "U"]
    assert list(cells(table)) == [("1", "1.5", "x")]


def test_membership_is_of_columns():
    table = table_of([])
    assert "year" in table
    assert "month" not in table
    assert len(table) == 0


@pytest.mark.parametrize(
    ("content", "line", "field", "key"),
    [
        (b"region,year,rate\n", 1, None, "data.header"),
        (b"", 1, None, "data.header"),
        (b"region,year,rate,note\n33,2024,1,\n33,2024\n", 3, None, "data.cells"),
        (b"region,year,rate,note\n33,2024,1,\nx,2024,1,\n", 3, "region", "data.cell"),
        (b"region,year,rate,note\n33,2024,1.2.3,\n", 2, "rate", "data.cell"),
        (b"region,year,rate,note\n33,,1,\n", 2, "year", "data.cell"),
        (b"region,year,rate,note\n33,2024,1,\xff\n", 2, None, "data.not_utf8"),
        (b'region,year,rate,note\n33,2024,1,"a\n', 2, None, "data.not_csv"),
        (b'region,year,rate,note\n33,2024,1,"a"b\n', 2, None, "data.not_csv"),
    ],
)
def test_a_broken_file_is_named_with_line_and_column(content, line, field, key):
    with pytest.raises(InputError) as caught:
        parse(META, content, Path("example.csv"))
    error = caught.value
    assert (error.key, error.line, error.field) == (key, line, field)
    for lang in ("id", "en"):
        assert f"example.csv:{line}" in error.text(lang)
