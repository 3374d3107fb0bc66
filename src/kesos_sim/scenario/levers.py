"""The levers: what a policy can move, each declared once.

The scenario format, its JSON Schema, the editors, the sliders and the documentation are made
from these declarations. A lever is listed here only if the model has a mechanism for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table

LeverKind = Literal["share", "amount", "factor", "switch", "step", "count"]

TODAY: Final = "today"

POINTS: Final = range(1, 10)
"""Points of the agreement of 2008."""


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever and everything that is known about it.

    Attributes
    ----------
    name : str
        Name in scenario files.
    kind : {"share", "amount", "factor", "switch", "step", "count"}
        What a setting means: part of a whole, rupiah, multiple of today's rule, off or on, one of
        some steps that are taken one after the other, number.
    unit : str
        Unit of a setting; its words are in the catalogue.
    low, high : float
        Settings that make sense.
    fixed_default : float or None
        The setting without any decision, where it is a constant.
    default_parameter : str or None
        Row of the parameter table that holds the default, where it is not a constant.
    cost : str
        Rule by which a setting costs money; its words are in the catalogue.
    grade : str
        Evidence for the effect: A data, B literature, C expert, D guess.
    point : int or None
        Point of the agreement of 2008 that the lever belongs to.
    acts_on : tuple of str
        Names of the indicators that the lever is expected to move, the most direct first.
    """

    name: str
    kind: LeverKind
    unit: str
    low: float
    high: float
    cost: str
    grade: str
    acts_on: tuple[str, ...]
    fixed_default: float | None = None
    default_parameter: str | None = None
    point: int | None = None

    @property
    def default(self) -> float | None:
        """The setting without any decision; None means what each government does today."""
        if self.default_parameter is not None:
            return parameter_table()[self.default_parameter].value
        return self.fixed_default

    def label(self, lang: str) -> str:
        """Return the lever's name on screens.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            A noun phrase.
        """
        return i18n.text(f"levers.{self.name}", lang)

    def help(self, lang: str) -> str:
        """Return the helper line below the lever.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            One to three sentences.
        """
        return i18n.text(f"levers.{self.name}_help", lang)

    def kind_words(self, lang: str) -> str:
        """Return in words what a setting means.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            For instance "bagian".
        """
        return i18n.text(f"levers.kind_{self.kind}", lang)

    def cost_rule(self, lang: str) -> str:
        """Return in words what moving the lever costs and who pays.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            One sentence.
        """
        return i18n.text(f"levers.cost_{self.cost}", lang)

    def unit_words(self, lang: str) -> str:
        """Return the unit of a setting in words.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            For instance "bagian dari belanja sendiri".
        """
        return i18n.text(f"levers.unit_{self.unit}", lang)


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
    # Organisations do not grow by what services are paid: less is left for the other parts.
    _portfolio("services", "benefit_delivered", "poverty_gap"),
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
    ),
)

LEVERS: Final[Mapping[str, Lever]] = MappingProxyType({lever.name: lever for lever in _DECLARED})

PORTFOLIO: Final = tuple(name for name in LEVERS if name.startswith("portfolio_"))

SHARE_LEVERS: Final = ("apbd_poverty_share", "apbn_poverty_share")
