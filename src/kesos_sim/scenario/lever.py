"""One lever: what it is called, what a setting means, what it costs, what it moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table

__all__ = ["DOWN", "UP", "Lever", "LeverKind"]

UP: Final = 1
DOWN: Final = -1
"""Where an indicator is expected to go when a lever is raised."""

LeverKind = Literal["share", "amount", "factor", "switch", "step", "count"]


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
    strengths : tuple of str
        Parameters by which the lever reaches services through coordination or referral; nobody has
        measured them, and at zero it does not.
    acts_on : mapping of str to int
        Indicators that the lever is expected to move, the most direct first, and where to when it
        is raised: `UP` or `DOWN`.
    beside : mapping of str to float
        Settings of other levers without which it moves nothing.
    """

    name: str
    kind: LeverKind
    unit: str
    low: float
    high: float
    cost: str
    grade: str
    acts_on: Mapping[str, int]
    fixed_default: float | None = None
    default_parameter: str | None = None
    point: int | None = None
    strengths: tuple[str, ...] = ()
    beside: Mapping[str, float] = field(default_factory=dict)

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
