"""An answer as HTML: what comes first, what is never missing, what is escaped."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from kesos_sim.workbench.picture import path_picture
from kesos_sim.workbench.telling import first_sentence, told

from .conftest import MakeAnswer

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
VOID = {"path", "circle"}


class Balanced(HTMLParser):
    """Counts elements and refuses one that is closed out of order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["id", "en"])
def test_order_is_sentence_numbers_chart_table_caveats_provenance(
    make_answer: MakeAnswer, lang: str
) -> None:
    answer = make_answer()
    html = told(answer, lang)
    Balanced(html)
    marks = ["<h2>", 'class="number moved"', 'class="number usual"', "<figure>", "<table>"]
    marks += ["<h3>", 'class="quiet provenance"']
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)
    assert first_sentence(answer, lang) in html
    assert f'lang="{lang}"' in html
    assert "kesos-sim 0.1.0" in html


def test_both_languages_and_their_numbers(make_answer: MakeAnswer) -> None:
    answer = make_answer()
    ours, theirs = told(answer, "id"), told(answer, "en")
    assert "<strong>5,0%</strong>" in ours
    assert "<strong>5.0%</strong>" in theirs
    assert "Tanpa perubahan" in ours
    assert "Without the change" in theirs
    assert "Lihat sebagai tabel" in ours
    assert "kisaran 4,4–5,6%" in ours


def test_without_draws_no_range_is_claimed(make_answer: MakeAnswer) -> None:
    answer = make_answer(band=False)
    html = told(answer, "id")
    assert "kisaran 4" not in html
    assert 'class="band"' not in html


def test_what_comes_from_outside_is_escaped(make_answer: MakeAnswer) -> None:
    answer = make_answer(region_name='<script>alert("x")</script>')
    html = told(answer, "id")
    Balanced(html)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("months", [1, 12, 25, 120, 360])
@pytest.mark.parametrize("effect", [-3.0, 0.0, 0.02, 6.9])
def test_picture_keeps_everything_inside(
    make_answer: MakeAnswer, months: int, effect: float
) -> None:
    answer = make_answer(months=months, effect=effect)
    html = path_picture(answer.results, answer.context, "id", "kata")
    Balanced(html)
    pictures = re.findall(r'<svg class="(\w+)" viewBox="0 0 (\d+) (\d+)".*?</svg>', html)
    assert [name for name, *_ in pictures] == ["narrow", "wide"]
    for picture in re.findall(r"<svg.*?</svg>", html):
        width, height = map(float, re.search(r'0 0 (\d+) (\d+)"', picture).groups())  # type: ignore[union-attr]
        for path in re.findall(r'<path class="(?:usual|moved|band)" d="([^"]+)"', picture):
            numbers = [float(n) for n in NUMBER.findall(path)]
            assert all(0 <= x <= width for x in numbers[::2])
            assert all(0 <= y <= height for y in numbers[1::2])
        for start in re.findall(r'<text class="end \w+" x="[\d.]+" y="(-?[\d.]+)"', picture):
            assert 0 <= float(start) <= height


@pytest.mark.parametrize("effect", [-0.01, 0.0, 0.01, 3.0])
def test_end_labels_do_not_overlap(make_answer: MakeAnswer, effect: float) -> None:
    answer = make_answer(effect=effect)
    html = path_picture(answer.results, answer.context, "id", "kata")
    for picture in re.findall(r"<svg.*?</svg>", html):
        labels = re.findall(
            r'<text class="end (\w+)" x="[\d.]+" y="(-?[\d.]+)">(.*?)</text>', picture
        )
        spans = sorted(
            (float(y), float(y) + 17 * (inside.count("<tspan") - 1)) for _, y, inside in labels
        )
        assert spans[0][1] < spans[1][0] - 10


def test_axis_begins_at_zero_and_does_not_follow_the_lever(make_answer: MakeAnswer) -> None:
    ticks = set()
    for effect in (0.0, 1.0, 4.0):
        answer = make_answer(effect=effect)
        html = path_picture(answer.results, answer.context, "id", "kata")
        ticks.add(tuple(re.findall(r'text-anchor="end">([^<]+)<', html)))
    (shown,) = ticks
    assert shown[0] == "0%"
    assert shown[len(shown) // 2 - 1] == "10%"


def test_the_last_year_is_named(make_answer: MakeAnswer) -> None:
    answer = make_answer(months=120)
    html = path_picture(answer.results, answer.context, "id", "kata")
    for picture in re.findall(r"<svg.*?</svg>", html):
        years = re.findall(r'text-anchor="middle">(\d{4})<', picture)
        assert (years[0], years[-1]) == ("2024", "2034")
