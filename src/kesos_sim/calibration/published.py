"""The validation of a scenario's world: every published figure beside the modelled one."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import kesos_sim
from kesos_sim.calibration.figures import PARTS, Figure
from kesos_sim.calibration.sealing import FITTED_PARTS, is_sealed
from kesos_sim.model.identity import code_hash, data_hash

if TYPE_CHECKING:
    from kesos_sim.experiments.executors import Executor
    from kesos_sim.experiments.store import Store
    from kesos_sim.reports.charts.chart import Chart
    from kesos_sim.reports.tables import TextTable
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["Validation", "validate"]

Progress = Callable[[str, int, int], None]
"""Told the stage of work, the steps done and the steps in all."""
_PATHS: Final = ("path",)


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Validation:
    """Published figures beside modelled ones.

    Attributes
    ----------
    scenario : Scenario
        Whose world was compared.
    figures : tuple of Figure
        Every figure, part by part.
    created : datetime.datetime
        When it was computed, UTC.
    seconds : float
        Time taken.
    draws : int
        Worlds behind the intervals of figures; 0 where figures have none.
    """

    scenario: Scenario
    figures: tuple[Figure, ...]
    created: dt.datetime
    seconds: float
    draws: int = 0

    def records(self) -> list[dict[str, Any]]:
        """Return all figures as data, one mapping per figure."""
        return [figure.record() for figure in self.figures]

    @property
    def provenance(self) -> dict[str, Any]:
        """Versions, hashes, seed and time."""
        return {
            "model_version": kesos_sim.__version__,
            "code_hash": code_hash(),
            "data_hash": data_hash(),
            "scenario_hash": self.scenario.hash,
            "seed": self.scenario.seed,
            "households": self.scenario.households,
            "base_month": str(self.scenario.start),
            "created": self.created,
            "seconds": self.seconds,
            "replicates": 1 + self.draws,
        }

    def tables(self, lang: str, *, districts: bool = False) -> list[TextTable]:
        """Return one table for each part.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.
        districts : bool
            Whether districts that match are listed too; those that miss always are.

        Returns
        -------
        list of TextTable
            In the order of the parts.
        """
        from kesos_sim.calibration.table import part_tables

        return part_tables(self.figures, lang, districts=districts)

    def misses_first(self) -> Validation:
        """Return the same figures, the worst misses first."""
        from kesos_sim.calibration.table import misses_first

        return replace(self, figures=tuple(misses_first(self.figures)))

    def sentences(self, lang: str = "id") -> tuple[str, ...]:
        """Count matches, misses and intervals, and say how the model does beside forecasts.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        tuple of str
            One sentence, those of intervals, and one for each base year of a path.

        Examples
        --------
        >>> from kesos_sim import load_scenario
        >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
        >>> len(validate(blora, ["anchor"]).sentences("en"))
        1
        """
        from kesos_sim.calibration.table import against_forecasts, summary, within_intervals

        return (
            summary(self.figures, lang),
            *within_intervals(self.figures, lang, self.draws),
            *against_forecasts(self.figures, lang),
        )

    def chart(self, view: str, lang: str = "id") -> Chart:
        """Return a chart.

        Parameters
        ----------
        view : str
            ``gaps``, or one of `kesos_sim.calibration.charts.VIEWS`.
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        Chart
        """
        from kesos_sim.calibration.charts import gaps_chart, levels_chart

        return gaps_chart(self, lang) if view == "gaps" else levels_chart(self, view, lang)

    def export(
        self, path: str | os.PathLike[str], lang: str = "id", *, districts: bool = False
    ) -> Path:
        """Write figures, charts and tables to a folder, all or nothing."""
        from kesos_sim.calibration.export import export_validation

        return export_validation(self, path, lang, districts=districts)

    def text(self, lang: str, *, districts: bool = False) -> str:
        """Return all tables, the count of matches and misses, and where it all comes from.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.
        districts : bool
            Whether districts that match are listed too; those that miss always are.

        Returns
        -------
        str
            For a terminal or a file.
        """
        from kesos_sim.reports.provenance import Provenance

        blocks = [table.text() for table in self.tables(lang, districts=districts)]
        blocks += self.sentences(lang)
        blocks.append(Provenance(**self.provenance).line(lang))
        return "\n\n".join(blocks)


def validate(
    scenario: Scenario,
    parts: Sequence[str] = PARTS,
    threads: int = 1,
    progress: Progress = _silent,
    store: Store | None = None,
    *,
    draws: int = 0,
    executor: Executor | None = None,
) -> Validation:
    """Compare a scenario's world with every published figure of some parts.

    Parameters
    ----------
    scenario : Scenario
        The scenario; its baseline's decisions hold, and as many months are lived as needed.
    parts : sequence of str
        Some of `PARTS`.
    threads : int
        Threads of the kernels; they change nothing.
    progress : callable
        Told how far the work is.
    store : Store, optional
        Who remembers finished runs.
    draws : int
        Further worlds by which figures get intervals; see `kesos_sim.calibration.intervals`.
    executor : Executor, optional
        Who computes paths and further worlds; processes of this machine when left out.

    Returns
    -------
    Validation
        The figures in the order of `PARTS`, misses included.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> found = validate(blora, ["anchor"])
    >>> found.figures[0].part, found.figures[0].verdict
    ('anchor', 'hit')
    >>> found.misses_first().tables("en")[0].title.split(".")[0]
    'Base month and households'
    >>> found.records()[0]["part"], found.text("en").splitlines()[0].split(".")[0]
    ('anchor', 'Base month and households')
    """
    from kesos_sim.calibration.lives import figures_of, groups, kind_of  # it validates itself
    from kesos_sim.experiments.executors import Serial

    began = time.perf_counter()
    figures: list[Figure] = []
    asked = [part for part in PARTS if part in parts]
    for group in groups(asked):
        live = partial(_figures, parts=group, on=(threads, executor, store), progress=progress)
        if store is None or group == _PATHS:  # whose lives the store knows one by one
            figures += live(scenario)
        else:
            (known,) = figures_of([scenario], Serial(), store, live=live, kind=kind_of(group))
            figures += known.values()
    if draws:
        from kesos_sim.calibration.intervals import with_intervals

        figures = list(with_intervals(scenario, figures, draws, executor, store, progress))
    took = time.perf_counter() - began
    return Validation(scenario, tuple(figures), dt.datetime.now(dt.UTC), took, draws)


def _figures(
    scenario: Scenario,
    parts: Sequence[str],
    on: tuple[int, Executor | None, Store | None],
    progress: Progress,
) -> Sequence[Figure]:
    """Return the figures of parts that are seen on one world."""
    threads, executor, store = on
    if parts == _PATHS:
        from kesos_sim.calibration.left_out import left_out_figures
        from kesos_sim.calibration.paths import path_figures

        progress("path", 0, 1)
        return [
            *path_figures(scenario, executor, store),
            *left_out_figures(scenario, executor, store),
        ]
    if parts == ("transfer",):
        from kesos_sim.calibration.transfer_study import transfer_figures

        progress("transfer", 0, 1)
        return transfer_figures(scenario.parameter, scenario.seed)
    if parts == ("disaster",):
        from kesos_sim.calibration.disaster_study import disaster_figures

        progress("disaster", 0, 1)
        return disaster_figures(scenario, threads)
    if parts == ("overlap",):
        from kesos_sim.calibration.overlap_study import overlap_figures

        return overlap_figures(
            scenario, threads, told=lambda done, total: progress("overlap", done, total)
        )
    return _of_the_world(scenario, parts, threads, progress)


def _of_the_world(
    scenario: Scenario, asked: Sequence[str], threads: int, progress: Progress
) -> list[Figure]:
    """Open the world, compare its base month, then live the years of the panel."""
    from kesos_sim.calibration.anchor import anchor_figures, household_figures
    from kesos_sim.calibration.budgets import budget_figures
    from kesos_sim.calibration.mobility import WAVES, mobility_figures
    from kesos_sim.calibration.targeting import aid_of_2020, targeting_figures
    from kesos_sim.model.opening import open_model
    from kesos_sim.model.sample import Sample
    from kesos_sim.units import MONTHS_PER_YEAR

    baseline = replace(scenario.anchor, months=(WAVES - 1) * MONTHS_PER_YEAR)
    model = open_model(baseline, threads, note=lambda stage: progress(stage, 0, 1))
    sample = Sample.of(model)
    found: list[Figure] = []
    if "anchor" in asked:
        found += [*anchor_figures(model, sample), *household_figures(model, sample)]
    if "targeting" in asked:
        progress("targeting", 0, 1)
        found += [*targeting_figures(sample), aid_of_2020(scenario, threads)]
    if "budgets" in asked:
        found += budget_figures(sample, scenario.parameter, scenario.start.year)
    if "mobility" in asked:
        progress("mobility", 0, 1)
        found += mobility_figures(model)
    return [_as_used(figure, scenario) for figure in found]


def _as_used(figure: Figure, scenario: Scenario) -> Figure:
    """Return a figure as one to which the model was set, if the scenario's calibration read it."""
    read = scenario.calibration and figure.part in FITTED_PARTS and not is_sealed(figure)
    return replace(figure, use="set") if read and figure.use == "scored" else figure
