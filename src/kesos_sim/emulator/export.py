"""A surface as files for other programs: its errors, its ranges, and what each lever does alone."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np

from kesos_sim import i18n
from kesos_sim.emulator.surface import Surface
from kesos_sim.emulator.words import domain_table, error_table
from kesos_sim.reports.result_folder import MARK, RECORD, whole_folder
from kesos_sim.reports.tables import TableBuilder, TextTable

__all__ = ["answer_table", "export_surface"]

_STEPS: Final = 7
_FIELDS: Final = (
    "lever", "setting", "effect", "place", "year", "outcome", "low", "middle", "high",
)  # fmt: skip


def answer_table(surface: Surface, lang: str) -> TextTable:
    """List what each lever does alone, in every place and year.

    Parameters
    ----------
    surface : Surface
        The surface.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    TextTable
        Changes over some settings of each lever, with and without an effect of coordination.
    """
    title = i18n.text("emulator.answers_title", lang)
    builder = TableBuilder("emulator_answers", title, (), _FIELDS)
    for lever in surface.levers:
        whole = lever["kind"] in {"step", "switch"}
        count = int(lever["high"] - lever["low"]) + 1 if whole else _STEPS
        for value in np.linspace(lever["low"], lever["high"], count).tolist():
            for effect in (True, False):
                for place in surface.places:
                    answer = surface.answer({lever["name"]: value}, effect=effect, place=place)
                    for outcome, bands in answer["outcomes"].items():
                        for year, band in zip(surface.years[1:], bands["change"][1:], strict=True):
                            if band is not None:
                                own = (lever["name"], value, str(effect).lower(), place, year)
                                builder.add((), (*own, outcome, *band))
    return builder.table()


def export_surface(surface: Surface, path: str | os.PathLike[str], lang: str = "id") -> Path:
    """Write a surface into a folder, all or nothing.

    Parameters
    ----------
    surface : Surface
        The surface.
    path : path
        Folder to write.
    lang : str
        ``id`` or ``en``.

    Returns
    -------
    pathlib.Path
        The folder, with ``errors.csv``, ``domain.csv``, ``answers.csv`` and a record.

    Raises
    ------
    InputError
        If the folder holds something else or cannot be written.
    """
    tables = {
        "errors": error_table(surface, lang),
        "domain": domain_table(surface, lang),
        "answers": answer_table(surface, lang),
    }
    with whole_folder(path) as folder:
        for name, table in tables.items():
            (folder / f"{name}.csv").write_text(table.csv(), "utf-8")
        files = {
            path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())
        }
        record = {"written_by": MARK, "made": dict(surface.made), "files": files}
        (folder / RECORD).write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    return Path(path)
