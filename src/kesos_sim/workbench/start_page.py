"""The page on which planners start: a tile for each notebook, read from the notebooks."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from kesos_sim import i18n
from kesos_sim.errors import InputError
from kesos_sim.reports.description.versions import versions
from kesos_sim.workbench.look import style_tag
from kesos_sim.workbench.notebook import Shown

__all__ = ["FOLDERS", "START", "Tile", "start_page", "tiles"]

START: Final = "mulai_di_sini.ipynb"
"""The notebook that shows this page; it is not listed on it."""
FOLDERS: Final = ("mulai", "perencana", "peneliti")
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
    title : str
        Its title.
    question : mapping of str to str
        What it answers, by language; empty where it does not say.
    """

    folder: str
    path: str
    title: str
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
            if path.name != START:
                tile = _tile(name, path)
                found += [tile] if tile is not None else []
    if not found:
        raise InputError("KS9030", "planner.no_notebooks", file=str(folder))
    return found


def _tile(folder: str, path: Path) -> Tile | None:
    """Read one notebook: title of its metadata, question of its first text."""
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
    title = str(metadata.get("title") or path.stem)
    return Tile(folder, f"../{folder}/{path.name}", title, question)


def start_page(folder: str | os.PathLike[str] = "..", bahasa: str = "id") -> Shown:
    """Show the start page: a link for each notebook, by who it is for.

    Parameters
    ----------
    folder : path
        The folder that holds the folders of notebooks, seen from the current one.
    bahasa : {"id", "en"}
        Language of the words.

    Returns
    -------
    Shown

    Examples
    --------
    >>> start_page("notebooks", "en").text.splitlines()[:2]
    ['Start', '- Sepuluh persen: ../mulai/01_sepuluh_persen.ipynb']
    """
    found = tiles(folder)
    blocks, lines = [], []
    for name in FOLDERS:
        own = [tile for tile in found if tile.folder == name]
        if not own:
            continue
        heading = i18n.text(f"planner.start_{name}", bahasa)
        items = "".join(
            f'<li><a href="{quote(tile.path)}"><strong>{escape(tile.title)}</strong>'
            f"<span>{escape(tile.question.get(bahasa, ''))}</span></a></li>"
            for tile in own
        )
        blocks.append(f'<h2>{escape(heading)}</h2><ul class="tiles">{items}</ul>')
        lines += [heading, *(f"- {tile.title}: {tile.path}" for tile in own)]
    intro = escape(i18n.text("planner.start_intro", bahasa))
    line = versions(bahasa)
    return Shown(
        f'{style_tag("planner.css")}<section class="kesos-start" lang="{bahasa}"><p>{intro}</p>'
        f'{"".join(blocks)}<p class="quiet provenance">{escape(line)}</p></section>',
        "\n".join([*lines, line]),
    )
