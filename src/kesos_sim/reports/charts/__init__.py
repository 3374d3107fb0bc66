"""Charts of a run or a comparison: sentence titles, alternative texts, table twins.

Examples
--------
>>> from kesos_sim import load_scenario, run
>>> from kesos_sim.reports import Results
>>> from kesos_sim.reports.charts import chart, charts, drawn
>>> world = {"region": "3316", "households": 2000, "months": 2}
>>> found = run(load_scenario("scenarios/baseline.yaml", world))
>>> frame, context = found.frame(), found.context()
>>> [one.name for one in charts(frame, context, "en")]
['poverty_path', 'decile_incidence', 'money_streams']
>>> chart("poverty_path", frame, context, "en").note
'Poor people, percent.'
>>> drawn(Results(frame), context, "id")[0].lang
'id'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kesos_sim.errors import InputError, nearest
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.charts.deciles import decile_incidence
from kesos_sim.reports.charts.differences import yearly_difference
from kesos_sim.reports.charts.flows import money_in_out
from kesos_sim.reports.charts.paths import poverty_path
from kesos_sim.reports.charts.places import province_effect
from kesos_sim.reports.charts.poor import rupiah_per_poor
from kesos_sim.reports.charts.streams import money_streams
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Results

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CHARTS", "Chart", "chart", "charts", "drawn"]

CHARTS: Final[Mapping[str, Callable[[Results, ReportContext, str], Chart | None]]] = (
    MappingProxyType(
        {
            "poverty_path": poverty_path,
            "yearly_difference": yearly_difference,
            "province_effect": province_effect,
            "decile_incidence": decile_incidence,
            "money_in_out": money_in_out,
            "money_streams": money_streams,
            "rupiah_per_poor": rupiah_per_poor,
        }
    )
)
"""Every chart by its name, in the order of a report."""


def charts(frame: pd.DataFrame, context: ReportContext, lang: str) -> tuple[Chart, ...]:
    """Return every chart for which the results hold the data.

    Parameters
    ----------
    frame : pandas.DataFrame
        A run frame or a comparison frame.
    context : ReportContext
        Titles, places, money, provenance.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chart
        In the order of a report; nothing is drawn before a chart is asked for its picture.

    Raises
    ------
    KesosError
        If the provenance is incomplete.
    """
    return drawn(Results(frame), context, lang)


def drawn(results: Results, context: ReportContext, lang: str) -> tuple[Chart, ...]:
    """Return every chart of results that are already indexed; as `charts`.

    Parameters
    ----------
    results : Results
        The indexed frame.
    context : ReportContext
        Titles, places, money, provenance.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chart
        In the order of a report.
    """
    built = (build(results, context, lang) for build in CHARTS.values())
    return tuple(found for found in built if found is not None)


def chart(name: str, frame: pd.DataFrame, context: ReportContext, lang: str) -> Chart:
    """Return one chart by its name.

    Parameters
    ----------
    name : str
        One of `CHARTS`.
    frame : pandas.DataFrame
        A run frame or a comparison frame.
    context : ReportContext
        Titles, places, money, provenance.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        The chart.

    Raises
    ------
    InputError
        If there is no such chart, or the results do not hold its data.
    """
    found = CHARTS[name](Results(frame), context, lang) if name in CHARTS else None
    if found is None:
        raise InputError(
            "KS4004", "reports.unknown_chart", got=name, suggestion=nearest(name, CHARTS)
        )
    return found
