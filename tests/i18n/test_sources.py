"""Sources of figures that planners may replace speak the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest

from kesos_sim.data.own import read_own, template
from kesos_sim.data.own.importing import base_years
from kesos_sim.data.own.published import published
from kesos_sim.i18n import LANGUAGES
from kesos_sim.i18n.vocabulary import source_words

ENGLISH = re.compile(
    r"\b(and|by|of|from|quoted|table|tables|poor|release|shares|monthly|data set|government|article"
    r"|copy|captured|retrieved|Aug|Oct|Dec|May|March|per capita) ",
)


def test_sources_of_the_template_have_no_english_phrase_in_indonesian() -> None:
    sources = {figure.source for year in base_years() for figure in published(year).values()}
    assert len(sources) > 90
    said = [source_words(one, "id") for one in sources]
    assert not [one for one in said if ENGLISH.search(re.sub(r"https?://\S+", "", one))]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_untouched_source_of_a_template_does_not_speak_for_a_figure_of_ones_own(
    lang: str, tmp_path: Path
) -> None:
    path = template(3316, tmp_path / "blora.xlsx", lang)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    (source,) = (cell.column for cell in sheet[1] if cell.value in {"sumber", "source"})
    told = sheet.cell(2, source).value
    assert ("tabel BPS" in told) is (lang == "id") and ("BPS table" in told) is (lang == "en")
    sheet["D2"] = 10.5
    book.save(path)
    found = read_own(path, "Bappeda Blora, hitungan uji", lang)
    assert found.own is not None
    (changed,) = (one for one in found.own.figures if one.measure == "p0")
    assert found.own.source_of(changed) == "Bappeda Blora, hitungan uji"


def test_sources_stay_as_they_are_in_english() -> None:
    for figure in published(2024).values():
        assert source_words(figure.source, "en") == figure.source


def test_addresses_and_names_of_files_stay() -> None:
    told = "BPS release; x/bps-table:data/may.csv, https://example.org/2024/may/release"
    assert source_words(told, "id").endswith("x/bps-table:data/may.csv, "
                                             "https://example.org/2024/may/release")  # fmt: skip
    assert source_words("Antara Kaltim May-Jun 2012", "id") == "Antara Kaltim Mei-Juni 2012"
