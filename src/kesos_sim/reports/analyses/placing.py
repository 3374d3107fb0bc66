"""Labels of points that cover neither each other nor a point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

__all__ = ["Box", "place"]

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""

_ANGLES: Final = (0, 180, 90, 270, 30, 150, 330, 210, 60, 120, 300, 240)
_DISTANCES: Final = (3.0, 7.0, 12.0, 18.0, 26.0, 36.0, 48.0)
_MARK: Final = 4.0
_AIR: Final = 1.0


def place(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    room: Box,
    blocked: Sequence[Box] = (),
    avoided: Sequence[Box] = (),
) -> list[Box | None]:
    """Find a place for the label of every point, the first ones having the choice.

    Parameters
    ----------
    points : sequence of (float, float)
        Where the points are, in points.
    sizes : sequence of (float, float)
        Width and height of each label, in points.
    room : Box
        Where labels may stand.
    blocked : sequence of Box
        Where none may stand.
    avoided : sequence of Box
        Where labels stand only if there is no other place for them.

    Returns
    -------
    list of Box or None
        Box of each label; None where there is no free place near its point.
    """
    marks = [(x - _MARK, y - _MARK, x + _MARK, y + _MARK) for x, y in points]
    marks += blocked
    taken: list[Box] = []
    found: list[Box | None] = []
    for (x, y), (width, height) in zip(points, sizes, strict=True):
        box = _free(x, y, width, height, room, [*marks, *taken, *avoided])
        if box is None and avoided:
            box = _free(x, y, width, height, room, [*marks, *taken])
        found.append(box)
        if box is not None:
            taken.append(box)
    return found


def _free(
    x: float, y: float, width: float, height: float, room: Box, taken: Sequence[Box]
) -> Box | None:
    """Return the nearest free place for one label."""
    for distance in _DISTANCES:
        for angle in _ANGLES:
            along, up = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            middle_x = x + along * (_MARK + distance + width / 2)
            middle_y = y + up * (_MARK + distance + height / 2)
            box = (
                middle_x - width / 2,
                middle_y - height / 2,
                middle_x + width / 2,
                middle_y + height / 2,
            )
            inside = (
                box[0] >= room[0] and box[1] >= room[1] and box[2] <= room[2] and box[3] <= room[3]
            )
            if inside and not any(_overlap(box, other) for other in taken):
                return box
    return None


def _overlap(a: Box, b: Box) -> bool:
    """Return whether two boxes come closer than a hair."""
    return a[0] < b[2] + _AIR and b[0] < a[2] + _AIR and a[1] < b[3] + _AIR and b[1] < a[3] + _AIR
