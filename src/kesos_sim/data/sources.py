"""The full text behind the short source names of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from kesos_sim.data.reading import read_table


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
