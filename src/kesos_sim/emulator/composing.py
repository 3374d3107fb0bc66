"""From lives to the document of a surface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

import kesos_sim
from kesos_sim.emulator.fitting import Errors, Fit, fit_pair
from kesos_sim.emulator.identity import hashes
from kesos_sim.emulator.lines import budget_lines
from kesos_sim.emulator.packing import pack
from kesos_sim.emulator.question import (
    FLOWS_OF_PEOPLE,
    NAMES,
    SHOCKS,
    START,
    YEARS,
    Life,
    baseline,
)
from kesos_sim.emulator.shocks import Shocked, fit_shock, level_bands, shifts
from kesos_sim.emulator.table import ANSWERED, Changes, levels, visible
from kesos_sim.emulator.tenths import TenthFit, fit_tenths, tenth_errors
from kesos_sim.emulator.terms import Terms, today
from kesos_sim.experiments.run import Progress
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario.coordination import STRENGTHS
from kesos_sim.scenario.levers import LEVERS

if TYPE_CHECKING:
    from kesos_sim.emulator.lives import Lived

__all__ = ["FORMAT", "composed"]

Floats = NDArray[np.float64]

FORMAT: Final = 1
EFFECTS: Final = (True, False)
_UNITS: Final = {
    "percent": "percent",
    "persons": "people",
    "index": "number",
    "rupiah": "rupiah",
    "rupiah/person/month": "rupiah",
    "days": "days",
}
_STEP: Final = {"share": 0.005, "amount": 100.0}
_DIGITS: Final = 6


def composed(
    found: Mapping[Life, Lived], households: int, about: Mapping[str, Any], progress: Progress
) -> dict[str, Any]:
    """Fit a surface to lives.

    Parameters
    ----------
    found : mapping of Life to Lived
        What was lived.
    households : int
        Simulated households of each life.
    about : mapping of str to object
        What else to say of how it was made.
    progress : callable
        Told which outcome is fitted.

    Returns
    -------
    dict
        The document, as plain values.
    """
    scenario = baseline(households)
    terms = Terms.of(scenario)
    places = next(iter(found.values())).places
    usual, idle = (Changes.of(found, terms, effect=effect, shock="none") for effect in EFFECTS)
    fits = _fits(usual, idle, terms, progress)
    tenths = fit_tenths(found, terms, usual, idle)
    shocked = {
        shock: _shocked(found, terms, fits[True], shock) for shock in SHOCKS if shock != "none"
    }
    base = {effect: levels(found, effect=effect, shock="none") for effect in EFFECTS}
    struck = {shock: levels(found, effect=True, shock=shock) for shock in shocked}
    bands = np.stack([level_bands(base[effect]) for effect in EFFECTS])
    moved = np.stack([shifts(base[True], struck[shock]) for shock in shocked])
    return {
        "format": FORMAT,
        "places": list(places),
        "years": list(YEARS),
        "headline": YEARS[-1],
        "levers": [_lever(name, scenario, places) for name in NAMES],
        "shocks": list(SHOCKS),
        "outcomes": [_outcome(name) for name in ANSWERED],
        "made": {
            **hashes(),
            "version": kesos_sim.__version__,
            "vintage": str(scenario.start),
            "seed": scenario.seed,
            "households": households,
            "runs": len(found),
            "start": str(START),
            **about,
        },
        "errors": _errors(fits[True], tenths[True]),
        "errors_idle": _errors(fits[False], tenths[False]),
        "money": budget_lines(scenario, places),
        "curves": [[curve.lever, _plain(curve.at), _plain(curve.value)] for curve in terms.curves],
        "tables": pack(
            _tables(fits, shocked, bands, moved, _along(found, fits)) | _tenth_tables(tenths)
        ),
    }


def _fits(usual: Changes, idle: Changes, terms: Terms, progress: Progress) -> dict[bool, list[Fit]]:
    """Fit every outcome without a shock."""
    fits: dict[bool, list[Fit]] = {effect: [] for effect in EFFECTS}
    for place, name in enumerate(ANSWERED):
        both = fit_pair(
            usual,
            idle,
            _columns(usual, place),
            _columns(idle, place),
            len(terms.curves),
            len(YEARS) - 1,
            visible(name),
        )
        for effect, fit in zip(EFFECTS, both, strict=True):
            fits[effect].append(fit)
        progress("fitting", place + 1, len(ANSWERED))
    return fits


def _columns(changes: Changes, outcome: int) -> Floats:
    """Return changes of an outcome with the package: float64[n, n_places * (n_years - 1)]."""
    return np.asarray(changes.change[:, outcome, :, 1:].reshape(len(changes.lives), -1))


def _shocked(
    found: Mapping[Life, Lived], terms: Terms, fits: list[Fit], shock: str
) -> list[Shocked]:
    """Fit what a shock does to every outcome's changes."""
    usual = Changes.of(found, terms, effect=True, shock="none")
    struck = Changes.of(found, terms, effect=True, shock=shock)
    return [
        fit_shock(usual, struck, _columns(usual, place), _columns(struck, place), fit)
        for place, fit in enumerate(fits)
    ]


def _along(found: Mapping[Life, Lived], fits: Mapping[bool, list[Fit]]) -> Floats:
    """Return how changes go along with baselines: float64[2, n_outcomes], correlation.

    Where the poor are many a package may help more; then the package's own band is not as wide as
    baseline and change together would say.
    """
    rows = []
    for effect in EFFECTS:
        terms = Terms.of(baseline())
        changes = Changes.of(found, terms, effect=effect, shock="none")
        base = levels(found, effect=effect, shock="none")
        stacked = np.stack([base[world] for world in changes.world.tolist()])[..., 1:]
        row = []
        for place, fit in enumerate(fits[effect]):
            level = stacked[:, place].reshape(len(changes.lives), -1)
            level = level - level.mean(axis=0)
            size = np.sqrt((level**2).mean(axis=0))
            known = (size > 0.0) & (fit.spread > 0.0)
            one, other = level[:, known] / size[known], fit.standard[:, known]
            norm = np.sqrt((one**2).sum() * (other**2).sum())
            row.append(float((one * other).sum() / norm) if norm > 0.0 else 0.0)
        rows.append(row)
    return np.asarray(np.nan_to_num(np.array(rows)))


def _tables(
    fits: Mapping[bool, list[Fit]],
    shocked: Mapping[str, list[Shocked]],
    bands: Floats,
    moved: Floats,
    along: Floats,
) -> dict[str, tuple[Floats, int]]:
    """Return the tables of the document, and how many axes share a scale."""
    of = [fits[effect] for effect in EFFECTS]
    rank = max(fit.left.shape[1] for some in of for fit in some)
    few = max(one.left.shape[1] for some in shocked.values() for one in some)
    return {
        "base": (bands, 2),
        "shift": (moved, 2),
        "left": (np.array([[_wide(fit.left.T, rank) for fit in some] for some in of]), 1),
        "right": (np.array([[_wide(fit.right, rank) for fit in some] for some in of]), 1),
        "scale": (np.array([[fit.scale for fit in some] for some in of]), 0),
        "parts": (np.array([[fit.parts for fit in some] for some in of]), 0),
        "spread": (np.array([[fit.spread for fit in some] for some in of]), 0),
        "steps": (np.array([[fit.steps for fit in some] for some in of]), 0),
        "along": (along, 0),
        "shock_left": (
            np.array([[_wide(one.left.T, few) for one in some] for some in shocked.values()]),
            1,
        ),
        "shock_right": (
            np.array([[_wide(one.right, few) for one in some] for some in shocked.values()]),
            1,
        ),
        "wider": (np.array([[one.wider for one in some] for some in shocked.values()]), 0),
    }


def _tenth_tables(tenths: Mapping[bool, Sequence[TenthFit]]) -> dict[str, tuple[Floats, int]]:
    """Return the tables of the flows by tenth."""
    of = [tenths[effect] for effect in EFFECTS]
    rank = max(fit.left.shape[1] for some in of for fit in some)
    return {
        "tenth_left": (np.array([[_wide(fit.left.T, rank) for fit in some] for some in of]), 1),
        "tenth_right": (np.array([[_wide(fit.right, rank) for fit in some] for some in of]), 1),
    }


def _wide(table: Floats, rank: int) -> Floats:
    """Return a table with rows of zeros up to a rank."""
    return np.concatenate([table, np.zeros((rank - len(table), table.shape[1]))])


def _lever(name: str, scenario: Any, places: tuple[str, ...]) -> dict[str, Any]:
    """Return what a page has to know of a lever."""
    lever = LEVERS[name]
    now = today(name, scenario)
    return {
        "name": name,
        "low": lever.low,
        "high": lever.high,
        "step": _STEP.get(lever.kind, 1.0),
        "kind": lever.kind,
        "point": lever.point,
        "now": dict.fromkeys(places, now),
        # Whether it reaches anybody only through what coordination is assumed to do.
        "rests": bool(lever.strengths) and set(lever.strengths) <= set(STRENGTHS),
    }


def _outcome(name: str) -> dict[str, Any]:
    """Return what a page has to know of an outcome."""
    if name in FLOWS_OF_PEOPLE:
        better = "higher" if name.startswith("people_gaining") else "lower"
        return {
            "name": name,
            "unit": "percent",
            "decimals": 1,
            "direction": better,
            "flow": False,
            "only": YEARS[-1],
        }
    known = indicator(name)
    return {
        "name": name,
        "unit": _UNITS[known.unit],
        "decimals": known.decimals,
        "direction": known.direction,
        "flow": known.flow,
    }


def _errors(fits: Sequence[Fit], tenths: Sequence[TenthFit]) -> dict[str, Any]:
    """Return how wrong the outcomes and the flows by tenth are, by name."""
    own = {name: _rounded(fit.errors) for name, fit in zip(ANSWERED, fits, strict=True)}
    return own | tenth_errors(tenths)


def _rounded(errors: Errors) -> dict[str, Any]:
    """Return errors with the digits that mean something."""
    own = {name: getattr(errors, name) for name in ("mae", "worst", "r2", "coverage")}
    found: dict[str, Any] = {name: float(f"{value:.4g}") for name, value in own.items()}
    return found | {"places": [float(f"{value:.3g}") for value in errors.places]}


def _plain(values: tuple[float, ...]) -> list[float]:
    return [round(float(value), _DIGITS) for value in values]
