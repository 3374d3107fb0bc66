"""Stages, parameters and the record say what the code and the tables say, in both languages."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from kesos_sim import __version__, i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.i18n import numbers
from kesos_sim.model.identity import code_hash, data_hash
from kesos_sim.model.month import STAGES
from kesos_sim.reports.card import kept_validation
from kesos_sim.reports.card.record import record_table
from kesos_sim.reports.charts.style import NARROW, WIDE
from kesos_sim.reports.description.parameters import grades_chart, parameter_tables
from kesos_sim.reports.description.stages import stage_table
from kesos_sim.reports.description.versions import versions


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_stages_are_those_of_the_month(lang: str) -> None:
    """A stage without words in ``description.toml`` is an error."""
    table = stage_table(lang)
    assert [row[1] for row in table.data] == [stage.__name__ for stage in STAGES]
    assert all(row[2].endswith(".") for row in table.rows)
    assert str(len(STAGES)) in table.title


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_parameter_is_listed_once_with_range_grade_and_source(lang: str) -> None:
    tables = parameter_tables(lang)
    listed = {row[0]: row for table in tables for row in table.data}
    assert sum(len(table.rows) for table in tables) == len(listed) == len(parameter_table())
    for name, row in parameter_table().items():
        assert listed[name][1:6] == (row.value, row.low, row.high, row.unit, row.grade)
    written = {row[0]: row for table in tables for row in table.rows}
    known = parameter_table()["registry.truth"]
    assert written["registry.truth"][1] == numbers.number(0.48, lang, 2)
    assert written["registry.truth"][5].startswith(known.sources[lang])
    assert all(all(cells) for cells in written.values())


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_no_digit_of_a_value_is_lost(lang: str) -> None:
    marks = str.maketrans({".": "", ",": "."}) if lang == "id" else str.maketrans({",": ""})
    for table in parameter_tables(lang):
        for cells, data in zip(table.rows, table.data, strict=True):
            shown = float(cells[1].translate(marks).replace(numbers.MINUS, "-"))
            assert shown == pytest.approx(data[1], rel=1e-5, abs=1e-12), cells[0]


@pytest.mark.slow
@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_chart_of_grades_counts_all_of_them(lang: str) -> None:
    drawn = grades_chart(lang)
    grades = Counter(row.grade for row in parameter_table().values())
    assert f"{grades['D']} " in drawn.title and f"{grades['A']} " in drawn.title
    assert drawn.table.fields == ("group", "parameters", "a", "b", "c", "d")
    for place, grade in enumerate("ABCD", start=2):
        assert sum(row[place] for row in drawn.table.data) == grades[grade]  # type: ignore[misc, arg-type]
    for sheet in (WIDE, NARROW):
        assert ET.fromstring(drawn.svg(sheet)).get("lang") == lang  # noqa: S314 - our own file
    assert drawn.provenance == versions(lang)


def test_versions_name_code_and_data() -> None:
    line = versions("id")
    for part in (__version__, code_hash()[:8], data_hash()[:8]):
        assert part in line


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_the_record_answers_every_question(lang: str) -> None:
    table = record_table(lang)
    told = {str(row[0]): str(row[1]) for row in table.data}
    assert {"owner", "purpose", "not_for", "data", "people", "tests", "limits", "changes"} <= set(
        told
    )
    assert all("{" not in words and "](" not in words for words in told.values())
    misses = sum(
        row["figures"]
        for row in kept_validation()["counts"]
        if (row["use"], row["verdict"]) == ("scored", "miss")
    )
    assert f"{misses} " in told["tests"]
    assert "NIK" in told["people"] or lang == "en"
