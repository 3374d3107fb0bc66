"""Figures of the parameter table behind a lever: what it costs, and how long it takes to act."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.scenario.lever import Lever

__all__ = ["COSTS", "DELAYS", "cost_figures", "delay_figures", "delay_words", "figure_words"]

_SECRETARIATS: Final = tuple(
    f"coordination.secretariat_{name}" for name in ("sk", "pergub", "perda")
)
_PLATFORMS: Final = tuple(
    f"coordination.platform_cost_{name}" for name in ("directory", "cases", "planning")
)

COSTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "coordination": _SECRETARIATS + _PLATFORMS,
        "bkkks_standing": _SECRETARIATS,
        "partnership_platform": _PLATFORMS,
        "member_reports": ("coordination.report_cost",),
        "bkkks_fundraising": ("coordination.fundraising_cost",),
        "orsos_training": ("orsos.training_cost",),
        "orsos_certification": ("orsos.certification_cost",),
        "yearly_reports": ("orsos.report_cost",),
        "volunteer_management": ("orsos.volunteer_cost",),
        "monitoring": ("monitoring.cost",),
        "aftercare": ("aftercare.cost",),
        "medical_referral": ("psks.social_worker_pay",),
        "political_dialogue": ("politics.dialogue_cost",),
        "regulation_outreach": ("politics.outreach_cost",),
        "welfare_bylaw": ("politics.bylaw_cost", "coordination.secretariat_perda"),
        "interprovince_cooperation": (
            *(f"hazard.aid_cost_{name}" for name in ("occasional", "pact", "fund")),
            "coordination.joint_fund.per_head",
            "return.journey_cost",
        ),
        "disaster_preparedness": ("hazard.preparedness_cost",),
        "wksbm_growth": ("wksbm.cost_new",),
        "wksbm_training": ("wksbm.cost_training",),
        "women_leaders": ("wksbm.cost_women",),
        "slrt_capacity": ("slrt.point_cost",),
        "social_workers": ("psks.social_worker_pay",),
        "facilitator_ratio": ("psks.facilitator_pay",),
        "volunteer_support": ("psks.volunteer_support_pay",),
        "youth_groups": ("psks.youth_group_support",),
        "extension_workers": ("psks.penyuluh_pay", "psks.penyuluh_honorarium"),
        "enterprise_coaching": ("enterprise.coaching_cost",),
        "kube_network": ("kube.network_cost",),
        "pkh_graduation": ("programme.enterprise_grant", "enterprise.coaching_cost"),
        "registry_verification_rate": ("fiscal.cost_per_record",),
        "identity_matching": ("registry.matching_cost",),
        "registry_openness": ("fiscal.openness_cost",),
        "audit_coverage": ("fiscal.audit_cost_share",),
        "adaptive_cash": ("adaptive.cash_amount",),
        "house_repair": ("housing.grant",),
        "kat_programme": ("kat.cost",),
        "complaint_channel": ("complaint.cost",),
        "village_deliberation": ("deliberation.cost",),
    }
)
"""Rows of the parameter table from which the cost of a lever is worked out, by lever."""

_SELECTION: Final = ("selection", ("registry.rerank_months",))
_YEARLY: Final = ("turn_of_year", ())
_MEETINGS: Final = ("meetings", ("coordination.meetings_yearly",))

DELAYS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "welfare_bylaw": (
            "bylaw",
            tuple(f"politics.{step}_months" for step in ("draft", "list", "debate", "review",
                                                         "signing")),
        ),
        "registry_verification_rate": _SELECTION,
        "registry_openness": _SELECTION,
        "identity_matching": _SELECTION,
        "adaptive_cash": ("month_later", ("adaptive.cash_months",)),
        "orsos_certification": ("certification", ("orsos.accreditation_years",)),
        "community_care": _YEARLY,
        "bkkks_standing": _MEETINGS,
        "partnership_platform": _MEETINGS,
    }
)  # fmt: skip
"""What passes, beside its ramp, before a lever acts: words of the catalogue and their figures."""


def cost_figures(lever: Lever) -> list[dict[str, Any]]:
    """Return the figures from which a lever's cost is worked out.

    Parameters
    ----------
    lever : Lever
        Any of `kesos_sim.scenario.LEVERS`.

    Returns
    -------
    list of dict
        ``parameter``, ``value``, ``low``, ``high``, ``unit`` and ``grade``; empty where nothing is
        added, or the setting itself is the money.
    """
    return [_figure(name) for name in COSTS.get(lever.name, ())]


def delay_figures(lever: Lever) -> list[dict[str, Any]]:
    """Return the figures of what passes before a lever acts; parameters as for `cost_figures`.

    Parameters
    ----------
    lever : Lever
        Any of `kesos_sim.scenario.LEVERS`.

    Returns
    -------
    list of dict
        As for `cost_figures`; empty where a lever acts from its first month on.
    """
    return [_figure(name) for name in DELAYS.get(lever.name, ("", ()))[1]]


def figure_words(figure: Mapping[str, Any], lang: str) -> str:
    """Write a figure of the parameter table with its unit and grade.

    Parameters
    ----------
    figure : mapping
        As `cost_figures` returns it.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``politics.dialogue_cost 50,000,000 rupiah per round (D guess)``.
    """
    from kesos_sim.i18n.vocabulary import word

    return i18n.text(
        "levers_figures.figure",
        lang,
        parameter=figure["parameter"],
        value=_number(figure["value"], lang),
        unit=word("unit", figure["unit"], lang),
        grade=i18n.text(f"reports.grade_{figure['grade'].lower()}", lang),
    )


def delay_words(lever: Lever, lang: str) -> str:
    """Say when a lever begins to act.

    Parameters
    ----------
    lever : Lever
        Any of `kesos_sim.scenario.LEVERS`.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        One or two sentences, the first about its ramp.
    """
    ramp = i18n.text(f"levers_figures.{'switch' if lever.kind == 'switch' else 'ramp'}", lang)
    if lever.name not in DELAYS:
        return ramp
    key, names = DELAYS[lever.name]
    values = {
        name.rpartition(".")[2]: _number(parameter_table()[name].value, lang) for name in names
    }
    if key == "bylaw":
        values["total"] = _number(sum(parameter_table()[name].value for name in names), lang)
    grades = sorted({parameter_table()[name].grade for name in names})
    words = i18n.text(f"levers_figures.{key}", lang, grades=", ".join(grades), **values)
    return f"{ramp} {words}"


def _figure(name: str) -> dict[str, Any]:
    row = parameter_table()[name]
    return {
        "parameter": name,
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "unit": row.unit,
        "grade": row.grade,
    }


def _number(value: float, lang: str) -> str:
    """Write a value with the digits that it has in the table."""
    from kesos_sim.i18n import numbers

    text = f"{value:.10f}".rstrip("0")
    return numbers.number(value, lang, len(text.partition(".")[2]))
