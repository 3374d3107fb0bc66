"""The registry office of each district: visits, proposals, objections, its ranking calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from kesos_sim.units import MONTHS_PER_YEAR, Month

__all__ = ["RegistryOffice", "RegistryRound"]


@dataclass(frozen=True)
class RegistryRound:
    """What the offices do before one ranking.

    Attributes
    ----------
    verified, proposed, objected : float32[n_districts], share, since the last ranking
    need_limit : float32[n_districts, 2], normal score, below the first neighbours see need,
        above the second they see none
    truth : correlation of the proxy-means score with lasting welfare
    """

    verified: NDArray[np.float32]
    proposed: NDArray[np.float32]
    objected: NDArray[np.float32]
    need_limit: NDArray[np.float32]
    truth: float


class RegistryOffice:
    """Calendar and work of the registry offices of a run."""

    def __init__(self, parameter: Callable[[str], float], district_score: NDArray[np.float64]):
        """Open the offices.

        Parameters
        ----------
        parameter : function from the id of a parameter to its value
        district_score : float64[n_districts], normal score, mean place of a district's people
        """
        self._parameter = parameter
        self._score = district_score
        self.interval = int(parameter("registry.rerank_months"))

    def ranks(self, month: Month) -> bool:
        """Return whether records are ranked anew in a month (January, and on the calendar)."""
        return (month.month - 1) % self.interval == 0

    @property
    def need_limit(self) -> NDArray[np.float32]:
        """What neighbours see.

        float32[n_districts, 2], normal score, below the first neighbours see need, above the
        second they see none
        """
        ranks = [self._parameter(f"registry.{what}_rank") for what in ("need", "ease")]
        return np.asarray(self._score[:, None] + ndtri(ranks)[None, :], np.float32)

    def matched(self, lever: Callable[[str], float]) -> float:
        """Return how many records of nobody matching with Dukcapil finds beyond today.

        Parameters
        ----------
        lever : function from the name of a lever to its setting

        Returns
        -------
        float, share of those that are there, since the last ranking
        """
        yearly = self._parameter("registry.matching.strength") * lever("identity_matching")
        return float(1.0 - (1.0 - yearly) ** (self.interval / MONTHS_PER_YEAR))

    def round(
        self,
        lever: Callable[[str], float],
        extra_visits: NDArray[np.float64],
        support: NDArray[np.float64] | None = None,
        more_proposed: NDArray[np.float64] | float = 0.0,
    ) -> RegistryRound:
        """Return the work since the last ranking.

        Parameters
        ----------
        lever : function from the name of a lever to its setting
        extra_visits : float64[n_districts], share per year, visits that new money pays for
        support : float64[n_districts], ratio, optional
            Proposals and objections against those that come without further support.
        more_proposed : float64[n_districts] or float, share of unlisted households in visible need,
            proposed since the last ranking beyond those of the base period

        Returns
        -------
        RegistryRound
        """
        part = self.interval / MONTHS_PER_YEAR
        yearly = np.clip(lever("registry_verification_rate") + extra_visits, 0.0, 12.0)
        # Visits fall on records at random, so some are visited twice before the next ranking.
        verified = 1.0 - np.exp(-yearly * part)
        n = self._score.size
        voices = lever("registry_openness") * (np.ones(n) if support is None else support)
        proposed = voices * self._parameter("registry.proposal_share") * part
        objected = voices * self._parameter("registry.objection_share") * part
        return RegistryRound(
            verified.astype(np.float32),
            np.clip(proposed + more_proposed, 0.0, 1.0).astype(np.float32),
            objected.astype(np.float32),
            self.need_limit,
            self._parameter("registry.truth"),
        )
