"""Published figures beside those of many lives, none of which is lived twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kesos_sim.calibration.figures import Figure
from kesos_sim.calibration.paths import BASES, path_figures
from kesos_sim.calibration.published import validate
from kesos_sim.calibration.sealing import FITTED_PARTS
from kesos_sim.experiments.executors import Executor, Failure, Serial
from kesos_sim.experiments.remembered import Answer, lives
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.store import Store

if TYPE_CHECKING:
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Key", "figures_of", "groups", "key_of", "kind_of"]

Key = tuple[str, ...]
"""What a figure is known by."""
_PATH_BASES: Final = BASES[:1]
"""The longest path holds the years of the others."""
_SHARED: Final = frozenset({"anchor", "targeting", "budgets", "mobility"})
_KIND, _FILE = "figures", "figures.json"


def key_of(figure: Figure) -> Key:
    """Return what a figure is known by.

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    tuple of str
    """
    place = figure.level, figure.code
    return (figure.part, *place, figure.measure, *map(str, figure.detail), figure.source)


def figures_of(
    scenarios: Sequence[Scenario],
    executor: Executor,
    store: Store | None,
    progress: Progress | None = None,
    *,
    live: Callable[[Scenario], Sequence[Figure]] | None = None,
    kind: str = _KIND,
) -> list[Mapping[Key, Figure]]:
    """Return the figures of scenarios, those that a store knows without living them.

    Parameters
    ----------
    scenarios : worlds with other parameters
    executor : who computes
    store : who remembers lives, so that an interrupted calibration goes on
    progress : told how many worlds are ready
    live : returns the figures of a scenario, so that another process finds it; those that a
        calibration reads when left out
    kind : name of such figures in the store, where they stay until these studies change

    Returns
    -------
    list of mapping of tuple to Figure
        In the order of the scenarios; without `live` figures of targeting, budgets and mobility in
        their base month, and the paths of the longest backcast.

    Raises
    ------
    Exception
        What a life raised.
    """
    found: dict[int, Mapping[Key, Figure]] = {}
    lived = _lived if live is None else partial(_timed, live=live)
    # The code by which a store knows a run is that of the model, without these studies of it.
    kept = f"{kind}_{_studies()}"
    answer = Answer(kept, lived, _write, _read, lambda life: life.seconds)
    with lives(scenarios, executor, store, answer) as ready:
        for number, life in ready:
            if isinstance(life, Failure):
                raise life.error
            found[number] = {key_of(figure): figure for figure in life.figures}
            if progress is not None:
                progress("worlds", len(found), len(scenarios))
    return [found[number] for number in range(len(scenarios))]


def groups(parts: Sequence[str]) -> list[tuple[str, ...]]:
    """Return parts of the validation that are seen on one world together.

    Parameters
    ----------
    parts : in the order of the validation

    Returns
    -------
    list of tuple of str
        In the same order; the first parts share a world, each of the others has its own.

    Examples
    --------
    >>> groups(["anchor", "mobility", "path", "overlap"])
    [('anchor', 'mobility'), ('path',), ('overlap',)]
    """
    shared = tuple(part for part in parts if part in _SHARED)
    alone: list[tuple[str, ...]] = [(part,) for part in parts if part not in _SHARED]
    return [shared, *alone] if shared else alone


def kind_of(parts: Sequence[str]) -> str:
    """Return what figures of some parts are called in the store.

    Parameters
    ----------
    parts : one of `groups`

    Returns
    -------
    str
    """
    return f"validation_{'+'.join(parts)}"


@cache
def _studies() -> str:
    """Return a short hash of the sources of this package."""
    digest = sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:8]


@dataclass(frozen=True)
class _Life:
    """Figures of one life and the time that it took."""

    figures: list[Figure]
    seconds: float


def _lived(scenario: Scenario) -> _Life:
    """Live a scenario as far as its figures need it."""
    return _timed(scenario, _fitted)


def _fitted(scenario: Scenario) -> list[Figure]:
    """Return the figures that a calibration reads."""
    figures = list(validate(scenario, FITTED_PARTS, 1).figures)
    return figures + path_figures(scenario, Serial(), bases=_PATH_BASES)


def _timed(scenario: Scenario, live: Callable[[Scenario], Sequence[Figure]]) -> _Life:
    """Return figures and the time that they took."""
    began = time.perf_counter()
    figures = list(live(scenario))
    return _Life(figures, time.perf_counter() - began)


def _write(life: _Life, folder: Path) -> None:
    """Write figures into a folder."""
    rows = [{name: getattr(one, name) for name in Figure.__slots__} for one in life.figures]
    (folder / _FILE).write_text(
        json.dumps({"seconds": life.seconds, "figures": rows}), encoding="utf-8"
    )


def _read(folder: Path) -> _Life:
    """Read the figures of a folder."""
    about = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    rows = [replace(Figure(**row), detail=tuple(row["detail"])) for row in about["figures"]]
    return _Life(rows, about["seconds"])
