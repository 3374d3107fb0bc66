"""One declaration of colours for charts, pages and forms, on light and on dark ground."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from kesos_sim.forum.bundle import stylesheet
from kesos_sim.palette import COLOURS, dark_rules, variables
from kesos_sim.reports.analyses import linkage, outline_map, position, quadrants
from kesos_sim.reports.charts.chart import Chart
from kesos_sim.reports.description.parameters import grades_chart
from kesos_sim.workbench.look import style_tag

SOURCE = Path(__file__).parents[1] / "src" / "kesos_sim"
HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
TEXT_CONTRAST = 4.5


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_no_other_place_declares_a_colour() -> None:
    known = {colour.lower() for twin in COLOURS.values() for colour in twin}
    for path in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.css")]:
        if path.name == "palette.py":
            continue
        found = {colour.lower() for colour in HEX.findall(path.read_text(encoding="utf-8"))}
        assert not found if path.suffix == ".py" else found <= known, path


def test_light_colours_find_their_dark_twins() -> None:
    light = [twin.light for twin in COLOURS.values()]
    assert len(set(light)) == len(light)


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_words_stand_out_on_their_ground(side: int) -> None:
    ground = COLOURS["ground"][side]
    for name in ("ink", "quiet", "baseline", "package_a", "package_b", "target", "alarm"):
        assert contrast(COLOURS[name][side], ground) >= TEXT_CONTRAST, name
    for name in ("gain_pale", "even", "loss_pale", "shade_1", "shade_2", "shade_3"):
        assert contrast(COLOURS["ink"][side], COLOURS[name][side]) >= TEXT_CONTRAST, name
    for name in ("gain", "package_b", "shade_4"):
        assert contrast(ground, COLOURS[name][side]) >= TEXT_CONTRAST, name


def charts() -> list[Chart]:
    """Charts of several kinds, hatched and shaded ones too."""
    return [
        *position("53", "poverty_rate", "en", year=2024).charts,
        *quadrants("53").charts,
        *linkage("53").charts,
        *outline_map().charts,
        grades_chart("en"),
    ]


def test_every_colour_of_a_chart_turns_on_dark_ground_and_files_stay_as_they_are() -> None:
    known = {twin.light.lower() for twin in COLOURS.values()}
    for chart in charts():
        drawn = chart.svg()
        assert set(re.findall(r"(?:fill|stroke)(?:: |=\")(#\w+)", drawn)) <= known, chart.name
        assert "prefers-color-scheme" not in drawn
        shown = base64.b64decode(chart.data_uri().partition(",")[2]).decode("utf-8")
        assert shown.replace(dark_rules(), "", 1) == drawn
        assert shown.index("</desc>") < shown.index(dark_rules())


def test_forms_and_forum_take_their_colours_from_it() -> None:
    for sheet, dark in (
        (style_tag(), '[data-jp-theme-light="false"] .kesos { '),
        (stylesheet(), '.kf[data-theme="dark"] { '),
    ):
        assert variables({"ink": "ink"}, dark=False) in sheet
        (block,) = re.findall(re.escape(dark) + r"(--[^}]*)}", sheet)
        assert variables({"ink": "ink", "quiet": "quiet"}, dark=True) in block
