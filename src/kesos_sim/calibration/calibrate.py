"""Calibration: what published figures say of the free parameters, and what they do not say.

The model is lived at settings that cover the ranges evenly, a response surface learns what its
figures are in between, and a posterior is drawn with the error of what was published, of the model
(both within the tolerance of the validation) and of the surface. A quarter of the figures, by
place or study, is sealed: fitting never reads what was published there, and they are scored once.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

import kesos_sim
from kesos_sim.calibration.emulator import Emulator
from kesos_sim.calibration.figures import Figure
from kesos_sim.calibration.posterior import Problem, Trust, implausibility, posterior, trust
from kesos_sim.calibration.published import validate
from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError
from kesos_sim.experiments.design import Design
from kesos_sim.experiments.executors import Executor, Failure, Processes, usable_workers
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.store import Entry, Store, identity
from kesos_sim.model.identity import code_hash, data_hash
from kesos_sim.scenario.coordination import with_strengths

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["FREE", "Calibration", "calibrate", "is_sealed"]

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
PARTS: Final = ("targeting", "budgets", "mobility")
LIVES: Final = 128
DRAWS: Final = 2000
_KIND, _FILE = "figures", "figures.json"
_SEALED: Final = 4
"""One place or study in so many is sealed."""
_BOUND: Final = 2.0
"""A tolerance is taken for so many standard errors."""
_IMPLAUSIBLE: Final = 3.0
_INTERVAL: Final = (5.0, 95.0)
_EVEN: Final = 1.0 / np.sqrt(12.0)


def is_sealed(figure: Figure) -> bool:
    """Return whether fitting must not read what was published.

    Parameters
    ----------
    figure : Figure
        A published figure.

    Returns
    -------
    bool
        The same for all figures of a place; of the nation, the region and studies by their row.
    """
    own = figure.code if figure.level in {"province", "district"} else figure.source
    own = own if figure.level != "region" else f"{figure.source}/{figure.measure}"
    digest = blake2b(f"sealed/{own}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % _SEALED == 0


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
    error_before, error_after : root mean square of what is missed, in tolerances, with the values
        of the table and with the mean of the posterior, of the figures that were fitted
    sealed_before, sealed_after : the same of the sealed figures
    within : share of the fitted figures inside the 90% interval of the posterior's figures
    plausible : share of the prior that is not ruled out
    trust : what comes out where the truth is known; None if it was not asked for
    lives : lives behind the response surface
    seconds : time taken
    created : when it was computed, UTC
    """

    scenario: Scenario
    parameters: tuple[str, ...]
    drawn: Floats
    places: Floats
    figures: tuple[Figure, ...]
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

    @property
    def provenance(self) -> dict[str, object]:
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
            "replicates": self.lives,
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
    scenario : the world in which the model is lived
    parameters : rows of the parameter table that are free within their ranges
    lives : how often the model is lived
    executor : who computes; processes of this machine when left out
    store : who remembers lives, so that an interrupted calibration goes on
    progress : told what is being done
    draws : draws of the posterior
    truths : known truths on which the method is tried; 0 for none

    Returns
    -------
    Calibration

    Raises
    ------
    InputError
        If there are too few lives for so many parameters.
    """
    began = time.perf_counter()
    design, table = Design(tuple(parameters)), parameter_table()
    wanted = (len(parameters) + 1) * (len(parameters) + 2) // 2 + 2
    if lives < wanted:
        raise InputError(
            "KS3033", "experiments.few_lives", field="--lives", got=lives, expected=wanted
        )
    places = np.array([list(design.shares(n).values()) for n in range(1, lives + 1)])
    low, high = (np.array([getattr(table[n], end) for n in parameters]) for end in ("low", "high"))

    def at(row: Floats) -> Scenario:
        values = dict(zip(parameters, (low + row * (high - low)).tolist(), strict=True))
        return with_strengths(scenario, values)

    who = executor or Processes(usable_workers(lives))
    worlds = [scenario, *(at(row) for row in places)]
    found = _figures(worlds, who, store, progress)
    usable = _judged(found)
    fitted = [figure for figure in usable if not is_sealed(figure)]
    sealed = [figure for figure in usable if is_sealed(figure)]
    keys = [_key(figure) for figure in fitted]
    modelled = np.array([[one[key].modelled for key in keys] for one in found])
    bound = np.array([figure.tolerance or 0.0 for figure in fitted])
    problem = Problem(
        Emulator.fit(places, modelled[1:]),
        np.array([figure.published for figure in fitted]),
        (bound / _BOUND) ** 2,
    )
    drawn = posterior(problem, draws, len(parameters), scenario.seed)
    start, end = np.percentile(problem.emulator.at(drawn), _INTERVAL, axis=0)
    reach = np.sqrt(problem.total) * _BOUND
    inside = (start - reach <= problem.published) & (problem.published <= end + reach)
    (after,) = _figures([at(drawn.mean(axis=0))], who, store, None)
    even = np.random.Generator(np.random.Philox(scenario.seed)).random((draws, len(parameters)))
    return Calibration(
        scenario=scenario,
        parameters=tuple(parameters),
        drawn=low + drawn * (high - low),
        places=drawn,
        figures=tuple(fitted),
        error_before=_error(found[0], fitted),
        error_after=_error(after, fitted),
        sealed_before=_error(found[0], sealed),
        sealed_after=_error(after, sealed),
        within=float(inside.mean()),
        plausible=float((implausibility(problem, even) < _IMPLAUSIBLE).mean()),
        trust=trust(problem, truths, len(parameters), draws // 4, scenario.seed)
        if truths
        else None,
        lives=lives,
        seconds=time.perf_counter() - began,
        created=dt.datetime.now(dt.UTC),
    )


_Key = tuple[str, ...]


def _key(figure: Figure) -> _Key:
    """Return what a figure is known by."""
    return (figure.part, figure.code, figure.measure, *map(str, figure.detail), figure.source)


def _judged(found: Sequence[Mapping[_Key, Figure]]) -> list[Figure]:
    """Return the figures that have a tolerance and a value in every life."""
    return [
        figure
        for key, figure in found[0].items()
        if figure.tolerance and all(key in one and np.isfinite(one[key].modelled) for one in found)
    ]


def _error(found: Mapping[_Key, Figure], figures: Sequence[Figure]) -> float:
    """Return the root mean square of what is missed, in tolerances."""
    missed = [
        (found[_key(one)].modelled - one.published) / one.tolerance
        for one in figures
        if one.tolerance
    ]
    return float(np.sqrt(np.mean(np.square(missed)))) if missed else float("nan")


def _validated(scenario: Scenario) -> list[Figure]:
    """Live a scenario as far as its figures need it."""
    return list(validate(scenario, PARTS, 1).figures)


def _figures(
    scenarios: Sequence[Scenario],
    executor: Executor,
    store: Store | None,
    progress: Progress | None,
) -> list[dict[_Key, Figure]]:
    """Return the figures of scenarios, those that a store knows without living them."""
    found: dict[int, list[Figure]] = {}
    asked: list[int] = []

    def unknown() -> Iterator[tuple[Scenario]]:
        for number, scenario in enumerate(scenarios):
            folder = store and store.find(identity(scenario, _KIND))
            if folder:
                found[number] = _read(folder)
            else:
                asked.append(number)
                yield (scenario,)

    with executor.completed(_validated, unknown()) as lives:
        for place, figures in lives:
            if isinstance(figures, Failure):
                raise figures.error
            number = asked[place]
            found[number] = figures
            if store:
                store.keep(Entry.of(scenarios[number], _KIND), _writer(figures))
            if progress is not None:
                progress("worlds", len(found), len(scenarios))
    return [{_key(figure): figure for figure in found[number]} for number in range(len(scenarios))]


def _writer(figures: Sequence[Figure]) -> Any:
    """Return what writes figures into a folder."""

    def write(folder: Path) -> None:
        rows = [{name: getattr(figure, name) for name in Figure.__slots__} for figure in figures]
        (folder / _FILE).write_text(json.dumps(rows), encoding="utf-8")

    return write


def _read(folder: Path) -> list[Figure]:
    """Read the figures of a folder."""
    rows = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    return [replace(Figure(**row), detail=tuple(row["detail"])) for row in rows]
