"""What all institutions that are Mesa agents have in common."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

import mesa

__all__ = ["Institution"]


class _Numbers(WeakKeyDictionary[Any, Iterator[int]]):
    """The next number of an agent by model, for as long as the model is in use."""

    def __getitem__(self, model: Any) -> Iterator[int]:
        return self.setdefault(model, count(1))


class Institution(mesa.Agent):
    """An agent whose model goes when nobody uses it any more.

    Mesa (up to 3.3) counts the agents of every model in a table of its class, which would keep
    each model for as long as the process lives.
    """

    _ids: ClassVar[_Numbers] = _Numbers()
