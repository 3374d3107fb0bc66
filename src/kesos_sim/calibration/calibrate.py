"""Calibration: what published figures say of the free parameters, and what they do not say.

The model is lived at settings that cover the ranges evenly, a response surface learns what its
figures are in between, settings that it rules out are left aside and the rest is covered once more
(history matching), and a posterior is drawn with the error of what was published, of the model
(both within the tolerance of the validation) and of the surface. Where the model misses all figures
of a measure by more than that, wherever it is lived, what is left over is taken for an error of the
model in that measure, so that such figures pull less. Some places, studies and years
are sealed: fitting never reads what was published there, and they are scored once.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

import kesos_sim
from kesos_sim.calibration.emulator import Emulator
from kesos_sim.calibration.figures import Figure
from kesos_sim.calibration.lives import Key, figures_of, key_of
from kesos_sim.calibration.posterior import Problem, Trust, implausibility, posterior, trust
from kesos_sim.calibration.scored import note
from kesos_sim.calibration.sealing import is_sealed
from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError
from kesos_sim.experiments.design import Design, check_parameters
from kesos_sim.experiments.executors import Executor, Processes, usable_workers
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.store import Store
from kesos_sim.model.identity import code_hash, data_hash
from kesos_sim.scenario.coordination import with_strengths

if TYPE_CHECKING:
    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["FREE", "Calibration", "calibrate"]

Floats = NDArray[np.float64]

FREE: Final = (
    "registry.truth",
    "registry.listed_poorest",
    "registry.listed_richest",
    "registry.programme_discord",
    "household.persistence_yearly",
    "household.permanent_share",
    "household.transitory_share",
    "programme.quota_poor_weight",
)
"""Parameters that targeting and mobility hang on."""
_LEARNED: Final = 0.8
"""Spread of the posterior over that of the range, below which figures say something."""
LIVES: Final = 128
DRAWS: Final = 2000
_SECOND: Final = 2
"""The second wave lives one setting for so many of the first."""
_ROUNDS: Final = 2
_FEW: Final = 400
"""Draws of the posterior that finds where the model is best."""
_TRIED: Final = 64
"""Settings looked at for each that the second wave lives."""
_BOUND: Final = 2.0
"""A tolerance is taken for so many standard errors."""
_IMPLAUSIBLE: Final = 3.0
_INTERVAL: Final = (5.0, 95.0)
_EVEN: Final = 1.0 / np.sqrt(12.0)


@dataclass(frozen=True)
class Calibration:
    """What published figures say of parameters.

    Attributes
    ----------
    scenario : the world
    parameters : those that were free
    drawn : float64[n_draws, n_parameters], posterior, in the units of the parameters
    places : float64[n_draws, n_parameters], the same as places in their ranges, between 0 and 1
    figures : those that were fitted
    sealed : number of those that were not read
    error_before, error_after : root mean square of what is missed, in tolerances, with the values
        of the table and with the mean of the posterior, of the figures that were fitted
    sealed_before, sealed_after : the same of the sealed figures
    within : share of the fitted figures inside the 90% interval of the posterior's figures
    plausible : share of the prior that is not ruled out
    trust : what comes out where the truth is known; None if it was not asked for
    lives : lives behind the response surface
    seconds : time taken
    created : when it was computed, UTC
    scored : different calibrations that scored sealed figures of these data so far, this one
        included; 0 where nobody remembers them
    """

    scenario: Scenario
    parameters: tuple[str, ...]
    drawn: Floats
    places: Floats
    figures: tuple[Figure, ...]
    sealed: int
    error_before: float
    error_after: float
    sealed_before: float
    sealed_after: float
    within: float
    plausible: float
    trust: Trust | None
    lives: int
    seconds: float
    created: dt.datetime
    scored: int = 0

    @property
    def provenance(self) -> dict[str, Any]:
        """Versions, hashes, seed and time."""
        return {
            "model_version": kesos_sim.__version__,
            "code_hash": code_hash(),
            "data_hash": data_hash(),
            "scenario_hash": self.scenario.hash,
            "seed": self.scenario.seed,
            "households": self.scenario.households,
            "base_month": str(self.scenario.start),
            "created": self.created,
            "seconds": self.seconds,
            "replicates": self.lives + 1,
        }

    @property
    def values(self) -> dict[str, float]:
        """Mean of the posterior by parameter, in its unit."""
        means = self.drawn.mean(axis=0).tolist()
        return dict(zip(self.parameters, means, strict=True))

    @property
    def narrower(self) -> dict[str, float]:
        """Spread of the posterior over that of the prior by parameter: 1 if nothing was learned."""
        ratio = (self.places.std(axis=0) / _EVEN).tolist()
        return dict(zip(self.parameters, ratio, strict=True))

    @property
    def learned(self) -> tuple[str, ...]:
        """Parameters of which the figures say something."""
        return tuple(name for name, ratio in self.narrower.items() if ratio < _LEARNED)

    def rows(self) -> list[dict[str, Any]]:
        """Return one row for each parameter.

        Returns
        -------
        list of dict
            parameter, value (of the table), low and high of its range, mean and 90% interval of
            the posterior (``from``, ``to``), narrower, grade.
        """
        table = parameter_table()
        start, end = np.percentile(self.drawn, _INTERVAL, axis=0)
        return [
            {
                "parameter": name,
                "value": table[name].value,
                "low": table[name].low,
                "high": table[name].high,
                "mean": self.values[name],
                "from": float(start[place]),
                "to": float(end[place]),
                "narrower": self.narrower[name],
                "grade": table[name].grade,
            }
            for place, name in enumerate(self.parameters)
        ]

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Return what was learned, in sentences."""
        from kesos_sim.calibration.words import sentences

        return sentences(self, lang)

    def chart(self, lang: str = "id") -> Chart:
        """Draw where each parameter lies in its range, before and after."""
        from kesos_sim.calibration.ranges_chart import ranges_chart

        return ranges_chart(self, lang)

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write sentences, chart, table and posterior to a folder, all or nothing."""
        from kesos_sim.calibration.export import export_calibration

        return export_calibration(self, path, lang)


def calibrate(
    scenario: Scenario,
    parameters: Sequence[str] = FREE,
    lives: int = LIVES,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
    *,
    draws: int = DRAWS,
    truths: int = 0,
) -> Calibration:
    """Fit parameters to published figures.

    Parameters
    ----------
    scenario : the world in which the model is lived; a calibration that it uses is left out
    parameters : rows of the parameter table that are free within their ranges
    lives : how often the model is lived in the first wave; the second has half as many
    executor : who computes; processes of this machine when left out
    store : who remembers lives, so that an interrupted calibration goes on, and how often sealed
        figures were scored
    progress : told what is being done
    draws : draws of the posterior
    truths : known truths on which the method is tried; 0 for none

    Returns
    -------
    Calibration

    Raises
    ------
    InputError
        If a parameter cannot be free, or there are too few lives for so many of them.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> from kesos_sim.experiments.store import Store
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> found = calibrate(blora, ("registry.truth",), 5, Serial(), Store.default(), draws=100)
    >>> found.parameters, found.drawn.shape, found.lives
    (('registry.truth',), (100, 1), 7)
    >>> [sorted(one) for one in (found.values, found.narrower)]
    [['registry.truth'], ['registry.truth']]
    >>> set(found.learned) <= set(found.parameters)
    True
    >>> (row,) = found.rows()
    >>> row["low"] <= row["from"] <= row["mean"] <= row["to"] <= row["high"]
    True
    """
    began = time.perf_counter()
    scenario = scenario.uncalibrated
    check_parameters(parameters)
    design, table = Design(tuple(parameters)), parameter_table()
    wanted = (len(parameters) + 1) * (len(parameters) + 2) // 2 + 2
    if lives < wanted:
        raise InputError(
            "KS3033", "experiments.few_lives", field="--lives", got=lives, expected=wanted
        )
    places = _places(design, 1, lives)
    low, high = (np.array([getattr(table[n], end) for n in parameters]) for end in ("low", "high"))

    def at(row: Floats) -> Scenario:
        values = dict(zip(parameters, (low + row * (high - low)).tolist(), strict=True))
        return with_strengths(scenario, values)

    who = executor or Processes(usable_workers(lives))
    # The life with the table's values, both waves, and the life with what was learned.
    planned = 1 + lives + lives // _SECOND + 1

    def live(settings: Sequence[Scenario], before: int) -> list[Mapping[Key, Figure]]:
        def told(stage: str, done: int, total: int) -> None:
            if progress is not None:
                progress(stage, before + done, planned)

        return figures_of(settings, who, store, told)

    found = live([scenario, *(at(row) for row in places)], 0)
    usable = _judged(found)
    fitted = [figure for figure in usable if not is_sealed(figure)]
    sealed = [figure for figure in usable if is_sealed(figure)]
    first = _allowing(_problem(places, found[1:], fitted), fitted, scenario.seed)
    more = _left(first, _places(design, lives + 1, _TRIED * lives), lives // _SECOND)
    found += live([at(row) for row in more], len(found))
    places = np.concatenate([places, more])
    # Far from the published figures the surface need not be right.
    near = np.flatnonzero(implausibility(first, places) < _IMPLAUSIBLE)
    near = near if near.size >= wanted else np.arange(places.shape[0])
    problem = _problem(places[near], [found[1 + place] for place in near], fitted)
    problem = _allowing(problem, fitted, scenario.seed)
    drawn = posterior(problem, draws, len(parameters), scenario.seed)
    start, end = np.percentile(problem.emulator.at(drawn), _INTERVAL, axis=0)
    reach = np.sqrt(problem.total) * _BOUND
    inside = (start - reach <= problem.published) & (problem.published <= end + reach)
    (after,) = live([at(drawn.mean(axis=0))], planned - 1)
    even = np.random.Generator(np.random.Philox(scenario.seed)).random((draws, len(parameters)))
    fit = Calibration(
        scenario=scenario,
        parameters=tuple(parameters),
        drawn=low + drawn * (high - low),
        places=drawn,
        figures=tuple(fitted),
        sealed=len(sealed),
        error_before=_error(found[0], fitted),
        error_after=_error(after, fitted),
        sealed_before=_error(found[0], sealed),
        sealed_after=_error(after, sealed),
        within=float(inside.mean()),
        plausible=float((implausibility(first, even) < _IMPLAUSIBLE).mean()),
        trust=trust(problem, truths, len(parameters), draws // 4, scenario.seed)
        if truths
        else None,
        lives=places.shape[0],
        seconds=time.perf_counter() - began,
        created=dt.datetime.now(dt.UTC),
    )
    return fit if store is None else replace(fit, scored=note(fit, store.folder))


def _places(design: Design, first: int, last: int) -> Floats:
    """Return settings of the design as places in the ranges: float64[n, n_parameters], 0 to 1."""
    return np.array([list(design.shares(n).values()) for n in range(first, last + 1)])


def _problem(
    places: Floats, found: Sequence[Mapping[Key, Figure]], fitted: Sequence[Figure]
) -> Problem:
    """Let a response surface learn the figures of lives."""
    keys = [key_of(figure) for figure in fitted]
    modelled = np.array([[one[key].modelled for key in keys] for one in found])
    bound = np.array([figure.tolerance or 0.0 for figure in fitted])
    published = np.array([figure.published for figure in fitted])
    return Problem(Emulator.fit(places, modelled), published, (bound / _BOUND) ** 2)


def _allowing(problem: Problem, figures: Sequence[Figure], seed: int) -> Problem:
    """Return the problem with the error of the model in each measure that it cannot show."""
    measures = np.array([figure.measure for figure in figures])
    for _ in range(_ROUNDS):
        best = posterior(problem, _FEW, problem.emulator.parameters, seed).mean(axis=0)
        off = problem.emulator.at(best[None])[0] - problem.published
        left = off**2 - problem.total
        variance = problem.variance.copy()
        for measure in np.unique(measures):
            own = measures == measure
            variance[own] += max(float(left[own].mean()), 0.0)
        problem = replace(problem, variance=variance)
    return problem


def _left(problem: Problem, tried: Floats, number: int) -> Floats:
    """Return the first settings that are not ruled out: float64[n, n_parameters], at most number.

    None if hardly any is left: a surface that rules out everything is not to be trusted there.
    """
    kept = tried[implausibility(problem, tried) < _IMPLAUSIBLE]
    return kept[:number] if kept.shape[0] >= number else kept[:0]


def _judged(found: Sequence[Mapping[Key, Figure]]) -> list[Figure]:
    """Return the figures that have a tolerance and a value in every life."""
    return [
        figure
        for key, figure in found[0].items()
        if figure.tolerance and all(key in one and np.isfinite(one[key].modelled) for one in found)
    ]


def _error(found: Mapping[Key, Figure], figures: Sequence[Figure]) -> float:
    """Return the root mean square of what is missed, in tolerances."""
    missed = [
        (found[key_of(one)].modelled - one.published) / one.tolerance
        for one in figures
        if one.tolerance
    ]
    return float(np.sqrt(np.mean(np.square(missed)))) if missed else float("nan")
