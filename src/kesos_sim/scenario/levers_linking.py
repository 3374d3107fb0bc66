"""Levers of those who link households to help, of enterprises, and of leaving PKH."""

from __future__ import annotations

from typing import Final

from kesos_sim.scenario.lever import DOWN, UP, Lever

__all__ = ["OF_LINKING"]

_LETTERS: Final = (
    "slrt.referral.strength",
    "slrt.proposal.strength",
    "psks.counselling.strength",
)

_YOUTH: Final = (
    "psks.youth.strength",
    "psks.youth_care.strength",
    "psks.youth_enterprise.strength",
)
_INFORMATION: Final = ("psks.information.strength", "psks.trust.strength")

_NEW: Final = {"apbd_poverty_share": 0.10}
"""New money, of which a part is capital for enterprises."""

OF_LINKING: Final = (
    Lever(
        "slrt_capacity",
        "share",
        "villages",
        0.0,
        1.0,
        cost="linking",
        grade="D",
        acts_on={
            "slrt_cases": UP,
            "slrt_days": DOWN,
            "slrt_backlog": UP,
            "cases_served": UP,
            "exclusion_error": DOWN,
            "families_counselled": UP,
            "school_attendance": UP,
        },
        default_parameter="lever.slrt_capacity.default",
        strengths=_LETTERS,
    ),
    Lever(
        "social_workers",
        "factor",
        "social_workers",
        0.0,
        10.0,
        cost="linking",
        grade="D",
        acts_on={"slrt_backlog": DOWN, "slrt_days": DOWN, "unmet_need_rate": DOWN},
        fixed_default=1.0,
        strengths=(*_LETTERS, "psks.accompaniment.strength"),
    ),
    Lever(
        "facilitator_ratio",
        "count",
        "families",
        100.0,
        600.0,
        cost="facilitators",
        grade="D",
        acts_on={"facilitator_caseload": UP, "poverty_gap": UP},
        default_parameter="lever.facilitator_ratio.default",
    ),
    Lever(
        "volunteer_support",
        "share",
        "volunteers",
        0.0,
        1.0,
        cost="linking",
        grade="D",
        acts_on={"volunteers": UP, "slrt_cases": UP},
        fixed_default=0.0,
        strengths=(*_LETTERS, "psks.support.strength"),
    ),
    Lever(
        "youth_groups",
        "share",
        "youth_groups",
        0.0,
        1.0,
        cost="youth_groups",
        grade="D",
        acts_on={
            "youth_groups_active": UP,
            "volunteers": UP,
            "slrt_cases": UP,
            "cases_served": UP,
            "orsos_income": UP,
        },
        default_parameter="lever.youth_groups.default",
        strengths=(*_LETTERS, *_YOUTH),
    ),
    Lever(
        "extension_workers",
        "factor",
        "social_workers",
        0.0,
        20.0,
        cost="extension_workers",
        grade="D",
        acts_on={
            "slrt_cases": UP,
            "slrt_backlog": UP,
            "exclusion_error": DOWN,
            "cases_served": UP,
        },
        fixed_default=1.0,
        strengths=(*_LETTERS, *_INFORMATION),
    ),
    Lever(
        "kube_share",
        "share",
        "capital",
        0.0,
        1.0,
        cost="within_share",
        grade="D",
        acts_on={"enterprises": UP, "enterprise_survival": UP},
        default_parameter="lever.kube_share.default",
        beside=_NEW,
    ),
    Lever(
        "enterprise_coaching",
        "share",
        "enterprises",
        0.0,
        1.0,
        cost="within_share",
        grade="D",
        acts_on={"enterprise_survival": UP, "enterprises": DOWN},
        default_parameter="lever.enterprise_coaching.default",
        beside=_NEW,
    ),
    Lever(
        "kube_network",
        "share",
        "strength",
        0.0,
        1.0,
        cost="market",
        grade="D",
        acts_on={"poverty_gap": DOWN},
        fixed_default=0.0,
        beside=_NEW,
    ),
    Lever(
        "pkh_graduation",
        "share",
        "families_per_year",
        0.0,
        0.5,
        cost="graduation",
        grade="D",
        acts_on={
            "pkh_graduates": UP,
            "graduate_relapse": DOWN,
            "enterprises": UP,
            "pioneer_families": UP,
        },
        fixed_default=0.0,
    ),
    Lever(
        "aid_for_earners",
        "switch",
        "switch",
        0.0,
        1.0,
        cost="none",
        grade="D",
        acts_on={"stimulus_to_earners": UP, "topup_to_unable": UP},
        fixed_default=0.0,
        point=8,
        beside=_NEW,
    ),
)
"""Levers in the order in which they are shown."""
