"""Reading a scenario file as text that nobody has to trust.

A file is at most 256 kB of UTF-8, one YAML document, without anchors, aliases and tags, and
nested no deeper than the format is. Nothing in it can name a Python object or another folder.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from kesos_sim.errors import InputError, nearest
from kesos_sim.scenario.nodes import Node, Place, plain_scalar

LARGEST_FILE: Final = 256 * 1024
DEEPEST: Final = 8
_STANDARD: Final = "tag:yaml.org,2002:"
_SUFFIXES: Final = (".yaml", ".yml")


def read_scenario_file(path: Path) -> Node:
    """Read one scenario file into nodes.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Node
        A mapping.

    Raises
    ------
    InputError
        If the file cannot be read, or is not one plain mapping.
    """
    place = Place(str(path))
    text = _decode(_read(path, place), place)
    try:
        root = _Composer(text, str(path)).get_single_node()
    except yaml.MarkedYAMLError as error:
        raise _syntax(error, text, place) from None
    except yaml.YAMLError as error:
        raise _unprintable(error, text, place) from None
    if root is None:
        raise Place(str(path), 1, 1).error("KS1205", "scenario.empty")
    node = _node(root, place)
    if node.entries is None:
        raise node.place.error("KS1207", "scenario.not_a_scenario", got=node.shown)
    if not node.entries:
        raise node.place.error("KS1205", "scenario.empty")
    return node


def _read(path: Path, place: Place) -> bytes:
    """Read a regular file of bearable size."""
    try:
        kind = path.stat()
    except (OSError, ValueError):
        raise place.error("KS1201", "scenario.missing_file", suggestion=_near_file(path)) from None
    if not stat.S_ISREG(kind.st_mode):
        raise place.error("KS1202", "scenario.not_a_file")
    if kind.st_size > LARGEST_FILE:
        raise _too_large(kind.st_size, place)
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise place.error("KS1265", "scenario.unreadable", reason=error) from None


def _too_large(size: int, place: Place) -> InputError:
    """Say how large a file may be."""
    return place.error(
        "KS1203", "scenario.too_large", kilobytes=size // 1024, most=LARGEST_FILE // 1024
    )


def _near_file(path: Path) -> str | None:
    """Return the scenario file whose name is nearest to one that does not exist."""
    try:
        present = [entry.name for entry in path.parent.iterdir() if entry.suffix in _SUFFIXES]
    except (OSError, ValueError):
        return None
    return nearest(path.name, present)


def _decode(raw: bytes, place: Place) -> str:
    """Return the text of a file, without a byte-order mark."""
    if len(raw) > LARGEST_FILE:
        raise _too_large(len(raw), place)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Place(place.file, line).error("KS1204", "scenario.not_utf8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Place(place.file, line).error("KS1204", "scenario.not_utf8")
    return text


def _syntax(error: yaml.MarkedYAMLError, text: str, place: Place) -> InputError:
    """Return the message for text that is not YAML, or is YAML that is refused."""
    lines = text.splitlines()
    mark = error.problem_mark or error.context_mark
    if error.context_mark is not None and (mark is None or mark.line >= len(lines)):
        mark = error.context_mark  # what was opened and never closed
    at = place if mark is None else Place(place.file, mark.line + 1, mark.column + 1)
    if isinstance(error, _RefusedError):
        return at.error(error.code, error.key, got=error.got, most=DEEPEST)
    if "single document" in str(error.context or ""):
        return at.error("KS1266", "scenario.several_documents")
    if "'\\t'" in str(error.problem or ""):
        return at.error("KS1267", "scenario.tab")
    written = lines[mark.line].strip() if mark is not None and mark.line < len(lines) else None
    return at.error("KS1206", "scenario.syntax", got=written or None)


def _unprintable(error: yaml.YAMLError, text: str, place: Place) -> InputError:
    """Return the message for control characters."""
    position = getattr(error, "position", 0)
    line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
    return Place(place.file, line).error("KS1268", "scenario.control_character")


class _RefusedError(yaml.composer.ComposerError):
    """YAML that is well formed but not accepted in a scenario file."""

    def __init__(self, code: str, key: str, got: str | None, mark: Any) -> None:
        super().__init__(None, None, key, mark)
        self.code = code
        self.key = key
        self.got = got


class _Composer(yaml.SafeLoader):
    """A composer that stops at the first anchor, alias, tag or needless depth."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self.name = name
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose one node after looking at what it is."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _RefusedError("KS1209", "scenario.alias", f"*{event.anchor}", event.start_mark)
        if event.anchor is not None:
            raise _RefusedError("KS1209", "scenario.alias", f"&{event.anchor}", event.start_mark)
        if event.tag is not None:
            raise _RefusedError(
                "KS1210", "scenario.tag", event.tag.replace(_STANDARD, "!!"), event.start_mark
            )
        if self._depth > DEEPEST:
            raise _RefusedError("KS1211", "scenario.too_deep", None, event.start_mark)
        self._depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _node(node: yaml.Node, place: Place) -> Node:
    """Turn a YAML node into a node with a place, refusing doubled and odd keys.

    A word stands where it is written; a mapping or list stands where its key is.
    """
    mark = node.start_mark
    here = Place(place.file, mark.line + 1, mark.column + 1, place.field)
    if isinstance(node, yaml.ScalarNode):
        quoted = node.style is not None
        return Node(str(node.value) if quoted else plain_scalar(node.value), here, node.value)
    stands = here if place.line is None else place
    if isinstance(node, yaml.SequenceNode):
        items = [_node(item, _item(item, place, index)) for index, item in enumerate(node.value)]
        return Node(items, stands)
    entries: dict[str, Node] = {}
    for name, name_place, child in _named(node, here):
        if name in entries:
            first = entries[name].place.line
            raise name_place.error("KS1208", "scenario.duplicate_key", name=name, first=first)
        entries[name] = _node(child, name_place)
    return Node(entries, stands)


def _item(node: yaml.Node, place: Place, index: int) -> Place:
    """Return the place of an item of a list."""
    mark = node.start_mark
    return Place(place.file, mark.line + 1, mark.column + 1, f"{place.field}[{index}]")


def _named(node: Any, here: Place) -> Iterator[tuple[str, Place, yaml.Node]]:
    """Yield key, place of the key and value of a mapping."""
    for key, child in node.value:
        mark = key.start_mark
        at = Place(here.file, mark.line + 1, mark.column + 1, here.field)
        if not isinstance(key, yaml.ScalarNode) or not key.value.strip():
            raise at.error("KS1212", "scenario.odd_key")
        yield key.value, at.inside(key.value), child
