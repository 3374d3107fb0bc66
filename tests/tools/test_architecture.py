"""The picture of the parts is the one that the imports make, and can be read."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tools.architecture import PICTURE, needed_edges, picture
from tools.imports import LAYERS, graph

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "ARCHITECTURE.md"


@pytest.mark.slow
def test_the_picture_is_current() -> None:
    assert PICTURE.read_text("utf-8") == picture(), "draw it: python -m tools.architecture"


@pytest.mark.slow
def test_whatever_a_part_imports_can_be_reached_along_arrows() -> None:
    arrows: dict[str, set[str]] = {}
    for by, used in needed_edges(graph()):
        arrows.setdefault(by, set()).add(used)
    for part, direct in graph().items():
        reached, waiting = set(), [part]
        while waiting:
            new = arrows.get(waiting.pop(), set()) - reached
            reached |= new
            waiting += new
        assert direct <= reached


def test_an_import_that_follows_from_others_is_left_out() -> None:
    uses = {"a": {"b", "c"}, "b": {"c"}, "c": set()}
    assert needed_edges(uses) == [("a", "b"), ("b", "c")]


def test_every_part_has_a_box_and_a_row_of_the_table() -> None:
    root = ElementTree.fromstring(PICTURE.read_text("utf-8"))  # noqa: S314 (our own file)
    named = {part.text for part in root.iter("{http://www.w3.org/2000/svg}text")}
    parts = set.union(*LAYERS)
    assert named == parts
    table = set(
        re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE.read_text("utf-8"), re.M)))
    )
    assert table == parts
