"""Levers of organisations: their standing with authorities and the public, and their services."""

from __future__ import annotations

from typing import Final

from kesos_sim.scenario.lever import DOWN, UP, Lever

__all__ = ["OF_ORGANISATIONS"]

OF_ORGANISATIONS: Final = (
    Lever(
        "yearly_reports",
        "share",
        "organisations",
        0.0,
        1.0,
        cost="reports",
        grade="D",
        acts_on={"orsos_income": UP, "orsos_zakat": UP},
        default_parameter="lever.yearly_reports.default",
    ),
    Lever(
        "orsos_certification",
        "share",
        "organisations",
        0.0,
        1.0,
        cost="certification",
        grade="D",
        acts_on={"orsos_government_share": UP, "orsos_income": UP},
        default_parameter="orsos.accredited",
    ),
    Lever(
        "orsos_paperwork",
        "factor",
        "paperwork",
        0.0,
        3.0,
        cost="none",
        grade="D",
        acts_on={"orsos_reserve_months": DOWN, "cases_served": DOWN},
        fixed_default=1.0,
    ),
    Lever(
        "volunteer_management",
        "share",
        "organisations",
        0.0,
        1.0,
        cost="volunteer_management",
        grade="D",
        acts_on={"orsos_volunteers": UP, "cases_served": UP},
        fixed_default=0.0,
    ),
    Lever(
        "aftercare",
        "share",
        "people_helped",
        0.0,
        1.0,
        cost="aftercare",
        grade="D",
        acts_on={"relapse_rate": DOWN},
        fixed_default=0.0,
    ),
    Lever(
        "medical_referral",
        "share",
        "strength",
        0.0,
        1.0,
        cost="medical_referral",
        grade="D",
        acts_on={"days_to_service": DOWN},
        fixed_default=0.0,
        strengths=("medical_referral.strength",),
    ),
)
"""Levers in the order in which they are shown."""
