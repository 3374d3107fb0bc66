"""Run a notebook with other parameters: in a kernel of its own, or in this process."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
from joblib import parallel_config
from nbclient import NotebookClient


def read(path: Path) -> Any:
    """Return a notebook."""
    return nbformat.read(path, as_version=4)


def tagged(notebook: Any) -> list[int]:
    """Places of the cells with parameters."""
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


def executed(path: Path, parameters: str) -> Any:
    """Run a notebook in a fresh kernel, where it is kept; return it with its outputs."""
    notebook = with_parameters(path, parameters)
    NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    return notebook


def outputs_of(notebook: Any) -> list[Any]:
    """Return what the cells of a notebook have put out."""
    return [o for cell in notebook.cells if cell.cell_type == "code" for o in cell.outputs]


def html_of(outputs: list[Any]) -> str:
    """Return the HTML among outputs."""
    return "".join(o.get("data", {}).get("text/html", "") for o in outputs)


def shown_here(path: Path, parameters: str) -> dict[str, list[str]]:
    """Run a notebook in this process, which spares a kernel; return what it shows, by kind.

    Worlds live here too, one after the other: processes of their own would take longer to begin
    than such small worlds to live.
    """
    names: dict[str, Any] = {}
    shown: dict[str, list[str]] = {"text/html": [], "text/markdown": []}
    with parallel_config(backend="sequential"):
        for cell in with_parameters(path, parameters).cells:
            if cell.cell_type == "code":
                *statements, last = ast.parse(cell.source).body
                shows = isinstance(last, ast.Expr)
                before = ast.Module(statements if shows else [*statements, last], [])
                exec(compile(before, path.name, "exec"), names)  # noqa: S102 - our own notebook
                if isinstance(last, ast.Expr):
                    value = compile(ast.Expression(last.value), path.name, "eval")
                    bundle = bundle_of(eval(value, names))  # noqa: S307 - our own notebook
                    for kind, found in shown.items():
                        found.extend([bundle[kind]] if kind in bundle else [])
    return shown


def bundle_of(value: Any) -> dict[str, str]:
    """Return how a value shows itself on a page."""
    if value is None:
        return {}
    bundle = value._repr_mimebundle_()
    return dict(bundle[0] if isinstance(bundle, tuple) else bundle)
