"""The page on which planners start: a tile for each notebook, made from the notebooks."""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from kesos_sim import i18n
from kesos_sim.errors import InputError

__all__ = ["FOLDERS", "PAGES", "START", "Tile", "main", "start_page", "tiles"]

FOLDERS: Final = ("mulai", "perencana", "peneliti")
"""Folders of notebooks; the pages lie in the first."""
PAGES: Final = {"id": "mulai_di_sini.md", "en": "start_here.md"}
"""The page in each language."""
START: Final = PAGES["id"]
"""The page that JupyterLab opens."""
_LIST: Final = "display: flex; flex-wrap: wrap; list-style: none; padding: 0; margin: 0"
_PLACE: Final = "display: flex; width: 17em; margin: 0 0.7em 0.7em 0"
_TILE: Final = (
    "display: block; width: 100%; min-height: 88px; box-sizing: border-box;"
    " padding: 0.7em 0.9em; border: 1px solid; border-radius: 4px; text-decoration: none"
)
_ENGLISH: Final = re.compile(r"(?<!\*)\*(?!\*)([^*]+)\*(?!\*)")
_QUESTION: Final = re.compile(r"^# (.+)$", re.M)
_FIRST_SENTENCE: Final = re.compile(r"^.*?[?.!](?=\s|$)", re.S)


@dataclass(frozen=True, slots=True)
class Tile:
    """A notebook as the page shows it.

    Attributes
    ----------
    folder : str
        One of `FOLDERS`.
    path : str
        Where it lies, seen from another of the folders.
    title : mapping of str to str
        Its title, by language.
    question : mapping of str to str
        What it answers, by language; empty where it does not say.
    """

    folder: str
    path: str
    title: dict[str, str]
    question: dict[str, str]


def tiles(folder: str | os.PathLike[str]) -> list[Tile]:
    """Read the notebooks of a folder.

    Parameters
    ----------
    folder : path
        The folder that holds `FOLDERS`.

    Returns
    -------
    list of Tile
        By folder and file name; what is no notebook is left out.

    Raises
    ------
    InputError
        If the folder holds none of them.
    """
    root = Path(folder)
    found = []
    for name in FOLDERS:
        for path in sorted((root / name).glob("*.ipynb")):
            tile = _tile(name, path)
            found += [tile] if tile is not None else []
    if not found:
        raise InputError("KS9030", "planner.no_notebooks", file=str(folder))
    return found


def _tile(folder: str, path: Path) -> Tile | None:
    """Read one notebook: titles of its metadata, question of its first text."""
    try:
        notebook: Any = json.loads(path.read_text(encoding="utf-8"))
        cells, metadata = notebook["cells"], notebook["metadata"]
        first = next(("".join(c["source"]) for c in cells if c["cell_type"] == "markdown"), "")
    except (OSError, ValueError, KeyError, TypeError):
        return None
    asked = _QUESTION.search(first)
    question = {"id": asked[1].strip()} if asked else dict(metadata.get("question", {}))
    english = _ENGLISH.search(first)
    if english:
        text = " ".join(english[1].split())
        sentence = _FIRST_SENTENCE.match(text)
        question["en"] = sentence[0] if sentence else text
    title = {"id": str(metadata.get("title") or path.stem)}
    title["en"] = str(metadata.get("title_en") or title["id"])
    return Tile(folder, f"../{folder}/{path.name}", title, question)


def start_page(folder: str | os.PathLike[str], bahasa: str = "id") -> str:
    """Write the start page: a tile for each notebook, by who it is for.

    JupyterLab shows Markdown at once, without a kernel and without running anything. It leaves out
    style sheets, so every tile carries its own few lines of style, without colours: those are the
    theme's.

    Parameters
    ----------
    folder : path
        The folder that holds the folders of notebooks.
    bahasa : {"id", "en"}
        Language of the words.

    Returns
    -------
    str
        Markdown with the tiles as HTML.

    Raises
    ------
    InputError
        If the folder holds no notebooks.

    Examples
    --------
    >>> start_page("notebooks", "en").splitlines()[0]
    '# Start here: which question do you want to answer?'
    """
    found = tiles(folder)
    others = "".join(
        f' <a href="{page}" lang="{other}">{escape(i18n.text("planner.start_other", other))}</a>'
        for other, page in PAGES.items()
        if other != bahasa
    )
    blocks = [
        f"# {i18n.text('planner.start_title', bahasa)}",
        f"{escape(i18n.text('planner.start_intro', bahasa))}{others}",
    ]
    for name in FOLDERS:
        items = [_listed(tile, bahasa) for tile in found if tile.folder == name]
        if items:
            blocks.append(f"## {i18n.text(f'planner.start_{name}', bahasa)}")
            # One block without empty lines: Markdown leaves it as it is.
            blocks.append("\n".join([f'<ul lang="{bahasa}" style="{_LIST}">', *items, "</ul>"]))
    return "\n\n".join(blocks) + "\n"


def _listed(tile: Tile, bahasa: str) -> str:
    """Return one tile as an item of a list."""
    return (
        f'<li style="{_PLACE}"><a href="{quote(tile.path)}" style="{_TILE}">'
        f"<strong>{escape(tile.title[bahasa])}</strong><br>"
        f"{escape(tile.question.get(bahasa, ''))}</a></li>"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the start pages of a folder of notebooks, in every language.

    Parameters
    ----------
    arguments : sequence of str, optional
        Arguments of the command line; by default those of this process.
    """
    parser = argparse.ArgumentParser(prog="python -m kesos_sim.workbench.start_page")
    parser.add_argument("folder", type=Path, help="the folder of notebooks")
    folder = parser.parse_args(arguments).folder
    for bahasa, page in PAGES.items():
        (folder / FOLDERS[0] / page).write_text(start_page(folder, bahasa), encoding="utf-8")


if __name__ == "__main__":
    main()
