"""A surface against the model itself: packages that are lived in worlds that it has not seen."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.build import lived
from kesos_sim.emulator.fitting import VISIBLE
from kesos_sim.emulator.identity import changed
from kesos_sim.emulator.question import Life, baseline
from kesos_sim.emulator.sample import package
from kesos_sim.emulator.surface import Surface
from kesos_sim.emulator.table import ANSWERED, Changes, visible
from kesos_sim.emulator.terms import Terms
from kesos_sim.experiments.executors import Executor
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.store import Store

__all__ = ["Check", "Compared", "Settings", "check"]

Floats = NDArray[np.float64]
Settings = tuple[tuple[str, float], ...]
"""A package: settings by name, in the order of the names."""

_FIRST: Final = 101
"""World that packages of a check are drawn for: far from those of a sample."""
_MIXTURE: Final = 4
_LEAST_WORLDS: Final = 2


@dataclass(frozen=True)
class Compared:
    """One outcome in the headline year, whole region and provinces.

    Attributes
    ----------
    name : str
        The outcome.
    change : float
        Root mean square of what packages change in the model, unit of the outcome.
    error : float
        Mean absolute difference between the mean change over the worlds in the model and the
        middle of the surface.
    luck : float
        Mean absolute difference that so few worlds make by themselves.
    coverage : float
        Share of changes in single worlds that lie in the band of the surface; what lies beside it
        by less than anybody can see counts as inside.
    """

    name: str
    change: float
    error: float
    luck: float
    coverage: float


@dataclass(frozen=True)
class Check:
    """A surface against the model.

    Attributes
    ----------
    surface : Surface
        The surface.
    stale : tuple of str
        What has changed since it was made.
    outcomes : tuple of Compared
        One for each outcome.
    packages, worlds, runs : int
        Packages, worlds in which each was lived, and runs in all.
    covered : float
        Share of changes of all outcomes that lie in the band.
    seconds : float
        Time taken.
    """

    surface: Surface
    stale: tuple[str, ...]
    outcomes: tuple[Compared, ...]
    packages: int
    worlds: int
    runs: int
    covered: float
    seconds: float

    @property
    def provenance(self) -> dict[str, Any]:
        """How the surface was made, and this check."""
        return {
            **{name: value for name, value in self.surface.made.items() if name != "probes"},
            "stale": list(self.stale),
            "packages": self.packages,
            "worlds": self.worlds,
            "check_runs": self.runs,
            "covered": self.covered,
            "check_seconds": self.seconds,
        }


def check(
    surface: Surface,
    packages: int = 6,
    worlds: int = 4,
    households: int | None = None,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
    chosen: Sequence[Settings] | None = None,
) -> Check:
    """Compare a surface with fresh runs of the model.

    Parameters
    ----------
    surface : Surface
        The surface.
    packages : int
        Random packages, other ones than those it was fitted to; or so many of those chosen.
    worlds : int
        Worlds in which each is lived, other ones than those it has seen.
    households : int, optional
        Simulated households; as many as the surface was made with when left out.
    executor, store, progress
        See `kesos_sim.emulator.build.lived`.
    chosen : sequence of tuple, optional
        Packages within the sampled ranges, each its settings by name in the order of the names;
        random ones when left out.

    Returns
    -------
    Check

    Examples
    --------
    >>> from kesos_sim.emulator import load_surface
    >>> from kesos_sim.experiments.executors import Serial
    >>> asked = [(("apbd_poverty_share", 0.1),)]
    >>> found = check(load_surface(), 1, 1, households=2000, executor=Serial(), chosen=asked)
    >>> found.packages, found.worlds, found.runs  # the package, and the world without it
    (1, 1, 2)
    """
    began = time.perf_counter()
    size = households or int(surface.made["households"])
    seen = int(surface.made["sample"]["worlds"])
    numbers = range(seen + 1, seen + worlds + 1)
    if chosen is None:
        chosen = [package(_FIRST + turn, _MIXTURE + turn % 2) for turn in range(packages)]
    chosen = chosen[:packages]
    asked = [
        Life(world, levers=levers) for world in numbers for levers in ((), *dict.fromkeys(chosen))
    ]
    found = lived(asked, size, executor, store, progress)
    every = Changes.of(found, Terms.of(baseline()), effect=True, shock="none")
    by_package = {
        levers: np.array([life.levers == levers for life in every.lives]) for levers in chosen
    }
    answers = {
        levers: np.stack([_band(surface, dict(levers), place) for place in surface.places], axis=1)
        for levers in by_package
    }
    compared = tuple(
        _compared(name, every.change[:, number, :, -1], by_package, answers, number)
        for number, name in enumerate(ANSWERED)
    )
    return Check(
        surface=surface,
        stale=changed(surface.made),
        outcomes=compared,
        packages=len(by_package),
        worlds=worlds,
        runs=len(found),
        covered=float(np.mean([one.coverage for one in compared if one.change > 0.0])),
        seconds=time.perf_counter() - began,
    )


def _band(surface: Surface, levers: Mapping[str, float], place: str) -> Floats:
    """Return bands of the headline year: float64[n_outcomes, 3]."""
    answer = surface.answer(levers, place=place)["outcomes"]
    return np.array([answer[name]["change"][-1] for name in ANSWERED])


def _compared(
    name: str,
    change: Floats,
    by_package: Mapping[Any, NDArray[np.bool_]],
    answers: Mapping[Any, Floats],
    number: int,
) -> Compared:
    """Compare one outcome."""
    errors, luck, inside = [], [], []
    size = float(np.sqrt((change**2).mean()))
    least = max(visible(name), VISIBLE * size)
    for levers, rows in by_package.items():
        own, band = change[rows], answers[levers][number]
        low, middle, high = band.T
        errors.append(np.abs(own.mean(axis=0) - middle))
        if len(own) >= _LEAST_WORLDS:
            luck.append(own.std(axis=0, ddof=1) / np.sqrt(len(own)))
        inside.append((own >= low - least) & (own <= high + least))
    return Compared(
        name=name,
        change=size,
        error=float(np.mean(errors)),
        # The mean of an absolute normal number is 0.8 of its standard deviation.
        luck=float(np.sqrt(2.0 / np.pi) * np.mean(luck)) if luck else float("nan"),
        coverage=float(np.mean(np.concatenate(inside))),
    )
