"""Levers of public money, of programmes, of the registry and of control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kesos_sim.scenario.lever import DOWN, UP, Lever

__all__ = ["OF_MONEY"]

_REACH: Final = {"benefit_coverage_d1": UP, "benefit_adequacy_d1": UP, "exclusion_error": DOWN}
_NEW: Final = {"apbd_poverty_share": 0.10}
"""New money, without which there is nothing to divide."""
_LIST: Final = {"registry_age": DOWN, "registry_ghosts": DOWN}
_MONEY: Final = {"benefit_delivered": UP, "budget_released": UP}


def _poverty_share(budget: str) -> Lever:
    return Lever(
        f"{budget}_poverty_share",
        "share",
        "own_spending",
        0.0,
        0.15,
        cost="share",
        grade="B",
        acts_on={
            "poverty_rate": DOWN,
            "poverty_gap": DOWN,
            "exclusion_error": DOWN,
            **_MONEY,
            "state_cost_per_poor": UP,
        },
        point=4,
    )


def _portfolio(part: str, acts_on: Mapping[str, int]) -> Lever:
    return Lever(
        f"portfolio_{part}",
        "share",
        "new_money",
        0.0,
        1.0,
        cost="within_share",
        grade="D",
        acts_on=acts_on,
        beside=_NEW,
        default_parameter=f"lever.portfolio_{part}.default",
    )


def _programme(name: str, what: str, *lowered: str) -> Lever:
    direct = "benefit_adequacy_d1" if what == "amount" else f"programme_recipients.{name}"
    return Lever(
        f"{name}_{what}",
        "factor",
        what,
        0.0,
        3.0,
        cost="programme",
        grade="B" if what == "amount" else "C",
        acts_on={direct: UP, **dict.fromkeys(lowered, DOWN), **_MONEY},
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
        acts_on={"poverty_rate": DOWN, **_MONEY},
        fixed_default=0.0,
        beside=_NEW,
    ),
    _portfolio("cash", {**_REACH, "poverty_gap": DOWN}),
    _portfolio("food", {**_REACH, "poverty_gap": DOWN}),
    _portfolio("enterprise", {"benefit_delivered": UP, "poverty_gap": UP}),
    _portfolio("registry", {**_LIST, "exclusion_error": DOWN, "inclusion_error": DOWN}),
    _portfolio("services", {"orsos_income": UP, "cases_served": UP, "unmet_need_rate": DOWN}),
    Lever(
        "topup_coverage",
        "share",
        "households",
        0.02,
        0.6,
        cost="within_share",
        grade="B",
        acts_on={
            "benefit_coverage_d1": UP,
            "benefit_adequacy_d1": DOWN,
            "exclusion_error": DOWN,
            "inclusion_error": UP,
        },
        default_parameter="lever.topup_coverage.default",
        beside=_NEW,
    ),
    Lever(
        "registry_verification_rate",
        "share",
        "records_per_year",
        0.0,
        1.0,
        cost="verification",
        grade="B",
        acts_on={**_LIST, "exclusion_error": DOWN, "inclusion_error": DOWN},
        default_parameter="lever.registry_verification_rate.default",
    ),
    Lever(
        "identity_matching",
        "share",
        "strength",
        0.0,
        1.0,
        cost="matching",
        grade="D",
        acts_on={"registry_ghosts": DOWN},
        fixed_default=0.0,
    ),
    Lever(
        "registry_openness",
        "share",
        "strength",
        0.0,
        1.0,
        cost="openness",
        grade="D",
        acts_on={"registry_age": DOWN, "exclusion_error": DOWN, "benefit_coverage_d10": DOWN},
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
        acts_on={
            "poverty_rate": DOWN,
            "poverty_gap": DOWN,
            "extreme_poverty_rate": DOWN,
            **_MONEY,
        },
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
        acts_on={"leakage": DOWN},
        default_parameter="lever.audit_coverage.default",
        beside=_NEW,
    ),
)
"""Levers in the order in which they are shown."""
