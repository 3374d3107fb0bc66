"""Values of provinces in five shades, from the lowest to the highest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from kesos_sim.i18n import numbers
from kesos_sim.palette import COLOURS
from kesos_sim.reports.analyses.figures import Figure
from kesos_sim.reports.analyses.measures import Measure
from kesos_sim.reports.analyses.parts import tell
from kesos_sim.reports.charts import style
from kesos_sim.reports.charts.chart import KeyEntry

__all__ = ["CLASSES", "NONE", "Scope", "Shown", "brief", "ink", "shade", "shades"]

Scope = Literal["mpu", "indonesia"]

CLASSES: Final = tuple(
    COLOURS[name].light for name in ("shade_1", "shade_2", "shade_3", "shade_4", "gain")
)
NONE: Final = style.PAPER
_WHITE_FROM: Final = 3
"""Shades from which words are white."""


@dataclass(frozen=True)
class Shown:
    """The values of a map and their classes; the provinces of the user's region stand out."""

    measure: Measure
    year: int
    scope: Scope
    codes: tuple[int, ...]
    known: Mapping[int, Figure]
    ends: tuple[float, ...]
    marked: tuple[int, ...] = ()

    def klass(self, code: int) -> int | None:
        """Return the class of a province, None without a figure."""
        if code not in self.known:
            return None
        return int(np.searchsorted(self.ends, self.known[code].value, side="right"))


def _classes(shown: Shown, lang: str) -> tuple[KeyEntry, ...]:
    """Return what the shades stand for, the lightest first."""
    values = [figure.value for figure in shown.known.values()]
    ends = [min(values), *shown.ends, max(values)]
    entries = []
    for klass, (low, high) in enumerate(pairwise(ends)):
        if not any(shown.klass(code) == klass for code in shown.known):
            continue
        words = f"{brief(shown, low, lang)} {tell('to', lang)} {brief(shown, high, lang)}"
        entries.append(KeyEntry(words, "s", shade(shown, klass)))
    return tuple(entries)


def shade(shown: Shown, klass: int) -> str:
    """Return the colour of a class; few classes take the ends and the middle of the scale."""
    if not shown.ends:
        return CLASSES[2]
    return CLASSES[round(klass * (len(CLASSES) - 1) / len(shown.ends))]


def brief(shown: Shown, value: float, lang: str) -> str:
    """Write a value in the width of a tile."""
    unit = shown.measure.definition.unit
    if unit == "percent":
        return numbers.number(value, lang, min(2, shown.measure.definition.decimals))
    if unit == "index":
        return numbers.number(value, lang, shown.measure.definition.decimals)
    return numbers.short(value, lang, 2)


def shades(shown: Shown, lang: str) -> tuple[KeyEntry, ...]:
    """Return the key in ink, as words in a pale shade could not be read."""
    return tuple(
        KeyEntry(entry.words, entry.mark, entry.colour, entry.hollow, ink=style.INK)
        for entry in _classes(shown, lang)
    )


def ink(shown: Shown, code: int) -> str:
    """Return the colour of words on the shade of a province."""
    klass = shown.klass(code)
    dark = klass is not None and shade(shown, klass) in CLASSES[_WHITE_FROM:]
    return style.PAPER if dark else style.INK
