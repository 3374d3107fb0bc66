"""Kinds of values that options take; what does not fit is refused in both languages."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from kesos_sim.errors import InputError, nearest
from kesos_sim.i18n.bounds import Bounds
from kesos_sim.units import Month


def _place(parameter: click.Parameter | None) -> str | None:
    """Name the option in which a value stands."""
    if parameter is None:
        return None
    return parameter.opts[0] if isinstance(parameter, click.Option) else parameter.name


class Word(click.ParamType):
    """One of a few words.

    Parameters
    ----------
    words : sequence of str
        The words that are allowed.
    """

    name = "word"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the word, or refuse with the nearest one."""
        if value not in self.words:
            raise InputError(
                "KS1911",
                "cli.refusal.word",
                field=_place(param),
                got=value,
                expected=", ".join(self.words),
                suggestion=nearest(value, self.words),
            )
        return str(value)


class Whole(click.ParamType):
    """A whole number in a range; ``100_000`` may be written with low lines.

    Parameters
    ----------
    low : int
        Smallest value.
    high : int
        Largest value.
    """

    name = "whole"

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number, or refuse with the range."""
        try:
            number = int(str(value), 10)
        except ValueError:
            number = self.low - 1
        if not self.low <= number <= self.high:
            raise InputError(
                "KS1912",
                "cli.refusal.whole",
                field=_place(param),
                got=value,
                expected=Bounds(self.low, self.high),
            )
        return number


class MonthKind(click.ParamType):
    """A month such as ``2024-03``."""

    name = "month"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Month:
        """Return the month, or refuse with an example."""
        try:
            return Month.parse(value)
        except InputError as error:
            error.fields["field"] = _place(param)
            raise


class _Amount(click.ParamType):
    """A number with a unit behind it.

    Parameters
    ----------
    units : mapping of str to float
        What each unit stands for; the first is meant where none is written.
    refusal : str
        Name of the refusal in ``cli.refusal``.
    """

    def __init__(self, units: Mapping[str, float], refusal: str) -> None:
        self.units = dict(units)
        self.refusal = refusal

    def amount(self, value: object, param: click.Parameter | None) -> float:
        """Return the number in the smallest unit, or refuse with an example."""
        found = re.fullmatch(r"([0-9]{1,9}(?:[.,][0-9]{1,3})?) ?([A-Za-z]*)", str(value).strip())
        unit = next(iter(self.units)) if found and not found[2] else found and found[2].lower()
        if not found or unit not in self.units:
            raise InputError(
                "KS1917",
                f"cli.refusal.{self.refusal}",
                field=_place(param),
                got=value,
                expected=", ".join(self.units),
            )
        return float(found[1].replace(",", ".")) * self.units[unit]


class Number(click.ParamType):
    """A number that is more than nothing, with a point or a comma."""

    name = "number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number, or refuse with an example."""
        try:
            found = float(str(value).replace(",", "."))
        except ValueError:
            found = math.nan
        if not (math.isfinite(found) and found > 0.0):
            raise InputError("KS1920", "cli.refusal.number", field=_place(param), got=value)
        return found


class Duration(_Amount):
    """A time such as ``60s``, ``5m``, ``2h`` or ``30d``: seconds."""

    name = "duration"

    def __init__(self) -> None:
        super().__init__({"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}, "duration")

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return seconds, or refuse with an example."""
        return self.amount(value, param)


class Size(_Amount):
    """A size such as ``500MB`` or ``2GB``: bytes."""

    name = "size"

    def __init__(self) -> None:
        super().__init__({"mb": 1e6, "gb": 1e9, "kb": 1e3}, "size")

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return bytes, or refuse with an example."""
        return int(self.amount(value, param))


class Setting(click.ParamType):
    """``name=value`` with a dotted name, as in a scenario file."""

    name = "setting"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return name and value, or refuse with an example."""
        if isinstance(value, tuple):
            return value
        name, sign, content = str(value).partition("=")
        if not (name.strip() and sign and content.strip()):
            raise InputError(
                "KS1913",
                "cli.refusal.setting",
                field=_place(param),
                got=value,
                expected="levers.apbd_poverty_share.value=0.1",
            )
        return name.strip(), content.strip()


class Folder(click.ParamType):
    """A folder to write into; it need not exist yet."""

    name = "folder"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        """Return the folder, or refuse what is a file."""
        path = Path(str(value)).expanduser()
        blocked = next((p for p in (path, *path.parents) if p.exists() and not p.is_dir()), None)
        if blocked is not None or "\0" in str(value):
            raise InputError("KS1914", "cli.refusal.folder", field=_place(param), got=value)
        return path


class Text(click.ParamType):
    """Any text; what it means is checked where it is used.

    Parameters
    ----------
    name : str
        Kind of text, for the help page.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the text."""
        return str(value)
