"""What moved poverty, household by household: growth, help, shocks, and who lives with whom.

What a household consumes in a month is made of parts that the model keeps apart. Two states of the
same households, before and after or without and with a package, are compared by exchanging the
parts of one for those of the other in every selection: a part gets the mean of what it adds over
all orders (Shapley 1953), so that the parts add up to the change of the rate itself. What
coordination adds to services is told apart by a third life in which it does nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.experiments.attribution import Attribution, Part
from kesos_sim.experiments.compare import Comparison, check_worlds, compare
from kesos_sim.experiments.executors import Executor, in_parallel
from kesos_sim.experiments.run import Progress, living, observed
from kesos_sim.experiments.shapley import shapley
from kesos_sim.experiments.store import Store
from kesos_sim.kernels.components import SIZE_MASK
from kesos_sim.kernels.households import SCORE_HIGH, SCORE_LOW, SCORE_NODES
from kesos_sim.model.opening import open_model
from kesos_sim.scenario.coordination import rests_on_coordination, without_effect

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["PARTS", "State", "account"]

Floats = NDArray[np.float64]

PARTS: Final = (
    "growth",
    "transfers",
    "services",
    "coordination",
    "mutual_help",
    "shocks",
    "composition",
)
"""What consumption and the people behind it are made of; see `State`."""
MEASURES: Final = ("poverty_rate", "poverty_gap", "poverty_severity")


@dataclass(frozen=True)
class State:
    """What the consumption of households is made of in a month.

    Attributes
    ----------
    table : float64[n_cells, SCORE_NODES, 2], log ratio, welfare before help by score, and its step:
        growth
    cell : int64[n_households], index, cell of the household
    score : float64[n_households], normal score: ups and downs of life
    rise, loss : float64[n_households], log points, prices beyond incomes, and losses from shocks
    drawn : float64[n_households], lines per person and month, taken from savings
    help : float64[n_households], lines per person and month, consumed of transfers
    gain : float64[n_households], log points, what services, schools, enterprises and houses add
    pooled : float64[n_households], lines per person and month, from neighbours less given to them
    people : float64[n_households], persons, real ones
    welfare : float64[n_households], ratio to the poverty line, as the model has it
    region : float64[n_regions, n_households], 0 or 1, whether the household belongs to a region
    regions : codes of the regions
    """

    table: Floats
    cell: NDArray[np.int64]
    score: Floats
    rise: Floats
    loss: Floats
    drawn: Floats
    help: Floats
    gain: Floats
    pooled: Floats
    people: Floats
    welfare: Floats
    region: Floats
    regions: tuple[str, ...]

    @classmethod
    def of(cls, model: WelfareModel) -> State:
        """Take the state of a model at the end of a month."""
        world, people, layout = model.world, model.world.households, model.world.layout
        if not world.table.any():
            # A model that was opened in its base month has not ranked its people yet.
            world.rescore()
            world.rank(model.log_growth())
        stratum = np.repeat(np.arange(layout.n_strata), np.diff(layout.stratum_start))
        district = np.repeat(np.arange(layout.n_districts), np.diff(layout.district_start))
        top = observed(model).regions.top

        def real(values: NDArray[np.generic]) -> Floats:
            return values.astype(np.float64)

        found = cls(
            table=real(world.table),
            cell=world.targets.strata.cell[stratum].astype(np.int64),
            score=real(people.score),
            rise=real(world.line_rise)[stratum],
            loss=real(people.loss),
            drawn=np.zeros(layout.n_households),
            help=float(world.rules.propensity) * real(people.benefit),
            gain=real(people.gain),
            pooled=real(people.pooled),
            people=real(people.word & SIZE_MASK) * world.weight[stratum],
            welfare=real(people.welfare),
            region=top.member[:, district],
            regions=top.codes,
        )
        # The model keeps what is left of savings; what was drawn is the rest of consumption. In
        # January it can be a little below 0: a school year's gain counts from February on.
        rest = np.where(found.welfare > 0.0, found.welfare - found.consumption(), 0.0)
        return replaced(found, drawn=rest)

    def consumption(self) -> Floats:
        """Return consumption.

        Returns
        -------
        float64[n_households], ratio to the poverty line
        """
        nodes = (self.score - SCORE_LOW) * SCORE_NODES / (SCORE_HIGH - SCORE_LOW)
        place = np.clip(nodes, 0.0, SCORE_NODES - 1e-3)
        node = place.astype(np.int64)
        value, step = np.moveaxis(self.table[self.cell, node], -1, 0)
        lasting = np.exp(value + (place - node) * step - self.rise + self.gain - self.loss)
        return np.asarray(np.maximum(lasting + self.drawn + self.help + self.pooled, 0.0))

    def measures(self) -> Floats:
        """Return poverty.

        Returns
        -------
        float64[3, n_regions], percent, rate, gap and severity
        """
        short = np.maximum(1.0 - self.consumption(), 0.0)
        powers = np.stack([short > 0.0, short, short**2]) * self.people
        return np.asarray(100.0 * (powers @ self.region.T) / (self.region @ self.people))


_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "growth": ("table",),
    "transfers": ("help",),
    "mutual_help": ("pooled",),
    "shocks": ("score", "rise", "loss", "drawn"),
    "composition": ("people",),
}
"""Fields of a state that a part exchanges; services and coordination share the gain."""


def replaced(state: State, **fields: Floats) -> State:
    """Return a state with other arrays in some of its fields."""
    return State(**(vars(state) | fields))


def exchanged(before: State, after: State, idle: State | None) -> Floats:
    """Return what each part of the change from one state to another adds.

    Parameters
    ----------
    before, after : states of the same households
    idle : the second state if coordination did nothing; None where it plays no part

    Returns
    -------
    float64[n_parts, 3, n_regions], percentage points of rate, gap and severity
    """
    without = after.gain if idle is None else idle.gain
    gains = {
        "services": without - before.gain,
        "coordination": after.gain - without,
    }
    values = {}
    for selection in range(1 << len(PARTS)):
        chosen = [part for place, part in enumerate(PARTS) if selection >> place & 1]
        fields = {name: vars(after)[name] for part in chosen for name in _FIELDS.get(part, ())}
        fields["gain"] = before.gain + sum((gains[part] for part in chosen if part in gains), 0.0)
        values[selection] = replaced(before, **fields).measures()
    return shapley(values, len(PARTS))


def _ends(scenario: Scenario) -> tuple[State, State]:
    """Live a scenario and return its first and its last month."""
    model = open_model(scenario, 1)
    first = State.of(model)
    for _ in living(model):
        pass
    return first, State.of(model)


def account(
    baseline: Scenario,
    package: Scenario | None = None,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> Attribution:
    """Find what moved poverty, by household.

    Parameters
    ----------
    baseline : the scenario without the package, or the only one
    package : the scenario with it; without it the change is that from the base month to the last
    executor : who computes; processes of this machine when left out
    store : who remembers finished runs, for what is told beside it
    progress : told what is being done

    Returns
    -------
    Attribution
        Of `MEASURES` in the last month.

    Raises
    ------
    InputError
        If the scenarios cannot be compared.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> world = {"region": "3316", "households": 2000, "months": 2}
    >>> why = account(load_scenario("scenarios/baseline.yaml", world), executor=Serial())
    >>> [part.name for part in why.parts]
    ['growth', 'transfers', 'services', 'coordination', 'mutual_help', 'shocks',
    'composition']
    """
    others = [] if package is None else [package]
    check_worlds(baseline, others)
    began = time.perf_counter()
    last = package or baseline
    idle = [without_effect(last)] if rests_on_coordination(last) else []
    comparison: Comparison = compare(baseline, others, progress=progress, draws=0, store=store)
    jobs = [(one,) for one in (baseline, *others, *idle)]
    with in_parallel(_ends, jobs, executor) as found:
        lives = []
        for number, ends in enumerate(found, start=1):
            lives.append(ends)
            if progress is not None:
                progress("runs", number, len(jobs))
    before = lives[0][0] if package is None else lives[0][1]
    after = lives[len(others)][1]
    added = exchanged(before, after, lives[-1][1] if idle else None)
    start = before.measures()
    zero = np.zeros((len(PARTS), len(before.regions)))
    return Attribution(
        comparison=comparison,
        parts=tuple(Part(name) for name in PARTS),
        regions=before.regions,
        period="month" if others else "path",
        before={name: start[None, place] for place, name in enumerate(MEASURES)},
        added={name: added[None, :, place] for place, name in enumerate(MEASURES)},
        error=dict.fromkeys(MEASURES, zero),
        without_effect=None,
        orders=0,
        lives=len(jobs),
        seconds=time.perf_counter() - began,
    )
