"""Building a surface: live the sample, fit, write; resumed where it was left, on a cluster too."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.composing import composed
from kesos_sim.emulator.families import follow_families
from kesos_sim.emulator.identity import changed, hashes
from kesos_sim.emulator.lives import Lived, live_all
from kesos_sim.emulator.question import SHOCKS, Life
from kesos_sim.emulator.sample import ALL_NINE, Sample
from kesos_sim.errors import InputError
from kesos_sim.experiments.executors import Executor, Failure, Processes, usable_workers
from kesos_sim.experiments.run import Progress
from kesos_sim.experiments.store import Store
from kesos_sim.whole_files import replacing

__all__ = [
    "FAMILIES",
    "FOLDER",
    "PROBES",
    "SURFACE",
    "build",
    "digest",
    "lived",
    "probes",
    "still_true",
]

Floats = NDArray[np.float64]

FOLDER: Final = Path(__file__).parent / "surfaces"
"""Where the shipped surface is."""
SURFACE: Final = "mpu.json"
FAMILIES: Final = "families.json"
_LOST: Final = 0.02
"""Part of the lives that may be lost without the surface being worth nothing."""
_DIGITS: Final = 9


def lived(
    asked: Sequence[Life],
    households: int,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> dict[Life, Lived]:
    """Live what is asked.

    Parameters
    ----------
    asked : sequence of Life
        The lives.
    households : int
        Simulated households of each.
    executor : Executor, optional
        Who computes; processes of this machine when left out.
    store : Store, optional
        Who remembers finished lives.
    progress : callable, optional
        Told how many are done.

    Returns
    -------
    dict of Life to Lived
        In the order in which they were asked for.

    Raises
    ------
    InputError
        If more than a few have no answer.
    """
    who = executor or Processes(usable_workers(len(asked)))
    found: dict[Life, Lived] = {}
    lost: list[Failure] = []
    with live_all(asked, households, who, store) as answers:
        for number, answer in answers:
            if isinstance(answer, Failure):
                lost.append(answer)
            else:
                found[asked[number]] = answer
            if progress is not None:
                progress("lives", len(found) + len(lost), len(asked))
    if len(lost) > _LOST * len(asked):
        raise InputError("KS9204", "emulator.lost", got=len(lost), cause=lost[0].cause)
    # In whatever order they came back: sums of the fit depend on it in their last digits.
    return {life: found[life] for life in asked if life in found}


def build(
    sample: Sample,
    out: Path = FOLDER,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
    *,
    fresh: bool = False,
) -> dict[str, Any]:
    """Build a surface and the families of the forum, and write both.

    Parameters
    ----------
    sample : Sample
        Which lives it is fitted to.
    out : path
        Folder to write into; nothing changes there before both files are ready.
    executor : Executor, optional
        Who computes.
    store : Store, optional
        Who remembers finished lives, so that a build that was stopped goes on where it was.
    progress : callable, optional
        Told what is being done.
    fresh : bool
        Whether to fit again even if a surface of the same sample is there and what the model says
        has not changed.

    Returns
    -------
    dict
        The document of the surface.

    Raises
    ------
    InputError
        If lives are lost, or the folder cannot be written.
    """
    tell = progress or (lambda *_: None)
    known = None if fresh else _kept(out / SURFACE, sample)
    if known is not None and still_true(known, executor, store, progress):
        known["made"] |= hashes()
        _write(out, {SURFACE: known, FAMILIES: follow_families(sample.households, tell)})
        return known
    found = lived(sample.lives(), sample.households, executor, store, progress)
    about = {
        "on": dt.datetime.now(dt.UTC).date().isoformat(),
        "sample": vars(sample),
        "seconds_of_lives": round(sum(one.seconds for one in found.values())),
        "probes": probes(found, sample.households, executor, store),
    }
    document = composed(found, sample.households, about, tell)
    families = follow_families(sample.households, tell)
    _write(out, {SURFACE: document, FAMILIES: families})
    return document


PROBES: Final = tuple(
    Life(1, effect, shock, levers)
    for effect in (True, False)
    for shock in SHOCKS
    for levers in ((), tuple(sorted(ALL_NINE.items())))
    if effect or shock in {"none", "flood"}
)
"""Lives that tell whether the model still says the same: every lever, shock and effect."""


def probes(
    found: Mapping[Life, Lived],
    households: int,
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> list[str]:
    """Return what some lives say, as hashes.

    Parameters
    ----------
    found : mapping of Life to Lived
        Lives that are known.
    households : int
        Simulated households of each.
    executor, store, progress
        See `lived`.

    Returns
    -------
    list of str
        Hash of the figures of each probe, to nine digits.
    """
    missing = [life for life in PROBES if life not in found]
    every = dict(found) | lived(missing, households, executor, store, progress)
    return [digest(every[life].years) if life in every else "" for life in PROBES]


def still_true(
    document: Mapping[str, Any],
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
) -> bool:
    """Return whether the model still says what a surface was fitted to.

    Parameters
    ----------
    document : mapping
        The surface.
    executor, store, progress
        See `lived`.

    Returns
    -------
    bool
        True if what was asked is the same and all probes give the same figures, although code may
        have changed: a comment, a name, or what the surface does not ask for.
    """
    made = document["made"]
    if not {"question", "parameters"}.isdisjoint(changed(made)):
        return False
    return bool(made["probes"] == probes({}, made["households"], executor, store, progress))


def digest(years: Floats) -> str:
    """Return the hash of figures.

    Parameters
    ----------
    years : float64[n_outcomes, n_places, n_years], unit of each outcome, see `Lived`

    Returns
    -------
    str
        Of nine digits of each, so that other processors than the one that built it agree.
    """
    text = ",".join(f"{value:.{_DIGITS}g}" for value in years.ravel())
    return sha256(text.encode()).hexdigest()[:16]


def _kept(path: Path, sample: Sample) -> dict[str, Any] | None:
    """Return a surface of the same sample that is there already."""
    try:
        known: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return known if known.get("made", {}).get("sample") == vars(sample) else None


def _write(out: Path, documents: Mapping[str, Mapping[str, Any]]) -> None:
    """Write files; until all are ready, the folder is as it was."""
    try:
        with ExitStack() as files:
            for name, document in documents.items():
                text = json.dumps(
                    document, ensure_ascii=False, separators=(",", ":"), allow_nan=False
                )
                files.enter_context(replacing(out / name)).write(f"{text}\n".encode())
    except OSError as error:
        raise InputError("KS9205", "emulator.unwritable", file=out, reason=error) from error
