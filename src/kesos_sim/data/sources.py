"""The full text behind the short source names of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from kesos_sim.data.reading import read_table
from kesos_sim.errors import InputError, nearest


@cache
def sources() -> Mapping[str, str]:
    """Return the text of every source.

    Returns
    -------
    mapping of str to str
        Text by source name.
    """
    table = read_table("sources")
    pairs = zip(table["id"].tolist(), table["text"].tolist(), strict=True)
    return MappingProxyType(dict(pairs))


def source_text(name: str) -> str:
    """Return the full text of a source.

    Parameters
    ----------
    name : str
        What a table's column ``source`` holds.

    Returns
    -------
    str
        Publisher, title and address as far as known.

    Raises
    ------
    InputError
        If there is no such source.
    """
    known = sources()
    if name not in known:
        raise InputError("KS1107", "data.unknown_source", got=name, suggestion=nearest(name, known))
    return known[name]
