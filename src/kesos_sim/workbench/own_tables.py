"""What was read of own data as tables: problems with their place, weights before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kesos_sim import i18n
from kesos_sim.data.own.problems import COLUMNS
from kesos_sim.data.regions import region_name
from kesos_sim.i18n import numbers
from kesos_sim.reports.tables import Column, TableBuilder, TextTable

if TYPE_CHECKING:
    from kesos_sim.data.own import Problem
    from kesos_sim.data.own.household_summary import Summary

__all__ = ["margins_table", "problems_table"]

_FIELDS = ("region", "kind", "area", "published", "before", "after")


def problems_table(problems: Sequence[Problem], lang: str) -> TextTable:
    """List problems with sheet, row, column, what was found and expected, and what to do.

    Parameters
    ----------
    problems : sequence of Problem
        What is wrong.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        One row per problem.
    """
    columns = [
        Column(i18n.text(f"cli.data.import.{name}", lang), numeric=name == "row")
        for name in COLUMNS
    ]
    title = i18n.text("own_form.problems", lang)
    builder = TableBuilder("problems", title, columns, COLUMNS)
    for problem in problems:
        record = problem.record(lang)
        shown = ["" if record[name] is None else str(record[name]) for name in COLUMNS]
        builder.add(shown, shown)
    return builder.table()


def margins_table(summary: Summary, lang: str) -> TextTable:
    """List known totals with what a sample makes of them before and after weighting.

    Parameters
    ----------
    summary : Summary
        What a sample says of its region.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        One row per total, in people or households; no rows where none is known.
    """
    columns = [
        Column(i18n.text(f"own_form.margin_{name}", lang), numeric=name in _FIELDS[3:])
        for name in _FIELDS
    ]
    builder = TableBuilder("weights", i18n.text("own_form.margins", lang), columns, _FIELDS)
    for one in summary.margins:
        sizes = (one.published, one.before, one.after)
        builder.add(
            (
                region_name(one.region, lang),
                i18n.text(f"own_form.margin_{one.kind}", lang),
                i18n.text(f"own_data.choice.area.{one.area}", lang),
                *(numbers.number(size, lang) for size in sizes),
            ),
            (one.region, one.kind, one.area, *sizes),
        )
    return builder.table()
