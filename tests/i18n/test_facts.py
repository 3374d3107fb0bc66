"""Figures and names that texts hold are those of the tables, the code and the screens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kesos_sim import i18n
from kesos_sim.cli.derived import DERIVED
from kesos_sim.cli.validate import PARTS
from kesos_sim.data.parameters import parameter_table
from kesos_sim.emulator import question
from kesos_sim.experiments.compare import DRAW_HOUSEHOLDS
from kesos_sim.i18n import dates, numbers
from kesos_sim.reports.systems import systems
from kesos_sim.scenario.format import base_months
from kesos_sim.units import Month
from kesos_sim.workbench.start_page import tiles

ROOT = Path(__file__).parents[2]


def _value(name: str) -> float:
    return parameter_table()[name].value


def _number(value: float) -> dict[str, str]:
    return {lang: numbers.number(value, lang) for lang in i18n.LANGUAGES}


def _month(month: Month) -> dict[str, str]:
    return {lang: dates.month_name(month, lang) for lang in i18n.LANGUAGES}


def _money(value: float) -> dict[str, str]:
    return {lang: numbers.rupiah(value, lang, digits=3) for lang in i18n.LANGUAGES}


FIGURES: dict[str, dict[str, str]] = {
    "levers.cost_house_repair": _money(_value("housing.grant")),
    "levers.kat_programme_help": _number(_value("kat.families")),
    "levers.wksbm_growth_help": _number(_value("wksbm.households")),
    "indicators.youth_groups_active.source": _number(
        100 * (1 - _value("lever.youth_groups.default"))
    ),
    "validation.within_intervals": _number(DRAW_HOUSEHOLDS),
    "forum_page.say_change_flat": _number(len(question.YEARS) - 1),
    "forum_page.assumption_2": _month(question.START),
    "card.emulator.text": {lang: str(question.YEARS[-1]) for lang in i18n.LANGUAGES},
    "cli.option.start": _month(base_months()[-1]),
    "cli.systems.help": _number(len(systems())),
    "levers.social_workers_help": {0.1: {"id": "sepersepuluh", "en": "a tenth"}}[
        _value("psks.social_workers_share")
    ],
}
"""Texts with a figure of their own, and the figure as the tables or the code have it."""


@pytest.mark.parametrize("key", FIGURES)
@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_a_figure_in_a_text_is_that_of_the_table(key: str, lang: str) -> None:
    text = i18n.template(key, lang).replace("\u00a0", " ")
    figure = FIGURES[key][lang].replace("\u00a0", " ")
    assert re.search(rf"(?<![\w.,]){re.escape(figure)}(?!\w|[.,]\d)", text), (figure, text)


PART_WORDS = {
    "anchor": {"id": "bulan dasar dan rumah tangga", "en": "base month and households"},
    "targeting": {"id": "ketepatan sasaran", "en": "targeting"},
    "budgets": {"id": "anggaran program", "en": "programme budgets"},
    "mobility": {"id": "keluar-masuk kemiskinan", "en": "moving out of and into poverty"},
    "path": {"id": "jalur kemiskinan", "en": "paths of poverty"},
    "transfer": {"id": "bantuan tunai", "en": "cash transfers"},
    "disaster": {"id": "gempa", "en": "earthquake"},
    "overlap": {"id": "tumpang tindih layanan", "en": "overlap of services"},
}


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_what_is_validated_is_named_where_it_is_offered(lang: str) -> None:
    assert set(PART_WORDS) == set(PARTS)
    text = i18n.template("cli.validate.help", lang)
    assert not [part for part, words in PART_WORDS.items() if words[lang] not in text]
    for key in ("cli.option.derived_start", "cli.data.show.help"):
        text = i18n.template(key, lang)
        assert not [name for name in DERIVED if name not in text], key


SCREEN_WORDS = (
    "own_form.template",
    "own_form.check",
    "own_form.save",
    "own_form.kind_households",
    "planner.setting",
    "planner.run",
    "planner.cancel",
    "planner.save_file",
)
"""What the planner's guide tells to press or to look for."""


@pytest.mark.parametrize(
    ("lang", "page"), [("id", "PLANNER_GUIDE.id.md"), ("en", "PLANNER_GUIDE.md")]
)
def test_the_planners_guide_speaks_as_the_screens_do(lang: str, page: str) -> None:
    guide = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert not [key for key in SCREEN_WORDS if i18n.template(key, lang) not in guide]
    named = {tile.title[lang] for tile in tiles(ROOT / "notebooks")}
    told = re.findall(r"(?:Choose|Pilih|Open|Buka) \*\*([^*]+)\*\* \((?:notebook|buku) \d\d", guide)
    assert len(told) == 4 and set(told) <= named
