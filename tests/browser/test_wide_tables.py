"""A table that is wider than the page: its title stays in sight while it scrolls."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import Browser

from kesos_sim.reports.html_table import table_html
from kesos_sim.reports.tables import Column, TableBuilder, TextTable
from kesos_sim.workbench.notebook import show

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "Judul sebuah tabel yang lebih lebar daripada telepon, dengan banyak kata di dalamnya"


def a_table(columns: int) -> TextTable:
    names = [f"Kolom yang ke-{number}" for number in range(columns)]
    builder = TableBuilder("wide", TITLE, [Column(name) for name in names], names)
    builder.add(["1.234.567"] * columns, [1_234_567] * columns)
    return builder.table()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("columns", [2, 30])
@pytest.mark.parametrize("where", ["notebook", "page"])
def test_the_title_of_a_table_stays_in_sight(
    browser: Browser, width: int, columns: int, where: str
) -> None:
    table = a_table(columns)
    css = files("kesos_sim.reports").joinpath("page.css").read_text(encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})
    inside = show(table)._repr_mimebundle_()["text/html"]
    page.set_content(inside if where == "notebook" else f"<style>{css}</style>{table_html(table)}")
    area, title = page.locator(".scroll"), page.locator("caption > span")
    for part in (0.0, 0.5, 1.0):
        area.evaluate("(e, part) => { e.scrollLeft = part * e.scrollWidth }", part)
        outer, inner = area.bounding_box(), title.bounding_box()
        assert outer and inner
        assert inner["x"] >= outer["x"] - 1
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 1
        assert outer["width"] > 0.8 * min(width, 960), "the table takes the width of the page"
    assert title.inner_text() == TITLE
    page.close()
