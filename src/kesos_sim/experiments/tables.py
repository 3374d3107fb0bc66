"""Figures by month and region as tables: tidy ones for people, wide ones for files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kesos_sim.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["figure_table", "figures_of", "joined", "last_year", "shown_regions"]

_PROVINCE_DIGITS: Final = 2


def joined(
    blocks: Sequence[Mapping[str, Any]], months: Sequence[str], regions: Sequence[str]
) -> pd.DataFrame:
    """Join blocks of rows into a tidy frame.

    Parameters
    ----------
    blocks : columns by name, in the order of the frame: for ``month`` and ``region`` their places,
        for other text the one word of the block, otherwise numbers
    months, regions : the words of the places

    Returns
    -------
    pandas.DataFrame
    """
    import pandas as pd

    places = {"month": months, "region": regions}
    sizes = [block["month"].size for block in blocks]
    whole: dict[str, Any] = {}
    for name in blocks[0]:
        column = [block[name] for block in blocks]
        if name in places:
            whole[name] = pd.Index(places[name]).take(np.concatenate(column))
        elif isinstance(column[0], str):
            whole[name] = pd.Index(column).repeat(sizes)
        else:
            whole[name] = np.concatenate(column)
    return pd.DataFrame(whole)


def shown_regions(regions: tuple[str, ...], by: str) -> list[int]:
    """Return the columns of the regions to list: the own region, provinces, and districts.

    Examples
    --------
    >>> shown_regions(("mpu", "33", "3301", "3316"), "province")
    [0, 1]
    """
    return [
        place
        for place, code in enumerate(regions)
        if place == 0 or by == "district" or len(code) == _PROVINCE_DIGITS
    ]


def figure_table(
    months: Sequence[str], regions: Sequence[str], found: Mapping[str, NDArray[np.float64]]
) -> pa.Table:
    """Return figures as a table with a row for each month and region.

    Parameters
    ----------
    months, regions : the words of rows and columns
    found : float64[n_months, n_regions] by indicator, in the indicator's unit

    Returns
    -------
    pyarrow.Table
        Columns month, region, and one for each indicator.
    """
    import pyarrow as pa

    rows = {
        "month": np.repeat(np.array(months), len(regions)),
        "region": np.tile(np.array(regions), len(months)),
    }
    words = {name: pa.array(column.tolist()).dictionary_encode() for name, column in rows.items()}
    return pa.table(words | {name: table.ravel() for name, table in found.items()})


def figures_of(
    table: pa.Table,
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, NDArray[np.float64]]]:
    """Return months, regions and figures of `figure_table`.

    Parameters
    ----------
    table : pyarrow.Table

    Returns
    -------
    tuple of months, regions, and float64[n_months, n_regions] by indicator
    """
    months, regions = (
        tuple(dict.fromkeys(table.column(name).to_pylist())) for name in ("month", "region")
    )
    found = {
        name: table.column(name).to_numpy().reshape(len(months), len(regions))
        for name in table.column_names
        if name not in {"month", "region"}
    }
    return months, regions, found


def last_year(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of the last twelve months.

    Parameters
    ----------
    table : float64[n_months, n_regions], unit of an indicator, NaN for missing

    Returns
    -------
    float64[n_regions], the same unit; NaN where no month is known

    Examples
    --------
    >>> import numpy as np
    >>> table = np.repeat([[9.0, 8.0]], 25, axis=0)
    >>> table[-12:] -= 1.0
    >>> last_year(table).tolist()
    [8.0, 7.0]
    """
    last = table[-MONTHS_PER_YEAR:]
    known = ~np.isnan(last)
    count = known.sum(axis=0)
    total = np.where(known, last, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
