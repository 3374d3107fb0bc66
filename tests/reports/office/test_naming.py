"""Sheets are named in words that fit on their tabs."""

from __future__ import annotations

import pytest

from kesos_sim import i18n
from kesos_sim.reports.analyses import MEASURES
from kesos_sim.reports.office.naming import MOST_LETTERS, sheet_name

PREFIX = "office.sheet."
WORDS = i18n.keys()
KINDS = tuple(key.removeprefix(PREFIX) for key in WORDS if key.startswith(PREFIX))
OF_A_MEASURE = tuple(kind for kind in KINDS if "{of}" in i18n.template(PREFIX + kind, "id"))


def fits(words: str) -> bool:
    """Whether a sheet can be named so, and no code is left."""
    return 0 < len(words) <= MOST_LETTERS and not set(words) & set("_[]:*?/\\'")


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_kind_of_table_has_a_name_of_its_own_that_fits(lang: str) -> None:
    plain = [kind for kind in KINDS if kind not in OF_A_MEASURE]
    named = [sheet_name(kind, lang) for kind in plain]
    assert len(set(named)) == len(named) > 40
    assert all(map(fits, named))


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_tables_of_measures_are_told_apart(lang: str) -> None:
    assert {"trend", "relevance", "linkage", "position"} <= set(OF_A_MEASURE)
    for kind in ("trend", "position", "relevance", "effectiveness", "linkage", "quadrants"):
        named = [sheet_name(f"{kind}_{measure}_53", lang) for measure in MEASURES]
        assert sheet_name(kind, lang) not in named
        assert len(set(named)) == len(named)
        assert all(map(fits, named))


def test_a_name_says_what_it_is_about_and_drops_codes() -> None:
    assert sheet_name("linkage_poverty_rate_3316", "id") == "Kaitan kemiskinan (P0)"
    assert sheet_name("trend_gini_53", "en") == "Trend Gini ratio"
    assert sheet_name("tile_map_indonesia_poverty_rate", "id") == "Peta kemiskinan (P0)"
    assert sheet_name("hotspots_53", "en") == "Priority places"


def test_a_table_that_the_catalogue_does_not_know_keeps_its_name() -> None:
    assert sheet_name("rencana", "id") == "rencana"
    assert sheet_name("trendy", "en") == "trendy"
