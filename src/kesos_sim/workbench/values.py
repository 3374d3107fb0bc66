"""Values of a scenario as planners read and type them: percent, decimal comma, months by name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.scenario import LEVERS
from kesos_sim.scenario.spelling import hint
from kesos_sim.units import Month

__all__ = ["as_typed", "from_typed", "in_percent", "is_whole", "month_words", "unit_of"]

_HUNDRED: Final = 100
_WHOLE: Final = frozenset({"months", "households", "seed"})
_WHOLE_KINDS: Final = frozenset({"amount", "step"})
_UNGROUPED: Final = frozenset({"seed"})
_PERCENT_SIGNS: Final = ("%", "persen", "percent")


def in_percent(field: str) -> bool:
    """Return whether a number is typed in percent though a file has it as a fraction.

    Parameters
    ----------
    field : str
        Dotted name as in messages.

    Returns
    -------
    bool
    """
    group, _, rest = field.partition(".")
    if group == "levers":
        name, _, part = rest.partition(".")
        return part == "value" and LEVERS[name].kind == "share"
    if group == "parameters":
        return parameter_table()[rest].unit.startswith("share")
    return group == "funding_sources"


def is_whole(field: str) -> bool:
    """Return whether only whole numbers make sense in a field.

    Parameters
    ----------
    field : str
        Dotted name as in messages.

    Returns
    -------
    bool
    """
    group, _, rest = field.partition(".")
    name, _, part = rest.partition(".")
    if group == "levers":
        return part == "ramp_months" or (part == "value" and LEVERS[name].kind in _WHOLE_KINDS)
    return group in _WHOLE


def unit_of(field: str, lang: str) -> str:
    """Return what a typed number counts.

    Parameters
    ----------
    field : str
        Dotted name as in messages.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        For instance "persen" or "kali".
    """
    group, _, rest = field.partition(".")
    if in_percent(field):
        return i18n.text("planner.unit_percent", lang)
    if field.endswith("ramp_months") or field == "months":
        return i18n.text("planner.unit_months", lang)
    if group == "levers":
        kind = LEVERS[rest.partition(".")[0]].kind
        return i18n.text(f"planner.unit_{kind}", lang)
    return i18n.text(f"planner.unit_{'households' if field == 'households' else 'ratio'}", lang)


def as_typed(field: str, value: Any, lang: str) -> str:
    """Write a value the way somebody would type it.

    Parameters
    ----------
    field : str
        Dotted name as in messages.
    value : object
        What the document holds; text that is no number stays as it is.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Empty where there is no value.
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if field in _UNGROUPED:
        return str(value)
    exact = Decimal(repr(float(value)) if isinstance(value, float) else value)
    if in_percent(field):
        exact *= _HUNDRED
    if not exact.is_finite():
        return str(value)
    decimals = max(0, -int(exact.normalize().as_tuple().exponent))
    return numbers.number(exact, lang, decimals)


def from_typed(field: str, text: str) -> int | float | str | None:
    """Read what somebody typed, in either language's way of writing numbers.

    Parameters
    ----------
    field : str
        Dotted name as in messages.
    text : str
        What was typed.

    Returns
    -------
    int, float, str or None
        None for nothing; what is no number stays text, for the loader to refuse.
    """
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    if not plain:
        return None
    percent = in_percent(field)
    if percent:
        for sign in _PERCENT_SIGNS:
            plain = plain.removesuffix(sign).rstrip()
    written = hint(plain, whole=is_whole(field)) or hint(plain, whole=False)
    if written is None:
        return text.strip()
    exact = Decimal(written) / (_HUNDRED if percent else 1)
    # A broken number where a whole one is wanted stays one, for the loader to refuse.
    return int(exact) if exact == int(exact) and is_whole(field) else float(exact)


def month_words(text: Any, lang: str) -> str:
    """Write a month by its name; what is no month stays as it is.

    Parameters
    ----------
    text : object
        For instance ``2026-01``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    try:
        return numbers.month_name(Month.parse(text), lang)
    except InputError:
        return str(text)
