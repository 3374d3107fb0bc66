"""Reading tidy frames: one row per month, region and indicator, with or without a baseline."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import KesosError
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    import pandas as pd

RUN_COLUMNS: Final = ("month", "region", "indicator", "value", "unit")
COMPARISON_COLUMNS: Final = (
    "scenario",
    "month",
    "region",
    "indicator",
    "value",
    "baseline",
    "difference",
    "low",
    "high",
    "low_value",
    "high_value",
    "unit",
)
_NUMBERS: Final = (
    "value",
    "baseline",
    "difference",
    "low",
    "high",
    "low_value",
    "high_value",
    "against",
    "draws",
)
_NAN: Final = math.nan


@dataclass(frozen=True, slots=True)
class Estimate:
    """One indicator in one region and month.

    Attributes
    ----------
    value, baseline, difference : float
        With the scenario, without it, and the paired difference; NaN when not known.
    low, high : float
        Ends of the 80% band of the paired difference.
    low_value, high_value : float
        Ends of the 80% band of the value.
    against : float
        Draws whose difference has the opposite sign; NaN when not counted.
    draws : float
        Draws behind the band; NaN when not counted.
    """

    value: float
    baseline: float = _NAN
    difference: float = _NAN
    low: float = _NAN
    high: float = _NAN
    low_value: float = _NAN
    high_value: float = _NAN
    against: float = _NAN
    draws: float = _NAN

    @property
    def has_band(self) -> bool:
        """Whether the paired difference has an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def has_level_band(self) -> bool:
        """Whether the value has an interval."""
        return math.isfinite(self.low_value) and math.isfinite(self.high_value)


class Results:
    """A tidy frame, indexed once.

    Parameters
    ----------
    frame : pandas.DataFrame
        A run frame (`RUN_COLUMNS`) or a comparison frame (`COMPARISON_COLUMNS`); a comparison
        may also have ``against`` and ``draws``: how many of the paired draws have the opposite
        sign, and how many there are.

    Raises
    ------
    KesosError
        If columns are missing or there are no rows.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.compares = "scenario" in frame.columns
        wanted = COMPARISON_COLUMNS if self.compares else RUN_COLUMNS
        absent = [name for name in wanted if name not in frame.columns]
        if absent or frame.empty:
            raise KesosError("KS4003", "reports.frame", missing=", ".join(absent) or "–")
        self.frame = frame

    @cached_property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the compared scenarios in the order of the frame; one empty name for a run."""
        return tuple(self._axes[0])

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """All months, in order."""
        return tuple(sorted(Month.parse(month) for month in self._axes[3]))

    @cached_property
    def years(self) -> tuple[Month, ...]:
        """The base month, every month a whole number of years later, and the last month."""
        base = self.months[0]
        whole = [month for month in self.months if (month - base) % MONTHS_PER_YEAR == 0]
        return tuple(whole if whole[-1] == self.months[-1] else [*whole, self.months[-1]])

    @property
    def base(self) -> Month:
        """First month: the published base."""
        return self.months[0]

    @property
    def horizon(self) -> Month:
        """Last month."""
        return self.months[-1]

    @cached_property
    def regions(self) -> frozenset[str]:
        """Codes of all regions in the frame."""
        return frozenset(self._axes[2])

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """Names of all indicators in the order of the frame."""
        return tuple(self._axes[1])

    def at(
        self, name: str, region: str, month: Month | None = None, scenario: str = ""
    ) -> Estimate | None:
        """Return one estimate.

        Parameters
        ----------
        name : str
            Indicator.
        region : str
            Region code.
        month : Month, optional
            The last month when left out.
        scenario : str
            Name of the scenario; empty for a run.

        Returns
        -------
        Estimate or None
            None when the frame has no such row or the value is missing.
        """
        asked = (scenario, name, region, str(month or self.horizon))
        place = tuple(axis.get(word, -1) for axis, word in zip(self._axes, asked, strict=True))
        row = -1 if -1 in place else int(self._rows[place])
        found = {} if row < 0 else {name: float(column[row]) for name, column in self._numbers}
        return Estimate(**found) if found and not math.isnan(found["value"]) else None

    def latest(self, name: str, region: str, scenario: str = "") -> tuple[Month, Estimate] | None:
        """Return the last estimate of an indicator that is not taken every month.

        Parameters
        ----------
        name, region, scenario : str
            As for `at`.

        Returns
        -------
        (Month, Estimate) or None
            None when the frame has no value of it.
        """
        for month in reversed(self.months):
            estimate = self.at(name, region, month, scenario)
            if estimate is not None:
                return month, estimate
        return None

    def last(self, name: str, region: str, scenario: str = "") -> Estimate | None:
        """Return the estimate of `latest` without its month."""
        found = self.latest(name, region, scenario)
        return None if found is None else found[1]

    def series(self, name: str, region: str, scenario: str = "") -> list[tuple[Month, Estimate]]:
        """Return one indicator over time.

        Parameters
        ----------
        name, region, scenario : str
            As for `at`.

        Returns
        -------
        list of (Month, Estimate)
            In order of time; missing months are left out.
        """
        rows = [(month, self.at(name, region, month, scenario)) for month in self.months]
        return [(month, estimate) for month, estimate in rows if estimate is not None]

    @cached_property
    def _coded(self) -> list[tuple[NDArray[np.intp], Iterable[object]]]:
        """Scenario, indicator, region and month: the place of every row's word, and the words."""
        keys = ("scenario", "indicator", "region", "month")[not self.compares :]
        found: list[tuple[NDArray[np.intp], Iterable[object]]] = [
            self.frame[key].factorize() for key in keys
        ]
        return found if self.compares else [(np.zeros(len(self.frame), np.intp), [""]), *found]

    @cached_property
    def _axes(self) -> list[dict[str, int]]:
        """Places of the words of scenario, indicator, region and month."""
        return [{str(word): i for i, word in enumerate(words)} for _, words in self._coded]

    @cached_property
    def _rows(self) -> NDArray[np.intp]:
        """Row of the frame by scenario, indicator, region and month; -1 where there is none."""
        rows = np.full([len(axis) for axis in self._axes], -1, np.intp)
        rows[tuple(codes for codes, _ in self._coded)] = np.arange(len(self.frame))
        return rows

    @cached_property
    def _numbers(self) -> list[tuple[str, NDArray[np.float64]]]:
        """The columns of numbers that the frame has."""
        return [
            (name, self.frame[name].to_numpy(np.float64, na_value=_NAN))
            for name in _NUMBERS
            if name in self.frame.columns
        ]
