"""An answer as HTML: sentence, numbers, picture, table, what else to know, provenance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from kesos_sim import i18n
from kesos_sim.i18n import numbers
from kesos_sim.reports.charts import CHARTS
from kesos_sim.reports.context import in_language
from kesos_sim.reports.frames import Estimate
from kesos_sim.reports.html_table import table_html
from kesos_sim.reports.provenance import required
from kesos_sim.reports.sentences import Sentence, outcome
from kesos_sim.reports.values import range_words
from kesos_sim.workbench.answers import Answer
from kesos_sim.workbench.picture import path_picture

__all__ = ["first_sentence", "told"]

_RATE: Final = "poverty_rate"


def first_sentence(answer: Answer, lang: str) -> str:
    """Return the sentence that says most.

    Parameters
    ----------
    answer : Answer
        A computed setting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Plain text.
    """
    return outcome(answer.results, answer.context, lang)[0].text


def told(answer: Answer, lang: str) -> str:
    """Return an answer as HTML.

    Parameters
    ----------
    answer : Answer
        A computed setting.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        A ``section``; escaped, self-contained, styled by `look.css`.
    """
    results, context = answer.results, answer.context
    said = outcome(results, context, lang)
    leading = [s.text for s in said[1:] if s.scenario and s.leading]
    details = [s.text for s in said[1:] if s.scenario and not s.leading]
    line = escape(required(context.provenance).line(lang))
    return "\n".join(
        (
            f'<section class="answer" lang="{lang}">',
            f"<h2>{escape(said[0].text)}</h2>",
            _numbers(answer, lang),
            _listed(leading),
            _chart(answer, lang),
            _folded("details", _listed(details), lang),
            f"<h3>{_word('reports.caveats', lang)}</h3>",
            _listed(_general(said)),
            _folded("why", _why(answer, lang), lang),
            f'<p class="quiet provenance">{line}</p>',
            "</section>",
        )
    )


def _numbers(answer: Answer, lang: str) -> str:
    """Return both poverty rates at the end, large, each with the mark of its line."""
    found = answer.results.at(_RATE, answer.context.region, scenario=answer.results.scenarios[0])
    if found is None:
        return ""
    month = numbers.month_name(answer.results.horizon, lang)
    below = i18n.text("workbench.rate_in", lang, month=month)
    moved = _number("moved", found.value, _range(found, lang), below, lang)
    usual = _number("usual", found.baseline, "", below, lang)
    return f'<div class="numbers">{moved}{usual}</div>'


def _number(kind: str, value: float, band: str, below: str, lang: str) -> str:
    name = _word("workbench.with" if kind == "moved" else "workbench.without", lang)
    notes = "".join(f'<span class="quiet">{escape(note)}</span> ' for note in (below, band) if note)
    return (
        f'<p class="number {kind}"><span class="name"><svg class="mark" viewBox="0 0 36 8" '
        f'aria-hidden="true"><path class="{kind}" d="M0 4H36"/></svg> {name}</span> '
        f"<strong>{numbers.percent(value, lang)}</strong> "
        f"{notes}</p>"
    )


def _range(estimate: Estimate, lang: str) -> str:
    interval = range_words(estimate.low_value, estimate.high_value, lang)
    return i18n.text("workbench.range", lang, interval=interval) if interval else ""


def _chart(answer: Answer, lang: str) -> str:
    """Return the path of the poverty rate with its table twin."""
    chart = CHARTS["poverty_path"](answer.results, answer.context, lang)
    if chart is None:
        return ""
    picture = path_picture(answer.results, answer.context, lang, chart.alt)
    note = escape(chart.note)
    if 'class="published"' in picture:
        note += f" ○&nbsp;{_word('charts.published', lang)}."
    return (
        f"<figure><figcaption>{note}</figcaption>"
        f'<div class="picture">{picture}</div>'
        f'<p class="quiet">{escape(chart.source)}</p></figure>'
        f"{_folded('as_table', table_html(chart.table), lang)}"
    )


def _why(answer: Answer, lang: str) -> str:
    """Return what was changed, and the sources."""
    changes = _listed(answer.changes[lang]) or f"<p>{_word('workbench.no_changes', lang)}</p>"
    blocks = [f"<h3>{_word('workbench.changes', lang)}</h3>{changes}"]
    for key, listed in (("sources", answer.context.sources), ("notes", answer.context.notes)):
        if listed:
            shown = _listed(in_language(words, lang) for words in listed)
            blocks.append(f"<h3>{_word(f'reports.{key}', lang)}</h3>{shown}")
    return "".join(blocks)


def _general(said: Sequence[Sentence]) -> list[str]:
    """Return what holds whatever the setting."""
    return [sentence.text for sentence in said if not sentence.scenario]


def _listed(lines: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _folded(key: str, inside: str, lang: str) -> str:
    """Return something to unfold, or nothing when there is nothing inside."""
    if not inside:
        return ""
    summary = _word(f"reports.{key}", lang)
    return f"<details><summary>{summary}</summary>{inside}</details>"


def _word(key: str, lang: str) -> str:
    return escape(i18n.text(key, lang))
