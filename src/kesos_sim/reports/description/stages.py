"""What happens in a month, stage by stage."""

from __future__ import annotations

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.model.month import STAGES
from kesos_sim.reports.tables import Column, TableBuilder, TextTable

__all__ = ["stage_table"]


def stage_table(lang: str) -> TextTable:
    """List the stages of a month in their order.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        Number, name in the code, and what happens.

    Examples
    --------
    >>> [row[1] for row in stage_table("en").rows][:3]
    ['move_world', 'fill_treasuries', 'fund_organisations']
    """
    columns = [
        Column(i18n.text("description.column_number", lang)),
        Column(i18n.text("description.column_stage", lang), numeric=False),
        Column(i18n.text("description.column_does", lang), numeric=False),
    ]
    title = i18n.text("description.stages_title", lang, count=numbers.number(len(STAGES), lang))
    builder = TableBuilder("stages", title, columns, ("number", "stage", "does"))
    for number, stage in enumerate(STAGES, start=1):
        name = stage.__name__
        words = i18n.text(f"description.{name}", lang)
        builder.add((numbers.number(number, lang), name, words), (number, name, words))
    return builder.table()
