"""What sources of money of social organisations are like: how much, how regular, when it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.institutions.profiles import absorption
from kesos_sim.kernels.funding import SOURCES
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["CHANGING", "DRAWN", "Sources"]

CHANGING: Final = ("government", "csr", "international")
"""Sources that pay in some years and not in others."""
DRAWN: Final = SOURCES[:-1]
"""Sources whose share of an organisation's money is drawn; zakat is a part of what donors give."""
_AT_ONCE: Final = -1.0

Parameter = Callable[[str], float]


@dataclass(frozen=True)
class Sources:
    """What sources of money are like, in the order of `kesos_sim.kernels.funding.SOURCES`.

    Attributes
    ----------
    share : float64[n_sources], share of an organisation's money on average, that of donations
        with the zakat among them
    zakat : float, share, of what donors give, that comes as zakat
    paid : float64[n_sources], share of years in which a source pays
    renewed : float64[n_sources], chance that a source pays again in the next year
    spread : float32[n_sources], ratio, standard deviation of monthly money
    timing : float32[n_sources, 12], share of a year's money by month; negative: in one month
    """

    share: NDArray[np.float64]
    zakat: float
    paid: NDArray[np.float64]
    renewed: NDArray[np.float64]
    spread: NDArray[np.float32]
    timing: NDArray[np.float32]

    @classmethod
    def of(cls, parameter: Parameter) -> Sources:
        """Read the sources.

        Parameters
        ----------
        parameter : function
            Value of a model parameter by id.

        Returns
        -------
        Sources
        """

        def row(name: str, sources: tuple[str, ...], otherwise: float) -> NDArray[np.float64]:
            return np.array(
                [
                    parameter(f"orsos.{source}.{name}") if source in sources else otherwise
                    for source in SOURCES
                ]
            )

        share = row("share", DRAWN, 0.0)
        timing = np.full((len(SOURCES), MONTHS_PER_YEAR), 1.0 / MONTHS_PER_YEAR)
        timing[SOURCES.index("government")] = np.diff(absorption("district", parameter))
        for source in ("csr", "international"):
            timing[SOURCES.index(source)] = _AT_ONCE
        return cls(
            share=share / share.sum(),
            zakat=parameter("orsos.zakat.part"),
            paid=row("paid", CHANGING, 1.0),
            renewed=row("renewed", CHANGING, 1.0),
            spread=row("spread", ("donation", "own_business"), 0.0).astype(np.float32),
            timing=timing.astype(np.float32),
        )

    @property
    def begun(self) -> NDArray[np.float64]:
        """Chance that a source begins to pay again, such that it pays as often as it should.

        float64[n_sources], share per year
        """
        rest = np.maximum(1.0 - self.paid, 1e-9)
        return np.minimum(self.paid * (1.0 - self.renewed) / rest, 1.0)
