"""Calibrated parameters: sets that were fitted to published figures, each with its version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from kesos_sim.data.reading import read_table

__all__ = ["Calibrated", "Fitted", "calibrated", "calibrated_versions"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a calibration says of a parameter.

    Attributes
    ----------
    value : float
        Mean of the posterior, in the unit of the parameter.
    low, high : float
        Its 90% interval.
    narrower : float
        Spread of the posterior over that of the range in the parameter table.
    """

    value: float
    low: float
    high: float
    narrower: float


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A set of calibrated parameters.

    Attributes
    ----------
    version : int
        Its number; a set never changes.
    parameters : mapping of str to Fitted
        Those of which the figures say something, by id.
    record : mapping of str to object
        How it was fitted and how good it is: row of table ``calibrations``.
    """

    version: int
    parameters: Mapping[str, Fitted]
    record: Mapping[str, object]

    @property
    def values(self) -> dict[str, float]:
        """Value of each parameter, in its unit."""
        return {name: fitted.value for name, fitted in self.parameters.items()}


def calibrated_versions() -> tuple[int, ...]:
    """Return the versions that there are.

    Returns
    -------
    tuple of int
        The oldest first.
    """
    return tuple(sorted(_sets()))


def calibrated(version: int) -> Calibrated:
    """Return a set of calibrated parameters.

    Parameters
    ----------
    version : int
        One of `calibrated_versions`.

    Returns
    -------
    Calibrated

    Raises
    ------
    KeyError
        If there is no such set.
    """
    return _sets()[version]


@cache
def _sets() -> Mapping[int, Calibrated]:
    """Read the tables."""
    parameters = list(read_table("calibrated_parameters").rows())
    found = {
        int(row["version"]): Calibrated(
            version=int(row["version"]),
            parameters=MappingProxyType(
                {
                    str(own["parameter"]): Fitted(
                        own["value"], own["low"], own["high"], own["narrower"]
                    )
                    for own in parameters
                    if own["version"] == row["version"]
                }
            ),
            record=MappingProxyType(dict(row)),
        )
        for row in read_table("calibrations").rows()
    }
    return MappingProxyType(found)
