"""Values as they stand in a file or an option, each with its place.

Everything that reads a scenario works on these nodes, so that every message can name file, line,
column and field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from kesos_sim.errors import InputError
from kesos_sim.units import Month

Scalar = str | int | float | bool | None

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE: Final = frozenset({"true", "True", "TRUE"})
_FALSE: Final = frozenset({"false", "False", "FALSE"})
_WHOLE: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})", re.ASCII)
_DECIMAL: Final = re.compile(
    r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII
)
_INFINITE: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)", re.ASCII)
_LONGEST_NUMBER: Final = 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands.

    Attributes
    ----------
    file : str or None
        File name as the user knows it, or the option, for instance ``--months``.
    line, column : int or None
        Counted from 1; None for options.
    field : str
        Dotted name, for instance ``levers.pkh_amount.value``; empty for the whole file.
    """

    file: str | None
    line: int | None = None
    column: int | None = None
    field: str = ""

    def inside(self, name: str) -> Place:
        """Return the place of a value inside this one, as long as nothing better is known."""
        return replace(self, field=f"{self.field}.{name}" if self.field else name)

    def error(
        self,
        code: str,
        key: str,
        *,
        got: object = None,
        expected: object = None,
        suggestion: str | None = None,
        **fields: object,
    ) -> InputError:
        """Build the error of this place.

        Parameters
        ----------
        code, key : str
            Code and catalogue key of the message.
        got, expected, suggestion : object, optional
            As in `InputError`.
        **fields : object
            What else the message needs.

        Returns
        -------
        InputError
            The error, to be raised by the caller.
        """
        own_option = self.file == f"--{self.field}"
        return InputError(
            code,
            key,
            file=None if own_option else self.file,
            line=self.line,
            field=(self.file if own_option else self.field) or None,
            got=got,
            expected=expected,
            suggestion=suggestion,
            column=self.column,
            **fields,
        )


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place.

    Attributes
    ----------
    value : scalar, list of Node or dict of str to Node
        What was read. A plain word is resolved as in YAML 1.2: only ``true`` and ``false`` are
        logical values, and only decimal numbers are numbers.
    place : Place
        Where the value stands.
    raw : str
        The text of a scalar as written.
    """

    value: Scalar | list[Node] | dict[str, Node]
    place: Place
    raw: str = ""

    @property
    def entries(self) -> dict[str, Node] | None:
        """The entries of a mapping; None for anything else."""
        return self.value if isinstance(self.value, dict) else None

    @property
    def items(self) -> list[Node] | None:
        """The items of a list; None for anything else."""
        return self.value if isinstance(self.value, list) else None

    @property
    def shown(self) -> str:
        """A short form for messages."""
        if isinstance(self.value, dict):
            return "{" + ", ".join(self.value) + "}"
        if isinstance(self.value, list):
            return "[" + ", ".join(item.shown for item in self.value[:5]) + "]"
        return self.raw


def plain_scalar(text: str) -> Scalar:
    """Resolve a word without quotes as YAML 1.2 does.

    Parameters
    ----------
    text : str
        The word as written.

    Returns
    -------
    str, int, float, bool or None
        Hexadecimal, octal, sexagesimal and underscored numbers and those with leading zeros stay
        text, as do yes and no.
    """
    if text in _NULLS:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if len(text) > _LONGEST_NUMBER:
        return text
    number: Scalar = text
    if _WHOLE.fullmatch(text):
        number = int(text)
    elif _DECIMAL.fullmatch(text):
        number = float(text)
    elif _INFINITE.fullmatch(text):
        number = float(text.lower().replace(".", ""))
    return number


def from_python(value: object, place: Place) -> Node:
    """Turn a Python value into nodes that stand at one place.

    Parameters
    ----------
    value : object
        Mappings, sequences, months and scalars; anything else becomes its text.
    place : Place
        The place to name in messages.

    Returns
    -------
    Node
        The value as if it had been read from a file.
    """
    if isinstance(value, Mapping):
        entries = {str(k): from_python(v, place.inside(str(k))) for k, v in value.items()}
        return Node(entries, place)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        items = [
            from_python(item, replace(place, field=f"{place.field}[{index}]"))
            for index, item in enumerate(value)
        ]
        return Node(items, place)
    if value is None or isinstance(value, bool | int | float | str):
        return Node(value, place, raw=str(value))
    if isinstance(value, Month):
        return Node(str(value), place, raw=str(value))
    scalar: Any = getattr(value, "item", lambda: None)()
    if isinstance(scalar, bool | int | float):
        return Node(scalar, place, raw=str(scalar))
    return Node(str(value), place, raw=str(value))
