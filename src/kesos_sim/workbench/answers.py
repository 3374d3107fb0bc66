"""What the two levers do: settings, the computation behind them, answers that are kept."""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.data.regions import mpu_provinces, provinces
from kesos_sim.errors import KesosError
from kesos_sim.i18n import LANGUAGES, numbers
from kesos_sim.scenario import LEVERS, Scenario, difference, load_scenario
from kesos_sim.scenario.levers import SHARE_LEVERS

if TYPE_CHECKING:
    from kesos_sim.experiments.run import Progress
    from kesos_sim.reports.context import ReportContext
    from kesos_sim.reports.frames import Results

__all__ = [
    "Answer",
    "Answers",
    "Setting",
    "compiled",
    "place_of",
    "places",
    "start_share",
    "steps",
]

ALL: Final = "mpu"
PERCENT: Final = 100
_KEPT: Final = 12
_LEVEL: Final = {"apbd_poverty_share": "district", "apbn_poverty_share": "nation"}


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the levers stand.

    Attributes
    ----------
    region : str
        ``mpu`` or the code of a province.
    apbd, apbn : int
        Share of the budget for poverty reduction, percent.
    """

    region: str
    apbd: int
    apbn: int

    def title(self, lang: str) -> str:
        """Return the setting in words.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            For instance "APBD 10% dan APBN 5% untuk kemiskinan".
        """
        shares = {name: numbers.percent(getattr(self, name), lang, 0) for name in ("apbd", "apbn")}
        return i18n.text("workbench.package", lang, **shares)


@dataclass(frozen=True, slots=True)
class Answer:
    """A computed setting, ready to be told in either language.

    Attributes
    ----------
    setting : Setting
        What was asked.
    results : Results
        The comparison, indexed.
    context : ReportContext
        Titles, places, money, provenance.
    changes : mapping of str to tuple of str
        What the setting changes, in words, by language.
    """

    setting: Setting
    results: Results
    context: ReportContext
    changes: dict[str, tuple[str, ...]]


class Answers:
    """Computes settings with the model and keeps the latest of them.

    Parameters
    ----------
    baseline : path
        Scenario file without the change.
    package : path
        Scenario file that moves both levers; month and ramp are taken from it.
    households : int
        Simulated households.
    months : int
        Months after the base month.
    draws : int
        Paired draws behind the ranges; 0 for none.
    """

    def __init__(
        self,
        baseline: str | os.PathLike[str],
        package: str | os.PathLike[str],
        households: int,
        months: int,
        draws: int,
    ) -> None:
        self.baseline = Path(baseline)
        self.package = Path(package)
        self.households = households
        self.months = months
        self.draws = draws
        self._known: OrderedDict[Setting, Answer] = OrderedDict()

    @cached_property
    def whole(self) -> tuple[int, int] | None:
        """Households and draws of the command line, where these answers take fewer of either.

        None where they do not, or where there is no scenario file to read.
        """
        from kesos_sim.experiments.compare import DRAWS  # the model loads when it is asked

        try:
            households = load_scenario(self.baseline).households
        except KesosError:
            return None
        fewer = self.households < households or self.draws < DRAWS
        return (households, DRAWS) if fewer else None

    def known(self, setting: Setting) -> Answer | None:
        """Return the answer to a setting if it has been computed.

        Parameters
        ----------
        setting : Setting
            Where the levers stand.

        Returns
        -------
        Answer or None
        """
        return self._known.get(setting)

    def scenarios(self, setting: Setting) -> tuple[Scenario, Scenario]:
        """Return the scenarios of a setting: without the change and with it.

        Parameters
        ----------
        setting : Setting
            Where the levers stand.

        Returns
        -------
        (Scenario, Scenario)

        Raises
        ------
        InputError
            If a file or a setting is wrong.
        """
        world: dict[str, object] = {
            "region": setting.region,
            "households": self.households,
            "months": self.months,
        }
        shares = {
            f"levers.{name}.value": percent / PERCENT
            for name, percent in zip(SHARE_LEVERS, (setting.apbd, setting.apbn), strict=True)
        }
        usual = load_scenario(self.baseline, world)
        moved = load_scenario(self.package, world | shares)
        titles = {lang: setting.title(lang) for lang in LANGUAGES}
        return usual, replace(moved, title=titles)

    def compute(self, setting: Setting, progress: Progress | None = None) -> Answer:
        """Answer a setting, from what is kept or with the model.

        Parameters
        ----------
        setting : Setting
            Where the levers stand.
        progress : callable, optional
            Told the stage of work, the steps done and the steps in all.

        Returns
        -------
        Answer

        Raises
        ------
        KesosError
            If the scenario files or the setting are wrong.
        """
        found = self._known.get(setting)
        if found is None:
            found = self._computed(setting, progress)
            self._known[setting] = found
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found

    def _computed(self, setting: Setting, progress: Progress | None) -> Answer:
        """Run the model."""
        from joblib import parallel_config  # the model loads when it is asked

        from kesos_sim.experiments.compare import compare
        from kesos_sim.reports.frames import Results

        usual, moved = self.scenarios(setting)
        # Every visitor of a page has a process already; more of them would crowd the others out.
        with parallel_config(backend="sequential"):
            found = compare(usual, [moved], progress=progress, draws=self.draws)
        told = {lang: tuple(difference(usual, moved, lang)) for lang in LANGUAGES}
        return Answer(setting, Results(found.frame()), found.context(), told)


def places(lang: str) -> list[tuple[str, str]]:
    """Return the regions to choose from.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    list of (str, str)
        Name and code: all of Mitra Praja Utama first, then its provinces by name.
    """
    known = provinces()
    named = sorted((known[code].name[lang], str(code)) for code in mpu_provinces())
    return [(i18n.text("workbench.region_all", lang), ALL), *named]


def place_of(region: str, lang: str) -> str:
    """Return the name of one of the `places` in running text.

    Parameters
    ----------
    region : str
        Its code.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The name, or the code when it is not one of them.
    """
    if region == ALL:
        return i18n.text("facts.region_mpu", lang)
    return next((name for name, code in places(lang) if code == region), region)


def steps(lever: str) -> tuple[int, int]:
    """Return the ends of a slider in whole percent.

    Parameters
    ----------
    lever : str
        One of the share levers.

    Returns
    -------
    (int, int)
        Lowest and highest setting.
    """
    known = LEVERS[lever]
    return round(known.low * PERCENT), round(known.high * PERCENT)


def start_share(lever: str) -> float:
    """Return the share that goes to poverty reduction today.

    Parameters
    ----------
    lever : str
        One of the share levers.

    Returns
    -------
    float
        Percent of own spending.
    """
    from kesos_sim.institutions.shares import starting_share

    return PERCENT * starting_share(_LEVEL[lever])


def compiled() -> bool:
    """Return whether the model has been compiled on this machine before.

    Returns
    -------
    bool
        Without it the first computation takes much longer than the next.
    """
    from kesos_sim.kernels import cache_folder

    return any(cache_folder().rglob("*.nbi"))
