"""Answers of a fitted surface: read from its file, in the same steps as in the browser."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.emulator.packing import unpack
from kesos_sim.errors import InputError, nearest

__all__ = ["Surface", "load_surface"]

Floats = NDArray[np.float64]

FORMAT: Final = 1
_HELD: Final = (0.075, 0.5, 0.925)
"""See `kesos_sim.emulator.spread.HELD`."""
_SEEN: Final = 0.005
"""Points of the poverty rate that a table with two decimals shows."""
_FULL: Final = 100.0


def load_surface(path: Path | str | None = None) -> Surface:
    """Read a surface.

    Parameters
    ----------
    path : path-like, optional
        Its file; the shipped surface of the ten provinces when left out.

    Returns
    -------
    Surface

    Raises
    ------
    InputError
        If the file cannot be read or is no surface.

    Examples
    --------
    >>> surface = load_surface()
    >>> answer = surface.answer({"apbd_poverty_share": 0.1})["outcomes"]["poverty_rate"]
    >>> low, middle, high = answer["package"][-1]
    >>> low < middle < high, middle < answer["base"][-1][1]
    (True, True)
    >>> surface.answer({"apbd_poverty_share": 0.5})["inside"]  # outside of what was sampled
    False
    """
    try:
        if path is None:
            text = (files("kesos_sim.emulator") / "surfaces" / "mpu.json").read_text("utf-8")
        else:
            text = Path(path).read_text("utf-8")
    except OSError as error:
        raise InputError("KS9201", "emulator.unreadable", file=path, reason=error) from error
    try:
        return Surface(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("KS9202", "emulator.no_surface", file=path or "mpu.json") from error


class Surface:
    """What packages do, at once.

    Parameters
    ----------
    document : mapping
        The file's content.

    Attributes
    ----------
    places, shocks : tuple of str
        The whole region first, then provinces; no shock first, then shocks.
    years : tuple of int
        Calendar years.
    headline : int
        The year of the headlines, the last one.
    levers, outcomes : tuple of mapping
        What there is to know of each.
    made, errors, money : mapping
        How it was made, how wrong it is by outcome, and budgets by place.

    Examples
    --------
    >>> import json
    >>> from importlib.resources import files
    >>> shipped = files("kesos_sim.emulator") / "surfaces" / "mpu.json"
    >>> surface = Surface(json.loads(shipped.read_text("utf-8")))
    >>> surface.places[0], surface.years, surface.headline
    ('mpu', (2026, 2027, 2028, 2029, 2030, 2031), 2031)
    >>> [lever["name"] for lever in surface.levers][:2]
    ['apbd_poverty_share', 'apbn_poverty_share']
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        if document["format"] != FORMAT:
            raise ValueError("format")
        self.places: tuple[str, ...] = tuple(document["places"])
        self.years: tuple[int, ...] = tuple(document["years"])
        self.headline: int = document["headline"]
        self.levers: tuple[Mapping[str, Any], ...] = tuple(document["levers"])
        self.shocks: tuple[str, ...] = tuple(document["shocks"])
        self.outcomes: tuple[Mapping[str, Any], ...] = tuple(document["outcomes"])
        self.made: Mapping[str, Any] = document["made"]
        self.errors: Mapping[str, Mapping[str, Any]] = document["errors"]
        self.errors_idle: Mapping[str, Mapping[str, Any]] = document["errors_idle"]
        self.money: Mapping[str, Any] = document["money"]
        self._curves = document["curves"]
        self._tables = unpack(document["tables"])
        self._ranges = {lever["name"]: lever for lever in self.levers}

    def stale(self) -> tuple[str, ...]:
        """Return what has changed since the surface was made.

        Returns
        -------
        tuple of str
            Some of ``code``, ``data``, ``parameters`` and ``question``.
        """
        from kesos_sim.emulator.identity import changed

        return changed(self.made)

    def outside(self, levers: Mapping[str, float]) -> dict[str, Any] | None:
        """Return the first setting that was not sampled.

        Parameters
        ----------
        levers : mapping of str to float
            Settings by name.

        Returns
        -------
        dict or None
            ``inside`` (False), ``lever``, ``value``, ``low`` and ``high``, which are None for a
            lever that the surface does not have.

        Examples
        --------
        >>> surface = load_surface()
        >>> surface.outside({"apbd_poverty_share": 0.5})["high"]
        0.15
        """
        for name, value in levers.items():
            known = self._ranges.get(name)
            if known is None:
                return {"inside": False, "lever": name, "value": value, "low": None, "high": None}
            low, high = known["low"], known["high"]
            if not low <= value <= high:
                return {"inside": False, "lever": name, "value": value, "low": low, "high": high}
        return None

    def answer(
        self,
        levers: Mapping[str, float],
        shock: str = "none",
        effect: bool = True,
        place: str = "mpu",
    ) -> dict[str, Any]:
        """Return what a package does.

        Parameters
        ----------
        levers : mapping of str to float
            Settings by name; a lever that is not named is not moved.
        shock : str
            One of `shocks`.
        effect : bool
            Whether coordination has an effect.
        place : str
            One of `places`.

        Returns
        -------
        dict
            ``inside``; ``outcomes``: by outcome ``base``, ``package`` and ``change``, for each year
            the low, middle and high figure over worlds, None for a year without a value; and
            ``worse``, the share of worlds whose poverty rate of the headline year the package
            raises by what two decimals show. What was not sampled is refused: see `outside`.

        Raises
        ------
        InputError
            If shock or place are not known.
        """
        number = _place(shock, self.shocks, "shock")
        at = _place(place, self.places, "place")
        refused = self.outside(levers)
        if refused is not None:
            return refused
        terms, first = self._terms(levers)
        parts = _parts(first, self._pair)
        found, worse = {}, 0.0
        for outcome, known in enumerate(self.outcomes):
            mean, deviation = self._change(outcome, at, terms, first, parts, number, effect)
            steps = self._tables["steps"][0 if effect else 1, outcome, min(at, 1)]
            found[known["name"]] = self._bands(
                outcome, known, at, mean, deviation, steps, number, effect
            )
            if known["name"] == "poverty_rate":
                worse = _share_above(mean[-1], deviation[-1], steps)
        return {"inside": True, "outcomes": found, "worse": worse}

    def tenths(self, levers: Mapping[str, float], effect: bool = True) -> dict[str, Any]:
        """Return who of each tenth of people has more and who has less, in the whole region.

        Parameters
        ----------
        levers : mapping of str to float
            Settings by name.
        effect : bool
            Whether coordination has an effect.

        Returns
        -------
        dict
            ``inside``, and ``tenths``: for each tenth, the poorest first, percent of its people by
            `winners.CLASSES` in the last month. What was not sampled is refused: see `outside`.

        Examples
        --------
        >>> found = load_surface().tenths({"apbd_poverty_share": 0.1})["tenths"]
        >>> len(found), round(sum(found[0])), found[0][0] > found[9][0]
        (10, 100, True)
        """
        refused = self.outside(levers)
        if refused is not None:
            return refused
        terms, _ = self._terms(levers)
        case = 0 if effect else 1
        left, right = self._tables["tenth_left"][case], self._tables["tenth_right"][case]
        flows = np.einsum("frt,t,frd->df", left, terms, right)
        return {"inside": True, "tenths": [_classes(*own) for own in flows.tolist()]}

    def cost(self, levers: Mapping[str, float], place: str = "mpu") -> dict[str, Any]:
        """Return what a package costs, and where the money may come from.

        Parameters
        ----------
        levers : mapping of str to float
            Settings by name.
        place : str
            One of `places`.

        Returns
        -------
        dict
            ``change``, ``low`` and ``high``: rupiah that governments spend more in the headline
            year; ``own``, ``room`` and ``lines``, see `kesos_sim.emulator.lines`. What was not
            sampled is refused: see `outside`.
        """
        answer = self.answer(levers, place=place)
        if not answer["inside"]:
            return answer
        low, middle, high = answer["outcomes"]["budget_spent"]["change"][-1]
        return {"change": middle, "low": low, "high": high, **self.money[place]}

    def export(self, path: str | os.PathLike[str], lang: str = "id") -> Path:
        """Write errors, ranges and what each lever does alone to a folder, all or nothing."""
        from kesos_sim.emulator.export import export_surface

        return export_surface(self, path, lang)

    @property
    def _pair(self) -> tuple[int, int]:
        names = [lever["name"] for lever in self.levers]
        return names.index("apbd_poverty_share"), names.index("apbn_poverty_share")

    def _terms(self, levers: Mapping[str, float]) -> tuple[Floats, Floats]:
        """Return all terms of a package, and the first curve of each lever."""
        heights = np.zeros(len(self._curves))
        for number, (lever, knots, values) in enumerate(self._curves):
            name = self.levers[lever]["name"]
            if name in levers:
                heights[number] = np.interp(levers[name], knots, values)
        first = heights[: len(self.levers)]
        upper = np.triu_indices(first.size, 1)
        return np.concatenate([heights, np.outer(first, first)[upper]]), first

    def _change(
        self,
        outcome: int,
        at: int,
        terms: Floats,
        first: Floats,
        parts: Floats,
        shock: int,
        effect: bool,
    ) -> tuple[Floats, Floats]:
        """Return mean and standard deviation of a change by year of the package, float64[n]."""
        tables, case = self._tables, 0 if effect else 1
        years = len(self.years) - 1
        own = slice(at * years, (at + 1) * years)
        scale = tables["scale"][case, outcome, own]
        mean = (tables["left"][case, outcome] @ terms) @ tables["right"][case, outcome][:, own]
        mean = mean * scale
        variance = float(tables["parts"][case, outcome, min(at, 1)] @ parts)
        deviation = np.sqrt(variance) * tables["spread"][case, outcome, own]
        if shock:
            # Without effect a shock has nothing to change in what rests on coordination.
            felt = first * [effect or not lever["rests"] for lever in self.levers]
            more = tables["shock_left"][shock - 1, outcome] @ felt
            more = more @ tables["shock_right"][shock - 1, outcome][:, own]
            mean = mean + more * tables["scale"][0, outcome, own]
            deviation = deviation * tables["wider"][shock - 1, outcome]
        return mean, deviation

    def _bands(
        self,
        outcome: int,
        known: Mapping[str, Any],
        at: int,
        mean: Floats,
        deviation: Floats,
        steps: Floats,
        shock: int,
        effect: bool,
    ) -> dict[str, list[list[float] | None]]:
        """Return bands of baseline, package and change by year."""
        tables, case = self._tables, 0 if effect else 1
        most = _FULL if known["unit"] == "percent" else np.inf
        base = tables["base"][case, outcome, at]
        if shock:
            base = base + tables["shift"][shock - 1, outcome, at]
        base = np.clip(np.sort(base, axis=0), 0.0, most)
        change = np.zeros_like(base)
        for row, part in enumerate(_HELD):
            change[row, 1:] = mean + deviation * steps[round(part * (steps.size - 1))]
        change = np.clip(np.sort(change, axis=0), -base[2], most - base[0])
        middle = np.clip(base[1] + change[1], 0.0, most)
        # A median that the end of its scale has stopped stays inside of its band.
        change[1] = middle - base[1]
        change[0], change[2] = np.minimum(change[0], change[1]), np.maximum(change[2], change[1])
        along = tables["along"][case, outcome]
        package = np.array(
            [
                middle - _joined(base[1] - base[0], change[1] - change[0], along),
                middle,
                middle + _joined(base[2] - base[1], change[2] - change[1], along),
            ]
        )
        package = np.clip(package, 0.0, most)
        blank = [year != known.get("only", year) for year in self.years]
        return {
            name: [
                None if none else [float(value) + 0.0 for value in column]  # no minus zero
                for column, none in zip(table.T, blank, strict=True)
            ]
            for name, table in (("base", base), ("package", package), ("change", change))
        }


def _place(name: str, valid: tuple[str, ...], field: str) -> int:
    """Return the place of a name, or refuse it."""
    if name not in valid:
        raise InputError(
            "KS9203",
            "emulator.unknown",
            field=field,
            got=name,
            expected=", ".join(valid),
            suggestion=nearest(name, valid),
        )
    return valid.index(name)


def _parts(first: Floats, pair: tuple[int, int]) -> Floats:
    """Return the parts of a variance, see `kesos_sim.emulator.spread.spread_terms`."""
    size = np.abs(first)
    return np.concatenate([size**2, size, [size[pair[0]] * size[pair[1]]]])


def _joined(one: Floats, other: Floats, along: float) -> Floats:
    """Return the width of a sum whose parts go along with each other to some degree."""
    return np.asarray(np.sqrt(np.maximum(one**2 + other**2 + 2.0 * along * one * other, 0.0)))


def _classes(gaining: float, losing: float, much: float, much_less: float) -> list[float]:
    """Return the five classes of four flows that were fitted apart: none below 0, 100 in all."""
    gaining, losing = max(gaining, 0.0), max(losing, 0.0)
    over = max((gaining + losing) / _FULL, 1.0)
    gaining, losing = gaining / over, losing / over
    most, least = min(max(much, 0.0), gaining), min(max(much_less, 0.0), losing)
    return [most, gaining - most, max(_FULL - gaining - losing, 0.0), losing - least, least]


def _share_above(mean: float, deviation: float, steps: Floats) -> float:
    """Return the share of worlds in which a change can be seen to be a rise."""
    if deviation <= 0.0:
        return float(mean > _SEEN)
    parts = np.linspace(0.0, 1.0, steps.size)
    return 1.0 - float(np.interp((_SEEN - mean) / deviation, steps, parts))
