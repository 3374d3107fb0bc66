"""The model's figures of a draft: computed once when it is frozen, then part of its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

from kesos_sim import i18n
from kesos_sim.forum.gains import gains_of
from kesos_sim.forum.session import levers_of_point
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.scenario.levers import LEVERS, POINTS

if TYPE_CHECKING:
    from kesos_sim.forum.room import Room

__all__ = ["Answers", "draft_figures", "figure_sentences", "figures_of", "span", "written"]

PACKAGE: Final = "package"
_WHOLE: Final = ("poverty_rate", "poor_people", "duplicate_service_rate")
_ALWAYS: Final = "poverty_rate"
_NOTHING: Final = {"percent": 0.005, "persons": 50.0, "days": 0.5, "rupiah": 5e8, "index": 0.0005}
"""Changes below what two decimals, or hundreds of people, show."""

_LEVEL_DECIMALS: Final = 1
_POINT_DECIMALS: Final = 2
"""Of percentages and of their differences, as ``sentences.js`` writes them on phones."""

Band = Sequence[float]


class Answers(Protocol):
    """What is asked of a fitted surface; see `kesos_sim.emulator`."""

    headline: int
    made: Mapping[str, Any]
    errors: Mapping[str, Mapping[str, float]]

    def answer(
        self,
        levers: Mapping[str, float],
        shock: str = "none",
        effect: bool = True,
        place: str = "mpu",
    ) -> dict[str, Any]:
        """Return what a package does."""


def draft_figures(room: Room, surface: Answers) -> dict[str, Any]:
    """Compute the figures of the draft as the meeting stands.

    Parameters
    ----------
    room : Room
        State of the meeting.
    surface : Surface
        The fitted surface.

    Returns
    -------
    dict
        For the ``figures`` of a ``freeze``: ``year``, ``made``, ``error``, by point and for the
        whole package the outcomes with their figures, see `figures_of`, and ``gains``.
    """
    levers = room.agreed()["levers"]
    found: dict[str, Any] = {
        "year": surface.headline,
        "made": {name: surface.made.get(name) for name in _MADE},
        "error": _error(surface.errors[_ALWAYS]),
        PACKAGE: figures_of(surface, levers, _WHOLE),
        "gains": gains_of(surface, levers),
    }
    for point in map(str, POINTS):
        levers = room.proposal(point)
        if levers and room.carried(point):
            aims = (_ALWAYS, *(a for name in levers_of_point(int(point)) if name in levers
                               for a in LEVERS[name].acts_on))  # fmt: skip
            found[point] = figures_of(surface, levers, tuple(dict.fromkeys(aims)), most=2)
    return found


def figures_of(
    surface: Answers, levers: Mapping[str, float], outcomes: Sequence[str], most: int = 3
) -> list[dict[str, Any]] | dict[str, str]:
    """Return the figures of one package in the headline year.

    Parameters
    ----------
    surface : Surface
        The fitted surface.
    levers : mapping of str to float
        The package.
    outcomes : sequence of str
        Wanted outcomes, the most important first; those that the surface lacks are left out.
    most : int
        How many of them.

    Returns
    -------
    list of dict, or dict
        For each ``outcome`` its ``base``, ``now``, ``change`` and ``idle``: the low, middle and
        high figure without and with the package, their difference, and the difference if
        coordination had no effect. Where the surface refuses, ``outside`` with a lever instead.
    """
    strong = surface.answer(levers)
    if not strong["inside"]:
        return {"outside": strong["lever"]}
    idle = surface.answer(levers, effect=False)["outcomes"]
    found: list[dict[str, Any]] = []
    for name in outcomes:
        bands = strong["outcomes"].get(name)
        if bands is None or bands["change"][-1] is None or len(found) == most:
            continue
        weak = idle.get(name, {}).get("change", [None])[-1]
        found.append(
            {
                "outcome": name,
                "base": _short(bands["base"][-1]),
                "now": _short(bands["package"][-1]),
                "change": _short(bands["change"][-1]),
                "idle": None if weak is None else _short(weak),
            }
        )
    return found


_MADE: Final = (
    "code", "data", "parameters", "question", "version", "vintage", "seed", "households", "runs",
)  # fmt: skip


def figure_sentences(figures: Mapping[str, Any], what: str, lang: str) -> tuple[str, ...]:
    """Write the figures of a point or of the whole package.

    Parameters
    ----------
    figures : mapping
        As `draft_figures` made them; empty when nobody did.
    what : str
        A point, or ``package``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        Each outcome, with range and the case without effect of coordination; or that there is no
        figure, and why.
    """
    found = figures.get(what)
    if not found:
        return (i18n.text("agreement.no_figure", lang),)
    if "outside" in found:
        label = LEVERS[found["outside"]].label(lang) if found["outside"] in LEVERS else ""
        return (i18n.text("agreement.outside", lang, label=label),)
    year = str(figures["year"])
    return tuple(_sentence(bands, year, lang) for bands in found)


def _sentence(bands: Mapping[str, Any], year: str, lang: str) -> str:
    """Write one outcome: how it changes, from where to where, and without effect."""
    low, change, high = bands["change"]
    definition = indicator(bands["outcome"])
    fields = {
        "name": _lower(definition.label(lang)),
        "year": year,
        "size": written(abs(change), definition.unit, lang, difference=True),
        "range": _reach(low, high, definition.unit, lang),
        "base": written(bands["base"][1], definition.unit, lang),
        "now": written(bands["now"][1], definition.unit, lang),
    }
    base = float(bands["base"][1])
    way = _told(change, base, definition.unit, lang)
    words = i18n.text(f"agreement.figure_{way}", lang, **fields)
    if bands["idle"] is None:
        return words
    low, idle, high = bands["idle"]
    tail = i18n.text(
        f"agreement.idle_{_told(idle, base, definition.unit, lang)}",
        lang,
        size=written(abs(idle), definition.unit, lang, difference=True),
        range=_reach(low, high, definition.unit, lang),
    )
    return f"{words} {tail}"


def written(value: float, unit: str, lang: str, *, difference: bool = False) -> str:
    """Write a value of an indicator.

    Parameters
    ----------
    value : float
        The value.
    unit : str
        Unit of the indicator.
    lang : str
        ``id`` or ``en``.
    difference : bool
        Whether it is a difference: percentages become points.

    Returns
    -------
    str
        With its unit.
    """
    kind = _kind(unit)
    if kind == "percent":
        if difference:
            return numbers.points(value, lang, _POINT_DECIMALS)
        return numbers.percent(value, lang, _LEVEL_DECIMALS)
    if kind == "rupiah":
        return numbers.rupiah(value, lang, digits=2, even=True)
    if kind == "people":
        return numbers.people(value, lang)
    if unit == "days":
        return i18n.text("agreement.days", lang, number=numbers.number(value, lang, 0))
    return numbers.number(value, lang, 3 if unit == "index" else 1)


def _reach(low: float, high: float, unit: str, lang: str) -> str:
    """Write a range of changes as falls and rises, without signs."""
    if _way(low, unit) == _way(high, unit) == "same":
        return i18n.text("agreement.around_zero", lang)
    if high <= 0.0 or low >= 0.0:
        ends = (-high, -low) if high <= 0.0 else (low, high)
        size = span(*ends, unit, lang, difference=True)
        return i18n.text("agreement.falls" if high <= 0.0 else "agreement.rises", lang, size=size)
    return i18n.text(
        "agreement.falls_or_rises",
        lang,
        fall=written(-low, unit, lang, difference=True),
        rise=written(high, unit, lang, difference=True),
    )


def span(low: float, high: float, unit: str, lang: str, *, difference: bool = False) -> str:
    """Write a range of an indicator; see `written`.

    Parameters
    ----------
    low, high : float
        The ends.
    unit : str
        Unit of the indicator.
    lang : str
        ``id`` or ``en``.
    difference : bool
        Whether they are differences.

    Returns
    -------
    str
        With its unit.
    """
    kind = _kind(unit)
    if kind == "percent":
        if difference:
            return numbers.interval(low, high, lang, "points", _POINT_DECIMALS)
        return numbers.interval(low, high, lang, "percent", _LEVEL_DECIMALS)
    if kind == "rupiah":
        return numbers.interval(low, high, lang, "rupiah", even=True)
    if kind == "people":
        return numbers.interval(low, high, lang, "people")
    if unit == "days":
        days = numbers.interval(low, high, lang, "number", 0)
        return i18n.text("agreement.days", lang, number=days)
    return numbers.interval(low, high, lang, "number", 3 if unit == "index" else 1)


def _kind(unit: str) -> str:
    known = {"percent": "percent", "points": "percent", "persons": "people", "people": "people",
             "rupiah": "rupiah"}  # fmt: skip
    return known.get(unit, "number")


def _error(error: Mapping[str, float]) -> dict[str, float]:
    return {name: float(error[name]) for name in ("mae", "coverage")}


def _told(change: float, base: float, unit: str, lang: str) -> str:
    """Say which way a figure goes: none where both figures are written alike."""
    alike = written(base, unit, lang) == written(base + change, unit, lang)
    return "same" if alike else _way(change, unit)


def _way(change: float, unit: str) -> str:
    if abs(change) < _NOTHING.get(unit, 0.05):
        return "same"
    return "down" if change < 0 else "up"


def _lower(label: str) -> str:
    """Write a label inside a sentence; short names in capitals stay."""
    first = label.split(maxsplit=1)[0] if label else ""
    return label if first.isupper() else label[:1].lower() + label[1:]


def _short(band: Sequence[float]) -> list[float]:
    """Return a band with no more digits than a text shows, so that a body stays small."""
    return [float(f"{value:.6g}") for value in band]
