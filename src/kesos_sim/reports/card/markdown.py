"""Words, numbers and tables of the model card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kesos_sim import i18n
from kesos_sim.i18n import numbers

__all__ = ["plain", "say", "table", "written"]


def say(key: str, lang: str, /, **fields: object) -> str:
    """Return words of the card.

    Parameters
    ----------
    key : str
        Key below ``card`` in the catalogue.
    lang : str
        ``id`` or ``en``.
    **fields : object
        What fills the gaps.

    Returns
    -------
    str
    """
    return i18n.text(f"card.{key}", lang, **fields)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a Markdown table with the blank line after it.

    Parameters
    ----------
    head : sequence of str
        Headings.
    rows : iterable of sequence of str
        Cells; made safe for a table.

    Yields
    ------
    str
        Lines.
    """
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        cells = (" ".join(cell.split()).replace("|", "\\|") for cell in row)
        yield f"| {' | '.join(cells)} |"
    yield ""


def written(value: float, low: float, high: float, lang: str) -> tuple[str, str]:
    """Write a value and its range.

    Parameters
    ----------
    value, low, high : float
        The value and the ends of the range, in one unit.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    (str, str)
    """
    return plain(value, lang), f"{plain(low, lang)}–{plain(high, lang)}"


def plain(value: float, lang: str) -> str:
    """Write a number with as many digits as it has.

    Parameters
    ----------
    value : float
        The number.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    digits = len(f"{value:g}".partition(".")[2])
    return numbers.number(value, lang, digits)
