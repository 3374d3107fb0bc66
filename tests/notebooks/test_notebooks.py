"""Notebooks are thin, speak both languages and run from top to bottom."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(
    path for path in FOLDER.rglob("*.ipynb") if ".ipynb_checkpoints" not in str(path)
)
BOOK = FOLDER / "mulai" / "01_sepuluh_persen.ipynb"
LOGIC = (
    ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.ClassDef
    | ast.For
    | ast.While
    | ast.If
    | ast.Try
    | ast.With
    | ast.Lambda
    | ast.ListComp
    | ast.DictComp
    | ast.SetComp
    | ast.GeneratorExp
)
SMALL = 'region = "34"\nhouseholds = 2000\nmonths = 24\ndraws = 1\nbahasa = "{lang}"'


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def tagged(notebook: Any) -> list[int]:
    return [
        place
        for place, cell in enumerate(notebook.cells)
        if "parameters" in cell.metadata.get("tags", [])
    ]


def with_parameters(path: Path, source: str) -> Any:
    """Return a notebook with a cell behind its parameters that sets them otherwise."""
    notebook = read(path)
    (place,) = tagged(notebook)
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(source))
    return notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_is_valid_and_has_one_parameter_cell_of_plain_values(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    (place,) = tagged(notebook)
    tree = ast.parse(notebook.cells[place].source)
    assert all(isinstance(node, ast.Assign) for node in tree.body)
    names = {target.id for node in tree.body for target in node.targets}  # type: ignore[attr-defined]
    assert {"bahasa", "households", "months"} <= names
    assert notebook.metadata["title"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_holds_no_logic(path: Path) -> None:
    for cell in read(path).cells:
        if cell.cell_type == "code":
            found = [
                type(node).__name__
                for node in ast.walk(ast.parse(cell.source))
                if isinstance(node, LOGIC)
            ]
            assert not found, cell.source


def test_book_opens_with_a_question_and_ends_with_export_and_reproduction() -> None:
    cells = read(BOOK).cells
    assert re.match(r"# .*\?$", cells[0].source.splitlines()[0])
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert code[-2].startswith("ExportButton(")
    assert code[-1].startswith("reproduction(")
    shown = [source for source in code if source.startswith("chart(")]
    assert len(shown) == len(set(shown)) >= 5
    assert all(source.count("\n") == 0 for source in shown), "one call per cell"


def test_book_has_an_english_twin_of_every_text() -> None:
    for cell in read(BOOK).cells:
        if cell.cell_type == "markdown":
            english = re.findall(r"(?<!\*)\*(?!\*)[^*]+\*(?!\*)", cell.source)
            assert english, cell.source


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["id", "en"])
def test_book_runs_in_a_fresh_kernel(lang: str) -> None:
    notebook = with_parameters(BOOK, SMALL.format(lang=lang))
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(BOOK.parent)}},
    )
    client.execute()
    outputs = [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]
    assert not [o for o in outputs if o.output_type == "error"]
    html = "".join(o.get("data", {}).get("text/html", "") for o in outputs)
    assert html.count('<img src="data:image/svg+xml;base64,') >= 4
    assert html.count("<table>") >= 5
    assert f'lang="{lang}"' in html
    assert {"id": "Reproduksi", "en": "Reproduction"}[lang] in html
    widgets = [
        o for o in outputs if "application/vnd.jupyter.widget-view+json" in o.get("data", {})
    ]
    assert len(widgets) == 2, "the progress bar and the export button"
    assert not (BOOK.parent / "out").exists(), "nothing is written before the button is pressed"
