"""The model card says the same in both languages, with the figures of tables and declarations."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest

from kesos_sim import i18n
from kesos_sim.data.catalogue import run_checks
from kesos_sim.data.parameters import parameter_table
from kesos_sim.i18n import numbers
from kesos_sim.indicators.definitions import indicator
from kesos_sim.reports.card import card_page, kept_validation
from kesos_sim.reports.card.effects import kept_effects
from kesos_sim.reports.effects import verdict_words
from kesos_sim.reports.systems import summary, systems
from kesos_sim.reports.values import say_difference
from kesos_sim.scenario.coordination import STRENGTHS
from kesos_sim.scenario.levers import LEVERS

page_of = cache(card_page)
known_checks = cache(run_checks)


def rows_of(page: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith("|")]


@pytest.mark.slow
def test_both_languages_have_the_same_sections_and_tables() -> None:
    pages = [page_of(lang) for lang in i18n.LANGUAGES]
    for mark in ("## ", "* ", "|"):
        counts = {sum(line.startswith(mark) for line in page.splitlines()) for page in pages}
        assert len(counts) == 1
    assert pages[0] != pages[1]


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_figures_are_those_of_the_tables(lang: str) -> None:
    page = page_of(lang)
    grades = Counter(row.grade for row in parameter_table().values())
    for grade, count in grades.items():
        assert f"{i18n.text(f'reports.grade_{grade.lower()}', lang)} {count}" in page
    assert summary(systems(), lang) in page
    for strength in STRENGTHS:
        row = parameter_table()[strength]
        digits = len(f"{row.value:g}".partition(".")[2])
        assert f"| `{strength}` | {numbers.number(row.value, lang, digits)} |" in page
        assert row.low == 0.0
    for check in known_checks():
        assert (check.status == "known") == (f"| {check.title(lang)} |" in page)
    for name, lever in LEVERS.items():
        assert (lever.grade == "D") == (f"`{name}`" in page)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_misses_are_printed_as_they_were_found(lang: str) -> None:
    found = rows_of(page_of(lang))
    for row in kept_validation()["misses"]:
        assert f"| {' | '.join(row[lang])} |" in found


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_what_levers_move_is_printed_as_it_was_measured(lang: str) -> None:
    found = rows_of(page_of(lang))
    kept = kept_effects()
    for row in kept["levers"]:
        measured, name = indicator(row["indicator"]), LEVERS[row["lever"]].label(lang)
        (line,) = [
            line
            for line in found
            if line.startswith(f"| {name}: ") and f" | {measured.label(lang)} | " in line
        ]
        assert f" | {say_difference(row['difference'], measured, lang)} | " in line
        assert line.endswith(f" | {verdict_words(row, lang)} |")
    assumed = [line for line in found if line.startswith(("| `psks.", "| `orsos.z", "| `coord"))]
    assert len([line for line in assumed if line.count("|") > 7]) == len(kept["assumptions"])


def test_every_text_of_the_card_is_used() -> None:
    for lang in i18n.LANGUAGES:
        page = page_of(lang)
        keys = {name for name in set(i18n.keys()) if name.startswith("card.")}
        verdicts = {name for name in keys if ".verdict_" in name}
        assert any(i18n.text(name, lang) in page for name in verdicts)
        for key in sorted(keys - verdicts):
            longest = max(re.split(r"\{\w+\}", i18n.template(key, lang)), key=len)
            assert longest in page, key
        assert not re.search(r"[{}]|\bcard\.[a-z]", page)
