"""The template shows what is published and comes back as nothing new."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kesos_sim import i18n
from kesos_sim.data import read_table
from kesos_sim.data.own import LAYOUT, read_own, template, template_region
from kesos_sim.data.own.layout import acts
from kesos_sim.data.own.template_file import rows_for
from kesos_sim.data.regions import districts, provinces
from kesos_sim.errors import InputError

REGIONS = st.sampled_from(sorted(provinces())) | st.sampled_from(sorted(districts()))
FEW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(region=REGIONS, lang=st.sampled_from(i18n.LANGUAGES), book=st.booleans())
def test_template_of_any_region_comes_back_unchanged(
    region: int, lang: str, book: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("own")
    path = template(region, folder / ("a.xlsx" if book else "a"), lang)
    found = read_own(path, lang=lang)
    assert [problem.record(lang) for problem in found.problems] == []
    assert found.own is not None
    assert found.own.figures == ()
    assert found.unchanged == sum(
        value is not None
        for sheet in LAYOUT.values()
        for row in rows_for(sheet, region, lang, 2024)
        for column, value in zip(sheet.columns, row, strict=True)
        if column.measure
    )


@pytest.mark.parametrize("year", [2015, 2023])
def test_earlier_base_years_come_back_unchanged(year: int, tmp_path: Path) -> None:
    found = read_own(template(94 if year < 2024 else 33, tmp_path / "a", "id", year))
    assert not found.problems
    assert found.own is not None
    assert found.own.year == year
    assert found.unchanged > 0


def test_published_values_are_those_of_the_tables() -> None:
    rows = {(row[0], row[2]): row for row in rows_for(LAYOUT["poverty"], 34, "en", 2024)}
    table = read_table("poverty_province").where(bps_code=34, year=2024, month=3)
    for known in table.rows():
        row = rows[34, known["area"]]
        rates = tuple(known[n] for n in ("poverty_rate_p0", "gap_p1", "severity_p2"))
        assert row[3:7] == (*rates, known["poverty_line_idr"])
        assert row[-1] == "official"
    assert len(rows) == 3 + 5


def test_cells_offer_choices_and_ranges(workbook_bytes: bytes) -> None:
    book: Any = openpyxl.load_workbook(io.BytesIO(workbook_bytes))
    rules = {rule.type for rule in book["kemiskinan"].data_validations.dataValidation}
    assert rules == {"list", "decimal", "whole"}
    assert all(len(r.formula1) <= 255 for s in book for r in s.data_validations.dataValidation)
    assert book["kemiskinan"]["D1"].comment.text.startswith("Persentase penduduk miskin")


def test_every_column_and_choice_speaks_both_languages() -> None:
    for sheet in LAYOUT.values():
        for lang in i18n.LANGUAGES:
            titles = [column.title(lang) for column in sheet.columns]
            assert len(set(titles)) == len(titles)
            for column in sheet.columns:
                assert column.help(lang).endswith(".")
                words = [column.choice_words(choice, lang) for choice in column.choices]
                assert len(set(words)) == len(words)
                assert not any("," in word for word in words), "a list in a cell splits at commas"


def test_what_the_model_reads_is_said_in_one_place() -> None:
    assert acts("p0", "urban", 33)
    assert acts("p0", "total", 3316)
    assert not acts("gini", "total", 3316)
    assert not acts("line", "total", 33)
    assert not acts("amount", "travel", 33)
    assert not acts("number", "tagana", 3316)


@pytest.mark.parametrize("typed", ["indonesia", "mpu", "9999", "Atlantis", ""])
def test_a_template_is_of_one_region(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        template_region(typed)
    assert refused.value.code in ("KS6082", "KS1108")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="KS6084"):
        template(34, path)
    assert path.read_text(encoding="utf-8") == "mine"
    with pytest.raises(InputError, match="KS6083"):
        template(34, tmp_path / "b.xlsx", year=2014)
