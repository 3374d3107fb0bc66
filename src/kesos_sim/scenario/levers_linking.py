"""Levers of those who link households to help, of enterprises, and of leaving PKH."""

from __future__ import annotations

from typing import Final

from kesos_sim.scenario.lever import Lever

__all__ = ["OF_LINKING"]

_LETTERS: Final = ("slrt.referral.strength", "slrt.proposal.strength")

OF_LINKING: Final = (
    Lever(
        "slrt_capacity",
        "share",
        "villages",
        0.0,
        1.0,
        cost="linking",
        grade="D",
        acts_on=("slrt_cases", "slrt_days", "slrt_backlog", "cases_served", "exclusion_error"),
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
        acts_on=("slrt_backlog", "slrt_days", "unmet_need_rate"),
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
        acts_on=("facilitator_caseload", "poverty_gap"),
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
        acts_on=("volunteers", "slrt_cases"),
        fixed_default=0.0,
        strengths=(*_LETTERS, "psks.support.strength"),
    ),
    Lever(
        "kube_share",
        "share",
        "capital",
        0.0,
        1.0,
        cost="within_share",
        grade="D",
        acts_on=("enterprises", "enterprise_survival"),
        default_parameter="lever.kube_share.default",
    ),
    Lever(
        "enterprise_coaching",
        "share",
        "enterprises",
        0.0,
        1.0,
        cost="within_share",
        grade="D",
        acts_on=("enterprise_survival", "enterprises"),
        default_parameter="lever.enterprise_coaching.default",
    ),
    Lever(
        "kube_network",
        "share",
        "strength",
        0.0,
        1.0,
        cost="market",
        grade="D",
        acts_on=("poverty_gap",),
        fixed_default=0.0,
    ),
    Lever(
        "pkh_graduation",
        "share",
        "families_per_year",
        0.0,
        0.5,
        cost="graduation",
        grade="D",
        acts_on=("pkh_graduates", "graduate_relapse", "enterprises"),
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
        acts_on=("stimulus_to_earners", "topup_to_unable"),
        fixed_default=0.0,
        point=8,
    ),
)
"""Levers in the order in which they are shown."""
