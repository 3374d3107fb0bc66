"""A calibration in words and as a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.reports.influence import factor_name, factor_value
from kesos_sim.reports.tables import TextTable, record_table

if TYPE_CHECKING:
    from kesos_sim.calibration.calibrate import Calibration

__all__ = ["calibration_table", "sentences", "span"]

_PERCENT: Final = 100.0
_HEADS: Final = {"parameter": False, "grade": False} | dict.fromkeys(
    ("value", "range", "mean", "interval", "narrower"), True
)


def sentences(found: Calibration, lang: str) -> tuple[str, ...]:
    """Say what was learned, what was not, and whether it holds where nothing was fitted.

    Parameters
    ----------
    found : Calibration
        The calibration.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of str
        Sentences.
    """

    def text(key: str, **words: object) -> str:
        return i18n.text(f"calibration.{key}", lang, **words)

    def number(value: float, decimals: int = 2) -> str:
        return numbers.number(value, lang, decimals)

    told = [
        text(
            "fitted",
            figures=len(found.figures),
            lives=found.lives,
            before=number(found.error_before),
            after=number(found.error_after),
        ),
        *(_sealed(found, lang) if found.sealed else []),
        *([text("scored", count=found.scored)] if found.scored else []),
        text(
            "within",
            within=numbers.percent(_PERCENT * found.within, lang, 0),
            plausible=numbers.percent(_PERCENT * found.plausible, lang, 1),
        ),
    ]
    silent = [name for name in found.parameters if name not in found.learned]
    for key, names in (("learned", found.learned), ("silent", silent)):
        if names:
            told.append(text(key, names="; ".join(factor_name(name, lang) for name in names)))
    if found.trust is not None:
        covered = (float(end) for end in (found.trust.covered.min(), found.trust.covered.max()))
        low, high = (numbers.percent(_PERCENT * share, lang, 0) for share in covered)
        share = low if low == high else f"{low} {i18n.text('numbers.to', lang)} {high}"
        told.append(text("trust", truths=found.trust.ranks.shape[0], share=share))
    return tuple(told)


def _sealed(found: Calibration, lang: str) -> list[str]:
    """Say whether sealed figures are missed by less, as far as what is written shows it."""
    before, after = (round(error, 2) for error in (found.sealed_before, found.sealed_after))
    key = "worse" if after > before else "better" if after < before else "same"
    words = {"before": numbers.number(before, lang, 2), "after": numbers.number(after, lang, 2)}
    return [i18n.text("calibration.sealed", lang, **words), i18n.text(f"calibration.{key}", lang)]


def calibration_table(found: Calibration, lang: str) -> TextTable:
    """List the free parameters with range, posterior, and how much was learned.

    Parameters
    ----------
    found : Calibration
        The calibration.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.calibration.calibrate import calibrate
    >>> from kesos_sim.experiments.executors import Serial
    >>> from kesos_sim.experiments.store import Store
    >>> blora = load_scenario("scenarios/blora.yaml", {"households": 2000, "months": 1})
    >>> found = calibrate(blora, ("registry.truth",), 5, Serial(), Store.default(), draws=100)
    >>> [column.label for column in calibration_table(found, "en").columns][:3]
    ['Parameter', 'Grade', 'Table']
    """
    rows = found.rows()

    def cells(row: Mapping[str, Any]) -> list[str]:
        name = row["parameter"]
        return [
            factor_name(name, lang),
            row["grade"],
            factor_value(name, row["value"], lang),
            span(name, row["low"], row["high"], lang),
            factor_value(name, row["mean"], lang),
            span(name, row["from"], row["to"], lang),
            numbers.number(row["narrower"], lang, 2),
        ]

    return record_table(
        "calibration",
        i18n.text("calibration.table_title", lang),
        "calibration.column_",
        _HEADS,
        tuple(rows[0]),
        [(cells(row), row) for row in rows],
        lang,
    )


def span(name: str, low: float, high: float, lang: str) -> str:
    """Write both ends of a range of a parameter.

    Parameters
    ----------
    name : str
        Row of the parameter table.
    low, high : float
        The ends, in the unit of the parameter.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    first, last = (factor_value(name, end, lang) for end in (low, high))
    return f"{first} {i18n.text('numbers.to', lang)} {last}"
