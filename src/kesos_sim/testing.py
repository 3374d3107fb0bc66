"""Small valid populations and scenarios for everyone's property tests.

Needs hypothesis (extra ``test``). The strategies are public: a test of a new
kernel or programme draws a `Village` and has every array that kernels take; a
test of the whole model draws a scenario that opens in about a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from kesos_sim.data.parameters import parameter_table
from kesos_sim.kernels.composition import compose
from kesos_sim.kernels.households import BLOCK
from kesos_sim.population.households import WEIGHT_UNIT, Households, Layout
from kesos_sim.population.lifecycle import read_rule
from kesos_sim.scenario.lever import Lever
from kesos_sim.scenario.levers import LEVERS, PORTFOLIO
from kesos_sim.scenario.load import from_document
from kesos_sim.scenario.scenario import Scenario

__all__ = ["Village", "lever_values", "make_village", "scenarios", "villages"]

_MOST_DISTRICTS: Final = 4
_MOST_HOUSEHOLDS: Final = 70
_MOST_CHUNKS: Final = 8
_MOST_CELLS: Final = 3
_HIGHEST: Final = 2**32 - 1
_SMALL_REGIONS: Final = ([3471], [3471, 3401], [5171], [51], [34])
_FEWEST_HOUSEHOLDS, _LONGEST_RUN = 2000, 14


@dataclass(frozen=True)
class Village:
    """A few districts of households with everything that kernels want to know.

    Attributes
    ----------
    key : uint32, bits, key of the random draws
    layout : where strata, blocks and chunks begin
    households : state of the households, all arrays filled
    cell : int32[n_strata], index, cell of the stratum
    n_cells : cells; some may be empty
    area : uint8[n_strata], code, 0 urban and 1 rural
    weight : int64[n_strata], 1/65536 households, what a simulated household stands for
    line : float64[n_strata], rupiah per person and month, poverty line of the stratum
    """

    key: np.uint32
    layout: Layout
    households: Households
    cell: NDArray[np.int32]
    n_cells: int
    area: NDArray[np.uint8]
    weight: NDArray[np.int64]
    line: NDArray[np.float64]

    @property
    def stratum(self) -> NDArray[np.int64]:
        """Stratum of each household.

        Returns
        -------
        int64[n_households], index
        """
        start = self.layout.stratum_start
        return np.repeat(np.arange(start.size - 1), np.diff(start))

    @property
    def district(self) -> NDArray[np.int64]:
        """District of each household.

        Returns
        -------
        int64[n_households], index
        """
        start = self.layout.district_start
        return np.repeat(np.arange(start.size - 1), np.diff(start))

    def cut(self, n_chunks: int, block: int) -> Layout:
        """Return the layout of the same households in other chunks and blocks.

        Parameters
        ----------
        n_chunks : number of chunks
        block : most households in a block

        Returns
        -------
        Layout
        """
        counts, of_district = np.diff(self.layout.stratum_start), self.layout.district_stratum
        district = np.repeat(np.arange(of_district.size - 1), np.diff(of_district))
        return Layout.build(counts, district.astype(np.int32), n_chunks, block)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return copies of the state of the households.

        Returns
        -------
        dict of any[n_households], see `Households`
        """
        return {name: array.copy() for name, array in self.households.arrays().items()}


def make_village(
    counts: list[list[int]],
    *,
    seed: int = 0,
    n_chunks: int = 1,
    block: int = BLOCK,
    first_id: int = 0,
) -> Village:
    """Return a village with a valid random state.

    Parameters
    ----------
    counts : households of each stratum, one list of one or two strata per district
    seed : what the state follows from
    n_chunks : number of chunks
    block : most households in a block
    first_id : identity of the first household

    Returns
    -------
    Village
    """
    chance = np.random.default_rng(seed)
    flat = np.array([count for district in counts for count in district], np.int64)
    district = np.repeat(np.arange(len(counts), dtype=np.int32), [len(one) for one in counts])
    layout = Layout.build(flat, district, n_chunks, block)
    n, n_strata = layout.n_households, flat.size
    people = Households.empty(n, first_id)
    for name in ("permanent", "persistent", "transitory", "base", "score", "record_score"):
        getattr(people, name)[:] = chance.normal(0.0, 1.2, n)
    for name, scale in (("loss", 0.2), ("savings", 0.3), ("benefit", 0.1)):
        getattr(people, name)[:] = np.maximum(chance.normal(0.0, scale, n), 0.0)
    people.gain[:] = chance.normal(0.0, 0.02, n)
    people.welfare[:] = np.exp(chance.normal(0.4, 0.6, n))
    people.enrolled[:] = chance.integers(0, 1 << 16, n)
    people.enrolled[chance.random(n) < 1 / 2] = 0
    people.record[:] = chance.integers(0, 2, n)
    people.record_month[:] = chance.integers(-300, 1, n)
    people.history[:] = chance.integers(0, 8, n)
    key = np.uint32(chance.integers(0, 1 << 32))
    rule = read_rule(lambda name: parameter_table()[name].value)
    fertility = chance.uniform(1.5, 4.0, n_strata).astype(np.float32)
    compose(
        0,
        layout.n_strata,
        key,
        2024,
        first_id,
        layout.stratum_start,
        fertility,
        rule,
        people.permanent,
        people.word,
    )
    n_cells = int(chance.integers(1, _MOST_CELLS + 1))
    people.pooled[:] = np.random.default_rng([seed, 1]).normal(0.0, 0.02, n)
    area = np.concatenate([np.arange(2)[2 - len(one) :] for one in counts]).astype(np.uint8)
    return Village(
        key=key,
        layout=layout,
        households=people,
        cell=chance.integers(0, n_cells, n_strata).astype(np.int32),
        n_cells=n_cells,
        area=area,
        weight=chance.integers(WEIGHT_UNIT // 2, 900 * WEIGHT_UNIT, n_strata),
        line=chance.uniform(3.5e5, 8e5, n_strata),
    )


@st.composite
def villages(draw: st.DrawFn) -> Village:
    """Draw villages of one to four districts, cut into any blocks and chunks."""
    size = st.integers(1, _MOST_HOUSEHOLDS)
    district = st.lists(size, min_size=1, max_size=2)
    return make_village(
        draw(st.lists(district, min_size=1, max_size=_MOST_DISTRICTS)),
        seed=draw(st.integers(0, _HIGHEST)),
        n_chunks=draw(st.integers(1, _MOST_CHUNKS)),
        block=draw(st.sampled_from([1, 2, 7, 64, BLOCK])),
        first_id=draw(st.sampled_from([0, 1, 4_000_000_000, _HIGHEST - 5])),
    )


def lever_values(lever: Lever) -> st.SearchStrategy[bool | int | float]:
    """Return settings of a lever as files write them.

    Parameters
    ----------
    lever : a lever
    """
    if lever.kind == "switch":
        return st.booleans()
    if lever.kind == "step":
        return st.integers(int(lever.low), int(lever.high))
    return st.floats(lever.low, lever.high)


@st.composite
def scenarios(draw: st.DrawFn, *, levers: bool = True) -> Scenario:
    """Draw scenarios of a small region and a short run that the model can open.

    Parameters
    ----------
    levers : whether levers are moved; without them all scenarios are baselines
    """
    moved: dict[str, Any] = {}
    names = sorted(set(LEVERS) - set(PORTFOLIO))
    for name in draw(st.lists(st.sampled_from(names), max_size=3, unique=True)) if levers else ():
        moved[name] = {"value": draw(lever_values(LEVERS[name]))}
        if draw(st.booleans()):
            moved[name]["from"] = draw(st.sampled_from(["2024-06", "2025-01"]))
    document = {
        "schema": 1,
        "name": "contoh",
        "title": {"id": "Contoh", "en": "Example"},
        "region": draw(st.sampled_from(_SMALL_REGIONS)),
        "start": "2024-03",
        "months": draw(st.integers(1, _LONGEST_RUN)),
        "households": draw(st.integers(_FEWEST_HOUSEHOLDS, 2 * _FEWEST_HOUSEHOLDS)),
        "seed": draw(st.integers(0, 9)),
        "growth": draw(st.sampled_from(["none", "forward"])),
        "funding_sources": {"perjalanan_dinas": 0.5, "belanja_barang": 0.5},
    }
    return from_document(document | ({"levers": moved} if moved else {}))
