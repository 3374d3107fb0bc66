"""Each lever moved alone: what it moves, by how much, and where it moves nothing.

A lever is moved as far as it goes, from the month after the base month, on the ground of a
scenario and beside the few settings without which it has nothing to act on. Both lives have the
same random numbers, so a difference is the lever's; how far it depends on those numbers shows in
its interval over seeds. A lever that acts through coordination is moved a second time in a world
in which coordination has no effect, because nobody has measured that effect.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from kesos_sim.errors import InputError
from kesos_sim.experiments.compare import Comparison, compare
from kesos_sim.experiments.executors import Executor
from kesos_sim.experiments.outcomes import Outcome, all_outcomes
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.store import Store
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario.coordination import without_effect
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.scenario.parts import LeverSetting

if TYPE_CHECKING:
    import pandas as pd

    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.scenario.lever import Lever
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["VERDICTS", "Effects", "effects", "interval", "trial", "verdict"]

VERDICTS: Final = ("expected", "opposite", "unclear", "slight", "nothing", "undefined")
"""Moved as expected; moved the other way; interval holds zero, as its figures are written; moved by
less than they show; not moved at all, with any seed; no value to move."""
_COVERED: Final = 0.9
"""Part of the differences' distribution that an interval covers."""


@dataclass(frozen=True)
class Effects:
    """What each lever moves.

    Attributes
    ----------
    rows : tuple of dict
        Lever, from (its default) and to (its trial), indicator, expected (1 or -1), difference
        with low and high, before, without (difference where coordination has no effect, None for
        levers that do not act through it), verdict, unit; means of the last twelve months of the
        whole region.
    seeds : int
        Repetitions behind each row.
    comparison : Comparison
        The ground as written, for titles, sources and provenance.
    seconds : float
        Time taken.
    """

    rows: tuple[Mapping[str, object], ...]
    seeds: int
    comparison: Comparison
    seconds: float

    @property
    def levers(self) -> tuple[str, ...]:
        """Levers that were moved, in order."""
        return tuple(dict.fromkeys(str(row["lever"]) for row in self.rows))

    @property
    def provenance(self) -> dict[str, object]:
        """Versions, hashes, seed and time."""
        return self.comparison.provenance | {"seconds": self.seconds}

    def frame(self) -> pd.DataFrame:
        """Return the rows as a tidy frame."""
        import pandas as pd  # pandas loads where it is used

        return pd.DataFrame(self.rows)

    def chart(self, lever: str, lang: str = "id") -> Chart:
        """Return what one of the levers moves."""
        from kesos_sim.reports.charts.effects import effects_chart

        return effects_chart(self, lever, lang)

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write rows, charts and the run of the ground to a folder, all or nothing."""
        from kesos_sim.reports.effects import export_effects

        return export_effects(self, path, lang)


def trial(lever: Lever) -> float:
    """Return the setting with which a lever is tried: its highest, or the lowest if that is usual.

    Parameters
    ----------
    lever : Lever
        Any of `LEVERS`.

    Returns
    -------
    float
        In the lever's unit.
    """
    return lever.low if lever.default == lever.high else lever.high


def effects(
    scenario: Scenario,
    levers: Sequence[str] = (),
    seeds: int = 4,
    progress: Progress | None = None,
    *,
    executor: Executor | None = None,
    store: Store | None = None,
) -> Effects:
    """Move levers one by one and see what moves.

    Parameters
    ----------
    scenario : Scenario
        The ground: what else is decided.
    levers : sequence of str
        Some of `LEVERS`; all when empty.
    seeds : int
        How often to repeat it, with the seeds that follow the scenario's own; 2 or more.
    progress : Progress, optional
        Told what is being done.
    executor : Executor, optional
        Who computes; processes of this machine when left out.
    store : Store, optional
        Who remembers finished runs.

    Returns
    -------
    Effects

    Raises
    ------
    InputError
        If the scenario moves one of the levers itself.
    """
    began = time.perf_counter()
    chosen = [LEVERS[name] for name in levers or LEVERS]
    moved = [lever.name for lever in chosen if lever.name in scenario.levers]
    if levers and moved:
        raise InputError("KS3013", "experiments.moves_lever", file=scenario.name, field=moved[0])
    chosen = [lever for lever in chosen if lever.name not in moved]
    lives = [
        _scenarios(replace(scenario, seed=scenario.seed + seed), lever)
        for lever in chosen
        for seed in range(seeds)
    ]
    # It also leaves compiled kernels and the base month to all.
    comparison = compare(scenario, [], draws=0, store=store)
    asked = [one for group in lives for one in group]
    total = len({one.hash for one in asked})

    def told(done: int) -> None:
        if progress is not None:
            progress("runs", done, total)

    found = iter(all_outcomes(asked, executor, store, told))
    pairs = [_Pair(*[next(found) for _ in group], *[None] * (4 - len(group))) for group in lives]
    rows = (
        row
        for place, lever in enumerate(chosen)
        for row in _rows(lever, pairs[place * seeds : (place + 1) * seeds])
    )
    return Effects(tuple(rows), seeds, comparison, time.perf_counter() - began)


@dataclass(frozen=True)
class _Pair:
    """A life of the ground and one with a lever; the same two where coordination is idle."""

    before: Outcome
    after: Outcome
    before_without: Outcome | None
    after_without: Outcome | None


def _scenarios(scenario: Scenario, lever: Lever) -> tuple[Scenario, ...]:
    """Return the ground of a lever and the lever on it, in one world or in two."""
    beside = {
        name: LeverSetting(value)
        for name, value in lever.beside.items()
        if name not in scenario.levers
    }
    # What is tried begins after the base month, whose figures are published.
    ground = replace(
        scenario,
        levers=beside | dict(scenario.levers),
        root=scenario.root or replace(scenario, levers={}),
    )
    setting = {lever.name: LeverSetting(trial(lever))}
    pair = ground, replace(ground, levers=dict(ground.levers) | setting)
    return (*pair, *map(without_effect, pair)) if lever.strengths else pair


def _rows(lever: Lever, pairs: Sequence[_Pair]) -> Iterator[dict[str, object]]:
    """Yield one row for each indicator that a lever is expected to move."""
    to = trial(lever)
    raised = 1 if lever.default is None or to > lever.default else -1
    for name, sense in lever.acts_on.items():
        before = [pair.before.last_year(name) for pair in pairs]
        difference = np.array([pair.after.last_year(name) for pair in pairs]) - np.array(before)
        low, high = interval(difference)
        without = [
            pair.after_without.last_year(name) - pair.before_without.last_year(name)
            for pair in pairs
            if pair.before_without and pair.after_without
        ]
        yield {
            "lever": lever.name,
            "from": lever.default,
            "to": to,
            "indicator": name,
            "expected": raised * sense,
            "before": _known(float(np.mean(before))),
            "difference": _known(difference.mean()),
            "low": _known(low),
            "high": _known(high),
            "without": _known(float(np.mean(without))) if without else None,
            "verdict": verdict(difference, raised * sense, indicator(name).decimals),
            "unit": indicator(name).unit,
        }


def interval(differences: NDArray[np.float64]) -> tuple[float, float]:
    """Return where the mean of paired differences lies with 90% confidence, by Student's t.

    Parameters
    ----------
    differences : float64[n_seeds], any unit, two or more

    Returns
    -------
    tuple of float
        Low and high end, in the unit of the differences.
    """
    spread = float(differences.std(ddof=1)) / np.sqrt(differences.size)
    half = float(stdtrit(differences.size - 1, 0.5 + _COVERED / 2.0)) * spread
    mean = float(differences.mean())
    return mean - half, mean + half


def verdict(differences: NDArray[np.float64], expected: int, decimals: int) -> str:
    """Say whether an indicator moved as expected: what reads as zero is no success, nor a failure.

    Parameters
    ----------
    differences : float64[n_seeds], any unit, two or more
    expected : int
        1 or -1.
    decimals : int
        Digits after the decimal sign with which the differences are written.

    Returns
    -------
    str
        One of `VERDICTS`.

    Examples
    --------
    >>> import numpy as np
    >>> verdict(np.array([-0.4, -0.5]), -1, 1), verdict(np.array([-0.004, -0.005]), -1, 1)
    ('expected', 'slight')
    """
    if not np.isfinite(differences).all():
        return "undefined"
    if not differences.any():
        return "nothing"
    low, high = (round(end, decimals) for end in interval(differences))
    if low == high == 0.0:
        return "slight"
    if low <= 0.0 <= high:
        return "unclear"
    return "expected" if expected * low > 0.0 else "opposite"


def _known(value: float) -> float | None:
    """Return a number, or None where there is none."""
    return float(value) if np.isfinite(value) else None
