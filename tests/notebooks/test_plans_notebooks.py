"""Planner's notebooks on packages, budgets and documents keep their form and run everywhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.notebooks.running import executed, html_of, outputs_of, read, shown_here, tagged

FOLDER = Path(__file__).parents[2] / "notebooks" / "perencana"
SHOWN = {
    # charts and tables that a notebook shows with the few households and months below
    "08_peta_koordinasi": (1, 3),
    "10_bandingkan": (2, 3),
    "11_biaya_manfaat": (1, 1),
    "12_anggaran": (1, 3),
    "13_ketahanan": (1, 2),
    "15_rpkd_rat": (2, 5),
    "16_renaksi_mpu": (0, 2),
    "17_lp2kd": (4, 2),
}
FEW = 'region = "3471"\nhouseholds = 2000\nmonths = {months}\nbahasa = "{lang}"\n{more}'
LESS = {
    "08_peta_koordinasi": (4, ""),
    "10_bandingkan": (12, 'draws = 0\naims = ("poverty_rate", "unmet_need_rate")'),
    "11_biaya_manfaat": (12, "draws = 0\nstrengths = (0.5, 1.0)"),
    "12_anggaran": (24, ""),
    "13_ketahanan": (12, 'draws = 0\nfutures = ("prices",)'),
    "15_rpkd_rat": (21, "draws = 0"),
    "16_renaksi_mpu": (4, "draws = 0"),
    "17_lp2kd": (21, "draws = 0"),
}
WHOLE = ("33", "53", "94", "3316")


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.ipynb"


@pytest.mark.parametrize("name", SHOWN)
def test_notebook_asks_calls_saves_and_can_be_repeated(name: str) -> None:
    notebook = read(path_of(name))
    (place,) = tagged(notebook)
    assert re.match(r"# .*\?$", notebook.cells[0].source.splitlines()[0])
    names = {
        target.id
        for node in ast.parse(notebook.cells[place].source).body
        for target in node.targets  # type: ignore[attr-defined]
    }
    assert {"bahasa", "region", "households", "months", "seed", "folder"} <= names
    assert any(one.endswith("_file") for one in names)
    load, *calls = [cell.source for cell in notebook.cells[place + 1 :] if cell.cell_type == "code"]
    assert load.startswith("from kesos_sim")
    assert all(len(ast.parse(source).body) == 1 for source in calls)
    assert calls[-2].startswith("ExportButton(") and calls[-1].startswith("reproduction(")
    assert len(calls) == len(set(calls))
    # Every parameter is used: one that is not would be changed in vain.
    used = {
        node.id
        for source in (load, *calls)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name)
    }
    assert names <= used


@pytest.mark.parametrize("name", SHOWN)
def test_notebook_speaks_both_languages(name: str) -> None:
    for cell in read(path_of(name)).cells:
        if cell.cell_type == "markdown":
            assert re.search(r"(?<!\*)\*(?!\*)[^*]+\*(?!\*)", cell.source), cell.source


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOWN)
def test_notebook_runs_with_few_households(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In both languages by turns."""
    lang = ("id", "en")[list(SHOWN).index(name) % 2]
    months, more = LESS[name]
    monkeypatch.chdir(FOLDER)
    shown = shown_here(path_of(name), FEW.format(months=months, lang=lang, more=more))
    assert not capsys.readouterr().err
    html = "".join(shown["text/html"])
    charts, tables = SHOWN[name]
    assert html.count('<img src="data:image/svg+xml;base64,') >= charts
    assert html.count("<table>") >= tables
    assert f'lang="{lang}"' in html and "kesos-sim " in html
    assert not (FOLDER / "out").exists(), "nothing is written before the button is pressed"


@pytest.mark.full
@pytest.mark.parametrize("region", WHOLE)
@pytest.mark.parametrize("name", SHOWN)
def test_notebook_runs_for_any_region(name: str, region: str) -> None:
    world = f'region = "{region}"\nhouseholds = 3000\nmonths = 34'
    outputs = outputs_of(executed(path_of(name), world))
    assert not [o for o in outputs if o.output_type in {"error", "stream"}]
    html = html_of(outputs)
    charts, tables = SHOWN[name]
    assert html.count('<img src="data:image/svg+xml;base64,') >= charts
    assert html.count("<table>") >= tables
