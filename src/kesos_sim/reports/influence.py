"""What an answer hangs on, in words and tables."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.data.parameters import parameter_table
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import Indicator, indicator
from kesos_sim.reports.context import in_language
from kesos_sim.reports.export import export_beside
from kesos_sim.reports.tables import TextTable, record_table
from kesos_sim.reports.values import difference_unit, say_difference, say_without_effect

if TYPE_CHECKING:
    from kesos_sim.experiments.sensitivity import Sensitivity

__all__ = [
    "export_sensitivity",
    "factor_name",
    "factor_value",
    "influence_table",
    "measure_words",
    "rows_of",
    "sentences",
    "title",
]

_HEADLINE: Final = "poverty_rate"
_NAMED: Final = 5
_CHANCE: Final = "chance"
_METHODS: Final = {"morris": "Morris", "sobol": "Sobol"}
_PERCENT: Final = 100.0
_STEPS: Final = 1
"""Decimals of a value of a range that is one wide."""


def factor_name(name: str, lang: str) -> str:
    """Return the name of a parameter, or of chance.

    Parameters
    ----------
    name : str
        Row of the parameter table, or ``chance``.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Words where the catalogue has them, otherwise the name of the row.
    """
    if name == _CHANCE:
        return i18n.text("influence.chance", lang)
    key = f"facts.parameter_{name.replace('.', '_')}"
    return i18n.text(key, lang) if i18n.has(key) else name


def factor_value(name: str, value: float, lang: str) -> str:
    """Write a value of a parameter, as finely as its range and the ends of that are told.

    Parameters
    ----------
    name : str
        Row of the parameter table.
    value : float
        The value, in the unit of the parameter.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str

    Examples
    --------
    >>> factor_value("household.propensity_to_consume", 0.347, "en")
    '0.35'
    >>> factor_value("channel.bank_administration", 0.0071, "en")
    '0.007'
    """
    row = parameter_table()[name]
    wide = row.high - row.low
    steps = _STEPS - math.floor(math.log10(wide)) if wide > 0.0 else 0
    written = (f"{end:.6f}".rstrip("0").partition(".")[2] for end in (row.low, row.high))
    return numbers.number(value, lang, max(steps, 0, *map(len, written)))


def title(found: Sensitivity, name: str, lang: str) -> str:
    """Return what a sensitivity analysis of an indicator is about.

    Parameters
    ----------
    found : Sensitivity
        The analysis.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
    """
    label = indicator(name).label(lang)
    words = {"indicator": label[:1].lower() + label[1:]}
    key = f"influence.title_{found.method}"
    if found.comparison.alternatives:
        key += "_change"
        package = found.comparison.alternatives[0].scenario
        words["package"] = in_language(package.title, lang)
    return i18n.text(key, lang, **words)


def rows_of(found: Sensitivity, name: str) -> list[dict[str, Any]]:
    """Return the rows of an indicator, the factor that matters most first.

    Parameters
    ----------
    found : Sensitivity
        The analysis.
    name : str
        The indicator.

    Returns
    -------
    list of dict
        See `Sensitivity.frame`.
    """
    frame = found.frame()
    mine = frame[frame.indicator == name]
    columns = [str(column) for column in mine.columns]
    return [dict(zip(columns, row, strict=True)) for row in mine.itertuples(index=False, name=None)]


def sentences(found: Sensitivity, lang: str, name: str = _HEADLINE) -> tuple[str, ...]:
    """Say what an indicator hangs on, and what chance does beside it.

    Parameters
    ----------
    found : Sensitivity
        The analysis.
    lang : str
        ``id`` or ``en``.
    name : str
        The indicator.

    Returns
    -------
    tuple of str
        Sentences.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> from kesos_sim.experiments.sensitivity import sensitivity
    >>> from kesos_sim.experiments.store import Store
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> moved = ("household.propensity_to_consume",)
    >>> found = sensitivity(bare, None, "morris", moved, 2, Serial(), Store.default())
    >>> print(sentences(found, "en")[1].split("): ")[1].split(" (")[0])
    share of help that is consumed
    """
    leading = "effect" if found.method == "morris" else "in_all"
    rows = rows_of(found, name)
    parameters = [row for row in rows if row["factor"] != _CHANCE]
    (chance,) = (row for row in rows if row["factor"] == _CHANCE)
    told = [title(found, name, lang) + "."]
    definition, spread = indicator(name), f"{leading}_error"

    def item(row: Mapping[str, Any]) -> str:
        value, error = (_value(row, column, definition, lang) for column in (leading, spread))
        words = factor_name(row["factor"], lang)
        return i18n.text("influence.item_error", lang, factor=words, value=value, error=error)

    most = [row for row in parameters[:_NAMED] if row[leading] > 0.0]
    if most:
        told += [
            i18n.text(
                "influence.most",
                lang,
                measure=measure_words(found, name, lang),
                factors="; ".join(map(item, most)),
            ),
            i18n.text(
                "influence.against_chance",
                lang,
                value=_value(chance, leading, definition, lang),
                error=_value(chance, spread, definition, lang),
                count=numbers.number(
                    sum(row[leading] <= chance[leading] for row in parameters), lang
                ),
                total=numbers.number(len(parameters), lang),
            ),
        ]
        if all(row[leading] <= row[spread] for row in most):
            told.append(i18n.text("influence.unsure", lang))
    else:
        told.append(i18n.text("influence.nothing", lang))
    nothing = found.comparison.without_effect
    if nothing is not None:
        (package,) = nothing.alternatives
        told.append(say_without_effect(nothing.change(package, name), indicator(name), lang))
    lives = numbers.number(found.lives, lang, 0)
    told.append(i18n.text("influence.computed", lang, lives=lives, method=_METHODS[found.method]))
    return tuple(told)


def measure_words(found: Sensitivity, name: str, lang: str) -> str:
    """Say what the figures of an analysis are.

    Parameters
    ----------
    found : Sensitivity
        The analysis.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        The unit of the effects, or a share of the variance.
    """
    if found.method == "sobol":
        return i18n.text("influence.share", lang)
    return difference_unit(indicator(name), lang)


def influence_table(found: Sensitivity, name: str, lang: str) -> TextTable:
    """List what is known of each factor, the one that matters most first.

    Parameters
    ----------
    found : Sensitivity
        The analysis.
    name : str
        The indicator.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        With the evidence grade of each parameter.

    Examples
    --------
    >>> from kesos_sim import load_scenario
    >>> from kesos_sim.experiments.executors import Serial
    >>> from kesos_sim.experiments.sensitivity import sensitivity
    >>> from kesos_sim.experiments.store import Store
    >>> world = {"region": "3316", "households": 2000, "months": 1}
    >>> bare = load_scenario("scenarios/tanpa-bansos.yaml", world)
    >>> moved = ("household.propensity_to_consume",)
    >>> found = sensitivity(bare, None, "morris", moved, 2, Serial(), Store.default())
    >>> influence_table(found, "poverty_rate", "en").rows[0][0]
    'share of help that is consumed'
    """
    table = parameter_table()

    def record(row: Mapping[str, Any]) -> dict[str, Any]:
        grade = numbers.EN_DASH if row["factor"] == _CHANCE else table[row["factor"]].grade
        return {**row, "grade": grade}

    def cells(row: Mapping[str, Any]) -> list[str]:
        words = [_value(row, column, indicator(name), lang) for column in found.columns]
        return [factor_name(row["factor"], lang), row["grade"], *words]

    heads = {"factor": False, "grade": False} | dict.fromkeys(found.columns, True)
    return record_table(
        f"influence_{name}",
        title(found, name, lang),
        "influence.column_",
        heads,
        tuple(heads),
        [(cells(row), row) for row in map(record, rows_of(found, name))],
        lang,
    )


def export_sensitivity(
    found: Sensitivity, names: Sequence[str], path: str | os.PathLike[str], lang: str
) -> Path:
    """Write an analysis as the folder of its comparison or run.

    Parameters
    ----------
    found : Sensitivity
        The analysis.
    names : sequence of str
        Indicators that are drawn.
    path : path
        Folder to write.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    pathlib.Path
        The folder, with ``sensitivity.parquet`` (all indicators) beside the other files.
    """
    return export_beside(
        found.comparison,
        path,
        lang,
        found.seconds,
        told=[words for name in names for words in sentences(found, lang, name)],
        frames={"sensitivity": found.frame()},
        further=[found.chart(name, lang) for name in names],
    )


def _value(row: Mapping[str, Any], column: str, definition: Indicator, lang: str) -> str:
    """Write an effect in the unit of its indicator, or a share of the variance."""
    if column.startswith(("alone", "in_all")):
        return numbers.percent(_PERCENT * row[column], lang, 0)
    words = say_difference(row[column], definition, lang)
    return words.removeprefix("+")
