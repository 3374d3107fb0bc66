"""What is told in words, and as records, of what a follower has seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.units import Month

__all__ = [
    "Chapter",
    "chapters_text",
    "hundred",
    "month_records",
    "school_kept",
    "tell",
    "years_of",
]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What is told of one month.

    Attributes
    ----------
    row : int
        Months since the base month.
    sentences : tuple of str
        What happened, in the language of the reader.
    """

    row: int
    sentences: tuple[str, ...]


def tell(key: str, lang: str, /, **fields: object) -> str:
    """Return a sentence of the catalogue ``explain``.

    Parameters
    ----------
    key : str
        Its name.
    lang : str
        ``id`` or ``en``.
    **fields : object
        What it needs.

    Returns
    -------
    str
    """
    return i18n.text(f"explain.{key}", lang, **fields)


def hundred(share: float, lang: str) -> str:
    """Write a share as a number out of a hundred, without a unit.

    Parameters
    ----------
    share : float
        0 to 1.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``37``; a decimal where there is less than one.
    """
    value = 100.0 * share
    return numbers.number(value, lang, 1 if 0.0 < value < 1.0 else 0)


def school_kept(share: float, lang: str) -> Iterator[str]:
    """Say what family counselling changes in lost schooling, where that can be read.

    Parameters
    ----------
    share : float
        Of the school years that would be lost; below zero where more are lost than usual.
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    str
        A sentence, or nothing.
    """
    hundredths = round(100.0 * abs(share), 1)
    if hundredths:
        key = "school_kept" if share > 0.0 else "school_not_kept"
        yield tell(key, lang, kept=numbers.number(hundredths, lang, 1))


def chapters_text(chapters: Sequence[Chapter], start: Month, lang: str) -> Iterator[str]:
    """Yield the lines of a story: a heading for each month in which something happened.

    Parameters
    ----------
    chapters : sequence of Chapter
        The months.
    start : Month
        The base month.
    lang : str
        ``id`` or ``en``.

    Yields
    ------
    str
        Lines that are not yet wrapped; sentences are indented.
    """
    for chapter in chapters:
        if chapter.sentences:
            yield tell("month", lang, month=numbers.month_name(start + chapter.row, lang))
            yield from (f"    {sentence}" for sentence in chapter.sentences)


def month_records(
    months: Sequence[Any], chapters: Sequence[Chapter], start: Month
) -> list[dict[str, Any]]:
    """Return the months as records for programs.

    Parameters
    ----------
    months : sequence of dataclass
        What the follower saw.
    chapters : sequence of Chapter
        What is told of each of them.
    start : Month
        The base month.

    Returns
    -------
    list of dict
        ``month``, the fields of the month, and ``told``.
    """
    told = {chapter.row: list(chapter.sentences) for chapter in chapters}
    records = []
    for month in months:
        fields = asdict(month)
        row = fields.pop("row")
        records.append({"month": str(start + row)} | fields | {"told": told.get(row, [])})
    return records


def years_of(months: Sequence[Any], start: Month) -> Mapping[int, list[Any]]:
    """Return the months of each year that is over or ends with the last month.

    Parameters
    ----------
    months : sequence of dataclass
        What the follower saw, each with its ``row``.
    start : Month
        The base month.

    Returns
    -------
    mapping of int to list
        By the row of the last month of the year: its months, in order.
    """
    years: dict[int, list[Any]] = {}
    for month in months:
        years.setdefault((start + month.row).year, []).append(month)
    return {inside[-1].row: inside for inside in years.values()}
