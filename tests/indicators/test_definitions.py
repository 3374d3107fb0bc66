"""The table of indicators is complete and says everything in both languages."""

from __future__ import annotations

import re

import pytest

from kesos_sim.errors import InputError
from kesos_sim.i18n import LANGUAGES, text
from kesos_sim.indicators.definitions import (
    DECILES,
    indicator,
    indicators,
    programme_label,
    sdg_targets,
    sdg_words,
)
from kesos_sim.institutions.accounts import FUND_LINES, INSTRUMENT_LINES

NAMES = {
    "poverty_rate",
    "poverty_gap",
    "poverty_severity",
    "poor_people",
    "extreme_poverty_rate",
    "gini",
    "near_poor_rate",
    "chronic_poverty_rate",
    "entered_poverty",
    "left_poverty",
    "exclusion_error",
    "inclusion_error",
    "registry_age",
    "registry_ghosts",
    "disaster_affected",
    "disaster_helped",
    "disaster_waiting",
    "days_to_aid",
    "aid_received",
    "relief_stock",
    "houses_unrepaired",
    "disaster_recovery",
    "unmet_need_rate",
    "cases_served",
    "duplicate_service_rate",
    "days_to_service",
    "coordination_active",
    "orsos_membership",
    "orsos_working",
    "cases_ended",
    "relapse_rate",
    "school_attendance",
    "service_interruptions",
    "remote_in_need",
    "returned_home",
    "orsos_volunteers",
    "unfit_housing_rate",
    "houses_repaired",
    "emergency_cash_families",
    "orsos_income",
    "orsos_government_share",
    "orsos_business_share",
    "orsos_zakat",
    "csr_through_forum",
    "orsos_reserve_months",
    "served_reported",
    "report_error",
    "impact_reported_ratio",
    "capacity_spread",
    "political_support",
    "bylaw_coverage",
    "months_to_bylaw",
    "province_bodies_active",
    "wksbm_active",
    "wksbm_dormancy_rate",
    "wksbm_coverage",
    "wksbm_fund_per_member",
    "wksbm_women_led",
    "wksbm_member_groups",
    "mutual_help_paid",
    "mutual_help_share",
    "cohesion_index",
    "state_cost_per_poor",
    "pillar_share_government",
    "pillar_share_community",
    "pillar_share_business",
    "preventive_share",
    "slrt_cases",
    "slrt_referred",
    "families_counselled",
    "slrt_backlog",
    "slrt_days",
    "facilitator_caseload",
    "volunteers",
    "youth_groups_active",
    "complaints",
    "complaints_resolved",
    "villages_deliberating",
    "enterprises",
    "enterprise_survival",
    "stimulus_to_earners",
    "pkh_graduates",
    "graduate_relapse",
    "topup_to_unable",
    "pioneer_families",
    "benefit_delivered",
    "budget_released",
    "budget_spent",
    "yearly_spending",
    "budget_absorbed",
    "leakage",
    "cost_per_person_lifted",
    "gap_closed_per_rupiah",
    "mean_household_size",
    "population",
    *(f"decile_mean_{decile}" for decile in DECILES),
    *(f"benefit_coverage_d{decile}" for decile in DECILES),
    *(f"benefit_adequacy_d{decile}" for decile in DECILES),
    *(f"benefit_share_d{decile}" for decile in DECILES),
}


def test_every_name_of_the_model_is_defined() -> None:
    assert set(indicators()) == NAMES


@pytest.mark.parametrize("name", [*sorted(NAMES), "programme_recipients.pkh"])
def test_a_definition_says_everything(name: str) -> None:
    definition = indicator(name)
    assert definition.name == name
    assert definition.direction in {"lower", "higher", "neutral"}
    assert definition.of in {"run", "comparison"}
    assert 0 <= definition.spoken <= definition.decimals or definition.decimals == 0
    for lang in ("id", "en"):
        assert definition.label(lang) and not definition.label(lang).endswith(".")
        assert definition.meaning(lang).endswith(".")
        assert definition.unit_label(lang)
        assert definition.formula(lang) and definition.source(lang)
        assert "{" not in definition.label(lang) + definition.meaning(lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_programme_is_called_by_its_name_and_a_decile_by_its_number(lang: str) -> None:
    recipients, decile = indicator("programme_recipients.bpnt"), indicator("decile_mean_7")
    for words in (recipients.label(lang), recipients.meaning(lang)):
        assert programme_label("bpnt", lang) in words
        assert "bpnt" not in words
    assert "7" in decile.label(lang)
    assert "7" in decile.meaning(lang)


def test_labels_are_different_in_one_language() -> None:
    for lang in ("id", "en"):
        labels = [definition.label(lang) for definition in indicators().values()]
        assert len(set(labels)) == len(labels)


def test_rates_and_gaps_are_percent_money_is_rupiah_gini_is_an_index() -> None:
    for name, definition in indicators().items():
        if name.endswith(("_rate", "_gap", "_error")) or name.startswith("benefit_c"):
            assert definition.unit == "percent", name
    assert indicator("gini").unit == "index"
    assert indicator("leakage").unit == "rupiah"
    assert indicator("leakage").flow


def test_programmes_have_their_own_unit_and_name() -> None:
    assert indicator("programme_recipients.pkh").unit == "households"
    assert indicator("programme_recipients.pbi").unit == "persons"
    assert indicator("programme_recipients.blt_desa").label("id") == "Penerima BLT Desa"
    assert programme_label("topup_jateng", "en") == "topup jateng"


def test_targets_are_those_of_the_goals_and_have_words() -> None:
    """Of the seventeen goals, in their order; the questions of the model are among them."""
    targets = sdg_targets()
    assert len(set(targets)) == len(targets)
    goals = [int(target.partition(".")[0]) for target in targets]
    assert goals == sorted(goals) and set(goals) <= set(range(1, 18))
    assert all(re.fullmatch(r"[0-9]+\.(?:[0-9]+|[a-d])", target) for target in targets)
    assert set(targets) >= {
        "1.2", "1.3", "1.4", "2.1", "10.1", "10.2", "11.5", "16.6", "17.17",
    }  # fmt: skip
    for lang in LANGUAGES:
        words = [sdg_words(target, lang) for target in targets]
        assert len(set(words)) == len(words)
    assert indicator("poverty_rate").sdg == ("1.2",)
    assert indicator("decile_mean_3").sdg == ("10.1",)
    assert indicator("programme_recipients.pkh").sdg == ("1.3",)
    assert indicator("programme_recipients.sembako").sdg == ("2.1", "1.3")
    assert indicator("population").sdg == ()


def test_half_of_the_last_spoken_digit_is_negligible() -> None:
    assert indicator("poverty_rate").negligible == pytest.approx(0.05)
    assert indicator("poor_people").negligible == 0.5


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("povertyrate", "poverty_rate"),
        ("decile_mean_11", "decile_mean_1"),
        ("programme_recipients.", "programme_recipients.pkh"),
        ("", None),
        ("poverty_rate.pkh", "poverty_rate"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(wrong: str, near: str | None) -> None:
    with pytest.raises(InputError) as refused:
        indicator(wrong)
    assert refused.value.code == "KS4001"
    assert refused.value.suggestion == near


def test_definitions_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        indicators()["poverty_rate"] = None  # type: ignore[index]


@pytest.mark.parametrize("line", [*INSTRUMENT_LINES, *FUND_LINES])
def test_every_line_of_the_books_has_a_name_in_both_languages(line: str) -> None:
    key = f"indicators.programme.{line.lower()}"
    for lang in LANGUAGES:
        assert programme_label(line.lower(), lang) == text(key, lang)
