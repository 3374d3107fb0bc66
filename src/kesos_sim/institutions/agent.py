"""What all institutions that are Mesa agents have in common."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, ClassVar, Final

import mesa

__all__ = ["Institution"]

_NUMBERS: Final = "_numbers_of_agents"


class _Numbers:
    """The next number of an agent by model: each model has its own."""

    def __getitem__(self, model: Any) -> Iterator[int]:
        numbers: Iterator[int] | None = vars(model).get(_NUMBERS)
        if numbers is None:
            numbers = count(1)
            setattr(model, _NUMBERS, numbers)
        return numbers


class Institution(mesa.Agent):
    """An agent whose model goes when nobody uses it any more.

    Mesa (up to 3.3) counts the agents of every model in a table of its class, which would keep
    each model for as long as the process lives.
    """

    _ids: ClassVar[_Numbers] = _Numbers()
