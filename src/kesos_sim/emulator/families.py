"""Families of the forum: households of every province, followed with and without all nine points.

They are the kinds of `kesos_sim.experiments.families`, found in each province and followed month by
month: what reaches each of them, from whom, and how they live. The package is that of all nine
points, once more in a world in which coordination does nothing. No simulated household is a real
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.emulator.question import RAMPS, START, baseline
from kesos_sim.emulator.sample import ALL_NINE
from kesos_sim.experiments.families import TYPES
from kesos_sim.experiments.following import follow
from kesos_sim.experiments.household_life import HouseholdFollower
from kesos_sim.experiments.household_month import HouseholdMonth
from kesos_sim.experiments.household_traits import Traits
from kesos_sim.i18n import LANGUAGES
from kesos_sim.indicators.definitions import programme_label
from kesos_sim.population.households import WEIGHT_UNIT
from kesos_sim.scenario.coordination import without_effect
from kesos_sim.scenario.parts import LeverSetting

if TYPE_CHECKING:
    from kesos_sim.experiments.run import Progress
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["KINDS", "NEIGHBOURS", "follow_families"]

KINDS: Final = (
    "lone_elderly",
    "poor_unlisted",
    "pkh",
    "disabled",
    "near_poor_urban",
    "toddler_poor",
    "in_need",
    "helped_not_poor",
)
"""Kinds that a page shows, some of `TYPES`."""
NEIGHBOURS: Final = "wksbm"
"""What a neighbourhood group gives, less what the family pays, beyond the base period."""
_THOUSAND: Final = 1000.0
_DIGITS: Final = 2


class _Everybody:
    """Sees who is of which kind when the package begins to act, and what all consume since then."""

    def __init__(self, model: WelfareModel) -> None:
        self.model, self.traits = model, Traits.of(model)
        self.first = START - model.scenario.start
        self.total = np.zeros(self.traits.welfare.size)

    def before(self) -> None:
        """See nothing."""

    def after(self) -> None:
        """Add up the consumption of the month."""
        if self.model.row == self.first:
            self.traits = Traits.of(self.model)
        if self.model.row >= self.first:
            self.total += self.model.world.households.welfare

    def chosen(self) -> dict[str, dict[str, tuple[int, float]]]:
        """Return the household in the middle of each kind, and real ones, by province and kind."""
        layout: Any = self.model.world.layout
        codes = np.repeat(self.model.places.codes // 100, np.diff(layout.district_start))
        weight = np.repeat(self.model.world.weight, np.diff(layout.stratum_start)) / WEIGHT_UNIT
        found: dict[str, dict[str, tuple[int, float]]] = {}
        for code in np.unique(codes).tolist():
            own = found.setdefault(f"{code:02d}", {})
            for kind in KINDS:
                inside = np.flatnonzero(TYPES[kind](self.traits) & (codes == code))
                if inside.size:
                    middle = inside[np.argsort(self.total[inside], kind="stable")]
                    own[kind] = (int(middle[middle.size // 2]), float(weight[inside].sum()))
        return found


class _Some:
    """Follows some households from the month before the package acts."""

    def __init__(self, model: WelfareModel, numbers: Iterable[int]) -> None:
        self.model = model
        self.first = START - model.scenario.start
        self.homes = {number: HouseholdFollower(model, number) for number in numbers}

    def before(self) -> None:
        """Look before a month of the package."""
        if self.model.row + 1 >= self.first:
            for home in self.homes.values():
                home.before()

    def after(self) -> None:
        """Look after a month of the package."""
        if self.model.row >= self.first:
            for home in self.homes.values():
                home.after()


def follow_families(households: int, progress: Progress) -> dict[str, Any]:
    """Follow the families.

    Parameters
    ----------
    households : int
        Simulated households.
    progress : callable
        Told what is being done.

    Returns
    -------
    dict
        The document: months, words of programmes, and families with what each received, rupiah per
        month for the whole family, and its consumption over the poverty line.
    """
    usual = baseline(households)
    levers = {
        name: LeverSetting(value, START, RAMPS.get(name, 0)) for name, value in ALL_NINE.items()
    }
    package = replace(usual, name="package", levers=levers, root=usual)
    everybody, _ = follow(usual, _Everybody)
    chosen = everybody.chosen()
    numbers = [number for own in chosen.values() for number, _ in own.values()]

    def start(model: WelfareModel) -> _Some:
        return _Some(model, numbers)

    scenarios: Mapping[str, Scenario] = {
        "baseline": usual,
        "package": package,
        "idle": without_effect(package),
    }
    seen = {}
    for done, (name, scenario) in enumerate(scenarios.items()):
        progress("families", done, len(scenarios))
        seen[name], _ = follow(scenario, start)
    progress("families", len(scenarios), len(scenarios))
    months = [str(START + turn) for turn in range(usual.end - START + 1)]
    families = [
        _family(
            place,
            kind,
            real,
            everybody.traits,
            {name: one.homes[number] for name, one in seen.items()},
        )
        for place, own in chosen.items()
        for kind, (number, real) in own.items()
    ]
    programmes = sorted(
        {
            name
            for family in families
            for months_of in family["received"].values()
            for month in months_of
            for name in month
        }
    )
    return {
        "months": months,
        "programmes": {name: _words(name) for name in programmes},
        "families": families,
    }


def _family(
    place: str, kind: str, real: float, held: Traits, homes: Mapping[str, HouseholdFollower]
) -> dict[str, Any]:
    """Return a family as a page wants it."""
    first = homes["baseline"].months[0]
    number = homes["baseline"].number
    traits = _traits(first, held, number)
    return {
        "id": f"{place}-{kind}",
        "place": place,
        "kind": kind,
        "households": round(real),
        "title": {lang: i18n.text(f"measures.family.{kind}", lang) for lang in LANGUAGES},
        "people": {lang: _people(first, traits, lang) for lang in LANGUAGES},
        "listed": first.listed,
        "traits": traits,
        "received": {
            name: [_received(month) for month in home.months] for name, home in homes.items()
        },
        "welfare": {
            name: [round(month.welfare, _DIGITS) for month in home.months]
            for name, home in homes.items()
        },
        "served": {name: _served(home.months) for name, home in homes.items()},
        "number": number,
    }


def _traits(month: HouseholdMonth, held: Traits, number: int) -> dict[str, int | bool]:
    """Return what a page compares families by."""
    of = month.members
    return {
        "size": of["size"],
        "children": of["age_0_6"] + of["primary"] + of["junior"] + of["senior"],
        "elderly": of["elderly_60"],
        "disabled": of["disabled_under_60"] + of["disabled_elderly"] > 0,
        "rural": bool(held.rural[number]),
        "earners": int(held.earners[number]),
        "fit": not held.unfit[number],
        "listed": month.listed,
        "poor": month.welfare < 1.0,
    }


def _received(month: HouseholdMonth) -> dict[str, int]:
    """Return what reached a family in a month: rupiah, to the thousand."""
    given = {name: help.received for name, help in month.programmes.items()}
    given[NEIGHBOURS] = month.neighbours
    found = {name: int(round(rupiah / _THOUSAND) * _THOUSAND) for name, rupiah in given.items()}
    return {name: rupiah for name, rupiah in found.items() if rupiah > 0}


def _served(months: Sequence[HouseholdMonth]) -> list[float | None]:
    """Return the share of the people behind its needs whom somebody serves; None without a need."""
    return [
        round(max(need.served for need in month.needs), _DIGITS) if month.needs else None
        for month in months
    ]


def _people(month: HouseholdMonth, traits: Mapping[str, int | bool], lang: str) -> str:
    """Say who lives in a family and where, in a few words."""
    of = month.members
    size = "emulator.people.one" if of["size"] == 1 else "emulator.people.size"
    parts = [i18n.text(size, lang, count=of["size"])]
    counted = {
        "small": of["age_0_6"],
        "school": of["primary"] + of["junior"] + of["senior"],
        "elderly": of["elderly_60"],
        "disabled": of["disabled_under_60"] + of["disabled_elderly"],
    }
    parts += [
        i18n.text(f"emulator.people.{name}", lang, count=count)
        for name, count in counted.items()
        if count
    ]
    earners = traits["earners"]
    parts.append(i18n.text(f"emulator.people.{'earners' if earners else 'nobody'}", lang,
                           count=earners))  # fmt: skip
    parts.append(i18n.text(f"emulator.people.{'fit' if traits['fit'] else 'unfit'}", lang))
    parts.append(i18n.text(f"emulator.people.{'rural' if traits['rural'] else 'urban'}", lang))
    parts.append(i18n.text(f"emulator.people.{'listed' if month.listed else 'unlisted'}", lang))
    return ", ".join(parts)


def _words(name: str) -> dict[str, str]:
    """Return the name of a programme, or of neighbours."""
    if name == NEIGHBOURS:
        return {lang: i18n.text("emulator.neighbours", lang) for lang in LANGUAGES}
    return {lang: programme_label(name.lower(), lang) for lang in LANGUAGES}
