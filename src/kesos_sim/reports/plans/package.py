"""One package of a comparison, as the documents of planners ask about it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.errors import InputError, nearest
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import Chart, drawn
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.provenance import Provenance, required
from kesos_sim.reports.sentences import Sentence, outcome
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.units import MONTHS_PER_YEAR, Month

if TYPE_CHECKING:
    from kesos_sim.experiments.compare import Comparison
    from kesos_sim.experiments.run import Run
    from kesos_sim.scenario.parts import LocalProgramme
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Package", "chosen"]

_SMALLEST: Final = "district"


class Package:
    """One alternative of a comparison beside its baseline.

    Parameters
    ----------
    comparison : Comparison
        The comparison.
    run : Run
        One of its alternatives.
    lang : str
        ``id`` or ``en``.

    Attributes
    ----------
    comparison, run, lang
        As given.
    provenance : Provenance
        The complete record of the comparison.

    Raises
    ------
    KesosError
        If the provenance is incomplete.
    """

    def __init__(self, comparison: Comparison, run: Run, lang: str) -> None:
        self.comparison, self.run, self.lang = comparison, run, lang
        self.provenance: Provenance = required(self.context.provenance)

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.scenario.name

    @property
    def scenario(self) -> Scenario:
        """The scenario of the package."""
        return self.run.scenario

    @property
    def usual(self) -> Scenario:
        """The scenario without the change."""
        return self.comparison.baseline.scenario

    @property
    def title(self) -> str:
        """Title of the package."""
        return self.context.title(self.name, self.lang)

    @property
    def place(self) -> str:
        """The region in running text."""
        return self.context.place(self.context.region, self.lang)

    @property
    def period(self) -> str:
        """First and last month."""
        return self._period(self.lang)

    def _period(self, lang: str) -> str:
        ends = (self.results.base, self.results.horizon)
        return f" {numbers.EN_DASH} ".join(numbers.month_name(month, lang) for month in ends)

    @cached_property
    def context(self) -> ReportContext:
        """What reports have to know beside the numbers."""
        return self.comparison.context()

    @cached_property
    def results(self) -> Results:
        """The figures of this package alone, with districts."""
        frame = self.comparison.frame(_SMALLEST)
        return Results(frame[frame["scenario"] == self.name].reset_index(drop=True))

    @cached_property
    def said(self) -> tuple[Sentence, ...]:
        """The outcome in sentences."""
        return outcome(self.results, self.context, self.lang)

    @cached_property
    def charts(self) -> dict[str, Chart]:
        """Every chart that the figures allow, by its name."""
        # Districts would be too many for a chart of provinces.
        context = replace(self.context, districts={})
        return {found.name: found for found in drawn(self.results, context, self.lang)}

    @cached_property
    def levers(self) -> tuple[str, ...]:
        """Levers that are set differently from the baseline, in the order of the declarations."""
        ours, theirs = self.scenario.levers, self.usual.levers
        return tuple(name for name in LEVERS if ours.get(name) != theirs.get(name))

    @property
    def programmes(self) -> tuple[LocalProgramme, ...]:
        """Programmes of the scenario's own that the baseline does not have."""
        return tuple(one for one in self.scenario.programmes if one not in self.usual.programmes)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Calendar years that the run covers from January to December."""
        months = set(self.results.months)
        first, last = self.results.base.year, self.results.horizon.year
        return tuple(
            year
            for year in range(first, last + 1)
            if {Month(year, month) for month in range(1, MONTHS_PER_YEAR + 1)} <= months
        )

    def year(self, wanted: int | None) -> int:
        """Return a year for which there are figures.

        Parameters
        ----------
        wanted : int, optional
            Calendar year; without it the last whole year of the run.

        Returns
        -------
        int
            The year.

        Raises
        ------
        InputError
            If the run does not cover it as a whole.
        """
        if wanted is None and self.years:
            return self.years[-1]
        if wanted is None or wanted not in self.years:
            raise InputError(
                "KS5022",
                "plans.no_year",
                field="year",
                got=wanted,
                expected=", ".join(map(str, self.years)) or numbers.EN_DASH,
                period={lang: self._period(lang) for lang in i18n.LANGUAGES},
            )
        return wanted

    def at(
        self, name: str, month: Month | None = None, region: str | None = None
    ) -> Estimate | None:
        """Return an estimate of the package.

        Parameters
        ----------
        name : str
            Indicator.
        month : Month, optional
            Without it the last month.
        region : str, optional
            Without it the whole region.

        Returns
        -------
        Estimate or None
            None where the indicator has no value.
        """
        return self.results.at(name, region or self.context.region, month, self.name)


def chosen(comparison: Comparison, package: str | None, lang: str) -> Package:
    """Return the package that a document is about.

    Parameters
    ----------
    comparison : Comparison
        A comparison with at least one alternative.
    package : str, optional
        Name of the alternative; may be left out when there is only one.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Package
        The alternative beside its baseline.

    Raises
    ------
    InputError
        If there is no such alternative, or several and none is named.
    KesosError
        If the provenance is incomplete.
    """
    if lang not in i18n.LANGUAGES:
        raise InputError("KS5011", "office.language", got=lang, expected=", ".join(i18n.LANGUAGES))
    runs = {run.scenario.name: run for run in comparison.alternatives}
    wanted = next(iter(runs)) if package is None and len(runs) == 1 else package
    if wanted is None or wanted not in runs:
        raise InputError(
            "KS5021",
            "plans.no_package",
            field="package",
            got=package,
            expected=", ".join(runs) or numbers.EN_DASH,
            suggestion=nearest(package, runs) if package else None,
        )
    return Package(comparison, runs[wanted], lang)
