"""Own data of a planner, checked: figures that replace published ones, and local programmes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.data.own.layout import AREAS, OF_A_YEAR, acts
from kesos_sim.errors import InputError
from kesos_sim.i18n import numbers
from kesos_sim.whole_files import replacing

__all__ = ["FORMAT", "MOST_FIGURES", "OwnData", "OwnFigure", "OwnRecord", "write_own"]

FORMAT: Final = 1
MOST_FIGURES: Final = 1_500
"""So that a scenario that holds them stays a file that can be read."""
_SHORT: Final = 8
_HEADER: Final = (
    "# Data sendiri, dibuat oleh `kesos data import`; bukan angka resmi.\n"
    "# Own data, made by `kesos data import`; not official figures.\n"
)


@dataclass(frozen=True, slots=True, order=True)
class OwnFigure:
    """One figure of a planner.

    Attributes
    ----------
    region : int
        BPS code of a province or district.
    measure : str
        Column of figures of the template.
    part : str
        Area, line of the budget, kind of body or programme.
    value : float
        In the unit of the column.
    year : int
        Year that it is of.
    source : str
        What the planner says about it; empty where that of the whole holds.
    """

    region: int
    measure: str
    part: str
    value: float
    year: int
    source: str = ""

    def label(self, lang: str) -> str:
        """Return what the figure is.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            Name of the measure and of the part.
        """
        column = {"amount": "item", "number": "body", "recipients": "scheme"}.get(
            self.measure, "area"
        )
        part = i18n.text(f"own_data.choice.{column}.{self.part.lower()}", lang)
        if column == "area":
            name = i18n.text(f"own_data.column.{self.measure}.title", lang)
            return name if self.part == "total" else f"{name}, {part}"
        return i18n.text(f"own_data.figure.{self.measure}", lang, part=part)

    def document(self) -> dict[str, Any]:
        """Return the figure as a file has it."""
        plain: dict[str, Any] = {
            "region": self.region,
            "measure": self.measure,
            "part": self.part,
            "value": int(self.value) if self.value.is_integer() else self.value,
            "year": self.year,
        }
        return plain | ({"source": self.source} if self.source else {})


@dataclass(frozen=True)
class OwnRecord:
    """What a result says about own data in it.

    Attributes
    ----------
    hash : str
        Identity of the figures, SHA-256.
    source : str
        What the planner says about them.
    figures : int
        How many there are.
    """

    hash: str
    source: str
    figures: int


@dataclass(frozen=True)
class OwnData:
    """Own figures of a planner, which replace published ones.

    Attributes
    ----------
    title : str
        What the planner calls them.
    source : str
        Where they come from, in the planner's words.
    year : int
        Base year; the model reads figures of poverty and people of its March.
    figures : tuple of OwnFigure
        Ascending by region, measure and part; of poverty and people also of other years.
    """

    title: str
    source: str
    year: int
    figures: tuple[OwnFigure, ...]

    @cached_property
    def _at(self) -> Mapping[tuple[str, str], Mapping[int, OwnFigure]]:
        found: dict[tuple[str, str], dict[int, OwnFigure]] = {}
        # The last one stays: that of the base year, else the latest.
        for figure in sorted(self.figures, key=lambda one: (one.year == self.year, one.year)):
            other = figure.measure in OF_A_YEAR and figure.year != self.year
            if acts(figure.measure, figure.part, figure.region) and not other:
                found.setdefault((figure.measure, figure.part), {})[figure.region] = figure
        return found

    def of(self, measure: str, part: str = "total") -> Mapping[int, OwnFigure]:
        """Return the figures of one measure that the model reads.

        Parameters
        ----------
        measure, part : str
            As in `OwnFigure`.

        Returns
        -------
        mapping of int to OwnFigure
            By region; empty if there are none.
        """
        return self._at.get((measure, part), {})

    def acts(self, figure: OwnFigure) -> bool:
        """Return whether the model reads one of the figures.

        Parameters
        ----------
        figure : OwnFigure
            One of the figures.

        Returns
        -------
        bool
            False for what changes nothing yet, and for poverty and people of another year.
        """
        return self.of(figure.measure, figure.part).get(figure.region) == figure

    def analysed(self, figure: OwnFigure) -> bool:
        """Return whether analyses alone read one of the figures: it is of another year.

        Parameters
        ----------
        figure : OwnFigure
            One of the figures.

        Returns
        -------
        bool
        """
        other = figure.measure in OF_A_YEAR and figure.year != self.year
        return other and figure.part == AREAS[-1]

    def value(self, region: int, measure: str, part: str = "total") -> float | None:
        """Return one figure that the model reads.

        Parameters
        ----------
        region : int
            BPS code.
        measure, part : str
            As in `OwnFigure`.

        Returns
        -------
        float or None
            In the unit of the column; None if there is none.
        """
        figure = self.of(measure, part).get(region)
        return None if figure is None else figure.value

    def source_of(self, figure: OwnFigure) -> str:
        """Return what the planner says about one figure.

        Parameters
        ----------
        figure : OwnFigure
            One of the figures.

        Returns
        -------
        str
            Its own source, or that of the whole.
        """
        return figure.source or self.source

    def document(self) -> dict[str, Any]:
        """Return everything as plain values in one order, as file and scenario hold it."""
        return {
            "format": FORMAT,
            "title": self.title,
            "source": self.source,
            "year": self.year,
            "figures": [figure.document() for figure in self.figures],
        }

    @cached_property
    def hash(self) -> str:
        """Identity of the data, SHA-256 of the document; the words about them count."""
        return document_hash(self.document())

    def record(self) -> OwnRecord:
        """Return what a result says about the data."""
        return OwnRecord(self.hash, self.source, len(self.figures))

    def __str__(self) -> str:
        """Return the title with a short form of the identity."""
        return f"{self.title} ({self.hash[:_SHORT]})"

    def words(self, lang: str) -> str:
        """Return what the data are in one line.

        Parameters
        ----------
        lang : str
            ``id`` or ``en``.

        Returns
        -------
        str
            Title, number of figures, source and fingerprint.
        """
        return i18n.text(
            "own_data.word.said",
            lang,
            title=self.title,
            count=numbers.number(len(self.figures), lang),
            source=self.source,
            hash=self.hash[:_SHORT],
        )

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes without what is kept for speed."""
        return OwnData, (self.title, self.source, self.year, self.figures)


def document_hash(document: Mapping[str, Any]) -> str:
    """Return the identity of plain values.

    Parameters
    ----------
    document : mapping
        Plain values.

    Returns
    -------
    str
        SHA-256 in hexadecimal.
    """
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def write_own(own: OwnData, programmes: tuple[dict[str, Any], ...], path: Path) -> Path:
    """Write one file of own data that appears whole or not at all.

    Parameters
    ----------
    own : OwnData
        The figures.
    programmes : tuple of dict
        Local programmes as a scenario file has them.
    path : Path
        File to write; an earlier file of own data is replaced, nothing else.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If something else stands there, or it cannot be written.
    """
    document = own.document()
    if programmes:
        document["programmes"] = list(programmes)
    document["hash"] = document_hash(document)
    text = _HEADER + "".join(_lines(document))
    try:
        if path.is_symlink() or (path.exists() and not _ours(path)):
            raise InputError("KS6080", "own_data.not_ours", file=path)
        with replacing(path) as stream:
            stream.write(text.encode())
    except OSError as error:
        raise InputError("KS6081", "own_data.unwritable", file=path, reason=error) from None
    return path


def _ours(path: Path) -> bool:
    """Return whether a file is one of own data."""
    first = _HEADER.encode()
    with path.open("rb") as stream:
        return stream.read(len(first)) == first


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield YAML with one line for each figure and programme: JSON values, which are YAML."""
    for name, value in document.items():
        if isinstance(value, list):
            yield f"{name}:\n" if value else f"{name}: []\n"
            for item in value:
                body = ", ".join(
                    f"{key}: {json.dumps(held, ensure_ascii=False)}" for key, held in item.items()
                )
                yield f"- {{{body}}}\n"
        else:
            yield f"{name}: {json.dumps(value, ensure_ascii=False)}\n"
