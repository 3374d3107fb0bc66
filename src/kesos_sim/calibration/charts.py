"""Published and modelled figures as charts: how far off in tolerances, and levels side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kesos_sim import i18n
from kesos_sim.calibration.figure_words import published_by, published_for, words_of
from kesos_sim.calibration.figures import Figure
from kesos_sim.calibration.table import figure_table, misses_first, reach
from kesos_sim.data.regions import region_name
from kesos_sim.errors import InputError, nearest
from kesos_sim.i18n import numbers
from kesos_sim.model.observer import region_code
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.provenance import Provenance

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kesos_sim.calibration.published import Validation

__all__ = ["VIEWS", "gaps_chart", "levels_chart"]

VIEWS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "poverty": ("poverty_rate", "poverty_gap", "poverty_severity"),
        "deciles": ("decile_share",),
        "coverage": ("decile_coverage", "receipt_rate"),
        "quintiles": ("quintile_receipt",),
        "errors": ("undercoverage", "leakage"),
        "mobility": ("transition",),
        "sizes": ("household_size", "poor_household_size"),
    }
)
"""Measures of one unit that stand together, by the name of their chart."""
_MOST: Final = 14
_NAME_ROOM: Final = 186.0
_MARK: Final = {False: 26.0, True: 15.0}
_GROUPS: Final = ("decile", "quintile")
_FARTHEST: Final = 4.0
"""Misses beyond so many tolerances are drawn at the edge; their words say how far they are."""


def gaps_chart(validation: Validation, lang: str) -> Chart:
    """Draw how far the model is off, in tolerances, the worst miss first.

    Parameters
    ----------
    validation : Validation
        Figures of which some are judged.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        The figures that are farthest off; the table has all that are judged.
    """
    judged = [one for one in misses_first(validation.figures) if one.hit is not None]
    if not judged:
        raise InputError("KS4101", "validation.nothing_judged", got=len(validation.figures))
    shown, home = judged[:_MOST], _home(validation)
    misses = sum(one.hit is False for one in judged)
    count = numbers.number(len(judged), lang)
    title = i18n.text(
        "validation.gaps_title" if misses else "validation.gaps_title_none",
        lang,
        **({"misses": numbers.number(misses, lang)} if misses else {}),
        judged=count,
        worst=_row(judged[0], lang, home),
    )
    off = [math.copysign(min(reach(one), _FARTHEST), one.difference) for one in shown]
    misses_at = [one.hit is False for one in shown]

    def draw(panel: Axes, placed: labels.Rows) -> None:
        panel.axvspan(-1.0, 1.0, color=style.HAIRLINE, zorder=0)
        panel.axvline(0.0, color=style.INK, linewidth=1.0, zorder=1)
        panel.set_xlim(-1.05 * _FARTHEST, 1.05 * _FARTHEST)
        for row, (x, miss) in enumerate(zip(off, misses_at, strict=True)):
            colour = style.PACKAGES[1] if miss else style.PACKAGES[0]
            y = row + placed.shift
            panel.plot([0.0, x], [y, y], color=colour, linewidth=1.4, zorder=2)
            _span(panel, _in_tolerances(shown[row]), y)
            panel.plot(x, y, marker="s" if miss else "o", markersize=6, color=colour, zorder=3)
        parts.value_ticks(panel, "x", lang, signed=True)

    key = (
        KeyEntry(i18n.text("validation.key_miss", lang), "s", style.PACKAGES[1]),
        KeyEntry(i18n.text("validation.key_band", lang), "o", style.PACKAGES[0]),
        *_spread_key(shown, lang),
    )
    shown_count = numbers.number(len(shown), lang)
    note = i18n.text("validation.gaps_note", lang, shown=shown_count, judged=count)
    alt = i18n.text("validation.gaps_alt", lang, lines=_lines(shown, lang, home))
    names = [_row(one, lang, home) for one in shown]
    return _chart(validation, "gaps", (title, note, alt), (shown, judged), names, key, draw, lang)


def levels_chart(validation: Validation, view: str, lang: str) -> Chart:
    """Draw published and modelled levels of one kind beside each other.

    Parameters
    ----------
    validation : Validation
        With figures of the kind.
    view : str
        One of `VIEWS`.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart
        A row for each figure, as it comes; those of districts are only in the table.

    Raises
    ------
    InputError
        If there is no such view, or the validation has no figure of it.
    """
    if view not in VIEWS:
        raise InputError("KS4102", "validation.no_view", got=view, suggestion=nearest(view, VIEWS))
    own = [one for one in validation.figures if one.measure in VIEWS[view]]
    shown = [one for one in own if one.level != "district" and math.isfinite(one.modelled)]
    home = _home(validation)
    if not shown:
        raise InputError("KS4102", "validation.no_view", got=view, suggestion=None)
    title = i18n.text(f"validation.title_{view}", lang, **_counted(shown, lang))

    def draw(panel: Axes, placed: labels.Rows) -> None:
        ends = [v for one in shown for v in (one.published, one.modelled, one.low, one.high)]
        values = [value for value in ends if math.isfinite(value)]
        low, high = min(0.0, *values), max(values)
        panel.set_xlim(low - 0.03 * (high - low), high + 0.05 * (high - low))
        for row, one in enumerate(shown):
            y = row + placed.shift
            colour = style.PACKAGES[1] if one.hit is False else style.PACKAGES[0]
            panel.plot([one.published, one.modelled], [y, y], color=style.BASELINE, zorder=2)
            _span(panel, (one.low, one.high), y)
            panel.plot(
                one.published,
                y,
                marker="D",
                markersize=6.5,
                color=style.PUBLISHED,
                markerfacecolor=style.PAPER,
                zorder=3,
            )
            mark = "s" if one.hit is False else "o"
            panel.plot(one.modelled, y, marker=mark, markersize=5.5, color=colour, zorder=4)
        parts.value_ticks(panel, "x", lang)

    key = [
        KeyEntry(i18n.text("validation.key_published", lang), "D", style.PUBLISHED, hollow=True),
        KeyEntry(i18n.text("validation.key_modelled", lang), "o", style.PACKAGES[0]),
    ]
    if any(one.hit is False for one in shown):
        key.append(KeyEntry(i18n.text("validation.key_miss", lang), "s", style.PACKAGES[1]))
    key += _spread_key(shown, lang)
    unit = words_of(shown[0], lang).unit
    note = i18n.text("validation.levels_note", lang, unit=unit)
    lines = "; ".join(
        i18n.text("validation.levels_line", lang, row=_group(one, lang, home), **_values(one, lang))
        for one in shown
    )
    alt = i18n.text("validation.levels_alt", lang, title=title, lines=lines)
    names = [_group(one, lang, home) for one in shown]
    return _chart(validation, view, (title, note, alt), (shown, own), names, key, draw, lang)


def _chart(
    validation: Validation,
    name: str,
    words: tuple[str, str, str],
    figures: tuple[Sequence[Figure], Sequence[Figure]],
    names: Sequence[str],
    key: Sequence[KeyEntry],
    draw: Callable[[Axes, labels.Rows], None],
    lang: str,
) -> Chart:
    """Build a chart with a row for each figure that is shown; the table has further ones."""
    shown, listed = figures
    title, note, alt = words
    several = len({one.unit for one in shown}) > 1
    brief = [i18n.text("validation.value_both", lang, **_values(one, lang)) for one in shown]
    full = [_full(one, both, lang, several=several) for one, both in zip(shown, brief, strict=True)]

    def layout(sheet: Sheet) -> Layout:
        placed = labels.Rows.of(names, _MARK[sheet.narrow], _NAME_ROOM, sheet)
        return Layout(
            height=len(names) * placed.height,
            left=placed.room,
            right=labels.room_beside(
                brief if sheet.narrow else [line for words in full for line in words.split("\n")]
            ),
            key=tuple(key),
        )

    def drawn(axes: Sequence[Axes], sheet: Sheet) -> None:
        (panel,) = axes
        placed = labels.Rows.of(names, _MARK[sheet.narrow], _NAME_ROOM, sheet)
        parts.plain(panel, "x")
        placed.write(panel)
        draw(panel, placed)
        for row, value in enumerate(brief if sheet.narrow else full):
            labels.beside(panel, row + placed.shift, value)

    return Chart(
        name=f"validation_{name}",
        lang=lang,
        title=title,
        note=note,
        alt=alt,
        table=figure_table(f"validation_{name}", title, listed, lang),
        source=i18n.text("validation.source", lang, sources=published_by(shown, lang)),
        provenance=Provenance(**validation.provenance).line(lang, timing=False),
        layout=layout,
        draw=drawn,
    )


def _span(panel: Axes, ends: tuple[float, float], y: float) -> None:
    """Draw an interval, if there is one."""
    if all(map(math.isfinite, ends)):
        panel.plot(ends, [y, y], color=style.FAINT, linewidth=5.0, alpha=0.6, zorder=2.5)


def _in_tolerances(figure: Figure) -> tuple[float, float]:
    """Return an interval less what is published, in tolerances, as far as it is drawn."""
    if not figure.tolerance:
        return math.nan, math.nan
    low, high = ((end - figure.published) / figure.tolerance for end in (figure.low, figure.high))
    return max(-_FARTHEST, min(low, _FARTHEST)), max(-_FARTHEST, min(high, _FARTHEST))


def _spread_key(figures: Sequence[Figure], lang: str) -> tuple[KeyEntry, ...]:
    """Return what the key says of intervals, if any is drawn."""
    if not any(math.isfinite(one.low) for one in figures):
        return ()
    return (
        KeyEntry(i18n.text("validation.key_interval", lang), "_", style.FAINT, ink=style.QUIET),
    )


def _full(figure: Figure, values: str, lang: str, *, several: bool) -> str:
    """Write values with the quality of the published one, and the unit where units differ."""
    words = words_of(figure, lang)
    if not math.isfinite(figure.published):
        return values
    told = i18n.text("validation.value_quality", lang, values=values, quality=words.quality)
    return f"{words.unit}: {values}\n{words.quality}" if several else told


def _home(validation: Validation) -> str:
    """Return the code of everything that is simulated."""
    return region_code(validation.scenario)


def _row(figure: Figure, lang: str, home: str) -> str:
    """Name a figure: what it is about, and where unless that is the place of the whole chart."""
    words = words_of(figure, lang)
    if figure.level == "study":
        code = words_of(figure, lang).place if figure.measure == "transition" else ""
    else:
        known = figure.code.isdecimal() and figure.code != home and figure.level != "region"
        code = region_name(figure.code, lang) if known else published_for(figure, lang)
    if not code:
        return words.measure
    return i18n.text("validation.row", lang, measure=words.measure, place=code)


def _group(figure: Figure, lang: str, home: str) -> str:
    """Name a figure in a chart of one kind: deciles and quintiles by their number alone.

    What such figures were published of is said by the title and the source.
    """
    kind, *rest = figure.detail or ("",)
    if kind not in _GROUPS:
        words = words_of(figure, lang).measure
        return words if published_for(figure, lang) else _row(figure, lang, home)
    return f"{i18n.text(f'validation.detail_{kind}', lang)} {rest[0]}".capitalize()


def _values(figure: Figure, lang: str) -> dict[str, str]:
    """Write both figures, a dash for one that is missing."""
    words = words_of(figure, lang)
    pair = (
        ("published", figure.published, words.published),
        ("modelled", figure.modelled, words.modelled),
    )
    written = {
        name: text if math.isfinite(value) else numbers.EN_DASH for name, value, text in pair
    }
    if words.interval:
        both = {"value": words.modelled, "interval": words.interval}
        written["modelled"] = i18n.text("validation.value_interval", lang, **both)
    return written


def _lines(figures: Sequence[Figure], lang: str, home: str) -> str:
    """Say figures one by one."""
    return "; ".join(
        i18n.text(
            "validation.gaps_line",
            lang,
            row=_row(one, lang, home),
            unit=words_of(one, lang).unit,
            verdict=words_of(one, lang).verdict,
            **_values(one, lang),
        )
        for one in figures
    )


def _counted(figures: Sequence[Figure], lang: str) -> dict[str, Any]:
    """Return what titles pick from: matches, and both ends of the deciles or the whole."""
    tenths = [one for one in figures if one.detail[:1] == ("decile",)] or figures
    first, last = (_values(one, lang) for one in (tenths[0], tenths[-1]))
    return {
        "programme": str(tenths[0].detail[-1]) if tenths[0].detail else "",
        "hits": numbers.number(sum(one.hit is True for one in figures), lang),
        "judged": numbers.number(sum(one.hit is not None for one in figures), lang),
        "first": first["modelled"],
        "last": last["modelled"],
        "tenth": last["modelled"],
        "published_first": first["published"],
        "published_last": last["published"],
    }
