"""Who gets the help: coverage and share of benefits by decile."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import DECILES, indicator
from kesos_sim.reports.charts import parts, style
from kesos_sim.reports.charts.chart import Chart, KeyEntry, Layout
from kesos_sim.reports.context import ReportContext
from kesos_sim.reports.frames import Estimate, Results
from kesos_sim.reports.tables import Column, TableBuilder, TextTable, known
from kesos_sim.reports.values import say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FAMILIES: Final = ("benefit_coverage", "benefit_share")
_WORDS: Final = ("decile_coverage", "decile_share")
_DODGE: Final = 0.17
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
    region = context.region
    if any(
        results.last(f"{family}_d{decile}", region, s) is None
        for family in _FAMILIES
        for decile in DECILES
        for s in results.scenarios
    ):
        return None
    groups = parts.panels(results.scenarios)
    latest = results.latest(f"{_FAMILIES[0]}_d1", region, results.scenarios[0])
    month = numbers.month_name(results.horizon if latest is None else latest[0], lang)
    title = _title(results, context, lang)
    lines = [
        _alt_line(results, region, s, name, lang, baseline=baseline)
        for s, name, baseline in _named(results, context, lang)
    ]
    return Chart(
        name="decile_incidence",
        lang=lang,
        title=title,
        note=i18n.text("charts.decile_axis", lang, month=month),
        alt=i18n.text("charts.decile_alt", lang, month=month, lines="; ".join(lines)),
        table=_table(results, context, lang, title),
        source=parts.source_line(context, lang),
        provenance=parts.provenance_line(context, lang),
        layout=Layout(
            rows=len(groups),
            columns=2,
            height=170.0 if len(groups) == 1 else 130.0,
            left=28.0,
            right=4.0,
            headings=_headings(groups, context, lang),
            key=tuple(_key(groups, context, lang)) if results.compares else (),
        ),
        draw=_draw(results, region, lang, groups),
    )


def _pair(results: Results, region: str, scenario: str, decile: int) -> tuple[Estimate, Estimate]:
    """Return coverage and share of one decile."""
    coverage, share = (
        results.last(f"{family}_d{decile}", region, scenario) or _ABSENT for family in _FAMILIES
    )
    return coverage, share


def _named(results: Results, context: ReportContext, lang: str) -> list[tuple[str, str, bool]]:
    """Return scenario, name, and whether the baseline is meant, in reading order."""
    if not results.compares:
        return [("", context.place(context.region, lang), False)]
    without = i18n.text("charts.without", lang)
    named = [(s, context.title(s, lang), False) for s in results.scenarios]
    return [(results.scenarios[0], without, True), *named]


def _title(results: Results, context: ReportContext, lang: str) -> str:
    """Say what decile 1 receives."""
    shares = {s: _pair(results, context.region, s, 1)[1] for s in results.scenarios}
    definition = indicator("benefit_share_d1")

    def spoken(value: float) -> str:
        return say(value, definition, lang)

    lead = results.scenarios[0]
    if not results.compares:
        coverage = _pair(results, context.region, lead, 1)[0]
        words = {"share": spoken(shares[lead].value), "coverage": spoken(coverage.value)}
        return i18n.text("charts.decile_title", lang, **words)
    baseline = spoken(shares[lead].baseline)
    if len(shares) == 1:
        words = {"title": context.title(lead, lang), "share": spoken(shares[lead].value)}
        return i18n.text("charts.decile_title_compare", lang, baseline=baseline, **words)
    lines = [
        i18n.text("charts.item", lang, name=context.title(s, lang), value=spoken(share.value))
        for s, share in shares.items()
    ]
    return i18n.text("charts.decile_title_many", lang, lines="; ".join(lines), baseline=baseline)


def _alt_line(
    results: Results, region: str, scenario: str, name: str, lang: str, *, baseline: bool
) -> str:
    """Describe one line of dots by its ends."""
    fields: dict[str, str] = {"name": name}
    for decile, suffix in ((1, ""), (10, "10")):
        pair = _pair(results, region, scenario, decile)
        for estimate, word in zip(pair, ("coverage", "share"), strict=True):
            value = estimate.baseline if baseline else estimate.value
            fields[word + suffix] = numbers.percent(value, lang, 0)
    return i18n.text("charts.decile_alt_line", lang, **fields)


def _table(results: Results, context: ReportContext, lang: str, title: str) -> TextTable:
    """Return coverage and share of every decile."""
    columns, fields = [Column(i18n.text("charts.decile", lang))], ["decile"]
    for scenario, name, baseline in _named(results, context, lang):
        for word in ("coverage", "share"):
            label = i18n.text(f"charts.{word}", lang)
            columns.append(Column(f"{name}: {label}" if results.compares else label))
            fields.append(f"{'baseline' if baseline else scenario or 'value'}_{word}")
    builder = TableBuilder("decile_incidence", title, columns, fields)
    for decile in DECILES:
        row: list[str] = [str(decile)]
        cells: list[str | float | None] = [decile]
        for scenario, _, baseline in _named(results, context, lang):
            for estimate in _pair(results, context.region, scenario, decile):
                value = estimate.baseline if baseline else estimate.value
                row.append(say(value, indicator("benefit_share_d1"), lang))
                cells.append(known(value))
        builder.add(row, cells)
    return builder.table()


def _headings(
    groups: Sequence[Sequence[str]], context: ReportContext, lang: str
) -> tuple[tuple[str, str], ...]:
    """Return what every panel counts, with the package when each has its own row."""
    words = [i18n.text(f"charts.{name}", lang) for name in _WORDS]
    if len(groups) == 1:
        return tuple((word, style.INK) for word in words)
    return tuple(
        (f"{context.title(group[0], lang)}: {word[0].lower()}{word[1:]}", style.INK)
        for group in groups
        for word in words
    )


def _key(groups: Sequence[Sequence[str]], context: ReportContext, lang: str) -> list[KeyEntry]:
    """Return what the marks stand for; one entry for all packages when each has its own row."""
    entries = [KeyEntry(i18n.text("charts.without", lang), "o", style.BASELINE, hollow=True)]
    if len(groups) > 1:
        name = i18n.text("charts.with", lang)
        return [*entries, KeyEntry(name, style.MARKS[0], style.PACKAGES[0])]
    for scenario in groups[0]:
        colour, mark = parts.package_style(groups[0], scenario)
        entries.append(KeyEntry(context.title(scenario, lang), mark, colour))
    return entries


def _draw(
    results: Results,
    region: str,
    lang: str,
    groups: Sequence[Sequence[str]],
) -> Callable[[Sequence[Axes]], None]:
    """Return what draws dots, or bars for a single run."""

    def draw(axes: Sequence[Axes]) -> None:
        for index, panel in enumerate(axes):
            row, column = divmod(index, len(_FAMILIES))
            group = groups[row]
            estimates = {
                s: [_pair(results, region, s, decile)[column] for decile in DECILES]
                for s in results.scenarios
            }
            top = max(
                value
                for line in estimates.values()
                for e in line
                for value in (e.value, e.baseline)
                if math.isfinite(value)
            )
            parts.plain(panel, "y")
            panel.set_ylim(0.0, 1.12 * max(top, 1.0))
            panel.set_xlim(0.4, len(DECILES) + 0.6)
            panel.set_xticks(DECILES, [str(decile) for decile in DECILES])
            panel.axhline(0.0, color=style.QUIET, linewidth=1.0, zorder=2)
            if results.compares:
                _dots(panel, group, estimates)
            else:
                _bars(panel, estimates[""], lang)
            parts.value_ticks(panel, "y", lang)

    return draw


def _dots(axes: Axes, group: Sequence[str], estimates: dict[str, list[Estimate]]) -> None:
    """Draw the baseline as open marks, packages as filled ones, joined where they differ."""
    baseline = [e.baseline for e in estimates[group[0]]]
    for rank, scenario in enumerate(group):
        colour, mark = parts.package_style(group, scenario)
        shift = (rank - (len(group) - 1) / 2) * 2 * _DODGE
        x = [decile + shift for decile in DECILES]
        y = [e.value for e in estimates[scenario]]
        axes.vlines(x, baseline, y, color=colour, linewidth=1.4, zorder=3)
        axes.plot(
            x,
            y,
            linestyle="none",
            marker=mark,
            markersize=5.5,
            color=colour,
            zorder=5,
            clip_on=False,
        )
    axes.plot(
        DECILES,
        baseline,
        linestyle="none",
        marker="o",
        markersize=6.5,
        markerfacecolor=style.PAPER,
        markeredgecolor=style.BASELINE,
        markeredgewidth=1.4,
        zorder=4,
    )


def _bars(axes: Axes, estimates: Sequence[Estimate], lang: str) -> None:
    """Draw one bar per decile with its value above."""
    values = [e.value for e in estimates]
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
