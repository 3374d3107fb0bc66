"""Own data in a scenario: a file beside it, or the figures themselves in a complete document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kesos_sim import i18n
from kesos_sim.data.own.figures import FORMAT, MOST_FIGURES, OwnData, OwnFigure, document_hash
from kesos_sim.data.own.importing import base_years
from kesos_sim.data.own.layout import LAYOUT
from kesos_sim.data.regions import districts, provinces
from kesos_sim.errors import nearest
from kesos_sim.scenario.kinds import Choice, Kind, Number, Places, Schema, Text, Whole
from kesos_sim.scenario.nodes import Node, Place
from kesos_sim.scenario.records import Entry, ListOf, Record
from kesos_sim.scenario.source import read_scenario_file

__all__ = ["OwnDataKind", "own_file", "own_of", "read_own_file"]

_FILE_PATTERN: Final = r"^[A-Za-z0-9_-][A-Za-z0-9._-]*\.ya?ml$"
_LONGEST: Final = 300
_LARGEST: Final = 1e15
_HASH: Final = "^[0-9a-f]{64}$"
_FILE: Final = Text(100, _FILE_PATTERN, ("KS6090", "own_data.bad_file"))


def _described(name: str) -> str:
    return " / ".join(i18n.text(f"own_data.field.{name}", lang) for lang in i18n.LANGUAGES)


def _measures() -> tuple[str, ...]:
    return tuple(column.measure for sheet in LAYOUT.values() for column in sheet.figures)


def _parts() -> tuple[str, ...]:
    found = [sheet.parts.choices for sheet in LAYOUT.values() if sheet.parts is not None]
    return tuple(dict.fromkeys(part for choices in found for part in choices))


def _figure() -> Mapping[str, Entry]:
    return {
        "region": Entry(_Code(), required=True),
        "measure": Entry(Choice(_measures), required=True),
        "part": Entry(Choice(_parts), required=True),
        "value": Entry(Number(0.0, _LARGEST), required=True),
        "year": Entry(Whole(1, 9999), required=True),
        "source": Entry(Text(_LONGEST)),
    }


@dataclass(frozen=True, slots=True)
class _Code:
    """The BPS code of one province or district."""

    def check(self, node: Node, places: Places) -> int:
        """Return the code."""
        found = Whole(1, 9999).check(node, places)
        known = {*provinces(), *districts()}
        if found not in known:
            near = nearest(str(found), map(str, known))
            raise node.place.error("KS1230", "scenario.unknown_region", got=found, suggestion=near)
        return found

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"type": "integer", "minimum": 11, "maximum": 9999}


_EXAMPLE: Final = "{region: 3316, measure: p0, part: total, value: 9.36, year: 2024}"
_FIGURES: Final = ListOf(Record(_figure, example=_EXAMPLE), MOST_FIGURES, f"- {_EXAMPLE}")
_INSIDE: Final[Mapping[str, Entry]] = {
    "format": Entry(Whole(FORMAT, FORMAT), required=True),
    "title": Entry(Text(_LONGEST), required=True),
    "source": Entry(Text(_LONGEST), required=True),
    "year": Entry(Choice(lambda: tuple(map(str, base_years()))), required=True),
    "figures": Entry(_FIGURES, required=True),
}


@dataclass(frozen=True, slots=True)
class OwnDataKind:
    """The name of a file of own data, or what such a file holds.

    Attributes
    ----------
    programmes : Kind or None
        What local programmes may be; a file has them, a scenario has its own key for them.
    """

    programmes: Kind | None = None

    def check(self, node: Node, places: Places) -> str | dict[str, Any]:
        """Return the name or the checked content.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the places of all values.

        Returns
        -------
        str or dict
            What was written.
        """
        if node.entries is None:
            return _FILE.check(node, places)
        return self._record().check(_with_text_year(node), places)

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        inside = self._record().schema()
        inside["properties"]["year"] = {"enum": list(base_years())}
        return {"anyOf": [_FILE.schema(), inside]}

    def _record(self) -> Record:
        keys = dict(_INSIDE)
        if self.programmes is not None:
            keys |= {"programmes": Entry(self.programmes), "hash": Entry(Text(64, _HASH))}
        return Record(lambda: keys, example="{format: 1, ...}", describe=_described)


def _with_text_year(node: Node) -> Node:
    """Return the mapping with its year as text, as choices are."""
    entries = dict(node.entries or {})
    if "year" in entries and isinstance(entries["year"].value, int):
        year = entries["year"]
        entries["year"] = Node(str(year.value), year.place, year.raw)
    return Node(entries, node.place)


def own_file(folder: Path, name: str, place: Place) -> Path:
    """Return the file of own data that a scenario names: a regular file of the same folder.

    Parameters
    ----------
    folder : Path
        Folder of the scenario.
    name : str
        Checked name.
    place : Place
        Where the scenario names it.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If it is a link or is not there.
    """
    target = folder / name
    if target.is_symlink():
        raise place.error("KS6091", "own_data.link", got=name)
    if not target.is_file():
        near = nearest(name, [path.name for path in folder.glob("*.y*ml")])
        raise place.error("KS6092", "own_data.missing", got=name, suggestion=near)
    return target


def read_own_file(path: Path, programmes: Kind) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Read a file of own data.

    Parameters
    ----------
    path : Path
        File of `kesos_sim.data.own.figures.write_own`.
    programmes : Kind
        What local programmes may be.

    Returns
    -------
    tuple of dict and list of dict
        Figures as a document has them, and local programmes.

    Raises
    ------
    InputError
        If it is something else, or was changed since it was imported.
    """
    node = read_scenario_file(path)
    data = OwnDataKind(programmes).check(node, {})
    if isinstance(data, str) or "hash" not in data:
        raise node.place.inside("hash").error("KS6093", "own_data.no_hash")
    known = data.pop("hash")
    if _hash_of(node) != known:
        raise node.place.error("KS6094", "own_data.changed", got=known[:8])
    return data, data.pop("programmes", [])


def _hash_of(node: Node) -> str:
    """Return the hash of what a file holds, without the hash itself."""
    plain = _plain(node)
    plain.pop("hash", None)
    return document_hash(plain)


def _plain(node: Node) -> Any:
    if node.entries is not None:
        return {name: _plain(child) for name, child in node.entries.items()}
    if node.items is not None:
        return [_plain(child) for child in node.items]
    return node.value


def own_of(data: Mapping[str, Any], place: Place, year: int) -> OwnData:
    """Make own data of checked values.

    Parameters
    ----------
    data : mapping
        As `OwnDataKind.check` returns it.
    place : Place
        Where the scenario has it.
    year : int
        Year of the scenario's base month.

    Returns
    -------
    OwnData
        Figures in order.

    Raises
    ------
    InputError
        If the figures are of another base year, contradict the sheets, or one stands twice.
    """
    base = int(data["year"])
    if base != year:
        raise place.inside("year").error("KS6095", "own_data.other_base", got=base, base=str(year))
    figures = sorted(
        OwnFigure(
            row["region"], row["measure"], row["part"], float(row["value"]), row["year"],
            row.get("source", ""),
        )
        for row in data["figures"]
    )  # fmt: skip
    seen: set[tuple[int, str, str, int]] = set()
    for figure in figures:
        _check_figure(figure, seen, place)
    return OwnData(data["title"], data["source"], base, tuple(figures))


def _check_figure(figure: OwnFigure, seen: set[tuple[int, str, str, int]], place: Place) -> None:
    """Refuse a figure that no sheet could hold, or that stands twice."""
    named = f"{figure.region} {figure.measure} {figure.part}"
    sheet, column = next(
        (sheet, column)
        for sheet in LAYOUT.values()
        for column in sheet.figures
        if column.measure == figure.measure
    )
    parts = sheet.parts.choices if sheet.parts is not None else ()
    inside = column.low <= figure.value <= column.high
    yearly = "year" in sheet.key
    key = (figure.region, figure.measure, figure.part, figure.year if yearly else 0)
    if figure.part not in parts or not inside or key in seen:
        raise place.error("KS6096", "own_data.bad_figure", got=named)
    seen.add(key)
