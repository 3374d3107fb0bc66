"""Kinds of values in a scenario file: each knows how to check itself and its JSON Schema.

The file format is declared with these kinds in `kesos_sim.scenario.format`; the checks and the
schema for editors come from the same declaration and cannot drift apart.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from kesos_sim.errors import InputError, nearest
from kesos_sim.i18n.bounds import Bounds
from kesos_sim.scenario.nodes import Node, Place
from kesos_sim.scenario.spelling import as_fraction, hint
from kesos_sim.units import Month

Places = dict[str, Place]
Schema = dict[str, Any]

MONTH_PATTERN: Final = "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
_WANTED: Final = {
    "number": ("KS1220", "scenario.not_number"),
    "whole": ("KS1275", "scenario.not_whole_number"),
    "text": ("KS1276", "scenario.not_text"),
    "mapping": ("KS1277", "scenario.not_mapping"),
    "list": ("KS1278", "scenario.not_list"),
}
_SHARE: Final = 1.0
_PERCENT: Final = 100.0


class Kind(Protocol):
    """What a value may be."""

    def check(self, node: Node, places: Places) -> Any:
        """Return the checked value, noting in `places` where it stands."""

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number in a range.

    Attributes
    ----------
    low, high : float
        The range, ends included.
    """

    low: float
    high: float

    def check(self, node: Node, places: Places) -> float:
        """Return the number.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the place of the value.

        Returns
        -------
        float
            Within the range.
        """
        value = _number(node, self.low, self.high, "number")
        places[node.place.field] = node.place
        return value

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in a range.

    Attributes
    ----------
    low, high : int
        The range, ends included.
    """

    low: int
    high: int

    def check(self, node: Node, places: Places) -> int:
        """Return the number.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the place of the value.

        Returns
        -------
        int
            Within the range.
        """
        if isinstance(node.value, float) and math.isfinite(node.value):
            raise _not_whole(node, self.low, self.high)
        value = int(_number(node, self.low, self.high, "whole"))
        places[node.place.field] = node.place
        return value

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class WholeUpTo:
    """A whole number from 0 to one that is looked up.

    Attributes
    ----------
    most : callable
        Returns the largest.
    """

    most: Callable[[], int]

    def check(self, node: Node, places: Places) -> int:
        """Return the number; see `Whole.check`."""
        return Whole(0, self.most()).check(node, places)

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return Whole(0, self.most()).schema()


@dataclass(frozen=True, slots=True)
class Switch:
    """Off or on, written false or true, or 0 or 1."""

    def check(self, node: Node, places: Places) -> float:
        """Return 0.0 or 1.0.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the place of the value.

        Returns
        -------
        float
            The setting.
        """
        if node.value is None:
            raise wrong_type(node, "number", "true, false")
        if not isinstance(node.value, bool | int | float) or node.value not in (0, 1):
            raise node.place.error("KS1223", "scenario.not_switch", got=node.shown)
        places[node.place.field] = node.place
        return float(node.value)

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"enum": [True, False, 0, 1]}


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text.

    Attributes
    ----------
    longest : int
        Most characters.
    pattern : str or None
        What the whole text must match.
    refusal : tuple of str
        Code and catalogue key of the message for text that does not fit.
    """

    longest: int
    pattern: str | None = None
    refusal: tuple[str, str] = ("KS1221", "scenario.bad_text")

    def check(self, node: Node, places: Places) -> str:
        """Return the text.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the place of the value.

        Returns
        -------
        str
            Printable, not empty, without spaces at the ends.
        """
        text = node.value
        if not isinstance(text, str):
            raise wrong_type(node, "text")
        fits = bool(text) and text.isprintable() and len(text) <= self.longest
        fits = fits and text == text.strip()
        if not fits or (self.pattern is not None and not re.search(self.pattern, text, re.ASCII)):
            raise node.place.error(*self.refusal, got=text, longest=self.longest)
        places[node.place.field] = node.place
        return text

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        schema: Schema = {"type": "string", "minLength": 1, "maxLength": self.longest}
        return schema if self.pattern is None else {**schema, "pattern": self.pattern}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words.

    Attributes
    ----------
    names : callable
        Returns the words.
    """

    names: Callable[[], tuple[str, ...]]

    def check(self, node: Node, places: Places) -> str:
        """Return the word.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the place of the value.

        Returns
        -------
        str
            One of the words.
        """
        if node.value is None:
            raise wrong_type(node, "text", ", ".join(self.names()))
        if not isinstance(node.value, str) or node.value not in self.names():
            raise node.place.error(
                "KS1222",
                "scenario.not_a_choice",
                got=node.shown,
                expected=", ".join(self.names()),
                suggestion=nearest(node.raw, self.names()),
            )
        places[node.place.field] = node.place
        return node.value

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"enum": list(self.names())}


@dataclass(frozen=True, slots=True)
class MonthKind:
    """A calendar month, written 2024-03.

    Attributes
    ----------
    allowed : callable or None
        Returns the only months that are allowed, if not all are.
    """

    allowed: Callable[[], tuple[Month, ...]] | None = None

    def check(self, node: Node, places: Places) -> Month:
        """Return the month.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the place of the value.

        Returns
        -------
        Month
            The month.
        """
        allowed = self.allowed() if self.allowed is not None else ()
        expected = ", ".join(str(known) for known in allowed) or "2026-01"
        if node.value is None:
            raise wrong_type(node, "text", expected)
        if not isinstance(node.value, str) or not re.search(MONTH_PATTERN, node.value, re.ASCII):
            raise node.place.error(
                "KS1224", "scenario.not_month", got=node.shown, expected=expected
            )
        month = Month.parse(node.value)
        if allowed and month not in allowed:
            raise node.place.error(
                "KS1225", "scenario.no_base_month", got=str(month), expected=expected
            )
        places[node.place.field] = node.place
        return month

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        if self.allowed is not None:
            return {"enum": [str(month) for month in self.allowed()]}
        return {"type": "string", "pattern": MONTH_PATTERN}


def _number(node: Node, low: float, high: float, kind: str) -> float:
    """Return a number within its range, or say what to write instead."""
    value = node.value
    better = hint(value, whole=kind == "whole") if isinstance(value, str) else None
    if better is not None:
        raise _rewritten(node, better, low, high)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_type(node, kind, Bounds(low, high))
    if not math.isfinite(value):
        raise node.place.error("KS1218", "scenario.not_finite", got=node.raw)
    if not low <= value <= high:
        expected = Bounds(low, high)
        if high <= _SHARE < value <= _PERCENT and low <= value / _PERCENT <= high:
            better = as_fraction(value)
            raise node.place.error(
                "KS1272", "scenario.percent_range", got=node.raw, expected=expected, better=better
            )
        raise node.place.error("KS1217", "scenario.range", got=node.raw, expected=expected)
    return float(value) + 0.0  # no negative zero


def _not_whole(node: Node, low: int, high: int) -> InputError:
    """Say that a number has decimals, or dots between the thousands."""
    better = hint(node.raw, whole=True)
    if better is not None:
        return _rewritten(node, better, low, high)
    expected = Bounds(low, high)
    return node.place.error("KS1219", "scenario.not_whole", got=node.raw, expected=expected)


def _rewritten(node: Node, better: str, low: float, high: float) -> InputError:
    """Say how a number is to be written, unless it is out of range anyway."""
    if low <= float(better) <= high:
        return node.place.error("KS1216", "scenario.unit", got=node.raw, better=better)
    return node.place.error("KS1217", "scenario.range", got=node.raw, expected=Bounds(low, high))


def wrong_type(node: Node, wanted: str, example: str | Bounds = "") -> InputError:
    """Say what kind of value was wanted.

    Parameters
    ----------
    node : Node
        What was read instead.
    wanted : str
        ``number``, ``whole``, ``text``, ``mapping`` or ``list``.
    example : str or Bounds
        What would be right, in words that need no translation, or the smallest and largest number.

    Returns
    -------
    InputError
        The error, to be raised by the caller.
    """
    if node.value is None:
        return node.place.error("KS1215", "scenario.nothing", expected=example or None)
    return node.place.error(*_WANTED[wanted], got=node.shown, expected=example or None)
