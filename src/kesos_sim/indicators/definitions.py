"""The table of indicators: name, unit, direction and words.

A family (one indicator per decile or per programme) is declared once; its members have names
such as ``decile_mean_1`` or ``programme_recipients.pkh``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal

from kesos_sim import i18n
from kesos_sim.errors import InputError, nearest

Direction = Literal["lower", "higher", "neutral"]

DECILES: Final = tuple(range(1, 11))
_DEFAULTS: Final = {"flow": False, "of": "run", "parts": "", "names": "{part}"}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator as results name it.

    Attributes
    ----------
    name : str
        Stable name in frames and files.
    family : str
        Key of its words; equals the name unless it belongs to a family.
    part : str
        Decile or programme of a family's member, empty otherwise.
    unit : str
        Unit of the value.
    direction : {"lower", "higher", "neutral"}
        Which way is better.
    decimals, spoken : int
        Digits in tables and in sentences.
    flow : bool
        Whether months add up to a year.
    of : {"run", "comparison"}
        Whether one run knows it or a baseline is needed.
    sdg : tuple of str
        Targets of the Sustainable Development Goals that it tells about, the nearest first.
    """

    name: str
    family: str
    part: str
    unit: str
    direction: Direction
    decimals: int
    spoken: int
    flow: bool
    of: str
    sdg: tuple[str, ...]

    @property
    def negligible(self) -> float:
        """Half a unit of the last spoken digit: what no sentence would show."""
        return 0.5 * 10.0**-self.spoken

    def label(self, lang: str) -> str:
        """Return the name on screens.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            A short noun phrase without a full stop.
        """
        part = programme_label(self.part, lang) if self.family in _programmes() else self.part
        return i18n.text(f"indicators.{self.family}.label", lang, part=part)

    def meaning(self, lang: str) -> str:
        """Return one sentence that says what the indicator tells.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            A sentence.
        """
        part = programme_label(self.part, lang) if self.family in _programmes() else self.part
        return i18n.text(f"indicators.{self.family}.meaning", lang, part=part)

    def formula(self, lang: str) -> str:
        """Return how it is computed.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            A formula; its letters are explained by ``reports.formula_words``.
        """
        return i18n.text(f"indicators.{self.family}.formula", lang)

    def source(self, lang: str) -> str:
        """Return who defined it.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            A short noun phrase.
        """
        return i18n.text(f"indicators.{self.family}.source", lang)

    def unit_label(self, lang: str) -> str:
        """Return the unit in words.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            For instance ``rupiah per orang per bulan``.
        """
        return i18n.text(f"indicators.unit.{self.unit.replace('/', '_per_')}", lang)


def programme_label(programme: str, lang: str) -> str:
    """Return the customary name of a programme, or its code when it has no other.

    Parameters
    ----------
    programme : str
        Code, for instance ``blt_desa``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance ``BLT Desa``.
    """
    try:
        return i18n.text(f"indicators.programme.{programme}", lang)
    except KeyError:
        return programme.replace("_", " ")


def indicators() -> Mapping[str, Indicator]:
    """Return every indicator with a fixed name.

    Families by decile are spelled out; a family by programme has as many members as the
    programme table, so its members are found by `indicator`.

    Returns
    -------
    mapping of str to Indicator
        In the order of the table.
    """
    return _spelled_out()


def indicator(name: str) -> Indicator:
    """Return the definition of one indicator.

    Parameters
    ----------
    name : str
        Name in a frame, for instance ``poverty_rate`` or ``programme_recipients.pkh``.

    Returns
    -------
    Indicator
        Its definition.

    Raises
    ------
    InputError
        If no indicator has that name.

    Examples
    --------
    >>> rate = indicator("poverty_rate")
    >>> rate.unit
    'percent'
    """
    known = _spelled_out()
    if name in known:
        return known[name]
    family, dot, part = name.partition(".")
    if dot and part and family in _programmes():
        return _member(family, _document()[family], part)
    valid = [*known, *(f"{family}.pkh" for family in _programmes())]
    raise InputError(
        "KS4001", "reports.unknown_indicator", got=name, suggestion=nearest(name, valid)
    )


def sdg_targets() -> tuple[str, ...]:
    """Return the SDG targets that some indicator tells about.

    Returns
    -------
    tuple of str
        By goal, for instance ``1.2``; targets with a letter come after those with a number.
    """
    known = {target for row in _document().values() for target in _targets(row)}
    return tuple(sorted(known, key=_place))


def sdg_words(target: str, lang: str) -> str:
    """Return what an SDG target asks for, in short.

    Parameters
    ----------
    target : str
        For instance ``1.2``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A noun phrase.
    """
    return i18n.text(f"indicators.sdg.{target.replace('.', '_')}", lang)


def _targets(row: Mapping[str, Any]) -> list[str]:
    """Return every target that a row of the table names."""
    return [*row.get("sdg", ()), *(one for own in row.get("sdg_of", {}).values() for one in own)]


def _place(target: str) -> tuple[int, bool, int, str]:
    """Return where a target stands among others."""
    goal, _, rest = target.partition(".")
    return int(goal), not rest.isdigit(), int(rest) if rest.isdigit() else 0, rest


@cache
def _document() -> dict[str, dict[str, Any]]:
    """Read the table."""
    source = files("kesos_sim.indicators") / "definitions.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def _programmes() -> frozenset[str]:
    """Return the families that have one member per programme."""
    return frozenset(
        family for family, row in _document().items() if row.get("parts") == "programme"
    )


@cache
def _spelled_out() -> Mapping[str, Indicator]:
    """Build the indicators whose names the table fixes."""
    found: dict[str, Indicator] = {}
    for family, row in _document().items():
        if family in _programmes():
            continue
        parts = [str(decile) for decile in DECILES] if row.get("parts") == "decile" else [""]
        for part in parts:
            member = _member(family, row, part)
            found[member.name] = member
    return MappingProxyType(found)


def _member(family: str, row: dict[str, Any], part: str) -> Indicator:
    """Build one indicator of a row."""
    fields = {**_DEFAULTS, **row}
    names = str(fields.pop("names"))
    fields.pop("parts")
    fields["unit"] = fields.pop("units", {}).get(part, fields["unit"])
    fields["sdg"] = tuple(fields.pop("sdg_of", {}).get(part, fields.get("sdg", ())))
    return Indicator(
        name=names.format(part=part) if part else family, family=family, part=part, **fields
    )
