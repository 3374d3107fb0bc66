"""The model card in both languages: purpose, data, evidence, matches and misses, limits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from kesos_sim import __version__, i18n
from kesos_sim.data.calibrated import calibrated_versions
from kesos_sim.data.catalogue import list_tables, run_checks
from kesos_sim.data.parameters import parameter_table
from kesos_sim.i18n import numbers
from kesos_sim.i18n.vocabulary import word
from kesos_sim.indicators.definitions import indicators
from kesos_sim.reports.card.calibration import calibration_lines
from kesos_sim.reports.card.effects import effects_lines
from kesos_sim.reports.card.markdown import plain, say, table, written
from kesos_sim.reports.card.surface import emulator_lines
from kesos_sim.reports.checks import found_words
from kesos_sim.reports.systems import summary, systems
from kesos_sim.scenario.coordination import STRENGTHS
from kesos_sim.scenario.levers import LEVERS
from kesos_sim.units import Month

__all__ = ["card_page", "kept_validation"]

_GRADES: Final = "ABCD"
_PROPENSITY: Final = "household.propensity_to_consume"
_MEASURES: Final = ("place", "measure", "published", "modelled", "difference", "unit")
_VERDICTS: Final = (
    ("valid.test", "scored", "hit"),
    ("valid.test_miss", "scored", "miss"),
    ("valid.set", "set", "hit"),
    ("valid.set_miss", "set", "miss"),
)


def card_page(lang: str) -> str:
    """Return the model card in one language.

    Parameters
    ----------
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    str
        Markdown.

    Examples
    --------
    >>> [line for line in card_page("en").splitlines() if line.startswith("## ")][:2]
    ['## What it is for', '## What it is not for']
    """
    return "\n".join(_lines(lang)).rstrip("\n") + "\n"


@cache
def kept_validation() -> Mapping[str, Any]:
    """Return what the last validation of the shipped baseline found.

    Returns
    -------
    mapping of str to object
        See `kesos_sim.calibration.measured.finding`.

    Examples
    --------
    >>> sorted(kept_validation())[:4]
    ['counts', 'misses', 'provenance']
    """
    source = files("kesos_sim.reports.card") / "validation.json"
    found: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return found


def _lines(lang: str) -> Iterator[str]:
    """Yield the lines of the page."""
    propensity = parameter_table()[_PROPENSITY]
    yield from (f"# {say('title', lang, version=__version__)}", "", say("made", lang), "")
    for section in ("purpose", "not"):
        yield from _section(section, lang)
        yield from (say(f"{section}.text", lang), "")
    yield from _section("glance", lang)
    yield from (f"* {line}" for line in _glance(lang))
    yield ""
    yield from _section("data", lang)
    yield from _data(lang)
    yield from _section("evidence", lang)
    yield from _evidence(lang)
    yield from _section("valid", lang)
    yield from _validation(lang)
    if calibrated_versions():
        yield from _section("calibration", lang)
        yield from calibration_lines(lang)
    yield from _section("emulator", lang)
    yield from emulator_lines(lang)
    yield from _section("coordination", lang)
    yield from (say("coordination.text", lang), "")
    yield from table(
        [say(f"coordination.{name}", lang) for name in ("strength", "value", "range", "grade")],
        (
            (f"`{row.id}`", *written(row.value, row.low, row.high, lang), row.grade)
            for row in (parameter_table()[name] for name in STRENGTHS)
        ),
    )
    yield from _section("effects", lang)
    yield from effects_lines(lang)
    yield from _section("seeds", lang)
    yield from (say("seeds.text", lang), "")
    yield from _section("sources", lang)
    yield from (say("sources.text", lang), "")
    yield from table(
        [say("sources.check", lang), say("sources.found", lang)],
        (
            (check.title(lang), found_words(check, lang))
            for check in run_checks()
            if check.status == "known"
        ),
    )
    yield from _section("limits", lang)
    value, _ = written(propensity.value, propensity.low, propensity.high, lang)
    ends = {name: plain(getattr(propensity, name), lang) for name in ("low", "high")}
    yield from (say("limits.text", lang, propensity=value, **ends), "")
    yield from _section("privacy", lang)
    yield say("privacy.text", lang)


def _glance(lang: str) -> Iterator[str]:
    """Yield what the model is made of."""
    tables = list_tables()
    counted = {
        "tables": len(tables),
        "rows": sum(info.rows for info in tables),
        "parameters": len(parameter_table()),
        "levers": len(LEVERS),
        "indicators": len({found.family for found in indicators().values()}) + 1,
    }
    written = {name: numbers.number(count, lang) for name, count in counted.items()}
    yield say("glance.method", lang)
    yield say("glance.numbers", lang, **written)
    yield say("glance.scope", lang, systems=summary(systems(), lang))


def _data(lang: str) -> Iterator[str]:
    """Yield the mix of qualities, of all tables and of each."""
    tables = list_tables()
    total: Counter[str] = Counter()
    for info in tables:
        if info.name != "parameters":  # their grades are told apart
            total.update(info.quality)
    rows = sum(total.values())
    parts = ", ".join(
        say(
            "data.part",
            lang,
            word=word("quality", name, lang),
            rows=numbers.number(count, lang),
            share=numbers.number(100.0 * count / rows, lang, 1),
        )
        for name, count in total.most_common()
    )
    yield from (say("data.mix", lang, rows=numbers.number(rows, lang), parts=parts), "")
    yield from (i18n.text("reports.data_words", lang), "")
    yield from table(
        [say(f"data.{name}", lang) for name in ("table", "rows", "quality")],
        (
            (
                info.meta.title[lang],
                numbers.number(info.rows, lang),
                ", ".join(
                    f"{word('quality', name, lang)} {numbers.number(count, lang)}"
                    for name, count in info.quality.items()
                ),
            )
            for info in tables
        ),
    )
    yield from (say("data.not_used", lang), "")


def _evidence(lang: str) -> Iterator[str]:
    """Yield how many parameters have which grade."""
    by_group: dict[str, Counter[str]] = {}
    for row in parameter_table().values():
        by_group.setdefault(row.id.partition(".")[0], Counter())[row.grade] += 1
    total = sum(by_group.values(), Counter[str]())
    parts = ", ".join(
        f"{i18n.text(f'reports.grade_{grade.lower()}', lang)} {numbers.number(total[grade], lang)}"
        for grade in _GRADES
    )
    count = numbers.number(total.total(), lang)
    yield from (say("evidence.mix", lang, parameters=count, parts=parts), "")
    yield from table(
        [say("evidence.group", lang), *_GRADES],
        (
            (f"`{group}`", *(str(grades[grade]) for grade in _GRADES))
            for group, grades in by_group.items()
        ),
    )
    guessed = ", ".join(f"`{name}`" for name, lever in LEVERS.items() if lever.grade == "D")
    yield from (say("evidence.levers", lang, levers=guessed), "")


def _validation(lang: str) -> Iterator[str]:
    """Yield matches and misses, and every test that is missed."""
    kept = kept_validation()
    fields = dict(kept["provenance"])
    fields["base_month"] = numbers.month_name(Month.parse(fields["base_month"]), lang)
    fields["households"] = numbers.number(fields["households"], lang)
    yield from (say("valid.text", lang, **fields), "")
    found: Counter[tuple[str, str, str]] = Counter()
    for row in kept["counts"]:
        found[row["part"], row["use"], row["verdict"]] += row["figures"]
    parts = list(dict.fromkeys(part for part, _, _ in found))
    yield from table(
        [
            say(key, lang)
            for key in ("valid.part", *(key for key, _, _ in _VERDICTS), "valid.shown")
        ],
        (
            (
                i18n.text(f"validation.part_{part}", lang),
                *(str(found[part, use, verdict]) for _, use, verdict in _VERDICTS),
                str(sum(n for (p, _, v), n in found.items() if (p, v) == (part, "not_judged"))),
            )
            for part in parts
        ),
    )
    yield from (say("valid.misses", lang), "")
    yield from table(
        [say(f"valid.{name}", lang) for name in _MEASURES], (row[lang] for row in kept["misses"])
    )


def _section(name: str, lang: str) -> tuple[str, str]:
    """Return the heading of a section and a blank line."""
    return f"## {say(f'{name}.title', lang)}", ""
