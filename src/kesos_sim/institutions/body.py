"""One coordinating body as an agent, what its standing does, and its luck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim import i18n
from kesos_sim.institutions.agent import Institution
from kesos_sim.kernels.draws import draw_words
from kesos_sim.rng import Stream, month_word
from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = [
    "STANDINGS",
    "Bkkks",
    "alone",
    "chances",
    "luck",
    "missing",
    "monthly",
    "secretariat",
    "words",
]

STANDINGS: Final = ("none", "sk", "pergub", "perda")
"""Steps of the lever ``bkkks_standing``."""

_NATION: Final = 0
_HIGHEST_PROVINCE: Final = 99
_DKI: Final = 31


class Bkkks(Institution):
    """The coordinating body of a district, a province or the nation.

    Parameters
    ----------
    model : mesa.Model
        The model it lives in.
    code : int
        BPS code of the region, 0 for the nation.

    Attributes
    ----------
    changes : list of tuple of Month and bool
        When it fell dormant (false) or revived (true).
    """

    def __init__(self, model: Any, code: int) -> None:
        super().__init__(model)
        self.code = code
        self.changes: list[tuple[Month, bool]] = []

    def change(self, month: Month, awake: bool) -> None:
        """Fall dormant, or revive.

        Parameters
        ----------
        month : Month
            The month.
        awake : bool
            Whether it works from now on.
        """
        self.changes.append((month, awake))

    def label(self, lang: str) -> str:
        """Return what such a body is called there.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            For instance DNIKS for the nation, KKKS for a city area of DKI.
        """
        level = "province" if self.code <= _HIGHEST_PROVINCE else "district"
        if self.code == _NATION:
            level = "nation"
        elif self.code // 100 == _DKI:
            level = "city_area"
        return i18n.text(f"facts.body_{level}", lang)


def monthly(yearly: float) -> float:
    """Return the chance in a month that makes a chance in a year.

    Parameters
    ----------
    yearly : float
        Share per year.

    Returns
    -------
    float
        Share per month.
    """
    return float(1.0 - (1.0 - yearly) ** (1.0 / MONTHS_PER_YEAR))


def chances(
    parameter: Callable[[str], float], what: str, standing: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how likely bodies wake or sleep in a month.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    what : str
        ``wake`` or ``sleep``.
    standing : int64[n], step, of `STANDINGS`

    Returns
    -------
    float64[n], share per month
    """
    by_step = [monthly(parameter(f"coordination.{what}_{name}")) for name in STANDINGS]
    return np.array(by_step)[standing]


def secretariat(
    parameter: Callable[[str], float], standing: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the money of the secretariats of bodies that work.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    standing : int64[n], step, of `STANDINGS`

    Returns
    -------
    float64[n], rupiah per year
    """
    by_step = [parameter(f"coordination.secretariat_{name}") for name in STANDINGS]
    return np.array(by_step)[standing]


def missing(parameter: Callable[[str], float], paid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what secretariats lack of the money they need.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    paid : float64[n], rupiah per year, what the secretariat gets

    Returns
    -------
    float64[n], share, 0 where it gets enough
    """
    return np.asarray(1.0 - np.minimum(paid / parameter("coordination.secretariat_enough"), 1.0))


def alone(parameter: Callable[[str], float], joined: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much more often bodies fall dormant to which few organisations belong.

    Parameters
    ----------
    parameter : function
        Value of a model parameter by id.
    joined : float64[n], share, of working organisations that are members

    Returns
    -------
    float64[n], ratio, 1 with the usual membership, below 1 with more
    """
    part = parameter("coordination.members.strength")
    outside = (1.0 - joined) / (1.0 - parameter("coordination.members_usual"))
    return np.asarray(1.0 - part + part * outside)


def luck(key: int, use: int, entity: NDArray[np.uint32], word: int = 0) -> NDArray[np.float64]:
    """Draw a number for each entity in a month.

    Parameters
    ----------
    key : int
        Key of the seed and replicate.
    use : int
        Ordinal of the month, or another use of these draws.
    entity : uint32[n], code or identity
    word : int
        Which of the two numbers of this draw.

    Returns
    -------
    float64[n], share, between 0 and 1
    """
    return np.asarray((words(key, use, entity, word) + 0.5) * 2.0**-32, np.float64)


def words(key: int, use: int, entity: NDArray[np.uint32], word: int = 0) -> NDArray[np.uint32]:
    """Return a random word of each entity in a month.

    Parameters
    ----------
    key : int
        Key of the seed and replicate.
    use : int
        Ordinal of the month, or another use of these draws.
    entity : uint32[n], code or identity
    word : int
        Which of the two words of this draw.

    Returns
    -------
    uint32[n], bits
    """
    found = np.empty((entity.size, 2), np.uint32)
    draw_words(np.uint32(key), month_word(use, Stream.MEETING), entity, found)
    return found[:, word]
