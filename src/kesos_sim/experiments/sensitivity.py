"""Which assumptions an answer hangs on: screening by Morris, shares of variance by Sobol.

The random numbers of a world are an input like any other: which of several seeds a run gets is a
factor beside the parameters, so that chance has a share of its own and is not taken for an effect
of a parameter. With an alternative the answer is its paired difference from the baseline.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.errors import InputError
from kesos_sim.experiments.compare import Comparison, check_worlds, compare
from kesos_sim.experiments.design import DRAWN, check_parameters
from kesos_sim.experiments.executors import Executor, Failure, Processes, usable_workers
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.store import Store
from kesos_sim.experiments.tables import last_year
from kesos_sim.experiments.worlds import Pair, World, pairs
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario.coordination import with_strengths

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.scenario.scenario import Scenario

__all__ = ["CHANCE", "METHODS", "Sensitivity", "sensitivity"]

METHODS: Final = ("morris", "sobol")
CHANCE: Final = "chance"
"""The factor that stands for the seed."""
_LEVELS: Final = 4
_SEEDS: Final = 64
"""Seeds among which Sobol's method draws; Morris' has one for each of its levels."""
_TRAJECTORIES: Final = 10
_BASE: Final = 64


@dataclass(frozen=True)
class Sensitivity:
    """How far an answer hangs on each parameter and on chance.

    Attributes
    ----------
    comparison : the scenarios as written, for titles, sources and provenance
    method : one of `METHODS`
    factors : parameters, and `CHANCE`
    found : float64[n_factors, n_columns] by indicator, in the order of `columns`
    lives : runs behind it
    seconds : time taken
    """

    comparison: Comparison
    method: str
    factors: tuple[str, ...]
    found: Mapping[str, NDArray[np.float64]]
    lives: int
    seconds: float

    @property
    def columns(self) -> tuple[str, ...]:
        """What is known of each factor.

        Morris: mean of absolute effects of moving it through its range (unit of the indicator),
        the half width of that mean's 95% interval, and the spread of the effects, which is large
        where others decide how much it matters. Sobol: shares of the variance that it explains
        alone, and with all others, each with the half width of its 95% interval.
        """
        if self.method == METHODS[0]:
            return ("effect", "effect_error", "spread")
        return ("alone", "alone_error", "in_all", "in_all_error")

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        return self.comparison.provenance | {"seconds": self.seconds, "replicates": self.lives + 1}

    def frame(self) -> pd.DataFrame:
        """Return a tidy frame.

        Returns
        -------
        pandas.DataFrame
            One row for each indicator and factor, the one that matters most first: factor,
            indicator, `columns`, unit (of effects; shares have none).
        """
        import pandas as pd

        blocks = []
        for name, table in self.found.items():
            block = pd.DataFrame(table, columns=list(self.columns))
            block.insert(0, "factor", list(self.factors))
            block.insert(1, "indicator", name)
            block["unit"] = indicator(name).unit if self.method == METHODS[0] else ""
            order = np.argsort(-np.nan_to_num(table[:, self._leading]), kind="stable")
            blocks.append(block.iloc[order])
        return pd.concat(blocks, ignore_index=True)

    @property
    def _leading(self) -> int:
        """Column by which factors are ranked."""
        return 0 if self.method == METHODS[0] else 2

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Return what the answer hangs on, in sentences."""
        from kesos_sim.reports.influence import sentences

        found: tuple[str, ...] = sentences(self, lang)
        return found

    def chart(self, name: str = "poverty_rate", lang: str = "id") -> Any:
        """Return the bars of an indicator."""
        from kesos_sim.reports.charts.influence import influence

        return influence(self, name, lang)


def sensitivity(
    baseline: Scenario,
    alternative: Scenario | None = None,
    method: str = METHODS[0],
    parameters: Sequence[str] = DRAWN,
    samples: int | None = None,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Find what an answer hangs on.

    Parameters
    ----------
    baseline : the scenario, or the one without the change
    alternative : the scenario with it; the answer is then the difference
    method : one of `METHODS`
    parameters : rows of the parameter table whose range is more than a point
    samples : Morris: trajectories; Sobol: size of the base sample, a power of two. Runs for each
        scenario are ``samples * (factors + 1)`` and ``samples * (factors + 2)``
    executor : who computes; processes of this machine when left out
    store : who remembers finished runs
    progress : told what is being done

    Returns
    -------
    Sensitivity
        Of means over the last twelve months in the whole region.

    Raises
    ------
    InputError
        If a parameter is unknown or has no range, or the scenarios cannot be compared.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> from kesos_sim.experiments.store import Store
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> moved = ("household.propensity_to_consume",)
    >>> found = sensitivity(bare, None, "morris", moved, 2, Serial(), Store.default())
    >>> found.frame().query("indicator == 'poverty_rate'")["factor"].tolist()
    ['household.propensity_to_consume', 'chance']
    >>> found.chart("poverty_rate", "en").title.split(":")[0]
    'What poverty rate (P0) hangs on'
    """
    others = [] if alternative is None else [alternative]
    check_worlds(baseline, others)
    check_parameters(parameters)
    began = time.perf_counter()
    problem = {
        "num_vars": len(parameters) + 1,
        "names": [*parameters, CHANCE],
        "bounds": [[0.0, 1.0]] * (len(parameters) + 1),
    }
    rows = _sample(problem, method, samples, baseline.seed)
    comparison = compare(baseline, others, progress=progress, draws=0, store=store)
    seeds = _LEVELS if method == METHODS[0] else _SEEDS
    scenarios = (baseline, *others)

    def worlds() -> Iterator[World]:
        for row in rows:
            yield World(tuple(_moved(one, parameters, row, seeds) for one in scenarios))

    who = executor or Processes(usable_workers(rows.shape[0] * len(scenarios)))
    answers: list[Mapping[str, float]] = []
    with pairs(worlds(), who, store) as lived:
        for done, pair in enumerate(lived, start=1):
            if isinstance(pair, Failure):
                raise pair.error
            answers.append(_answer(pair))
            if progress is not None:
                progress("worlds", done, rows.shape[0])
    names = [name for name in answers[0] if all(np.isfinite(one[name]) for one in answers)]
    return Sensitivity(
        comparison=comparison,
        method=method,
        factors=(*parameters, CHANCE),
        found={
            name: _analysed(problem, method, rows, np.array([one[name] for one in answers]))
            for name in names
        },
        lives=rows.shape[0] * len(scenarios),
        seconds=time.perf_counter() - began,
    )


def _sample(
    problem: Mapping[str, Any], method: str, samples: int | None, seed: int
) -> NDArray[np.float64]:
    """Return where in their ranges factors are: float64[n_rows, n_factors], between 0 and 1."""
    if method == METHODS[0]:
        from SALib.sample import morris

        found = morris.sample(problem, samples or _TRAJECTORIES, num_levels=_LEVELS, seed=seed)
    else:
        from SALib.sample import sobol

        number = samples or _BASE
        if number & (number - 1):
            raise InputError("KS3027", "experiments.power_of_two", field="--samples", got=number)
        found = sobol.sample(problem, number, calc_second_order=False, seed=seed)
    return np.asarray(found, np.float64)


def _analysed(
    problem: Mapping[str, Any],
    method: str,
    rows: NDArray[np.float64],
    answer: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return what is known of each factor: float64[n_factors, n_columns]."""
    names: tuple[str, ...] = ("mu_star", "mu_star_conf", "sigma")
    if method != METHODS[0]:
        names = ("S1", "S1_conf", "ST", "ST_conf")
    if np.ptp(answer) == 0.0:
        # Nothing moves it: there is no variance to share.
        return np.zeros((problem["num_vars"], len(names)))
    if method == METHODS[0]:
        from SALib.analyze import morris

        found = morris.analyze(problem, rows, answer, num_levels=_LEVELS, seed=1)
    else:
        from SALib.analyze import sobol

        found = sobol.analyze(problem, answer, calc_second_order=False, seed=1)
    return np.stack([np.asarray(found[name], np.float64) for name in names], axis=1)


def _moved(
    scenario: Scenario, parameters: Sequence[str], row: NDArray[np.float64], seeds: int
) -> Scenario:
    """Return a scenario with its parameters and seed where a row of the sample has them."""
    values = {}
    for name, share in zip(parameters, row[:-1], strict=True):
        low, high = scenario.range_of(name)
        values[name] = low + float(share) * (high - low)
    number = min(int(row[-1] * seeds), seeds - 1)
    return with_strengths(replace(scenario, seed=scenario.seed + 1 + number), values)


def _answer(pair: Pair) -> Mapping[str, float]:
    """Return the answer by indicator: the level, or the difference if there is an alternative."""
    if not pair.alternatives:
        return {name: float(last_year(table)[0]) for name, table in pair.baseline.items()}
    ((name, found),) = pair.alternatives.items()
    return {one: pair.change(name, one) for one in found if one in pair.baseline}
