"""What the checks of the tables found is said in words that a planner knows."""

from __future__ import annotations

import re

import pytest

from kesos_sim.data.catalogue import run_checks
from kesos_sim.reports.checks import found_words, where_words

CODE_WORD = re.compile(r"\w+_\w+|\b[A-Z]{2,}_|#|\b\d{2} \d{4}\b|\b\d{4}-\d{2}\b")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_no_finding_shows_a_word_of_the_code(lang: str) -> None:
    places = [where_words(check.where, lang) for check in run_checks()]
    assert len([place for place in places if place]) > 40
    assert not [place for place in places if CODE_WORD.search(place)]


def test_places_months_and_facts_have_their_names() -> None:
    fact = "3573 2024 lks_active_share"
    assert where_words(fact, "id") == "Kota Malang, 2024, bagian LKS yang aktif"
    assert where_words(fact, "en") == "Kota Malang, 2024, share of LKS that are active"
    assert where_words("00 2007-03", "id") == "Indonesia, Maret 2007"
    assert where_words("21 2010-2011", "en") == "Riau Islands, 2010\N{EN DASH}2011"
    assert where_words("BLT_DANA_DESA 2023 #8", "id") == "BLT Dana Desa, 2023, baris 8"
    assert where_words("FUEL_SUBSIDY 2025", "id") == "subsidi BBM, 2025"
    assert where_words("", "id") == ""
    assert where_words("sesuatu 2024", "id") == "sesuatu, 2024"


def test_the_rest_of_a_finding_stays() -> None:
    (check,) = (one for one in run_checks() if one.name == "one_city")
    assert found_words(check, "id") == "perbandingan: 3; Kota Malang, 2024, bagian LKS yang aktif"
