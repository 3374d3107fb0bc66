"""What was known in a base month: the only door through which growth reads data.

A backcast is honest only if nothing that it should predict can reach it. Outcomes (poverty,
distribution, expenditure) are therefore cut at the base month here, and the columns that may be
read after it (prices, poverty lines, output, unemployment) are named one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from kesos_sim.data import read_table
from kesos_sim.units import Month

SURVEY_MONTH: Final = 3
"""Month of the yearly survey round; a table without a month column is dated by it."""

OUTCOMES: Final[dict[str, frozenset[str]]] = {
    "poverty_province": frozenset({"poverty_rate_p0", "poor_thousand"}),
    "consumption_percentiles": frozenset({"ratio_to_median"}),
}
"""Outcome columns that growth may read, up to the base month."""

INPUTS: Final[dict[str, frozenset[str]]] = {
    "poverty_province": frozenset({"poverty_line_idr"}),
    "growth_prices": frozenset(
        {"gdp_growth_percent", "cpi_inflation_percent", "unemployment_feb_percent"}
    ),
}
"""Columns that come from outside the model and may be read for every month."""

NATION: Final = 0
"""BPS code of the whole country."""
_KEYS: Final = frozenset({"bps_code", "year", "month", "area", "percentile"})


@dataclass(frozen=True, slots=True)
class KnownUntil:
    """Tables as somebody in the base month could read them, plus the outside inputs.

    Parameters
    ----------
    base : Month
        Last month whose outcomes are visible.
    later : Month, optional
        Last month whose outcomes are visible in other places than the hidden ones.
    hidden : frozenset of int
        BPS codes of the provinces of which nothing after the base is visible; the nation, in which
        they are contained, always is one of them.
    """

    base: Month
    later: Month | None = None
    hidden: frozenset[int] = frozenset()

    def outcomes(self, name: str, *columns: str) -> dict[str, npt.NDArray[Any]]:
        """Read keys and outcome columns of a table up to the base month.

        Parameters
        ----------
        name : str
            Table of `OUTCOMES`.
        *columns : str
            Its outcome columns.

        Returns
        -------
        dict of str to ndarray[n_rows]
            Keys and columns in the table's types and units; rows that are not visible are cut off.

        Raises
        ------
        KeyError
            If a column is not declared as an outcome.
        """
        table = _columns(name, columns, OUTCOMES)
        month = table["month"] if "month" in table else np.full(len(table["year"]), SURVEY_MONTH)
        ordinal = table["year"] * 12 + month - 1
        visible = ordinal <= self.base.ordinal
        if self.later is not None and "bps_code" in table:
            elsewhere = ~np.isin(table["bps_code"], [NATION, *self.hidden])
            visible |= elsewhere & (ordinal <= self.later.ordinal)
        return {key: column[visible] for key, column in table.items()}

    def inputs(self, name: str, *columns: str) -> dict[str, npt.NDArray[Any]]:
        """Read keys and outside inputs of a table, for all months.

        Parameters
        ----------
        name : str
            Table of `INPUTS`.
        *columns : str
            Its input columns.

        Returns
        -------
        dict of str to ndarray[n_rows]
            Keys and columns in the table's types and units.

        Raises
        ------
        KeyError
            If a column is not declared as an input.
        """
        return _columns(name, columns, INPUTS)


def known_until(base: Month) -> KnownUntil:
    """Return the view of the data that ends in the base month.

    Parameters
    ----------
    base : Month
        Last month whose outcomes are visible.

    Returns
    -------
    KnownUntil
        The view.
    """
    return KnownUntil(base)


def province_parents() -> dict[int, int]:
    """Return for each province the one that it belonged to before the divisions of 2022.

    Returns
    -------
    dict of int to int
        BPS code of the province to BPS code of the undivided province.
    """
    table = read_table("provinces")
    codes = table["bps_code"].astype(np.int64)
    parents = table["parent_code_34"].astype(np.int64)
    return dict(zip(codes.tolist(), parents.tolist(), strict=True))


def _columns(
    name: str, columns: tuple[str, ...], allowed: dict[str, frozenset[str]]
) -> dict[str, npt.NDArray[Any]]:
    """Read declared columns and the keys of a table, codes as integers."""
    undeclared = set(columns) - allowed.get(name, frozenset())
    if undeclared:
        raise KeyError(f"{name}: not declared for this use: {sorted(undeclared)}")
    table = read_table(name)
    keys = [key for key in table.columns if key in _KEYS]
    read = {key: np.asarray(table[key]) for key in (*keys, *columns)}
    if "bps_code" in read:
        read["bps_code"] = read["bps_code"].astype(np.int64)
    return read
