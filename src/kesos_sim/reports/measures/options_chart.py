"""Several packages beside each other as range bars, one chart for each aim."""

from __future__ import annotations

from kesos_sim.experiments.options import Options, sense_of
from kesos_sim.experiments.worth import interval
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.measures.options import about, aim_table, changed, ranked, title_of, unit_of
from kesos_sim.reports.measures.parts import drawn, range_rows
from kesos_sim.reports.values import band_words

__all__ = ["charts"]


def charts(found: Options, lang: str) -> tuple[Chart, ...]:
    """Draw the packages with their ranges, one chart for each aim, the best on top.

    Parameters
    ----------
    found : Options
        What was found.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    tuple of Chart
        Aims that no package has a figure of are left out.
    """
    return tuple(_chart(found, aim, lang) for aim in found.aims if _known(found, aim))


def _known(found: Options, aim: str) -> bool:
    """Return whether every package has a figure of an aim."""
    return all(option.change[aim][0] == option.change[aim][0] for option in found.options)


def _chart(found: Options, aim: str, lang: str) -> Chart:
    """Draw one aim."""
    definition, best = indicator(aim), found.best(aim)
    order = ranked(found, aim)
    names = [title_of(option.name, found, lang) for option in order]
    values = [changed(option, aim, lang) for option in order]
    marks = [
        (
            float(option.change[aim][0]),
            *interval(option.change[aim]),
            option.without.get(aim, float("nan")),
        )
        for option in order
    ]
    words = {"aim": definition.label(lang), "unit": unit_of(definition, lang)}
    key = "helps" if best.package and best.certain else "doubt" if best.package else "none"
    title = about(f"chart_title_{key}", lang, title=names[0], change=values[0], **words)
    better = "higher" if sense_of(aim) > 0.0 else "lower"
    banded = "range" if found.comparison.pairs else "no_range"
    words["band"] = band_words(len(found.comparison.pairs), lang)
    note = about(f"chart_note_{banded}", lang, better=about(f"better_{better}", lang), **words)
    items = "; ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))
    layout, draw = range_rows(names, marks, values, lang)
    return drawn(
        f"options_{aim}",
        found.comparison.context(),
        lang,
        (title, note, about("chart_alt", lang, items=items, **words)),
        aim_table(found, aim, lang),
        layout,
        draw,
    )
