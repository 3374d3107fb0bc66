"""Charts are valid, say themselves in words, and never depend on the time of day."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

from kesos_sim.errors import InputError, KesosError
from kesos_sim.reports import ReportContext
from kesos_sim.reports.charts import CHARTS, Chart, chart, charts, style
from kesos_sim.reports.charts.labels import Rows
from kesos_sim.reports.context import MoneyLine

Frames = Callable[..., pd.DataFrame]
Contexts = Callable[..., ReportContext]
TITLES = {
    "apbd-10": {"id": "10% APBD untuk kemiskinan"},
    "apbd-apbn-10": {"id": "10% APBD dan APBN untuk kemiskinan"},
}
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert("x")</script> $x^2$ -- %s {0} \\frac{1}{2} & <b>'


def parsed(drawn: Chart) -> ET.Element:
    return ET.fromstring(drawn.svg())  # noqa: S314  # our own file


@pytest.mark.slow
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_valid_and_says_itself(compared: Frames, context: Contexts, name: str) -> None:
    drawn = chart(name, compared(), context(), "id")
    root = parsed(drawn)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img" and root.get("lang") == "id"
    title, words = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text == drawn.title
    assert words is not None and words.text == drawn.alt
    assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert list(root)[:2] == [title, words]

    image = Image.open(io.BytesIO(drawn.png(60)))
    assert image.format == "PNG"
    assert image.info["Title"] == drawn.title
    assert image.info["Description"] == drawn.alt
    assert "3f9a1c0e" in image.info["Comment"]

    assert drawn.source.startswith("Sumber: BPS")
    assert "benih 2008" in drawn.provenance
    assert len(drawn.table.rows) > 1
    assert "{" not in drawn.title + drawn.alt + drawn.note


def test_the_same_chart_is_drawn_to_the_letter(compared: Frames, context: Contexts) -> None:
    frame, around = compared(), context()
    first = chart("poverty_path", frame, around, "id").svg()
    later = around.provenance
    assert later is not None
    moved = replace(around, provenance=replace(later, created=later.created.replace(year=2030)))
    assert chart("poverty_path", frame, moved, "id").svg() == first
    assert not re.search(r"20\d\d-\d\d-\d\dT|dc:date|http[^\"]*dtd", first)


def test_drawing_leaves_the_options_of_matplotlib_alone(
    compared: Frames, context: Contexts
) -> None:
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    with mpl.rc_context({"font.size": 40, "savefig.bbox": "tight", "text.usetex": True}):
        odd = chart("poverty_path", compared(), context(), "id").svg()
    assert odd == chart("poverty_path", compared(), context(), "id").svg()
    assert dict(mpl.rcParams) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("count", "lang"),
    [
        *((1, "id"), (2, "en"), (3, "id")),
        *(pytest.param(*one, marks=pytest.mark.full) for one in ((1, "en"), (2, "id"), (3, "en"))),
    ],
)
def test_all_charts_of_a_comparison(
    compared: Frames, context: Contexts, count: int, lang: str
) -> None:
    names = ("apbd-10", "apbn-10", "apbd-apbn-10")[:count]
    drawn = charts(compared(*names), context(*names), lang)
    assert [found.name for found in drawn] == list(CHARTS)
    for found in drawn:
        for sheet in (style.WIDE, style.NARROW):
            inside_the_page(found, sheet)


@pytest.mark.slow
def test_charts_of_a_run(ran: Frames, context: Contexts) -> None:
    drawn = charts(ran(), context(), "id")
    assert [found.name for found in drawn] == ["poverty_path", "decile_incidence", "money_streams"]
    short = [found for months in (6, 24) for found in charts(ran(months), context(), "en")]
    for found in (*drawn, *short):
        for sheet in (style.WIDE, style.NARROW):
            inside_the_page(found, sheet)


@pytest.mark.parametrize("count", [1, 2])
def test_the_last_value_of_a_short_run_stays_on_the_page(
    compared: Frames, context: Contexts, count: int
) -> None:
    names = ("apbd-10", "apbd-apbn-10")[:count]
    for months in (12, 24, 36):
        found = chart("yearly_difference", compared(*names, months=months), context(*names), "id")
        for sheet in (style.WIDE, style.NARROW):
            inside_the_page(found, sheet)


def inside_the_page(drawn: Chart, sheet: style.Sheet) -> None:
    """No word of a chart may leave its page, be too small, or lie on another."""
    figure = drawn.figure(sheet)
    with style.styled():
        figure.canvas.draw()
    page, boxes = figure.bbox, []
    texts = [*figure.texts, *(t for axes in figure.axes for t in axes.texts)]
    labels = [t for axes in figure.axes for t in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    for text in [*texts, *labels]:
        if not text.get_text() or not text.get_visible():
            continue
        assert text.get_fontsize() >= style.SMALL
        box = text.get_window_extent()
        if text in labels and box.width == 0:
            continue
        assert box.x0 >= page.x0 - 1 and box.x1 <= page.x1 + 1, text.get_text()
        assert box.y0 >= page.y0 - 1 and box.y1 <= page.y1 + 1, text.get_text()
        boxes.append((box, text.get_text()))
    for index, (box, words) in enumerate(boxes):
        for other, others in boxes[index + 1 :]:
            wide = min(box.x1, other.x1) - max(box.x0, other.x0)
            tall = min(box.y1, other.y1) - max(box.y0, other.y0)
            # Line boxes are taller than letters: a third of a line is not yet a collision.
            assert wide <= 1 or tall <= 0.34 * min(box.height, other.height), (words, others)


@pytest.mark.slow
@pytest.mark.parametrize("title", [HOSTILE, "a" * 400, "كلمة 漢字 \U0001f600", "x\x1b[31m"])
def test_a_hostile_title_stays_text(compared: Frames, context: Contexts, title: str) -> None:
    words = {"id": title, "en": title}
    plain = context()
    around = replace(plain, titles={"apbd-10": words}, region_name=words)
    for drawn in charts(compared(), around, "id"):
        root = parsed(drawn)
        assert not list(root.iter(f"{SVG}script"))
        assert root.find(f"{SVG}title").text == drawn.title  # type: ignore[union-attr]
        assert "<script" not in drawn.html()


def test_packages_differ_without_colour() -> None:
    shades = []
    for colour in (style.BASELINE, *style.PACKAGES):
        red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)
        ]
        shades.append(float(np.dot([0.2126, 0.7152, 0.0722], linear)))
    assert all((1.05) / (shade + 0.05) >= 4.5 for shade in shades), "readable on white"
    assert len(set(style.MARKS)) == len(style.PACKAGES), "marks tell packages apart in grey"


def test_bars_start_at_zero(compared: Frames, context: Contexts, ran: Frames) -> None:
    for name, frame in (("money_in_out", compared()), ("rupiah_per_poor", compared())):
        for axes in chart(name, frame, context(), "id").figure().axes:
            low, high = axes.get_xlim()
            assert low <= 0 <= high
    for axes in chart("decile_incidence", ran(), context(), "id").figure().axes:
        assert axes.get_ylim()[0] == 0


@pytest.mark.parametrize("sheet", [style.WIDE, style.NARROW], ids=["wide", "narrow"])
def test_a_scenario_has_one_colour_in_every_chart(
    compared: Frames, context: Contexts, sheet: style.Sheet
) -> None:
    names = ("apbd-10", "apbd-apbn-10")
    around = context(*names)
    for name in ("money_in_out", "rupiah_per_poor"):
        figure = chart(name, compared(*names), around, "id").figure(sheet)
        for axes, colour in zip(figure.axes, style.PACKAGES, strict=True):
            filled = {to_hex(bar.get_facecolor()).upper() for bar in axes.patches}
            assert colour in filled and not filled & {*style.PACKAGES} - {colour}
        headed = {t.get_text(): t.get_color() for t in figure.texts}
        assert [headed[TITLES[s]["id"]] for s in names] == list(style.PACKAGES)


def test_a_title_of_two_scenarios_names_both(compared: Frames, context: Contexts) -> None:
    names = ("apbd-10", "apbd-apbn-10")
    for name in set(CHARTS) - {"province_effect", "money_streams"}:
        drawn = chart(name, compared(*names), context(*names), "id")
        assert all(TITLES[scenario]["id"] in drawn.title for scenario in names), name


def test_two_bands_are_told_apart_without_a_third_shade(
    compared: Frames, context: Contexts
) -> None:
    names = ("apbd-10", "apbd-apbn-10")
    (axes,) = chart("poverty_path", compared(*names), context(*names), "id").figure().axes
    first, second = axes.collections
    assert first.get_hatch() is None and second.get_hatch() is not None
    assert second.get_facecolor().size == 0, "nothing is shaded twice"


def test_marks_of_deciles_stand_beside_each_other(compared: Frames, context: Contexts) -> None:
    names = ("apbd-10", "apbd-apbn-10")
    figure = chart("decile_incidence", compared(*names), context(*names), "id").figure()
    for axes in figure.axes:
        marks = [line for line in axes.lines if len(line.get_xdata()) == 10]
        assert len(marks) == 3
        x = sorted(float(np.asarray(line.get_xdata())[0]) for line in marks)
        width = axes.get_position().width * figure.get_size_inches()[0] * style.POINTS_PER_INCH
        point = width / (axes.get_xlim()[1] - axes.get_xlim()[0])
        assert min(np.diff(x)) * point >= max(line.get_markersize() for line in marks)


def test_lines_of_a_grid_do_not_cross_amounts(compared: Frames, context: Contexts) -> None:
    (axes,) = chart("money_in_out", compared(), context(), "id").figure().axes
    assert not len(axes.get_xticks())
    named = [label.get_text() for label in axes.get_yticklabels()]
    assert all(name[0].isupper() for name in named)


def test_money_that_is_taken_and_not_spent_has_a_bar(compared: Frames, context: Contexts) -> None:
    around = context()
    name = next(iter(around.money))
    taken = MoneyLine({"id": "Perjalanan dinas", "en": "Official travel"}, 100e9)
    costs = replace(
        around.money[name], per_year=40e9, existing=0.0, sources=(taken,), requested=100e9,
        feasible=100e9, unusable=10e9, beyond_room=False,
    )  # fmt: skip
    for money, left in ((costs, [60e9]), (replace(costs, beyond_room=True), [])):
        found = chart("money_in_out", compared(), replace(around, money={name: money}), "id")
        bars = [
            row[3] for row in found.table.data if row[1] == "Belum terserap atau kembali ke kas"
        ]
        assert bars == left


def test_money_comes_mostly_from_a_line_only_where_that_is_more_than_half(
    compared: Frames, context: Contexts
) -> None:
    around = context()
    name = next(iter(around.money))
    lines = [
        MoneyLine({"id": "Barang", "en": "Goods"}, 6e9),
        MoneyLine({"id": "Dinas", "en": "Travel"}, 4e9),
    ]
    for sources, said in ((lines, True), ([replace(lines[0], rupiah=4e9), lines[1]], False)):
        money = replace(around.money[name], sources=tuple(sources))
        title = chart("money_in_out", compared(), replace(around, money={name: money}), "id").title
        assert ("terbesar dari Barang" in title) is said


@pytest.mark.parametrize("name", ["poverty_path", "yearly_difference"])
def test_a_range_of_few_draws_is_no_share_of_anything(
    name: str, compared: Frames, context: Contexts
) -> None:
    around = context()
    assert around.provenance is not None
    for draws, words in (
        (8, "kisaran 80%."),
        (2, "kisaran parameter bawaan dan 2 percobaan."),
        (1, "kisaran parameter bawaan dan satu percobaan."),
    ):
        behind = replace(around.provenance, replicates=draws + 1)
        assert words in chart(name, compared(), replace(around, provenance=behind), "id").note


def test_the_title_of_a_path_begins_with_the_package_and_has_its_range(
    compared: Frames, context: Contexts
) -> None:
    title = chart("poverty_path", compared(), context(), "id").title
    assert title.startswith("10% APBD untuk kemiskinan: pada ")
    assert "(kisaran " in title and "; tanpa perubahan " in title


def test_a_narrow_picture_is_legible_on_a_phone(compared: Frames, context: Contexts) -> None:
    phone, least = 350.0, 14.0
    assert style.SMALL * phone / style.NARROW.width >= least
    drawn = chart("poverty_path", compared(), context(), "id")
    wide, narrow = (drawn.svg(sheet) for sheet in (style.WIDE, style.NARROW))
    assert 'viewBox="0 0 225 ' in narrow and 'viewBox="0 0 504 ' in wide
    assert drawn.data_uri(style.NARROW) in drawn.html() and drawn.data_uri() in drawn.html()
    # The title stands in the picture; beside it, it is only said in the words for the picture.
    assert "figcaption" not in drawn.html()


def test_a_small_change_is_not_blown_up(compared: Frames, context: Contexts) -> None:
    frame = compared()
    for column in ("value", "baseline", "low_value", "high_value"):
        frame[column] = 9.0
    (axes,) = chart("poverty_path", frame, context(), "id").figure().axes
    low, high = axes.get_ylim()
    assert low == 0.0 and high >= 9.0


def test_no_chart_without_provenance(compared: Frames, context: Contexts) -> None:
    with pytest.raises(KesosError) as refused:
        charts(compared(), replace(context(), provenance=None), "id")
    assert refused.value.code == "KS4002"


@pytest.mark.parametrize("name", ["poverty_pth", "../x", "money_in_out"])
def test_an_unknown_or_empty_chart_is_refused(ran: Frames, context: Contexts, name: str) -> None:
    with pytest.raises(InputError) as refused:
        chart(name, ran(), context(), "id")
    assert refused.value.code == "KS4004"


def test_figures_of_the_font_line_up() -> None:
    for weight in (style.REGULAR, style.BOLD):
        widths = {round(style.text_width(digit * 20, 10, weight), 2) for digit in "0123456789"}
        assert max(widths) - min(widths) < 0.5


def test_words_are_broken_to_fit() -> None:
    lines = style.wrap("Kemiskinan di sepuluh provinsi Mitra Praja Utama turun", 100, 10)
    assert " ".join(lines) == "Kemiskinan di sepuluh provinsi Mitra Praja Utama turun"
    assert all(style.text_width(line, 10) <= 100 for line in lines)
    assert all(style.text_width(line, 10) <= 30 for line in style.wrap("w" * 50, 30, 10))


def test_names_of_two_lines_do_not_touch_their_neighbours() -> None:
    names = ["Rumah tangga 5\N{EN DASH}6 orang", "Rumah tangga 7 orang atau lebih", "Ada anak"]
    rows = Rows.of(names * 2, 17.0, 138.0, style.WIDE)
    assert any("\n" in name for name in rows.names)
    figure = Figure(figsize=(4.0, len(rows.names) * rows.height / 72.0), dpi=72.0)
    with style.styled():
        axes = figure.add_axes((0.5, 0.0, 0.5, 1.0))
        rows.write(axes)
        boxes = [label.get_window_extent() for label in axes.get_yticklabels()]
    assert all(upper.y0 > lower.y1 for upper, lower in pairwise(boxes))


def test_a_band_is_only_named_where_there_is_one(compared: Frames, context: Contexts) -> None:
    frame = compared()
    with_band = charts(frame, context(), "id")[:3]
    frame[["low", "high", "low_value", "high_value"]] = float("nan")
    without = charts(frame, context(), "id")[:3]
    assert all("80%" in found.note for found in with_band)
    assert not any("80%" in found.note or "kisaran" in found.title for found in without)


@pytest.mark.slow
def test_a_machine_without_fonts_has_the_letters_of_the_package(tmp_path: Path) -> None:
    """Letters come with the package: no font of the machine is looked for or missed."""
    code = (
        "from matplotlib import font_manager\n"
        "font_manager.fontManager.ttflist.clear()\n"
        "from kesos_sim.reports.charts.style import _register_fonts, _font\n"
        "_register_fonts()\n"
        "print(*{entry.name for entry in font_manager.fontManager.ttflist}, sep=',')\n"
        "print(font_manager.findfont('Kesos Inter', fallback_to_default=False))\n"
    )
    config = tmp_path / "fonts.conf"
    config.write_text("<fontconfig></fontconfig>", encoding="utf-8")
    machine = os.environ | {"FONTCONFIG_FILE": str(config), "MPLCONFIGDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=machine
    )
    names, place = done.stdout.splitlines()
    assert set(names.split(",")) == {"Kesos Inter"}
    assert "KesosInter" in place and "kesos_sim" in place
    assert not done.stderr


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_direction_that_is_not_certain_comes_with_the_draws_it_takes(
    compared: Frames, context: Contexts, lang: str
) -> None:
    around, unsure = context(), compared(width=1.5)
    name = next(iter(around.money))
    assert around.provenance is not None and around.provenance.replicates == 10
    for needed, words in (
        (240.0, {"id": "setelah 240 percobaan", "en": "after about 240 paired draws"}),
        (5.0, {"id": "sudah jelas arahnya", "en": "has a clear direction"}),
    ):
        told = replace(around, needed={name: needed})
        drawn = chart("yearly_difference", unsure, told, lang)
        assert words[lang] in drawn.note and words[lang] in drawn.alt
        # Of a direction that is certain nothing more is said, nor where nobody counted.
        for frame, known in ((compared(), told), (unsure, around)):
            assert words[lang] not in chart("yearly_difference", frame, known, lang).note
