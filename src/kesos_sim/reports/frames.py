"""Reading tidy frames: one row per month, region and indicator, with or without a baseline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

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
OPTIONAL_COLUMNS: Final = ("against", "draws")
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
        if not self.compares:
            return ("",)
        return tuple(str(name) for name in self.frame["scenario"].drop_duplicates())

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """All months, in order."""
        return tuple(sorted(Month.parse(str(m)) for m in self.frame["month"].drop_duplicates()))

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

    @property
    def span_years(self) -> int:
        """Years from base to horizon, rounded; at least one."""
        return max(1, round((self.horizon - self.base) / MONTHS_PER_YEAR))

    @cached_property
    def regions(self) -> frozenset[str]:
        """Codes of all regions in the frame."""
        return frozenset(str(code) for code in self.frame["region"].drop_duplicates())

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """Names of all indicators in the order of the frame."""
        return tuple(str(name) for name in self.frame["indicator"].drop_duplicates())

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
        found = self._of(name).get((scenario, region, month or self.horizon))
        return None if found is None or math.isnan(found.value) else found

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

    def _of(self, name: str) -> dict[tuple[str, str, Month], Estimate]:
        """Return all estimates of one indicator."""
        cache = self._index
        if name not in cache:
            part = self.frame[self.frame["indicator"] == name]
            present = [column for column in _NUMBERS if column in part.columns]
            columns = [part[column].astype("float64").tolist() for column in present]
            months = {str(month): month for month in self.months}
            scenarios = part["scenario"].tolist() if self.compares else [""] * len(part)
            keys = zip(scenarios, part["region"].tolist(), part["month"].tolist(), strict=True)
            cache[name] = {
                (str(scenario), str(region), months[str(month)]): Estimate(
                    **dict(zip(present, values, strict=True))
                )
                for (scenario, region, month), *values in zip(keys, *columns, strict=True)
            }
        return cache[name]

    @cached_property
    def _index(self) -> dict[str, dict[tuple[str, str, Month], Estimate]]:
        return {}
