"""What a run remembers: counts by month and district in arrays made beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kesos_sim.indicators.parts import COUNTED
from kesos_sim.indicators.welfare import benefit_incidence, gini, share
from kesos_sim.kernels.bins import WELFARE_BINS, welfare_bin_centres
from kesos_sim.kernels.counting import record_ages
from kesos_sim.kernels.households import FIXED_POINT, MEASURES
from kesos_sim.model.world import World
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.scenario.scenario import Scenario
from kesos_sim.units import MONTHS_PER_YEAR

__all__ = ["Observer", "Regions"]

_COLUMN = {name: number for number, name in enumerate(MEASURES)}
_MARCH_ONLY = ("entered_poverty", "left_poverty", "chronic_poverty_rate")
TENTHS = 10


@dataclass(frozen=True)
class Regions:
    """Regions of the results and how districts add up to them.

    Attributes
    ----------
    codes : tuple of str
        The scenario's region first, then its provinces, then its districts.
    member : float64[n_regions, n_districts], 0 or 1, whether the district belongs to the region
    cell_member : float64[1 + n_provinces, n_cells], 0 or 1, cells of the region and provinces
    province_of_stratum : int32[n_strata], index, province of the stratum
    """

    codes: tuple[str, ...]
    member: NDArray[np.float64]
    cell_member: NDArray[np.float64]
    province_of_stratum: NDArray[np.int32]

    @classmethod
    def of(cls, world: World, scenario: Scenario) -> Regions:
        """Return the regions of a world.

        Parameters
        ----------
        world : the world
        scenario : the scenario, whose region comes first

        Returns
        -------
        Regions
        """
        strata, cells = world.targets.strata, world.targets.cells
        first = world.layout.district_stratum[:-1]
        districts = strata.district[first]
        of_district = strata.province[first]
        provinces = np.unique(strata.province)
        single = districts.size == 1
        shown = provinces if provinces.size > 1 else provinces[:0]
        rows = [np.ones(districts.size)]
        rows += [(of_district == p).astype(float) for p in shown]
        cell_rows = [np.ones(cells.province.size)]
        cell_rows += [(cells.province == p).astype(float) for p in shown]
        codes = [region_code(scenario), *(f"{p:02d}" for p in shown)]
        if not single:
            rows += list(np.eye(districts.size))
            codes += [f"{d:04d}" for d in districts]
        return cls(
            tuple(codes),
            np.array(rows),
            np.array(cell_rows),
            np.searchsorted(provinces, strata.province).astype(np.int32),
        )

    @property
    def top(self) -> Regions:
        """The same without districts."""
        n = 1 + self.n_provinces
        return replace(self, codes=self.codes[:n], member=self.member[:n])

    def total(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add districts up to regions.

        Parameters
        ----------
        values : float64[..., n_districts], any unit that adds up

        Returns
        -------
        float64[..., n_regions], the same unit
        """
        top = self.member[: 1 + self.n_provinces]
        # Not a product of matrices, whose last bit hangs on how many threads the library takes.
        above: NDArray[np.float64] = np.einsum("...d,rd->...r", values, top)
        if self.member.shape[0] == top.shape[0]:
            return above
        return np.concatenate([above, values], axis=-1)

    @property
    def n_provinces(self) -> int:
        """Provinces that have rows of their own."""
        return int(self.cell_member.shape[0]) - 1


def region_code(scenario: Scenario) -> str:
    """Return the code under which results name the scenario's whole region."""
    if isinstance(scenario.region, str):
        return "00" if scenario.region == "indonesia" else scenario.region
    codes = tuple(scenario.region)
    return str(codes[0]) if len(codes) == 1 else "+".join(str(code) for code in codes)


class Observer:
    """Counts of every month, kept until the run is read.

    Attributes
    ----------
    sums : int64[n_months, n_strata, n_measures], simulated persons, gaps in fixed point
    people : int64[n_months, 1 + n_provinces, WELFARE_BINS], weighted persons, by consumption
    size : float64[n_months, n_districts], real households
    recipients : float64[n_months, n_programmes, n_districts], real households (PBI: persons)
    age : float64[n_months, n_districts], months, mean age of listed records
    ghosts : float64[n_months, n_districts], percent of records that stand for nobody
    tenths : float64[n_years, 1 + n_provinces, 5, 10], see `benefit_incidence`
    counted : dict of int64[n_months, n_districts, n_measures], see `kesos_sim.indicators.parts`
    """

    def __init__(self, world: World, regions: Regions, months: int, programmes: Sequence[str]):
        """Make the arrays of a run of ``months`` months after the base month."""
        strata, districts = world.weight.size, world.layout.district_stratum.size - 1
        rows = months + 1
        self.regions = regions
        self.programmes = tuple(programmes)
        self.sums = np.zeros((rows, strata, len(MEASURES)), np.int64)
        self.people = np.zeros((rows, 1 + regions.n_provinces, WELFARE_BINS), np.int64)
        self.size = np.full((rows, districts), np.nan)
        self.recipients = np.full((rows, len(self.programmes), districts), np.nan)
        self.age = np.full((rows, districts), np.nan)
        self.ghosts = np.full((rows, districts), np.nan)
        self.tenths = np.full((rows, 1 + regions.n_provinces, 5, TENTHS), np.nan)
        self.counted = {
            name: np.zeros((rows, districts, len(part.measures)), np.int64)
            for name, part in COUNTED.items()
        }
        self._real = world.weight / WEIGHT_UNIT
        self._first_stratum = world.layout.district_stratum[:-1]
        self._household = np.add.reduceat(
            world.weight * np.diff(world.layout.stratum_start) / WEIGHT_UNIT, self._first_stratum
        )
        self._first_block = np.searchsorted(world.layout.block_stratum, np.arange(strata))
        self._cells = [np.flatnonzero(row) for row in regions.cell_member]

    def record(self, row: int, world: World) -> None:
        """Take one month of people."""
        np.add.reduceat(world.sums, self._first_block, axis=0, out=self.sums[row])
        world.team.gather("stratum", self.sums[row])
        self.size[row] = self._household
        by_cell = world.welfare_counts.sum(axis=0)
        world.team.gather("cell", by_cell)
        for region, cells in enumerate(self._cells):
            by_cell[cells].sum(axis=0, out=self.people[row, region])

    def record_registry(self, row: int, world: World, age_month: int) -> None:
        """Take the mean age of the listed records."""
        people, start = world.households, world.layout.district_start
        listed, months = (np.empty(start.size - 1, np.int64) for _ in range(2))
        record_ages(start, people.record, people.record_month, listed, months)
        world.team.gather("district", listed, months)
        known = listed > 0
        self.age[row, known] = age_month - months[known] / listed[known]

    def record_incidence(self, row: int, world: World, regular_mask: int) -> None:
        """Take who gets how much, by tenths of people."""
        counts = world.incidence(self.regions.province_of_stratum, 0, regular_mask)
        groups = np.concatenate([counts.sum(axis=0, keepdims=True), counts])
        found = benefit_incidence(groups[: 1 + self.regions.n_provinces])
        for number, name in enumerate(("mean", "coverage", "adequacy", "share", "help")):
            self.tenths[row, :, number] = found[name]

    def carry(self, row: int) -> None:
        """Let figures that are taken only now and then stand until the next time."""
        if row > 0:
            missing = np.isnan(self.age[row])
            self.age[row][missing] = self.age[row - 1][missing]

    @property
    def counts(self) -> NDArray[np.float64]:
        """Real persons in each district.

        float64[n_months, n_districts, n_measures], persons, NaN in months to come
        """
        real = self.sums * self._real[:, None]
        counts: NDArray[np.float64] = np.add.reduceat(real, self._first_stratum, axis=1)
        counts[:, :, [_COLUMN["gap"], _COLUMN["severity"]]] /= 1 << FIXED_POINT
        counts[np.isnan(self.size[:, 0])] = np.nan
        return counts

    def values(
        self, reference_line: float, regions: Regions | None = None
    ) -> dict[str, NDArray[np.float64]]:
        """Return every indicator of people by month and region.

        Parameters
        ----------
        reference_line : rupiah per person and month that consumption levels are ratios to
        regions : `regions`, or their `top`

        Returns
        -------
        dict of float64[n_months, n_regions], unit of the indicator
            NaN where an indicator is not taken for a region or month.
        """
        total = (regions or self.regions).total
        counts = self.counts
        of = {name: total(counts[:, :, column]) for name, column in _COLUMN.items()}
        persons = of["persons"]
        households = total(self.size)
        result = {
            "population": persons,
            "poor_people": of["poor"],
            "poverty_rate": share(of["poor"], persons),
            "poverty_gap": share(of["gap"], persons),
            "poverty_severity": share(of["severity"], persons),
            "near_poor_rate": share(of["near_poor"], persons),
            "extreme_poverty_rate": share(of["extreme_poor"], persons),
            "exclusion_error": 100.0
            - share(of["before_help_poor_covered"], of["before_help_poor"]),
            "inclusion_error": share(of["covered"] - of["before_help_poor_covered"], of["covered"]),
            "mean_household_size": persons / households,
            "entered_poverty": of["entered"],
            "left_poverty": of["left"],
            "chronic_poverty_rate": share(of["chronic"], persons),
        }
        # Runs begin in March; the last month, which has tenths too, need not be one.
        marches = np.arange(persons.shape[0]) % MONTHS_PER_YEAR == 0
        marches[0] = False
        for name in _MARCH_ONLY:
            result[name] = np.where(marches[:, None], result[name], np.nan)
        weight = np.nan_to_num(self.size)
        age = np.nan_to_num(self.age)
        result["registry_age"] = np.where(
            np.isnan(self.age).all(axis=1)[:, None], np.nan, total(age * weight) / households
        )
        for name, part in COUNTED.items():
            result |= part.indicators(total(self.counted[name].swapaxes(1, 2).astype(np.float64)))
        result["registry_ghosts"] = total(self.ghosts * self.size) / households
        n_top = self.people.shape[1]
        wide = np.full_like(persons, np.nan)
        wide[:, :n_top] = gini(self.people, welfare_bin_centres())
        result["gini"] = wide
        for number, (name, scale) in enumerate(
            (
                ("decile_mean_{}", reference_line),
                ("benefit_coverage_d{}", 1.0),
                ("benefit_adequacy_d{}", 1.0),
                ("benefit_share_d{}", 1.0),
            )
        ):
            for tenth in range(TENTHS):
                wide = np.full_like(persons, np.nan)
                wide[:, :n_top] = self.tenths[:, :, number, tenth] * scale
                result[name.format(tenth + 1)] = wide
        for number, programme in enumerate(self.programmes):
            key = f"programme_recipients.{programme.lower()}"
            result[key] = total(self.recipients[:, number])
        return result
