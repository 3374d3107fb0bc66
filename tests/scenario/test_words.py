"""Scenarios and their differences in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.i18n import LANGUAGES
from kesos_sim.scenario import changed, difference, from_document, load_scenario
from kesos_sim.scenario.coordination import without_effect
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.notices import notices
from kesos_sim.scenario.spelling import hint
from kesos_sim.scenario.words import as_html, as_text, lever_value, summary

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASELINE = load_scenario(SCENARIOS / "baseline.yaml")


def test_a_lever_in_both_languages() -> None:
    reform = load_scenario(SCENARIOS / "apbd-10.yaml")
    assert difference(BASELINE, reform, "id") == [
        "Porsi APBD untuk penanggulangan kemiskinan: "
        "seperti hari ini → 10% mulai Januari 2026, bertahap 36 bulan"
    ]
    assert difference(reform, BASELINE, "en") == [
        "Share of APBD for poverty reduction: "
        "10% from January 2026, phased in over 36 months → as today"
    ]


def test_one_month_is_one() -> None:
    short = changed(
        load_scenario(SCENARIOS / "apbd-10.yaml"), {"levers.apbd_poverty_share.ramp_months": 1}
    )
    (line,) = difference(BASELINE, short, "en")
    assert line.endswith("phased in over 1 month")
    one = changed(BASELINE, {"months": 1})
    assert ("Length of the run", "1 month") in summary(one, "en")
    assert ("Lama simulasi", "1 bulan") in summary(one, "id")


def test_what_coordination_changes_is_called_a_guess() -> None:
    system, none = (
        load_scenario(SCENARIOS / f"{name}.yaml")
        for name in ("sistem-kemitraan", "tanpa-koordinasi")
    )
    assert [
        word in notice[lang]
        for notice in notices([BASELINE, system, none])
        for lang, word in (("id", "dugaan"), ("en", "guess"))
    ] == [True] * 4
    assert notices([BASELINE, without_effect(system)]) == ()


def test_a_backcast_beyond_its_inputs_says_so() -> None:
    backcast = load_scenario(SCENARIOS / "backcast-2019.yaml")
    assert notices([backcast]) == ()
    assert notices([changed(backcast, {"months": 84})]) == (), "ends in March 2026"
    (notice,) = notices([changed(backcast, {"months": 85})])
    assert "Maret 2026" in notice["id"] and "March 2026" in notice["en"]


def test_what_begins_after_the_last_month_is_noticed() -> None:
    reform = load_scenario(SCENARIOS / "apbd-10.yaml")
    assert notices([BASELINE, reform]) == ()
    assert notices([changed(reform, {"months": 22})]) == ()
    short = changed(reform, {"months": 21})
    (notice,) = notices([short, short])
    assert "Januari 2026" in notice["id"] and "Desember 2025" in notice["id"]
    assert "January 2026" in notice["en"] and "has no effect" in notice["en"]
    late = from_document(
        BASELINE.document()
        | {
            "events": [{"hazard": "price_rise", "month": "2090-01", "months": 1, "severity": 0.1}],
            "programmes": [
                {
                    "name": "nanti",
                    "stream": "apbd_province",
                    "kind": "flat",
                    "amount": 100_000,
                    "quota": 10,
                    "from": "2091-01",
                    "region": [33],
                }
            ],
        }
    )
    (notice,) = notices([late])
    assert "price rise" in notice["en"] and "nanti" in notice["en"]


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_kind_of_change_has_a_line(lang: str) -> None:
    other = from_document(
        BASELINE.document()
        | {
            "region": [33, 3471, 3571, 3572, 3573],
            "start": "2023-03",
            "months": 60,
            "households": 5000,
            "seed": 1,
            "growth": "none",
            "levers": {
                "run_beyond_room": {"value": True},
                "pkh_amount": {"value": 1.25},
                "topup_coverage": {"value": 0.333},
            },
            "funding_sources": {"subsidi": 1.0},
            "parameters": {"household.propensity_to_consume": 0.5},
            "events": [
                {"hazard": "price_rise", "month": "2024-01", "months": 3, "severity": 0.075},
                {
                    "hazard": "income_shock", "month": "2024-01", "months": 3, "severity": 0.2,
                    "share": 0.5, "district": 3316,
                },
            ],
            "programmes": [
                {
                    "name": "kartu", "stream": "apbd_district", "kind": "flat", "amount": 250000,
                    "quota": 1000, "region": [33], "from": "2024-01", "to": "2024-06",
                },
                {
                    "name": "tambahan", "stream": "apbd_province", "kind": "pkh_topup",
                    "amount": 0.25, "quota": 1000, "region": [33],
                },
            ],
            "anchor": {"levers": {"pkh_amount": {"value": 1.1}}},
        }
    )  # fmt: skip
    lines = difference(BASELINE, other, lang)
    assert len(lines) == 6 + 3 + 1 + 1 + 2 + 2 + 1
    assert len(set(lines)) == len(lines)
    assert all(line.strip() == line and "{" not in line for line in lines)
    assert len(difference(other, BASELINE, lang)) == len(lines)
    assert len(summary(other, lang)) == 7 + 3 + 1 + 1 + 2 + 2


def test_numbers_are_written_for_people() -> None:
    other = changed(BASELINE, {"levers.topup_coverage.value": 0.333, "households": 1_000_000})
    assert difference(BASELINE, other, "id") == [
        "Rumah tangga simulasi: 100.000 → 1.000.000",
        "Cakupan bantuan tunai baru: 25% → 33,3%",
    ]
    assert difference(BASELINE, other, "en") == [
        "Simulated households: 100,000 → 1,000,000",
        "Coverage of the new cash: 25% → 33.3%",
    ]


def test_changed_programme_goes_and_comes() -> None:
    old = load_scenario(SCENARIOS / "tambahan-pkh-jateng.yaml")
    document = old.document()
    document["programmes"][0]["amount"] = 0.5
    lines = difference(old, from_document(document), "en")
    assert [line.partition(":")[0] for line in lines] == ["Removed", "Added"]
    document["programmes"][0] |= {"amount": 0.25, "title": {"id": "Lain", "en": "Other"}}
    assert difference(old, from_document(document), "en") == []


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_shown_in_notebooks_without_markup_from_the_file(lang: str) -> None:
    title = {"id": "<script>alert(1)</script>", "en": "<b>&amp;"}
    hostile = from_document(BASELINE.document() | {"title": title})
    html = as_html(hostile, lang)
    assert "<script>" not in html
    assert "<b>" not in html
    assert html.startswith(f'<table lang="{lang}"><caption>&lt;')
    assert as_text(hostile, lang).splitlines()[0] == title[lang]


def test_short_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    assert repr(load_scenario(SCENARIOS / "blora.yaml")).startswith("<Scenario blora: [3316]")
    monkeypatch.setenv("KESOS_LANG", "en")
    assert str(BASELINE).startswith("No change\n")
    assert 'lang="en"' in BASELINE._repr_html_()


@pytest.mark.parametrize(
    ("text", "whole", "better"),
    [
        ("10%", False, "0.10"),
        ("10 persen", False, "0.10"),
        ("12,5 %", False, "0.125"),
        ("0,1", False, "0.10"),
        ("0,125", False, "0.125"),
        ("1.5", False, "1.50"),
        ("100.000", True, "100000"),
        ("100,000", True, "100000"),
        ("100 000", True, "100000"),
        ("100_000", True, "100000"),
        ("1.234.567,89", False, "1234567.89"),
        ("1,234,567.89", False, "1234567.89"),
        ("Rp250.000", False, "250000"),
        ("Rp 1,5 juta", False, "1500000"),
        ("100 ribu", True, "100000"),
        ("36 bulan", True, "36"),
        ("10 tahun", True, "120"),
        ("2 years", True, "24"),
        ("1.5 orang", True, None),
        ("sepuluh", False, None),
        ("10 apel", False, None),
        ("1-2", False, None),
        ("1.2.3", False, None),
        ("", False, None),
        ("9" * 100, False, None),
    ],
)
def test_numbers_as_people_write_them(text: str, whole: bool, better: str | None) -> None:
    assert hint(text, whole=whole) == better


@pytest.mark.parametrize("name", [name for name, lever in LEVERS.items() if lever.kind == "step"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_step_says_what_it_is(name: str, lang: str) -> None:
    steps = range(round(LEVERS[name].low), round(LEVERS[name].high) + 1)
    said = [lever_value(name, float(step), lang) for step in steps]
    assert len(set(said)) == len(said)
    for step, words in zip(steps, said, strict=True):
        assert re.fullmatch(rf"{step} \(.{{2,}}\)", words)


@pytest.mark.parametrize("name", ["semua-butir", "cepu-raya"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_that_begins_too_late_is_one_warning_that_lists_it(name: str, lang: str) -> None:
    early = load_scenario(SCENARIOS / f"{name}.yaml", {"months": 12})
    late = [LEVERS[lever].label(lang) for lever, setting in early.levers.items()
            if setting.start is not None and setting.start > early.end]  # fmt: skip
    assert len(late) > 10
    said = [notice[lang] for notice in notices([early])]
    (listing,) = [sentence for sentence in said if late[0] in sentence]
    assert all(label in listing for label in late)
    assert len(said) == 2, "what begins too late, and that nobody has measured coordination"


def test_a_warning_names_hazards_and_levers_by_their_first_months() -> None:
    changes = {
        "levers.pkh_amount.value": 1.5,
        "levers.pkh_amount.from": "2030-01",
        "levers.sembako_amount.value": 1.5,
        "levers.sembako_amount.from": "2029-07",
    }
    (said,) = notices([load_scenario(SCENARIOS / "baseline.yaml", {"months": 12, **changes})])
    names = [LEVERS[lever].label("en") for lever in ("sembako_amount", "pkh_amount")]
    assert f"July 2029: {names[0]}. January 2030: {names[1]}." in said["en"]
