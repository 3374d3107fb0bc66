"""Results as HTML: a page of its own and the small view of a notebook, with a text twin.

Whatever comes from outside (titles, names of lines, sources) is escaped; nothing is loaded from
anywhere and nothing runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.charts.parts import package_style
from kesos_sim.reports.charts.style import NARROW
from kesos_sim.reports.context import ReportContext, in_language
from kesos_sim.reports.frames import Results
from kesos_sim.reports.html_table import table_html
from kesos_sim.reports.outcomes import known_indicators, outcome_table
from kesos_sim.reports.provenance import Provenance, required
from kesos_sim.reports.sentences import Sentence, outcome
from kesos_sim.reports.tables import TextTable
from kesos_sim.reports.values import range_words, say

if TYPE_CHECKING:
    import pandas as pd

_NEAR: Final = {"base_miss": "warning", "point": "quiet"}
"""Sentences that stand beside the figures, with their look."""
_PHONE: Final = "(max-width: 40rem)"
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def chart_html(chart: Chart) -> str:
    """Return a chart as HTML: the picture with its words, and the table below it.

    The picture has its title inside; narrow windows get one that is drawn for them.

    Parameters
    ----------
    chart : Chart
        The chart.

    Returns
    -------
    str
        A ``figure`` element that needs no other file.
    """
    words = f"{chart.title}. {chart.alt}"
    return (
        f'<figure lang="{escape(chart.lang)}">'
        f'<picture><source media="{_PHONE}" srcset="{chart.data_uri(NARROW)}">'
        f'<img src="{chart.data_uri()}" alt="{escape(words)}"></picture>'
        f"\n<details><summary>{_word('as_table', chart.lang)}</summary>"
        f"{table_html(chart.table)}</details></figure>"
    )


def result_html(frame: pd.DataFrame, context: ReportContext, lang: str) -> str:
    """Return the view of a run or a comparison in a notebook.

    Parameters
    ----------
    frame : pandas.DataFrame
        A run frame or a comparison frame.
    context : ReportContext
        Titles, places, provenance.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Sentences, the table of indicators, provenance; escaped.
    """
    results = Results(frame)
    said = outcome(results, context, lang)
    blocks = [
        (f"<h3>{escape(context.title(name, lang))}</h3>" if name else "")
        + said_list(sentence.text for sentence in group)
        for name, group in _by_scenario(said)
    ]
    table = table_html(outcome_table(results, context, lang))
    line = escape(required(context.provenance).line(lang))
    return (
        f'<div class="kesos-result" lang="{lang}">{"".join(blocks)}'
        f"<details><summary>{_word('as_table', lang)}</summary>{table}</details>"
        f'<p class="quiet"><small>{line}</small></p></div>'
    )


def result_text(frame: pd.DataFrame, context: ReportContext, lang: str) -> str:
    """Return the same as `result_html` in plain text.

    Parameters
    ----------
    frame : pandas.DataFrame
        A run frame or a comparison frame.
    context : ReportContext
        Titles, places, provenance.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Sentences, the table of indicators, provenance.
    """
    results = Results(frame)
    lines: list[str] = []
    for name, group in _by_scenario(outcome(results, context, lang)):
        lines += [context.title(name, lang)] if name else []
        lines += [f"- {sentence}" for sentence in group]
        lines.append("")
    lines += [outcome_table(results, context, lang).text(), ""]
    lines.append(required(context.provenance).line(lang))
    return "\n".join(lines)


def page(
    results: Results,
    context: ReportContext,
    lang: str,
    charts: Sequence[Chart],
    tables: Sequence[TextTable],
    grounds: Sequence[TextTable] = (),
    told: Sequence[str] = (),
) -> str:
    """Return a whole page: sentences, charts, tables, sources, grades, provenance.

    Parameters
    ----------
    results : Results
        The indexed run or comparison.
    context : ReportContext
        Titles, places, provenance.
    lang : str
        ``id`` or ``en``.
    charts : sequence of Chart
        Charts to show.
    tables : sequence of TextTable
        Further tables to show.
    grounds : sequence of TextTable
        What the results rest on, shown with the sources.
    told : sequence of str
        What an analysis of the result has found, shown first.

    Returns
    -------
    str
        An HTML document that needs no other file.
    """
    provenance = required(context.provenance)
    said = outcome(results, context, lang)
    titles = [context.title(name, lang) for name in results.scenarios if name]
    region = escape(context.place(context.region, lang))
    found = f"<h2>{_word('found', lang)}</h2>\n{said_list(told)}\n" if told else ""
    body = f"""<p class="quiet">{i18n.text("reports.run_region", lang, region=region)}</p>
</header>
{_near(said)}
{found}{_scenarios(results, context, said, lang, "ground" if told else "result")}
{pictures(charts, lang)}
<h2>{_word("details", lang)}</h2>
{_details(context, said, lang)}
{listed(tables, lang)}
<h2>{_word("why", lang)}</h2>
{_sources(results, context, lang)}
{_grounds(grounds, lang)}"""
    return document("; ".join(titles) or _plain("heading", lang), body, provenance, lang)


def document(title: str, body: str, provenance: Provenance, lang: str) -> str:
    """Return a whole page around what it has to say.

    Parameters
    ----------
    title : str
        Its heading, not yet escaped.
    body : str
        HTML: what stands below the heading, with the end of the header.
    provenance : Provenance
        Where it all comes from.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        An HTML document that needs no other file.
    """
    css = (files("kesos_sim.reports") / "page.css").read_text(encoding="utf-8")
    return f"""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>
{css}</style>
</head>
<body>
<main>
<header>
<p class="quiet">{_word("statement", lang)}</p>
<h1>{escape(title)}</h1>
{body}
<footer>
<h2>{_word("reproduce", lang)}</h2>
<p class="quiet">{escape(provenance.line(lang))}</p>
</footer>
</main>
</body>
</html>
"""


def pictures(charts: Sequence[Chart], lang: str) -> str:
    """Return charts under their heading."""
    return "\n".join([f"<h2>{_word('charts', lang)}</h2>", *map(chart_html, charts)])


def listed(tables: Sequence[TextTable], lang: str) -> str:
    """Return tables that show themselves when asked to, under their heading."""
    return "\n".join([f"<h2>{_word('tables', lang)}</h2>", *map(_unfolding, tables)])


def _unfolding(table: TextTable) -> str:
    """Return a table that shows itself when it is asked to."""
    return f"<details><summary>{escape(table.title)}</summary>{table_html(table)}</details>"


def _grounds(tables: Sequence[TextTable], lang: str) -> str:
    """Return what the results rest on, and what the words for quality mean."""
    if not tables:
        return ""
    return "\n".join(
        [*map(_unfolding, tables), f'<p class="quiet">{_word("data_words", lang)}</p>']
    )


def _scenarios(
    results: Results, context: ReportContext, said: Sequence[Sentence], lang: str, alone: str
) -> str:
    """Return the outcome of every scenario: the number first, then the leading sentences."""
    blocks: list[str] = []
    for name, group in _by_scenario(said):
        if name or not results.compares:
            title = context.title(name, lang) if name else _plain(alone, lang)
            blocks.append(f"<h2>{escape(title)}</h2>\n{_number(results, context, name, lang)}")
            blocks.append(said_list(s.text for s in group if s.leading))
    return "\n".join(blocks)


def _near(said: Sequence[Sentence]) -> str:
    """Return what has to be known beside the figures: a warning, and what range and figure are."""
    return "\n".join(
        f'<p class="{_NEAR[sentence.key]}">{escape(sentence.text)}</p>'
        for sentence in said
        if sentence.key in _NEAR
    )


def _details(context: ReportContext, said: Sequence[Sentence], lang: str) -> str:
    """Return the other sentences: money, recipients, evidence, and what holds for all."""
    blocks: list[str] = []
    further = [s for s in said if not s.leading and s.key not in _NEAR]
    for name, group in _by_scenario(further):
        heading = escape(context.title(name, lang)) if name else _word("caveats", lang)
        blocks.append(f"<h3>{heading}</h3>\n{said_list(s.text for s in group)}")
    return "\n".join(blocks)


def _number(results: Results, context: ReportContext, scenario: str, lang: str) -> str:
    """Return the poverty rate at the end, large, with its range."""
    definition = indicator("poverty_rate")
    rate = results.at("poverty_rate", context.region, scenario=scenario)
    if rate is None:
        return ""
    notes = [definition.label(lang), numbers.month_name(results.horizon, lang)]
    interval = range_words(rate.low_value, rate.high_value, lang)
    if interval:
        notes.append(f"{_plain('range', lang)} {interval}")
    value = escape(say(rate.value, definition, lang, spoken=True))
    colour, _ = package_style(results.scenarios, scenario)
    return (
        f'<p class="number"><strong style="color: {colour}">{value}</strong> '
        f"<span>{escape(' · '.join(notes))}</span></p>"
    )


def said_list(sentences: Iterable[str]) -> str:
    """Return sentences as a list, escaped."""
    items = "".join(f"<li>{escape(sentence)}</li>\n" for sentence in sentences)
    return f'<ul class="said">\n{items}</ul>'


def _by_scenario(said: Sequence[Sentence]) -> list[tuple[str, list[Sentence]]]:
    """Group sentences by their scenario, in order."""
    groups: list[tuple[str, list[Sentence]]] = []
    for sentence in said:
        if not groups or groups[-1][0] != sentence.scenario:
            groups.append((sentence.scenario, []))
        groups[-1][1].append(sentence)
    return groups


def _sources(results: Results, context: ReportContext, lang: str) -> str:
    """Return sources, notes, evidence and formulas."""
    blocks: list[str] = []
    notes = (*context.notices, *context.notes)
    for word, listed in (("sources", context.sources), ("notes", notes)):
        if listed:
            items = "".join(f"<li>{escape(in_language(words, lang))}</li>" for words in listed)
            blocks.append(f"<h3>{_word(word, lang)}</h3>\n<ul>{items}</ul>")
    rows = "".join(
        f"<dt>{escape(context.label(definition, lang))}</dt><dd>{escape(definition.meaning(lang))} "
        f"<code>{escape(definition.formula(lang))}</code> "
        f'<span class="quiet">{escape(definition.source(lang))}</span></dd>\n'
        for definition in known_indicators(results)
    )
    letters = f'<p class="quiet">{_word("formula_words", lang)}</p>'
    blocks.append(
        f"<details><summary>{_word('formulas', lang)}</summary>{letters}<dl>{rows}</dl></details>"
    )
    return "\n".join(blocks)


def _plain(key: str, lang: str) -> str:
    return i18n.text(f"reports.{key}", lang)


def _word(key: str, lang: str) -> str:
    return escape(_plain(key, lang))
