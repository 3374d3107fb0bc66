"""Who gets the help: coverage and share of benefits by decile."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import DECILES, indicator
from kesos_sim.reports.charts import labels, parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.charts.style import Sheet
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, known
from kesos_sim.reports.values import say
from kesos_sim.units import Month

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COVERAGE: Final = "benefit_coverage"
_SHARE: Final = "benefit_share"
_FAMILIES: Final = (_COVERAGE, _SHARE)
_WORDS: Final = {_COVERAGE: "decile_coverage", _SHARE: "decile_share"}
_STEP: Final = 0.27
"""Deciles between the marks of two lines."""
_BAR: Final = 0.66
_ABSENT: Final = Estimate(math.nan)


def decile_incidence(results: Results, context: ReportContext, lang: str) -> Chart | None:
    """Draw coverage and share of benefits by decile, without the change and with it.

    Parameters
    ----------
    results : Results
        The indexed run or comparison.
    context : ReportContext
        Titles and places.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    Chart or None
        None when the frame lacks a decile.
    """
    if any(
        results.last(f"{_COVERAGE}_d{decile}", context.region, s) is None
        for decile in DECILES
        for s in results.scenarios
    ):
        return None
    found = _read(results, context.region)
    groups = parts.panels(results.scenarios)
    month = numbers.month_name(found.month, lang)
    title = _title(results, context, found, lang)
    lines = [
        _alt_line(found, s, name, lang, baseline=baseline)
        for s, name, baseline in _named(results, context, lang)
    ]

    def layout(sheet: Sheet) -> Layout:
        columns = 1 if sheet.narrow or len(groups) == 1 else len(found.families)
        return Layout(
            rows=len(groups) * len(found.families) // columns,
            columns=columns,
            height=130.0,
            left=28.0,
            right=4.0,
            headings=_headings(groups, context, found, lang),
            key=_key(groups, results, context, lang) if results.compares else (),
        )

    return Chart(
        name="decile_incidence",
        lang=lang,
        title=title,
        note=i18n.text("charts.decile_axis", lang, month=month),
        alt=i18n.text("charts.decile_alt", lang, month=month, lines="; ".join(lines)),
        table=_table(results, context, found, lang, title),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=layout,
        draw=_draw(found, lang, groups, compares=results.compares),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Coverage and share of every decile in the last month in which they were taken."""

    month: Month
    families: tuple[str, ...]
    rows: dict[tuple[str, str], list[Estimate]]

    def baseline(self, family: str) -> list[float]:
        """Return the values without the change; a scenario without benefits has no shares."""
        lists = [
            [e.baseline for e in rows] for (name, _), rows in self.rows.items() if name == family
        ]
        return next((row for row in lists if math.isfinite(row[0])), lists[0])

    def values(self, family: str, scenario: str) -> list[float]:
        """Return the values with the change."""
        return [estimate.value for estimate in self.rows[family, scenario]]


def _read(results: Results, region: str) -> _Found:
    """Read both families of one month."""
    latest = results.latest(f"{_COVERAGE}_d1", region, results.scenarios[0])
    month = results.horizon if latest is None else latest[0]
    rows = {
        (family, s): [
            results.at(f"{family}_d{decile}", region, month, s) or _ABSENT for decile in DECILES
        ]
        for family in _FAMILIES
        for s in results.scenarios
    }
    families = tuple(
        family
        for family in _FAMILIES
        if any(math.isfinite(rows[family, s][0].value) for s in results.scenarios)
    )
    return _Found(month, families, rows)


def _named(results: Results, context: ReportContext, lang: str) -> list[tuple[str, str, bool]]:
    """Return scenario, name, and whether the baseline is meant, in reading order."""
    if not results.compares:
        return [("", context.place(context.region, lang), False)]
    without = i18n.text("charts.without", lang)
    named = [(s, context.title(s, lang), False) for s in results.scenarios]
    return [(results.scenarios[0], without, True), *named]


def _title(results: Results, context: ReportContext, found: _Found, lang: str) -> str:
    """Say what decile 1 receives."""
    definition = indicator(f"{_SHARE}_d1")

    def spoken(value: float) -> str:
        return say(value, definition, lang)

    lead = results.scenarios[0]
    shares = {s: found.values(_SHARE, s)[0] for s in results.scenarios}
    coverage = found.values(_COVERAGE, lead)[0]
    if not results.compares:
        words = {"share": spoken(shares[lead]), "coverage": spoken(coverage)}
        return i18n.text("charts.decile_title", lang, **words)
    if _SHARE not in found.families:
        words = {"title": context.title(lead, lang), "coverage": spoken(coverage)}
        baseline = spoken(found.baseline(_COVERAGE)[0])
        return i18n.text("charts.decile_title_none", lang, baseline=baseline, **words)
    baseline = spoken(found.baseline(_SHARE)[0])
    if len(shares) == 1:
        words = {"title": context.title(lead, lang), "share": spoken(shares[lead])}
        return i18n.text("charts.decile_title_compare", lang, baseline=baseline, **words)
    lines = [
        i18n.text("charts.item", lang, name=context.title(s, lang), value=spoken(share))
        for s, share in shares.items()
    ]
    return i18n.text("charts.decile_title_many", lang, lines="; ".join(lines), baseline=baseline)


def _alt_line(found: _Found, scenario: str, name: str, lang: str, *, baseline: bool) -> str:
    """Describe one line of dots by its ends."""
    fields: dict[str, str] = {"name": name}
    for family, word in zip(_FAMILIES, ("coverage", "share"), strict=True):
        values = found.baseline(family) if baseline else found.values(family, scenario)
        fields[word] = numbers.percent(values[0], lang, 0)
        fields[word + "10"] = numbers.percent(values[-1], lang, 0)
    return i18n.text("charts.decile_alt_line", lang, **fields)


def _table(
    results: Results, context: ReportContext, found: _Found, lang: str, title: str
) -> TextTable:
    """Return coverage and share of every decile."""
    columns, fields = [Column(i18n.text("charts.decile", lang))], ["decile"]
    lists: list[list[float]] = []
    for scenario, name, baseline in _named(results, context, lang):
        for family, word in zip(_FAMILIES, ("coverage", "share"), strict=True):
            label = i18n.text(f"charts.{word}", lang)
            columns.append(Column(f"{name}: {label}" if results.compares else label))
            fields.append(f"{'baseline' if baseline else scenario or 'value'}_{word}")
            lists.append(found.baseline(family) if baseline else found.values(family, scenario))
    builder = TableBuilder("decile_incidence", title, columns, fields)
    definition = indicator(f"{_SHARE}_d1")
    for decile, values in zip(DECILES, zip(*lists, strict=True), strict=True):
        builder.add(
            [str(decile), *(say(value, definition, lang) for value in values)],
            [decile, *map(known, values)],
        )
    return builder.table()


def _headings(
    groups: Sequence[Sequence[str]], context: ReportContext, found: _Found, lang: str
) -> tuple[tuple[str, str], ...]:
    """Return what every panel counts, with the package when each has its own row."""
    words = [i18n.text(f"charts.{_WORDS[family]}", lang) for family in found.families]
    if len(groups) == 1:
        return tuple((word, style.INK) for word in words)
    return tuple(
        (f"{context.title(group[0], lang)}: {word[0].lower()}{word[1:]}", style.INK)
        for group in groups
        for word in words
    )


def _key(
    groups: Sequence[Sequence[str]], results: Results, context: ReportContext, lang: str
) -> tuple[KeyEntry, ...]:
    """Return what the marks stand for; one entry for all packages when each has its own row."""
    without = KeyEntry(i18n.text("charts.without", lang), "o", style.BASELINE, hollow=True)
    if len(groups) > 1:
        name = i18n.text("charts.with", lang)
        return without, KeyEntry(name, style.MARKS[0], style.PACKAGES[0])
    return without, *labels.package_key(results, context, lang)


def _draw(
    found: _Found, lang: str, groups: Sequence[Sequence[str]], *, compares: bool
) -> Callable[[Sequence[Axes], Sheet], None]:
    """Return what draws dots, or bars for a single run."""

    def draw(axes: Sequence[Axes], sheet: Sheet) -> None:
        scenarios = [s for group in groups for s in group]
        for index, panel in enumerate(axes):
            row, column = divmod(index, len(found.families))
            family = found.families[column]
            baseline = found.baseline(family)
            lines = {s: found.values(family, s) for s in scenarios}
            top = max(v for line in (baseline, *lines.values()) for v in line if math.isfinite(v))
            parts.plain(panel, "y")
            panel.set_ylim(0.0, 1.12 * max(top, 1.0))
            panel.set_xlim(0.4, len(DECILES) + 0.6)
            panel.set_xticks(DECILES, [str(decile) for decile in DECILES])
            panel.axhline(0.0, color=style.QUIET, linewidth=1.0, zorder=2)
            if compares:
                chosen = {s: lines[s] for s in groups[row]}
                _dots(panel, scenarios, baseline, chosen, 4.5 if sheet.narrow else 6.0)
            else:
                _bars(panel, lines[""], lang)
            parts.value_ticks(panel, "y", lang)

    return draw


def _dots(
    axes: Axes,
    scenarios: Sequence[str],
    baseline: Sequence[float],
    lines: dict[str, list[float]],
    size: float,
) -> None:
    """Draw the baseline as open marks, packages beside it as filled ones with their distance."""
    first = -len(lines) / 2 * _STEP
    for rank, (scenario, y) in enumerate(lines.items(), start=1):
        colour, mark = parts.package_style(scenarios, scenario)
        x = [decile + first + rank * _STEP for decile in DECILES]
        axes.vlines(x, baseline, y, color=colour, linewidth=1.4, zorder=3)
        axes.plot(
            x,
            y,
            linestyle="none",
            marker=mark,
            markersize=size,
            color=colour,
            zorder=5,
            clip_on=False,
        )
    axes.plot(
        [decile + first for decile in DECILES],
        baseline,
        linestyle="none",
        marker="o",
        markersize=size,
        markerfacecolor=style.PAPER,
        markeredgecolor=style.BASELINE,
        markeredgewidth=1.4,
        zorder=4,
    )


def _bars(axes: Axes, values: Sequence[float], lang: str) -> None:
    """Draw one bar per decile with its value above."""
    axes.bar(DECILES, values, width=_BAR, color=style.PACKAGES[0], zorder=3)
    for decile, value in zip(DECILES, values, strict=True):
        axes.annotate(
            numbers.number(value, lang),
            (decile, value),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=style.SMALL,
        )
