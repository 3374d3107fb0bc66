"""The levers: what a policy can move, each declared once.

The scenario format, its JSON Schema, the editors, the sliders and the documentation are made
from these declarations. A lever is listed here only if the model has a mechanism for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kesos_sim.scenario.lever import Lever

__all__ = ["LEVERS", "POINTS", "PORTFOLIO", "SHARE_LEVERS", "TODAY"]

TODAY: Final = "today"

POINTS: Final = range(1, 10)
"""Points of the agreement of 2008."""

_EXCHANGE: Final = ("coordination.shared_list.strength", "coordination.routing.strength")
_AWAKE: Final = (*_EXCHANGE, "coordination.task_force.strength")
_REACH: Final = ("benefit_coverage_d1", "benefit_adequacy_d1", "exclusion_error")
_MONEY: Final = ("benefit_delivered", "budget_released")
_BODIES: Final = ("coordination_active", "orsos_membership")


def _poverty_share(budget: str) -> Lever:
    return Lever(
        f"{budget}_poverty_share",
        "share",
        "own_spending",
        0.0,
        0.15,
        cost="share",
        grade="B",
        acts_on=("poverty_rate", "poverty_gap", "exclusion_error", *_MONEY),
        point=4,
    )


def _portfolio(part: str, *acts_on: str) -> Lever:
    return Lever(
        f"portfolio_{part}",
        "share",
        "new_money",
        0.0,
        1.0,
        cost="within_share",
        grade="D",
        acts_on=acts_on,
        default_parameter=f"lever.portfolio_{part}.default",
    )


def _programme(name: str, what: str, *acts_on: str) -> Lever:
    direct = "benefit_adequacy_d1" if what == "amount" else f"programme_recipients.{name}"
    return Lever(
        f"{name}_{what}",
        "factor",
        what,
        0.0,
        3.0,
        cost="programme",
        grade="B" if what == "amount" else "C",
        acts_on=(direct, *acts_on, *_MONEY),
        fixed_default=1.0,
    )


_DECLARED: Final = (
    _poverty_share("apbd"),
    _poverty_share("apbn"),
    Lever(
        "run_beyond_room",
        "switch",
        "switch",
        0.0,
        1.0,
        cost="none",
        grade="D",
        acts_on=("poverty_rate", *_MONEY),
        fixed_default=0.0,
    ),
    _portfolio("cash", *_REACH, "poverty_gap"),
    _portfolio("food", *_REACH, "poverty_gap"),
    _portfolio("enterprise", "benefit_delivered", "poverty_gap"),
    _portfolio("registry", "registry_age", "registry_ghosts", "exclusion_error", "inclusion_error"),
    _portfolio("services", "orsos_income", "cases_served", "unmet_need_rate"),
    Lever(
        "topup_coverage",
        "share",
        "households",
        0.02,
        0.6,
        cost="within_share",
        grade="B",
        acts_on=(*_REACH, "inclusion_error"),
        default_parameter="lever.topup_coverage.default",
    ),
    Lever(
        "registry_verification_rate",
        "share",
        "records_per_year",
        0.0,
        1.0,
        cost="verification",
        grade="B",
        acts_on=("registry_age", "registry_ghosts", "exclusion_error", "inclusion_error"),
        default_parameter="lever.registry_verification_rate.default",
    ),
    Lever(
        "registry_openness",
        "share",
        "strength",
        0.0,
        1.0,
        cost="openness",
        grade="D",
        acts_on=("registry_age", "exclusion_error", "benefit_coverage_d10"),
        default_parameter="lever.registry_openness.default",
    ),
    _programme("pkh", "amount", "poverty_gap"),
    _programme("pkh", "quota", "exclusion_error", "poverty_gap"),
    _programme("sembako", "amount", "poverty_gap"),
    _programme("sembako", "quota", "exclusion_error", "poverty_gap"),
    _programme("blt_desa", "amount", "poverty_gap"),
    _programme("blt_desa", "quota", "poverty_gap"),
    _programme("pbi", "quota"),
    Lever(
        "social_assistance",
        "switch",
        "switch",
        0.0,
        1.0,
        cost="programme",
        grade="B",
        acts_on=("poverty_rate", "poverty_gap", "extreme_poverty_rate", *_MONEY),
        fixed_default=1.0,
    ),
    Lever(
        "audit_coverage",
        "share",
        "audited",
        0.0,
        1.0,
        cost="audit",
        grade="B",
        acts_on=("leakage",),
        default_parameter="lever.audit_coverage.default",
    ),
    Lever(
        "coordination",
        "switch",
        "switch",
        0.0,
        1.0,
        cost="coordination",
        grade="D",
        acts_on=("coordination_active", "duplicate_service_rate", "cases_served"),
        fixed_default=1.0,
        strengths=_AWAKE,
    ),
    Lever(
        "bkkks_standing",
        "step",
        "standing",
        0.0,
        3.0,
        cost="coordination",
        grade="D",
        acts_on=(*_BODIES, "duplicate_service_rate", "cases_served"),
        default_parameter="lever.bkkks_standing.default",
        point=1,
        strengths=_AWAKE,
    ),
    Lever(
        "partnership_platform",
        "step",
        "platform",
        0.0,
        3.0,
        cost="coordination",
        grade="D",
        acts_on=("duplicate_service_rate", "cases_served", "unmet_need_rate"),
        fixed_default=0.0,
        point=3,
        strengths=_EXCHANGE,
    ),
    Lever(
        "social_obligation",
        "share",
        "grants",
        0.0,
        1.0,
        cost="obligation",
        grade="D",
        acts_on=(
            "service_interruptions",
            "orsos_income",
            "cases_served",
            "orsos_reserve_months",
        ),
        fixed_default=0.0,
        point=8,
    ),
    Lever(
        "social_marketing",
        "amount",
        "campaign",
        0.0,
        20_000.0,
        cost="marketing",
        grade="D",
        acts_on=("orsos_income", "cases_served", "duplicate_service_rate"),
        fixed_default=0.0,
        point=5,
    ),
    Lever(
        "csr_matching",
        "share",
        "csr",
        0.0,
        1.0,
        cost="none",
        grade="D",
        acts_on=("cases_served", "unmet_need_rate"),
        fixed_default=0.0,
        strengths=("coordination.matching.strength",),
    ),
    Lever(
        "orsos_training",
        "share",
        "organisations_per_year",
        0.0,
        1.0,
        cost="training",
        grade="D",
        acts_on=("cases_served", "service_interruptions", "orsos_reserve_months"),
        fixed_default=0.0,
        strengths=("coordination.capacity.strength",),
    ),
    Lever(
        "community_care",
        "share",
        "homes",
        0.0,
        1.0,
        cost="none",
        grade="D",
        acts_on=("cases_served", "unmet_need_rate", "orsos_reserve_months"),
        fixed_default=0.0,
    ),
    Lever(
        "political_dialogue",
        "count",
        "rounds_per_year",
        0.0,
        12.0,
        cost="dialogue",
        grade="D",
        acts_on=("political_support", "bylaw_coverage", "months_to_bylaw"),
        fixed_default=0.0,
        point=2,
        strengths=(*_AWAKE, "coordination.advocacy.strength"),
    ),
    Lever(
        "regulation_outreach",
        "share",
        "reach",
        0.0,
        1.0,
        cost="outreach",
        grade="D",
        acts_on=("political_support", "orsos_membership", "bylaw_coverage"),
        fixed_default=0.0,
        point=6,
        strengths=(*_AWAKE, "coordination.advocacy.strength"),
    ),
    Lever(
        "welfare_bylaw",
        "step",
        "bylaw",
        0.0,
        2.0,
        cost="bylaw",
        grade="D",
        acts_on=("bylaw_coverage", "months_to_bylaw", *_BODIES),
        fixed_default=0.0,
        point=7,
        strengths=(*_AWAKE, "coordination.advocacy.strength"),
    ),
    Lever(
        "interprovince_cooperation",
        "step",
        "cooperation",
        0.0,
        2.0,
        cost="cooperation",
        grade="D",
        acts_on=("aid_received", "disaster_waiting", "days_to_aid", "relief_stock"),
        fixed_default=0.0,
        point=9,
        strengths=("coordination.interprovince_aid.strength",),
    ),
    Lever(
        "disaster_preparedness",
        "share",
        "prepared",
        0.0,
        1.0,
        cost="preparedness",
        grade="D",
        acts_on=("disaster_waiting", "disaster_helped", "houses_unrepaired", "poverty_gap"),
        default_parameter="lever.disaster_preparedness.default",
    ),
    Lever(
        "wksbm_growth",
        "share",
        "neighbourhoods_per_year",
        0.0,
        0.2,
        cost="wksbm",
        grade="D",
        acts_on=("wksbm_coverage", "wksbm_active", "mutual_help_paid", "cases_served"),
        fixed_default=0.0,
    ),
    Lever(
        "wksbm_training",
        "share",
        "groups_per_year",
        0.0,
        1.0,
        cost="wksbm",
        grade="D",
        acts_on=("wksbm_dormancy_rate", "wksbm_coverage", "mutual_help_paid"),
        fixed_default=0.0,
    ),
    Lever(
        "wksbm_stimulus",
        "amount",
        "rupiah_per_group",
        0.0,
        20_000_000.0,
        cost="wksbm",
        grade="D",
        acts_on=("wksbm_fund_per_member", "mutual_help_paid"),
        fixed_default=0.0,
    ),
)

LEVERS: Final[Mapping[str, Lever]] = MappingProxyType({lever.name: lever for lever in _DECLARED})

PORTFOLIO: Final = tuple(name for name in LEVERS if name.startswith("portfolio_"))

SHARE_LEVERS: Final = ("apbd_poverty_share", "apbn_poverty_share")
