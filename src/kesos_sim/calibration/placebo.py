"""Placebos: levers whose effect and cost are set to zero may change no bit of a result.

A model that answers even if nothing is done would answer to anything. Each placebo is moved as far
as it goes, in the world in which its strengths and costs are zero; every figure of every month and
region and every line of the ledger is compared bit by bit. What counts the activity itself (how
many complained) is named beforehand and left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.experiments.effects import trial
from kesos_sim.experiments.run import Run, run
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.tables import Column, TableBuilder, TextTable
from kesos_sim.scenario import LEVERS
from kesos_sim.scenario.coordination import with_strengths
from kesos_sim.scenario.levers import PORTFOLIO
from kesos_sim.scenario.parts import LeverSetting
from kesos_sim.scenario.words import lever_value

if TYPE_CHECKING:
    from kesos_sim.experiments.store import Store
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["EXAMPLES", "PLACEBOS", "Placebo", "placebo_table", "placebos"]

_SECRETARIATS: Final = tuple(
    f"coordination.secretariat_{name}" for name in ("none", "sk", "pergub", "perda")
)
_PLATFORMS: Final = tuple(
    f"coordination.platform_cost_{name}" for name in ("off", "directory", "cases", "planning")
)
_AID: Final = tuple(f"hazard.aid_cost_{name}" for name in ("occasional", "pact", "fund"))
_BODIES: Final = ("coordination_active", "orsos_membership", "province_bodies_active")
_CASES: Final = ("slrt_cases", "slrt_referred", "families_counselled", "slrt_backlog", "slrt_days")
_GROUPS: Final = (
    "wksbm_active", "wksbm_dormancy_rate", "wksbm_coverage", "wksbm_fund_per_member",
    "wksbm_women_led", "wksbm_member_groups", "cohesion_index",
)  # fmt: skip
_ALONE: Final[tuple[tuple[str, ...], tuple[str, ...]]] = ((), ())
"""Nothing to set to zero: alone, without new money or new groups, the lever has nothing to move."""

PLACEBOS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = MappingProxyType(
    {
        "run_beyond_room": _ALONE,
        **dict.fromkeys(PORTFOLIO, _ALONE),
        "topup_coverage": _ALONE,
        "identity_matching": (("registry.matching.strength", "registry.matching_cost"), ()),
        "audit_coverage": (("orsos.audit_effect",), ()),
        "coordination": ((*_SECRETARIATS, *_PLATFORMS, "coordination.report_cost"), _BODIES),
        "bkkks_standing": (_SECRETARIATS, _BODIES),
        "partnership_platform": (_PLATFORMS, ()),
        "member_reports": (("coordination.report_cost",), ()),
        "federations": ((), ()),
        "bkkks_fundraising": (("coordination.fundraising_cost",), ()),
        "csr_matching": ((), ()),
        "orsos_training": (("orsos.training_cost",), ()),
        "monitoring": (
            ("monitoring.cost",),
            ("report_error", "impact_reported_ratio", "served_reported"),
        ),
        "political_dialogue": (("politics.dialogue_cost",), ()),
        "regulation_outreach": (("politics.outreach_cost",), ()),
        "welfare_bylaw": (
            ("politics.bylaw_cost", *_SECRETARIATS),
            (*_BODIES, "bylaw_coverage", "months_to_bylaw"),
        ),
        "interprovince_cooperation": (
            (*_AID, "coordination.joint_fund.per_head", "return.journey_cost"),
            (),
        ),
        "disaster_preparedness": (("hazard.preparedness_effect", "hazard.preparedness_cost"), ()),
        "wksbm_growth": (("wksbm.cost_new", "wksbm.participation"), _GROUPS),
        "wksbm_training": (("wksbm.cost_training", "wksbm.participation"), _GROUPS),
        "wksbm_stimulus": _ALONE,
        "women_leaders": (("wksbm.cost_women",), ("wksbm_women_led",)),
        "yearly_reports": (("orsos.report_effect", "orsos.report_cost"), ()),
        "orsos_paperwork": (("orsos.paperwork_share",), ()),
        "volunteer_management": (("orsos.volunteers.strength", "orsos.volunteer_cost"), ()),
        "aftercare": (("aftercare.strength", "aftercare.cost"), ()),
        "medical_referral": (("psks.social_worker_pay",), ()),
        "slrt_capacity": (("slrt.point_cost",), _CASES),
        "social_workers": (("psks.social_worker_pay",), _CASES),
        "facilitator_ratio": (
            ("psks.conditions.strength", "psks.facilitator_pay"),
            ("facilitator_caseload",),
        ),
        "volunteer_support": (("psks.volunteer_support_pay",), ()),
        "youth_groups": (("psks.youth_group_support",), ("youth_groups_active",)),
        "extension_workers": (("psks.penyuluh_pay", "psks.penyuluh_honorarium"), _CASES),
        "kube_share": _ALONE,
        "enterprise_coaching": _ALONE,
        "kube_network": (("kube.network.strength", "kube.network_cost"), ()),
        "aid_for_earners": _ALONE,
        "adaptive_cash": (("adaptive.cash_months",), ("emergency_cash_families",)),
        "house_repair": (
            ("housing.effect", "housing.grant"),
            ("houses_repaired", "unfit_housing_rate"),
        ),
        "kat_programme": (("kat.families", "kat.cost"), ()),
        "complaint_channel": (("complaint.cost",), ("complaints", "complaints_resolved")),
        "village_deliberation": (("deliberation.cost",), ("villages_deliberating",)),
    }
)
"""Levers that do nothing without their strengths and these parameters, and what counts their
activity. Every other lever is money or a rule by itself: its setting is its effect."""
EXAMPLES: Final = (
    "complaint_channel",
    "village_deliberation",
    "women_leaders",
    "csr_matching",
    "orsos_training",
    "bkkks_fundraising",
)
"""Placebos that are tried where none are named; all of them take minutes."""
_BEGIN_AFTER: Final = 2
"""Months after the base month, so that the base month is the same by itself."""


@dataclass(frozen=True)
class Placebo:
    """A lever that may change nothing.

    Attributes
    ----------
    lever : str
        Its name.
    setting : float
        What it was set to.
    off : tuple of str
        Parameters that were set to zero.
    beside : tuple of str
        Indicators that count the activity itself and are not compared.
    compared : int
        Figures and lines of the ledger that were compared.
    differ : int
        How many of them differ in any bit.
    """

    lever: str
    setting: float
    off: tuple[str, ...]
    beside: tuple[str, ...]
    compared: int
    differ: int


def placebos(
    scenario: Scenario, levers: Iterable[str] = EXAMPLES, store: Store | None = None
) -> list[Placebo]:
    """Move levers whose strengths and costs are zero, and compare everything.

    Parameters
    ----------
    scenario : Scenario
        The world in which they are moved.
    levers : iterable of str
        Some of `PLACEBOS`; `EXAMPLES` when left out.
    store : Store, optional
        Who remembers finished runs.

    Returns
    -------
    list of Placebo
        In the order of the levers.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> (placebo,) = placebos(blora, ["women_leaders"])
    >>> placebo.compared > 100, placebo.differ
    (True, 0)
    """
    return [_placebo(scenario, name, store) for name in levers]


def _placebo(scenario: Scenario, name: str, store: Store | None) -> Placebo:
    """Live the same world with and without a lever that does nothing."""
    costs, beside = PLACEBOS[name]
    lever = LEVERS[name]
    off = (*lever.strengths, *costs)
    nothing = dict.fromkeys(off, 0.0)
    start = scenario.start + _BEGIN_AFTER
    settings = {name: LeverSetting(trial(lever), start)}
    if name in PORTFOLIO:
        settings = {part: LeverSetting(0.0, start) for part in PORTFOLIO} | settings
    moved = replace(
        scenario,
        levers=dict(scenario.levers) | settings,
        root=scenario.root or replace(scenario, levers={}),
    )
    without, with_it = (run(with_strengths(one, nothing), store=store) for one in (scenario, moved))
    compared, differ = _bits(without, with_it, beside)
    return Placebo(name, trial(lever), off, beside, compared, differ)


def _bits(ours: Run, theirs: Run, beside: tuple[str, ...]) -> tuple[int, int]:
    """Count figures and lines of the ledger, and those that differ in any bit."""
    compared = differ = 0
    for name in sorted(ours.figures.keys() | theirs.figures.keys()):
        if name in beside:
            continue
        pair = ours.figures.get(name), theirs.figures.get(name)
        sizes = [0 if table is None else table.size for table in pair]
        compared += max(sizes)
        if pair[0] is None or pair[1] is None:
            differ += max(sizes)
        else:
            differ += int((pair[0].view(np.uint64) != pair[1].view(np.uint64)).sum())
    first, second = (run.ledger() for run in (ours, theirs))
    compared += max(len(first), len(second))
    if len(first) == len(second):
        return compared, differ + int((first.to_numpy() != second.to_numpy()).any(axis=1).sum())
    return compared, differ + abs(len(first) - len(second))


def placebo_table(found: Iterable[Placebo], lang: str) -> TextTable:
    """List placebos, those that changed something first.

    Parameters
    ----------
    found : iterable of Placebo
        The placebos.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        One row each; the title counts those that changed no bit.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> print(placebo_table(placebos(blora, ["women_leaders"]), "en").title)
    Placebo test: 1 of 1 levers without effect and cost change no bit
    """
    rows = sorted(found, key=lambda one: -one.differ)
    names = (
        ("placebo_lever", False),
        ("placebo_setting", False),
        ("placebo_off", False),
        ("placebo_compared", True),
        ("placebo_differ", True),
        ("placebo_beside", False),
        ("placebo_verdict", False),
    )
    columns = [Column(i18n.text(f"validation.{name}", lang), numeric) for name, numeric in names]
    title = i18n.text(
        "validation.placebo_title",
        lang,
        same=numbers.number(sum(not one.differ for one in rows), lang),
        tried=numbers.number(len(rows), lang),
    )
    fields = ("lever", "setting", "off", "compared", "differ", "beside", "verdict")
    builder = TableBuilder("placebo", title, columns, fields)
    table = parameter_table()
    for one in rows:
        verdict = "miss" if one.differ else "hit"
        builder.add(
            (
                LEVERS[one.lever].label(lang),
                lever_value(one.lever, one.setting, lang),
                "; ".join(f"{name} ({table[name].grade})" for name in one.off),
                numbers.number(one.compared, lang),
                numbers.number(one.differ, lang),
                "; ".join(indicator(name).label(lang) for name in one.beside) or numbers.EN_DASH,
                i18n.text(f"reports.{verdict}", lang),
            ),
            (
                one.lever,
                one.setting,
                " ".join(one.off),
                one.compared,
                one.differ,
                " ".join(one.beside),
                verdict,
            ),
        )
    return builder.table()
