"""The one table of model parameters: value, range, unit, source and grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from kesos_sim.data.reading import read_table

Grade = Literal["A", "B", "C", "D"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the model with everything that is known about it.

    Parameters
    ----------
    id : str
        Dotted lower-case name, for instance ``household.permanent_share``.
    value : float
        The value used, in `unit`.
    low, high : float
        The range that is taken as possible, in `unit`.
    unit : str
        Unit of value and range.
    source : str
        Where it comes from; an assumption begins with ``assumption:`` and says why.
    source_id : str
        The same in Bahasa Indonesia; names of publications stay as published.
    grade : {"A", "B", "C", "D"}
        A data, B literature, C expert judgement, D guess.
    note : str
        What else matters.
    note_id : str
        The same in Bahasa Indonesia.
    """

    id: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    source_id: str
    grade: Grade
    note: str
    note_id: str

    @property
    def sources(self) -> Mapping[str, str]:
        """Where it comes from, in ``id`` and ``en``."""
        return {"id": self.source_id, "en": self.source}


@cache
def parameter_table() -> Mapping[str, Parameter]:
    """Return every model parameter.

    Returns
    -------
    mapping of str to Parameter
        By id, in alphabetical order; read once, then kept.

    Examples
    --------
    >>> row = parameter_table()["household.propensity_to_consume"]
    >>> row.value, row.low, row.high, row.grade
    (0.6, 0.1, 1.0, 'B')
    """
    rows = (Parameter(**row) for row in read_table("parameters").rows())
    return MappingProxyType({row.id: row for row in rows})
