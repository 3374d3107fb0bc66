"""Mappings and lists of a scenario file, made of the simple kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kesos_sim.errors import nearest
from kesos_sim.scenario.kinds import Kind, Places, Schema, wrong_type
from kesos_sim.scenario.nodes import Node

_UNKNOWN: Final = {
    "key": ("KS1213", "scenario.unknown_key"),
    "lever": ("KS1269", "scenario.unknown_lever"),
    "parameter": ("KS1270", "scenario.unknown_parameter"),
    "source": ("KS1271", "scenario.unknown_source"),
}
_NAMES_LISTED: Final = 7
_NAMES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a record.

    Attributes
    ----------
    kind : Kind
        What its value may be.
    required : bool
        Whether every record has it.
    """

    kind: Kind
    required: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys.

    Attributes
    ----------
    keys : callable
        Returns the keys and what they hold, in the order of the documentation.
    what : str
        Word of the catalogue for one such key: key, lever, parameter, source.
    example : str
        One line that would be right.
    describe : callable or None
        Returns the description of a key in the JSON Schema.
    """

    keys: Callable[[], Mapping[str, Entry]]
    what: str = "key"
    example: str = ""
    describe: Callable[[str], str] | None = field(default=None)

    def check(self, node: Node, places: Places) -> dict[str, Any]:
        """Return the mapping with every value checked.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the places of all values.

        Returns
        -------
        dict
            Only the keys that were written.
        """
        entries = node.entries
        if entries is None:
            raise wrong_type(node, "mapping", self.example)
        keys = self.keys()
        for name, child in entries.items():
            if name not in keys:
                raise child.place.error(
                    *_UNKNOWN[self.what],
                    expected=_some(keys),
                    suggestion=_near(name, keys),
                    name=name,
                )
        for name, entry in keys.items():
            if entry.required and name not in entries:
                raise node.place.inside(name).error("KS1214", "scenario.missing_key", name=name)
        places[node.place.field] = node.place
        return {name: keys[name].kind.check(child, places) for name, child in entries.items()}

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        keys = self.keys()
        properties: Schema = {}
        for name, entry in keys.items():
            properties[name] = entry.kind.schema()
            if self.describe is not None:
                properties[name] = {"description": self.describe(name), **properties[name]}
        schema: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
        required = [name for name, entry in keys.items() if entry.required]
        return {**schema, "required": required} if required else schema


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one kind.

    Attributes
    ----------
    kind : Kind
        What each value may be.
    most : int
        Greatest length.
    example : str
        One line that would be right.
    """

    kind: Kind
    most: int
    example: str = ""

    def check(self, node: Node, places: Places) -> list[Any]:
        """Return the list with every value checked.

        Parameters
        ----------
        node : Node
            What was read.
        places : dict of str to Place
            Filled with the places of all values.

        Returns
        -------
        list
            The checked values.
        """
        items = node.items
        if items is None:
            raise wrong_type(node, "list", self.example)
        if len(items) > self.most:
            raise node.place.error("KS1226", "scenario.too_many", got=len(items), most=self.most)
        places[node.place.field] = node.place
        return [self.kind.check(item, places) for item in items]

    def schema(self) -> Schema:
        """Return the JSON Schema of the value."""
        return {"type": "array", "maxItems": self.most, "items": self.kind.schema()}


def _near(name: str, names: Mapping[str, Any]) -> str | None:
    """Return the valid name that is most like a wrong one, or contains it."""
    word = name.lower().strip()
    return nearest(name, names) or next((known for known in names if word and word in known), None)


def _some(names: Mapping[str, Any]) -> str:
    """Return the valid names, or the first of many."""
    shown = list(names)[:_NAMES_SHOWN] if len(names) > _NAMES_LISTED else list(names)
    return ", ".join(shown) + (", …" if len(names) > len(shown) else "")
