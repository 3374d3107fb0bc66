"""Sources of parameters name tables and studies as readers know them."""

from __future__ import annotations

import re

import pytest

from kesos_sim.data.parameters import parameter_table
from kesos_sim.data.reading import registry
from kesos_sim.i18n import LANGUAGES
from kesos_sim.reports.grounds import evidence_of
from kesos_sim.reports.references import readable, study_words
from kesos_sim.scenario import load_scenario

FILES = re.compile(rf"\b({'|'.join(name for name in registry() if '_' in name)})\b")
MEANT = re.compile(rf"\b(?:tabel|tables?) ({'|'.join(registry())})\b")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_source_of_a_parameter_names_a_file(lang: str) -> None:
    for name, row in parameter_table().items():
        said = readable(row.sources)[lang]
        assert not FILES.search(said), name
        assert not MEANT.search(said), name
        assert len(said) >= len(row.sources[lang]) - len("growth_prices"), name


def test_what_names_no_table_stays_as_it_is() -> None:
    for text in ("asumsi: 5 dari 36 provinsi", "two provinces: one of ten", "(laws of the land)"):
        assert readable({"id": text})["id"] == text


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("(bukti B11)", "(bukti B11, Banerjee dkk. 2015)"),
        ("bukti A33 dan F05: 900", "bukti A33 (Kim dan Prskawetz 2006) dan F05 (Olken 2019): 900"),
        ("(bukti B18 untuk jalur tunai)", "(bukti B18 (Olken 2019) untuk jalur tunai)"),
        ("bukti F01 (Olken 2006): beras", "bukti F01 (Olken 2006): beras"),
        (
            "bukti A31–A32: sakit",
            "bukti A31–A32 (Gertler dan Gruber 2002; Sparrow dkk. 2014): sakit",
        ),
        ("(bukti B16)", "(bukti B16, Indra dkk., keikutsertaan dalam KUBE)"),
        ("bukti B01 (0,1) dan B01", "bukti B01 (Bazzi dkk. 2013; 0,1) dan B01"),
        ("bukti E13: kelompok", "bukti E13 (Suyanto dan Pudjianto 2007): kelompok"),
        (
            "programme_effects E13: Raskin",
            "tabel “Bukti: pengaruh program” E13 (Banerjee dkk. 2015): Raskin",
        ),
        ("seperti registry.truth", "seperti “kecocokan nilai registri dengan keadaan keluarga”"),
    ],
)
def test_code_of_a_study_tells_its_authors_once(source: str, said: str) -> None:
    assert readable({"id": source})["id"] == said


def test_evidence_of_a_package_is_told_in_readable_words() -> None:
    package = load_scenario("scenarios/semua-butir.yaml")
    told = " ".join(row.source["id"] for row in evidence_of(package))
    assert "tabel “" in told
    assert not FILES.search(told)


CODES = re.compile(r"\b[A-HT][0-9]{2}\b")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_code_of_a_study_stands_without_words(lang: str) -> None:
    for name, row in parameter_table().items():
        said = readable(row.sources)[lang]
        if CODES.search(said):
            assert re.search(r"[A-Z]\w+[^;:()]* (?:19|20)[0-9]{2}|dkk|et al|\(|,", said), name


def test_studies_are_named_in_the_language() -> None:
    assert study_words("world_bank_2019", "id") == "Bank Dunia 2019"
    assert study_words("alatas_2012", "id") == "Alatas dkk. 2012"
    assert study_words("none_of_these", "id") == ""
