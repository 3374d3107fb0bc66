"""How help travels: what reaches households, what is late, what is lost, what it costs.

Each channel has a national mean of undelivered, lost and late help and a cost of delivery.
Undelivered help grows with remoteness while its national mean stays; the rest does not vary
by place, because nothing published says how.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data import read_table
from kesos_sim.data.regions import districts
from kesos_sim.institutions.places import cities
from kesos_sim.institutions.programmes import TOPUPS, ProgrammeSchedule
from kesos_sim.institutions.rules import Channel, Parameter, default_parameter

__all__ = ["Frictions", "frictions", "remoteness"]

_NAMES: Final = {
    Channel.BANK: "bank",
    Channel.POST: "post",
    Channel.AGENT: "agent",
    Channel.IN_KIND: "in_kind",
    Channel.VILLAGE: "village",
}
"""Channels with parameters; a premium goes to the insurer without friction."""


_RATES: Final = ("undelivered", "lost", "late", "administration")


@dataclass(frozen=True, slots=True)
class Frictions:
    """What happens to help on its way.

    Attributes
    ----------
    delivered : float64[k, n_districts], share of help due, what reaches households
    lost : float64[k, n_districts], share of help due, what is lost on the way
    late : float64[k, n_districts], share of help due, what reaches households a month late
    administration : float64[k], share of help due, cost of delivery, paid beside the help; zero
        for the two top-ups, whose cost the governments book themselves
    """

    delivered: NDArray[np.float64]
    lost: NDArray[np.float64]
    late: NDArray[np.float64]
    administration: NDArray[np.float64]


@lru_cache(maxsize=8)
def _remoteness(low: float, high: float) -> dict[int, float]:
    """Return the remoteness of every district."""
    density = {
        row["bps_code"]: row["population_registered_2024"] / row["area_km2"]
        for row in read_table("provinces").rows()
    }
    span = np.log(high) - np.log(low)
    return {
        code: 0.0
        if code in cities()
        else float(np.clip((np.log(high) - np.log(density[found.province])) / span, 0.0, 1.0))
        for code, found in districts().items()
    }


@lru_cache(maxsize=8)
def _multipliers(low: float, high: float, factor: float) -> dict[int, float]:
    """Return by how much each district's undelivered share exceeds the national mean."""
    remote = _remoteness(low, high)
    people = read_table("district_population")
    weight = dict(zip(people["bps_code"].tolist(), people["population"].tolist(), strict=True))
    raw = {code: 1.0 + (factor - 1.0) * value for code, value in remote.items()}
    counted = [code for code in raw if np.isfinite(weight.get(code, np.nan))]
    mean = float(
        np.average([raw[code] for code in counted], weights=[weight[code] for code in counted])
    )
    return {code: value / mean for code, value in raw.items()}


def remoteness(
    codes: NDArray[np.int64], parameter: Parameter = default_parameter
) -> NDArray[np.float64]:
    """Return how remote districts are.

    Cities are not remote; other districts go by the density of their province (imputation of
    grade D: distances to banks and agents were not found).

    Parameters
    ----------
    codes : int64[n_districts], BPS code
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    float64[n_districts], index, 0 (not remote) to 1
    """
    found = _remoteness(
        parameter("channel.remote_density_low"), parameter("channel.remote_density_high")
    )
    return np.array([found[int(code)] for code in codes], np.float64)


def frictions(
    schedule: ProgrammeSchedule,
    codes: NDArray[np.int64],
    parameter: Parameter = default_parameter,
) -> Frictions:
    """Return what happens to the help of each programme on its way to each district.

    Parameters
    ----------
    schedule : ProgrammeSchedule
        Programmes of a month.
    codes : int64[n_districts], BPS code
    parameter : function
        Value of a model parameter by id.

    Returns
    -------
    Frictions
        Shares of help due; the arrays are read-only.
    """
    rates = tuple(
        parameter(f"channel.{name}_{rate}") for name in _NAMES.values() for rate in _RATES
    )
    remote = tuple(
        parameter(f"channel.remote_{name}") for name in ("density_low", "density_high", "factor")
    )
    booked = tuple(name in TOPUPS for name in schedule.names)
    return _frictions(tuple(schedule.channel.tolist()), booked, codes.tobytes(), rates, remote)


@lru_cache(maxsize=64)
def _frictions(
    channels: tuple[int, ...],
    booked: tuple[bool, ...],
    codes: bytes,
    rates: tuple[float, ...],
    remote: tuple[float, ...],
) -> Frictions:
    """Work out the frictions once for each set of channels, districts and rates."""
    found = _multipliers(*remote)
    multiplier = np.array([found[code] for code in np.frombuffer(codes, np.int64).tolist()])
    by_channel = dict(zip(_NAMES, np.array(rates).reshape(len(_NAMES), -1).tolist(), strict=True))
    shape = (len(channels), multiplier.size)
    delivered, lost, late = np.ones(shape), np.zeros(shape), np.zeros(shape)
    administration = np.zeros(shape[0])
    for k, code in enumerate(channels):
        if Channel(code) not in by_channel:
            continue
        undelivered, loss, lateness, cost = by_channel[Channel(code)]
        reached = 1.0 - np.clip(undelivered * multiplier, 0.0, 1.0)
        lost[k] = reached * loss
        delivered[k] = reached - lost[k]
        late[k] = delivered[k] * lateness
        administration[k] = 0.0 if booked[k] else cost
    for array in (delivered, lost, late, administration):
        array.setflags(write=False)
    return Frictions(delivered, lost, late, administration)
