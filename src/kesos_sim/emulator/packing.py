"""Tables of a surface as text: whole numbers with the scales of their rows, in base64.

Numbers take sixteen bits, of which twelve are used: they tell a value to a part in 2,047 of the
largest of its row, which is far below what the fit knows, and what is not used packs well. Scales
are floats of 32 bits, which every reader turns into the same doubles.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["pack", "unpack"]

Floats = NDArray[np.float64]

_LARGEST: Final = 2047.0


def pack(tables: Mapping[str, tuple[Floats, int]]) -> dict[str, Any]:
    """Write tables.

    Parameters
    ----------
    tables : mapping of str to (float64[...], int)
        Tables of any unit, and how many of their last axes share a scale; 0 for a table that is
        kept in floats of 32 bits, value by value.

    Returns
    -------
    dict
        ``whole`` and ``floats``, base64 of little-endian numbers one after the other, and ``at``:
        by name the shape, the place of the first number, and that of the first scale (-1 for a
        table of floats).
    """
    whole: list[NDArray[np.int16]] = []
    floats: list[NDArray[np.float32]] = []
    at: dict[str, list[Any]] = {}
    n_whole = n_floats = 0
    for name, (table, shared) in tables.items():
        shape = list(table.shape)
        if not shared:
            at[name] = [shape, n_floats, -1]
            floats.append(table.astype(np.float32).ravel())
            n_floats += table.size
            continue
        rows = table.reshape(*shape[: len(shape) - shared], -1).reshape(
            int(np.prod(shape[: len(shape) - shared])), -1
        )
        scale = (np.abs(rows).max(axis=1, initial=0.0) / _LARGEST).astype(np.float32)
        wide = scale.astype(np.float64)[:, None]
        numbers = np.divide(rows, wide, out=np.zeros_like(rows), where=wide > 0.0)
        at[name] = [shape, n_whole, n_floats, rows.shape[1]]
        whole.append(np.clip(np.rint(numbers), -_LARGEST, _LARGEST).astype(np.int16).ravel())
        floats.append(scale)
        n_whole += rows.size
        n_floats += scale.size
    return {
        "whole": _text(np.concatenate([*whole, np.zeros(0, np.int16)]).astype("<i2")),
        "floats": _text(np.concatenate([*floats, np.zeros(0, np.float32)]).astype("<f4")),
        "at": at,
    }


def unpack(packed: Mapping[str, Any]) -> dict[str, Floats]:
    """Read what `pack` has written.

    Parameters
    ----------
    packed : mapping
        What it has returned.

    Returns
    -------
    dict of str to float64[...]
    """
    whole = np.frombuffer(base64.b64decode(packed["whole"]), "<i2").astype(np.float64)
    floats = np.frombuffer(base64.b64decode(packed["floats"]), "<f4").astype(np.float64)
    found = {}
    for name, (shape, first, scale, *row) in packed["at"].items():
        size = int(np.prod(shape))
        if scale < 0:
            found[name] = floats[first : first + size].reshape(shape)
            continue
        rows = whole[first : first + size].reshape(-1, row[0])
        scales = floats[scale : scale + len(rows), None]
        found[name] = (rows * scales).reshape(shape)
    return found


def _text(numbers: NDArray[Any]) -> str:
    return base64.b64encode(numbers.tobytes()).decode("ascii")
