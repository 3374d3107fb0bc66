"""The households of a model in one month, with everything that published figures are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kesos_sim.data.regions import province_codes
from kesos_sim.kernels.composition import FIELDS, field
from kesos_sim.kernels.registry import LISTED
from kesos_sim.model.observer import region_code
from kesos_sim.population.households import WEIGHT_UNIT

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel

__all__ = ["Sample", "ranks", "share"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_CELL_IS_WHOLE = 0.999


@dataclass(frozen=True)
class Sample:
    """Simulated households of a month.

    Attributes
    ----------
    households : float64[n], households that each stands for
    size : float64[n], persons in it
    members : dict of float64[n], persons of each kind of `kesos_sim.kernels.composition.FIELDS`
    stratum, district, province : int64[n], index and BPS codes
    area : int64[n], code, 0 urban and 1 rural
    line : float64[n], rupiah per person and month, poverty line of the stratum
    welfare : float64[n], ratio to the poverty line, consumption
    before : float64[n], ratio to the poverty line, consumption without the help of the month
    enrolled : dict of bool[n], whether the household is in a programme, by name
    listed : bool[n], whether the registry has it
    on_record : float64[n], normal score, what its record says
    seen_today : float64[n], normal score, what a visit today would say
    pkh_rupiah : float64, rupiah a year, mean PKH of a family in its programme
    whole_cells : frozenset of (province, area) of which all districts are simulated
    whole_provinces : frozenset of int, provinces of which all districts are simulated
    nation : bool, whether every district of the country is simulated
    region : str, code of everything that is simulated, ``00`` for the nation
    """

    households: Floats
    size: Floats
    members: dict[str, Floats]
    stratum: NDArray[np.int64]
    district: NDArray[np.int64]
    province: NDArray[np.int64]
    area: NDArray[np.int64]
    line: Floats
    welfare: Floats
    before: Floats
    enrolled: dict[str, Flags]
    listed: Flags
    on_record: Floats
    seen_today: Floats
    pkh_rupiah: float
    whole_cells: frozenset[tuple[int, int]]
    whole_provinces: frozenset[int]
    nation: bool
    region: str

    @property
    def place(self) -> tuple[str, str]:
        """Level and code of everything that is simulated."""
        return "nation" if self.nation else "region", self.region

    @property
    def persons(self) -> Floats:
        """Persons that each household stands for: float64[n], persons."""
        return self.households * self.size

    @property
    def poor(self) -> Flags:
        """Whether consumption is below the line: bool[n], flag."""
        return np.asarray(self.welfare < 1.0)

    def inside(self, code: int) -> Flags:
        """Return the households of a province or district.

        Parameters
        ----------
        code : int
            BPS code of two or four digits; 0 for all.

        Returns
        -------
        bool[n], flag
        """
        if code == 0:
            return np.ones(self.size.size, np.bool_)
        place = self.province if code < 100 else self.district  # noqa: PLR2004 - two digits
        return np.asarray(place == code)

    @classmethod
    def of(cls, model: WelfareModel) -> Sample:
        """Take the households of a model as they are now.

        Parameters
        ----------
        model : WelfareModel
            A model that has lived the month.

        Returns
        -------
        Sample
            Copies, so that the model may go on.
        """
        world, people = model.world, model.world.households
        strata, cells = world.targets.strata, world.targets.cells
        sizes = np.diff(world.layout.stratum_start)
        stratum = np.repeat(np.arange(sizes.size), sizes)
        households = world.weight[stratum] / WEIGHT_UNIT
        enrolled = {
            name: ((people.enrolled >> np.uint16(bit)) & np.uint16(1)) == 1
            for bit, name in enumerate(model.schedule.names)
        }
        pkh = model.schedule.index("PKH")
        families = float(households[enrolled["PKH"]].sum())
        paid = float((model.yearly_rupiah[pkh] * (world.weight / WEIGHT_UNIT)).sum())
        welfare = people.welfare.astype(np.float64)
        help_consumed = float(world.rules.propensity) * people.benefit.astype(np.float64)
        here = np.bincount(strata.cell, strata.population, cells.p0.size)
        whole = here > _CELL_IS_WHOLE * cells.population
        cell_keys = list(zip(cells.province.tolist(), cells.area.tolist(), strict=True))
        partial = {key[0] for key, all_of_it in zip(cell_keys, whole, strict=True) if not all_of_it}
        whole_provinces = frozenset(set(cells.province.tolist()) - partial)
        return cls(
            households=households,
            size=field(people.word, "size").astype(np.float64),
            members={name: field(people.word, name).astype(np.float64) for name in FIELDS},
            stratum=stratum,
            district=strata.district[stratum].astype(np.int64),
            province=strata.province[stratum].astype(np.int64),
            area=strata.area[stratum].astype(np.int64),
            line=strata.line[stratum],
            welfare=welfare,
            before=welfare - help_consumed,
            enrolled=enrolled,
            listed=(people.record & LISTED) != 0,
            on_record=people.record_score.astype(np.float64),
            seen_today=_seen_today(model),
            pkh_rupiah=paid / families if families > 0.0 else float("nan"),
            whole_cells=frozenset(
                key for key, all_of_it in zip(cell_keys, whole, strict=True) if all_of_it
            ),
            whole_provinces=whole_provinces,
            nation=whole_provinces >= frozenset(province_codes(model.scenario.start.year)),
            region=region_code(model.scenario),
        )


def _seen_today(model: WelfareModel) -> Floats:
    """Return what a proxy-means test of everyone would find in this month."""
    people, rules = model.world.households, model.world.rules
    truth = model.scenario.parameter("registry.truth")
    lasting = people.base + rules.persistent_load * people.persistent
    draws = np.random.Generator(np.random.Philox(key=model.scenario.seed))
    noise = draws.standard_normal(lasting.size)
    score: Floats = truth * lasting + np.sqrt(1.0 - truth**2) * noise
    return score


def share(mask: Flags, weight: Floats, among: Flags | None = None) -> float:
    """Return in percent in what part of a group something holds.

    Parameters
    ----------
    mask : bool[n], flag
    weight : float64[n], households or persons
    among : bool[n], flag, the group; everyone when left out

    Returns
    -------
    float
        Percent; NaN for an empty group.
    """
    if among is not None:
        mask, weight = mask[among], weight[among]
    total = float(weight.sum())
    return 100.0 * float(weight[mask].sum()) / total if total > 0.0 else float("nan")


def ranks(value: Floats, weight: Floats, group: NDArray[np.int64] | None = None) -> Floats:
    """Return the weighted rank of each household in its group.

    Parameters
    ----------
    value : float64[n], any unit, what is ranked
    weight : float64[n], households or persons
    group : int64[n], index, the groups; one group when left out

    Returns
    -------
    float64[n], share below, the middle of the household's own weight
    """
    own = np.zeros(value.size, np.int64) if group is None else group
    order = np.lexsort((value, own))
    running = np.cumsum(weight[order])
    first = np.flatnonzero(np.diff(own[order], prepend=own[order][0] - 1))
    lengths = np.diff(np.append(first, value.size))
    before = np.repeat(running[first] - weight[order][first], lengths)
    total = np.repeat(np.add.reduceat(weight[order], first), lengths)
    found = np.empty(value.size)
    found[order] = (running - before - 0.5 * weight[order]) / total
    return found
