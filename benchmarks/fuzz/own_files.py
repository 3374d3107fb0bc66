"""Workbooks and CSV files of a planner's own figures, and lists of households, all wrong."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import openpyxl

from benchmarks.fuzz.damage import damaged, strange_text
from benchmarks.fuzz.lists import HEADER, household, write_csv
from benchmarks.fuzz.tally import Target
from kesos_sim import i18n
from kesos_sim.data.own import read_households, read_own, template
from kesos_sim.data.own.problems import Problem

__all__ = ["KEPT", "OwnFiles", "own_files", "small_workbook"]

KEPT: Final = (34, 3402, 3403)
"""The province and districts that a small workbook is about."""
_REGION: Final = 34
_VALUE: Final = re.compile(rb"<v>[^<]*</v>|<t[^>]*>[^<]*</t>")
_TAG: Final = re.compile(rb"<[^>]+>")
_NAMES: Final = ("daftar.csv", "daftar.CSV", "daftar.xlsx", "daftar.txt")
_HOUSEHOLDS: Final = 40


def small_workbook(folder: Path) -> bytes:
    """Make the template of DI Yogyakarta with two of its districts.

    Parameters
    ----------
    folder : pathlib.Path
        Where the whole template is written first.

    Returns
    -------
    bytes
        An XLSX file.
    """
    book = openpyxl.load_workbook(template(_REGION, folder / "templat.xlsx"))
    for sheet in book.worksheets[1:]:
        kept = [row for row in sheet.iter_rows(min_row=2) if row[0].value in KEPT]
        values = [[cell.value for cell in row] for row in kept]
        sheet.delete_rows(2, sheet.max_row)
        for row in values:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class OwnFiles(Target):
    """Imports files with mistakes.

    Parameters
    ----------
    folder : pathlib.Path
        An empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._workbook = small_workbook(folder)
        with zipfile.ZipFile(io.BytesIO(self._workbook)) as archive:
            self._parts = {name: archive.read(name) for name in archive.namelist()}
        book = openpyxl.load_workbook(io.BytesIO(self._workbook))
        self._sheets = {
            sheet.title: [[_written(cell.value) for cell in row] for row in sheet.iter_rows()]
            for sheet in book.worksheets[1:]
        }
        rng = np.random.default_rng(1)
        self._people = [household(number, rng) for number in range(1, _HOUSEHOLDS + 1)]

    def attempt(self, draw: Random) -> bool:
        """Write a wrong file and import it.

        Parameters
        ----------
        draw : random.Random
            The generator of the case.

        Returns
        -------
        bool
            Whether nothing in it was found wrong.
        """
        if draw.random() < 0.3:
            path = self._list(draw)
            try:
                households = read_households(path)
            finally:
                path.unlink()
            _worded(households.problems)
            assert (households.frame is None) == bool(households.problems)
            return households.frame is not None
        path = self._figures(draw)
        try:
            found = read_own(path, source="uji" if draw.random() < 0.8 else None)
        finally:
            path.unlink()
        _worded(found.problems)
        assert (found.own is None) == bool(found.problems), "figures, or what is wrong with them"
        return found.own is not None

    def _figures(self, draw: Random) -> Path:
        """Write a workbook or a sheet as CSV."""
        if draw.random() < 0.4:
            path = self._folder / "buku.xlsx"
            path.write_bytes(
                damaged(self._workbook, draw) if draw.random() < 0.3 else self._rezipped(draw)
            )
            return path
        name = draw.choice(list(self._sheets))
        rows = [list(row) for row in self._sheets[name]]
        _spoil(rows, draw)
        stream = io.StringIO()
        csv.writer(stream, delimiter=draw.choice(";;,\t|")).writerows(rows)
        raw = stream.getvalue().encode("utf-8", "surrogatepass")
        path = self._folder / f"{name}.csv"
        path.write_bytes(damaged(raw, draw) if draw.random() < 0.3 else raw)
        return path

    def _rezipped(self, draw: Random) -> bytes:
        """Return a workbook that is an archive as it should be, with a wrong part in it."""
        wrong = draw.choice([name for name in self._parts if name.endswith((".xml", ".rels"))])
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, raw in self._parts.items():
                if name == wrong and draw.random() < 0.1:
                    continue
                archive.writestr(name, _part(raw, draw) if name == wrong else raw)
        return stream.getvalue()

    def _list(self, draw: Random) -> Path:
        """Write a list of households."""
        people = self._people[: draw.randint(0, _HOUSEHOLDS)]
        table: list[list[object]] = [list(HEADER), *(list(row) for row in people)]
        if draw.random() < 0.9:
            _spoil(table, draw)
        path = self._folder / draw.choice(_NAMES)
        write_csv(path, table[1:], table[0] if table else [])
        if draw.random() < 0.3:
            path.write_bytes(damaged(path.read_bytes(), draw))
        return path


@contextmanager
def own_files() -> Iterator[OwnFiles]:
    """Give a folder to write into.

    Yields
    ------
    OwnFiles
    """
    with tempfile.TemporaryDirectory(prefix="kesos-fuzz-") as folder:
        yield OwnFiles(Path(folder))


def _worded(problems: tuple[Problem, ...]) -> None:
    """Make sure that every problem can be said in both languages."""
    for one in problems[:20]:
        for lang in i18n.LANGUAGES:
            record = one.record(lang)
            assert all(record[part] for part in ("found", "expected", "action")), record
            assert all(str(part).isprintable() for part in record.values()), record


def _spoil(rows: list[list[object]], draw: Random) -> None:
    """Put strange cells, rows and columns into a table."""
    for _ in range(draw.choice((0, 1, 1, 2, 5))):
        row = draw.choice(rows)
        match draw.randrange(8):
            case 0:
                rows.insert(draw.randint(0, len(rows)), list(row))
            case 1:
                row.insert(draw.randint(0, len(row)), strange_text(draw))
            case 2 if row:
                del row[draw.randrange(len(row))]
            case _ if row:
                row[draw.randrange(len(row))] = strange_text(draw)


def _part(raw: bytes, draw: Random) -> bytes:
    """Return a part of a workbook with a wrong value, tag or byte."""
    if draw.random() < 0.3:
        return damaged(raw, draw)
    places = list((_VALUE if draw.random() < 0.7 else _TAG).finditer(raw))
    if not places:
        return damaged(raw, draw)
    for place in sorted(draw.sample(places, min(len(places), draw.randint(1, 3))),
                        key=lambda one: -one.start()):  # fmt: skip
        text = strange_text(draw).encode("utf-8", "surrogatepass").replace(b"<", b"&lt;")
        open_, close = place[0].partition(b">")[0] + b">", place[0].rpartition(b"</")[2]
        new = open_ + text + b"</" + close if place[0].endswith(close) else text
        raw = raw[: place.start()] + new + raw[place.end() :]
    return raw


def _written(value: object) -> object:
    return "" if value is None else value
