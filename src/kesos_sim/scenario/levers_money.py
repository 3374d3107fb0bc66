"""Levers of public money, of programmes, of the registry and of control."""

from __future__ import annotations

from typing import Final

from kesos_sim.scenario.lever import Lever

__all__ = ["OF_MONEY"]

_REACH: Final = ("benefit_coverage_d1", "benefit_adequacy_d1", "exclusion_error")
_MONEY: Final = ("benefit_delivered", "budget_released")


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


OF_MONEY: Final = (
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
)
"""Levers in the order in which they are shown."""
