"""The record of the model on one page: who is behind it, what it is for, how it was tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from kesos_sim import __version__, i18n
from kesos_sim.data.catalogue import list_tables
from kesos_sim.data.parameters import parameter_table
from kesos_sim.i18n import numbers
from kesos_sim.reports.card import kept_validation
from kesos_sim.reports.tables import Column, TableBuilder, TextTable

__all__ = ["record_table"]

_GRADES: Final = "ABCD"


def record_table(lang: str) -> TextTable:
    """Return the record of the model.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        A row for each question that a register of algorithms asks.

    Examples
    --------
    >>> [row[0] for row in record_table("en").rows][:3]
    ['Name', 'Owner', 'Purpose']
    """
    columns = [
        Column(i18n.text(f"record.{name}", lang), numeric=False) for name in ("asked", "told")
    ]
    title = i18n.text("record.title", lang, version=__version__)
    builder = TableBuilder("record", title, columns, ("asked", "told"))
    for name, words in _answers(lang):
        builder.add((i18n.text(f"record.{name}", lang), words), (name, words))
    return builder.table()


def _answers(lang: str) -> Iterator[tuple[str, str]]:
    """Yield what is asked and what is told."""

    def say(name: str, **fields: object) -> str:
        return i18n.text(f"record.{name}_text", lang, **fields)

    def written(count: int) -> str:
        return numbers.number(count, lang)

    tables = list_tables()
    grades = Counter[str](row.grade for row in parameter_table().values())
    listed = ", ".join(
        f"{i18n.text(f'reports.grade_{grade.lower()}', lang)} {written(grades[grade])}"
        for grade in _GRADES
    )
    kept = kept_validation()
    verdicts: Counter[tuple[str, str]] = Counter()
    for row in kept["counts"]:
        verdicts[row["use"], row["verdict"]] += row["figures"]
    yield "name", say("name", version=__version__)
    yield "owner", say("owner")
    yield "purpose", say("purpose")
    yield "not_for", say("not_for")
    yield "decides", say("decides")
    yield "method", say("method")
    yield (
        "data",
        say(
            "data",
            tables=written(len(tables)),
            rows=written(sum(info.rows for info in tables)),
            parameters=written(grades.total()),
            grades=listed,
        ),
    )
    yield "people", say("people")
    yield (
        "tests",
        say(
            "tests",
            hits=written(verdicts["scored", "hit"]),
            misses=written(verdicts["scored", "miss"]),
            set_hits=written(verdicts["set", "hit"]),
            set_misses=written(verdicts["set", "miss"]),
            version=kept["provenance"]["model_version"],
        ),
    )
    yield "limits", say("limits")
    yield "changes", say("changes", version=__version__)
