"""The start page and the folder that JupyterLab opens."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from kesos_sim.errors import InputError
from kesos_sim.workbench import SourceBrowser
from kesos_sim.workbench.lab import lab_folder
from kesos_sim.workbench.source_browser import parameters_found, tables_found
from kesos_sim.workbench.start_page import FOLDERS, PAGES, START, main, start_page, tiles

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_notebook_has_one_tile_with_title_question_and_link(lang: str) -> None:
    shown = start_page(NOTEBOOKS, lang)
    links = re.findall(r'href="\.\./([^"]+)"', shown)
    shipped = {
        str(path.relative_to(NOTEBOOKS)).replace("\\", "/")
        for path in NOTEBOOKS.glob("*/*.ipynb")
        # The pages of a forum are opened by its server, not in JupyterLab.
        if path.parent.name in FOLDERS
    }
    assert sorted(links) == sorted(shipped)
    assert all(tile.question.get(lang) for tile in tiles(NOTEBOOKS)), "each says what it answers"
    assert all(f"<strong>{tile.title[lang]}</strong>" in shown for tile in tiles(NOTEBOOKS))
    assert f'<ul lang="{lang}"' in shown
    (other,) = PAGES.keys() - {lang}
    assert f'<a href="{PAGES[other]}" lang="{other}">' in shown


def test_the_pages_that_are_shipped_are_those_of_the_notebooks(tmp_path: Path) -> None:
    for name in FOLDERS:
        shutil.copytree(NOTEBOOKS / name, tmp_path / name)
    for page in PAGES.values():
        (tmp_path / FOLDERS[0] / page).unlink()
    main([str(tmp_path)])
    for page in PAGES.values():
        made, shipped = (folder / FOLDERS[0] / page for folder in (tmp_path, NOTEBOOKS))
        advice = "run: python -m kesos_sim.workbench.start_page notebooks"
        assert made.read_text("utf-8") == shipped.read_text("utf-8"), advice


def test_what_is_no_notebook_is_left_out_and_text_is_escaped(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="KS9030"):
        tiles(tmp_path)
    (tmp_path / "mulai").mkdir()
    (tmp_path / "mulai" / "rusak.ipynb").write_text("{", "utf-8")
    cell = {"cell_type": "markdown", "source": ["# <b>Apa?</b>\n", "*What? And why?*"]}
    book = {"cells": [cell], "metadata": {"title": "<i>"}}
    (tmp_path / "mulai" / "a b.ipynb").write_text(json.dumps(book), "utf-8")
    (tile,) = tiles(tmp_path)
    assert tile.question == {"id": "<b>Apa?</b>", "en": "What?"}
    page = start_page(tmp_path)
    assert "<b>" not in page and "<i>" not in page and "a%20b.ipynb" in page


def test_a_folder_that_is_named_gets_what_it_lacks(tmp_path: Path) -> None:
    assert lab_folder(tmp_path / "new") == (tmp_path / "new").resolve()
    assert (tmp_path / "new" / "notebooks" / "mulai" / START).is_file()
    assert (tmp_path / "new" / "scenarios" / "apbd-10.yaml").is_file()
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(InputError, match="KS9042"):
        lab_folder(blocked)


def test_without_a_name_it_is_the_current_folder_with_notebooks_or_the_source_tree(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lab_folder(None) == ROOT
    with monkeypatch.context() as installed:
        installed.setattr("kesos_sim.workbench.lab.source_tree", lambda: None)
        with pytest.raises(InputError, match="KS9041"):
            lab_folder(None)
    lab_folder(tmp_path)
    assert lab_folder(None) == tmp_path, "what was copied here is opened, not the source tree"


def test_sources_are_found_by_words_and_shown_with_value_range_and_quality() -> None:
    assert [row.id for row in parameters_found("household.propensity_to_consume")] == [
        "household.propensity_to_consume"
    ]
    assert "poverty_province" in [info.name for info in tables_found("poverty_province")]
    browser = SourceBrowser("id", "household.propensity_to_consume")
    assert "0,6" in browser.parameters.value and "0,1\u00a0sampai 1" in browser.parameters.value
    browser.search.value = "poverty_province"
    browser.tables.value = "poverty_province"
    assert "<dt>Mutu</dt><dd>" in browser.table.value and "BPS" in browser.table.value
    assert browser.table.value.count("<tr>") == 21
    browser.search.value = "qqqqq"
    assert "0 parameter dan 0 tabel" in browser.found.value and not browser.table.value
