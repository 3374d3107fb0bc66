"""Every unit, word of quality and method of the tables exists in both languages."""

from __future__ import annotations

import pytest

from kesos_sim.cli.derived import DERIVED
from kesos_sim.data.reading import read_table, registry
from kesos_sim.i18n import vocabulary
from kesos_sim.i18n.vocabulary import Kind, word
from kesos_sim.units import Month

# What is the same word in both languages.
SAME = {
    "",
    "km2",
    "R2",
    "ICC",
    "log odds",
    "kabupaten/kota",
    "rupiah",
    "rupiah per kg",
    "A",
    "B",
    "C",
    "D",
}


def said(kind: Kind, texts: set[str]) -> list[str]:
    """Texts that the vocabulary does not have, or says otherwise in English."""
    return [
        text
        for text in sorted(texts - SAME)
        if word(kind, text, "id") == text or word(kind, text, "en") != text
    ]


@pytest.mark.parametrize("name", registry())
def test_words_of_a_table(name: str) -> None:
    meta, table = registry()[name], read_table(name)
    units = {column.unit for column in meta.columns}
    units |= set(table["unit"].tolist()) if "unit" in table else set()
    assert not said("unit", units)
    if meta.grade:
        assert not said("quality", set(table[meta.grade].tolist()))
    assert set(meta.origin) == {"id", "en"}


@pytest.mark.slow
@pytest.mark.parametrize("year", [2015, 2019, 2022, 2024])
def test_words_of_derived_views(year: int) -> None:
    for name in ("budgets", "quotas", "psks", "cells", "fit"):
        view = DERIVED[name]
        assert not said("unit", {column.unit for column in view.columns})
        table = view.table(Month(year, 3))
        for column in table.columns:
            if column.startswith("quality"):
                assert not said("quality", set(table[column].tolist()))
            if column == "method":
                assert not said("method", set(table[column].tolist()))


def test_years_are_kept_and_unknown_words_stay() -> None:
    text = "published spending of 2019, carried over by all regional budgets"
    assert "2019" in word("method", text, "id")
    assert word("unit", "2017 PPP dollars per person per day", "id").startswith("dolar PPP 2017")
    assert word("unit", "sign -", "id") != word("unit", "sign +", "id")
    assert vocabulary.word("unit", "furlongs", "id") == "furlongs"
