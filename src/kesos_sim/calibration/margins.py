"""The synthetic population beside the margins that are published, and who is in a programme.

The validation judges what the model claims; this shows who the simulated households are: how many
people live where, in towns or villages, how consumption is divided, which deciles PKH reaches.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.calibration.anchor import anchor_figures, household_figures
from kesos_sim.calibration.figures import Figure, Use
from kesos_sim.calibration.published import Validation
from kesos_sim.calibration.targeting import targeting_figures
from kesos_sim.data import read_table
from kesos_sim.model.opening import open_model
from kesos_sim.model.sample import Sample, ranks, share

if TYPE_CHECKING:
    from kesos_sim.model.model import WelfareModel
    from kesos_sim.scenario.scenario import Scenario

__all__ = ["coverage", "margins"]

_THOUSAND: Final = 1e3
_PERCENT: Final = 100.0
_DECILES: Final = 10
_URBAN: Final = 0
_IMPLIED: Final = ("people_implied", "implied_susenas_population_thousand")
_PROJECTED: Final = ("people_projected", "population_thousand")
_TOWNS: Final = ("urban_share", "implied_urban_share_percent")
"""Measures and the columns that publish them."""


def margins(scenario: Scenario, threads: int = 1) -> Validation:
    """Compare the population of a scenario's base month with published margins.

    Parameters
    ----------
    scenario : Scenario
        The scenario; its baseline's decisions hold.
    threads : int
        Threads of the kernels; they change nothing.

    Returns
    -------
    Validation
        People and the urban share of whole provinces, shares of deciles in consumption beside the
        nation's, then what `kesos_sim.calibration.anchor` compares.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> found = margins(blora)
    >>> found.chart("deciles", "en").title.split(" has ")[0]
    'Here the top tenth of the people'
    >>> [table.title.split(".")[0] for table in found.misses_first().tables("en")]
    ['Base month and households', 'Synthetic population']
    """
    began = time.perf_counter()
    model = open_model(scenario.anchor, threads)
    sample = Sample.of(model)
    figures = [
        *_people(model, sample),
        *_deciles(model, sample),
        *anchor_figures(model, sample),
        *household_figures(model, sample),
    ]
    return _found(scenario, figures, began)


def coverage(scenario: Scenario, programme: str = "PKH", threads: int = 1) -> Validation:
    """Show which deciles a programme reaches in the base month.

    Parameters
    ----------
    scenario : Scenario
        The scenario; its baseline's decisions hold.
    programme : str
        Name of a programme of the model.
    threads : int
        Threads of the kernels; they change nothing.

    Returns
    -------
    Validation
        Families in the programme by decile of consumption without the help of the month, of which
        nothing is published, and in the provinces of which something is.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> chart = coverage(blora, "PKH").chart("coverage", "en")
    >>> len(chart.table.rows), chart.table.rows[0][1]
    (10, 'Families receiving (decile 1, PKH)')
    """
    began = time.perf_counter()
    sample = Sample.of(open_model(scenario.anchor, threads))
    tenth = _tenths(sample, sample.before)
    inside = sample.enrolled[programme]
    figures = [
        _figure(
            "coverage",
            sample.place,
            "decile_coverage",
            ("decile", number, programme),
            (float("nan"), share(inside, sample.households, tenth == number)),
            ("missing", "shown", "-"),
        )
        for number in range(1, _DECILES + 1)
    ]
    figures += [
        figure
        for figure in targeting_figures(sample)
        if figure.measure == "receipt_rate" and figure.detail[0] == programme
    ]
    return _found(scenario, figures, began)


def _found(scenario: Scenario, figures: list[Figure], began: float) -> Validation:
    return Validation(
        scenario, tuple(figures), dt.datetime.now(dt.UTC), time.perf_counter() - began
    )


def _figure(
    part: str,
    place: tuple[str, str],
    measure: str,
    detail: tuple[str | int, ...],
    values: tuple[float, float],
    origin: tuple[str, Use, str],
    unit: str = "percent",
) -> Figure:
    quality, use, source = origin
    return Figure(part, *place, measure, detail, *values, unit, quality, use, source)


def _people(model: WelfareModel, sample: Sample) -> Iterator[Figure]:
    """Compare people and the urban share of whole provinces.

    Surveys of poverty are weighted to older projections: the people that published numbers of poor
    imply set the model, those of the census and its projections are shown beside them.
    """
    year = model.scenario.start.year
    table = read_table("population_province").where(year=year)
    for code in sorted(sample.whole_provinces):
        inside = sample.inside(code)
        people = float(sample.persons[inside].sum()) / _THOUSAND
        urban = share(sample.area == _URBAN, sample.persons, inside)
        place = ("province", f"{code:02d}")
        for row in table.where(bps_code=code).rows():
            known: tuple[tuple[str, str, float, str, Use, str], ...] = (
                (*_IMPLIED, people, "derived", "set", "thousand_persons"),
                (*_PROJECTED, people, str(row["quality"]), "shown", "thousand_persons"),
                (*_TOWNS, urban, "derived", "set", "percent"),
            )
            for measure, column, modelled, quality, use, unit in known:
                published = float(row[column])
                if np.isfinite(published):
                    origin = quality, use, f"population_province:{column}"
                    values = published, modelled
                    yield _figure("population", place, measure, (year,), values, origin, unit)


def _tenths(sample: Sample, welfare: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the decile of the people of each household, from 1."""
    found = (ranks(welfare, sample.persons) * _DECILES).astype(np.int64) + 1
    return np.minimum(found, _DECILES)


def _deciles(model: WelfareModel, sample: Sample) -> Iterator[Figure]:
    """Set the shares of deciles in consumption beside the nation's of the nearest year."""
    table = read_table("decile_shares").where(area="national")
    years = table["year"]
    nearest = int(years[np.argmin(np.abs(years - model.scenario.start.year))])
    row = next(table.where(year=nearest).rows())
    rupiah = sample.welfare * sample.line
    tenth = _tenths(sample, rupiah)
    spent = rupiah * sample.persons
    for number in range(1, _DECILES + 1):
        own = _PERCENT * float(spent[tenth == number].sum() / spent.sum())
        yield _figure(
            "population",
            sample.place,
            "decile_share",
            ("decile", number, nearest),
            (_PERCENT * float(row[f"d{number}"]), own),
            (str(row["status"]), "shown", f"decile_shares:{nearest}"),
        )
